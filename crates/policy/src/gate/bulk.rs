//! One act about many people: one entry for all of them, each decided on alone.
//!
//! Clauses: C10.1; DESIGN §2a.

use model::{LogLine, Salt, SubjectId, Witness};

use super::{Grant, Query, Witnessed, decide};
use crate::gate::{Decision, Draft};
use crate::policy::Policy;

/// The grants of one act, whose people are told apart only after its entry is written.
#[derive(Debug)]
#[must_use = "a grant permits an act only once it is witnessed"]
pub struct Bulk {
    query: Query,
    subjects: Vec<SubjectId>,
}

/// An act about many people whose entry is written.
#[derive(Debug)]
pub struct Granted {
    /// What lets the act happen to each of them.
    pub grants: Vec<Witnessed<Grant>>,
    /// The text of the entry.
    pub text: String,
    /// Its salt.
    pub salt: Salt,
}

impl Bulk {
    /// An act about nobody so far.
    pub const fn new(query: Query) -> Self {
        Self { query, subjects: Vec::new() }
    }

    /// Decides on one more person; says whether the act may touch that person's data.
    pub fn admits<F: model::Facts + ?Sized>(&mut self, policy: &Policy, facts: &F) -> bool {
        let is_permitted = matches!(decide(policy, facts, &self.query), Decision::Permit(_));
        if is_permitted {
            self.subjects.push(facts.subject());
        }
        is_permitted
    }

    /// Whom the act is about, in the order they were admitted.
    pub fn subjects(&self) -> &[SubjectId] {
        &self.subjects
    }

    /// Writes the one entry, with how many people it is about and the hash of their list as its payload, and only then
    /// lets the act happen.
    ///
    /// # Errors
    /// The witness's fault: the entry is not written, so the act must not happen.
    pub fn witness<W: Witness>(
        self,
        policy: &Policy,
        line: Draft,
        witness: &mut W,
    ) -> Result<Granted, W::Fault> {
        let mut entry = policy.entry_for(&self.query, line.id, line.kind, line.payload);
        entry.subjects = u32::try_from(self.subjects.len()).unwrap_or(u32::MAX);
        let (named, text) = (entry.categories.clone(), entry.canonical());
        witness.append(LogLine { entry, salt: line.salt, history: line.history })?;
        let grant = |subject| Witnessed(Grant { query: self.query, subject, named: named.clone() });
        Ok(Granted { grants: self.subjects.into_iter().map(grant).collect(), text, salt: line.salt })
    }
}
