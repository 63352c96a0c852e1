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
    /// For the commands beside a running server: only from this account.
    Unix(UnixListener, u32),
}

/// Accepts until told to stop, then waits for what is running.
pub(crate) async fn run(listener: Listener, router: Router, mut stop: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    let permits = std::sync::Arc::new(tokio::sync::Semaphore::new(CONNECTIONS_MAX));
    loop {
        let Ok(permit) = permits.clone().acquire_owned().await else { break };
        tokio::select! {
            accepted = accept(&listener) => match accepted {
                Ok((stream, peer)) => {
                    let router = if admits(&listener, &stream) {
                        router.clone()
                    } else {
                        tracing::warn!(code = "peer-refused", "another account tried the control socket");
                        crate::control::stranger()
                    };
                    connect(stream, peer, router, &graceful, permit);
                }
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
        Listener::Unix(listener, _) => {
            listener.accept().await.map(|(stream, _)| (Stream::Unix(stream), None))
        }
    }
}

/// Whether the kernel says that the peer is the account the listener is for; whoever it cannot name is not.
fn admits(listener: &Listener, stream: &Stream) -> bool {
    match (listener, stream) {
        (Listener::Unix(_, uid), Stream::Unix(stream)) => {
            stream.peer_cred().is_ok_and(|peer| peer.uid() == *uid)
        }
        _ => true,
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

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    /// What the control socket answers when it is for the account `uid`.
    async fn answered(uid: u32) -> String {
        let folder = testkit::Platform::new().unwrap();
        let path = folder.beside("control.sock");
        let listener = Listener::Unix(UnixListener::bind(&path).unwrap(), uid);
        let router = Router::new().route("/", axum::routing::get(async || "welcome"));
        let (stop, stopped) = watch::channel(false);
        let server = tokio::spawn(run(listener, router, stopped));
        let mut stream = tokio::net::UnixStream::connect(&path).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: senim\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        stop.send(true).unwrap();
        server.await.unwrap();
        answer
    }

    #[tokio::test]
    async fn the_control_socket_is_for_one_account_by_the_kernels_word() {
        let (mine, _) = tokio::net::UnixStream::pair().unwrap();
        let uid = mine.peer_cred().unwrap().uid();
        let welcome = answered(uid).await;
        assert!(welcome.starts_with("HTTP/1.1 200") && welcome.ends_with("welcome"), "{welcome}");
        // To a socket of another account we are the stranger.
        let refused = answered(uid + 1).await;
        assert!(refused.starts_with("HTTP/1.1 403") && refused.contains("peer-refused"), "{refused}");
        assert!(!refused.contains("welcome"));
    }
}
