//! Why a use case did not happen: refused by the policy (with code and clause), not there, gone, or a
//! fault of the infrastructure. `web` turns each into one HTTP answer in one place.

use model::{ClauseId, Violation};

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The policy says no.
    #[error("refused by the policy")]
    Refused(Vec<Violation>),
    /// No such thing, or none that this actor may know of.
    #[error("not found")]
    NotFound,
    /// The person's data were erased.
    #[error("erased")]
    Gone,
    /// Nobody is signed in, or the key, code, password or secret is wrong.
    #[error("not signed in, or the credential is wrong")]
    Unauthorised(&'static str),
    /// The idempotency key was used with another body.
    #[error("the idempotency key was used with another body")]
    IdempotencyMismatch,
    /// A state that forbids the act; the code says which.
    #[error("not possible in this state: {0}")]
    Conflict(&'static str),
    /// The store cannot take it.
    #[error(transparent)]
    Store(#[from] store::Fault),
    /// The key of an epoch is gone: the epoch ended between a look at a row and its opening, or this is another
    /// keystore. Read again; if that does not help, it is the latter.
    #[error("keys cannot be used: {0}")]
    EpochEnded(vault::KeystoreFault),
    /// Keys cannot be used.
    #[error("keys cannot be used: {0}")]
    Keys(String),
}

impl Failure {
    /// Whether the disk or the size limit is reached; withdrawals and erasures still work then.
    pub const fn is_disk_full(&self) -> bool {
        matches!(self, Self::Store(store::Fault::Full))
    }

    /// Refused for one reason.
    pub fn violation(code: &'static str, clause: &'static str) -> Self {
        Self::Refused(vec![violation(code, clause)])
    }
}

/// A violation of a clause whose id is written here.
pub fn violation(code: &'static str, clause: &'static str) -> Violation {
    Violation::new(code, clause_id(clause))
}

/// A clause id written in this crate; `C10.1` (lawfulness) stands in for one that is not well formed.
pub fn clause_id(clause: &str) -> ClauseId {
    const LAWFULNESS: ClauseId = match ClauseId::new("C10.1") {
        Ok(id) => id,
        Err(_) => crate::panic_on_bad_code(),
    };
    ClauseId::new(clause).unwrap_or(LAWFULNESS)
}

impl From<vault::Fault> for Failure {
    fn from(fault: vault::Fault) -> Self {
        match fault {
            vault::Fault::Keystore(missing @ vault::KeystoreFault::Missing(_)) => Self::EpochEnded(missing),
            other => Self::Keys(other.to_string()),
        }
    }
}

impl From<vault::OpenFault> for Failure {
    fn from(fault: vault::OpenFault) -> Self {
        Self::Keys(fault.to_string())
    }
}
