//! Groups of records under the same terms.
//!
//! Invariants: a record's terms are those of its group; a group whose records are to be destroyed is never joined or
//! changed again; groups and rules change one after the other (`nodes::hold`), so that a record that joins while a rule
//! is made counts as there before it.
//!
//! Clauses: C10.2, C10.7, C11.3, C17.

use model::{RecordId, SubjectId, TermField, Terms};

use super::{nodes, rules};
use crate::value::Row;
use crate::{Fault, Tx, params};

/// A group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Its number.
    pub group: u32,
    /// What its records stand under.
    pub terms: Terms,
    /// The last rule that changed it; 0 when none did.
    pub rule: u32,
    /// Whether its records are to be destroyed.
    pub is_ended: bool,
}

/// A record's place in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// The group.
    pub group: Group,
    /// The last rule of the group that the record did not meet.
    pub since: u32,
}

/// A record of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Whose.
    pub subject: SubjectId,
    /// The record.
    pub set: RecordId,
}

pub(super) fn group_of(row: &Row, at: usize) -> Result<Group, Fault> {
    Ok(Group {
        group: row.int(at)?,
        terms: row.text(at + 1)?.parse().map_err(|_| Fault::Corrupt("terms"))?,
        rule: row.int(at + 2)?,
        is_ended: row.flag(at + 3)?,
    })
}

/// The group that a record with these terms joins now, made if there is none.
pub fn join(tx: &mut Tx<'_>, terms: &Terms) -> Result<Membership, Fault> {
    let text = terms.to_string();
    let known = "SELECT group_id, terms, rule, ended FROM terms WHERE joins = ?1";
    if let Some(row) = tx.query_opt(known, params![&text])? {
        let group = group_of(&row, 0)?;
        return Ok(Membership { since: group.rule, group });
    }
    nodes::hold(tx)?;
    if let Some(row) = tx.query_opt(known, params![&text])? {
        let group = group_of(&row, 0)?;
        return Ok(Membership { since: group.rule, group });
    }
    let last = tx.query_one("SELECT MAX(group_id) FROM terms", &[])?.opt_int::<u32>(0)?;
    let settled = rules::settled(tx, *terms)?;
    let group = Group {
        group: last.map_or(1, |last| last + 1),
        terms: settled,
        rule: rules::newest(tx)?,
        is_ended: false,
    };
    tx.execute_one(
        "INSERT INTO terms (group_id, terms, joins, rule, ended) VALUES (?1, ?2, ?3, ?4, 0)",
        params![group.group, &settled.to_string(), &text, group.rule],
    )?;
    for (field, code) in settled.codes() {
        index(tx, field, &code, group.group)?;
    }
    Ok(Membership { since: group.rule, group })
}

fn index(tx: &mut Tx<'_>, field: TermField, code: &model::TermCode, group: u32) -> Result<(), Fault> {
    tx.execute_one(
        "INSERT INTO term_index (field, code, group_id) VALUES (?1, ?2, ?3)",
        params![field.number(), code, group],
    )
}

fn unindex(tx: &mut Tx<'_>, field: TermField, code: &model::TermCode, group: u32) -> Result<(), Fault> {
    tx.execute_one(
        "DELETE FROM term_index WHERE field = ?1 AND code = ?2 AND group_id = ?3",
        params![field.number(), code, group],
    )
}

/// The groups that a pattern fits, in order of their numbers, from one on; those that ended are none.
pub fn list(tx: &mut Tx<'_>, pattern: &Terms, from: u32) -> Result<Vec<Group>, Fault> {
    let rows = match pattern.codes().next() {
        Some((field, code)) => tx.query_all(
            "SELECT t.group_id, t.terms, t.rule, t.ended FROM term_index i JOIN terms t ON t.group_id = i.group_id
             WHERE i.field = ?1 AND i.code = ?2 AND i.group_id >= ?3 ORDER BY i.group_id",
            params![field.number(), &code, from],
        )?,
        None => tx.query_all(
            "SELECT group_id, terms, rule, ended FROM terms WHERE group_id >= ?1 AND ended = 0 ORDER BY group_id",
            params![from],
        )?,
    };
    let groups: Result<Vec<Group>, Fault> = rows.iter().map(|row| group_of(row, 0)).collect();
    Ok(groups?.into_iter().filter(|group| group.terms.fit(pattern)).collect())
}

/// The groups that have some storage period.
pub fn list_with_period(tx: &mut Tx<'_>) -> Result<Vec<Group>, Fault> {
    tx.query_all(
        "SELECT t.group_id, t.terms, t.rule, t.ended FROM term_index i JOIN terms t ON t.group_id = i.group_id
         WHERE i.field = ?1 ORDER BY i.group_id",
        params![TermField::StoragePeriod.number()],
    )?
    .iter()
    .map(|row| group_of(row, 0))
    .collect()
}

/// The groups whose records are to be destroyed, and that have some yet.
pub fn list_ended(tx: &mut Tx<'_>) -> Result<Vec<Group>, Fault> {
    tx.query_all(
        "SELECT group_id, terms, rule, ended FROM terms WHERE ended = 1
         AND EXISTS (SELECT 1 FROM dossier WHERE dossier.group_id = terms.group_id) ORDER BY group_id",
        &[],
    )?
    .iter()
    .map(|row| group_of(row, 0))
    .collect()
}

/// Records of a group in the order they were written: up to `limit` of those after one, and before one.
pub fn members(
    tx: &mut Tx<'_>,
    group: u32,
    after: Option<RecordId>,
    before: RecordId,
    limit: u32,
) -> Result<Vec<Member>, Fault> {
    let after = after.unwrap_or(RecordId::from_bytes([0; 16]));
    tx.query_all(
        "SELECT subject_id, item FROM dossier WHERE group_id = ?1 AND item > ?2 AND item < ?3
         ORDER BY group_id, item LIMIT ?4",
        params![group, &after, &before, limit],
    )?
    .iter()
    .map(|row| Ok(Member { subject: row.id(0)?, set: row.id(1)? }))
    .collect()
}

/// Gives a group its new terms, by a rule; `stays_open` when what comes later under the terms that joined it shall stand
/// under the new ones too.
pub(super) fn change(
    tx: &mut Tx<'_>,
    group: &Group,
    terms: Option<&Terms>,
    rule: u32,
    stays_open: bool,
) -> Result<(), Fault> {
    let to = terms.copied().unwrap_or_default();
    for field in TermField::ALL {
        let (old, new) = (group.terms.get(field), to.get(field));
        if old == new {
            continue;
        }
        if let Some(old) = old {
            unindex(tx, field, &old, group.group)?;
        }
        if let Some(new) = new {
            index(tx, field, &new, group.group)?;
        }
    }
    // What its records stood under when they were to be destroyed stays readable.
    let text = terms.unwrap_or(&group.terms).to_string();
    tx.execute_one(
        "UPDATE terms SET terms = ?2, rule = ?3, ended = ?4, joins = CASE WHEN ?5 = 1 THEN joins END WHERE group_id = ?1",
        params![group.group, &text, rule, terms.is_none(), stays_open],
    )?;
    tx.execute_one("INSERT INTO rule_groups (group_id, number) VALUES (?1, ?2)", params![group.group, rule])
}

/// Lets what comes from now on join no group that there is: it may be one that a rule settled that no longer holds.
pub(super) fn shut(tx: &mut Tx<'_>) -> Result<(), Fault> {
    tx.execute("UPDATE terms SET joins = NULL WHERE joins IS NOT NULL", &[]).map(drop)
}
