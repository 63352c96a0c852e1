//! A change of a person's data together with its receipt and the letter that tells the person of it.
//!
//! Clauses: C11.6.1, C16.2.

use model::{EntryId, EntryKind, ProcessingContext, SubjectFacts};
use policy::Query;
use store::tables::jobs::{self, Job};
use store::tables::receipts::{self, Receipt};
use store::{Fault, Tx};

use super::{Unplaced, placed};
use crate::held::{self, Closed, Drafts, Held};
use crate::{App, Failure, code, outbox};

/// The letter's template.
const LETTER: &str = "data-changed";

/// A change, sealed before the transaction.
pub(crate) struct Change {
    query: Query,
    drafts: Drafts,
    unplaced: Unplaced,
    row: Receipt,
    mail: Option<Job>,
    closed: Closed,
}

/// A change that is done.
pub(crate) struct Done {
    pub receipt: Option<String>,
    pub log_entry: EntryId,
}

impl Change {
    /// Seals receipt and letter into the person's keyring, in which the change was made already, and closes it.
    /// `is_told`: whether a letter can reach the person afterwards.
    pub fn new(
        app: &App,
        ctx: &ProcessingContext,
        held: &mut Held,
        (kind, query): (EntryKind, Query),
        unplaced: Unplaced,
        is_told: bool,
    ) -> Result<Self, Failure> {
        let drafts = app.drafts(&held.keyring, &query, kind, Some(unplaced.payload()))?;
        let row = unplaced.seal(app, &mut held.keyring, held::record(ctx.at, app), drafts.entry())?;
        let mut letter = || outbox::draft(app, ctx, &mut held.keyring, LETTER, &[], code::RIGHTS, 0);
        let mail = is_told.then(&mut letter).transpose()?;
        Ok(Self { query, drafts, unplaced, row, mail, closed: app.close(held)? })
    }

    /// Lets the gate decide, then changes, and stores keys, receipt and letter.
    pub fn carry_out(
        self,
        app: &App,
        mut act: impl FnMut(&mut Tx<'_>, SubjectFacts) -> Result<(), Fault> + Send + 'static,
    ) -> Result<Done, Failure> {
        let Self { query, drafts, unplaced, row, mail, closed } = self;
        let (log_entry, subject) = (drafts.entry(), row.subject);
        let appended = drafts.appended(app, &query);
        let index = held::act(app, subject, query, drafts, move |tx, facts| {
            let index = tx.last_index();
            closed.store(tx)?;
            act(tx, facts)?;
            receipts::insert(tx, &row)?;
            mail.as_ref().map_or(Ok(()), |mail| jobs::enqueue(tx, mail))?;
            Ok(index)
        })?;
        Ok(Done { receipt: placed(app, unplaced, appended, index)?, log_entry })
    }
}
