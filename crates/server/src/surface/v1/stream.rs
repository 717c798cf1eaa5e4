//! `GET /v1/restaurants/{restaurant}/stream`: the WebSocket.

use super::access::{Asked, Entered, credential};
use super::commands::prepare;
use super::error::{ApiError, ErrorBody};
use super::frames::ToScreen;
use super::listener::{Listener, Next};
use super::wire::{self, FromScreen};
use crate::floors::{AskError, Receipt};
use crate::gate::Messages;
use crate::identity::{Credential, CredentialError, Way};
use crate::limits::{COMMANDS_IN_FLIGHT_MAX, Limit};
use crate::peer::Peer;
use crate::surface::ground::Ground;
use crate::surface::stream::{self, Ended};
use crate::surface::websocket::{self, Socket};
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{Request, StatusCode};
use axum::response::Response;
use hub::{Batch, Goodbye};
use serde::Deserialize;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::oneshot;

/// Where to resume.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Begin {
    after: Option<String>,
    epoch: Option<String>,
}

/// A WebSocket: a snapshot or an exact resume, then every change, and commands the other way.
#[utoipa::path(
    get,
    path = "/v1/restaurants/{restaurant}/stream",
    operation_id = "open_stream",
    params(
        ("restaurant" = String, Path, description = "slug or integer id"),
        ("after" = Option<u64>, Query, description = "resume right behind this place"),
        ("epoch" = Option<String>, Query, description = "the journal that the place is in"),
    ),
    responses(
        (status = 101, description = "frames as in the AsyncAPI document"),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "origin not listed", body = ErrorBody),
        (status = 404, description = "unknown restaurant", body = ErrorBody),
        (status = 426, description = "not a WebSocket handshake", body = ErrorBody),
        (status = 429, description = "too many handshakes from this address", body = ErrorBody),
    )
)]
pub(super) async fn open_stream(
    State(ground): State<Ground>,
    restaurant: Result<Path<String>, PathRejection>,
    Asked(begin): Asked<Begin>,
    peer: Peer,
    request: Request<Body>,
) -> Result<Response, ApiError> {
    ground.gate.handshake(&peer)?;
    let (asked, body) = request.into_parts();
    ground.origins.check(&asked)?;
    // What cannot be read is no restaurant's name.
    let Path(restaurant) = restaurant.unwrap_or_else(|_| Path(String::new()));
    // Without a credential in the handshake, the first frame has to bring one.
    let staff = match credential(&asked.headers) {
        Some(_) => Some(ground.signed_in_caller(&asked).await?),
        None => None,
    };
    let entered = match &staff {
        Some(staff) => Some(ground.enter(staff, &restaurant).await?),
        None => None,
    };
    let mut request = Request::from_parts(asked, body);
    let (response, upgrade) = websocket::upgrade(&mut request)
        .map_err(|error| ApiError::new(StatusCode::UPGRADE_REQUIRED, "not_a_websocket", error.to_string()))?;
    drop(request);
    // Ends by itself when the socket does, or with a goodbye from the hub.
    tokio::spawn(async move {
        if let Some(socket) = upgrade.socket(ground.limits.frame_bytes).await {
            serve(ground, socket, restaurant, entered, begin).await;
        }
    });
    Ok(response)
}

async fn serve(
    ground: Ground,
    mut socket: Socket,
    restaurant: String,
    entered: Option<Entered>,
    begin: Begin,
) {
    let (metrics, gate) = (ground.metrics.clone(), ground.gate.clone());
    // Whoever holds one is waited for: the goodbye has to reach the screen before the program ends.
    let _held = ground.stopping.clone();
    let entered = match entered {
        Some(entered) => Ok(entered),
        None => first_auth(&ground, &mut socket, &restaurant).await,
    };
    let ended = match entered {
        Ok(entered) => Box::pin(begin_stream(ground, &mut socket, restaurant, entered, begin)).await,
        Err(ended) => ended,
    };
    if let Some((goodbye, reason)) = ended.counted(&metrics, &gate) {
        Box::pin(socket.close(close_code(goodbye), &reason)).await;
    }
}

/// Waits for the frame that brings a credential.
async fn first_auth(ground: &Ground, socket: &mut Socket, restaurant: &str) -> Result<Entered, Ended> {
    let wait = Duration::from_secs(ground.limits.auth_seconds.into());
    let frame = tokio::time::timeout(wait, async {
        loop {
            match socket.next().await {
                websocket::FromScreen::Alive => continue,
                other => return other,
            }
        }
    });
    let text = match frame.await {
        Ok(websocket::FromScreen::Text(text)) => text,
        Ok(websocket::FromScreen::BadText) => return Err(Goodbye::BadText.into()),
        Ok(websocket::FromScreen::TooLarge) => return Err(Goodbye::TooLarge.into()),
        Ok(websocket::FromScreen::Gone) => return Err(Ended::ByScreen),
        Ok(_) => return Err(Goodbye::SignedOut.into()),
        Err(_) => {
            ground.gate.reached(Limit::AuthSeconds);
            return Err(Goodbye::SignedOut.into());
        }
    };
    let Ok(FromScreen::Auth { token }) = wire::read_frame(&text) else {
        return Err(Goodbye::SignedOut.into());
    };
    // Boxed, here and below: it happens once, and every idle connection would have room for it.
    Ok(Box::pin(let_in(ground, &token, restaurant)).await?)
}

/// Lets in who shows `token`.
async fn let_in(ground: &Ground, token: &str, restaurant: &str) -> Result<Entered, Goodbye> {
    let credential = Credential::new(token, Way::Frame);
    let identified = ground.identity.identify(&credential).await;
    let staff = identified.map_err(|error| match error {
        CredentialError::Expired => Goodbye::Expired,
        CredentialError::Missing | CredentialError::Wrong => Goodbye::SignedOut,
    })?;
    ground
        .enter(&staff, restaurant)
        .await
        .map_err(|error| match error.status {
            StatusCode::SERVICE_UNAVAILABLE => Goodbye::Fault,
            StatusCode::UNAUTHORIZED => Goodbye::SignedOut,
            _ => Goodbye::NotAllowed,
        })
}

async fn begin_stream(
    ground: Ground,
    socket: &mut Socket,
    restaurant: String,
    entered: Entered,
    begin: Begin,
) -> Ended {
    // Its place is free again when this ends, before any goodbye.
    let Ok(_seat) = ground.gate.seat("v1_stream", entered.pass.restaurant_id()) else {
        return Goodbye::TooMany.into();
    };
    let messages = ground.gate.messages("v1_stream");
    let started = Listener::begin(
        ground.clone(),
        entered,
        begin.after.as_deref(),
        begin.epoch.as_deref(),
    )
    .await;
    let Ok((mut listener, first)) = started else {
        return Goodbye::Fault.into();
    };
    for frame in first {
        if let Err(ended) = write(&mut listener, socket, &frame).await {
            return ended;
        }
    }
    // The opening is done: keep only what an idle connection needs.
    Box::pin(
        Stream {
            ground,
            restaurant,
            listener,
            messages,
            waiting: VecDeque::new(),
        }
        .run(socket),
    )
    .await
}

/// A stream that has begun.
struct Stream {
    ground: Ground,
    restaurant: String,
    listener: Listener,
    messages: Messages,
    waiting: VecDeque<Waiting>,
}

/// A command on its way, or its answer waiting for its turn.
struct Waiting {
    id: String,
    answer: Answer,
}

enum Answer {
    Coming(oneshot::Receiver<Result<Receipt, AskError>>),
    Here(Box<ApiError>),
}

impl Stream {
    async fn run(mut self, socket: &mut Socket) -> Ended {
        loop {
            let is_reading = self.waiting.len() < COMMANDS_IN_FLIGHT_MAX;
            let done = tokio::select! {
                next = self.listener.next_batch() => match next {
                    Next::Goodbye(goodbye) => self.finish(socket, goodbye).await,
                    next => self.deliver(socket, next).await,
                },
                from = socket.next(), if is_reading => self.hear(socket, from).await,
                answer = first_answer(&mut self.waiting) => self.answer(socket, answer).await,
            };
            if let Err(ended) = done {
                return ended;
            }
        }
    }

    async fn deliver(&mut self, socket: &mut Socket, next: Next<Batch>) -> Result<(), Ended> {
        match next {
            Next::Frames(batch) => self.write(socket, &batch.bytes).await,
            Next::Reset(frames) => {
                for frame in frames {
                    self.write(socket, &frame).await?;
                }
                Ok(())
            }
            Next::Goodbye(goodbye) => Err(goodbye.into()),
        }
    }

    /// Answers the commands that are on their way, and parts. Their changes come when the screen resumes.
    async fn finish(&mut self, socket: &mut Socket, goodbye: Goodbye) -> Result<(), Ended> {
        while !self.waiting.is_empty() {
            let answer = first_answer(&mut self.waiting).await;
            self.answer(socket, answer).await?;
        }
        Err(goodbye.into())
    }

    async fn hear(&mut self, socket: &mut Socket, from: websocket::FromScreen) -> Result<(), Ended> {
        if self.messages.take().is_err() {
            return Err(Goodbye::TooMany.into());
        }
        let text = match from {
            websocket::FromScreen::Text(text) => text,
            websocket::FromScreen::Alive => return socket.flush().await.map_err(|_| Ended::ByScreen),
            websocket::FromScreen::Binary => {
                let error = ApiError::new(
                    StatusCode::BAD_REQUEST,
                    "bad_json",
                    "frames are JSON texts, not binary",
                );
                return self.refuse(socket, None, &error.body).await;
            }
            websocket::FromScreen::BadText => return Err(Goodbye::BadText.into()),
            websocket::FromScreen::TooLarge => return Err(Goodbye::TooLarge.into()),
            websocket::FromScreen::Gone => return Err(Ended::ByScreen),
        };
        match wire::read_frame(&text) {
            Ok(FromScreen::Ping {}) => self.write(socket, &ToScreen::Pong.bytes()).await,
            Ok(FromScreen::Auth { token }) => self.renew(&token).await,
            Ok(FromScreen::Command { id, key, command }) => {
                self.listener.check()?;
                self.submit(id, key, command);
                Ok(())
            }
            Err((id, error)) => self.refuse(socket, id.as_deref(), &error.body).await,
        }
    }

    fn submit(&mut self, id: String, key: Option<String>, command: serde_json::Value) {
        let (gate, pass, floor) = (&self.ground.gate, self.listener.pass(), self.listener.floor());
        let submitted = wire::command_from(command)
            .and_then(|command| prepare(gate, pass, command, key))
            .and_then(|asked| Ok(floor.submit(asked.command, asked.by, asked.key)?));
        let answer = match submitted {
            Ok(coming) => Answer::Coming(coming),
            Err(error) => Answer::Here(Box::new(error)),
        };
        self.waiting.push_back(Waiting { id, answer });
    }

    async fn answer(&mut self, socket: &mut Socket, (id, answer): Answered) -> Result<(), Ended> {
        let receipt = match answer {
            Ok(receipt) => receipt,
            Err(error) => return self.refuse(socket, Some(&id), &error.body).await,
        };
        let seq = receipt.change.seq;
        // The change is told before its result: by now it is in the ring, or in the journal.
        while self.listener.is_before(seq) {
            match self.listener.next_batch().await {
                Next::Goodbye(_) => break,
                next => self.deliver(socket, next).await?,
            }
        }
        let frame = ToScreen::Result {
            id: &id,
            seq,
            repeated: receipt.repeated,
        };
        self.write(socket, &frame.bytes()).await
    }

    async fn write(&mut self, socket: &mut Socket, bytes: &[u8]) -> Result<(), Ended> {
        write(&mut self.listener, socket, bytes).await
    }

    async fn refuse(
        &mut self,
        socket: &mut Socket,
        id: Option<&str>,
        error: &ErrorBody,
    ) -> Result<(), Ended> {
        self.write(socket, &ToScreen::Refused { id, error }.bytes()).await
    }

    /// Takes a fresh credential without losing the place.
    async fn renew(&mut self, token: &str) -> Result<(), Ended> {
        let entered = Box::pin(let_in(&self.ground, token, &self.restaurant)).await?;
        self.listener.renew(entered.pass);
        Ok(())
    }
}

/// An answer whose turn has come.
type Answered = (String, Result<Receipt, Box<ApiError>>);

/// The answer to the oldest command; never, when none waits. Cancel-safe.
async fn first_answer(waiting: &mut VecDeque<Waiting>) -> Answered {
    let Some(first) = waiting.front_mut() else {
        return std::future::pending().await;
    };
    let answer = match &mut first.answer {
        Answer::Coming(coming) => match coming.await {
            Ok(answer) => answer.map_err(|error| Box::new(ApiError::from(error))),
            Err(_) => Err(Box::new(ApiError::from(AskError::Draining))),
        },
        Answer::Here(error) => Err(error.clone()),
    };
    let first = waiting.pop_front().expect("it was the first a moment ago");
    (first.id, answer)
}

async fn write(listener: &mut Listener, socket: &mut Socket, bytes: &[u8]) -> Result<(), Ended> {
    stream::write(listener.inner(), socket, bytes).await
}

/// The close code of v1's stream for a goodbye.
fn close_code(goodbye: Goodbye) -> u16 {
    match goodbye {
        Goodbye::Draining => 4000,
        Goodbye::TooSlow => 4001,
        Goodbye::TooMany => 4008,
        Goodbye::SignedOut => 4100,
        Goodbye::Expired => 4101,
        Goodbye::NotAllowed => 4103,
        Goodbye::BadText => 1007,
        Goodbye::TooLarge => 1009,
        Goodbye::Fault => 1011,
    }
}
