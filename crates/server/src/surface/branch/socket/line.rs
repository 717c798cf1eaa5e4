//! The way between a client and its session: a WebSocket, or polling until that is upgraded.

use super::polling::Polling;
use crate::surface::websocket::{FromScreen, Socket};
use hub::Goodbye;
use tokio::time::Instant;

/// A client's transport.
pub(super) enum Line {
    /// A WebSocket.
    Socket(Box<Socket>),
    /// Requests.
    Polling(Box<Polling>),
}

/// What comes from a client.
pub(super) enum FromClient {
    /// A packet of Engine.IO.
    Packet(String),
    /// An attachment.
    Binary,
    /// Nothing, but there is room again for what is new.
    Fetched,
    /// A sign of life below Engine.IO.
    Alive,
    /// A WebSocket takes over.
    Upgraded(Box<Socket>),
    /// Something after which there is nothing more to say.
    Broken(Goodbye),
    /// The connection is over.
    Gone,
}

impl From<FromScreen> for FromClient {
    fn from(from: FromScreen) -> FromClient {
        match from {
            FromScreen::Text(text) => FromClient::Packet(text),
            FromScreen::Binary => FromClient::Binary,
            FromScreen::Alive => FromClient::Alive,
            FromScreen::BadText => FromClient::Broken(Goodbye::BadText),
            FromScreen::TooLarge => FromClient::Broken(Goodbye::TooLarge),
            FromScreen::Gone => FromClient::Gone,
        }
    }
}

impl Line {
    /// What the client sends next. Cancel-safe.
    pub(super) async fn next(&mut self) -> FromClient {
        match self {
            Line::Socket(socket) => socket.next().await.into(),
            // Boxed: most clients are upgraded at once, and none of those should be large for it.
            Line::Polling(polling) => Box::pin(polling.next()).await,
        }
    }

    /// Whether what is new can be told now. A WebSocket takes it or is waited for.
    pub(super) fn has_room(&self) -> bool {
        match self {
            Line::Socket(_) => true,
            Line::Polling(polling) => polling.has_room(),
        }
    }

    /// When a client that fetches nothing is too slow.
    pub(super) fn stalls_at(&self) -> Option<Instant> {
        match self {
            Line::Socket(_) => None,
            Line::Polling(polling) => polling.stalls_at(),
        }
    }

    /// Ends the connection, with a word to the client if it is to have one.
    pub(super) async fn close(self, has_word: bool) {
        match self {
            Line::Socket(socket) if has_word => socket.leave().await,
            Line::Socket(_) => {}
            Line::Polling(polling) => polling.close(has_word),
        }
    }
}
