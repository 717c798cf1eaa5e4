//! What the streams of all surfaces share: how they end, and how they write.

use super::listener::Listener;
use super::websocket::{Socket, WriteError};
use crate::gate::Gate;
use crate::limits::Limit;
use crate::metrics::Metrics;
use hub::Goodbye;

/// How a stream ended.
pub(super) enum Ended {
    /// The screen left, or its socket broke.
    ByScreen,
    /// We end it, with a word to the client.
    By(Goodbye, String),
    /// We end it in the middle of a frame.
    Abruptly(Goodbye),
}

impl Ended {
    /// Counts it. Answers the goodbye that the client has yet to hear, and why.
    pub(super) fn counted(self, metrics: &Metrics, gate: &Gate) -> Option<(Goodbye, String)> {
        let (goodbye, word) = match self {
            Ended::ByScreen => return None,
            Ended::Abruptly(goodbye) => (goodbye, None),
            Ended::By(goodbye, reason) => (goodbye, Some(reason)),
        };
        if goodbye == Goodbye::TooLarge {
            gate.reached(Limit::FrameBytes);
        }
        metrics.said_goodbye(goodbye.name());
        word.map(|it| (goodbye, it))
    }
}

impl From<Goodbye> for Ended {
    fn from(goodbye: Goodbye) -> Ended {
        let reason = match goodbye {
            Goodbye::Draining => r#"{"retry_after_ms":500}"#.to_owned(),
            _ => goodbye.meaning().to_owned(),
        };
        Ended::By(goodbye, reason)
    }
}

/// Writes, for as long as the screen may be here: whoever takes nothing does not stay for that reason.
pub(super) async fn write(listener: &mut Listener, socket: &mut Socket, bytes: &[u8]) -> Result<(), Ended> {
    write_until(socket, bytes, move || listener.may_not_stay()).await
}

/// Writes, unless it is `over` before the screen has taken everything.
pub(super) async fn write_until<F: Future<Output = Goodbye>>(
    socket: &mut Socket,
    bytes: &[u8],
    over: impl FnOnce() -> F,
) -> Result<(), Ended> {
    let Ok(rest) = socket.write_now(bytes) else {
        return Err(Ended::ByScreen);
    };
    if rest.is_empty() {
        return Ok(());
    }
    // Boxed: hardly any connection ever waits here, and none should be large for it.
    Box::pin(async {
        tokio::select! {
            biased;
            written = socket.write(rest) => match written {
                Ok(()) => Ok(()),
                Err(WriteError::Stalled) => Err(Goodbye::TooSlow.into()),
                Err(WriteError::Gone) => Err(Ended::ByScreen),
            },
            // What was written in part leaves no room for a word.
            goodbye = over() => Err(Ended::Abruptly(goodbye)),
        }
    })
    .await
}
