//! The hub as its owner sees it: topics, cursors and rooms, beside a plain model of what they promise.

mod model;

mod goodbye;
mod laws;
mod measure;
mod resume;
mod rooms;
mod sharing;
mod stalled;
mod storm;
mod wake;

use floor::Seq;
use hub::{Cursor, Frame, Resume, TakeLimit, Taken, Topic};

/// Far more than any test publishes.
const ALL: TakeLimit = TakeLimit {
    frames_max: usize::MAX,
    bytes_max: usize::MAX,
};

/// One frame at a time.
const ONE: TakeLimit = TakeLimit {
    frames_max: 1,
    bytes_max: usize::MAX,
};

/// A frame of change `seq` that says just that.
fn change(seq: u64) -> Frame {
    Frame::change(Seq(seq), format!("{seq};"))
}

fn live(topic: &Topic, after: u64) -> Cursor {
    match topic.resume(Seq(after)) {
        Resume::Live(cursor) => cursor,
        other => panic!("resume after {after}: {other:?}"),
    }
}

/// What one take of everything says, as text.
fn told(cursor: &mut Cursor) -> String {
    match cursor.take(ALL) {
        Taken::Nothing => "nothing".into(),
        Taken::Batch(batch) => String::from_utf8(batch.bytes.to_vec()).expect("tests publish text"),
        Taken::Fallen { heard } => format!("fallen after {heard}"),
        Taken::Goodbye(goodbye) => format!("goodbye {goodbye:?}"),
    }
}
