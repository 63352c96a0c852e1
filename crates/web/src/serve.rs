//! Listening: sockets, the limits of a connection, and a stop that lets running requests finish.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::watch;
use tower::{ServiceExt as _, service_fn};

/// A client must have sent its head after this.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Running requests may finish for this long after the stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);
/// Most bytes of a request head.
const HEAD_BYTES_MAX: usize = 32 * 1024;
/// Most header fields of a request.
const HEAD_FIELDS_MAX: usize = 64;
/// Most connections at once on one listener.
const CONNECTIONS_MAX: usize = 2_048;

/// A listener of either kind.
pub(crate) enum Listener {
    /// For people and programs.
    Tcp(TcpListener),
    /// For the commands beside a running server.
    Unix(UnixListener),
}

/// Accepts until told to stop, then waits for what is running.
pub(crate) async fn run(listener: Listener, router: Router, mut stop: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    let permits = std::sync::Arc::new(tokio::sync::Semaphore::new(CONNECTIONS_MAX));
    loop {
        let Ok(permit) = permits.clone().acquire_owned().await else { break };
        tokio::select! {
            accepted = accept(&listener) => match accepted {
                Ok((stream, peer)) => connect(stream, peer, router.clone(), &graceful, permit),
                // Out of file handles: give the others a moment.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            // The guard that `wait_for` gives must not live across an await.
            _ = async { stop.wait_for(|stopped| *stopped).await.is_ok() } => break,
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(STOP_TIMEOUT, graceful.shutdown()).await;
}

enum Stream {
    Tcp(tokio::net::TcpStream),
    Unix(tokio::net::UnixStream),
}

async fn accept(listener: &Listener) -> std::io::Result<(Stream, Option<SocketAddr>)> {
    match listener {
        Listener::Tcp(listener) => {
            let (stream, peer) = listener.accept().await?;
            stream.set_nodelay(true)?;
            Ok((Stream::Tcp(stream), Some(peer)))
        }
        Listener::Unix(listener) => listener.accept().await.map(|(stream, _)| (Stream::Unix(stream), None)),
    }
}

fn connect(
    stream: Stream,
    peer: Option<SocketAddr>,
    router: Router,
    graceful: &GracefulShutdown,
    permit: tokio::sync::OwnedSemaphorePermit,
) {
    match stream {
        Stream::Tcp(stream) => serve(stream, peer, router, graceful, permit),
        Stream::Unix(stream) => serve(stream, peer, router, graceful, permit),
    }
}

fn serve<S>(
    stream: S,
    peer: Option<SocketAddr>,
    router: Router,
    graceful: &GracefulShutdown,
    permit: tokio::sync::OwnedSemaphorePermit,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |mut request: Request<Incoming>| {
        if let Some(peer) = peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        router.clone().oneshot(request.map(axum::body::Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEAD_FIELDS_MAX)
        .serve_connection(TokioIo::new(stream), hyper_util::service::TowerToHyperService::new(service));
    let watched = graceful.watch(connection);
    tokio::spawn(async move {
        // A client that goes away is no fault of ours.
        let _ = watched.await;
        drop(permit);
    });
}
