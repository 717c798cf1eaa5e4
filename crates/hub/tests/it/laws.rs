//! Random lives of a topic, beside the model.

use crate::model::{Model, Outcome, Reader};
use bytes::Bytes;
use floor::Seq;
use hub::{Batch, Cursor, Frame, Goodbye, Resume, RingLimits, TakeLimit, Taken, Topic};
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Op {
    Publish(Vec<Draft>),
    Advance {
        back: u64,
        on: u64,
    },
    Resume {
        back: u64,
    },
    Take {
        who: prop::sample::Index,
        limit: TakeLimit,
    },
    TakeFrames {
        who: prop::sample::Index,
        limit: TakeLimit,
    },
    Leave {
        who: prop::sample::Index,
    },
    SayGoodbye,
}

/// A frame whose change is said relative to the head, now and then an earlier one by mistake.
#[derive(Clone, Debug)]
struct Draft {
    back: u64,
    on: u64,
    n_bytes: usize,
    ephemeral: bool,
}

const START: Seq = Seq(10);

fn draft() -> impl Strategy<Value = Draft> {
    (
        prop_oneof![9 => Just(0u64), 1 => 1..3u64],
        0..3u64,
        0..20usize,
        prop::bool::weighted(0.25),
    )
        .prop_map(|(back, on, n_bytes, ephemeral)| Draft {
            back,
            on,
            n_bytes,
            ephemeral,
        })
}

fn limit() -> impl Strategy<Value = TakeLimit> {
    (0..6usize, 0..60usize).prop_map(|(frames_max, bytes_max)| TakeLimit {
        frames_max,
        bytes_max,
    })
}

fn op() -> impl Strategy<Value = Op> {
    let who = any::<prop::sample::Index>;
    prop_oneof![
        40 => vec(draft(), 0..4).prop_map(Op::Publish),
        5 => (0..2u64, 0..3u64).prop_map(|(back, on)| Op::Advance { back, on }),
        20 => (0..12u64).prop_map(|back| Op::Resume { back }),
        40 => (who(), limit()).prop_map(|(who, limit)| Op::Take { who, limit }),
        20 => (who(), limit()).prop_map(|(who, limit)| Op::TakeFrames { who, limit }),
        10 => who().prop_map(|who| Op::Leave { who }),
        1 => Just(Op::SayGoodbye),
    ]
}

/// The topic and the model, and those who listen to both.
struct Pair {
    topic: Topic,
    model: Model,
    listeners: Vec<(Cursor, Reader)>,
}

impl Pair {
    fn play(&mut self, op: Op) {
        match op {
            Op::Publish(drafts) => self.publish(&drafts),
            Op::Advance { back, on } => {
                let seq = Seq(self.model.head.0 - back + on);
                self.topic.advance(seq);
                self.model.advance(seq);
            }
            Op::Resume { back } => self.resume(Seq(self.model.head.0 + 1 - back)),
            Op::Take { who, limit } => {
                if let Some((cursor, reader)) = pick(&mut self.listeners, who) {
                    let expected = joined(self.model.take(reader, limit), reader.heard);
                    assert_eq!(cursor.take(limit), expected);
                }
            }
            Op::TakeFrames { who, limit } => {
                if let Some((cursor, reader)) = pick(&mut self.listeners, who) {
                    assert_eq!(cursor.take_frames(limit), self.model.take(reader, limit));
                }
            }
            Op::Leave { who } => {
                if !self.listeners.is_empty() {
                    self.listeners.swap_remove(who.index(self.listeners.len()));
                }
            }
            Op::SayGoodbye => {
                self.topic.say_goodbye(Goodbye::Draining);
                self.model.goodbye = Some(Goodbye::Draining);
            }
        }
    }

    fn publish(&mut self, drafts: &[Draft]) {
        let frames: Vec<Frame> = drafts
            .iter()
            .scan(self.model.head, |head, it| {
                *head = Seq(head.0 - it.back + it.on);
                let bytes: Bytes = vec![(self.model.log.len() % 251) as u8; it.n_bytes].into();
                Some(Frame {
                    seq: *head,
                    bytes,
                    ephemeral: it.ephemeral,
                })
            })
            .collect();
        self.model.publish(frames.clone());
        self.topic.publish_all(frames);
    }

    fn resume(&mut self, after: Seq) {
        let (expected, reader) = self.model.resume(after);
        let actual = match self.topic.resume(after) {
            Resume::Live(cursor) => {
                self.listeners.extend(reader.map(|it| (cursor, it)));
                Outcome::Live
            }
            Resume::Behind { after, oldest } => Outcome::Behind { after, oldest },
            Resume::Ahead { head } => Outcome::Ahead { head },
            Resume::Goodbye(goodbye) => Outcome::Goodbye(goodbye),
        };
        assert_eq!(actual, expected);
    }

    fn compare(&self) {
        assert_eq!(self.topic.head(), self.model.head);
        assert_eq!(self.topic.listeners(), self.listeners.len());
        for (cursor, reader) in &self.listeners {
            assert_eq!(cursor.heard(), reader.heard);
            assert_eq!(cursor.lag(), self.model.lag(reader));
        }
        let slowest = self.listeners.iter().map(|(_, it)| self.model.lag(it)).max();
        assert_eq!(self.topic.slowest_lag(), slowest.unwrap_or(0));
    }
}

fn pick<T>(all: &mut [T], who: prop::sample::Index) -> Option<&mut T> {
    (!all.is_empty()).then(|| who.get_mut(all))
}

fn joined(taken: Taken<Vec<Frame>>, through: Seq) -> Taken {
    match taken {
        Taken::Nothing => Taken::Nothing,
        Taken::Fallen { heard } => Taken::Fallen { heard },
        Taken::Goodbye(goodbye) => Taken::Goodbye(goodbye),
        Taken::Batch(frames) => Taken::Batch(Batch {
            bytes: frames.iter().flat_map(|it| it.bytes.clone()).collect(),
            frames: frames.len(),
            through,
        }),
    }
}

proptest! {
    #[test]
    fn a_topic_tells_what_the_whole_list_of_its_frames_would_tell(
        frames_max in 0..8usize,
        bytes_max in 0..100usize,
        ops in vec(op(), 1..80),
    ) {
        let limits = RingLimits { frames_max, bytes_max };
        let (topic, model) = (Topic::new(limits, START), Model::new(limits, START));
        let mut pair = Pair { topic, model, listeners: Vec::new() };
        for op in ops {
            pair.play(op);
            pair.compare();
        }
    }
}
