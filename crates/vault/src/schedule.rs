//! The whole key schedule: every label, every layout of associated data, every derivation.
//!
//! ```text
//! keystore   epoch key          root index              root server
//!               │ wraps            │ HKDF per category      │ HKDF per label
//! rows       bucket key         blind indexes           MACs, server secrets
//!               │ wraps (≤ 256)
//!            subject key
//!               │ seals
//!            keyring ── one key per record ── seals one value
//!                   └── history key ── seals the person's own lines of the log
//!                          └── marks the person in lists of members
//! ```
//! Invariant: associated data begin with a label that ends in a zero byte and is no prefix of another;
//! then come fields of fixed length, with at most one of free length, which is the last or has its length
//! before it. So no two places share associated data. A later format gets new labels beside these, which
//! stay for ever.

use aws_lc_rs::hkdf;
use model::{BucketId, CategoryCode, RecordId, SubjectId};

use crate::secret::{SECRET_LEN, Secret};

const SALT: &[u8] = b"senim/v1";

const INDEX: &[u8] = b"senim/v1/index\0";
const MAC: &[u8] = b"senim/v1/mac\0";
const SERVER: &[u8] = b"senim/v1/server\0";

const BUCKET: &[u8] = b"senim/v1/bucket\0";
const SUBJECT: &[u8] = b"senim/v1/subject\0";
const KEYRING: &[u8] = b"senim/v1/keyring\0";
const VALUE: &[u8] = b"senim/v1/value\0";
const HISTORY: &[u8] = b"senim/v1/history\0";
const MEMBER: &[u8] = b"senim/v1/member\0";

/// HKDF-SHA-256 (RFC 5869) of a root, with the label and the context as info.
fn derive(root: &Secret, label: &[u8], context: &str) -> Secret {
    let info = [label, context.as_bytes()];
    let mut bytes = zeroize::Zeroizing::new([0; SECRET_LEN]);
    let derived = hkdf::Salt::new(hkdf::HKDF_SHA256, SALT)
        .extract(root.expose())
        .expand(&info, hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(bytes.as_mut_slice()));
    #[expect(clippy::expect_used, reason = "RFC 5869 §2.3 limits the output to 8160 bytes, we take 32")]
    derived.expect("32 bytes are within the limit of HKDF");
    Secret::copy_of(&bytes)
}

/// The key of a category's blind index.
pub fn index_key(root: &Secret, category: CategoryCode) -> Secret {
    derive(root, INDEX, category.as_str())
}
/// The key of the server's MACs of one kind.
pub fn mac_key(root: &Secret, label: &str) -> Secret {
    derive(root, MAC, label)
}
/// The key of the server's own secrets of one kind.
pub fn server_key(root: &Secret, label: &str) -> Secret {
    derive(root, SERVER, label)
}

/// The key of a person's marks in lists of members, from the history key.
pub fn member_key(history: &Secret) -> Secret {
    derive(history, MEMBER, "")
}

/// Of a bucket key under its epoch key.
pub fn bucket(epoch: u32, bucket: BucketId) -> Vec<u8> {
    [BUCKET, &epoch.to_be_bytes(), bucket.as_bytes()].concat()
}
/// Of a subject key under its bucket key.
pub fn subject(bucket: BucketId, subject: SubjectId) -> Vec<u8> {
    [SUBJECT, bucket.as_bytes(), subject.as_bytes()].concat()
}
/// Of a keyring under its subject key.
pub fn keyring(subject: SubjectId) -> Vec<u8> {
    [KEYRING, subject.as_bytes()].concat()
}
/// Of a value under its record key.
pub fn value(subject: SubjectId, category: CategoryCode, record: RecordId, version: u32) -> Vec<u8> {
    let fixed = [VALUE, subject.as_bytes(), record.as_bytes(), &version.to_be_bytes()].concat();
    [&fixed, category.as_str().as_bytes()].concat()
}
/// Of a line of history under the history key.
pub fn history(subject: SubjectId) -> Vec<u8> {
    [HISTORY, subject.as_bytes()].concat()
}
/// Of a secret of the server's own, under the key of its kind.
pub fn server(context: &[u8]) -> Vec<u8> {
    [SERVER, context].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_is_a_prefix_of_another() {
        let labels = [INDEX, MAC, SERVER, BUCKET, SUBJECT, KEYRING, VALUE, HISTORY, MEMBER];
        for (place, label) in labels.iter().enumerate() {
            for other in &labels[place + 1..] {
                assert!(!label.starts_with(other) && !other.starts_with(label));
            }
        }
    }
}
