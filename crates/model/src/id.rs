//! Identifiers: 16-byte `UUIDv7` (RFC 9562), written as a prefix and 26 characters of lower-case
//! Crockford base32. They carry a time and randomness, never a fact about a person.

use std::fmt;
use std::str::FromStr;

use crate::platform::Entropy;
use crate::time::Instant;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Characters after the prefix: 26 × 5 bits hold 128 bits.
const TEXT_LEN: usize = 26;

/// Why a text is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected `{prefix}` and 26 characters of lower-case Crockford base32")]
pub struct IdError {
    prefix: &'static str,
}

fn uuid_v7(at: Instant, entropy: &dyn Entropy) -> [u8; 16] {
    let mut bytes = [0u8; 16];
    entropy.fill(&mut bytes);
    bytes[..6].copy_from_slice(&first_at(at)[..6]);
    bytes[6] = (bytes[6] & 0x0f) | 0x70;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    bytes
}

fn made_at(bytes: &[u8; 16]) -> Instant {
    let mut millis = [0; 8];
    millis[2..].copy_from_slice(&bytes[..6]);
    Instant::from_micros(i64::from_be_bytes(millis) * 1000)
}

fn first_at(at: Instant) -> [u8; 16] {
    let millis = u64::try_from(at.micros() / 1000).unwrap_or(0).to_be_bytes();
    let mut bytes = [0u8; 16];
    bytes[..6].copy_from_slice(&millis[2..]);
    bytes
}

fn encode(bytes: [u8; 16]) -> String {
    let mut number = u128::from_be_bytes(bytes);
    let mut text = [b'0'; TEXT_LEN];
    for slot in text.iter_mut().rev() {
        *slot = ALPHABET[(number & 31) as usize];
        number >>= 5;
    }
    text.iter().map(|&byte| char::from(byte)).collect()
}

fn decode(text: &str) -> Option<[u8; 16]> {
    if text.len() != TEXT_LEN {
        return None;
    }
    let mut number: u128 = 0;
    for (position, byte) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|&letter| letter == byte)?;
        if position == 0 && digit > 7 {
            return None; // more than 128 bits
        }
        number = (number << 5) | digit as u128;
    }
    Some(number.to_be_bytes())
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// What every id of this kind begins with in text.
            pub const PREFIX: &'static str = $prefix;
            /// A new id, ordered by time of making.
            pub fn new(at: Instant, entropy: &dyn Entropy) -> Self {
                Self(uuid_v7(at, entropy))
            }
            /// The id with these 16 bytes, as stored.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }
            /// When it was made, to the millisecond.
            pub fn made_at(&self) -> Instant {
                made_at(&self.0)
            }
            /// What ids made before this instant lie below.
            pub fn first_at(at: Instant) -> Self {
                Self(first_at(at))
            }
            /// The 16 bytes to store.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", $prefix, encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix($prefix).and_then(decode).map(Self).ok_or(IdError { prefix: $prefix })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A person whose data it is.
    SubjectId = "sub_";
    /// A consent record.
    ConsentId = "con_";
    /// A request about one's rights.
    RequestId = "req_";
    /// A receipt that verifies offline.
    ReceiptId = "rcp_";
    /// A published notice version in one language.
    NoticeId = "ntc_";
    /// An enquiry (заявка).
    EnquiryId = "enq_";
    /// A stored value: one category's value with its version.
    RecordId = "rec_";
    /// A log entry.
    EntryId = "ent_";
    /// A form submission.
    SubmissionId = "sbm_";
    /// A withdrawal of consent.
    WithdrawalId = "wdr_";
    /// An erasure.
    ErasureId = "ers_";
    /// A member of staff.
    OperatorId = "opr_";
    /// An API key.
    ApiKeyId = "key_";
    /// A job.
    JobId = "job_";
    /// A session.
    SessionId = "ses_";
    /// A bucket of up to 256 subjects' keys.
    BucketId = "bkt_";
    /// A rule about a group of records.
    RuleId = "rul_";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::SeededEntropy;

    #[test]
    fn an_id_survives_its_text_and_sorts_by_time() {
        let entropy = SeededEntropy::new(7);
        let early = SubjectId::new(Instant::from_micros(1_000_000), &entropy);
        let late = SubjectId::new(Instant::from_micros(9_000_000), &entropy);
        assert!(early < late);
        assert!(early.to_string() < late.to_string());
        assert_eq!(early.to_string().parse::<SubjectId>(), Ok(early));
        assert_eq!(early.to_string().len(), 30);
        assert_eq!(late.made_at(), Instant::from_micros(9_000_000));
        assert!(early < SubjectId::first_at(late.made_at()) && SubjectId::first_at(late.made_at()) <= late);
    }

    #[test]
    fn texts_that_are_no_ids_are_refused() {
        for text in ["", "sub_", "con_00000000000000000000000000", "sub_8zzzzzzzzzzzzzzzzzzzzzzzzz"] {
            assert!(text.parse::<SubjectId>().is_err(), "{text}");
        }
        assert!("sub_7zzzzzzzzzzzzzzzzzzzzzzzzz".parse::<SubjectId>().is_ok());
        assert!("sub_7ZZZZZZZZZZZZZZZZZZZZZZZZZ".parse::<SubjectId>().is_err());
    }
}
