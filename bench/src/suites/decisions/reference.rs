//! The reference of P6: the same handler with one durable plaintext audit row instead of a log entry.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use app::policy::Policy;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use model::{
    Actor, CategoryCode, ConsentFact, ConsentId, Operation, OperatorId, Part, Principal, PurposeId, RoleId,
    SubjectFacts, SubjectId, Violation,
};
use policy::{Decision, Query, decide};
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;

use crate::plain::Plain;

/// What the audit row needs.
pub(super) const TABLES: &str =
    "CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL,
    subject BLOB NOT NULL, purpose TEXT NOT NULL, operation TEXT NOT NULL, decision TEXT NOT NULL);";

#[derive(Deserialize)]
struct Question {
    subject_id: SubjectId,
    purpose: PurposeId,
    categories: Vec<CategoryCode>,
    operation: Operation,
}

#[derive(Serialize)]
struct Answer {
    decision: &'static str,
    violations: Vec<Violation>,
    log_entry: &'static str,
}

const CONSTANT: Answer =
    Answer { decision: "permit", violations: Vec::new(), log_entry: "00000000-0000-7000-8000-000000000000" };

struct Shared {
    plain: Arc<Plain>,
    policy: Arc<Policy>,
    facts: HashMap<SubjectId, SubjectFacts>,
    key: String,
    role: RoleId,
}

/// Facts as the form of [`crate::stand::People`] leaves them.
pub(super) fn facts(at: model::Instant, subject: SubjectId) -> anyhow::Result<SubjectFacts> {
    let mut facts = SubjectFacts::new(subject, true);
    for purpose in ["p8-2", "p8-4"] {
        facts.set_consent(ConsentFact {
            purpose: PurposeId::new(purpose)?,
            consent: ConsentId::from_bytes(*subject.as_bytes()),
            given_at: at.plus_seconds(-1),
            expires_at: None,
            ended: None,
            withdrawn: Part::Transfer.operations(),
        });
    }
    Ok(facts)
}

/// Serves it; gives its address.
pub(super) fn serve(
    runtime: &Runtime,
    plain: &Arc<Plain>,
    policy: &Arc<Policy>,
    facts: Vec<SubjectFacts>,
    key: &str,
) -> anyhow::Result<SocketAddr> {
    let shared = Arc::new(Shared {
        plain: Arc::clone(plain),
        policy: Arc::clone(policy),
        facts: facts.into_iter().map(|facts| (facts.subject, facts)).collect(),
        key: format!("Bearer {key}"),
        role: RoleId::new("service")?,
    });
    let router =
        Router::new().route("/decisions", post(answer)).route("/constant", post(constant)).with_state(shared);
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    runtime.spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

async fn constant(Json(_): Json<Question>) -> Json<Answer> {
    Json(CONSTANT)
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Json(asked): Json<Question>,
) -> Result<Json<Answer>, StatusCode> {
    let presented = headers.get("authorization").and_then(|value| value.to_str().ok());
    if presented != Some(shared.key.as_str()) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let facts = shared.facts.get(&asked.subject_id).ok_or(StatusCode::NOT_FOUND)?;
    let categories = shared.policy.category_set(&asked.categories).map_err(|_| StatusCode::BAD_REQUEST)?;
    let at =
        facts.consents.first().map_or(model::Instant::from_micros(0), |fact| fact.given_at.plus_seconds(1));
    let query = Query {
        actor: Actor { principal: Principal::Operator(OperatorId::from_bytes([7; 16])), role: shared.role },
        purpose: asked.purpose,
        categories,
        operation: asked.operation,
        recipient: None,
        at,
    };
    let (decision, violations) = match decide(&shared.policy, facts, &query) {
        Decision::Permit(_) => ("permit", Vec::new()),
        Decision::Refuse(violations) => ("refuse", violations),
    };
    let row =
        (at.micros(), query.actor.role.to_string(), *asked.subject_id.as_bytes(), asked.purpose.to_string());
    let written = shared.plain.write_async(move |connection| {
        connection
            .prepare_cached("INSERT INTO audit (at, actor, subject, purpose, operation, decision) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
            .execute((row.0, row.1, row.2, row.3, query.operation.code(), decision))
            .map(drop)
    });
    written.await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(Json(Answer { decision, violations, ..CONSTANT }))
}
