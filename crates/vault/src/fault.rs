//! What can go wrong between keys and values. No message holds a value or a key.

use model::{BucketId, CategoryCode, PurposeId, RecordId};

use crate::keystore::KeystoreFault;

/// Why keys could not be made, opened, closed or renewed.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The keystore did not give, make or destroy a key.
    #[error(transparent)]
    Keystore(KeystoreFault),
    /// A sealed piece did not open.
    #[error(transparent)]
    Unopened(#[from] Unopened),
    /// A keyring and a bucket that do not belong together.
    #[error("this keyring is of bucket {keyring}, not of {given}: fetch the bucket that its row names")]
    OtherBucket {
        /// The bucket that the keyring names.
        keyring: BucketId,
        /// The bucket that was given.
        given: BucketId,
    },
    /// A key would be carried into an epoch that is not later than its own.
    #[error("bucket keys move only to a later epoch: from {from} to {to} is not one")]
    NotLater {
        /// The epoch of the bucket.
        from: u32,
        /// The epoch asked for.
        to: u32,
    },
    /// Too many records for one keyring.
    #[error("a keyring holds at most {0} records: destroy old versions first")]
    Crowded(usize),
    /// A plaintext too long for one record.
    #[error("a value holds at most {0} bytes: keep it in pieces")]
    TooLong(usize),
}

impl From<KeystoreFault> for Fault {
    fn from(fault: KeystoreFault) -> Self {
        match fault {
            KeystoreFault::Unopened(unopened) => Self::Unopened(unopened),
            other => Self::Keystore(other),
        }
    }
}

impl Fault {
    /// Whether the same call may succeed later without anybody's help.
    pub const fn is_retriable(&self) -> bool {
        matches!(self, Self::Keystore(fault) if fault.is_retriable())
    }
}

/// Why a value was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenFault {
    /// The grant is for another data subject than the keyring.
    #[error("the grant is for another data subject: ask for a grant of the one whose keyring it is")]
    OtherSubject,
    /// The grant does not cover the category of the value.
    #[error("the grant does not cover category {0}: ask for it, or leave it out")]
    CategoryNotGranted(CategoryCode),
    /// The grant is for a purpose that may not open this.
    #[error("a grant for purpose {0} does not open a history: ask for one for `rights`")]
    PurposeNotGranted(PurposeId),
    /// The record's key was destroyed, and with it the value.
    #[error("{0} was destroyed: no key opens it any more")]
    Destroyed(RecordId),
    /// It is not the ciphertext of this subject, category, record and version, or it was changed.
    #[error(transparent)]
    Unopened(#[from] Unopened),
}

/// Why sealed bytes did not open under their key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    /// The bytes do not authenticate: another key, another place, or changed bytes.
    #[error("this {0} does not open under its key: restore it from a backup and run `senim doctor`")]
    Broken(Piece),
    /// The bytes are of a format that this version does not know.
    #[error("this {piece} has format {found}: open it with the version of senim that wrote it")]
    Format {
        /// What was to be opened.
        piece: Piece,
        /// Its format byte; 0 also stands for a truncated piece.
        found: u8,
    },
}

/// What was to be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// A wrapped bucket key.
    Bucket,
    /// A wrapped subject key.
    SubjectKey,
    /// A sealed keyring.
    Keyring,
    /// A sealed value.
    Value,
    /// A sealed line of history.
    History,
    /// A secret of the server's own.
    ServerSecret,
}

impl std::fmt::Display for Piece {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Bucket => "bucket key",
            Self::SubjectKey => "subject key",
            Self::Keyring => "keyring",
            Self::Value => "value",
            Self::History => "history line",
            Self::ServerSecret => "server secret",
        })
    }
}
