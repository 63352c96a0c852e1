//! A keyring: one random key per record of one data subject, and the key of their history.
//!
//! ```text
//! plaintext of a sealed keyring, format 1:
//! format (1 byte, = 1) ‖ history key (32) ‖ ( record id (16) ‖ record key (32) )*   ids ascending, no doubles
//! ```
//! Invariants: a record key seals one value and no second one; a key that was destroyed is not in any
//! keyring closed later; each closing draws a fresh subject key, so no older sealed keyring opens with a
//! newer key. An opened keyring lives as long as one act.
//!
//! Clauses: C16, C17; DESIGN §2b.
//!
//! ```compile_fail,E0277
//! fn print(keyring: &vault::Keyring) { println!("{keyring:?}"); } // no Debug
//! ```
//! ```compile_fail,E0308
//! fn copy(keyring: &vault::Keyring) -> vault::Keyring { keyring.clone() } // no Clone
//! ```
//! ```compile_fail,E0277
//! fn serialise<T: serde::Serialize>(_: T) {}
//! fn leak(keyring: vault::Keyring) { serialise(keyring); } // no Serialize
//! ```

use std::collections::BTreeMap;

use model::{BucketId, Entropy, EntryId, RecordId, SubjectId};
use zeroize::Zeroizing;

use crate::aead;
use crate::bucket::WrappedKeyring;
use crate::fault::{Fault, Piece, Unopened};
use crate::index;
use crate::schedule;
use crate::secret::{SECRET_LEN, Secret};

const FORMAT: u8 = 1;
const ID_LEN: usize = 16;
const ROW_LEN: usize = ID_LEN + SECRET_LEN;
/// Bytes of a person's mark in a list of members.
pub const MARK_LEN: usize = 16;
/// Most records in one keyring.
pub const MAX_RECORDS: usize = 65_536;

/// The keys of one data subject, open. Wiped when dropped.
pub struct Keyring {
    subject: SubjectId,
    bucket: BucketId,
    pub(crate) history: Secret,
    records: BTreeMap<RecordId, Secret>,
    reduced: bool,
}

impl Keyring {
    pub(crate) fn new(subject: SubjectId, bucket: BucketId, entropy: &dyn Entropy) -> Self {
        Self { subject, bucket, history: Secret::random(entropy), records: BTreeMap::new(), reduced: false }
    }

    /// Whose keys they are.
    pub const fn subject(&self) -> SubjectId {
        self.subject
    }
    /// The bucket it is wrapped in.
    pub const fn bucket(&self) -> BucketId {
        self.bucket
    }
    /// Whether the record can still be opened.
    pub fn contains(&self, record: RecordId) -> bool {
        self.records.contains_key(&record)
    }
    /// The records that can still be opened, ascending.
    pub fn records(&self) -> impl ExactSizeIterator<Item = RecordId> + '_ {
        self.records.keys().copied()
    }
    /// Destroys a record's key; says whether it was there. It counts once the keyring is closed, stored in
    /// the place of the old one, and its bucket marked dirty; old copies die with the epoch.
    pub fn destroy(&mut self, record: RecordId) -> bool {
        let was_there = self.records.remove(&record).is_some();
        self.reduced |= was_there;
        was_there
    }
    /// Whether a key was destroyed or replaced since it was opened: then the bucket must be marked dirty in
    /// the same transaction that stores the keyring. Closing does not reset it.
    pub const fn was_reduced(&self) -> bool {
        self.reduced
    }

    /// What stands for this person in the list of those whom an entry about many concerns. Without the keyring nobody
    /// can tell whose it is, so that an erasure takes the person out of every list.
    pub fn mark(&self, entry: EntryId) -> [u8; MARK_LEN] {
        let tag = index::once(&schedule::member_key(&self.history), entry.as_bytes());
        let (mark, _) = tag.split_first_chunk().unwrap_or((&[0; MARK_LEN], &[]));
        *mark
    }

    /// A fresh key for a record. If the record had one, that one is destroyed: a key seals once.
    pub(crate) fn draw(&mut self, record: RecordId, entropy: &dyn Entropy) -> Result<&Secret, Fault> {
        if !self.contains(record) && self.records.len() >= MAX_RECORDS {
            return Err(Fault::Crowded(MAX_RECORDS));
        }
        self.destroy(record);
        Ok(self.records.entry(record).or_insert_with(|| Secret::random(entropy)))
    }
    pub(crate) fn key(&self, record: RecordId) -> Option<&Secret> {
        self.records.get(&record)
    }

    pub(crate) fn close(&self, bucket_key: &Secret, entropy: &dyn Entropy) -> Result<WrappedKeyring, Fault> {
        let (subject, bucket) = (self.subject, self.bucket);
        let key = Secret::random(entropy);
        let wrapped_key = aead::seal(bucket_key, &schedule::subject(bucket, subject), key.expose(), entropy)?;
        let sealed = aead::seal(&key, &schedule::keyring(subject), &self.encode(), entropy)?;
        Ok(WrappedKeyring { subject, bucket, wrapped_key, sealed })
    }

    pub(crate) fn open(bucket_key: &Secret, row: &WrappedKeyring) -> Result<Self, Fault> {
        let place = schedule::subject(row.bucket, row.subject);
        let key = aead::unwrap(bucket_key, &place, &row.wrapped_key, Piece::SubjectKey)?;
        let plaintext = aead::open(&key, &schedule::keyring(row.subject), &row.sealed, Piece::Keyring)?;
        Self::decode(row.subject, row.bucket, &plaintext)
    }

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        // INVARIANT: the capacity is exact, so that no half-filled copy is left behind by growing.
        let mut bytes = Zeroizing::new(Vec::with_capacity(1 + SECRET_LEN + self.records.len() * ROW_LEN));
        bytes.push(FORMAT);
        bytes.extend_from_slice(self.history.expose());
        for (record, key) in &self.records {
            bytes.extend_from_slice(record.as_bytes());
            bytes.extend_from_slice(key.expose());
        }
        bytes
    }

    fn decode(subject: SubjectId, bucket: BucketId, bytes: &[u8]) -> Result<Self, Fault> {
        let (format, rest) = bytes.split_first().unwrap_or((&0, &[]));
        if *format != FORMAT {
            return Err(Unopened::Format { piece: Piece::Keyring, found: *format }.into());
        }
        let broken = || Fault::Unopened(Unopened::Broken(Piece::Keyring));
        let (history, rest) = rest.split_first_chunk::<SECRET_LEN>().ok_or_else(broken)?;
        let (rows, over) = rest.as_chunks::<ROW_LEN>();
        let mut records = BTreeMap::new();
        for row in rows {
            let (id, key) = row.split_first_chunk::<ID_LEN>().ok_or_else(broken)?;
            let id = RecordId::from_bytes(*id);
            if records.last_key_value().is_some_and(|(last, _)| *last >= id) {
                return Err(broken());
            }
            records.insert(id, Secret::copy_of(key.try_into().map_err(|_| broken())?));
        }
        if !over.is_empty() || records.len() > MAX_RECORDS {
            return Err(broken());
        }
        Ok(Self { subject, bucket, history: Secret::copy_of(history), records, reduced: false })
    }
}

#[cfg(test)]
mod tests {
    use model::platform::SeededEntropy;

    use super::*;

    #[test]
    fn a_keyring_survives_its_bytes_and_refuses_others() {
        let entropy = SeededEntropy::new(3);
        let (subject, bucket) = (SubjectId::from_bytes([1; 16]), BucketId::from_bytes([2; 16]));
        let mut keyring = Keyring::new(subject, bucket, &entropy);
        for number in [9, 4, 7] {
            keyring.draw(RecordId::from_bytes([number; 16]), &entropy).unwrap();
        }
        let bytes = keyring.encode();
        assert_eq!(bytes.len(), bytes.capacity());
        let again = Keyring::decode(subject, bucket, &bytes).unwrap();
        assert!(again.history.matches(&keyring.history));
        assert_eq!(
            again.records().collect::<Vec<_>>(),
            [4, 7, 9].map(|number| RecordId::from_bytes([number; 16]))
        );
        for record in keyring.records() {
            assert!(again.key(record).unwrap().matches(keyring.key(record).unwrap()));
        }

        let refuses = |bytes: &[u8]| Keyring::decode(subject, bucket, bytes).is_err();
        for len in (0..bytes.len()).filter(|len| *len != 33 && *len != 81 && *len != 129) {
            assert!(refuses(&bytes[..len]), "{len}");
        }
        let mut later = bytes.to_vec();
        later[0] = 2;
        assert!(refuses(&later));
        let mut doubled = bytes.to_vec();
        doubled.extend_from_within(129..);
        assert!(refuses(&doubled));
    }
}
