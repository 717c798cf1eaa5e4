//! A keep-alive HTTP/1.1 client of one connection: just enough for our own API, and cheap, as it shares the cores.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// No answer that the benchmark asks for is nearly as large.
const ANSWER_MAX: usize = 16 << 20;

/// One connection, one request at a time.
#[derive(Debug)]
pub(crate) struct Http {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Http {
    /// Connects to the server at `addr`.
    pub(crate) async fn connect(addr: SocketAddr) -> Result<Http> {
        let stream = TcpStream::connect(addr)
            .await
            .context("cannot connect for HTTP")?;
        stream.set_nodelay(true)?;
        Ok(Http {
            stream,
            buffer: Vec::with_capacity(4096),
        })
    }

    /// Sends a `request` made by [`get`] or [`post`] and returns the body of a 200 answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(head) = Head::parse(&self.buffer)? {
                break head;
            }
            self.read_more().await?;
        };
        while self.buffer.len() < head.len + head.body_len {
            self.read_more().await?;
        }
        let body = &self.buffer[head.len..head.len + head.body_len];
        if head.status != 200 {
            bail!(
                "the server answered {}: {}",
                head.status,
                String::from_utf8_lossy(body)
            );
        }
        Ok(body)
    }

    async fn read_more(&mut self) -> Result<()> {
        if self.buffer.len() > ANSWER_MAX {
            bail!("the answer is larger than {ANSWER_MAX} bytes");
        }
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

/// A GET request, ready to send.
pub(crate) fn get(path: &str, key: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\r\n").into_bytes()
}

/// A POST request with a JSON body, ready to send.
pub(crate) fn post(path: &str, key: &str, body: &serde_json::Value) -> Vec<u8> {
    write("POST", path, key, body)
}

/// A PUT request with a JSON body, ready to send.
pub(crate) fn put(path: &str, key: &str, body: &serde_json::Value) -> Vec<u8> {
    write("PUT", path, key, body)
}

fn write(method: &str, path: &str, key: &str, body: &serde_json::Value) -> Vec<u8> {
    let body = body.to_string();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A WebSocket handshake, ready to send.
pub(crate) fn upgrade(path: &str, key: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\nconnection: Upgrade\r\n\
         upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    .into_bytes()
}

/// The status line and headers of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The status code.
    pub(crate) status: u16,
    /// Bytes up to and including the empty line.
    pub(crate) len: usize,
    /// Bytes of the body.
    pub(crate) body_len: usize,
}

impl Head {
    /// None while `bytes` do not hold all of it yet.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Option<Head>> {
        let Some(len) = end_of_head(bytes) else {
            return Ok(None);
        };
        let text = str::from_utf8(&bytes[..len]).context("the answer's head is not text")?;
        let mut lines = text.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let status = status.context("the answer has no status line")?;
        let mut body_len = 0;
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            if name.eq_ignore_ascii_case("content-length") {
                body_len = value.trim().parse().context("content-length")?;
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                bail!("the benchmark reads only answers with a content-length");
            }
        }
        Ok(Some(Head {
            status,
            len,
            body_len,
        }))
    }
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|it| it == b"\r\n\r\n").map(|at| at + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &[u8] =
        b"HTTP/1.1 409 Conflict\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\ntaken";

    #[test]
    fn a_head_is_read_once_it_is_complete() -> Result<()> {
        let expected = Head {
            status: 409,
            len: ANSWER.len() - 5,
            body_len: 5,
        };
        for cut in 0..expected.len {
            assert_eq!(Head::parse(&ANSWER[..cut])?, None, "cut at {cut}");
        }
        assert_eq!(Head::parse(ANSWER)?, Some(expected));
        Ok(())
    }

    #[test]
    fn an_answer_without_a_length_is_refused() {
        assert!(Head::parse(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
        assert!(Head::parse(b"what?\r\n\r\n").is_err());
    }
}
