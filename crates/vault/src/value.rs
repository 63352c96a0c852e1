//! Values and lines of history: sealing by anyone who holds the keyring, opening only behind the gate
//! ([`crate::Vault::open`], [`crate::Vault::open_history`]).
//!
//! A plaintext is followed by one byte 0x80 and zeros up to a multiple of 16 (ISO/IEC 7816-4), so that the
//! length of a box tells a value's length only in steps of 16 bytes: phones of 11 to 15 digits look alike.
//!
//! ```text
//! value   = text ‖ 0x80 ‖ 0*          sealed under the record key for subject, record, version, category
//! history = salt (32) ‖ entry ‖ 0x80 ‖ 0*   sealed under the history key for the subject
//! ```

use model::{CategoryCode, Entropy, Private, RecordId, Salt, Sealed};
use zeroize::Zeroizing;

use crate::aead;
use crate::fault::{Fault, OpenFault, Piece, Unopened};
use crate::keyring::Keyring;
use crate::schedule;

const STEP: usize = 16;
const MARK: u8 = 0x80;

/// Longest value, in bytes of UTF-8.
pub const MAX_VALUE_LEN: usize = 1 << 20;

/// Which value: what its ciphertext is bound to beside the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueRef {
    /// Its category.
    pub category: CategoryCode,
    /// Its record.
    pub record: RecordId,
    /// Its version, from 1.
    pub version: u32,
}

fn padded(parts: [&[u8]; 2]) -> Zeroizing<Vec<u8>> {
    let len = parts[0].len() + parts[1].len();
    let full = (len / STEP + 1) * STEP;
    let mut bytes = Zeroizing::new(Vec::with_capacity(full));
    bytes.extend_from_slice(parts[0]);
    bytes.extend_from_slice(parts[1]);
    bytes.push(MARK);
    bytes.resize(full, 0);
    bytes
}

fn unpadded(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().rposition(|byte| *byte != 0)?;
    let (text, rest) = bytes.split_at(end);
    (rest.first() == Some(&MARK)).then_some(text)
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

impl Keyring {
    /// Seals a value under a fresh key of its record. If the record had a key, that key is destroyed and the
    /// older version with it ([`Keyring::was_reduced`]); to keep the older version, give the newer one a
    /// record of its own.
    ///
    /// # Errors
    /// [`Fault::TooLong`] above [`MAX_VALUE_LEN`]; [`Fault::Crowded`] when the keyring is full.
    pub fn seal(
        &mut self,
        category: CategoryCode,
        record: RecordId,
        version: u32,
        value: &Private<String>,
        entropy: &dyn Entropy,
    ) -> Result<Sealed, Fault> {
        let plaintext = value.expose().as_bytes();
        if plaintext.len() > MAX_VALUE_LEN {
            return Err(Fault::TooLong(MAX_VALUE_LEN));
        }
        let place = schedule::value(self.subject(), category, record, version);
        let key = self.draw(record, entropy)?;
        aead::seal(key, &place, &padded([plaintext, b""]), entropy).map(Sealed::from_bytes)
    }

    /// Seals a line of the person's own history: the entry's canonical text and its salt.
    ///
    /// # Errors
    /// [`Fault::TooLong`] above [`MAX_VALUE_LEN`].
    pub fn seal_history(&self, entry: &str, salt: &Salt, entropy: &dyn Entropy) -> Result<Sealed, Fault> {
        if entry.len() > MAX_VALUE_LEN {
            return Err(Fault::TooLong(MAX_VALUE_LEN));
        }
        let plaintext = padded([salt, entry.as_bytes()]);
        aead::seal(&self.history, &schedule::history(self.subject()), &plaintext, entropy)
            .map(Sealed::from_bytes)
    }

    /// Whether the value is whole and this keyring holds its key; shows nothing of it. For `doctor`,
    /// `erasure scan` and a restore.
    pub fn holds(&self, at: &ValueRef, sealed: &Sealed) -> bool {
        self.unseal(at, sealed).is_ok()
    }

    pub(crate) fn unseal(&self, at: &ValueRef, sealed: &Sealed) -> Result<Private<String>, OpenFault> {
        let key = self.key(at.record).ok_or(OpenFault::Destroyed(at.record))?;
        let place = schedule::value(self.subject(), at.category, at.record, at.version);
        let plaintext = aead::open(key, &place, sealed.as_bytes(), Piece::Value)?;
        let text = unpadded(&plaintext).and_then(text).ok_or(Unopened::Broken(Piece::Value))?;
        Ok(Private::new(text.to_owned()))
    }

    pub(crate) fn unseal_history(&self, sealed: &Sealed) -> Result<(String, Salt), Unopened> {
        let broken = Unopened::Broken(Piece::History);
        let place = schedule::history(self.subject());
        let plaintext = aead::open(&self.history, &place, sealed.as_bytes(), Piece::History)?;
        let (salt, entry) = unpadded(&plaintext).and_then(<[u8]>::split_first_chunk).ok_or(broken)?;
        Ok((text(entry).ok_or(broken)?.to_owned(), *salt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_tells_lengths_in_steps_only_and_comes_off() {
        for len in 0..100 {
            let plain = vec![0u8; len];
            let bytes = padded([&plain, b""]);
            assert_eq!(bytes.len() % STEP, 0);
            assert_eq!(bytes.len(), bytes.capacity());
            assert_eq!(unpadded(&bytes), Some(plain.as_slice()));
        }
        assert_eq!(padded([b"77011234567", b""]).len(), padded([b"770112345670000", b""]).len());
        assert_eq!(unpadded(&[0; 16]), None);
        assert_eq!(unpadded(b"no mark"), None);
        assert_eq!(unpadded(b""), None);
    }
}
