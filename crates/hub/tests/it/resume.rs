//! Resume at every offset of every small topic, beside the model.

use crate::model::{Model, Outcome};
use crate::{change, live, told};
use floor::Seq;
use hub::{Frame, Resume, RingLimits, TakeLimit, Taken, Topic};

/// One thing that can happen to a topic.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The next change, with one frame.
    Change,
    /// One more frame of the latest change.
    More,
    /// A frame of the moment.
    Heartbeat,
    /// The next change, which this topic says nothing about.
    Silent,
}

const STEPS: [Step; 4] = [Step::Change, Step::More, Step::Heartbeat, Step::Silent];
const RING_FRAMES_MAX: usize = 6;
const N_STEPS_MAX: u32 = 6;
const START: Seq = Seq(3);

#[test]
fn every_resume_into_every_small_topic_brings_exactly_what_the_list_says() {
    for frames_max in 1..=RING_FRAMES_MAX {
        for n_steps in 0..=N_STEPS_MAX {
            for story in 0..STEPS.len().pow(n_steps) {
                check(frames_max, n_steps, story);
            }
        }
    }
}

#[test]
fn a_long_run_of_changes_resumes_exactly_as_far_back_as_the_ring_reaches() {
    for frames_max in 1..=RING_FRAMES_MAX as u64 {
        let limits = RingLimits {
            frames_max: frames_max as usize,
            bytes_max: usize::MAX,
        };
        let topic = Topic::new(limits, Seq::ZERO);
        (1..=20).for_each(|seq| topic.publish(change(seq)));
        for after in 0..=20 {
            if after + frames_max < 20 {
                let Resume::Behind { oldest, .. } = topic.resume(Seq(after)) else {
                    panic!("{after} is behind");
                };
                assert_eq!(oldest, Seq(20 - frames_max + 1));
            } else if after == 20 {
                assert_eq!(told(&mut live(&topic, after)), "nothing");
            } else {
                let missed: String = (after + 1..=20).map(|seq| format!("{seq};")).collect();
                assert_eq!(told(&mut live(&topic, after)), missed);
            }
        }
        assert!(matches!(topic.resume(Seq(21)), Resume::Ahead { head: Seq(20) }));
    }
}

#[test]
fn a_change_whose_first_frame_has_left_is_not_told_by_halves() {
    let topic = Topic::new(
        RingLimits {
            frames_max: 3,
            bytes_max: usize::MAX,
        },
        Seq::ZERO,
    );
    topic.publish_all(vec![Frame::change(Seq(1), "1a "), Frame::change(Seq(1), "1b ")]);
    let mut here = live(&topic, 0);
    assert_eq!(here.take(crate::ONE), batch("1a ", 0));

    topic.publish_all(vec![Frame::change(Seq(2), "2a "), Frame::change(Seq(2), "2b ")]);

    assert_eq!(told(&mut here), "1b 2a 2b ");
    assert!(matches!(
        topic.resume(Seq(0)),
        Resume::Behind { oldest: Seq(2), .. }
    ));
    assert_eq!(told(&mut live(&topic, 1)), "2a 2b ");
}

#[test]
fn missed_heartbeats_are_no_reason_to_fall() {
    let topic = Topic::new(
        RingLimits {
            frames_max: 2,
            bytes_max: usize::MAX,
        },
        Seq(7),
    );
    let mut cursor = live(&topic, 7);
    for beat in ["a ", "b ", "c ", "d "] {
        topic.publish(Frame::ephemeral(Seq(7), beat));
    }
    assert_eq!(told(&mut cursor), "c d ");
    assert_eq!(told(&mut live(&topic, 7)), "nothing");
}

fn batch(text: &'static str, through: u64) -> Taken {
    Taken::Batch(hub::Batch {
        bytes: text.into(),
        frames: 1,
        through: Seq(through),
    })
}

/// Plays the story, whose digits to the base of the steps are its steps, and resumes everywhere.
fn check(frames_max: usize, n_steps: u32, story: usize) {
    let limits = RingLimits {
        frames_max,
        bytes_max: usize::MAX,
    };
    let (topic, mut model) = (Topic::new(limits, START), Model::new(limits, START));
    for n in 0..n_steps {
        let step = STEPS[story / STEPS.len().pow(n) % STEPS.len()];
        let frame = match step {
            Step::Change => Frame::change(model.head.next(), format!("{n} ")),
            Step::More => Frame::change(model.head, format!("{n} ")),
            Step::Heartbeat => Frame::ephemeral(model.head, format!("{n} ")),
            Step::Silent => {
                let next = model.head.next();
                topic.advance(next);
                model.advance(next);
                continue;
            }
        };
        topic.publish(frame.clone());
        model.publish(vec![frame]);
    }
    let story = || {
        format!(
            "ring of {frames_max}, story {story} of {n_steps} steps: {:?}",
            model.log
        )
    };
    for after in (0..=model.head.0 + 1).map(Seq) {
        for n_at_once in [1, 2, usize::MAX] {
            let limit = TakeLimit {
                frames_max: n_at_once,
                bytes_max: usize::MAX,
            };
            let (expected, reader) = model.resume(after);
            let (actual, cursor) = match topic.resume(after) {
                Resume::Live(cursor) => (Outcome::Live, Some(cursor)),
                Resume::Behind { after, oldest } => (Outcome::Behind { after, oldest }, None),
                Resume::Ahead { head } => (Outcome::Ahead { head }, None),
                Resume::Goodbye(goodbye) => (Outcome::Goodbye(goodbye), None),
            };
            assert_eq!(actual, expected, "after {after}, {}", story());
            let (Some(mut cursor), Some(mut reader)) = (cursor, reader) else {
                break;
            };
            loop {
                let (actual, expected) = (cursor.take_frames(limit), model.take(&mut reader, limit));
                assert_eq!(actual, expected, "after {after}, {}", story());
                assert_eq!(cursor.heard(), reader.heard, "after {after}, {}", story());
                if actual == Taken::Nothing {
                    break;
                }
            }
        }
    }
}
