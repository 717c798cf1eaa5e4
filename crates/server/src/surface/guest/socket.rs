//! `/ws/session`: the WebSocket on which a guest's phone hears that its table was closed.

use super::access::Entered;
use super::error::GuestError;
use super::frames::{self, DIALECT};
use crate::gate::{Messages, Seat};
use crate::identity::{Credential, Way};
use crate::peer::Peer;
use crate::surface::ground::Ground;
use crate::surface::listener::{Listener, Next};
use crate::surface::pids;
use crate::surface::presence::{Presence, closing};
use crate::surface::query::parameter;
use crate::surface::stream::{self, Ended};
use crate::surface::websocket::{self, FromScreen, Socket, text_frame};
use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::http::request::Parts;
use axum::response::Response;
use floor::TurnId;
use hub::Goodbye;

/// A WebSocket: says when the table is closed.
#[utoipa::path(get, path = "/ws/session", operation_id = "guest_socket", tag = "guest",
    params(
        ("sid" = Option<String>, Query, description = "the session's public id"),
        ("token" = Option<String>, Query, description = "the guest's token"),
    ),
    responses(
        (status = 101, description = "frames as in docs/admin.md; a bad token ends it with 4003"),
        (status = 403, description = "a page of an origin that is not listed"),
        (status = 426, description = "not a WebSocket handshake"),
        (status = 429, description = "too many handshakes from this address"),
    ))]
pub(super) async fn socket(
    State(ground): State<Ground>,
    peer: Peer,
    mut request: Request<Body>,
) -> Result<Response, GuestError> {
    ground.gate.handshake(&peer)?;
    let (response, upgrade) = websocket::upgrade(&mut request)?;
    let (asked, _) = request.into_parts();
    ground.origins.check(&asked)?;
    // Ends by itself when the socket does, or with a goodbye from the hub.
    tokio::spawn(async move {
        if let Some(socket) = upgrade.socket(ground.limits.frame_bytes).await {
            serve(ground, socket, asked).await;
        }
    });
    Ok(response)
}

async fn serve(ground: Ground, mut socket: Socket, asked: Parts) {
    let (metrics, gate) = (ground.metrics.clone(), ground.gate.clone());
    // Whoever holds one is waited for: the goodbye has to reach the phone before the program ends.
    let _held = ground.stopping.clone();
    let begun = Box::pin(begin(&ground, &asked)).await;
    drop(asked);
    let ended = match begun {
        Ok(stream) => Box::pin(stream.run(&mut socket)).await,
        Err(goodbye) => goodbye.into(),
    };
    if let Some((goodbye, _)) = ended.counted(&metrics, &gate) {
        let (code, reason) = closing(goodbye);
        Box::pin(socket.close(code, reason)).await;
    }
}

/// A phone's connection.
struct Stream {
    listener: Listener,
    messages: Messages,
    turn_id: TurnId,
    /// Whether its turn was open when it was looked at last.
    is_open: bool,
    presence: Presence,
    /// Its place among those of its turn.
    _seat: Seat,
}

async fn begin(ground: &Ground, asked: &Parts) -> Result<Stream, Goodbye> {
    let query = asked.uri.query();
    let token = parameter(query, "token").map(|it| Credential::new(it, Way::Query));
    let entered = ground.guest_enter(token).await;
    let Entered { guest, pass, floor } = entered.map_err(|_| Goodbye::NotAllowed)?;
    let session = pids::session(guest.turn_id);
    if parameter(query, "sid").as_deref() != Some(&session) {
        return Err(Goodbye::NotAllowed);
    }
    let seat = ground
        .gate
        .guest_seat(guest.restaurant_id, guest.turn_id)
        .map_err(|_| Goodbye::TooMany)?;
    let mut listener = Listener::new(ground.clone(), pass, floor, DIALECT);
    let view = listener.floor().view();
    listener.begin_behind(view.seq);
    Ok(Stream {
        listener,
        messages: ground.gate.messages("guest"),
        turn_id: guest.turn_id,
        is_open: view.floor.turns.contains_key(&guest.turn_id),
        presence: Presence::new(),
        _seat: seat,
    })
}

impl Stream {
    async fn run(mut self, socket: &mut Socket) -> Ended {
        loop {
            let done = tokio::select! {
                biased;
                next = self.listener.next_batch() => match next {
                    Next::Frames(_) => self.look(socket).await,
                    Next::Fallen => {
                        let seq = self.listener.floor().view().seq;
                        self.listener.begin_behind(seq);
                        self.look(socket).await
                    }
                    Next::Goodbye(goodbye) => Err(goodbye.into()),
                },
                from = socket.next() => self.hear(socket, from).await,
                asks = self.presence.asks() => match asks {
                    Ok(question) => stream::write(&mut self.listener, socket, &question).await,
                    Err(goodbye) => Err(Ended::By(goodbye, String::new())),
                },
            };
            if let Err(ended) = done {
                return ended;
            }
        }
    }

    /// Looks whether the turn is still open. Of one that was closed and brought back in one breath there is
    /// nothing to say.
    async fn look(&mut self, socket: &mut Socket) -> Result<(), Ended> {
        let is_open = self
            .listener
            .floor()
            .view()
            .floor
            .turns
            .contains_key(&self.turn_id);
        let has_ended = self.is_open && !is_open;
        self.is_open = is_open;
        if has_ended {
            return stream::write(&mut self.listener, socket, &frames::table_closed()).await;
        }
        Ok(())
    }

    async fn hear(&mut self, socket: &mut Socket, from: FromScreen) -> Result<(), Ended> {
        if self.messages.take().is_err() {
            return Err(Goodbye::TooMany.into());
        }
        self.presence.heard();
        match from {
            FromScreen::Text(text) if text.trim() == "ping" => {
                stream::write(&mut self.listener, socket, &text_frame(b"pong")).await
            }
            // There is nothing else that a phone can say here yet.
            FromScreen::Text(_) | FromScreen::Binary => Ok(()),
            FromScreen::Alive => socket.flush().await.map_err(|_| Ended::ByScreen),
            FromScreen::BadText => Err(Goodbye::BadText.into()),
            FromScreen::TooLarge => Err(Goodbye::TooLarge.into()),
            FromScreen::Gone => Err(Ended::ByScreen),
        }
    }
}
