//! The control socket: `DATA/control.sock`, for this account only; and the client that commands use beside a
//! running server.
//!
//! Socket paths are short by nature (108 bytes), data folders are not: both ends go through the open folder's
//! own entry in `/proc/self/fd`.

use std::io::{self, Read as _, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::data_folder::SOCKET;
use crate::files;

/// A server that does not answer within this is taken as hanging.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// A command may work for as long as this; backups and rotations of a large instance take their time.
const WORK_WITHIN: Duration = Duration::from_hours(1);
/// Largest answer read.
const ANSWER_BYTES_MAX: u64 = 256 << 20;

/// Opens the socket of this folder; the caller holds the folder's lock, so an old socket is nobody's.
///
/// # Errors
/// Of the file system.
pub fn listen(folder: &Path) -> io::Result<UnixListener> {
    let held = files::open(folder)?;
    files::remove(&folder.join(SOCKET))?;
    let listener = UnixListener::bind(through(&held))?;
    std::fs::set_permissions(folder.join(SOCKET), std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

fn through(folder: &std::fs::File) -> String {
    format!("/proc/self/fd/{}/{SOCKET}", folder.as_raw_fd())
}

/// Why the running server did not do it.
#[derive(Debug, thiserror::Error)]
pub enum ControlFault {
    /// Nobody answers.
    #[error(
        "a server holds the data folder but does not answer its control socket: try again, or restart it"
    )]
    NoAnswer,
    /// It answered no.
    #[error("{message}")]
    Refused {
        /// Stable code.
        code: String,
        /// What to do next.
        message: String,
    },
    /// Its answer is no answer of ours.
    #[error(
        "the running server gave an answer that this program does not understand: is it of another version?"
    )]
    Unreadable,
}

/// Asks the running server to carry out a command.
///
/// # Errors
/// [`ControlFault`].
pub fn ask(folder: &Path, command: &str, body: &Value) -> Result<Value, ControlFault> {
    // A short question first: only a server that answers it may take its time over the other.
    exchange(folder, "ping", &Value::Null, ANSWER_WITHIN)?;
    exchange(folder, command, body, WORK_WITHIN)
}

fn exchange(folder: &Path, command: &str, body: &Value, within: Duration) -> Result<Value, ControlFault> {
    let answer = send(folder, command, body, within).map_err(|_| ControlFault::NoAnswer)?;
    let (status, body) = parse(&answer).ok_or(ControlFault::Unreadable)?;
    if status == 200 {
        return Ok(body);
    }
    let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
    match (text("code"), text("title")) {
        (Some(code), Some(message)) => Err(ControlFault::Refused { code, message }),
        _ => Err(ControlFault::Unreadable),
    }
}

fn send(folder: &Path, command: &str, body: &Value, within: Duration) -> io::Result<Vec<u8>> {
    let held = files::open(folder)?;
    let mut stream = UnixStream::connect(through(&held))?;
    stream.set_read_timeout(Some(within))?;
    stream.set_write_timeout(Some(ANSWER_WITHIN))?;
    let body = body.to_string();
    let head = format!(
        "POST /control/{command} HTTP/1.1\r\nHost: senim\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat())?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer)?;
    Ok(answer)
}

/// Status and JSON of an HTTP/1.1 answer whose connection was closed after it.
fn parse(answer: &[u8]) -> Option<(u16, Value)> {
    const END_OF_HEAD: &[u8] = b"\r\n\r\n";
    let end = answer.windows(END_OF_HEAD.len()).position(|window| window == END_OF_HEAD)?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let rest = &answer[end + END_OF_HEAD.len()..];
    let chunked = head.lines().any(|line| {
        line.split_once(':').is_some_and(|(name, value)| {
            name.eq_ignore_ascii_case("transfer-encoding") && value.trim().eq_ignore_ascii_case("chunked")
        })
    });
    let body = if chunked { unchunk(rest)? } else { rest.to_vec() };
    Some((status, serde_json::from_slice(&body).ok()?))
}

fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(&rest[..line]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = rest.get(line + 2..)?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::scratch::Scratch;

    fn served(folder: &Path, answers: Vec<&'static str>) -> std::thread::JoinHandle<()> {
        let listener = listen(folder).unwrap();
        std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let mut asked = [0; 4096];
                let _ = stream.read(&mut asked).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
            }
        })
    }

    const FINE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"a\": 1}";
    const CHUNKED: &str =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n4\r\n: 1}\r\n0\r\n\r\n";
    const REFUSED: &str =
        "HTTP/1.1 409 Conflict\r\n\r\n{\"title\":\"not now\",\"code\":\"later\",\"status\":409}";

    #[test]
    fn a_command_gets_its_answer_also_in_a_deep_folder() {
        let scratch = Scratch::new();
        let deep = scratch.path().join("d".repeat(60)).join("e".repeat(60)).join("f".repeat(60));
        files::create_folder(&deep).unwrap();
        let server = served(&deep, vec![FINE, CHUNKED]);
        assert_eq!(ask(&deep, "anything", &Value::Null).unwrap(), serde_json::json!({"a": 1}));
        server.join().unwrap();
        let mode = deep.join(SOCKET).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_refusal_keeps_its_code_and_silence_is_no_answer() {
        let scratch = Scratch::new();
        let server = served(scratch.path(), vec![FINE, REFUSED]);
        let refused = ask(scratch.path(), "anything", &Value::Null);
        assert!(matches!(refused, Err(ControlFault::Refused { code, .. }) if code == "later"));
        server.join().unwrap();
        assert!(matches!(ask(scratch.path(), "anything", &Value::Null), Err(ControlFault::NoAnswer)));
        let other = served(scratch.path(), vec!["220 mail.example.kz ESMTP\r\n"]);
        assert!(matches!(ask(scratch.path(), "anything", &Value::Null), Err(ControlFault::Unreadable)));
        other.join().unwrap();
    }
}
