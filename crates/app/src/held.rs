//! A subject's keys and facts as read before a transaction, and the guard that makes sure, inside the
//! transaction, that nobody changed the keys meanwhile.

use model::{
    Entry, EntryId, EntryKind, HistoryRow, Instant, LogLine, Operation, Principal, PurposeId, RecordId, Salt,
    Sealed, SubjectFacts, SubjectId, SubjectStatus, Violation, Witness as _, platform::random,
};
use policy::{CategorySet, Decision, Draft, Query};
use store::Tx;
use store::tables::{key_buckets, keyrings, subjects, value_sets};
use vault::{Keyring, WrappedBucket, WrappedKeyring};

use crate::{App, Failure};

/// What `Fault::Rollback` says when keys changed between reading and writing; the use case starts again.
pub(crate) const KEYS_CHANGED: &str = "keys-changed";
/// How often a use case starts again before it gives up.
const ATTEMPTS_MAX: usize = 8;

/// A living subject as read before a transaction.
pub(crate) struct Held {
    pub facts: SubjectFacts,
    pub bucket: WrappedBucket,
    pub keyring_row: WrappedKeyring,
    pub keyring: Keyring,
    pub sets: Vec<value_sets::Row>,
}

/// The key rows a transaction relies on, to be compared inside it.
#[derive(Clone)]
pub(crate) struct Guard {
    bucket: WrappedBucket,
    keyring: WrappedKeyring,
}

impl Guard {
    /// Rolls the unit back if the keys are no longer those that were read.
    pub fn check(&self, tx: &mut Tx) -> Result<(), store::Fault> {
        let keyring = keyrings::fetch(tx, self.keyring.subject)?;
        let bucket = key_buckets::fetch(tx, self.bucket.bucket)?;
        let same = keyring.is_some_and(|row| row.sealed == self.keyring.sealed && row.wrapped_key == self.keyring.wrapped_key)
            && bucket.is_some_and(|row| row.wrapped == self.bucket.wrapped);
        if same { Ok(()) } else { Err(store::Fault::Rollback(KEYS_CHANGED)) }
    }
}

impl Held {
    /// The stored values with their sets, in order of category.
    pub fn values(&self) -> impl Iterator<Item = (&value_sets::Row, &value_sets::StoredValue)> {
        self.sets.iter().flat_map(|set| set.values.iter().map(move |value| (set, value)))
    }
}

/// Whether a wrapped bucket row may still take a member is the store's to say; here is what it stores.
pub(crate) fn bucket_of(row: &key_buckets::Row) -> WrappedBucket {
    WrappedBucket { bucket: row.bucket, epoch: row.epoch, wrapped: row.wrapped.clone() }
}

pub(crate) fn wrapped_of(row: &keyrings::Row) -> WrappedKeyring {
    WrappedKeyring {
        subject: row.subject,
        bucket: row.bucket,
        wrapped_key: row.wrapped_key.clone(),
        sealed: row.sealed.clone(),
    }
}

pub(crate) fn row_of(wrapped: &WrappedKeyring) -> keyrings::Row {
    keyrings::Row {
        subject: wrapped.subject,
        bucket: wrapped.bucket,
        wrapped_key: wrapped.wrapped_key.clone(),
        sealed: wrapped.sealed.clone(),
    }
}

impl App {
    /// Reads a living subject's facts, keys and sealed values.
    ///
    /// # Errors
    /// [`Failure::Gone`] after an erasure, [`Failure::NotFound`] when there never was one.
    pub(crate) fn hold(&self, subject: SubjectId) -> Result<Held, Failure> {
        let read = self.store().read(move |tx| {
            let Some(facts) = subjects::facts(tx, subject)? else { return Ok(None) };
            let Some(keyring) = keyrings::fetch(tx, subject)? else { return Ok(Some((facts, None))) };
            let bucket = key_buckets::fetch(tx, keyring.bucket)?;
            let sets = value_sets::list(tx, subject)?;
            Ok(Some((facts, bucket.map(|bucket| (keyring, bucket, sets)))))
        })?;
        match read {
            None => Err(Failure::NotFound),
            Some((facts, _)) if facts.status == SubjectStatus::Erased => Err(Failure::Gone),
            Some((_, None)) => Err(Failure::Gone),
            Some((facts, Some((keyring, bucket, sets)))) => {
                let bucket = bucket_of(&bucket);
                let keyring_row = wrapped_of(&keyring);
                let keyring = self.vault().open_keyring(&bucket, &keyring_row)?;
                Ok(Held { facts, bucket, keyring_row, keyring, sets })
            }
        }
    }

    /// Closes a changed keyring: what to store, and the guard to check before storing it.
    pub(crate) fn close(&self, held: &mut Held) -> Result<(WrappedKeyring, Guard), Failure> {
        let wrapped = self.vault().close_keyring(&held.bucket, &mut held.keyring, self.entropy())?;
        Ok((wrapped, Guard { bucket: held.bucket.clone(), keyring: held.keyring_row.clone() }))
    }

    /// Runs a use case again when keys changed under it.
    pub(crate) fn retry<R>(&self, mut attempt: impl FnMut() -> Result<R, Failure>) -> Result<R, Failure> {
        for _ in 1..ATTEMPTS_MAX {
            match attempt() {
                Err(Failure::Store(store::Fault::Rollback(KEYS_CHANGED))) => {}
                done => return done,
            }
        }
        attempt()
    }

    pub(crate) fn salt(&self) -> Salt {
        random(self.entropy())
    }

    /// A log line about one person: the entry, its salt, and the row of the person's own history.
    pub(crate) fn line(&self, keyring: &Keyring, entry: Entry) -> Result<LogLine, Failure> {
        let salt = self.salt();
        let sealed = keyring.seal_history(&entry.canonical(), &salt, self.entropy())?;
        Ok(LogLine { history: vec![HistoryRow { subject: keyring.subject(), sealed }], entry, salt })
    }

    /// A log line about nobody.
    pub(crate) fn bare_line(&self, entry: Entry) -> LogLine {
        LogLine { entry, salt: self.salt(), history: Vec::new() }
    }

    /// The draft with which a grant is witnessed, and the line that stands instead if it is refused.
    pub(crate) fn drafts(
        &self,
        keyring: &Keyring,
        query: &Query,
        kind: EntryKind,
        payload: Option<[u8; 32]>,
    ) -> Result<Drafts, Failure> {
        let id = EntryId::new(query.at, self.entropy());
        let entry = self.policy().entry_for(query, id, kind, payload);
        let line = self.line(keyring, entry)?;
        let refusal = self.policy().entry_for(query, id, EntryKind::Refusal, None);
        let refused = self.line(keyring, refusal)?;
        Ok(Drafts {
            permitted: Draft { id, kind, payload, salt: line.salt, history: line.history },
            refused,
        })
    }

    pub(crate) fn query(
        &self,
        ctx: &model::ProcessingContext,
        purpose: PurposeId,
        categories: CategorySet,
        operation: Operation,
    ) -> Query {
        Query { actor: ctx.actor, purpose, categories, operation, recipient: None, at: ctx.at }
    }

    /// The set of categories with these codes; an unknown one is a violation.
    pub(crate) fn category_set(&self, codes: &[model::CategoryCode]) -> Result<CategorySet, Failure> {
        self.policy().category_set(codes).map_err(|unknown| {
            Failure::Refused(vec![crate::failure::violation("category-unknown", "C5").of_category(unknown)])
        })
    }
}

/// Both outcomes of a decision, sealed before the transaction.
#[derive(Clone)]
pub(crate) struct Drafts {
    permitted: Draft,
    refused: LogLine,
}

impl Drafts {
    /// The id of the entry, whichever way the decision goes.
    pub fn entry(&self) -> EntryId {
        self.permitted.id
    }

    /// Decides with the facts as they are in this transaction and logs the outcome in it.
    pub fn decide(
        &self,
        app: &App,
        tx: &mut Tx,
        facts: &SubjectFacts,
        query: &Query,
    ) -> Result<Result<policy::Witnessed<policy::Grant>, Vec<Violation>>, store::Fault> {
        match policy::decide(app.policy(), facts, query) {
            Decision::Permit(grant) => Ok(Ok(grant.witness(app.policy(), self.permitted.clone(), tx)?)),
            Decision::Refuse(violations) => {
                let erased = facts.status == SubjectStatus::Erased;
                let mut line = self.refused.clone();
                line.entry.note = violations.first().and_then(|why| model::CategoryCode::new(why.code).ok());
                if erased {
                    line.history.clear();
                }
                // The history row was sealed without the note: the log's own entry carries it.
                tx.append(line)?;
                Ok(Err(violations))
            }
        }
    }
}

/// A new record id.
pub(crate) fn record(at: Instant, app: &App) -> RecordId {
    RecordId::new(at, app.entropy())
}

/// Whether this actor is the person himself.
pub(crate) fn is_self(principal: Principal, subject: SubjectId) -> bool {
    principal == Principal::DataSubject(subject)
}

/// A sealed value with what is stored beside it.
pub(crate) struct NewValue {
    pub category: model::CategoryCode,
    pub mac: Option<[u8; 32]>,
    pub record: RecordId,
    pub sealed: Sealed,
}

/// Whether this actor may exercise this person's rights: the person himself, or a role that the policy
/// lets act for the duty `rights` (person responsible, service desk on a recorded request).
pub(crate) fn may_exercise_rights(app: &App, ctx: &model::ProcessingContext, subject: SubjectId) -> bool {
    is_self(ctx.actor.principal, subject)
        || app.policy().role(ctx.actor.role).is_some_and(|role| {
            role.code != crate::code::DATA_SUBJECT && role.purposes.contains(&crate::code::RIGHTS)
        })
}
