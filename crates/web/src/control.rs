//! The control socket of a running server: how the commands beside it change data while it holds the lock.
//!
//! `POST /control/{command}` with a JSON body; the answer is JSON. What a command means is the server's
//! business ([`Handler`]); who may connect is decided by the mode of the socket file and by the account that the
//! kernel names for the peer.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};

use crate::answer::Trouble;
use crate::fields;
use crate::state::Web;

/// Carries a command out; runs on the blocking pool. Arguments: the command's name and its body.
pub type Handler = Arc<dyn Fn(&str, Value) -> Result<Value, ControlError> + Send + Sync>;

/// Largest body of a command, in bytes: a notice or a package in base64.
const BODY_BYTES_MAX: usize = 64 << 20;

/// Why a command was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlError {
    /// HTTP status: 404 for an unknown command, 400 for a body that cannot be read, 409, 422, 500 ….
    pub status: u16,
    /// Stable kebab-case code.
    pub code: String,
    /// What to do next, for the person at the terminal; never personal data.
    pub message: String,
}

impl ControlError {
    /// An error with these three parts.
    pub fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into() }
    }
}

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for ControlError {}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = json!({
            "type": "about:blank",
            "title": self.message,
            "status": status.as_u16(),
            "code": self.code,
        });
        (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
    }
}

/// Everything that answers on the control socket: commands, the JSON interface, and health.
pub fn router(web: Web, handler: Handler) -> Router {
    let commands = Router::new().route("/control/{command}", post(command)).with_state(handler);
    Router::new()
        .merge(crate::api::router(&web))
        .merge(crate::health::router())
        .with_state(web)
        .merge(commands)
}

/// What another account gets, whatever it asks.
pub(crate) fn stranger() -> Router {
    Router::new().fallback(async || {
        ControlError::new(
            403,
            "peer-refused",
            "this socket is for the account that the server runs as: run the command as that account",
        )
    })
}

async fn command(
    State(handler): State<Handler>,
    Path(command): Path<String>,
    request: Request,
) -> Result<Response, Response> {
    let bytes = fields::read(request, BODY_BYTES_MAX).await.map_err(Trouble::into_response)?;
    let body = if bytes.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&bytes) };
    let body = body.map_err(|_| {
        ControlError::new(400, "malformed", "the body is no JSON; use the senim of this version")
            .into_response()
    })?;
    let done = tokio::task::spawn_blocking(move || handler(&command, body)).await;
    match done {
        Ok(Ok(value)) => {
            Ok(([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response())
        }
        Ok(Err(error)) => Err(error.into_response()),
        Err(_) => {
            Err(ControlError::new(500, "internal", "the command failed; see the server's log")
                .into_response())
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    use super::*;

    async fn ask(command: &str, body: &str) -> (u16, Value) {
        let handler: Handler = Arc::new(|command, body| match command {
            "echo" => Ok(body),
            "fall" => panic!("planted"),
            _ => Err(ControlError::new(404, "command-unknown", "see senim help")),
        });
        let router = Router::new().route("/control/{command}", post(super::command)).with_state(handler);
        let request = Request::post(format!("/control/{command}")).body(Body::from(body.to_owned())).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    #[tokio::test]
    async fn commands_answer_and_a_fall_is_an_error() {
        assert_eq!(ask("echo", r#"{"a":1}"#).await, (200, json!({"a": 1})));
        assert_eq!(ask("echo", "").await, (200, Value::Null));
        assert_eq!(ask("echo", "{").await.0, 400);
        let (status, body) = ask("nothing", "{}").await;
        assert_eq!((status, body["code"].as_str()), (404, Some("command-unknown")));
        assert_eq!(ask("fall", "{}").await.0, 500);
    }
}
