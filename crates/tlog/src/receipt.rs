//! The receipt file: what was said to the person, the log entry about it, and the proof that the entry is in
//! the log; verifiable offline by anyone.
//!
//! Invariant: a receipt has one spelling. [`Receipt::parse_strict`] accepts only bytes that encoding would
//! produce again, and every member is bound by the signed checkpoint, so one changed byte anywhere fails.
//!
//! Chain of proof: `body` —nonce→ `payload` in `entry` —salt→ commitment → leaf → `proof` → root in
//! `checkpoint` → signature by `vkey`, whose name is the origin.

use crate::b64;
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::commitment;
use crate::note::{Algorithm, Note, NoteError, VerifierKey};
use crate::tree::{Hash, ProofError, verify_inclusion};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Value of `format` in a receipt file.
pub const FORMAT: &str = "senim-receipt/v1";
/// Largest file read, in bytes; access packages are the large ones.
pub const FILE_BYTES_MAX: usize = 64 << 20;

/// Why a file cannot be read as a receipt or proof at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The file is larger than 64 MiB.
    #[error("file is larger than {FILE_BYTES_MAX} bytes; give a single receipt, proof or access package")]
    TooLarge,
    /// The file is not JSON, or members are missing or of the wrong kind.
    #[error("not a receipt or proof (line {line}, column {column}); give the file as it was downloaded")]
    Malformed {
        /// Line of the first fault, from 1; 0 when the fault is in a member's value.
        line: usize,
        /// Column of the first fault.
        column: usize,
    },
    /// The member `format` names a format this program does not know.
    #[error("unknown format; use a newer senim, or give a receipt or proof")]
    UnknownFormat,
    /// It says the same as a receipt could but is spelled otherwise: somebody edited it.
    #[error("file was edited after it was issued; give the file as it was downloaded")]
    NotCanonical,
}

/// Why a receipt or proof that could be read proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidReceipt {
    /// The key inside is malformed.
    #[error("key in the file is malformed: {0}")]
    Key(#[source] NoteError),
    /// The key inside is not the one that was given.
    #[error("file was signed by another key than the one given; check which log it comes from")]
    OtherKey,
    /// The checkpoint is refused.
    #[error("checkpoint in the file is refused: {0}")]
    Checkpoint(#[source] CheckpointError),
    /// The checkpoint has not exactly one signature line.
    #[error("checkpoint in the file must have exactly one signature line")]
    SignatureLines,
    /// The entry is not a JSON object with one `kind` and one `payload`.
    #[error("entry in the file is malformed; it must be an object with one kind and one payload")]
    Entry,
    /// The entry is about something of another kind.
    #[error("kind of the file is not the kind of its log entry; the file was changed")]
    Kind,
    /// The body does not hash to the entry's payload.
    #[error("body does not match its log entry; the file was changed")]
    Payload,
    /// The proof does not lead to the checkpoint.
    #[error("entry is not in the log of this checkpoint: {0}")]
    Proof(#[source] ProofError),
}

/// Where trust in the key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The verifier brought the key and it is the one in the file.
    Given,
    /// The key came from the file itself; compare it with `/.well-known/senim-log-key`.
    SelfAsserted,
}

impl Trust {
    /// The word in `senim verify --json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::SelfAsserted => "self-asserted",
        }
    }
}

/// What a valid receipt or proof shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Kind of the receipt, or of the proof.
    pub kind: String,
    /// Name of the log.
    pub origin: String,
    /// Id of the key, eight lower-case hexadecimal digits.
    pub key_id: String,
    /// Where trust in the key comes from.
    pub trust: Trust,
    /// Index of the entry; for a consistency proof the older size.
    pub index: u64,
    /// Size of the log that the checkpoint covers.
    pub size: u64,
    /// The log belongs to a rehearsal and proves nothing in earnest.
    pub rehearsal: bool,
}

/// A receipt; the order of its members is the order in the file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// What it is about, as `consent` or `access-package`; equals the entry's `kind`.
    pub kind: String,
    /// What was said to the person: the exact JSON text.
    pub body: String,
    /// 32 random bytes that hide the body behind the payload.
    #[serde(with = "b64::array32")]
    pub nonce: [u8; 32],
    /// The log entry: the exact JSON text with `kind` and `payload` among its members.
    pub entry: String,
    /// 32 random bytes that hide the entry behind the commitment.
    #[serde(with = "b64::array32")]
    pub salt: [u8; 32],
    /// Index of the entry in the log.
    pub index: u64,
    /// Signed note of the log's head, with the log's signature line only ([`Note::only`]).
    pub checkpoint: String,
    /// Inclusion proof of the entry in the tree of the checkpoint.
    pub proof: Vec<Hash>,
    /// The log's verifier key.
    pub vkey: String,
}

/// A receipt file: the format, then the members of the receipt.
#[derive(Serialize, Deserialize)]
struct File<T> {
    format: String,
    #[serde(flatten)]
    receipt: T,
}

/// The members of an entry that bind a receipt; others belong to the log's owner. Repeated ones are refused.
#[derive(Deserialize)]
struct EntryHead {
    kind: String,
    payload: String,
}

impl Receipt {
    /// The file: fixed order, two spaces, newline at the end.
    pub fn encode(&self) -> String {
        encode_canonical(&File { format: FORMAT.to_owned(), receipt: self })
    }

    /// Reads a file and refuses every spelling but the one [`Receipt::encode`] makes.
    pub fn parse_strict(bytes: &[u8]) -> Result<Self, Unreadable> {
        let file: File<Self> = parse_canonical(bytes)?;
        if file.format == FORMAT { Ok(file.receipt) } else { Err(Unreadable::UnknownFormat) }
    }

    /// Verifies the whole chain offline, with the key given or else the one inside.
    pub fn verify(&self, trusted: Option<&VerifierKey>) -> Result<Verified, InvalidReceipt> {
        let (key, trust) = log_key(&self.vkey, trusted)?;
        let head = entry_head(&self.entry)?;
        if head.kind != self.kind {
            return Err(InvalidReceipt::Kind);
        }
        let payload = commitment::payload(&self.nonce, self.body.as_bytes());
        if b64::decode32(&head.payload) != Some(payload) {
            return Err(InvalidReceipt::Payload);
        }
        let checkpoint = open_single(&self.checkpoint, &key)?;
        let leaf = commitment::leaf(&commitment::commit(&self.salt, self.entry.as_bytes()));
        verify_inclusion(&leaf, self.index, checkpoint.size, &self.proof, &checkpoint.root)
            .map_err(InvalidReceipt::Proof)?;
        Ok(verified(&self.kind, &checkpoint, &key, trust, self.index))
    }
}

impl fmt::Debug for Receipt {
    /// Body and entry may hold personal data and stay out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receipt")
            .field("kind", &self.kind)
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}

fn entry_head(entry: &str) -> Result<EntryHead, InvalidReceipt> {
    // Deriving would also read an array in member order; only an object is an entry.
    if !entry.starts_with('{') {
        return Err(InvalidReceipt::Entry);
    }
    serde_json::from_str(entry).map_err(|_| InvalidReceipt::Entry)
}

/// The key a file names, and whether the verifier brought the same.
pub(crate) fn log_key(
    vkey: &str,
    trusted: Option<&VerifierKey>,
) -> Result<(VerifierKey, Trust), InvalidReceipt> {
    let key = VerifierKey::parse(vkey).map_err(InvalidReceipt::Key)?;
    if key.algorithm() != Algorithm::Ed25519 {
        return Err(InvalidReceipt::Key(NoteError::WrongKeyKind));
    }
    match trusted {
        None => Ok((key, Trust::SelfAsserted)),
        Some(trusted) if *trusted == key => Ok((key, Trust::Given)),
        Some(_) => Err(InvalidReceipt::OtherKey),
    }
}

/// Opens a checkpoint that has one signature line, so that nothing unverified travels in the file.
pub(crate) fn open_single(note: &str, key: &VerifierKey) -> Result<Checkpoint, InvalidReceipt> {
    let parsed = Note::parse(note).map_err(|error| InvalidReceipt::Checkpoint(error.into()))?;
    if parsed.signatures().len() != 1 {
        return Err(InvalidReceipt::SignatureLines);
    }
    Checkpoint::open(note, key).map_err(InvalidReceipt::Checkpoint)
}

/// The result for a file whose proof holds.
pub(crate) fn verified(
    kind: &str,
    checkpoint: &Checkpoint,
    key: &VerifierKey,
    trust: Trust,
    index: u64,
) -> Verified {
    Verified {
        kind: kind.to_owned(),
        origin: checkpoint.origin.clone(),
        key_id: key.id_hex(),
        trust,
        index,
        size: checkpoint.size,
        rehearsal: checkpoint.is_rehearsal(),
    }
}

/// The one spelling of a file: pretty JSON with two spaces, members in declared order, newline at the end.
pub(crate) fn encode_canonical<T: Serialize>(value: &T) -> String {
    // Our files are strings, integers and lists of strings, none of which can fail to serialise.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads a file and demands that it is the one spelling of its content.
pub(crate) fn parse_canonical<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Unreadable::TooLarge);
    }
    let value: T = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
    // Unknown and repeated members, other orders and other spellings all end here.
    if encode_canonical(&value).as_bytes() == bytes { Ok(value) } else { Err(Unreadable::NotCanonical) }
}

/// Where a file is broken; never the message, which may quote a value.
pub(crate) fn malformed(error: &serde_json::Error) -> Unreadable {
    Unreadable::Malformed { line: error.line(), column: error.column() }
}

#[cfg(test)]
mod tests;
