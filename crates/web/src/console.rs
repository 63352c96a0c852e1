//! The console of the operators under `/console`.

use axum::Router;

use crate::state::Web;

/// The routes of the console.
pub fn router(_web: &Web) -> Router<Web> {
    Router::new()
}
