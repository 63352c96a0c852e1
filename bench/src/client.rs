//! Just enough HTTP/1.1 to ask over one kept-alive connection and read the whole answer.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

/// A kept-alive connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4096) })
    }

    /// Posts JSON; the body of an answer 200.
    pub fn post(&mut self, path: &str, key: &str, body: &str) -> anyhow::Result<String> {
        let (status, text) = self.send("POST", path, key, body)?;
        anyhow::ensure!(status == 200, "not answered: {status}");
        Ok(text)
    }

    /// Sends a request; the status and the body of its answer.
    pub fn send(&mut self, method: &str, path: &str, key: &str, body: &str) -> anyhow::Result<(u16, String)> {
        let typed = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\
             {typed}content-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.write_all(request.as_bytes())?;
        self.buffer.clear();
        let head = loop {
            self.more()?;
            if let Some(at) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
        };
        let text = String::from_utf8_lossy(&self.buffer[..head]).to_lowercase();
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let length =
            text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
        match length {
            Some(length) => {
                while self.buffer.len() < head + length {
                    self.more()?;
                }
            }
            None => {
                while !self.buffer.ends_with(b"\r\n0\r\n\r\n") {
                    self.more()?;
                }
            }
        }
        Ok((status, String::from_utf8_lossy(&self.buffer[head..]).into_owned()))
    }

    fn more(&mut self) -> anyhow::Result<()> {
        let mut chunk = [0; 4096];
        let read = self.stream.read(&mut chunk)?;
        anyhow::ensure!(read > 0, "the server hung up");
        self.buffer.extend_from_slice(&chunk[..read]);
        Ok(())
    }
}
