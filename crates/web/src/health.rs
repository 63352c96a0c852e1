//! `/health/live`: the process answers. `/health/ready`: it also acknowledges.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};

use crate::state::Web;

/// The two routes.
pub fn router() -> Router<Web> {
    Router::new().route("/health/live", get(live)).route("/health/ready", get(ready))
}

async fn live() -> Json<serde_json::Value> {
    Json(serde_json::json!({ "status": "live" }))
}

async fn ready(State(web): State<Web>) -> (StatusCode, Json<serde_json::Value>) {
    // One real read: a store that cannot answer is not ready, whatever it thinks of itself.
    let reads = web.call(app::outbox::count).await.is_ok();
    if reads && !web.app().is_stopped() {
        (StatusCode::OK, Json(serde_json::json!({ "status": "ready" })))
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            Json(serde_json::json!({ "status": "stopped", "next": "restart the server" })),
        )
    }
}
