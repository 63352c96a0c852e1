//! The control socket of a running server: the JSON API for the commands beside it.

use axum::Router;

use crate::state::Web;

/// Everything that answers on the control socket.
pub fn router(web: Web) -> Router {
    Router::new().merge(crate::api::router(&web)).merge(crate::health::router()).with_state(web)
}
