//! Bytes are shared: one frame as it is, several as one copy for everybody at that place.

use crate::{ALL, change, live};
use bytes::Bytes;
use floor::Seq;
use hub::{Cursor, Frame, RingLimits, TakeLimit, Taken, Topic};

fn topic() -> Topic {
    Topic::new(RingLimits::DEFAULT, Seq::ZERO)
}

fn bytes(cursor: &mut Cursor, limit: TakeLimit) -> Bytes {
    match cursor.take(limit) {
        Taken::Batch(batch) => batch.bytes,
        other => panic!("a batch was there to take, not {other:?}"),
    }
}

#[test]
fn a_batch_of_one_frame_is_that_frames_own_bytes() {
    let topic = topic();
    let (mut ada, mut bo) = (live(&topic, 0), live(&topic, 0));
    let frame = change(1);
    topic.publish(frame.clone());
    assert_eq!(bytes(&mut ada, ALL).as_ptr(), frame.bytes.as_ptr());
    assert_eq!(bytes(&mut bo, ALL).as_ptr(), frame.bytes.as_ptr());
}

#[test]
fn two_thousand_listeners_in_step_share_one_copy() {
    let topic = topic();
    let mut cursors: Vec<Cursor> = (0..2_000).map(|_| live(&topic, 0)).collect();
    for round in 0..3 {
        topic.publish_all((1..=5).map(|n| change(round * 5 + n)).collect());
        let taken: Vec<Bytes> = cursors.iter_mut().map(|it| bytes(it, ALL)).collect();
        assert!(taken.iter().all(|it| it.as_ptr() == taken[0].as_ptr()));
    }
}

#[test]
fn listeners_at_a_few_different_places_share_with_those_beside_them() {
    let topic = topic();
    topic.publish_all((1..=6).map(change).collect());
    let after = |seq| live(&topic, seq);
    let (mut a, mut b, mut c, mut d) = (after(0), after(2), after(0), after(2));
    let taken = [&mut a, &mut b, &mut c, &mut d].map(|it| bytes(it, ALL));
    assert_eq!(taken[0], "1;2;3;4;5;6;");
    assert_eq!(taken[1], "3;4;5;6;");
    assert_eq!(taken[0].as_ptr(), taken[2].as_ptr());
    assert_eq!(taken[1].as_ptr(), taken[3].as_ptr());
}

#[test]
fn a_batch_ends_at_its_limits_but_has_at_least_one_frame() {
    let topic = topic();
    topic.publish_all((1..=9).map(change).collect());
    let mut cursor = live(&topic, 0);
    assert_eq!(
        bytes(
            &mut cursor,
            TakeLimit {
                frames_max: 2,
                bytes_max: 100
            }
        ),
        "1;2;"
    );
    assert_eq!(
        bytes(
            &mut cursor,
            TakeLimit {
                frames_max: 100,
                bytes_max: 7
            }
        ),
        "3;4;5;"
    );
    assert_eq!(
        bytes(
            &mut cursor,
            TakeLimit {
                frames_max: 0,
                bytes_max: 0
            }
        ),
        "6;"
    );
    assert_eq!(bytes(&mut cursor, ALL), "7;8;9;");
}

#[test]
fn a_change_is_heard_when_its_last_frame_is_taken() {
    let topic = topic();
    let mut cursor = live(&topic, 0);
    topic.publish_all(vec![
        change(1),
        change(4),
        change(4),
        Frame::ephemeral(Seq(4), "beat"),
    ]);
    topic.advance(Seq(6));
    let mut through = Vec::new();
    while let Taken::Batch(batch) = cursor.take(crate::ONE) {
        through.push(batch.through);
    }
    assert_eq!(through, [Seq(3), Seq(3), Seq(6), Seq(6)]);
}
