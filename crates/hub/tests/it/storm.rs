//! Many writers and many listeners on several threads: one order for all (P2, P4).

use crate::live;
use floor::Seq;
use hub::{Cursor, Frame, Goodbye, Resume, RingLimits, TakeLimit, Taken, Topic};
use std::sync::{Arc, Mutex};

const N_WRITERS: u64 = 4;
const N_LISTENERS: u64 = 24;
const N_CHANGES_PER_WRITER: u64 = 500;
const N_CHANGES: u64 = N_WRITERS * N_CHANGES_PER_WRITER;

/// Two frames of every change, so that a slice may be seen to begin and end at a whole one.
fn frames(seq: Seq) -> Vec<Frame> {
    vec![
        Frame::change(seq, format!("{seq}a ")),
        Frame::change(seq, format!("{seq}b ")),
    ]
}

async fn write(topic: Topic, latest: Arc<Mutex<Seq>>) {
    for _ in 0..N_CHANGES_PER_WRITER {
        {
            let mut latest = latest.lock().expect("no writer panics");
            *latest = latest.next();
            topic.publish_all(frames(*latest));
        }
        tokio::task::yield_now().await;
    }
}

/// Everything a listener hears until the goodbye, in slices: a new one begins where it fell.
async fn listen(mut cursor: Cursor, limit: TakeLimit) -> Vec<(Seq, String)> {
    let topic = cursor.topic().clone();
    let mut slices = vec![(cursor.heard(), String::new())];
    loop {
        match cursor.take(limit) {
            Taken::Nothing => cursor.changed().await,
            Taken::Batch(batch) => {
                let text = std::str::from_utf8(&batch.bytes).expect("tests publish text");
                slices
                    .last_mut()
                    .expect("there is a first slice")
                    .1
                    .push_str(text);
            }
            Taken::Fallen { .. } => match topic.resume(topic.head()) {
                Resume::Live(fresh) => {
                    cursor = fresh;
                    slices.push((cursor.heard(), String::new()));
                }
                // Another change came between the two calls and was the whole ring.
                Resume::Behind { .. } => tokio::task::yield_now().await,
                Resume::Goodbye(_) => return slices,
                Resume::Ahead { head } => panic!("the head itself is ahead of {head}"),
            },
            Taken::Goodbye(Goodbye::Draining) => return slices,
            Taken::Goodbye(other) => panic!("nobody said {other:?}"),
        }
    }
}

/// Runs the storm, and returns whether anybody fell.
async fn storm(frames_max: usize) -> bool {
    let topic = Topic::new(
        RingLimits {
            frames_max,
            bytes_max: usize::MAX,
        },
        Seq::ZERO,
    );
    let latest = Arc::new(Mutex::new(Seq::ZERO));
    let mut listeners = Vec::new();
    let mut writers = Vec::new();
    for n in 0..N_LISTENERS {
        let limit = TakeLimit {
            frames_max: 1 + n as usize * 3,
            bytes_max: usize::MAX,
        };
        listeners.push(tokio::spawn(listen(live(&topic, 0), limit)));
    }
    for _ in 0..N_WRITERS {
        writers.push(tokio::spawn(write(topic.clone(), latest.clone())));
    }
    // Some come late, at whatever is the latest by then.
    for n in 0..N_LISTENERS {
        tokio::task::yield_now().await;
        if let Resume::Live(cursor) = topic.resume(topic.head()) {
            let limit = TakeLimit {
                frames_max: 1 + n as usize,
                bytes_max: usize::MAX,
            };
            listeners.push(tokio::spawn(listen(cursor, limit)));
        }
    }
    for writer in writers {
        writer.await.expect("no writer panics");
    }
    topic.say_goodbye(Goodbye::Draining);

    let log: Vec<String> = (1..=N_CHANGES).map(|seq| format!("{seq}a {seq}b ")).collect();
    let log = log.concat();
    let mut fell = false;
    for listener in listeners {
        let slices = listener.await.expect("no listener panics");
        fell |= slices.len() > 1;
        for (after, slice) in &slices {
            let begin = format!(" {}a ", after.next());
            let at = if *after == Seq::ZERO {
                0
            } else {
                log.find(&begin).map_or(log.len(), |it| it + 1)
            };
            assert!(
                log[at..].starts_with(slice),
                "the slice after {after} is not one of the log"
            );
        }
        let (after, slice) = slices.last().expect("there is a first slice");
        // In a ring too small, whoever has fallen by the goodbye is told it in place of a reset.
        let is_kept = frames_max >= 2 * N_CHANGES as usize;
        let heard_the_end = log.ends_with(slice.as_str()) && (!slice.is_empty() || *after == Seq(N_CHANGES));
        assert!(
            heard_the_end || !is_kept,
            "what was published before the goodbye was heard before it"
        );
    }
    assert_eq!(topic.listeners(), 0);
    fell
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_listener_of_a_storm_hears_one_order_without_holes() {
    assert!(!storm(2 * N_CHANGES as usize).await, "the ring holds all of it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn in_a_ring_too_small_every_listener_still_hears_whole_slices_of_one_order() {
    // Whether anybody falls is up to the scheduler; what is heard in between must hold either way.
    storm(64).await;
    storm(4).await;
}
