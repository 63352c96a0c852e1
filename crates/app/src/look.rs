//! A look at a person: decided and logged in one durable transaction, and only then opened.
//!
//! Clauses: C10, C16.1.

use model::{
    EntryId, EntryKind, Operation, ProcessingContext, PurposeId, RecordId, SubjectFacts, SubjectId,
    SubjectStatus,
};
use policy::{CategorySet, Grant, Witnessed};
use store::tables::value_sets::ValueSet;
use store::tables::{keyrings, rules, subjects};
use store::{Fault, Tx};

use crate::held::{self, Held};
use crate::{App, Failure};

/// At which of a person's values one wants to look.
#[derive(Clone, Copy)]
pub(crate) enum Values {
    /// At those that there are and the purpose covers.
    Present,
    /// At these, whether they are there or not.
    Of(CategorySet),
    /// At those of one record.
    Record(RecordId),
}

/// What a look gives, once its entry is durable.
pub(crate) struct Look<R> {
    /// What opens the values.
    pub witnessed: Witnessed<Grant>,
    /// Keys and values as they stood when the entry was written.
    pub held: Held,
    /// The facts on which it was decided.
    pub facts: SubjectFacts,
    /// The entry that says so.
    pub entry: EntryId,
    /// What was read in the same transaction.
    pub read: R,
}

/// Looks at a person for a purpose; `also` reads more in the transaction that logs it.
///
/// # Errors
/// Refused with violations (and logged), not found, or erased.
pub(crate) fn look<R: Send + 'static>(
    app: &App,
    ctx: &ProcessingContext,
    subject: SubjectId,
    purpose: PurposeId,
    values: Values,
    mut also: impl FnMut(&mut Tx<'_>) -> Result<R, Fault> + Send + 'static,
) -> Result<Look<R>, Failure> {
    let held = app.hold(subject)?;
    let categories = match values {
        Values::Of(set) => set,
        Values::Present | Values::Record(_) => {
            let is_wanted = |set: &ValueSet| !matches!(values, Values::Record(record) if set.set != record);
            if !held.sets.iter().any(is_wanted) && matches!(values, Values::Record(_)) {
                return Err(Failure::NotFound);
            }
            let wanted = held.values().filter(|(set, _)| is_wanted(set));
            let present: Vec<_> = wanted.map(|(_, value)| value.category).collect();
            let covers = app.policy().purpose(purpose).map_or(CategorySet::EMPTY, |known| known.categories);
            covers.intersection(app.category_set(&present)?)
        }
    };
    let query = held::query(ctx, purpose, categories, Operation::Retrieval);
    let drafts = app.drafts(&held.keyring, &query, EntryKind::Retrieval, None)?;
    let entry = drafts.entry();
    let (inner, read_under, read_rule) = (app.clone(), held::row_of(&held.keyring_row), held.rule);
    let looked = app.store().write(move |tx| {
        let Some(facts) = subjects::facts(tx, subject)? else { return Ok(None) };
        let decided = drafts.decide(&inner, tx, &facts, &query)?;
        if facts.status == SubjectStatus::Erased {
            return Ok(None);
        }
        let witnessed = match decided {
            Ok(witnessed) => witnessed,
            Err(violations) => return Ok(Some(Err(violations))),
        };
        // Whatever changes a record closes the keyring anew: under the same one stands what was read before, unless a
        // rule was made.
        let is_same = keyrings::fetch(tx, subject)?.is_some_and(|row| row == read_under)
            && rules::newest(tx)? == read_rule;
        Ok(Some(Ok((witnessed, facts, is_same, also(tx)?))))
    })?;
    let (witnessed, facts, is_same, read) = looked.ok_or(Failure::Gone)?.map_err(Failure::Refused)?;
    // The look is logged; what changed meanwhile, or moved to the next key epoch, costs another reading, not a refusal.
    let held = if is_same { held } else { app.hold(subject)? };
    Ok(Look { witnessed, held, facts, entry, read })
}
