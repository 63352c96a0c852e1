//! What the public log shows of an entry: a salted hash, so that the log stays whole when a person is erased.
//!
//! Invariant: without the 32 random bytes of salt (or nonce) a digest says nothing about its text, even when
//! the text could be guessed.

use crate::tree::{Hash, leaf_hash};
use sha2::{Digest as _, Sha256};

/// Bytes in a commitment, a salt and a nonce.
pub const BYTES: usize = 32;

/// The commitment to an entry: SHA-256("senim/entry/v1\n" || salt || entry). It is the whole leaf data.
pub fn commit(salt: &[u8; BYTES], entry: &[u8]) -> [u8; BYTES] {
    digest("senim/entry/v1\n", salt, entry)
}

/// The digest an entry carries of a receipt's body: SHA-256("senim/payload/v1\n" || nonce || body).
pub fn payload(nonce: &[u8; BYTES], body: &[u8]) -> [u8; BYTES] {
    digest("senim/payload/v1\n", nonce, body)
}

/// The same digest as the text that stands in the entry's `payload` member: canonical base64.
pub fn payload_base64(nonce: &[u8; BYTES], body: &[u8]) -> String {
    crate::b64::encode(&payload(nonce, body))
}

/// The RFC 6962 leaf hash of a commitment.
pub fn leaf(commitment: &[u8; BYTES]) -> Hash {
    leaf_hash(commitment)
}

// Both fields before the text have a fixed length, so the concatenation is unambiguous.
fn digest(domain: &str, random: &[u8; BYTES], text: &[u8]) -> [u8; BYTES] {
    Sha256::new().chain_update(domain).chain_update(random).chain_update(text).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_salts_and_texts_separate() {
        let (a, b) = ([1; 32], [2; 32]);
        assert_ne!(commit(&a, b"x"), commit(&b, b"x"));
        assert_ne!(commit(&a, b"x"), commit(&a, b"y"));
        assert_ne!(commit(&a, b"x"), payload(&a, b"x"));
    }

    #[test]
    fn golden_values_hold() {
        // { printf 'senim/entry/v1\n'; head -c32 /dev/zero; printf '{}'; } | openssl dgst -sha256 -binary | base64
        let entry = "rEnjxHpmnxWeAehrKXs/rbvMcdEwV+m0iQS2t1R7NPs=";
        assert_eq!(crate::b64::encode(&commit(&[0; BYTES], b"{}")), entry);
        let body = "PCU/ZF1aT4V1rkr1MNCvOPvLi9gP0FVUbru3SQh0AOQ=";
        assert_eq!(payload_base64(&[0; BYTES], b"{}"), body);
    }
}
