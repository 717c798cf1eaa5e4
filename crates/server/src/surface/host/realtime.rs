//! `/realtime`: the WebSocket that tells a tablet of every change of its restaurant.

use super::access::Entered;
use super::error::HostError;
use super::frames::{DIALECT, ToScreen, stamp};
use crate::gate::{Messages, Seat};
use crate::identity::Staff;
use crate::peer::Peer;
use crate::surface::ground::Ground;
use crate::surface::listener::{Listener, Next, Unusable};
use crate::surface::query::parameter;
use crate::surface::stream::{self, Ended};
use crate::surface::websocket::{self, FromScreen, PING_FRAME, Socket};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use floor::Seq;
use hub::Goodbye;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// The server says that it is there after so long without a text from the screen.
const IDLE: Duration = Duration::from_secs(35);
/// The server asks on the level of the protocol whether the screen is there, and lets it go when it has not
/// answered by the next time.
const PING: Duration = Duration::from_secs(20);

/// A WebSocket: where it is connected, then every change of the restaurant, in order.
#[utoipa::path(get, path = "/realtime", operation_id = "host_realtime", tag = "host",
    params(
        ("restaurant_id" = Option<String>, Query, description = "slug or integer id; else the token's, else the default"),
        ("token" = Option<String>, Query, description = "a token or API key, for clients that cannot send a header"),
        ("since" = Option<String>, Query, description = "`SEQ` or `SEQ.PART`: what came later is told first"),
    ),
    responses(
        (status = 101, description = "frames as in docs/host.md"),
        (status = 403, description = "no token, a bad one, another restaurant, or origin not listed"),
        (status = 426, description = "not a WebSocket handshake"),
        (status = 429, description = "too many handshakes from this address"),
    ))]
pub(super) async fn realtime(
    State(ground): State<Ground>,
    peer: Peer,
    request: Request<Body>,
) -> Result<Response, HostError> {
    ground.gate.handshake(&peer)?;
    let (asked, body) = request.into_parts();
    ground.origins.check(&asked)?;
    let query = asked.uri.query();
    let token = parameter(query, "token");
    let refused = |error: HostError| {
        // On the handshake, every way of not being let in has one status.
        if [
            StatusCode::UNAUTHORIZED,
            StatusCode::NOT_FOUND,
            StatusCode::BAD_REQUEST,
        ]
        .contains(&error.status)
        {
            HostError::new(StatusCode::FORBIDDEN, error.text())
        } else {
            error
        }
    };
    let staff = ground
        .host_caller(&asked, token.as_deref())
        .await
        .map_err(refused)?;
    let named = parameter(query, "restaurant_id");
    let restaurant = ground.meant(&staff, named.as_deref()).map_err(refused)?;
    let entered = ground
        .host_enter(&staff, &restaurant, "host_realtime")
        .await
        .map_err(refused)?;
    let since = parameter(query, "since");
    let mut request = Request::from_parts(asked, body);
    let (response, upgrade) = websocket::upgrade(&mut request)
        .map_err(|error| HostError::new(StatusCode::UPGRADE_REQUIRED, error.to_string()))?;
    drop(request);
    // Ends by itself when the socket does, or with a goodbye from the hub.
    tokio::spawn(async move {
        if let Some(socket) = upgrade.socket(ground.limits.frame_bytes).await {
            serve(ground, socket, staff, entered, since).await;
        }
    });
    Ok(response)
}

async fn serve(
    ground: Ground,
    mut socket: Socket,
    staff: Arc<Staff>,
    entered: Entered,
    since: Option<String>,
) {
    let (metrics, gate) = (ground.metrics.clone(), ground.gate.clone());
    // Whoever holds one is waited for: the goodbye has to reach the screen before the program ends.
    let _held = ground.stopping.clone();
    let begun = Box::pin(begin(ground, &mut socket, staff, entered, since)).await;
    let ended = match begun {
        Ok(stream) => Box::pin(stream.run(&mut socket)).await,
        Err(ended) => ended,
    };
    if let Some((goodbye, reason)) = ended.counted(&metrics, &gate) {
        let reason = match goodbye {
            Goodbye::Expired | Goodbye::SignedOut | Goodbye::NotAllowed => "Authentication expired",
            _ => &reason,
        };
        Box::pin(socket.close(close_code(goodbye), reason)).await;
    }
}

/// A screen's connection.
struct Stream {
    ground: Ground,
    staff: Arc<Staff>,
    messages: Messages,
    bound: Bound,
    /// When the server says that it is there, unless the screen says something first.
    idle_at: Instant,
    /// When it is asked whether the screen is there.
    ping_at: Instant,
    /// Whether something came since it was asked.
    is_alive: bool,
}

/// The restaurant that a screen is bound to.
struct Bound {
    listener: Listener,
    slug: String,
    /// Of this change, so many frames were heard before.
    heard: Option<(Seq, usize)>,
    /// Its place among the restaurant's screens.
    _seat: Seat,
}

async fn begin(
    ground: Ground,
    socket: &mut Socket,
    staff: Arc<Staff>,
    entered: Entered,
    since: Option<String>,
) -> Result<Stream, Ended> {
    let mut bound = bind(&ground, entered)?;
    let head = begin_now(&mut bound);
    let connected = ToScreen::RestaurantConnect {
        restaurant_id: &bound.slug,
        platform: "iOS",
        timestamp: stamp(ground.clock().now()),
        seq: head,
    };
    let connected = connected.bytes();
    stream::write(&mut bound.listener, socket, &connected).await?;
    if let Some(since) = since {
        resume(&ground, &mut bound, socket, &since).await?;
    }
    let now = Instant::now();
    Ok(Stream {
        messages: ground.gate.messages("host_realtime"),
        ground,
        staff,
        bound,
        idle_at: now + IDLE,
        ping_at: now + PING,
        is_alive: true,
    })
}

fn bind(ground: &Ground, entered: Entered) -> Result<Bound, Goodbye> {
    let Entered { pass, floor, slug } = entered;
    let seat = ground
        .gate
        .seat("host_realtime", pass.restaurant_id())
        .map_err(|_| Goodbye::TooMany)?;
    Ok(Bound {
        listener: Listener::new(ground.clone(), pass, floor, DIALECT),
        slug,
        heard: None,
        _seat: seat,
    })
}

/// Gives the screen its place behind what everybody sees now.
fn begin_now(bound: &mut Bound) -> Seq {
    let head = bound.listener.floor().view().seq;
    bound.listener.begin_behind(head);
    bound.heard = None;
    head
}

/// Tells what came after `since`, or says why that cannot be.
async fn resume(ground: &Ground, bound: &mut Bound, socket: &mut Socket, since: &str) -> Result<(), Ended> {
    let reason = match place(since) {
        None => "bad_since",
        Some((seq, part)) => match bound.listener.usable(seq).await {
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a replay could not be begun"
                );
                return Err(Goodbye::Fault.into());
            }
            Ok(Err(Unusable::TooOld)) => "too_old",
            Ok(Err(Unusable::Ahead)) => "ahead",
            Ok(Ok(())) => {
                ground.metrics.resumed("resumed");
                match part {
                    None => drop(bound.listener.begin_behind(seq)),
                    Some(part) => bound.begin_inside(seq, part),
                }
                return Ok(());
            }
        },
    };
    ground.metrics.resumed(reason);
    let head = begin_now(bound);
    let resync = ToScreen::Resync {
        restaurant_id: &bound.slug,
        seq: head,
        reason,
        timestamp: stamp(ground.clock().now()),
    };
    stream::write(&mut bound.listener, socket, &resync.bytes()).await
}

/// `SEQ` or `SEQ.PART`.
fn place(since: &str) -> Option<(Seq, Option<usize>)> {
    match since.split_once('.') {
        None => Some((Seq(since.parse().ok()?), None)),
        Some((seq, part)) => Some((Seq(seq.parse().ok()?), Some(part.parse().ok()?))),
    }
}

impl Bound {
    /// Goes on in the middle of a change's frames, behind its first `part`.
    fn begin_inside(&mut self, seq: Seq, part: usize) {
        match seq.0.checked_sub(1) {
            Some(before) => {
                self.listener.begin_in_past(Seq(before));
                self.heard = Some((seq, part));
            }
            None => drop(self.listener.begin_behind(seq)),
        }
    }

    /// The next frames, joined. Cancel-safe.
    async fn next(&mut self) -> Next<Bytes> {
        let Some((seq, part)) = self.heard else {
            return match self.listener.next_batch().await {
                Next::Frames(batch) => Next::Frames(batch.bytes),
                Next::Fallen => Next::Fallen,
                Next::Goodbye(goodbye) => Next::Goodbye(goodbye),
            };
        };
        match self.listener.next_frames().await {
            Next::Frames(frames) => {
                // The change's frames are the first that come, all of them together.
                self.heard = None;
                let n_heard = frames.iter().take_while(|it| it.seq == seq).count().min(part);
                let rest: Vec<&[u8]> = frames[n_heard..].iter().map(|it| &*it.bytes).collect();
                Next::Frames(rest.concat().into())
            }
            Next::Fallen => Next::Fallen,
            Next::Goodbye(goodbye) => Next::Goodbye(goodbye),
        }
    }
}

impl Stream {
    async fn run(mut self, socket: &mut Socket) -> Ended {
        loop {
            let due = self.idle_at.min(self.ping_at);
            let done = tokio::select! {
                next = self.bound.next() => match next {
                    Next::Frames(bytes) => self.write(socket, &bytes).await,
                    // It reconnects, and says where it was.
                    Next::Fallen => Err(Goodbye::TooSlow.into()),
                    Next::Goodbye(goodbye) => Err(goodbye.into()),
                },
                from = socket.next() => self.hear(socket, from).await,
                () = sleep_until(due) => self.say_something(socket).await,
            };
            if let Err(ended) = done {
                return ended;
            }
        }
    }

    async fn hear(&mut self, socket: &mut Socket, from: FromScreen) -> Result<(), Ended> {
        if self.messages.take().is_err() {
            return Err(Goodbye::TooMany.into());
        }
        self.is_alive = true;
        match from {
            FromScreen::Text(text) => {
                self.idle_at = Instant::now() + IDLE;
                self.hear_text(socket, &text).await
            }
            FromScreen::Alive => socket.flush().await.map_err(|_| Ended::ByScreen),
            // Nothing that this protocol knows: the socket stays where it is.
            FromScreen::Binary => Ok(()),
            FromScreen::BadText => Err(Goodbye::BadText.into()),
            FromScreen::TooLarge => Err(Goodbye::TooLarge.into()),
            FromScreen::Gone => Err(Ended::ByScreen),
        }
    }

    async fn hear_text(&mut self, socket: &mut Socket, text: &str) -> Result<(), Ended> {
        let Ok(Value::Object(frame)) = serde_json::from_str(text) else {
            return Ok(());
        };
        match frame.get("type").and_then(Value::as_str) {
            Some("ping") => {
                let pong = ToScreen::Pong {
                    timestamp: stamp(self.ground.clock().now()),
                    seq: self.bound.listener.head(),
                };
                self.write(socket, &pong.bytes()).await
            }
            Some("restaurant_connect") => {
                let text_of = |name: &str| match frame.get(name) {
                    Some(Value::String(text)) => Some(text.clone()),
                    Some(Value::Number(number)) => Some(number.to_string()),
                    _ => None,
                };
                // What is there and is no place is a bad one.
                let since = frame.get("since").filter(|it| !it.is_null());
                let since = since.map(|_| text_of("since").unwrap_or_default());
                match text_of("restaurant_id") {
                    Some(restaurant) => {
                        // Boxed: it happens once or twice, and every idle connection would have room for it.
                        Box::pin(self.rebind(socket, &restaurant, since)).await
                    }
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// Binds the screen to another restaurant, or to the same again.
    async fn rebind(
        &mut self,
        socket: &mut Socket,
        restaurant: &str,
        since: Option<String>,
    ) -> Result<(), Ended> {
        self.bound.listener.check()?;
        let entered = self
            .ground
            .host_enter(&self.staff, restaurant, "host_realtime")
            .await;
        let Ok(entered) = entered else {
            let error = ToScreen::Error {
                code: "forbidden",
                message: "this restaurant is not open to this connection",
            };
            return self.write(socket, &error.bytes()).await;
        };
        let is_same = entered.slug == self.bound.slug;
        if !is_same {
            self.bound = bind(&self.ground, entered)?;
            begin_now(&mut self.bound);
        }
        // Whoever stays keeps its place: nothing is missed between.
        let established = ToScreen::ConnectionEstablished {
            restaurant_id: &self.bound.slug,
            timestamp: stamp(self.ground.clock().now()),
            seq: self.bound.listener.head(),
        };
        let established = established.bytes();
        self.write(socket, &established).await?;
        match since {
            Some(since) => resume(&self.ground, &mut self.bound, socket, &since).await,
            None => Ok(()),
        }
    }

    /// What the clock asks for: a heartbeat, or a question whether anybody is there.
    async fn say_something(&mut self, socket: &mut Socket) -> Result<(), Ended> {
        let now = Instant::now();
        if now >= self.ping_at {
            if !self.is_alive {
                return Err(Ended::ByScreen);
            }
            self.is_alive = false;
            self.ping_at = now + PING;
            self.write(socket, PING_FRAME).await?;
        }
        if now >= self.idle_at {
            self.idle_at = now + IDLE;
            let heartbeat = ToScreen::Heartbeat {
                timestamp: stamp(self.ground.clock().now()),
                seq: self.bound.listener.head(),
            };
            self.write(socket, &heartbeat.bytes()).await?;
        }
        Ok(())
    }

    async fn write(&mut self, socket: &mut Socket, bytes: &[u8]) -> Result<(), Ended> {
        stream::write(&mut self.bound.listener, socket, bytes).await
    }
}

/// The close code of this surface for a goodbye.
fn close_code(goodbye: Goodbye) -> u16 {
    match goodbye {
        Goodbye::Draining => 1012,
        Goodbye::TooSlow | Goodbye::TooMany => 1013,
        Goodbye::SignedOut | Goodbye::Expired | Goodbye::NotAllowed => 4401,
        Goodbye::BadText => 1007,
        Goodbye::TooLarge => 1009,
        Goodbye::Fault => 1011,
    }
}
