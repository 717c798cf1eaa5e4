//! A slow screen slows nobody, and memory is bounded whatever it does (P6, P7).

use crate::{ALL, ONE, live, told};
use bytes::Bytes;
use floor::Seq;
use hub::{Frame, RingLimits, Taken, Topic};
use std::sync::Arc;

const RING: RingLimits = RingLimits {
    frames_max: 8,
    bytes_max: usize::MAX,
};

/// Bytes that are alive as long as anybody holds the frame.
struct Counted {
    bytes: Vec<u8>,
    _alive: Arc<()>,
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

fn counted(seq: u64, alive: &Arc<()>) -> Frame {
    let bytes = format!("{seq};").into_bytes();
    Frame::change(
        Seq(seq),
        Bytes::from_owner(Counted {
            bytes,
            _alive: alive.clone(),
        }),
    )
}

/// Frames that somebody still holds.
fn n_alive(alive: &Arc<()>) -> usize {
    Arc::strong_count(alive) - 1
}

#[test]
fn a_stalled_listener_falls_alone_and_holds_no_frames() {
    let alive = Arc::new(());
    let topic = Topic::new(RING, Seq::ZERO);
    let mut stalled = live(&topic, 0);
    let mut active: Vec<_> = (0..3).map(|_| live(&topic, 0)).collect();

    for seq in 1..=1_000 {
        topic.publish(counted(seq, &alive));
        for cursor in &mut active {
            assert_eq!(told(cursor), format!("{seq};"));
        }
        assert!(
            n_alive(&alive) <= RING.frames_max,
            "{} frames at {seq}",
            n_alive(&alive)
        );
    }

    assert_eq!(
        (stalled.lag(), topic.slowest_lag(), topic.listeners()),
        (1_000, 1_000, 4)
    );
    assert_eq!(stalled.take(ALL), Taken::Fallen { heard: Seq(0) });
    assert_eq!(
        stalled.take(ALL),
        Taken::Fallen { heard: Seq(0) },
        "it stays fallen"
    );

    drop(stalled);
    assert_eq!((topic.slowest_lag(), topic.listeners()), (0, 3));
}

#[test]
fn a_listener_that_stalls_while_it_writes_holds_its_batch_and_no_more() {
    let alive = Arc::new(());
    let topic = Topic::new(RING, Seq::ZERO);
    let mut stalled: Vec<_> = (0..50).map(|_| live(&topic, 0)).collect();
    topic.publish(counted(1, &alive));
    let held: Vec<_> = stalled.iter_mut().map(|it| it.take(ALL)).collect();

    (2..=1_000).for_each(|seq| topic.publish(counted(seq, &alive)));

    assert_eq!(
        n_alive(&alive),
        RING.frames_max + 1,
        "one frame that all of them share"
    );
    drop(held);
    assert_eq!(n_alive(&alive), RING.frames_max);
    drop(topic);
    drop(stalled);
    assert_eq!(n_alive(&alive), 0);
}

#[test]
fn a_fallen_listener_knows_what_it_heard_and_starts_again_from_a_snapshot() {
    let topic = Topic::new(RING, Seq::ZERO);
    let mut cursor = live(&topic, 0);
    (1..=3).for_each(|seq| topic.publish(crate::change(seq)));
    assert!(matches!(cursor.take(ONE), Taken::Batch(batch) if batch.through == Seq(1)));
    (4..=20).for_each(|seq| topic.publish(crate::change(seq)));
    assert_eq!(told(&mut cursor), "fallen after 1");

    let snapshot_at = topic.head();
    topic.publish(crate::change(21));
    let mut cursor = live(&topic, snapshot_at.0);
    assert_eq!(told(&mut cursor), "21;");
}

#[test]
fn the_ring_counts_bytes_as_well_and_keeps_the_newest_frame_whatever_its_size() {
    let topic = Topic::new(
        RingLimits {
            frames_max: 100,
            bytes_max: 10,
        },
        Seq::ZERO,
    );
    let mut cursor = live(&topic, 0);
    topic.publish(Frame::change(Seq(1), "four"));
    topic.publish(Frame::change(Seq(2), "and six"));
    assert_eq!(told(&mut cursor), "fallen after 0");
    assert_eq!(told(&mut live(&topic, 1)), "and six");

    topic.publish(Frame::change(Seq(3), "more than ten bytes"));
    assert_eq!(told(&mut live(&topic, 2)), "more than ten bytes");
}
