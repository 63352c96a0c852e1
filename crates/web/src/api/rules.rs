//! Rules about groups of records.
//!
//! Clauses: C10.2, C10.7, C11.3, C19.

use app::rule::{self, NewRule, RuleView};
use axum::extract::State;
use axum::http::StatusCode;
use model::{Effect, Operation, RuleId, TermCode};
use serde::Deserialize;

use crate::api::body::{Asked, Body, Id, OptionalBody};
use crate::api::caller::Caller;
use crate::api::cursor::List;
use crate::api::records::Named;
use crate::api::requests::{Listing, Nothing};
use crate::api::{Answer, Page, Problem, json, limit};
use crate::state::Web;

/// A rule: which records, and either what is set or that they are destroyed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sent {
    pattern: Named,
    #[serde(default)]
    set: Option<Named>,
    #[serde(default)]
    destroy: bool,
    #[serde(default)]
    standing: bool,
    ground: TermCode,
}

impl Sent {
    fn effect(&self) -> Result<Effect, Problem> {
        let either = || Problem::malformed("either set, with one term, or destroy");
        match (&self.set, self.destroy) {
            (None, true) => Ok(Effect::Destroy),
            (Some(set), false) => match set.changes("set")?.as_slice() {
                &[(field, code)] => Effect::of(field, code).map_err(|_| either()),
                _ => Err(either()),
            },
            _ => Err(either()),
        }
    }
}

pub(crate) async fn create(State(web): State<Web>, caller: Caller, body: Body<Sent>) -> Answer {
    let effect = body.value.effect()?;
    let operation = if effect == Effect::Destroy { Operation::Destruction } else { Operation::Restriction };
    caller.need_rights(&web, operation)?;
    let Sent { pattern, standing, ground, .. } = body.value;
    let new = NewRule { pattern: pattern.terms("pattern")?, effect, is_standing: standing, ground };
    let made = web.call(move |app| rule::make(app, &caller.context(app), &new)).await?;
    json(StatusCode::CREATED, &made)
}

pub(crate) async fn list(State(web): State<Web>, caller: Caller, Asked(asked): Asked<Listing>) -> Answer {
    caller.need_rights(&web, Operation::Retrieval)?;
    let before = List::Rules.read(asked.cursor.as_deref())?;
    let (items, next) =
        web.call(move |app| rule::page(app, &caller.context(app), before, limit(asked.limit))).await?;
    let next_cursor = next.map(|last| List::Rules.after(last));
    json(StatusCode::OK, &Page::<RuleView> { items, next_cursor })
}

pub(crate) async fn end(
    State(web): State<Web>,
    caller: Caller,
    Id(id): Id<RuleId>,
    OptionalBody(Nothing {}): OptionalBody<Nothing>,
) -> Answer {
    caller.need_rights(&web, Operation::Restriction)?;
    let view = web.call(move |app| rule::end(app, &caller.context(app), id)).await?;
    json(StatusCode::OK, &view)
}
