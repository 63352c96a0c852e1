//! C2SP tlog-checkpoint: the head of a log as the text of a signed note: origin, size, root, extension lines.
//!
//! Invariant: a checkpoint prints to the very text it was parsed from, and its origin is the name of the key
//! that signs it.

use crate::note::{Algorithm, Note, NoteError, Signer, VerifiedBy, VerifierKey, is_key_name};
use crate::tree::{Frontier, Hash, ProofError, SIZE_MAX, verify_consistency};
use std::fmt;

/// Ending of the origin of a log that belongs to a rehearsal (DESIGN, "Time").
pub const REHEARSAL_SUFFIX: &str = "/rehearsal";

/// Why a checkpoint is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The text is no checkpoint.
    #[error("not a checkpoint; expected origin, size and root on three lines")]
    Malformed,
    /// The origin is not the name of the key.
    #[error("checkpoint origin is not the name of the key; use the key of this log")]
    WrongOrigin,
    /// The note around it is refused.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Fewer witnesses cosigned than were asked for.
    #[error("only {have} of {want} witnesses cosigned; ask the witnesses again")]
    TooFewWitnesses {
        /// Distinct witnesses whose cosignature holds.
        have: usize,
        /// Witnesses required.
        want: usize,
    },
    /// The new tree does not extend the one signed before.
    #[error("tree does not extend the signed one; stop signing and run fsck")]
    NotAnExtension(#[source] ProofError),
}

/// The head of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the log, the first line.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root of the tree of these leaves.
    pub root: Hash,
    /// Further lines, none of them empty; not auditable, so normally none.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    pub fn new(origin: &str, size: u64, root: Hash) -> Self {
        Self { origin: origin.to_owned(), size, root, extensions: Vec::new() }
    }

    /// Reads the text of a note strictly: no leading zeroes, canonical base64, no empty lines.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let lines: Vec<&str> =
            text.strip_suffix('\n').ok_or(CheckpointError::Malformed)?.split('\n').collect();
        let [origin, size, root, extensions @ ..] = lines.as_slice() else {
            return Err(CheckpointError::Malformed);
        };
        let checkpoint = Self {
            origin: (*origin).to_owned(),
            size: size.parse().map_err(|_| CheckpointError::Malformed)?,
            root: Hash::from_base64(root).ok_or(CheckpointError::Malformed)?,
            extensions: extensions.iter().map(|line| (*line).to_owned()).collect(),
        };
        // Printing again refuses `+1`, `01` and their like.
        if checkpoint.is_well_formed() && checkpoint.to_string() == text {
            Ok(checkpoint)
        } else {
            Err(CheckpointError::Malformed)
        }
    }

    /// Signs the checkpoint; the signer's name must be the origin.
    ///
    /// Use [`Checkpoint::sign_after`] in a running log, which cannot sign a fork.
    pub fn sign(&self, signer: &dyn Signer) -> Result<Note, CheckpointError> {
        if !self.is_well_formed() {
            return Err(CheckpointError::Malformed);
        }
        if signer.vkey().name() != self.origin {
            return Err(CheckpointError::WrongOrigin);
        }
        Ok(Note::sign(&self.to_string(), signer)?)
    }

    /// Signs a checkpoint only when it extends the one signed before, shown by a consistency proof that was
    /// built from storage; so a memory fault or a rolled-back store is never signed (RELIABILITY §1.6).
    pub fn sign_after(
        &self,
        previous: &Self,
        proof: &[Hash],
        signer: &dyn Signer,
    ) -> Result<Note, CheckpointError> {
        if previous.origin != self.origin {
            return Err(CheckpointError::WrongOrigin);
        }
        verify_consistency(previous.size, &previous.root, self.size, &self.root, proof)
            .map_err(CheckpointError::NotAnExtension)?;
        self.sign(signer)
    }

    /// The head of a tree given by its frontier.
    pub fn of(origin: &str, frontier: &Frontier) -> Self {
        Self::new(origin, frontier.size(), frontier.root())
    }

    /// Parses and verifies a signed checkpoint with the log's key; other lines are skipped.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, CheckpointError> {
        let note = Note::parse(note)?;
        note.open(std::slice::from_ref(key))?;
        Self::of_log(&note, key)
    }

    /// Like [`Checkpoint::open`], and demands valid cosignatures of at least `quorum` of the witnesses.
    pub fn open_witnessed(
        note: &str,
        key: &VerifierKey,
        witnesses: &[VerifierKey],
        quorum: usize,
    ) -> Result<(Self, Vec<VerifiedBy>), CheckpointError> {
        let note = Note::parse(note)?;
        let keys: Vec<_> = std::iter::once(key).chain(witnesses).cloned().collect();
        let mut verified = note.open(&keys)?;
        let is_log = |by: &VerifiedBy| by.name == key.name() && by.id == key.id();
        if !verified.iter().any(is_log) {
            return Err(NoteError::NoKnownSignature.into());
        }
        verified.retain(|by| !is_log(by) && by.posix_seconds.is_some());
        if verified.len() < quorum {
            return Err(CheckpointError::TooFewWitnesses { have: verified.len(), want: quorum });
        }
        Ok((Self::of_log(&note, key)?, verified))
    }

    /// Whether the log belongs to a rehearsal.
    pub fn is_rehearsal(&self) -> bool {
        self.origin.ends_with(REHEARSAL_SUFFIX)
    }

    fn of_log(note: &Note, key: &VerifierKey) -> Result<Self, CheckpointError> {
        // A witness's key of the same name states something else and is no log's.
        if key.algorithm() != Algorithm::Ed25519 {
            return Err(NoteError::WrongKeyKind.into());
        }
        let checkpoint = Self::parse(note.text())?;
        if checkpoint.origin == key.name() { Ok(checkpoint) } else { Err(CheckpointError::WrongOrigin) }
    }

    fn is_well_formed(&self) -> bool {
        is_key_name(&self.origin)
            && self.size <= SIZE_MAX
            && self.extensions.iter().all(|line| !line.is_empty() && !line.contains(|c: char| c < ' '))
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, self.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

#[cfg(test)]
mod tests;
