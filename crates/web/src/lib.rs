//! The only crate that listens: pages, JSON API, console, control socket.
//!
//! Invariant: no handler can reach SQL or a key; every act goes through `app`, on the blocking pool, by
//! [`Web::call`]; every "no" becomes an answer in [`answer`]; every answer carries the headers of [`headers`].
//!
//! | part | where |
//! |---|---|
//! | what handlers share | [`state`], [`i18n`], [`dates`], [`answer`], [`session`], [`csrf`], [`fields`], [`limit`] |
//! | pages of a person | [`pages`] |
//! | look | [`ui`], [`assets`] |
//! | programs | [`api`], [`control`], [`health`], [`metrics`] |
//! | operators | [`console`] |

pub mod answer;
pub mod api;
pub mod assets;
pub mod console;
pub mod control;
pub mod csrf;
pub mod dates;
pub mod fields;
pub mod headers;
pub mod health;
pub mod i18n;
pub mod letters;
pub mod limit;
pub mod metrics;
pub mod openapi;
pub mod pages;
mod serve;
pub mod session;
pub mod state;
pub mod ui;

use std::net::SocketAddr;
use std::time::Duration;

use app::App;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::watch;
use tower_http::timeout::TimeoutLayer;

pub use letters::letters;
pub use openapi::openapi_json;
pub use state::Web;

/// A request may take this long.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// Where to listen.
pub struct Options {
    /// Pages and API.
    pub listen: SocketAddr,
    /// Prometheus metrics, if they are wanted.
    pub metrics: Option<SocketAddr>,
    /// The control socket of the data folder, if commands shall work beside the server.
    pub control: Option<Control>,
    /// The site is served over TLS (by the proxy before it): `Secure` cookies and HSTS.
    pub secure_cookies: bool,
}

/// The control socket and who may use it.
pub struct Control {
    /// The socket, opened by the server with mode 0600.
    pub listener: std::os::unix::net::UnixListener,
    /// What its commands do.
    pub handler: control::Handler,
    /// The account that may connect, by the kernel's word; everybody else is refused, whatever the file's mode.
    pub uid: u32,
}

/// Everything that answers on the public listener.
pub fn router(web: Web) -> Router {
    Router::new()
        .merge(pages::router(&web))
        .merge(api::router(&web))
        .merge(console::router(&web))
        .merge(assets::router())
        .merge(health::router())
        .fallback(pages::nothing_here)
        .method_not_allowed_fallback(pages::wrong_method)
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIMEOUT))
        .layer(from_fn_with_state(web.clone(), around))
        .with_state(web)
}

/// Around every answer, in one layer because each costs an allocation or two for each request: counted, dressed as a
/// page where a person looks, guarded by headers.
async fn around(State(web): State<Web>, request: Request, next: Next) -> Response {
    let counted = metrics::Counted::begin(&request);
    let mut response = pages::dress(&web, request, next).await;
    counted.end(web.metrics(), &response);
    headers::guard(&web, &mut response);
    response
}

/// Bound sockets, not yet serving.
pub struct Server {
    web: Web,
    address: SocketAddr,
    public: TcpListener,
    metrics: Option<TcpListener>,
    control: Option<(UnixListener, control::Handler, u32)>,
}

/// Binds every socket.
///
/// # Errors
/// When an address is taken or may not be used.
pub async fn bind(app: App, options: Options) -> std::io::Result<Server> {
    let web = Web::new(app.clone(), options.secure_cookies, app.process_key());
    let public = TcpListener::bind(options.listen).await?;
    let metrics = match options.metrics {
        Some(address) => Some(TcpListener::bind(address).await?),
        None => None,
    };
    let control = match options.control {
        Some(Control { listener, handler, uid }) => {
            listener.set_nonblocking(true)?;
            Some((UnixListener::from_std(listener)?, handler, uid))
        }
        None => None,
    };
    Ok(Server { web, address: public.local_addr()?, public, metrics, control })
}

impl Server {
    /// The address of pages and API, with the port that was given.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` ends, then lets running requests finish for at most ten seconds.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let (stop, stopped) = watch::channel(false);
        let mut listeners = tokio::task::JoinSet::new();
        let Self { web, public, metrics, control, .. } = self;
        listeners.spawn(serve::run(serve::Listener::Tcp(public), router(web.clone()), stopped.clone()));
        if let Some(listener) = metrics {
            let router = metrics::router(web.clone());
            listeners.spawn(serve::run(serve::Listener::Tcp(listener), router, stopped.clone()));
        }
        if let Some((listener, handler, uid)) = control {
            let router = control::router(web.clone(), handler);
            listeners.spawn(serve::run(serve::Listener::Unix(listener, uid), router, stopped.clone()));
        }
        shutdown.await;
        let _ = stop.send(true);
        while listeners.join_next().await.is_some() {}
    }
}
