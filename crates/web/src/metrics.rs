//! Counters for Prometheus, on a listener of their own. Labels are route patterns, methods and status
//! classes: never an address, an id or anything of a person.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use crate::state::Web;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    route: String,
    method: &'static str,
    status: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

/// The counters of the web layer.
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Labels, Counter>,
    seconds: Family<RouteLabels, Histogram, fn() -> Histogram>,
    letters_waiting: Gauge,
    store_stopped: Gauge,
}

fn histogram() -> Histogram {
    Histogram::new(exponential_buckets(0.001, 2.0, 14))
}

impl Metrics {
    /// Fresh counters.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("senim");
        let requests = Family::<Labels, Counter>::default();
        let seconds = Family::<RouteLabels, Histogram, fn() -> Histogram>::new_with_constructor(histogram);
        let (letters_waiting, store_stopped) = (Gauge::default(), Gauge::default());
        registry.register("http_requests", "Answers by route, method and status", requests.clone());
        registry.register("http_request_seconds", "Time to answer by route", seconds.clone());
        registry.register("letters_waiting", "Letters that wait to be sent", letters_waiting.clone());
        registry.register("store_stopped", "1 after a storage error: restart", store_stopped.clone());
        Self { registry: Arc::new(registry), requests, seconds, letters_waiting, store_stopped }
    }

    fn encode(&self) -> Option<String> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry).ok()?;
        Some(text)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// A request that is being answered.
pub(crate) struct Counted {
    route: String,
    method: &'static str,
    began: Instant,
}

impl Counted {
    /// The request as the router matched it; never its path, which may name a person's matter.
    pub fn begin(request: &Request) -> Self {
        let route = request
            .extensions()
            .get::<MatchedPath>()
            .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
        let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        let method = known.into_iter().find(|known| *known == request.method()).unwrap_or("other");
        Self { route, method, began: Instant::now() }
    }

    /// Counts it with its answer.
    pub fn end(self, metrics: &Metrics, response: &Response) {
        let (route, status) = (self.route, u32::from(response.status().as_u16()));
        metrics
            .seconds
            .get_or_create(&RouteLabels { route: route.clone() })
            .observe(self.began.elapsed().as_secs_f64());
        metrics.requests.get_or_create(&Labels { route, method: self.method, status }).inc();
    }
}

/// The router of the metrics listener.
pub fn router(web: Web) -> Router {
    Router::new().route("/metrics", get(show)).with_state(web)
}

async fn show(State(web): State<Web>) -> Response {
    let metrics = web.metrics();
    metrics.store_stopped.set(i64::from(web.app().is_stopped()));
    if let Ok(waiting) = web.call(app::outbox::count).await {
        metrics.letters_waiting.set(i64::try_from(waiting).unwrap_or(i64::MAX));
    }
    match metrics.encode() {
        Some(text) => {
            ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
                .into_response()
        }
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
