//! Consent records.
//!
//! Clauses: C4, C6.2, C16.

use model::{ConsentId, Instant, NoticeId, SubjectId};

use super::dossier::{self, Kind, Place};
use super::id_index;
use crate::value::StoredId as _;
use crate::{Fault, Tx, codec};

/// A consent record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Whose.
    pub subject: SubjectId,
    /// Its id.
    pub consent: ConsentId,
    /// The notice the person saw.
    pub notice: NoticeId,
    /// The record in JSON, without any value of the person.
    pub record: String,
    /// When it was given.
    pub given_at: Instant,
}

fn consent_of(subject: SubjectId, consent: ConsentId, body: &[u8]) -> Result<Consent, Fault> {
    let (notice, given_at, record) = codec::decode_consent(body)?;
    Ok(Consent { subject, consent, notice, record, given_at })
}

/// Inserts a record and its index row.
pub fn insert(tx: &mut Tx<'_>, consent: &Consent) -> Result<(), Fault> {
    let body = codec::encode_consent(consent);
    dossier::insert(tx, consent.subject, Kind::Consent, Place::of(consent.consent.as_bytes()), &body)
}

/// One record.
pub fn fetch(tx: &mut Tx<'_>, subject: SubjectId, consent: ConsentId) -> Result<Option<Consent>, Fault> {
    dossier::fetch(tx, subject, Kind::Consent, consent.as_bytes())?
        .map(|body| consent_of(subject, consent, &body))
        .transpose()
}

/// The subject of a consent id; still told after an erasure until the rows are gone.
pub fn subject_of(tx: &mut Tx<'_>, consent: ConsentId) -> Result<Option<SubjectId>, Fault> {
    id_index::subject_of(tx, consent.as_bytes())
}

/// Every record of a subject, oldest first.
pub fn list(tx: &mut Tx<'_>, subject: SubjectId) -> Result<Vec<Consent>, Fault> {
    let rows = dossier::list(tx, subject, Kind::Consent)?;
    rows.iter().map(|row| consent_of(subject, ConsentId::from_stored(row.item), &row.body)).collect()
}

/// Up to `limit` records of a subject, newest first, older than `before`.
pub fn page(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    before: Option<ConsentId>,
    limit: u32,
) -> Result<Vec<Consent>, Fault> {
    let before = before.unwrap_or(ConsentId::from_bytes([0xff; 16]));
    let rows = dossier::page(tx, subject, Kind::Consent, before.as_bytes(), limit)?;
    rows.iter().map(|row| consent_of(subject, ConsentId::from_stored(row.item), &row.body)).collect()
}
