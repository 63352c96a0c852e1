//! `POST decisions`: asking the gate, one question or many.
//!
//! Clauses: C10.1, C11.4.

use app::access::{self, DecisionQuery, DecisionView};
use axum::extract::State;
use axum::http::StatusCode;
use model::{CategoryCode, EntryId, Operation, PurposeId, RecipientId, SubjectId};
use serde::{Deserialize, Serialize};

use crate::answer::Trouble;
use crate::api::body::Body;
use crate::api::caller::Caller;
use crate::api::{Answer, Problem, json};
use crate::state::Web;

/// One question, or `queries`; never both.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    #[serde(default)]
    queries: Option<Vec<Question>>,
    #[serde(default)]
    subject_id: Option<SubjectId>,
    #[serde(default)]
    purpose: Option<PurposeId>,
    #[serde(default)]
    categories: Option<Vec<CategoryCode>>,
    #[serde(default)]
    operation: Option<Operation>,
    #[serde(default)]
    recipient: Option<RecipientId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    subject_id: SubjectId,
    purpose: PurposeId,
    categories: Vec<CategoryCode>,
    #[serde(default)]
    operation: Option<Operation>,
    #[serde(default)]
    recipient: Option<RecipientId>,
}

impl From<Question> for DecisionQuery {
    fn from(asked: Question) -> Self {
        Self {
            subject: asked.subject_id,
            purpose: asked.purpose,
            categories: asked.categories,
            operation: asked.operation.unwrap_or(Operation::Retrieval),
            recipient: asked.recipient,
        }
    }
}

impl Asked {
    /// The questions, and whether there were many.
    fn questions(self) -> Result<(Vec<DecisionQuery>, bool), Problem> {
        let single = self.subject_id.is_some()
            || self.purpose.is_some()
            || self.categories.is_some()
            || self.operation.is_some()
            || self.recipient.is_some();
        match self.queries {
            Some(queries) if !single && !queries.is_empty() => {
                Ok((queries.into_iter().map(DecisionQuery::from).collect(), true))
            }
            Some(_) => Err(Problem::malformed("either queries, at least one, or one question")),
            None => {
                let missing = |name: &str| Problem::malformed(format!("missing-field: {name}"));
                let question = Question {
                    subject_id: self.subject_id.ok_or_else(|| missing("subject_id"))?,
                    purpose: self.purpose.ok_or_else(|| missing("purpose"))?,
                    categories: self.categories.ok_or_else(|| missing("categories"))?,
                    operation: self.operation,
                    recipient: self.recipient,
                };
                Ok((vec![question.into()], false))
            }
        }
    }
}

#[derive(Serialize)]
struct One {
    #[serde(flatten)]
    view: DecisionView,
    log_entry: EntryId,
}

#[derive(Serialize)]
struct Many {
    results: Vec<DecisionView>,
    log_entry: EntryId,
}

pub(crate) async fn decide(State(web): State<Web>, caller: Caller, body: Body<Asked>) -> Answer {
    let (queries, many) = body.value.questions()?;
    let purposes: Vec<PurposeId> = queries.iter().map(|query| query.purpose).collect();
    let holder = caller.holder.clone();
    let (mut results, log_entry) =
        web.call_then(move |app, done| access::decide_then(app, &caller.context(app), queries, done)).await?;
    for (view, purpose) in results.iter_mut().zip(purposes) {
        // The gate knows the role; what the key is narrowed to is known here.
        if !holder.covers(purpose) {
            view.decision = "refuse";
            view.violations.insert(0, app::failure::violation("purpose-not-of-role", "C11.4"));
            view.violations.dedup_by_key(|violation| violation.code);
        }
    }
    if many {
        return json(StatusCode::OK, &Many { results, log_entry });
    }
    let view = results.into_iter().next().ok_or(Trouble::Internal)?;
    json(StatusCode::OK, &One { view, log_entry })
}
