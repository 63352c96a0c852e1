//! Base64 (RFC 4648 §4) in its one canonical form: padded, no stray bits, no white space.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serializer, de};

/// Encodes bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Decodes canonical base64; `None` for anything else, so one value has one spelling.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    // The engine refuses missing padding and set trailing bits; the comparison pins that behaviour.
    let bytes = STANDARD.decode(text).ok()?;
    (STANDARD.encode(&bytes) == text).then_some(bytes)
}

/// Decodes canonical base64 of exactly 32 bytes, such as a nonce or salt in a file; `None` for anything else.
pub fn decode32(text: &str) -> Option<[u8; 32]> {
    decode(text)?.try_into().ok()
}

/// `serde(with)` for `[u8; 32]` fields.
pub(crate) mod array32 {
    use super::{Deserialize, Deserializer, Serializer, de, decode32, encode};

    /// Writes base64.
    pub(crate) fn serialize<S: Serializer>(bytes: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&encode(bytes))
    }

    /// Reads base64 of 32 bytes.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        decode32(&String::deserialize(from)?).ok_or_else(|| de::Error::custom("not base64 of 32 bytes"))
    }
}
