//! Consent: an append-only chain of events; its status is computed, never stored as truth.
//!
//! Clauses: C4, C6.1, C6.2, C17.2.

use crate::code::PurposeId;
use crate::id::ConsentId;
use crate::operation::{Operation, OperationSet};
use crate::time::Instant;

/// Where a consent to one purpose stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentStatus {
    /// Asked for, not answered.
    Requested,
    /// Given and live.
    Given,
    /// Asked for and refused.
    Refused,
    /// Ended by the person.
    Withdrawn,
    /// Its term is over.
    Expired,
    /// Found never to have been valid.
    Invalidated,
    /// Ended by others than the person.
    Revoked,
}

impl ConsentStatus {
    /// The stable kebab-case code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Given => "given",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Invalidated => "invalidated",
            Self::Revoked => "revoked",
        }
    }
}

/// What happened to a consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentEventKind {
    /// The person gave it.
    Given,
    /// The person ended it, or a part of it.
    Withdrawn,
    /// The person was asked and said no.
    Refused,
    /// Found never to have been valid.
    Invalidated,
    /// Ended by others than the person.
    Revoked,
}

impl ConsentEventKind {
    /// The stable kebab-case code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Withdrawn => "withdrawn",
            Self::Refused => "refused",
            Self::Invalidated => "invalidated",
            Self::Revoked => "revoked",
        }
    }
    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Given, Self::Withdrawn, Self::Refused, Self::Invalidated, Self::Revoked]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// The parts of a consent that can be withdrawn apart (law art. 24(1)(5); C6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Collecting more.
    Collection,
    /// Processing what is held.
    Processing,
    /// Publishing.
    Publication,
    /// Transfer to third parties.
    Transfer,
    /// Transfer across the border.
    CrossBorder,
}

impl Part {
    /// The operations that end when this part is withdrawn.
    pub fn operations(self) -> OperationSet {
        match self {
            Self::Collection => {
                [Operation::Collection, Operation::Receipt, Operation::Accumulation].into_iter().collect()
            }
            Self::Processing => OperationSet::ALL,
            Self::Publication => [Operation::Distribution].into_iter().collect(),
            Self::Transfer | Self::CrossBorder => {
                [Operation::Provision, Operation::Access, Operation::Distribution].into_iter().collect()
            }
        }
    }
}

/// One link of a consent's chain. `previous` is the hash of the link before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentEvent {
    /// Whose chain.
    pub consent: ConsentId,
    /// Position in the chain, from 0.
    pub number: u32,
    /// What happened.
    pub kind: ConsentEventKind,
    /// The purposes it is about.
    pub purposes: Vec<PurposeId>,
    /// The operations it ends; all, unless only a part was withdrawn.
    pub operations: OperationSet,
    /// When.
    pub at: Instant,
    /// Hash of the link before; zeroes for the first.
    pub previous: [u8; 32],
}

impl ConsentEvent {
    /// The text whose SHA-256 the next link carries.
    pub fn canonical(&self) -> String {
        let purposes: Vec<&str> = self.purposes.iter().map(PurposeId::as_str).collect();
        format!(
            "senim/consent-event/v1\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n",
            self.consent,
            self.number,
            self.kind.code(),
            purposes.join(","),
            self.operations.bits(),
            self.at,
            crate::entry::base64(&self.previous),
        )
    }
}

/// What the gate keeps of the consent to one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsentFact {
    /// The purpose.
    pub purpose: PurposeId,
    /// The consent record it rests on.
    pub consent: ConsentId,
    /// When it was given.
    pub given_at: Instant,
    /// When it ends by itself.
    pub expires_at: Option<Instant>,
    /// How it ended, if it did.
    pub ended: Option<ConsentEventKind>,
    /// Operations withdrawn while the rest lives.
    pub withdrawn: OperationSet,
}

/// What a decision asks of the consent to one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    /// When it ends by itself.
    pub expires_at: Option<Instant>,
    /// How it ended, if it did.
    pub ended: Option<ConsentEventKind>,
    /// Operations withdrawn while the rest lives.
    pub withdrawn: OperationSet,
}

impl Standing {
    /// Its status at an instant.
    pub fn status(&self, at: Instant) -> ConsentStatus {
        match self.ended {
            Some(ConsentEventKind::Withdrawn) => ConsentStatus::Withdrawn,
            Some(ConsentEventKind::Refused) => ConsentStatus::Refused,
            Some(ConsentEventKind::Invalidated) => ConsentStatus::Invalidated,
            Some(ConsentEventKind::Revoked) => ConsentStatus::Revoked,
            Some(ConsentEventKind::Given) | None => match self.expires_at {
                Some(end) if at >= end => ConsentStatus::Expired,
                _ => ConsentStatus::Given,
            },
        }
    }
    /// Whether it is live at an instant.
    pub fn is_live(&self, at: Instant) -> bool {
        self.status(at) == ConsentStatus::Given
    }
    /// Whether it is live for this operation at an instant.
    pub fn permits(&self, operation: Operation, at: Instant) -> bool {
        self.is_live(at) && !self.withdrawn.contains(operation)
    }
}

impl ConsentFact {
    /// What a decision asks of it.
    pub const fn standing(&self) -> Standing {
        Standing { expires_at: self.expires_at, ended: self.ended, withdrawn: self.withdrawn }
    }
    /// Its status at an instant.
    pub fn status(&self, at: Instant) -> ConsentStatus {
        self.standing().status(at)
    }
    /// Whether it is live at an instant.
    pub fn is_live(&self, at: Instant) -> bool {
        self.standing().is_live(at)
    }
}
