//! What can go wrong in storage. A fault never carries a stored value, only codes and fixed texts.

/// An infrastructure fault; the unit did not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The unit gave up by its own will; the text is its reason, a fixed code.
    #[error("the unit gave up: {0}")]
    Rollback(&'static str),
    /// Too much is waiting, or another holder has the lock; try again.
    #[error("the store is busy; try again")]
    Busy,
    /// The disk or the size limit is reached; only the protected lane still writes.
    #[error("the disk is full; free space, withdrawals and erasures still work")]
    Full,
    /// What is stored contradicts itself.
    #[error("stored data is damaged ({0}); run `senim doctor`, then restore from a backup")]
    Corrupt(&'static str),
    /// The log was signed by another key than the one given.
    #[error(
        "the database belongs to other keys than these, since its log was signed by another; name the keystore of this \
         database: a further node takes the token of the first, or files of its own with a database of its own"
    )]
    OtherKeys,
    /// A storage error came before: nothing is acknowledged any more.
    #[error("the store has stopped after a storage error; restart to recover")]
    Stopped,
    /// The folder belongs to another version.
    #[error("the data has schema version {found}, this program knows {expected}; {}", advice(*.found, *.expected))]
    Version {
        /// The version of the folder; 0 when it is no folder of ours.
        found: u32,
        /// The newest version this program knows.
        expected: u32,
    },
    /// Another process holds the folder.
    #[error("another process holds the data folder; stop it or speak to it through its control socket")]
    Locked,
    /// The operating system or the database reported an error.
    #[error("storage failed: {0}; restart to recover")]
    Io(String),
    /// A row with this key stands already, or a rule of the schema is broken.
    #[error("a row with this key stands already")]
    Conflict,
    /// A statement touched another number of rows than it must.
    #[error("expected to change {expected} rows, changed {actual}; read again and retry")]
    Affected {
        /// How many rows it had to be.
        expected: usize,
        /// How many it was.
        actual: usize,
    },
    /// The row asked for does not stand.
    #[error("no such row in {0}")]
    Missing(&'static str),
    /// A statement that cannot run: a mistake in this program.
    #[error("statement refused: {0}; report it as a bug")]
    Statement(String),
    /// The unit panicked; it harmed nobody else.
    #[error("the unit panicked; report it as a bug")]
    Panicked,
    /// The connection to the database server was lost; what was not acknowledged may be tried again.
    #[error("the connection to the database was lost; try again")]
    Lost,
    /// The connection was lost during a commit and nobody can say what became of it.
    #[error("the outcome of the commit is not known; repeat it with the same idempotency key")]
    Unknown,
    /// The database server cannot be used as it is set up.
    #[error("the database cannot be used: {0}")]
    Database(String),
    /// A write was tried in a read.
    #[error("this is a read; use write")]
    ReadOnly,
    /// The backups given cannot be restored together.
    #[error("cannot restore: {0}")]
    Unrestorable(&'static str),
}

fn advice(found: u32, expected: u32) -> &'static str {
    if found > expected {
        "open it with the newer program that wrote it"
    } else {
        "it is not a data folder of this program, or its migrations differ; choose another --data"
    }
}

impl Fault {
    /// Whether the same unit may succeed if it is simply run again.
    pub const fn is_retriable(&self) -> bool {
        matches!(self, Self::Busy | Self::Lost)
    }

    /// Whether nothing may be acknowledged after it (DESIGN §1, invariant 6).
    pub(crate) const fn is_fatal(&self) -> bool {
        matches!(self, Self::Io(_) | Self::Corrupt(_) | Self::Stopped)
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let rusqlite::Error::SqliteFailure(failure, message) = &error else {
            return Self::Statement(error.to_string());
        };
        match failure.code {
            Code::DiskFull => Self::Full,
            Code::DatabaseBusy | Code::DatabaseLocked => Self::Busy,
            Code::ConstraintViolation => Self::Conflict,
            Code::DatabaseCorrupt => Self::Corrupt("database page"),
            Code::NotADatabase => Self::Corrupt("database header"),
            Code::ReadOnly if failure.extended_code == rusqlite::ffi::SQLITE_READONLY => Self::ReadOnly,
            Code::SystemIoFailure
            | Code::CannotOpen
            | Code::OutOfMemory
            | Code::ReadOnly
            | Code::PermissionDenied
            | Code::FileLockingProtocolFailed
            | Code::NoLargeFileSupport => Self::Io(format!("code {}", failure.extended_code)),
            _ => {
                Self::Statement(message.clone().unwrap_or_else(|| format!("code {}", failure.extended_code)))
            }
        }
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            // The kind only: the text of the system may name a path.
            kind => Self::Io(kind.to_string()),
        }
    }
}
