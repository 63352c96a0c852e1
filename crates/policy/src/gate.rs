//! The decision, and the two values that make "no log entry, no plaintext" a matter of types: a [`Grant`]
//! comes only from [`decide`], and a [`Witnessed`] grant only from [`Grant::witness`], which writes the entry.
//!
//! ```compile_fail
//! // A grant cannot be made by hand.
//! let query: policy::Query = unimplemented!();
//! let grant = policy::Grant { query, subject: unimplemented!() };
//! ```
//! ```compile_fail
//! // A grant is used once.
//! fn twice(grant: policy::Grant) -> (policy::Grant, policy::Grant) { (grant.clone(), grant) }
//! ```
//! ```compile_fail
//! // A witnessed grant cannot be made without a witness.
//! fn forge(grant: policy::Grant) -> policy::Witnessed<policy::Grant> { policy::Witnessed(grant) }
//! ```
//! ```compile_fail
//! // Nor be taken apart to be witnessed again.
//! fn back(witnessed: policy::Witnessed<policy::Grant>) -> policy::Grant { *witnessed }
//! ```
//!
//! Clauses: C1.2, C5, C6.1, C8.7, C8.9, C9.0, C10.1, C10.2, C10.5, C11.3, C11.4, C12, C16.1, C17, C18.

mod bulk;

use std::ops::Deref;

use model::{
    Actor, CategoryCode, ClauseId, ConsentStatus, Entry, EntryId, EntryKind, Facts, HistoryRow, Instant,
    LogLine, Operation, OperationSet, Principal, PurposeId, RecipientId, Salt, SubjectId, SubjectStatus,
    Violation, Witness,
};

use crate::policy::{Cell, Policy};
use crate::purpose::{Basis, Purpose};
use crate::role::{PrincipalKind, Role};
use crate::set::CategorySet;

pub use bulk::Bulk;

/// What somebody wants to do to a person's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query {
    /// Who, in which role.
    pub actor: Actor,
    /// For what.
    pub purpose: PurposeId,
    /// To which categories.
    pub categories: CategorySet,
    /// What.
    pub operation: Operation,
    /// To whom, if data leave.
    pub recipient: Option<RecipientId>,
    /// When.
    pub at: Instant,
}

/// The answer.
#[derive(Debug)]
pub enum Decision {
    /// It may be done, once, as asked.
    Permit(Grant),
    /// It may not be done: every rule it breaks.
    Refuse(Vec<Violation>),
}

impl Decision {
    /// The grant, or the violations.
    ///
    /// # Errors
    /// The violations of a refusal.
    pub fn granted(self) -> Result<Grant, Vec<Violation>> {
        match self {
            Self::Permit(grant) => Ok(grant),
            Self::Refuse(violations) => Err(violations),
        }
    }
}

/// A permission for one act. Made only by [`decide`]; neither copied nor stored.
#[derive(Debug)]
#[must_use = "a grant permits an act only once it is witnessed"]
pub struct Grant {
    query: Query,
    subject: SubjectId,
    /// The codes that the entry names; none until it is witnessed.
    named: Vec<CategoryCode>,
}

/// What the caller has ready for the log line of an act: drawn and sealed before the transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Id of the entry.
    pub id: EntryId,
    /// What the entry is about.
    pub kind: EntryKind,
    /// Hash of what a receipt shows.
    pub payload: Option<[u8; 32]>,
    /// The salt of its commitment.
    pub salt: Salt,
    /// The person's history row, sealed over the text of [`Policy::entry_for`].
    pub history: Vec<HistoryRow>,
}

impl Grant {
    /// Whose data.
    pub const fn subject(&self) -> SubjectId {
        self.subject
    }
    /// For what.
    pub const fn purpose(&self) -> PurposeId {
        self.query.purpose
    }
    /// Which categories.
    pub const fn categories(&self) -> CategorySet {
        self.query.categories
    }
    /// What may be done.
    pub const fn operation(&self) -> Operation {
        self.query.operation
    }
    /// To whom, if data leave.
    pub const fn recipient(&self) -> Option<RecipientId> {
        self.query.recipient
    }
    /// When.
    pub const fn at(&self) -> Instant {
        self.query.at
    }
    /// The question it answers.
    pub const fn query(&self) -> &Query {
        &self.query
    }

    /// Writes the entry of the act in the caller's transaction, and only then lets the act happen.
    ///
    /// # Errors
    /// The witness's fault: the entry is not written, so the act must not happen.
    pub fn witness<W: Witness>(
        self,
        policy: &Policy,
        line: Draft,
        witness: &mut W,
    ) -> Result<Witnessed<Self>, W::Fault> {
        let entry = policy.entry_for(&self.query, line.id, line.kind, line.payload);
        let named = entry.categories.clone();
        witness.append(LogLine { entry, salt: line.salt, history: line.history })?;
        Ok(Witnessed(Self { named, ..self }))
    }
}

impl Witnessed<Grant> {
    /// Whether the log entry names this category: what `vault` asks before it opens a value.
    pub fn covers(&self, category: CategoryCode) -> bool {
        self.0.named.contains(&category)
    }
}

/// Something whose log entry is written. Made only by [`Grant::witness`].
#[derive(Debug)]
pub struct Witnessed<T>(T);

impl<T> Deref for Witnessed<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl Policy {
    /// The entry of a query, so that its text can be sealed into the person's history before the
    /// transaction. The clause is that of the purpose. A kind that records another operation than the
    /// query's is replaced by the kind of that operation: the log cannot say less than was permitted.
    pub fn entry_for(&self, query: &Query, id: EntryId, kind: EntryKind, payload: Option<[u8; 32]>) -> Entry {
        let kind = match kind.operation() {
            Some(operation) if operation != query.operation => EntryKind::ALL
                .iter()
                .copied()
                .find(|other| other.operation() == Some(query.operation))
                .unwrap_or(kind),
            _ => kind,
        };
        Entry {
            id,
            at: query.at,
            kind,
            purpose: Some(query.purpose),
            categories: self.codes(query.categories),
            actor: query.actor,
            clause: self.purpose(query.purpose).map_or(rule::PURPOSE, |purpose| purpose.clause),
            recipient: query.recipient,
            subjects: 1,
            payload,
            note: None,
        }
    }
}

/// Operations by which a submission comes in. They need no proven contact: the person's own act brings
/// the data, nothing is done with them yet (C9.0).
fn is_ingress(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::Collection
            | Operation::Receipt
            | Operation::Recording
            | Operation::Systematisation
            | Operation::Accumulation
            | Operation::Storage
    )
}

/// Says whether an act is permitted. Pure; constant time in the number of rules, roles and purposes; no
/// allocation when it permits.
pub fn decide<F: Facts + ?Sized>(policy: &Policy, facts: &F, query: &Query) -> Decision {
    if facts.status() == SubjectStatus::Erased {
        return Decision::Refuse(vec![Violation::new("subject-erased", rule::ERASED)]);
    }
    // An empty Vec does not allocate: a permit costs none.
    let mut broken = Vec::new();
    let role_row = policy.role_rows.get(&query.actor.role).copied();
    let purpose_row = policy.purpose_rows.get(&query.purpose).copied();
    let role = role_row.and_then(|row| policy.roles.get(row as usize));
    let purpose = purpose_row.and_then(|row| policy.purposes.get(row as usize));

    match role {
        Some(role) => check_principal(role, facts, query, &mut broken),
        None => broken.push(Violation::new("role-unknown", rule::ROLE)),
    }
    match purpose {
        Some(purpose) => check_purpose(policy, purpose, facts, query, &mut broken),
        None => broken.push(Violation::new("purpose-unknown", rule::PURPOSE)),
    }
    if let (Some(role_row), Some(purpose_row)) = (role_row, purpose_row) {
        match policy.cells.get(&(role_row, purpose_row)) {
            Some(cell) => check_cell(policy, cell, purpose, query, &mut broken),
            None => broken.push(Violation::new("purpose-not-of-role", rule::ROLE)),
        }
    }
    if query.categories.without(policy.known) != CategorySet::EMPTY {
        broken.push(Violation::new("category-unknown", rule::CATEGORY));
    }
    if facts.restriction().is_some() {
        let excepted = purpose.is_some_and(|purpose| purpose.basis == Basis::LegalObligation)
            && role.is_some_and(|role| role.while_restricted.contains(query.operation));
        if !excepted {
            broken.push(Violation::new("subject-restricted", rule::RESTRICTED));
        }
    }
    check_recipient(policy, query, &mut broken);

    if broken.is_empty() {
        Decision::Permit(Grant { query: *query, subject: facts.subject(), named: Vec::new() })
    } else {
        Decision::Refuse(broken)
    }
}

fn check_principal<F: Facts + ?Sized>(role: &Role, facts: &F, query: &Query, broken: &mut Vec<Violation>) {
    if role.principal_bits & (1 << PrincipalKind::of(&query.actor.principal) as u8) == 0 {
        broken.push(Violation::new("principal-not-of-role", rule::ROLE));
    }
    if role.own_data_only && query.actor.principal != Principal::DataSubject(facts.subject()) {
        broken.push(Violation::new("not-own-data", rule::OWN_DATA));
    }
}

fn check_purpose<F: Facts + ?Sized>(
    policy: &Policy,
    purpose: &Purpose,
    facts: &F,
    query: &Query,
    broken: &mut Vec<Violation>,
) {
    let excess = query.categories.without(purpose.categories).intersection(policy.known);
    for row in excess.rows() {
        broken.push(of_row(policy, row, "category-not-for-purpose", rule::MINIMAL));
    }
    if purpose.anonymised_only {
        // No consent widens it: law art. 17(1).
        if query.operation != Operation::Anonymisation {
            broken.push(Violation::new("research-not-anonymised", purpose.clause));
        }
    } else if !purpose.operations.contains(query.operation) {
        broken.push(Violation::new("operation-not-for-purpose", rule::PURPOSE));
    }
    if purpose.basis == Basis::LegalObligation {
        return; // the law asks for neither consent nor age
    }
    if !facts.is_adult() {
        broken.push(Violation::new("adult-not-declared", rule::ADULT));
    }
    if purpose.needs_proven_contact && !facts.is_proven() && !is_ingress(query.operation) {
        broken.push(Violation::new("contact-unproven", rule::UNPROVEN));
    }
    let consent = facts.standing(query.purpose);
    let code = match consent.map(|standing| standing.status(query.at)) {
        Some(ConsentStatus::Given) => match consent {
            Some(standing) if standing.permits(query.operation, query.at) => return,
            _ => "consent-withdrawn", // this part of it
        },
        None | Some(ConsentStatus::Requested | ConsentStatus::Refused) => "consent-missing",
        Some(ConsentStatus::Withdrawn) => "consent-withdrawn",
        Some(ConsentStatus::Expired) => "consent-expired",
        Some(ConsentStatus::Invalidated) => "consent-invalidated",
        Some(ConsentStatus::Revoked) => "consent-revoked",
    };
    broken.push(Violation::new(code, rule::CONSENT));
}

fn check_cell(
    policy: &Policy,
    cell: &Cell,
    purpose: Option<&Purpose>,
    query: &Query,
    broken: &mut Vec<Violation>,
) {
    if !cell.operations.contains(query.operation) {
        broken.push(Violation::new("operation-not-of-role", rule::ROLE));
    }
    // What the purpose itself does not cover was said already.
    let covered = purpose.map_or(CategorySet::EMPTY, |purpose| purpose.categories);
    for row in query.categories.intersection(covered).without(cell.categories).rows() {
        broken.push(of_row(policy, row, "category-not-of-role", rule::ROLE));
    }
}

fn check_recipient(policy: &Policy, query: &Query, broken: &mut Vec<Violation>) {
    let Some(id) = query.recipient else {
        // Publication has no single recipient; provision and access do.
        if query.operation.is_disclosure() && query.operation != Operation::Distribution {
            broken.push(Violation::new("recipient-missing", rule::TRANSFER));
        }
        return;
    };
    let Some(recipient) = policy.recipient(id).filter(|recipient| recipient.published) else {
        broken.push(Violation::new("recipient-unpublished", rule::PUBLISHED));
        return;
    };
    if !recipient.purposes.contains(&query.purpose) {
        broken.push(Violation::new("recipient-not-for-purpose", rule::TRANSFER));
    }
    for row in query.categories.intersection(policy.known).without(recipient.categories).rows() {
        broken.push(of_row(policy, row, "category-not-for-recipient", rule::TRANSFER));
    }
    if recipient.undertaking_until.is_none_or(|end| query.at >= end) {
        broken.push(Violation::new("recipient-undertaking", rule::SECRECY));
    }
    if recipient.attestation_until.is_none_or(|end| query.at >= end) {
        broken.push(Violation::new("recipient-attestation", rule::MEASURES));
    }
}

fn of_row(policy: &Policy, row: usize, code: &'static str, clause: ClauseId) -> Violation {
    let violation = Violation::new(code, clause);
    match policy.categories.get(row) {
        Some(category) => violation.of_category(category.code),
        None => violation,
    }
}

/// The clause behind each rule of the gate.
mod rule {
    use super::ClauseId;

    const fn clause(text: &str) -> ClauseId {
        match ClauseId::new(text) {
            Ok(id) => id,
            #[expect(clippy::panic, reason = "evaluated by the compiler")]
            Err(_) => panic!(),
        }
    }

    pub(super) const ADULT: ClauseId = clause("C1.2");
    pub(super) const CATEGORY: ClauseId = clause("C5");
    pub(super) const CONSENT: ClauseId = clause("C6.1");
    pub(super) const UNPROVEN: ClauseId = clause("C9.0");
    pub(super) const PURPOSE: ClauseId = clause("C10.2");
    pub(super) const MINIMAL: ClauseId = clause("C10.5");
    pub(super) const TRANSFER: ClauseId = clause("C11.3");
    pub(super) const ROLE: ClauseId = clause("C11.4");
    pub(super) const SECRECY: ClauseId = clause("C12.1");
    pub(super) const MEASURES: ClauseId = clause("C12.2");
    pub(super) const OWN_DATA: ClauseId = clause("C16.1");
    pub(super) const RESTRICTED: ClauseId = clause("C17.4");
    pub(super) const ERASED: ClauseId = clause("C10.7");
    pub(super) const PUBLISHED: ClauseId = clause("C18");
}

/// All operations of a set, in the order of clause 1.
pub(crate) fn operations(set: OperationSet) -> impl Iterator<Item = Operation> {
    Operation::ALL.into_iter().filter(move |operation| set.contains(*operation))
}
