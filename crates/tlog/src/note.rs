//! C2SP signed notes: a text, then one line per signature; keys named by origin and a short id.
//!
//! Invariant: a parsed note prints to the very bytes it was parsed from. Nothing in a text may be believed
//! before [`Note::open`] has verified it with a key that was known beforehand.

use crate::b64;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// Largest note accepted, in bytes (the Go implementation's bound).
pub const NOTE_BYTES_MAX: usize = 1_000_000;
/// Most signature lines accepted; the specification demands at least 16.
pub const SIGNATURES_MAX: usize = 100;

const SIGNATURE_MARK: &str = "— ";
const ED25519_SIGNATURE_BYTES: usize = 64;
const ML_DSA_44_KEY_BYTES: usize = 1312;

/// Signature types this crate knows, by their identifier byte (signed-note, "Signature types").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// 0x01: Ed25519 over the text.
    Ed25519,
    /// 0x04: timestamped Ed25519 cosignature of a witness, `cosignature/v1`.
    CosignatureV1,
    /// 0x06: timestamped ML-DSA-44 cosignature; recognised and kept, its signatures are not checked here.
    MlDsa44,
}

impl Algorithm {
    fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureV1 => 0x04,
            Self::MlDsa44 => 0x06,
        }
    }

    fn of(byte: u8) -> Option<Self> {
        [Self::Ed25519, Self::CosignatureV1, Self::MlDsa44].into_iter().find(|known| known.byte() == byte)
    }

    fn key_bytes(self) -> usize {
        match self {
            Self::Ed25519 | Self::CosignatureV1 => 32,
            Self::MlDsa44 => ML_DSA_44_KEY_BYTES,
        }
    }
}

/// Why a key, a note or a signature is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The verifier key does not follow `name+id+base64`, or its id is not the hash of its key.
    #[error("verifier key is malformed; copy the whole line name+id+key as published")]
    MalformedKey,
    /// The verifier key's algorithm is not one this crate knows.
    #[error("verifier key has an unknown algorithm; use an Ed25519 key")]
    UnknownAlgorithm,
    /// The seed does not make a key.
    #[error("signing seed was refused; draw 32 new random bytes")]
    BadSeed,
    /// The bytes are no signed note.
    #[error("not a signed note; expected text, an empty line, and signature lines")]
    MalformedNote,
    /// The note is longer than a megabyte or has more than 100 signatures.
    #[error("signed note is too large; it may have 1000000 bytes and 100 signatures")]
    TooLarge,
    /// The text to be signed has control characters or no newline at its end.
    #[error("text cannot be signed; it must end in a newline and have no other control characters")]
    MalformedText,
    /// A signature by a known key does not verify.
    #[error("a signature by a known key does not verify; the note was changed")]
    BadSignature,
    /// None of the signatures is by a known key.
    #[error("no signature by a known key; check that the key belongs to this log")]
    NoKnownSignature,
    /// Two of the given keys have the same name and id.
    #[error("two verifier keys share name and id; give each key once")]
    AmbiguousKeys,
    /// The signing key is of another kind than this act needs.
    #[error("wrong kind of key; logs sign with type 1, witnesses cosign with type 4")]
    WrongKeyKind,
}

/// A public key with its name: prints and parses as `name+id+base64(type || key)`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct VerifierKey {
    name: String,
    algorithm: Algorithm,
    key: Vec<u8>,
}

impl VerifierKey {
    /// Builds a key; refuses an invalid name or a key of the wrong length.
    pub fn new(name: &str, algorithm: Algorithm, key: &[u8]) -> Result<Self, NoteError> {
        if !is_key_name(name) || key.len() != algorithm.key_bytes() {
            return Err(NoteError::MalformedKey);
        }
        Ok(Self { name: name.to_owned(), algorithm, key: key.to_vec() })
    }

    /// Parses the published form strictly: lower-case id that matches the key, canonical base64.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let (name, rest) = text.split_once('+').ok_or(NoteError::MalformedKey)?;
        let (_, encoded) = rest.split_once('+').ok_or(NoteError::MalformedKey)?;
        let bytes = b64::decode(encoded).ok_or(NoteError::MalformedKey)?;
        let (kind, key) = bytes.split_first().ok_or(NoteError::MalformedKey)?;
        let algorithm = Algorithm::of(*kind).ok_or(NoteError::UnknownAlgorithm)?;
        let parsed = Self::new(name, algorithm, key)?;
        // Printing recomputes the id, so equality checks id, its case and its length at once.
        if parsed.to_string() == text { Ok(parsed) } else { Err(NoteError::MalformedKey) }
    }

    /// The key's name; for a log key the origin of its checkpoints.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The signature type.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public key itself.
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// The key id: SHA-256(name || 0x0A || type || key), first four bytes.
    pub fn id(&self) -> [u8; 4] {
        let digest: [u8; 32] = Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', self.algorithm.byte()])
            .chain_update(&self.key)
            .finalize()
            .into();
        [digest[0], digest[1], digest[2], digest[3]]
    }

    /// The key id in lower-case hexadecimal, as `senim verify` prints it.
    pub fn id_hex(&self) -> String {
        format!("{:08x}", u32::from_be_bytes(self.id()))
    }

    /// Checks one signature over `text`; the POSIX seconds it states when it is a cosignature.
    fn verify(&self, text: &str, signature: &[u8]) -> Result<Option<u64>, NoteError> {
        let check = |message: &[u8], signature: &[u8]| {
            if signature.len() != ED25519_SIGNATURE_BYTES {
                return Err(NoteError::BadSignature);
            }
            UnparsedPublicKey::new(&ED25519, &self.key)
                .verify(message, signature)
                .map_err(|_| NoteError::BadSignature)
        };
        match self.algorithm {
            Algorithm::Ed25519 => check(text.as_bytes(), signature).map(|()| None),
            Algorithm::CosignatureV1 => {
                let (time, signature) = signature.split_first_chunk::<8>().ok_or(NoteError::BadSignature)?;
                let time = u64::from_be_bytes(*time);
                if i64::try_from(time).is_err() {
                    return Err(NoteError::BadSignature);
                }
                check(cosigned_message(text, time).as_bytes(), signature).map(|()| Some(time))
            }
            Algorithm::MlDsa44 => Err(NoteError::UnknownAlgorithm),
        }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![self.algorithm.byte()];
        bytes.extend(&self.key);
        write!(f, "{}+{}+{}", self.name, self.id_hex(), b64::encode(&bytes))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

/// Key names are not empty and have neither white space, plus signs nor control characters.
pub(crate) fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

/// What a witness signs (tlog-cosignature, "Ed25519 signed message").
fn cosigned_message(text: &str, posix_seconds: u64) -> String {
    format!("cosignature/v1\ntime {posix_seconds}\n{text}")
}

/// Holds a private key somewhere and signs with it; the key never passes through this crate.
pub trait Signer: Send + Sync {
    /// The public half.
    fn vkey(&self) -> &VerifierKey;

    /// The Ed25519 signature over the message.
    fn sign(&self, message: &[u8]) -> [u8; 64];
}

/// A [`Signer`] whose Ed25519 key is in memory.
pub struct Ed25519Signer {
    vkey: VerifierKey,
    pair: Ed25519KeyPair,
}

impl Ed25519Signer {
    /// The log key made from 32 random bytes; its name is the log's origin.
    pub fn from_seed(origin: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        Self::of(origin, Algorithm::Ed25519, seed)
    }

    /// The key of a witness made from 32 random bytes (type 4, for [`cosign`]).
    pub fn witness_from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        Self::of(name, Algorithm::CosignatureV1, seed)
    }

    fn of(name: &str, algorithm: Algorithm, seed: &[u8; 32]) -> Result<Self, NoteError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| NoteError::BadSeed)?;
        let vkey = VerifierKey::new(name, algorithm, pair.public_key().as_ref())?;
        Ok(Self { vkey, pair })
    }
}

impl Signer for Ed25519Signer {
    fn vkey(&self) -> &VerifierKey {
        &self.vkey
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        let mut signature = [0; 64];
        // An Ed25519 signature has 64 bytes; a shorter one would stay invalid rather than panic.
        for (to, from) in signature.iter_mut().zip(self.pair.sign(message).as_ref()) {
            *to = *from;
        }
        signature
    }
}

impl fmt::Debug for Ed25519Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ed25519Signer").field("vkey", &self.vkey).finish_non_exhaustive()
    }
}

/// One signature line, of a known or unknown kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLine {
    /// Name of the key.
    pub name: String,
    /// Id of the key.
    pub id: [u8; 4],
    /// The signature, in the form its type prescribes.
    pub signature: Vec<u8>,
}

impl SignatureLine {
    /// Reads one line without its newline, as a witness returns it.
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let rest = line.strip_prefix(SIGNATURE_MARK).ok_or(NoteError::MalformedNote)?;
        let (name, encoded) = rest.split_once(' ').ok_or(NoteError::MalformedNote)?;
        let bytes = b64::decode(encoded).ok_or(NoteError::MalformedNote)?;
        let (id, signature) = bytes.split_first_chunk::<4>().ok_or(NoteError::MalformedNote)?;
        if !is_key_name(name) || signature.is_empty() {
            return Err(NoteError::MalformedNote);
        }
        Ok(Self { name: name.to_owned(), id: *id, signature: signature.to_vec() })
    }

    fn is_by(&self, key: &VerifierKey) -> bool {
        self.name == key.name && self.id == key.id()
    }
}

impl fmt::Display for SignatureLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.id.as_slice(), &self.signature].concat();
        write!(f, "{SIGNATURE_MARK}{} {}", self.name, b64::encode(&bytes))
    }
}

/// A signature that was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedBy {
    /// Name of the key.
    pub name: String,
    /// Id of the key.
    pub id: [u8; 4],
    /// POSIX seconds a cosignature states; none for a plain signature.
    pub posix_seconds: Option<u64>,
}

/// A signed note as it stands, verified or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<SignatureLine>,
}

impl Note {
    /// Parses strictly; the note is not verified by that.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLarge);
        }
        if note.chars().any(|c| c < ' ' && c != '\n') {
            return Err(NoteError::MalformedNote);
        }
        // The text may have empty lines itself, so the last one divides.
        let divide = note.rfind("\n\n").ok_or(NoteError::MalformedNote)?;
        let (text, rest) = note.split_at(divide + 1);
        let lines = rest.strip_prefix('\n').and_then(|rest| rest.strip_suffix('\n'));
        let lines = lines.ok_or(NoteError::MalformedNote)?;
        if lines.split('\n').count() > SIGNATURES_MAX {
            return Err(NoteError::TooLarge);
        }
        let signatures = lines.split('\n').map(SignatureLine::parse).collect::<Result<_, _>>()?;
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// Signs a text with a log key.
    pub fn sign(text: &str, signer: &dyn Signer) -> Result<Self, NoteError> {
        if !text.ends_with('\n') || text.chars().any(|c| c < ' ' && c != '\n') {
            return Err(NoteError::MalformedText);
        }
        let key = signer.vkey();
        if key.algorithm != Algorithm::Ed25519 {
            return Err(NoteError::WrongKeyKind);
        }
        let signature = signer.sign(text.as_bytes()).to_vec();
        let line = SignatureLine { name: key.name.clone(), id: key.id(), signature };
        Ok(Self { text: text.to_owned(), signatures: vec![line] })
    }

    /// The signed text, with its last newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, in order.
    pub fn signatures(&self) -> &[SignatureLine] {
        &self.signatures
    }

    /// Adds a line, such as a witness's answer; a line of the same key is replaced.
    pub fn attach(&mut self, line: SignatureLine) -> Result<(), NoteError> {
        self.signatures.retain(|known| known.name != line.name || known.id != line.id);
        if self.signatures.len() >= SIGNATURES_MAX {
            return Err(NoteError::TooLarge);
        }
        self.signatures.push(line);
        Ok(())
    }

    /// The same note with the first signature line of this key only, as receipts carry it.
    pub fn only(&self, key: &VerifierKey) -> Result<Self, NoteError> {
        let line = self.signatures.iter().find(|line| line.is_by(key)).ok_or(NoteError::NoKnownSignature)?;
        Ok(Self { text: self.text.clone(), signatures: vec![line.clone()] })
    }

    /// Verifies the note with known keys and says whose signatures hold.
    ///
    /// Lines of unknown keys and of ML-DSA-44 keys are skipped; a known key's line that does not verify refuses
    /// the whole note; a second line of the same key is not looked at; nothing verified is a refusal.
    pub fn open(&self, keys: &[VerifierKey]) -> Result<Vec<VerifiedBy>, NoteError> {
        let mut verified: Vec<VerifiedBy> = Vec::new();
        for line in &self.signatures {
            let mut matching = keys.iter().filter(|key| line.is_by(key));
            let Some(key) = matching.next() else { continue };
            if matching.next().is_some() {
                return Err(NoteError::AmbiguousKeys);
            }
            let seen = verified.iter().any(|by| by.name == line.name && by.id == line.id);
            if seen || key.algorithm == Algorithm::MlDsa44 {
                continue;
            }
            let posix_seconds = key.verify(&self.text, &line.signature)?;
            verified.push(VerifiedBy { name: line.name.clone(), id: line.id, posix_seconds });
        }
        if verified.is_empty() { Err(NoteError::NoKnownSignature) } else { Ok(verified) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// A witness's cosignature over the text of a note; the caller has checked consistency before.
pub fn cosign(text: &str, posix_seconds: u64, signer: &dyn Signer) -> Result<SignatureLine, NoteError> {
    let key = signer.vkey();
    if key.algorithm != Algorithm::CosignatureV1 {
        return Err(NoteError::WrongKeyKind);
    }
    if i64::try_from(posix_seconds).is_err() {
        return Err(NoteError::MalformedText);
    }
    let mut signature = posix_seconds.to_be_bytes().to_vec();
    signature.extend(signer.sign(cosigned_message(text, posix_seconds).as_bytes()));
    Ok(SignatureLine { name: key.name.clone(), id: key.id(), signature })
}

#[cfg(test)]
mod tests;
