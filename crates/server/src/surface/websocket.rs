//! WebSockets at the level of bytes: the upgrade, frames rendered once for all, and one connection's I/O.
//!
//! Reading is tungstenite's business (RFC 6455: masks, fragments, UTF-8, limits). Writing is ours: what
//! goes to many screens is framed once and handed to each socket as it is, many frames with one call.

use crate::connection::Connection;
use crate::gate::Open;
use crate::limits::WRITE_STALL;
use axum::body::Body;
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use bytes::{BufMut, Bytes, BytesMut};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{CapacityError, Error};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, Role, WebSocketConfig};

/// A text frame as it goes over the wire, unmasked: header, then `text`.
#[must_use]
pub fn text_frame(text: &[u8]) -> Bytes {
    const FINAL_TEXT: u8 = 0x81;
    let mut frame = BytesMut::with_capacity(text.len() + 10);
    frame.put_u8(FINAL_TEXT);
    #[expect(clippy::cast_possible_truncation, reason = "each arm checked the range")]
    match text.len() {
        short @ ..=125 => frame.put_u8(short as u8),
        medium @ ..=0xFFFF => {
            frame.put_u8(126);
            frame.put_u16(medium as u16);
        }
        long => {
            frame.put_u8(127);
            frame.put_u64(long as u64);
        }
    }
    frame.put_slice(text);
    frame.freeze()
}

/// A question on the level of the protocol whether the screen is there.
pub const PING_FRAME: &[u8] = &[0x89, 0];

/// The text inside a frame made by [`text_frame`].
#[must_use]
pub fn text_of(frame: &Bytes) -> Bytes {
    let header = match frame.get(1) {
        Some(126) => 4,
        Some(127) => 10,
        _ => 2,
    };
    frame.slice(header.min(frame.len())..)
}

/// A handshake that was accepted but has not become a socket yet.
pub struct Upgrade {
    on: hyper::upgrade::OnUpgrade,
}

/// Why a request is no WebSocket handshake.
#[derive(Debug, thiserror::Error)]
pub enum UpgradeError {
    /// It asks for something else.
    #[error("this address is a WebSocket: connect with `Upgrade: websocket`")]
    NotAHandshake,
    /// It speaks another version of the protocol.
    #[error("only WebSocket version 13 is spoken here")]
    Version,
}

/// Answers a handshake. The socket is there once the answer has been sent.
pub fn upgrade(request: &mut Request<Body>) -> Result<(Response<Body>, Upgrade), UpgradeError> {
    let headers = request.headers();
    let is_handshake = has_token(headers, &header::CONNECTION, "upgrade")
        && has_token(headers, &header::UPGRADE, "websocket");
    let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| is_handshake);
    let accept = derive_accept_key(key.ok_or(UpgradeError::NotAHandshake)?.as_bytes());
    if headers
        .get(header::SEC_WEBSOCKET_VERSION)
        .is_none_or(|it| it != "13")
    {
        return Err(UpgradeError::Version);
    }
    let response = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, accept)
        .body(Body::empty())
        .expect("the headers are fixed or base64");
    Ok((
        response,
        Upgrade {
            on: hyper::upgrade::on(request),
        },
    ))
}

fn has_token(headers: &HeaderMap, name: &header::HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|it| it.to_str().ok());
    values
        .flat_map(|it| it.split(','))
        .any(|it| it.trim().eq_ignore_ascii_case(token))
}

impl Upgrade {
    /// The socket, unless the client has gone meanwhile. It takes messages of so many bytes.
    pub async fn socket(self, frame_bytes: u32) -> Option<Socket> {
        let upgraded: Upgraded = self.on.await.ok()?;
        let parts = upgraded.downcast::<TokioIo<Connection>>().ok()?;
        let bytes_max = usize::try_from(frame_bytes).unwrap_or(usize::MAX);
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(0)
            .max_write_buffer_size(bytes_max)
            .max_message_size(Some(bytes_max))
            .max_frame_size(Some(bytes_max));
        let (stream, open) = parts.io.into_inner().into_parts();
        let early = parts.read_buf.to_vec();
        let stream = WebSocketStream::from_partially_read(stream, early, Role::Server, Some(config)).await;
        Some(Socket { stream, _open: open })
    }
}

/// Bytes kept per connection for reading. Longer frames are read in several calls.
const READ_BUFFER_BYTES: usize = 512;

/// How long a goodbye may take.
const FAREWELL: Duration = Duration::from_secs(2);

/// One connection.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    // The socket counts for as long as it is there.
    _open: Open,
}

/// What came from a screen.
pub enum FromScreen {
    /// A text.
    Text(String),
    /// Bytes that are no text.
    Binary,
    /// A sign of life.
    Alive,
    /// Text that is not UTF-8.
    BadText,
    /// A frame above the limit.
    TooLarge,
    /// The connection is over.
    Gone,
}

/// Why a socket took no more.
#[derive(Debug)]
pub enum WriteError {
    /// It took nothing for too long.
    Stalled,
    /// The connection is over.
    Gone,
}

impl Socket {
    /// The next thing the screen sends. Cancel-safe.
    pub async fn next(&mut self) -> FromScreen {
        match self.stream.next().await {
            Some(Ok(Message::Text(text))) => FromScreen::Text(text.as_str().to_owned()),
            Some(Ok(Message::Binary(_))) => FromScreen::Binary,
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => FromScreen::Alive,
            Some(Ok(Message::Close(_))) => {
                // The answer to a goodbye is polite, not owed: a screen that is gone does without.
                drop(tokio::time::timeout(FAREWELL, self.stream.close(None)).await);
                FromScreen::Gone
            }
            None => FromScreen::Gone,
            Some(Err(Error::Utf8(_))) => FromScreen::BadText,
            Some(Err(Error::Capacity(CapacityError::MessageTooLong { .. }))) => FromScreen::TooLarge,
            Some(Err(_)) => FromScreen::Gone,
        }
    }

    /// Writes frames made by [`text_frame`], one or many, as they are.
    pub async fn write(&mut self, frames: &[u8]) -> Result<(), WriteError> {
        let mut rest = self.write_now(frames)?;
        let stream = &mut self.stream;
        while !rest.is_empty() {
            let n_bytes = within_stall(stream.get_mut().write(rest)).await?;
            if n_bytes == 0 {
                return Err(WriteError::Gone);
            }
            rest = &rest[n_bytes..];
        }
        Ok(())
    }

    /// Writes what the socket takes at once of such frames. Answers the rest.
    pub fn write_now<'a>(&self, frames: &'a [u8]) -> Result<&'a [u8], WriteError> {
        match self.stream.get_ref().try_write(frames) {
            Ok(n_bytes) => Ok(&frames[n_bytes..]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(frames),
            Err(_) => Err(WriteError::Gone),
        }
    }

    /// Sends what tungstenite answered by itself, such as a pong.
    pub async fn flush(&mut self) -> Result<(), WriteError> {
        within_stall(self.stream.flush()).await
    }

    /// Says goodbye and waits, briefly, for the screen to hear it.
    pub async fn close(self, code: u16, reason: &str) {
        let frame = CloseFrame {
            code: code.into(),
            reason: reason.to_owned().into(),
        };
        self.part(Some(frame)).await;
    }

    /// As [`Socket::close`], without a code: for protocols that have none.
    pub async fn leave(self) {
        self.part(None).await;
    }

    async fn part(mut self, frame: Option<CloseFrame>) {
        let farewell = async {
            if self.stream.close(frame).await.is_ok() {
                while let Some(Ok(_)) = self.stream.next().await {}
            }
        };
        // A screen that does not answer is let go all the same.
        drop(tokio::time::timeout(FAREWELL, farewell).await);
    }
}

/// What `writing` gives, unless the socket takes nothing for too long.
async fn within_stall<T, E>(writing: impl Future<Output = Result<T, E>>) -> Result<T, WriteError> {
    match tokio::time::timeout(WRITE_STALL, writing).await {
        Ok(Ok(written)) => Ok(written),
        Ok(Err(_)) => Err(WriteError::Gone),
        Err(_) => Err(WriteError::Stalled),
    }
}
