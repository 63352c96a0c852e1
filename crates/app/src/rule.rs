//! Rules about groups of records: "for purpose X, from now on …". Written once, logged once, shown to everybody whose
//! records they meet; they hold from their commit on, for every reading and selection.
//!
//! A notice or a storage period that changes, an objection that is handled alike for all, and a recipient that is
//! suspended are rules.
//!
//! Clauses: C10.2, C10.7, C11.3, C12, C17, C19.

use model::{
    CategoryCode, Effect, EntryId, EntryKind, Instant, Operation, ProcessingContext, PurposeId, RecipientId,
    RuleId, TermCode, TermField, Terms, Violation, Witness as _,
};
use sha2::{Digest as _, Sha256};
use store::tables::rules::{self, Rule};
use store::{Fault, Tx};

use crate::access::DecisionQuery;
use crate::failure::{clause_id, violation};
use crate::{App, Failure, code, paging};

/// A rule to make.
#[derive(Clone, Copy, Debug)]
pub struct NewRule {
    /// Which records it finds.
    pub pattern: Terms,
    /// What it makes of them.
    pub effect: Effect,
    /// Whether it holds for records that come later too.
    pub is_standing: bool,
    /// Why: a code of the company's own, such as a clause or the version of a notice.
    pub ground: TermCode,
}

/// A rule that was made.
#[derive(Clone, Debug, serde::Serialize)]
pub struct RuleView {
    /// Its id.
    pub rule_id: RuleId,
    /// Which records it finds.
    pub pattern: Terms,
    /// What it makes of them: `destroy`, or a term with its code.
    pub effect: String,
    /// Whether it holds for records that come later too.
    pub standing: bool,
    /// Why.
    pub ground: String,
    /// Since when.
    pub made_at: Instant,
    /// Until when it held for records that came later.
    pub ended_at: Option<Instant>,
}

impl From<Rule> for RuleView {
    fn from(rule: Rule) -> Self {
        Self {
            rule_id: rule.rule,
            pattern: rule.pattern,
            effect: rule.effect.to_string(),
            standing: rule.is_standing,
            ground: rule.ground,
            made_at: rule.made_at,
            ended_at: rule.ended_at,
        }
    }
}

/// A rule that was made just now.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Made {
    /// The rule.
    #[serde(flatten)]
    pub rule: RuleView,
    /// How many groups of records it changed.
    pub groups: usize,
    /// Its entry.
    pub log_entry: EntryId,
}

fn check(app: &App, ctx: &ProcessingContext, new: &NewRule) -> Result<(), Failure> {
    let operation = match new.effect {
        Effect::Destroy => Operation::Destruction,
        Effect::Set(..) => Operation::Restriction,
    };
    if ctx.actor.role == code::DATA_SUBJECT || !app.policy().may(ctx.actor.role, code::RIGHTS, operation) {
        return Err(Failure::violation("operation-not-of-role", "C11.4"));
    }
    let mut broken: Vec<Violation> = Vec::new();
    if new.pattern.is_empty() {
        broken.push(violation("rule-without-pattern", "C10.2").of_field("pattern"));
    }
    if new.is_standing && new.effect == Effect::Destroy {
        // What is not wanted is refused at the door (C5), not taken in to be destroyed.
        broken.push(violation("rule-destroys-later", "C10.7").of_field("standing"));
    }
    if broken.is_empty() { Ok(()) } else { Err(Failure::Refused(broken)) }
}

fn entry(app: &App, ctx: &ProcessingContext, text: &str, note: &str) -> model::Entry {
    model::Entry {
        id: EntryId::new(ctx.at, app.entropy()),
        at: ctx.at,
        kind: EntryKind::GroupRule,
        purpose: None,
        categories: Vec::new(),
        actor: ctx.actor,
        clause: clause_id("C10.2"),
        recipient: None,
        subjects: 0,
        payload: Some(Sha256::digest(text).into()),
        note: CategoryCode::new(note).ok(),
    }
}

/// Makes a rule. It costs the same however many records it finds.
///
/// # Errors
/// `operation-not-of-role` for a role that may not restrict (or destroy) for the duty `rights`; `rule-without-pattern`;
/// `rule-destroys-later`.
pub fn make(app: &App, ctx: &ProcessingContext, new: &NewRule) -> Result<Made, Failure> {
    check(app, ctx, new)?;
    let id = RuleId::new(ctx.at, app.entropy());
    let NewRule { pattern, effect, is_standing, ground } = *new;
    let text = format!("senim/rule/v1\n{id}\n{pattern}\n{effect}\n{is_standing}\n{ground}\n");
    let line = app.bare_line(entry(app, ctx, &text, ground.as_str()));
    let log_entry = line.entry.id;
    let rule = Rule {
        number: 0,
        rule: id,
        pattern,
        effect,
        is_standing,
        ground: ground.to_string(),
        made_at: ctx.at,
        ended_at: None,
        entry: line.entry.canonical(),
        salt: line.salt,
    };
    let unit = rule.clone();
    let groups = app.store().write(move |tx| {
        let groups = rules::make(tx, &unit)?;
        tx.append(line.clone())?;
        Ok(groups)
    })?;
    Ok(Made { rule: rule.into(), groups, log_entry })
}

/// Ends a standing rule: what comes later no longer meets it; what it made of records stays.
///
/// # Errors
/// Not found; `rule-not-standing`; as [`make`] for a role that may not.
pub fn end(app: &App, ctx: &ProcessingContext, id: RuleId) -> Result<RuleView, Failure> {
    if !app.policy().may(ctx.actor.role, code::RIGHTS, Operation::Restriction) {
        return Err(Failure::violation("operation-not-of-role", "C11.4"));
    }
    let line = app.bare_line(entry(app, ctx, &format!("senim/rule-end/v1\n{id}\n"), "ended"));
    let at = ctx.at;
    let ended = app.store().write(move |tx| {
        let is_ended = rules::end(tx, id, at)?;
        if is_ended {
            tx.append(line.clone())?;
        }
        Ok((is_ended, rules::fetch(tx, id)?))
    })?;
    match ended {
        (true, Some(rule)) => Ok(rule.into()),
        (_, None) => Err(Failure::NotFound),
        (false, Some(_)) => Err(Failure::Conflict("rule-not-standing")),
    }
}

/// Rules, newest first, made before one; and the last of the page if more follow.
///
/// # Errors
/// `operation-not-of-role` for a role that may not read for the duty `rights`.
pub fn page(
    app: &App,
    ctx: &ProcessingContext,
    before: Option<RuleId>,
    limit: u32,
) -> Result<(Vec<RuleView>, Option<RuleId>), Failure> {
    if !app.policy().may(ctx.actor.role, code::RIGHTS, Operation::Retrieval) {
        return Err(Failure::violation("operation-not-of-role", "C11.4"));
    }
    let mut rows = app.store().read(|tx| rules::list(tx, before, paging::wanted(limit)))?;
    let next = paging::cut(&mut rows, limit, |row| row.rule);
    Ok((rows.into_iter().map(RuleView::from).collect(), next))
}

/// A recipient that gets nothing now, for one purpose or for any.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Suspended {
    recipient: TermCode,
    purpose: Option<TermCode>,
}

/// The recipients that standing rules suspend: those that take the recipient from every record that names it.
fn suspensions(tx: &mut Tx<'_>) -> Result<Vec<Suspended>, Fault> {
    let suspends = |rule: Rule| {
        let takes = rule.effect == Effect::Set(TermField::Recipient, None);
        let whole =
            rule.pattern.codes().all(|(field, _)| matches!(field, TermField::Recipient | TermField::Purpose));
        let recipient = rule.pattern.get(TermField::Recipient).filter(|_| takes && whole)?;
        Some(Suspended { recipient, purpose: rule.pattern.get(TermField::Purpose) })
    };
    Ok(rules::standing(tx)?.into_iter().filter_map(suspends).collect())
}

/// As [`suspensions`], asked for only if some question names a recipient.
pub(crate) fn suspended(tx: &mut Tx<'_>, queries: &[DecisionQuery]) -> Result<Vec<Suspended>, Fault> {
    if queries.iter().any(|query| query.recipient.is_some()) { suspensions(tx) } else { Ok(Vec::new()) }
}

/// Why nothing may go to a recipient for a purpose, if so.
pub(crate) fn find(suspended: &[Suspended], purpose: PurposeId, to: RecipientId) -> Option<Violation> {
    suspended
        .iter()
        .any(|one| {
            one.recipient.as_str() == to.as_str()
                && one.purpose.is_none_or(|of| of.as_str() == purpose.as_str())
        })
        .then(|| violation("recipient-suspended", "C12.1"))
}

/// As [`find`], among the rules that stand in this transaction.
pub(crate) fn suspends(
    tx: &mut Tx<'_>,
    purpose: PurposeId,
    to: RecipientId,
) -> Result<Option<Violation>, Fault> {
    Ok(find(&suspensions(tx)?, purpose, to))
}
