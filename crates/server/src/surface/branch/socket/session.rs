//! One client's connection, from its first packet to its last, whichever way its packets come.

use super::line::{FromClient, Line};
use super::liveness::Liveness;
use super::namespace::{Answer, Member, NAMESPACE, SURFACE};
use super::packet::{self, Event, Message, PING, Packet, Said};
use super::rooms::{Form, News};
use super::sockets::Sid;
use crate::gate::Messages;
use crate::identity::{Credential, Staff, Watched, Way};
use crate::metrics::Connected;
use crate::peer::Peer;
use crate::surface::branch::ids;
use crate::surface::control::Control;
use crate::surface::ground::Ground;
use crate::surface::listener::Next;
use crate::surface::stream::{self, Ended};
use crate::surface::websocket::{Socket, text_frame};
use axum::http::Request;
use axum::http::request::Parts;
use bytes::Bytes;
use floor::RestaurantId;
use hub::Goodbye;
use serde_json::{Value, json};
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// A client's connection.
pub(super) struct Session {
    ground: Ground,
    /// Where the client came from. What it shows later is looked at as if it had come with that.
    asked: Box<Parts>,
    line: Line,
    /// What it is in the namespace, once it is in.
    member: Option<Box<Member>>,
    liveness: Liveness,
    messages: Messages,
    /// Attachments that have to come before anything else.
    n_awaited: u8,
    /// Whether it has tried to get in before.
    has_tried: bool,
    /// Whoever holds one is waited for: the goodbye has to reach the client before the program ends.
    stopping: watch::Receiver<bool>,
    _connected: Connected,
}

/// What there is to do about a client that is in.
enum Tidings {
    /// Something is new in a branch.
    News(RestaurantId, Next<News>),
    /// What the client has shown is worth nothing any more.
    Over(Goodbye),
}

impl Session {
    /// Serves a client over a line on which it is told `first`.
    ///
    /// The future is as large as a connection is for as long as it lasts: nothing of the request is in it.
    pub(super) fn serve(
        ground: Ground,
        asked: Box<Parts>,
        line: Line,
        first: Bytes,
    ) -> Pin<Box<impl Future<Output = ()> + Send>> {
        let session = Session::new(ground, &asked, line);
        drop(asked);
        Box::pin(session.run(first))
    }

    fn new(ground: Ground, asked: &Parts, line: Line) -> Session {
        Session {
            asked: Box::new(origin_of(asked)),
            line,
            member: None,
            liveness: Liveness::new(),
            messages: ground.gate.messages(SURFACE),
            n_awaited: 0,
            has_tried: false,
            stopping: ground.stopping.clone(),
            _connected: ground.metrics.connected("branch_session"),
            ground,
        }
    }

    async fn run(mut self, first: Bytes) {
        let mut done = Box::pin(self.write(&first)).await;
        drop(first);
        let ended = loop {
            if let Err(ended) = done {
                break ended;
            }
            let has_room = self.line.has_room();
            let form = match self.line {
                Line::Socket(_) => Form::Joined,
                Line::Polling(_) => Form::Single,
            };
            let due = self.due();
            done = tokio::select! {
                from = self.line.next() => self.hear(from).await,
                tidings = tidings(&mut self.member, form, has_room) => match tidings {
                    Tidings::News(restaurant_id, next) => self.tell(restaurant_id, next).await,
                    Tidings::Over(goodbye) => Box::pin(self.sign_out(goodbye)).await,
                },
                () = sleep_until(due) => self.look_at_the_clock().await,
                () = stopped(&mut self.stopping) => Err(Goodbye::Draining.into()),
            };
        };
        let Session {
            ground, line, member, ..
        } = self;
        // Its places are free for others before it has heard the goodbye.
        drop(member);
        let has_word = ended.counted(&ground.metrics, &ground.gate).is_some();
        Box::pin(line.close(has_word)).await;
    }

    async fn hear(&mut self, from: FromClient) -> Result<(), Ended> {
        match from {
            FromClient::Gone => return Err(Ended::ByScreen),
            FromClient::Fetched => return Ok(()),
            FromClient::Broken(goodbye) => return Err(goodbye.into()),
            FromClient::Upgraded(socket) => return Box::pin(self.upgrade(socket)).await,
            FromClient::Packet(_) | FromClient::Binary | FromClient::Alive => {}
        }
        if self.messages.take().is_err() {
            return Err(Goodbye::TooMany.into());
        }
        match from {
            // Boxed: it happens a few times, and every idle connection would have room for it.
            FromClient::Packet(text) => Box::pin(self.hear_packet(&text)).await,
            FromClient::Binary => self.hear_attachment(),
            FromClient::Alive => match &mut self.line {
                Line::Socket(socket) => socket.flush().await.map_err(|_| Ended::ByScreen),
                Line::Polling(_) => Ok(()),
            },
            FromClient::Gone | FromClient::Fetched | FromClient::Broken(_) | FromClient::Upgraded(_) => {
                Ok(())
            }
        }
    }

    async fn hear_packet(&mut self, text: &str) -> Result<(), Ended> {
        match packet::read(text) {
            Some(Packet::Close) => Err(Ended::ByScreen),
            Some(Packet::Pong) => {
                self.liveness.answered();
                Ok(())
            }
            Some(Packet::Binary) => self.hear_attachment(),
            Some(Packet::Message(text)) if self.n_awaited == 0 => {
                let message = packet::message(text).ok_or(Goodbye::BadText)?;
                self.hear_message(message).await
            }
            Some(Packet::Message(_)) | None => Err(Goodbye::BadText.into()),
        }
    }

    /// What attachments belong to has been ignored, and so are they.
    fn hear_attachment(&mut self) -> Result<(), Ended> {
        self.n_awaited = self.n_awaited.checked_sub(1).ok_or(Goodbye::BadText)?;
        Ok(())
    }

    async fn hear_message(&mut self, message: Message<'_>) -> Result<(), Ended> {
        let Message { namespace, said } = message;
        if let Said::Connect(token) = said {
            return match &self.member {
                _ if namespace != NAMESPACE => {
                    self.say(packet::connect_error(namespace, "Invalid namespace"))
                        .await
                }
                None => self.connect(token).await,
                Some(_) => Err(Goodbye::BadText.into()),
            };
        }
        let member = self.member.as_deref_mut().filter(|_| namespace == NAMESPACE);
        let member = member.ok_or(Goodbye::BadText)?;
        match said {
            Said::Event(event) => {
                let from = (&self.ground, &Peer::of_request(&self.asked.extensions));
                let Some(answer) = answer(from, member, &event).await else {
                    return Ok(());
                };
                match event.ack {
                    Some(number) => self.say(packet::ack(NAMESPACE, number, &answer)).await,
                    None => Ok(()),
                }
            }
            Said::Binary(n_attachments) => {
                self.n_awaited = n_attachments;
                Ok(())
            }
            Said::Disconnect => {
                self.member = None;
                self.liveness.left();
                Ok(())
            }
            Said::Connect(_) | Said::Ack => Ok(()),
        }
    }

    async fn connect(&mut self, token: Option<String>) -> Result<(), Ended> {
        if self.has_tried {
            let peer = Peer::of_request(&self.asked.extensions);
            self.ground.gate.handshake(&peer).map_err(|_| Goodbye::TooMany)?;
        }
        self.has_tried = true;
        let Some(staff) = self.caller(token).await else {
            return self.say(packet::connect_error(NAMESPACE, "Unauthorized")).await;
        };
        let watched = Watched::new(&self.ground.identity, staff);
        self.member = Some(Box::new(Member::new(watched)));
        self.liveness.entered();
        if let Line::Polling(polling) = &self.line {
            polling.trust();
        }
        self.say(packet::connected(NAMESPACE, Sid::random().as_str()))
            .await
    }

    async fn caller(&self, token: Option<String>) -> Option<Arc<Staff>> {
        let is_open = self.ground.branch.open && self.asked.extensions.get::<Control>().is_none();
        if token.is_none() && is_open {
            return self.ground.neighbour(&self.asked);
        }
        let credential = token.map(|it| Credential::new(it, Way::Handshake));
        self.ground.caller(&self.asked, credential).await.ok()
    }

    async fn tell(&mut self, restaurant_id: RestaurantId, next: Next<News>) -> Result<(), Ended> {
        match next {
            Next::Frames(News::Joined(bytes)) => self.write(&bytes).await,
            Next::Frames(News::Single(frames)) => self.say_all(frames).await,
            // It connects again, and says where it was.
            Next::Fallen => Err(Goodbye::TooSlow.into()),
            Next::Goodbye(goodbye) => Box::pin(self.say_goodbye(restaurant_id, goodbye)).await,
        }
    }

    /// A branch has no more to say to this client.
    async fn say_goodbye(&mut self, restaurant_id: RestaurantId, goodbye: Goodbye) -> Result<(), Ended> {
        let is_about_rights = matches!(
            goodbye,
            Goodbye::SignedOut | Goodbye::Expired | Goodbye::NotAllowed
        );
        let Some(member) = self.member.as_mut().filter(|_| is_about_rights) else {
            return Err(goodbye.into());
        };
        if self.ground.identity.still(member.watched.staff()).is_err() {
            return self.sign_out(goodbye).await;
        }
        self.ground.metrics.said_goodbye(goodbye.name());
        let is_removed = !self.ground.floors.directory().holds(restaurant_id);
        if is_removed {
            let removed = self.leave_removed();
            return self.say_all(removed).await;
        }
        member.rooms.leave(restaurant_id);
        let error = json!({ "message": "Forbidden", "branchId": ids::branch(restaurant_id) });
        self.say(event_of("error", &error)).await
    }

    /// What the client has shown is worth nothing any more. It may show something else.
    async fn sign_out(&mut self, goodbye: Goodbye) -> Result<(), Ended> {
        let mut last = self.leave_removed();
        self.member = None;
        self.liveness.left();
        self.ground.metrics.said_goodbye(goodbye.name());
        last.push(event_of("error", &json!({ "message": "Unauthorized" })));
        last.push(packet::disconnected(NAMESPACE));
        self.say_all(last).await
    }

    /// Takes the client out of branches that are gone. What it is told of each: with the branch went its tables.
    fn leave_removed(&mut self) -> Vec<Bytes> {
        let Some(member) = &mut self.member else {
            return Vec::new();
        };
        let rooms = member.rooms.leave_removed(self.ground.floors.directory());
        let told = rooms.into_iter().flat_map(|room| {
            let view = room.listener.floor().view();
            let tables = view.floor.tables.keys();
            let deleted = tables.map(|it| event_of("tableDeleted", &json!({ "id": ids::table(*it) })));
            let error = json!({ "message": "Not Found", "branchId": ids::branch(room.restaurant_id) });
            deleted.chain([event_of("error", &error)]).collect::<Vec<_>>()
        });
        told.collect()
    }

    /// When the clock has to be looked at.
    fn due(&self) -> Instant {
        let due = self.liveness.due();
        self.line.stalls_at().map_or(due, |it| it.min(due))
    }

    async fn look_at_the_clock(&mut self) -> Result<(), Ended> {
        if self.line.stalls_at().is_some_and(|it| it <= Instant::now()) {
            return Err(Goodbye::TooSlow.into());
        }
        if self.liveness.asks()? {
            return self.say(text_frame(PING.as_bytes())).await;
        }
        Ok(())
    }

    /// A WebSocket takes over, and with it what nobody has fetched yet.
    async fn upgrade(&mut self, socket: Box<Socket>) -> Result<(), Ended> {
        let line = std::mem::replace(&mut self.line, Line::Socket(socket));
        match line {
            Line::Polling(polling) => self.write(&polling.hand_over()).await,
            Line::Socket(_) => Ok(()),
        }
    }

    /// Says one thing, now or when the client fetches it.
    async fn say(&mut self, frame: Bytes) -> Result<(), Ended> {
        match &mut self.line {
            Line::Polling(polling) => Ok(polling.push(frame)?),
            Line::Socket(_) => self.write(&frame).await,
        }
    }

    /// Says several things in their order.
    async fn say_all(&mut self, frames: Vec<Bytes>) -> Result<(), Ended> {
        match &mut self.line {
            Line::Polling(polling) => {
                polling.push_all(frames);
                Ok(())
            }
            Line::Socket(_) => self.write(&frames.concat()).await,
        }
    }

    /// Writes to a WebSocket, for as long as the client may be here.
    async fn write(&mut self, frames: &[u8]) -> Result<(), Ended> {
        let Line::Socket(socket) = &mut self.line else {
            return Ok(());
        };
        let (member, stopping) = (&mut self.member, &mut self.stopping);
        stream::write_until(socket, frames, move || over(member, stopping)).await
    }
}

/// An event of the namespace.
fn event_of(event: &str, payload: &Value) -> Bytes {
    packet::event_of(NAMESPACE, event, payload)
}

/// What is answered to something that a client wants; nothing, if it is nothing that can be wanted.
async fn answer(from: (&Ground, &Peer), member: &mut Member, event: &Event) -> Option<Answer> {
    let argument = event.arguments.get(1);
    match event.arguments.first()?.as_str()? {
        "joinBranch" => Some(member.join(from, argument, event.ack.is_some()).await),
        "leaveBranch" => Some(member.leave(from.0, argument)),
        _ => None,
    }
}

/// What comes next for a client that is in. Cancel-safe.
async fn tidings(member: &mut Option<Box<Member>>, form: Form, has_room: bool) -> Tidings {
    let Some(member) = member else {
        return std::future::pending().await;
    };
    let Member { watched, rooms } = &mut **member;
    tokio::select! {
        (restaurant_id, next) = rooms.next(form), if has_room => Tidings::News(restaurant_id, next),
        goodbye = watched.over() => Tidings::Over(goodbye),
    }
}

/// Completes when the client may not be here any more. Cancel-safe.
async fn over(member: &mut Option<Box<Member>>, stopping: &mut watch::Receiver<bool>) -> Goodbye {
    let signed_out = async {
        match member {
            Some(member) => member.watched.over().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        goodbye = signed_out => goodbye,
        () = stopped(stopping) => Goodbye::Draining,
    }
}

/// Completes when the program is to stop. Cancel-safe.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that the program has stopped already.
    drop(stopping.wait_for(|it| *it).await);
}

/// Of a request, what says where it came from.
fn origin_of(asked: &Parts) -> Parts {
    let (mut kept, ()) = Request::new(()).into_parts();
    kept.extensions.insert(Peer::of_request(&asked.extensions));
    if let Some(control) = asked.extensions.get::<Control>() {
        kept.extensions.insert(*control);
    }
    kept
}
