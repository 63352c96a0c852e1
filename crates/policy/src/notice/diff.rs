//! What changed between two versions of a notice, clause by clause and word by word (E. W. Myers,
//! "An O(ND) difference algorithm and its variations", 1986).
//!
//! INVARIANT: equal and deleted words together are the old text, equal and inserted ones the new text.
//! Clauses: C19, C20.

use std::collections::{HashMap, HashSet};

use model::ClauseId;

use super::NoticeText;

/// More changed words than this in one clause, and the clause is shown as replaced.
const MAX_EDITS: usize = 600;
const PARAGRAPH: &str = "\n\n";

/// What happened to a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// Only the new version has it.
    Added,
    /// Only the old version has it.
    Removed,
    /// Its words changed.
    Changed,
    /// Word for word the same.
    Same,
}

/// What happened to a run of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordChange {
    /// In both versions.
    Equal,
    /// Only in the new one.
    Insert,
    /// Only in the old one.
    Delete,
}

/// The change of one clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseChange {
    /// The clause; `intro` and `details` stand for the text before and after the clauses.
    pub id: ClauseId,
    /// What happened.
    pub kind: ChangeKind,
    /// Runs of words, single blanks between words, an empty line between paragraphs.
    pub words: Vec<(WordChange, String)>,
}

/// Compares two versions. Clauses come in the order of the new text; a removed one stands behind its old predecessor.
pub fn diff(old: &NoticeText, new: &NoticeText) -> Vec<ClauseChange> {
    let (old, new) = (parts(old), parts(new));
    let old_by_id: HashMap<ClauseId, &str> = old.iter().map(|(id, text)| (*id, text.as_str())).collect();
    let new_ids: HashSet<ClauseId> = new.iter().map(|(id, _)| *id).collect();
    // Removed clauses, under the clause that stays before them.
    let mut removed: HashMap<Option<ClauseId>, Vec<ClauseChange>> = HashMap::new();
    let mut before = None;
    for (id, text) in &old {
        if new_ids.contains(id) {
            before = Some(*id);
        } else {
            removed.entry(before).or_default().push(change(*id, Some(text), None));
        }
    }
    let mut changes = removed.remove(&None).unwrap_or_default();
    for (id, text) in &new {
        changes.push(change(*id, old_by_id.get(id).copied(), Some(text)));
        changes.extend(removed.remove(&Some(*id)).unwrap_or_default());
    }
    changes
}

fn parts(notice: &NoticeText) -> Vec<(ClauseId, String)> {
    let mut parts = Vec::with_capacity(notice.clauses.len() + 2);
    let named = |name: &str, text: String| {
        ClauseId::new(name).ok().filter(|_| !text.trim().is_empty()).map(|id| (id, text))
    };
    parts.extend(named("intro", [notice.title.as_str(), notice.intro.as_str()].join(PARAGRAPH)));
    for clause in &notice.clauses {
        let text = match &clause.heading {
            Some(heading) => [heading.as_str(), clause.text.as_str()].join(PARAGRAPH),
            None => clause.text.clone(),
        };
        parts.push((clause.id, text));
    }
    parts.extend(named("details", notice.trailer.clone()));
    parts
}

fn change(id: ClauseId, old: Option<&str>, new: Option<&str>) -> ClauseChange {
    let (old_words, new_words) = (words(old.unwrap_or_default()), words(new.unwrap_or_default()));
    let kind = match (old, new) {
        (None, _) => ChangeKind::Added,
        (_, None) => ChangeKind::Removed,
        _ if old_words == new_words => ChangeKind::Same,
        _ => ChangeKind::Changed,
    };
    ClauseChange { id, kind, words: runs(&edits(&old_words, &new_words)) }
}

fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut blank = false;
    for line in text.lines() {
        if line.trim().is_empty() {
            blank = true;
            continue;
        }
        if blank && !words.is_empty() {
            words.push(PARAGRAPH);
        }
        blank = false;
        words.extend(line.split_whitespace());
    }
    words
}

fn runs(edits: &[(WordChange, &str)]) -> Vec<(WordChange, String)> {
    let mut runs: Vec<(WordChange, String)> = Vec::new();
    for &(change, word) in edits {
        match runs.last_mut() {
            Some((last, text)) if *last == change => {
                if word != PARAGRAPH && !text.ends_with('\n') {
                    text.push(' ');
                }
                text.push_str(word);
            }
            _ => runs.push((change, word.to_owned())),
        }
    }
    runs
}

fn edits<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(WordChange, &'a str)> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail =
        old.iter().skip(head).rev().zip(new.iter().skip(head).rev()).take_while(|(a, b)| a == b).count();
    let middle = |words: &[&'a str]| -> Vec<&'a str> {
        words.iter().skip(head).take(words.len() - head - tail).copied().collect()
    };
    let (old_middle, new_middle) = (middle(old), middle(new));

    let mut out: Vec<(WordChange, &str)> =
        old.iter().take(head).map(|word| (WordChange::Equal, *word)).collect();
    out.extend(myers(&old_middle, &new_middle).unwrap_or_else(|| {
        let deleted = old_middle.iter().map(|word| (WordChange::Delete, *word));
        deleted.chain(new_middle.iter().map(|word| (WordChange::Insert, *word))).collect()
    }));
    out.extend(old.iter().skip(old.len() - tail).map(|word| (WordChange::Equal, *word)));
    out
}

/// The shortest edit script, or nothing when it has more than [`MAX_EDITS`] edits.
fn myers<'a>(old: &[&'a str], new: &[&'a str]) -> Option<Vec<(WordChange, &'a str)>> {
    let limit = (old.len() + new.len()).min(MAX_EDITS);
    // `reach[k + limit + 1]` is the furthest old word on diagonal k (old minus new).
    let width = 2 * limit + 3;
    let middle = limit + 1;
    let mut reach = vec![0usize; width];
    let mut trace: Vec<Vec<usize>> = Vec::new();
    for d in 0..=limit {
        trace.push(reach.get(middle - d..=middle + d)?.to_vec());
        for k in (middle - d..=middle + d).step_by(2) {
            let down = k == middle - d || (k != middle + d && reach[k - 1] < reach[k + 1]);
            let mut x = if down { reach[k + 1] } else { reach[k - 1] + 1 };
            // On the outermost diagonals a step may leave the table of new words; it is no path then.
            let Some(mut y) = (x + middle).checked_sub(k) else { continue };
            while x < old.len() && y < new.len() && old[x] == new[y] {
                x += 1;
                y += 1;
            }
            reach[k] = x;
            if x >= old.len() && y >= new.len() {
                return Some(walk_back(old, new, &trace, middle));
            }
        }
    }
    None
}

fn walk_back<'a>(
    old: &[&'a str],
    new: &[&'a str],
    trace: &[Vec<usize>],
    middle: usize,
) -> Vec<(WordChange, &'a str)> {
    let (mut x, mut y) = (old.len(), new.len());
    let mut out = Vec::new();
    for (d, reach) in trace.iter().enumerate().rev() {
        // The copy holds the diagonals -d..=d as they were before step d.
        let at = |k: usize| reach.get((k + d).wrapping_sub(middle)).copied().unwrap_or(0);
        let k = x + middle - y;
        let (before_x, before_y) = if d == 0 {
            (0, 0)
        } else {
            let down = k == middle - d || (k != middle + d && at(k - 1) < at(k + 1));
            let before_k = if down { k + 1 } else { k - 1 };
            let before_x = at(before_k);
            (before_x, (before_x + middle).saturating_sub(before_k))
        };
        while x > before_x && y > before_y {
            x -= 1;
            y -= 1;
            out.push((WordChange::Equal, old[x]));
        }
        if d > 0 {
            if x > before_x {
                x -= 1;
                out.push((WordChange::Delete, old[x]));
            } else if y > before_y {
                y -= 1;
                out.push((WordChange::Insert, new[y]));
            }
        }
    }
    out.reverse();
    out
}
