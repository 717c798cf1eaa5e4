//! What a screen has been told, put together as the web app does it.

use crate::client::{PATIENCE, Screen};
use floor::{Event, Floor};
use jiff::Timestamp;
use serde_json::Value;
use tokio::time::timeout;

/// A floor folded from frames.
pub(crate) struct Seen {
    pub(crate) seq: u64,
    pub(crate) floor: Floor,
    /// The change frames since the latest snapshot.
    pub(crate) changes: Vec<Value>,
    /// Why the stream started again, each time it did.
    pub(crate) resets: Vec<String>,
}

impl Seen {
    /// Begins with a snapshot frame, or with the answer of `GET floor`.
    pub(crate) fn beginning_with(snapshot: &Value) -> Seen {
        Seen {
            seq: snapshot["seq"].as_u64().unwrap(),
            floor: serde_json::from_value(snapshot["floor"].clone()).unwrap(),
            changes: Vec::new(),
            resets: Vec::new(),
        }
    }

    /// Takes one frame in, and checks that it is the one that has to come.
    pub(crate) fn hear(&mut self, frame: &Value) {
        match frame["type"].as_str().unwrap() {
            "change" => {
                let seq = frame["seq"].as_u64().unwrap();
                assert_eq!(seq, self.seq + 1, "no change is missing and none comes twice");
                let at: Timestamp = serde_json::from_value(frame["at"].clone()).unwrap();
                let events: Vec<Event> = serde_json::from_value(frame["events"].clone()).unwrap();
                for event in &events {
                    self.floor.apply(event, at);
                }
                self.seq = seq;
                self.changes.push(frame.clone());
            }
            "snapshot" => {
                let resets = std::mem::take(&mut self.resets);
                *self = Seen {
                    resets,
                    ..Seen::beginning_with(frame)
                };
                assert_eq!(frame["digest"], self.floor.digest());
            }
            "reset" => self.resets.push(frame["reason"].as_str().unwrap().to_owned()),
            "heartbeat" => {
                assert_eq!(frame["seq"], self.seq, "a heartbeat speaks of what was told");
                assert_eq!(frame["digest"], self.floor.digest());
            }
            "result" | "refused" | "pong" => {}
            other => panic!("a frame of type {other}"),
        }
    }

    /// The floor as the wire writes it.
    pub(crate) fn text(&self) -> String {
        serde_json::to_string(&self.floor).unwrap()
    }
}

impl Screen {
    /// The first frame, which is a snapshot.
    pub(crate) async fn snapshot(&mut self) -> Seen {
        let first = self.next().await;
        assert_eq!(first["type"], "snapshot", "{first}");
        let mut seen = Seen::beginning_with(&first);
        seen.hear(&first);
        seen
    }

    /// Goes on until the change `seq` has been told.
    pub(crate) async fn watch(&mut self, seen: &mut Seen, seq: u64) {
        while seen.seq < seq {
            self.hear_next(seen).await;
        }
    }

    /// Hears everything up to the next frame that is not a heartbeat.
    pub(crate) async fn hear_next(&mut self, seen: &mut Seen) -> Value {
        let hearing = async {
            loop {
                let frame = self.next_any().await;
                seen.hear(&frame);
                if frame["type"] != "heartbeat" {
                    return frame;
                }
            }
        };
        timeout(PATIENCE, hearing)
            .await
            .expect("nothing but heartbeats came")
    }

    /// Goes on until this table is put under maintenance, which is how these evenings end.
    pub(crate) async fn watch_to_the_end(&mut self, seen: &mut Seen, last_table: u64) {
        loop {
            let frame = self.hear_next(seen).await;
            let is_the_end = |it: &Value| it["table_id"] == last_table && it["state"] == "maintenance";
            let events = frame["events"].as_array();
            if events.is_some_and(|it| it.iter().any(is_the_end)) {
                return;
            }
        }
    }
}
