//! The JSON API under `/api/v1`.

use axum::Router;

use crate::state::Web;

/// The routes of the API.
pub fn router(_web: &Web) -> Router<Web> {
    Router::new()
}
