//! What the gate must know of a data subject: never a value, only flags, an epoch and consent bits.

use crate::code::PurposeId;
use crate::consent::{ConsentFact, Standing};
use crate::id::SubjectId;
use crate::time::Instant;

/// Where a subject stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum SubjectStatus {
    /// Data are held.
    Live = 0,
    /// Erased: only a tombstone stands.
    Erased = 1,
}

/// The two kinds of restriction (блокирование; CLAUSES C17).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum RestrictionKind {
    /// Disputed: neither used nor destroyed until decided.
    Dispute = 1,
    /// Waiting for its destruction.
    PendingDestruction = 2,
    /// Stopped because the person asked for it (GDPR art. 18).
    OnDemand = 3,
}

/// The facts about one subject that a decision needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectFacts {
    /// Whose.
    pub subject: SubjectId,
    /// Live or erased.
    pub status: SubjectStatus,
    /// The consent epoch: grows with each withdrawal, restriction and erasure; a job of an older epoch
    /// may not be claimed (the fence).
    pub epoch: u32,
    /// The restriction in force.
    pub restriction: Option<RestrictionKind>,
    /// The person declared full age and capacity (C1.2).
    pub adult_declared: bool,
    /// At least one contact is proven (C9.0).
    pub contact_proven: bool,
    /// Consent by purpose; at most one per purpose, ordered by purpose.
    pub consents: Vec<ConsentFact>,
}

impl SubjectFacts {
    /// A subject of whom nothing is known but that he declared himself an adult.
    pub const fn new(subject: SubjectId, adult_declared: bool) -> Self {
        Self {
            subject,
            status: SubjectStatus::Live,
            epoch: 0,
            restriction: None,
            adult_declared,
            contact_proven: false,
            consents: Vec::new(),
        }
    }

    /// The consent held for a purpose, if one was ever given.
    pub fn consent(&self, purpose: PurposeId) -> Option<&ConsentFact> {
        self.consents.iter().find(|fact| fact.purpose == purpose)
    }

    /// Whether the purpose is consented to at this instant, whole.
    pub fn is_consented(&self, purpose: PurposeId, at: Instant) -> bool {
        self.consent(purpose).is_some_and(|fact| fact.is_live(at))
    }

    /// Puts in a fact, replacing that of the same purpose.
    pub fn set_consent(&mut self, fact: ConsentFact) {
        match self.consents.binary_search_by_key(&fact.purpose, |held| held.purpose) {
            Ok(at) => self.consents[at] = fact,
            Err(at) => self.consents.insert(at, fact),
        }
    }
}

/// What a decision asks about a subject: the facts as they are stored answer it, and the copy of them that is kept in
/// memory.
pub trait Facts {
    /// Whose.
    fn subject(&self) -> SubjectId;
    /// Live or erased.
    fn status(&self) -> SubjectStatus;
    /// The restriction in force.
    fn restriction(&self) -> Option<RestrictionKind>;
    /// Whether the person declared full age and capacity (C1.2).
    fn is_adult(&self) -> bool;
    /// Whether at least one contact is proven (C9.0).
    fn is_proven(&self) -> bool;
    /// Where the consent to a purpose stands, if one was ever given.
    fn standing(&self, purpose: PurposeId) -> Option<Standing>;
}

impl Facts for SubjectFacts {
    fn subject(&self) -> SubjectId {
        self.subject
    }
    fn status(&self) -> SubjectStatus {
        self.status
    }
    fn restriction(&self) -> Option<RestrictionKind> {
        self.restriction
    }
    fn is_adult(&self) -> bool {
        self.adult_declared
    }
    fn is_proven(&self) -> bool {
        self.contact_proven
    }
    fn standing(&self, purpose: PurposeId) -> Option<Standing> {
        self.consent(purpose).map(ConsentFact::standing)
    }
}
