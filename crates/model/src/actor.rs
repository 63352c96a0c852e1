//! Who acts, for what, and when: the first argument of every use case.

use crate::code::RoleId;
use crate::id::{ApiKeyId, OperatorId, SubjectId};
use crate::locale::Locale;
use crate::time::Instant;

/// The one who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal {
    /// The person whose data it is.
    DataSubject(SubjectId),
    /// A member of staff.
    Operator(OperatorId),
    /// A program with a key.
    ApiKey(ApiKeyId),
    /// A visitor who has not shown who he is.
    Visitor,
    /// The server itself: sweeps and jobs.
    System,
}

impl std::fmt::Display for Principal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            // The entry must not name the person: it outlives him.
            Self::DataSubject(_) => f.write_str("self"),
            Self::Operator(id) => id.fmt(f),
            Self::ApiKey(id) => id.fmt(f),
            Self::Visitor => f.write_str("visitor"),
            Self::System => f.write_str("system"),
        }
    }
}

/// Who acts and in which role (`policy/roles.toml`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The one who acts.
    pub principal: Principal,
    /// The role he acts in.
    pub role: RoleId,
}

/// What every use case is told before anything else.
#[derive(Clone, Copy, Debug)]
pub struct ProcessingContext {
    /// Who acts.
    pub actor: Actor,
    /// When: drawn once, so that one act has one time.
    pub at: Instant,
    /// The language to answer in.
    pub locale: Locale,
}
