//! Rules about groups of records: written once, however many records they find.
//!
//! Clauses: C10.2, C10.7, C11.3, C19.

use model::{Effect, Instant, RuleId, Salt, Terms};

use super::nodes;
use super::terms::{self, Membership};
use crate::value::Row;
use crate::{Fault, Tx, params};

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its place in the order of rules, from 1; given when it is made.
    pub number: u32,
    /// Its id.
    pub rule: RuleId,
    /// Which records it finds.
    pub pattern: Terms,
    /// What it makes of them.
    pub effect: Effect,
    /// Whether it holds for records that come later too.
    pub is_standing: bool,
    /// Why: a short text of the company's, such as the version of a notice.
    pub ground: String,
    /// Since when.
    pub made_at: Instant,
    /// Until when it held for records that came later.
    pub ended_at: Option<Instant>,
    /// The text of its log entry.
    pub entry: String,
    /// The salt of its log entry.
    pub salt: Salt,
}

/// Which rules a record met: those of its group after one, up to the last that there was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Met {
    /// The group.
    pub group: u32,
    /// The last rule that it did not meet.
    pub after: u32,
    /// The last one that it met.
    pub until: u32,
}

impl Met {
    /// What a record has met in its group until now; nothing if no rule came.
    pub fn of(place: &Membership) -> Option<Self> {
        let (after, until) = (place.since, place.group.rule);
        (until > after).then_some(Self { group: place.group.group, after, until })
    }
}

fn rule_of(mut row: Row) -> Result<Rule, Fault> {
    Ok(Rule {
        number: row.int(0)?,
        rule: row.id(1)?,
        pattern: row.text(2)?.parse().map_err(|_| Fault::Corrupt("pattern"))?,
        effect: row.text(3)?.parse().map_err(|_| Fault::Corrupt("effect"))?,
        is_standing: row.flag(4)?,
        ground: row.take_text(5)?,
        made_at: row.instant(6)?,
        ended_at: row.opt_instant(7)?,
        entry: row.take_text(8)?,
        salt: row.array(9)?,
    })
}

fn rules_of(rows: Vec<Row>) -> Result<Vec<Rule>, Fault> {
    rows.into_iter().map(rule_of).collect()
}

/// The number of the newest rule; 0 when there is none.
pub fn newest(tx: &mut Tx<'_>) -> Result<u32, Fault> {
    Ok(tx.query_one("SELECT MAX(number) FROM rules", &[])?.opt_int(0)?.unwrap_or(0))
}

/// Makes a rule: it holds for the groups that it finds from this transaction on. Gives how many those are.
pub fn make(tx: &mut Tx<'_>, rule: &Rule) -> Result<usize, Fault> {
    nodes::hold(tx)?;
    let number = newest(tx)? + 1;
    tx.execute_one(
        "INSERT INTO rules (number, rule_id, pattern, effect, standing, ground, made_at, ended_at, entry, salt)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8, ?9)",
        params![
            number,
            &rule.rule,
            &rule.pattern.to_string(),
            &rule.effect.to_string(),
            rule.is_standing,
            &rule.ground,
            rule.made_at,
            &rule.entry,
            &rule.salt
        ],
    )?;
    let mut changed = 0;
    for group in terms::list(tx, &rule.pattern, 0)? {
        let new = rule.effect.on(&group.terms);
        if new != Some(group.terms) {
            terms::change(tx, &group, new.as_ref(), number, rule.is_standing)?;
            changed += 1;
        }
    }
    Ok(changed)
}

/// Ends a standing rule: what comes later no longer meets it. Gives whether it stood.
pub fn end(tx: &mut Tx<'_>, rule: RuleId, at: Instant) -> Result<bool, Fault> {
    nodes::hold(tx)?;
    let Some(rule) = fetch(tx, rule)?.filter(|rule| rule.is_standing && rule.ended_at.is_none()) else {
        return Ok(false);
    };
    tx.execute_one("UPDATE rules SET ended_at = ?2 WHERE number = ?1", params![rule.number, at])?;
    terms::shut(tx)?;
    Ok(true)
}

/// One rule.
pub fn fetch(tx: &mut Tx<'_>, rule: RuleId) -> Result<Option<Rule>, Fault> {
    tx.query_opt(
        "SELECT number, rule_id, pattern, effect, standing, ground, made_at, ended_at, entry, salt
         FROM rules WHERE rule_id = ?1",
        params![&rule],
    )?
    .map(rule_of)
    .transpose()
}

/// Up to `limit` rules, newest first, that were made before one.
pub fn list(tx: &mut Tx<'_>, before: Option<RuleId>, limit: u32) -> Result<Vec<Rule>, Fault> {
    let before = before.unwrap_or(RuleId::from_bytes([0xff; 16]));
    rules_of(tx.query_all(
        "SELECT number, rule_id, pattern, effect, standing, ground, made_at, ended_at, entry, salt
         FROM rules WHERE rule_id < ?1 ORDER BY rule_id DESC LIMIT ?2",
        params![&before, limit],
    )?)
}

/// The rules that hold for records that come now, in order.
pub fn standing(tx: &mut Tx<'_>) -> Result<Vec<Rule>, Fault> {
    rules_of(tx.query_all(
        "SELECT number, rule_id, pattern, effect, standing, ground, made_at, ended_at, entry, salt
         FROM rules WHERE standing = 1 AND ended_at IS NULL ORDER BY number",
        &[],
    )?)
}

/// What terms become that come now.
pub(super) fn settled(tx: &mut Tx<'_>, terms: Terms) -> Result<Terms, Fault> {
    let rules = standing(tx)?;
    let meet = |terms: Terms, rule: &Rule| {
        if terms.fit(&rule.pattern) { rule.effect.on(&terms).unwrap_or(terms) } else { terms }
    };
    Ok(rules.iter().fold(terms, meet))
}

/// The rules that changed a group after one and up to another, in order: what a record met that was there meanwhile.
pub fn list_met(tx: &mut Tx<'_>, met: Met) -> Result<Vec<Rule>, Fault> {
    rules_of(tx.query_all(
        "SELECT r.number, r.rule_id, r.pattern, r.effect, r.standing, r.ground, r.made_at, r.ended_at, r.entry, r.salt
         FROM rule_groups g JOIN rules r ON r.number = g.number
         WHERE g.group_id = ?1 AND g.number > ?2 AND g.number <= ?3 ORDER BY g.number",
        params![met.group, met.after, met.until],
    )?)
}
