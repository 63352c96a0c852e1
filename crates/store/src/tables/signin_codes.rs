//! Codes sent to a contact, as keyed hashes, with the subjects they open.

use model::{Instant, SubjectId};

use crate::{Fault, Lock, Tx, params};

/// A code that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigninCode {
    /// The blind index of the contact, the same as in `lookups`, so that an erasure finds it.
    pub contact_mac: [u8; 32],
    /// A keyed hash of the code.
    pub code_mac: [u8; 32],
    /// The subjects it opens.
    pub subjects: Vec<SubjectId>,
    /// How often a wrong code was tried.
    pub attempts: u32,
    /// When it ends.
    pub expires_at: Instant,
}

/// Puts a code, replacing the one of the same contact.
pub fn put(tx: &mut Tx<'_>, code: &SigninCode) -> Result<(), Fault> {
    let subjects: Vec<u8> = code.subjects.iter().flat_map(|subject| *subject.as_bytes()).collect();
    tx.execute_one(
        "INSERT INTO signin_codes (contact_mac, code_mac, subjects, attempts, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (contact_mac) DO UPDATE SET code_mac = excluded.code_mac,
         subjects = excluded.subjects, attempts = excluded.attempts, expires_at = excluded.expires_at",
        params![&code.contact_mac, &code.code_mac, &subjects, code.attempts, code.expires_at],
    )
}

/// The code of a contact, also when it has ended: the caller looks at `expires_at` and `attempts`.
pub fn fetch(tx: &mut Tx<'_>, contact_mac: &[u8; 32]) -> Result<Option<SigninCode>, Fault> {
    tx.query_opt_locked(
        "SELECT contact_mac, code_mac, subjects, attempts, expires_at FROM signin_codes WHERE contact_mac = ?1",
        params![contact_mac], Lock::Row)?
    .map(|row| {
        let (ids, rest) = row.bytes(2)?.as_chunks::<16>();
        if !rest.is_empty() {
            return Err(Fault::Corrupt("subjects of a code"));
        }
        Ok(SigninCode {
            contact_mac: row.array(0)?,
            code_mac: row.array(1)?,
            subjects: ids.iter().copied().map(SubjectId::from_bytes).collect(),
            attempts: row.int(3)?,
            expires_at: row.instant(4)?,
        })
    })
    .transpose()
}

/// Counts one wrong try.
pub fn count_attempt(tx: &mut Tx<'_>, contact_mac: &[u8; 32]) -> Result<(), Fault> {
    tx.execute_one(
        "UPDATE signin_codes SET attempts = attempts + 1 WHERE contact_mac = ?1",
        params![contact_mac],
    )
}

/// Deletes the code of a contact; gives whether it stood.
pub fn delete(tx: &mut Tx<'_>, contact_mac: &[u8; 32]) -> Result<bool, Fault> {
    Ok(tx.execute("DELETE FROM signin_codes WHERE contact_mac = ?1", params![contact_mac])? == 1)
}

/// Deletes codes that ended before an instant; gives how many.
pub fn sweep(tx: &mut Tx<'_>, before: Instant) -> Result<usize, Fault> {
    tx.execute("DELETE FROM signin_codes WHERE expires_at <= ?1", params![before])
}
