//! Recipients: who may be given data, for what, and under which undertakings.
//!
//! Clauses: C11.1, C11.3, C12, C18.

use model::{Instant, PurposeId, RecipientId};

use crate::policy::Texts;
use crate::set::CategorySet;

/// What a recipient is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecipientKind {
    /// A partner of clause 18.
    Partner,
    /// A bank of clause 8.10.
    Bank,
    /// A contractor who studies or serves for the controller.
    Contractor,
    /// A body of the state.
    Authority,
    /// Another system of the controller itself.
    InternalSystem,
}

impl RecipientKind {
    /// The stable kebab-case code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Bank => "bank",
            Self::Contractor => "contractor",
            Self::Authority => "authority",
            Self::InternalSystem => "internal-system",
        }
    }
}

/// A recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Its id.
    pub id: RecipientId,
    /// What it is.
    pub kind: RecipientKind,
    /// Its name.
    pub name: Texts,
    /// Its BIN.
    pub bin: String,
    /// The country of its database, ISO 3166-1 alpha-2.
    pub country: String,
    /// What it may be given data for.
    pub purposes: Vec<PurposeId>,
    /// What it may be given.
    pub categories: CategorySet,
    /// Whether the public list shows it; if not it receives nothing.
    pub published: bool,
    /// End of its undertaking of secrecy, exclusive; none = there is no undertaking.
    pub undertaking_until: Option<Instant>,
    /// End of its attestation of security measures, exclusive; none = there is none.
    pub attestation_until: Option<Instant>,
}
