//! The one cipher: AES-256-GCM with a random 96-bit nonce.
//!
//! ```text
//! box = format (1 byte, = 1) ‖ nonce (12) ‖ ciphertext ‖ tag (16)
//! ```
//! Why random nonces are safe here (NIST SP 800-38D §8.3 allows 2³² messages under one key):
//! * a *record key* is drawn for one value in one version and seals nothing else: one message;
//! * a *subject key* is drawn at each closing of the keyring: one message;
//! * a *bucket key* wraps one subject key per closing of one of its ≤ 256 keyrings: even at a closing a
//!   second it would take 136 years to 2³²;
//! * an *epoch key* wraps each bucket key once: fewer messages than there are buckets;
//! * a *history key* seals one line per act about one person; a *server key* one per operator's secret.
//!
//! Invariant: plaintext is encrypted where it lies, in a buffer that never grows, and opened only into a
//! buffer that is wiped.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use model::Entropy;
use zeroize::Zeroizing;

use crate::fault::{Fault, Piece, Unopened};
use crate::secret::Secret;

const FORMAT: u8 = 1;
const TAG_LEN: usize = 16;
/// Longest plaintext of one box, in bytes; far below the 2³⁶ of the cipher.
pub const MAX_LEN: usize = 16 << 20;

fn cipher(key: &Secret) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key.expose()).ok().map(LessSafeKey::new)
}

/// Seals a plaintext for one place.
pub fn seal(key: &Secret, place: &[u8], plaintext: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>, Fault> {
    if plaintext.len() > MAX_LEN {
        return Err(Fault::TooLong(MAX_LEN));
    }
    let nonce: [u8; NONCE_LEN] = model::platform::random(entropy);
    let mut bytes = Vec::with_capacity(1 + NONCE_LEN + plaintext.len() + TAG_LEN);
    bytes.push(FORMAT);
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(plaintext);
    let tag = cipher(key).and_then(|cipher| {
        let nonce = Nonce::assume_unique_for_key(nonce);
        cipher.seal_in_place_separate_tag(nonce, Aad::from(place), &mut bytes[1 + NONCE_LEN..]).ok()
    });
    let Some(tag) = tag else {
        zeroize::Zeroize::zeroize(&mut bytes);
        return Err(Fault::TooLong(MAX_LEN)); // the cipher's only ground to refuse
    };
    bytes.extend_from_slice(tag.as_ref());
    Ok(bytes)
}

/// A box whose cipher ran elsewhere, under the same key and place: in a token.
pub fn join(nonce: [u8; NONCE_LEN], sealed: &[u8]) -> Vec<u8> {
    [&[FORMAT][..], &nonce, sealed].concat()
}

/// Nonce and ciphertext with its tag of a box, for a cipher that runs elsewhere.
pub fn split(bytes: &[u8], piece: Piece) -> Result<([u8; NONCE_LEN], &[u8]), Unopened> {
    let (format, rest) = bytes.split_first().unwrap_or((&0, &[]));
    if *format != FORMAT {
        return Err(Unopened::Format { piece, found: *format });
    }
    let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>().ok_or(Unopened::Broken(piece))?;
    Ok((*nonce, sealed))
}

/// Opens a box at its place.
pub fn open(key: &Secret, place: &[u8], bytes: &[u8], piece: Piece) -> Result<Zeroizing<Vec<u8>>, Unopened> {
    let (nonce, sealed) = split(bytes, piece)?;
    let broken = Unopened::Broken(piece);
    let mut buffer = Zeroizing::new(sealed.to_vec());
    let cipher = cipher(key).ok_or(broken)?;
    let nonce = Nonce::assume_unique_for_key(nonce);
    let len = cipher.open_in_place(nonce, Aad::from(place), &mut buffer).map_err(|_| broken)?.len();
    buffer.truncate(len);
    Ok(buffer)
}

/// Opens a box that holds a key.
pub fn unwrap(key: &Secret, place: &[u8], bytes: &[u8], piece: Piece) -> Result<Secret, Unopened> {
    let plaintext = open(key, place, bytes, piece)?;
    let bytes = plaintext.as_slice().try_into().map_err(|_| Unopened::Broken(piece))?;
    Ok(Secret::copy_of(bytes))
}
