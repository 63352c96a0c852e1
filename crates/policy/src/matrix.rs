//! The snapshot of every permission: one line per role and purpose. A change of policy is a readable diff.
//!
//! Clauses: C10.1–C10.6.

use std::fmt::Write as _;

use model::{Operation, OperationSet, RoleId, SubjectFacts};

use crate::gate::operations;
use crate::policy::Policy;
use crate::set::CategorySet;

/// Purpose × category × recipient × role as text: for each role and purpose the categories by operation, and
/// the recipients. What is not in it is refused.
pub fn matrix(policy: &Policy) -> String {
    let mut text = String::from(
        "# role × purpose: categories by operation → recipients. Everything that is not written here is refused.\n",
    );
    for (role_row, role) in policy.roles.iter().enumerate() {
        let principals: Vec<&str> = role.principals.iter().map(|kind| kind.code()).collect();
        let abilities: Vec<&str> = role.abilities.iter().map(|ability| ability.code()).collect();
        let _ = writeln!(text, "\n{} [{}] console: {}", role.id, principals.join(" "), or_dash(&abilities));
        if role.own_data_only {
            text.push_str("  own data only\n");
        }
        if role.while_restricted != OperationSet::EMPTY {
            let _ = writeln!(text, "  while restricted, by duty of law: {}", names(role.while_restricted));
        }
        for (purpose_row, purpose) in policy.purposes.iter().enumerate() {
            let key =
                (u32::try_from(role_row).unwrap_or(u32::MAX), u32::try_from(purpose_row).unwrap_or(u32::MAX));
            let Some(cell) = policy.cells.get(&key) else { continue };
            let allowed: OperationSet = operations(cell.operations)
                .filter(|&operation| {
                    if purpose.anonymised_only {
                        operation == Operation::Anonymisation
                    } else {
                        purpose.operations.contains(operation)
                    }
                })
                .collect();
            let categories = cell.categories.intersection(purpose.categories);
            let recipients: Vec<&str> = purpose
                .recipients
                .iter()
                .filter(|id| policy.recipient(**id).is_some_and(|recipient| recipient.published))
                .map(model::RecipientId::as_str)
                .collect();
            let _ = writeln!(
                text,
                "  {}: {} | {} → {}",
                purpose.id,
                category_names(policy, categories),
                names(allowed),
                or_dash(&recipients)
            );
        }
    }
    text
}

impl Policy {
    /// What a role may do for a purpose by the tables alone, whoever's data it is: categories and operations.
    /// For showing; only [`crate::decide`] permits.
    pub fn scope_of(&self, role: RoleId, purpose: model::PurposeId) -> (CategorySet, OperationSet) {
        let rows = (self.role_rows.get(&role), self.purpose_rows.get(&purpose));
        match rows {
            (Some(&role), Some(&purpose)) => self
                .cells
                .get(&(role, purpose))
                .map_or((CategorySet::EMPTY, OperationSet::EMPTY), |cell| (cell.categories, cell.operations)),
            _ => (CategorySet::EMPTY, OperationSet::EMPTY),
        }
    }

    /// The purposes for which a subject's consent is live, as far as these facts know.
    pub fn live_purposes(&self, facts: &SubjectFacts, at: model::Instant) -> Vec<model::PurposeId> {
        self.purposes().iter().map(|purpose| purpose.id).filter(|&id| facts.is_consented(id, at)).collect()
    }
}

fn names(set: OperationSet) -> String {
    let codes: Vec<&str> = operations(set).map(Operation::code).collect();
    or_dash(&codes)
}

fn category_names(policy: &Policy, set: CategorySet) -> String {
    let codes = policy.codes(set);
    let codes: Vec<&str> = codes.iter().map(model::CategoryCode::as_str).collect();
    or_dash(&codes)
}

fn or_dash(words: &[&str]) -> String {
    if words.is_empty() { String::from("–") } else { words.join(" ") }
}
