//! A subject's keys and facts as read before a transaction, and the guard that makes sure, inside the
//! transaction, that nobody changed the keys meanwhile.

use model::{
    Entry, EntryId, EntryKind, HistoryRow, Instant, LogLine, Operation, Principal, PurposeId, RecordId, Salt,
    SubjectFacts, SubjectId, SubjectStatus, Violation, Witness as _, platform::random,
};
use policy::{CategorySet, Decision, Draft, Query};
use store::Tx;
use store::tables::key_buckets::{self, KeyBucket};
use store::tables::keyrings::{self, KeyringRow};
use store::tables::value_sets::{self, StoredValue, ValueSet};
use store::tables::{rules, subjects, tombstones};
use vault::{Keyring, WrappedBucket, WrappedKeyring};

use crate::{App, Failure};

/// What `Fault::Rollback` says when facts changed between reading and writing; the use case starts again.
pub(crate) const CHANGED: &str = "facts-changed";
/// The reasons to start again: ours, and those of the store's key tables.
const AGAIN: [&str; 3] = [CHANGED, "keyring-changed", "bucket-changed"];
/// How often a use case starts again before it gives up.
const ATTEMPTS_MAX: usize = 8;

/// A living subject as read before a transaction.
pub(crate) struct Held {
    pub facts: SubjectFacts,
    pub bucket: WrappedBucket,
    pub keyring_row: WrappedKeyring,
    pub keyring: Keyring,
    /// What may be used now; what a rule or a storage period ended waits to be destroyed and is not among it.
    pub sets: Vec<ValueSet>,
    /// What is to be destroyed.
    pub over: Vec<ValueSet>,
    /// The newest rule about groups of records when the sets were read.
    pub rule: u32,
}

/// A keyring closed again, with the rows it relies on, to be compared inside the transaction.
#[derive(Clone)]
pub(crate) struct Closed {
    bucket: WrappedBucket,
    read: KeyringRow,
    new: KeyringRow,
    reduced: bool,
}

impl Closed {
    /// Stores the keyring, or rolls the unit back if the keys are no longer those that were read. A bucket in
    /// which a key was destroyed is marked, so that it gets a new key at the end of the epoch.
    pub fn store(&self, tx: &mut Tx<'_>) -> Result<(), store::Fault> {
        let bucket = key_buckets::fetch(tx, self.bucket.bucket)?;
        if bucket.is_none_or(|row| row.wrapped != self.bucket.wrapped) {
            return Err(store::Fault::Rollback(CHANGED));
        }
        keyrings::swap(tx, &self.read, &self.new)?;
        if self.reduced {
            key_buckets::mark_dirty(tx, self.bucket.bucket)?;
        }
        Ok(())
    }
}

impl Held {
    /// The stored values with their sets, in order of category.
    pub fn values(&self) -> impl Iterator<Item = (&ValueSet, &StoredValue)> {
        self.sets.iter().flat_map(|set| set.values.iter().map(move |value| (set, value)))
    }
}

/// A stored bucket as the vault knows it.
pub(crate) fn bucket_of(row: &KeyBucket) -> WrappedBucket {
    WrappedBucket { bucket: row.bucket, epoch: row.epoch, wrapped: row.wrapped.clone() }
}

/// A stored keyring as the vault knows it.
pub(crate) fn wrapped_of(row: &KeyringRow) -> WrappedKeyring {
    WrappedKeyring {
        subject: row.subject,
        bucket: row.bucket,
        wrapped_key: row.wrapped_key.clone(),
        sealed: row.sealed.clone(),
    }
}

/// A wrapped keyring as the store keeps it.
pub(crate) fn row_of(wrapped: &WrappedKeyring) -> KeyringRow {
    KeyringRow {
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
        retry(|| self.hold_once(subject))
    }

    fn hold_once(&self, subject: SubjectId) -> Result<Held, Failure> {
        let read = self.store().read(move |tx| {
            let Some(facts) = subjects::facts(tx, subject)? else {
                return Ok(Err(tombstones::fetch(tx, subject)?.is_some()));
            };
            let Some(keyring) = keyrings::fetch(tx, subject)? else { return Ok(Ok((facts, None))) };
            let bucket = key_buckets::fetch(tx, keyring.bucket)?;
            let sets = value_sets::list(tx, subject)?;
            let rule = rules::newest(tx)?;
            Ok(Ok((facts, bucket.map(|bucket| (keyring, bucket, sets, rule)))))
        })?;
        match read {
            Err(was_erased) => Err(if was_erased { Failure::Gone } else { Failure::NotFound }),
            Ok((_, None)) => Err(Failure::Gone),
            Ok((facts, Some((keyring, bucket, sets, rule)))) => {
                let now = self.now();
                let (over, sets) = sets.into_iter().partition(|set| set.is_over(now));
                let bucket = bucket_of(&bucket);
                let keyring_row = wrapped_of(&keyring);
                let keyring = self.vault().open_keyring(&bucket, &keyring_row)?;
                Ok(Held { facts, bucket, keyring_row, keyring, sets, over, rule })
            }
        }
    }

    /// Closes a changed keyring, ready to be stored.
    pub(crate) fn close(&self, held: &Held) -> Result<Closed, Failure> {
        let wrapped = self.vault().close_keyring(&held.bucket, &held.keyring, self.entropy())?;
        Ok(Closed {
            bucket: held.bucket.clone(),
            read: row_of(&held.keyring_row),
            new: row_of(&wrapped),
            reduced: held.keyring.was_reduced(),
        })
    }

    pub(crate) fn salt(&self) -> Salt {
        random(self.entropy())
    }

    /// The blind index of a validated value, in the form under which it is looked up.
    pub(crate) fn blind_index(&self, category: model::CategoryCode, validated: &str) -> [u8; 32] {
        self.vault().blind_index(category, &self.policy().lookup_form(category, validated))
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
        Ok(Drafts { permitted: Draft { id, kind, payload, salt: line.salt, history: line.history }, refused })
    }

    /// The set of categories with these codes; an unknown one is a violation.
    pub(crate) fn category_set(&self, codes: &[model::CategoryCode]) -> Result<CategorySet, Failure> {
        self.policy().category_set(codes).map_err(|unknown| {
            Failure::Refused(vec![crate::failure::violation("category-unknown", "C5").of_category(unknown)])
        })
    }
}

/// Runs a use case again when keys changed under it.
pub(crate) fn retry<R>(mut attempt: impl FnMut() -> Result<R, Failure>) -> Result<R, Failure> {
    for _ in 1..ATTEMPTS_MAX {
        match attempt() {
            Err(Failure::Store(store::Fault::Rollback(why))) if AGAIN.contains(&why) => {}
            Err(Failure::EpochEnded(_)) => {}
            done => return done,
        }
    }
    attempt()
}

/// A question to the gate in this context, about data that stay here.
pub(crate) fn query(
    ctx: &model::ProcessingContext,
    purpose: PurposeId,
    categories: CategorySet,
    operation: Operation,
) -> Query {
    Query { actor: ctx.actor, purpose, categories, operation, recipient: None, at: ctx.at }
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

    /// What a receipt carries of the line that stands if the decision permits.
    pub fn appended(&self, app: &App, query: &Query) -> crate::receipt::Appended {
        let Draft { id, kind, payload, salt, .. } = self.permitted;
        crate::receipt::Appended::new(&app.policy().entry_for(query, id, kind, payload), salt)
    }

    /// Decides with the facts as they are in this transaction and logs the outcome in it.
    pub fn decide(
        &self,
        app: &App,
        tx: &mut Tx<'_>,
        facts: &SubjectFacts,
        query: &Query,
    ) -> Result<Result<policy::Witnessed<policy::Grant>, Vec<Violation>>, store::Fault> {
        let suspended = match query.recipient {
            Some(recipient) => crate::rule::suspends(tx, query.purpose, recipient)?,
            None => None,
        };
        let decision = match suspended {
            Some(violation) => Decision::Refuse(vec![violation]),
            None => policy::decide(app.policy(), facts, query),
        };
        match decision {
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

/// Does something to one person's data: decided with the facts as they are in the unit and logged in it, then done.
/// A refusal leaves nothing but its entry.
///
/// # Errors
/// The gate's violations; [`Failure::Gone`] for somebody erased meanwhile; what `act` gives.
pub(crate) fn act<R: Send + 'static>(
    app: &App,
    subject: SubjectId,
    query: Query,
    drafts: Drafts,
    mut act: impl FnMut(&mut Tx<'_>, SubjectFacts) -> Result<R, store::Fault> + Send + 'static,
) -> Result<R, Failure> {
    let inner = app.clone();
    let done = app.store().write(move |tx| {
        let Some(facts) = subjects::facts(tx, subject)? else { return Ok(None) };
        match drafts.decide(&inner, tx, &facts, &query)? {
            Ok(_) => act(tx, facts).map(|done| Some(Ok(done))),
            Err(violations) => Ok(Some(Err(violations))),
        }
    })?;
    done.ok_or(Failure::Gone)?.map_err(Failure::Refused)
}

/// A new record id.
pub(crate) fn record(at: Instant, app: &App) -> RecordId {
    RecordId::new(at, app.entropy())
}

/// Whether this actor is the person himself.
pub(crate) fn is_self(principal: Principal, subject: SubjectId) -> bool {
    principal == Principal::DataSubject(subject)
}

/// Whether this actor may do this with this person's data for the duty `rights`: the person himself, or a
/// role that the policy lets do it (the person responsible on a recorded request; the server's own sweeps).
pub(crate) fn may_exercise_rights(
    app: &App,
    ctx: &model::ProcessingContext,
    subject: SubjectId,
    operation: Operation,
) -> bool {
    is_self(ctx.actor.principal, subject)
        || (ctx.actor.role != crate::code::DATA_SUBJECT
            && app.policy().may(ctx.actor.role, crate::code::RIGHTS, operation))
}
