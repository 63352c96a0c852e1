//! Blind indexes, the server's MACs, and the server's own secrets.
//!
//! A blind index is HMAC-SHA-256 under a key per category, so that the same text in two categories looks
//! different. Whoever holds the key reverses it in minutes (RELIABILITY §1.3): it is personal data, never
//! called anonymous, and goes at erasure.

use aws_lc_rs::hmac;
use model::CategoryCode;

use crate::schedule;
use crate::secret::Secret;

pub(crate) fn blind(root: &Secret, category: CategoryCode, normalised: &str) -> [u8; 32] {
    hmac_sha256(&schedule::index_key(root, category), normalised.as_bytes())
}

pub(crate) fn mac(root: &Secret, label: &str, message: &[u8]) -> [u8; 32] {
    hmac_sha256(&schedule::mac_key(root, label), message)
}

fn hmac_sha256(key: &Secret, message: &[u8]) -> [u8; 32] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.expose()), message);
    let mut bytes = [0; 32];
    bytes.copy_from_slice(tag.as_ref());
    bytes
}
