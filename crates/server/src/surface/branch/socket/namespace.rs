//! The namespace `/restaurant/tables`: what a client may want there, and what it is answered.

use super::asks::{self, Asked};
use super::rooms::{Room, Rooms};
use crate::identity::Watched;
use crate::limits::BRANCHES_MAX;
use crate::peer::Peer;
use crate::surface::branch::frames::DIALECT;
use crate::surface::branch::ids;
use crate::surface::ground::{EnterError, Ground};
use crate::surface::listener::{Listener, Unusable};
use floor::{RestaurantId, Seq};
use journal::StorageError;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// Its name.
pub(super) const NAMESPACE: &str = "/restaurant/tables";

/// The surface's name where connections are counted.
pub(super) const SURFACE: &str = "branch_socket";

/// A client that is in the namespace.
pub(super) struct Member {
    /// What it has shown.
    pub(super) watched: Watched,
    /// The branches that it has joined.
    pub(super) rooms: Rooms,
}

/// What somebody is answered who wanted something.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    branch_id: Option<Uuid>,
    /// What came after this is told now.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Seq>,
    /// What it knows is of no use any more: it has to fetch everything again.
    #[serde(skip_serializing_if = "Option::is_none")]
    resync: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<Seq>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epoch: Option<String>,
}

impl Answer {
    fn yes() -> Answer {
        Answer {
            ok: true,
            error: None,
            branch_id: None,
            since: None,
            resync: None,
            seq: None,
            epoch: None,
        }
    }

    fn no(error: &'static str) -> Answer {
        Answer {
            ok: false,
            error: Some(error),
            ..Answer::yes()
        }
    }
}

impl From<StorageError> for Answer {
    fn from(error: StorageError) -> Answer {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a branch could not be opened for a client"
        );
        Answer::no("unavailable")
    }
}

impl Member {
    /// Somebody who has just come in, and has joined nothing.
    pub(super) fn new(watched: Watched) -> Member {
        Member {
            watched,
            rooms: Rooms::default(),
        }
    }

    /// Lets the client hear of a branch, from now on or from where it was. It is told nothing before the answer.
    ///
    /// Clients that want an answer are told the place in it, and with every event from then on; so are those that say
    /// where they were. For others an event is its payload alone, as they have always known it.
    pub(super) async fn join(
        &mut self,
        (ground, peer): (&Ground, &Peer),
        argument: Option<&Value>,
        wants_answer: bool,
    ) -> Answer {
        let Some(asked) = asks::asked(argument) else {
            return Answer::no("forbidden");
        };
        // Whether there is such a branch is nobody's business who may not join it.
        let Some(restaurant_id) = ids::branch_named(ground.floors.directory(), &asked.branch) else {
            return Answer::no("forbidden");
        };
        let is_new = self.rooms.find(restaurant_id).is_none();
        if is_new {
            match self.enter(ground, restaurant_id).await {
                Ok(room) => self.rooms.join(room),
                Err(answer) => return answer,
            }
        }
        let Some(room) = self.rooms.find(restaurant_id) else {
            return Answer::no("forbidden");
        };
        let answer = begin(ground, peer, room, &asked).await;
        let answer = answer.unwrap_or_else(Answer::from);
        if answer.ok {
            room.wants_seq = wants_answer || asked.since.is_some();
            return Answer {
                branch_id: Some(ids::branch(restaurant_id)),
                epoch: Some(ground.floors.journal().epoch().to_owned()),
                ..answer
            };
        }
        // Whoever was there before is there still, where it was.
        if is_new {
            self.rooms.leave(restaurant_id);
        }
        answer
    }

    /// Lets the client hear no more of a branch.
    pub(super) fn leave(&mut self, ground: &Ground, argument: Option<&Value>) -> Answer {
        let Some(asked) = asks::asked(argument) else {
            return Answer::no("forbidden");
        };
        let named = ids::branch_named(ground.floors.directory(), &asked.branch);
        let left = named.filter(|it| self.rooms.leave(*it));
        Answer {
            branch_id: left.map(ids::branch),
            ..Answer::yes()
        }
    }

    async fn enter(&self, ground: &Ground, restaurant_id: RestaurantId) -> Result<Room, Answer> {
        let forbidden = || Answer::no("forbidden");
        let pass = ground.identity.enter(self.watched.staff(), restaurant_id);
        let opened = ground.open_with(pass.map_err(|_| forbidden())?).await;
        let (pass, floor) = opened.map_err(|error| match error {
            EnterError::UnknownRestaurant | EnterError::NoPass(_) | EnterError::NotAllowed => forbidden(),
            EnterError::Storage(error) => error.into(),
        })?;
        if self.rooms.len() >= BRANCHES_MAX {
            return Err(Answer::no("too_many_branches"));
        }
        let seat = ground.gate.seat(SURFACE, restaurant_id);
        let seat = seat.map_err(|_| Answer::no("too_many_connections"))?;
        let listener = Listener::new(ground.clone(), pass, floor, DIALECT);
        let mut room = Room::new(restaurant_id, listener, seat);
        begin_now(&mut room);
        Ok(room)
    }
}

/// Gives the client its place, if it names one.
async fn begin(ground: &Ground, peer: &Peer, room: &mut Room, asked: &Asked) -> Result<Answer, StorageError> {
    let Some(since) = asked.since else {
        // Whoever was there before stays where it was.
        return Ok(Answer {
            seq: Some(room.place().unwrap_or_else(|| room.listener.head())),
            ..Answer::yes()
        });
    };
    let epoch = ground.floors.journal().epoch();
    let reason = if asked.epoch.as_deref().is_some_and(|it| it != epoch) {
        "epoch"
    } else {
        match room.listener.usable(since).await? {
            Ok(()) => {
                let head = room.listener.head();
                // To be told from the journal costs as much as to come anew.
                if !room.listener.is_live_behind(since) && ground.gate.handshake(peer).is_err() {
                    return Ok(Answer::no("too_many_requests"));
                }
                room.begin_behind(since);
                ground.metrics.resumed("resumed");
                return Ok(Answer {
                    since: Some(since),
                    seq: Some(head),
                    ..Answer::yes()
                });
            }
            Err(Unusable::TooOld) => "too_old",
            Err(Unusable::Ahead) => "ahead",
        }
    };
    ground.metrics.resumed(reason);
    Ok(Answer {
        resync: Some(true),
        seq: Some(begin_now(room)),
        ..Answer::yes()
    })
}

/// Gives the client its place behind what everybody sees now.
fn begin_now(room: &mut Room) -> Seq {
    let seq = room.listener.floor().view().seq;
    room.begin_behind(seq);
    seq
}
