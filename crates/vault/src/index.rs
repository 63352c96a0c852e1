//! Blind indexes, the server's MACs, and the server's own secrets.
//!
//! A blind index is HMAC-SHA-256 under a key per category, so that the same text in two categories looks
//! different. Whoever holds the key reverses it in minutes (RELIABILITY §1.3): it is personal data, never
//! called anonymous, and goes at erasure.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use aws_lc_rs::hmac;
use model::CategoryCode;

use crate::schedule;
use crate::secret::Secret;

/// The keys of blind indexes and MACs, derived from their roots when first used: as many as there are categories and
/// labels, and as long-lived as the roots.
#[derive(Default)]
pub(crate) struct Keys {
    of_categories: RwLock<HashMap<CategoryCode, hmac::Key>>,
    of_labels: RwLock<HashMap<String, hmac::Key>>,
}

impl Keys {
    pub(crate) fn blind(&self, root: &Secret, category: CategoryCode, normalised: &str) -> [u8; 32] {
        if let Some(key) = read(&self.of_categories).get(&category) {
            return sign(key, normalised.as_bytes());
        }
        let key = prepared(&schedule::index_key(root, category));
        let tag = sign(&key, normalised.as_bytes());
        write(&self.of_categories).insert(category, key);
        tag
    }

    pub(crate) fn mac(&self, root: &Secret, label: &str, message: &[u8]) -> [u8; 32] {
        if let Some(key) = read(&self.of_labels).get(label) {
            return sign(key, message);
        }
        let key = prepared(&schedule::mac_key(root, label));
        let tag = sign(&key, message);
        write(&self.of_labels).insert(label.to_owned(), key);
        tag
    }
}

fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// HMAC-SHA-256 under a key that is used now and not kept.
pub(crate) fn once(key: &Secret, message: &[u8]) -> [u8; 32] {
    sign(&prepared(key), message)
}

fn prepared(key: &Secret) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, key.expose())
}

fn sign(key: &hmac::Key, message: &[u8]) -> [u8; 32] {
    let tag = hmac::sign(key, message);
    let mut bytes = [0; 32];
    bytes.copy_from_slice(tag.as_ref());
    bytes
}
