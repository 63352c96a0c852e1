//! The blobs the store itself encodes: a subject's facts and the bodies of the dossier's rows. Length-prefixed,
//! big-endian, one version byte in front; every length is checked when read.

use std::str::FromStr;

use model::{
    CodeError, ConsentEvent, ConsentEventKind, ConsentFact, ConsentId, EntryId, Instant, NoticeId,
    OperationSet, ReceiptId, RestrictionKind, Sealed, SubjectFacts, SubjectId, SubjectStatus,
};

use crate::fault::Fault;
use crate::tables::consents::Consent;
use crate::tables::receipts::Receipt;
use crate::tables::value_sets::StoredValue;
use crate::value::StoredId;

const VERSION: u8 = 1;
const DAMAGED: Fault = Fault::Corrupt("encoded row");

#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn u8(&mut self, value: u8) {
        self.0.push(value);
    }
    fn u16(&mut self, value: u16) {
        self.0.extend(value.to_be_bytes());
    }
    fn u32(&mut self, value: u32) {
        self.0.extend(value.to_be_bytes());
    }
    fn i64(&mut self, value: i64) {
        self.0.extend(value.to_be_bytes());
    }
    fn raw(&mut self, bytes: &[u8]) {
        self.0.extend(bytes);
    }
    /// Short texts: codes of at most 255 bytes.
    fn code(&mut self, text: &str) {
        let length = u8::try_from(text.len()).unwrap_or(u8::MAX);
        self.u8(length);
        self.raw(&text.as_bytes()[..usize::from(length)]);
    }
    fn bytes(&mut self, bytes: &[u8]) {
        self.u32(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        self.raw(bytes);
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn raw(&mut self, length: usize) -> Result<&'a [u8], Fault> {
        let (head, tail) = self.0.split_at_checked(length).ok_or(DAMAGED)?;
        self.0 = tail;
        Ok(head)
    }
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        self.raw(N)?.try_into().map_err(|_| DAMAGED)
    }
    fn u8(&mut self) -> Result<u8, Fault> {
        self.array().map(u8::from_be_bytes)
    }
    fn u16(&mut self) -> Result<u16, Fault> {
        self.array().map(u16::from_be_bytes)
    }
    fn u32(&mut self) -> Result<u32, Fault> {
        self.array().map(u32::from_be_bytes)
    }
    fn i64(&mut self) -> Result<i64, Fault> {
        self.array().map(i64::from_be_bytes)
    }
    fn id<T: StoredId>(&mut self) -> Result<T, Fault> {
        self.array().map(T::from_stored)
    }
    fn text(&mut self) -> Result<&'a str, Fault> {
        let length = self.u8()?.into();
        std::str::from_utf8(self.raw(length)?).map_err(|_| DAMAGED)
    }
    fn code<T: FromStr<Err = CodeError>>(&mut self) -> Result<T, Fault> {
        self.text()?.parse().map_err(|_| DAMAGED)
    }
    fn bytes(&mut self) -> Result<&'a [u8], Fault> {
        let length = usize::try_from(self.u32()?).map_err(|_| DAMAGED)?;
        self.raw(length)
    }
    fn version(&mut self) -> Result<(), Fault> {
        if self.u8()? == VERSION { Ok(()) } else { Err(DAMAGED) }
    }
    fn end(&self) -> Result<(), Fault> {
        if self.0.is_empty() { Ok(()) } else { Err(DAMAGED) }
    }
}

const KINDS: [ConsentEventKind; 5] = [
    ConsentEventKind::Given,
    ConsentEventKind::Withdrawn,
    ConsentEventKind::Refused,
    ConsentEventKind::Invalidated,
    ConsentEventKind::Revoked,
];

/// The number a restriction is stored as; 0 for none.
pub(crate) fn restriction_number(restriction: Option<RestrictionKind>) -> u8 {
    restriction.map_or(0, |kind| kind as u8)
}

pub(crate) fn restriction(number: u8) -> Result<Option<RestrictionKind>, Fault> {
    Ok(match number {
        0 => None,
        1 => Some(RestrictionKind::Dispute),
        2 => Some(RestrictionKind::PendingDestruction),
        3 => Some(RestrictionKind::OnDemand),
        _ => return Err(DAMAGED),
    })
}

pub(crate) fn status(number: u8) -> Result<SubjectStatus, Fault> {
    match number {
        0 => Ok(SubjectStatus::Live),
        1 => Ok(SubjectStatus::Erased),
        _ => Err(DAMAGED),
    }
}

/// The part of the facts that has no column of its own: flags and consents.
pub(crate) fn encode_flags(facts: &SubjectFacts) -> Vec<u8> {
    let mut to = Writer::default();
    to.u8(VERSION);
    to.u8(u8::from(facts.adult_declared) | u8::from(facts.contact_proven) << 1);
    to.u16(u16::try_from(facts.consents.len()).unwrap_or(u16::MAX));
    for fact in &facts.consents {
        to.code(fact.purpose.as_str());
        to.raw(fact.consent.as_bytes());
        to.i64(fact.given_at.micros());
        to.i64(fact.expires_at.map_or(i64::MIN, Instant::micros));
        let ended = fact.ended.and_then(|ended| KINDS.iter().position(|kind| *kind == ended));
        to.u8(ended.and_then(|at| u8::try_from(at + 1).ok()).unwrap_or(0));
        to.u16(fact.withdrawn.bits());
    }
    to.0
}

/// Reads [`encode_flags`] into facts whose columns are already set.
pub(crate) fn decode_flags(bytes: &[u8], facts: &mut SubjectFacts) -> Result<(), Fault> {
    let mut from = Reader(bytes);
    from.version()?;
    let flags = from.u8()?;
    facts.adult_declared = flags & 1 != 0;
    facts.contact_proven = flags & 2 != 0;
    let count = from.u16()?;
    facts.consents = Vec::with_capacity(count.into());
    for _ in 0..count {
        facts.consents.push(ConsentFact {
            purpose: from.code()?,
            consent: from.id()?,
            given_at: from.i64().map(Instant::from_micros)?,
            expires_at: Some(from.i64()?).filter(|end| *end != i64::MIN).map(Instant::from_micros),
            ended: match from.u8()? {
                0 => None,
                number => Some(*KINDS.get(usize::from(number - 1)).ok_or(DAMAGED)?),
            },
            withdrawn: from.u16().map(OperationSet::from_bits)?,
        });
    }
    from.end()
}

/// Facts whole, as the fence journal keeps them.
pub(crate) fn encode_facts(facts: &SubjectFacts) -> Vec<u8> {
    let mut to = Writer::default();
    to.u8(facts.status as u8);
    to.u32(facts.epoch);
    to.u8(restriction_number(facts.restriction));
    to.raw(&encode_flags(facts));
    to.0
}

pub(crate) fn decode_facts(subject: SubjectId, bytes: &[u8]) -> Result<SubjectFacts, Fault> {
    let mut from = Reader(bytes);
    let mut facts = SubjectFacts::new(subject, false);
    facts.status = status(from.u8()?)?;
    facts.epoch = from.u32()?;
    facts.restriction = restriction(from.u8()?)?;
    decode_flags(from.0, &mut facts)?;
    Ok(facts)
}

pub(crate) fn encode_values(values: &[StoredValue]) -> Vec<u8> {
    let mut to = Writer::default();
    to.u8(VERSION);
    to.u16(u16::try_from(values.len()).unwrap_or(u16::MAX));
    for value in values {
        to.raw(value.record.as_bytes());
        to.code(value.category.as_str());
        to.u32(value.version);
        to.i64(value.as_of.micros());
        to.code(&value.source);
        to.u8(u8::from(value.mac.is_some()) | u8::from(value.proven) << 1);
        if let Some(mac) = &value.mac {
            to.raw(mac);
        }
        to.bytes(value.sealed.as_bytes());
    }
    to.0
}

pub(crate) fn decode_values(bytes: &[u8]) -> Result<Vec<StoredValue>, Fault> {
    let mut from = Reader(bytes);
    from.version()?;
    let count = from.u16()?;
    let mut values = Vec::with_capacity(count.into());
    for _ in 0..count {
        let (record, category) = (from.id()?, from.code()?);
        let (version, as_of) = (from.u32()?, from.i64().map(Instant::from_micros)?);
        let source = from.text()?.to_owned();
        let flags = from.u8()?;
        let mac = if flags & 1 != 0 { Some(from.array()?) } else { None };
        let sealed = Sealed::from_bytes(from.bytes()?.to_vec());
        values.push(StoredValue {
            record,
            category,
            version,
            as_of,
            source,
            mac,
            proven: flags & 2 != 0,
            sealed,
        });
    }
    from.end()?;
    Ok(values)
}

/// The body of a consent record.
pub(crate) fn encode_consent(consent: &Consent) -> Vec<u8> {
    let mut to = Writer::default();
    to.u8(VERSION);
    to.raw(consent.notice.as_bytes());
    to.i64(consent.given_at.micros());
    to.raw(consent.record.as_bytes());
    to.0
}

/// Notice, time and record.
pub(crate) fn decode_consent(bytes: &[u8]) -> Result<(NoticeId, Instant, String), Fault> {
    let mut from = Reader(bytes);
    from.version()?;
    let (notice, given_at) = (from.id()?, from.i64().map(Instant::from_micros)?);
    let record = std::str::from_utf8(from.0).map_err(|_| DAMAGED)?;
    Ok((notice, given_at, record.to_owned()))
}

/// The body of a link of a consent's chain, and the log entry that records it.
pub(crate) fn encode_event(event: &ConsentEvent, entry: Option<EntryId>) -> Vec<u8> {
    let mut to = Writer::default();
    to.u8(VERSION);
    to.i64(event.at.micros());
    to.raw(&event.previous);
    to.code(event.kind.code());
    to.u16(event.operations.bits());
    to.u8(u8::from(entry.is_some()));
    if let Some(entry) = entry {
        to.raw(entry.as_bytes());
    }
    to.u16(u16::try_from(event.purposes.len()).unwrap_or(u16::MAX));
    for purpose in &event.purposes {
        to.code(purpose.as_str());
    }
    to.0
}

pub(crate) fn decode_event(
    consent: ConsentId,
    number: u32,
    bytes: &[u8],
) -> Result<(ConsentEvent, Option<EntryId>), Fault> {
    let mut from = Reader(bytes);
    from.version()?;
    let (at, previous) = (from.i64().map(Instant::from_micros)?, from.array()?);
    let kind = ConsentEventKind::from_code(from.text()?).ok_or(DAMAGED)?;
    let operations = from.u16().map(OperationSet::from_bits)?;
    let entry = if from.u8()? == 0 { None } else { Some(from.id()?) };
    let purposes = (0..from.u16()?).map(|_| from.code()).collect::<Result<_, _>>()?;
    from.end()?;
    Ok((ConsentEvent { consent, number, kind, purposes, operations, at, previous }, entry))
}

/// The body of a receipt.
pub(crate) fn encode_receipt(receipt: &Receipt) -> Vec<u8> {
    let mut to = Writer::default();
    to.u8(VERSION);
    to.code(&receipt.kind);
    to.raw(receipt.entry.as_bytes());
    to.raw(receipt.record.as_bytes());
    to.raw(receipt.sealed.as_bytes());
    to.0
}

pub(crate) fn decode_receipt(subject: SubjectId, receipt: ReceiptId, bytes: &[u8]) -> Result<Receipt, Fault> {
    let mut from = Reader(bytes);
    from.version()?;
    let kind = from.text()?.to_owned();
    let (entry, record) = (from.id()?, from.id()?);
    Ok(Receipt { subject, receipt, kind, entry, record, sealed: Sealed::from_bytes(from.0.to_vec()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{CategoryCode, ConsentId, PurposeId, RecordId};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn facts_survive(
            epoch: u32,
            flags: (bool, bool),
            kind in 0u8..4,
            rows in proptest::collection::vec(any::<(u8, i64, Option<i64>, u16)>(), 0..8),
        ) {
            let mut facts = SubjectFacts::new(SubjectId::from_bytes([3; 16]), flags.0);
            facts.contact_proven = flags.1;
            facts.epoch = epoch;
            facts.restriction = restriction(kind).unwrap();
            for (number, (seed, given, expires, bits)) in rows.into_iter().enumerate() {
                facts.set_consent(ConsentFact {
                    purpose: PurposeId::new(&format!("p8-{number}")).unwrap(),
                    consent: ConsentId::from_bytes([seed; 16]),
                    given_at: Instant::from_micros(given),
                    expires_at: expires.filter(|end| *end != i64::MIN).map(Instant::from_micros),
                    ended: KINDS.get(usize::from(seed)).copied(),
                    withdrawn: OperationSet::from_bits(bits),
                });
            }
            prop_assert_eq!(decode_facts(facts.subject, &encode_facts(&facts)), Ok(facts));
        }

        #[test]
        fn values_survive_and_damage_is_told(sealed: Vec<u8>, mac: Option<[u8; 32]>, proven: bool, cut in 0usize..40) {
            let value = StoredValue {
                record: RecordId::from_bytes([1; 16]),
                category: CategoryCode::new("email").unwrap(),
                version: 7,
                as_of: Instant::from_micros(-5),
                source: "form".into(),
                mac,
                proven,
                sealed: Sealed::from_bytes(sealed),
            };
            let values = vec![value.clone(), value];
            let bytes = encode_values(&values);
            prop_assert_eq!(decode_values(&bytes), Ok(values));
            let shorter = &bytes[..bytes.len() - 1 - cut.min(bytes.len() - 1)];
            prop_assert!(decode_values(shorter).is_err());
        }
    }
}
