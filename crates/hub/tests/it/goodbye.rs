//! How a topic ends.

use crate::{ONE, change, live, told};
use floor::Seq;
use hub::{Goodbye, Resume, RingLimits, Taken, Topic};

fn topic() -> Topic {
    Topic::new(
        RingLimits {
            frames_max: 3,
            bytes_max: usize::MAX,
        },
        Seq::ZERO,
    )
}

#[test]
fn a_goodbye_comes_behind_the_frames_that_were_before_it() {
    let topic = topic();
    let (mut caught_up, mut behind) = (live(&topic, 0), live(&topic, 0));
    topic.publish(change(1));
    topic.publish(change(2));
    assert_eq!(told(&mut caught_up), "1;2;");

    topic.say_goodbye(Goodbye::Draining);

    assert_eq!(told(&mut caught_up), "goodbye Draining");
    assert!(matches!(behind.take(ONE), Taken::Batch(batch) if batch.bytes == "1;"));
    assert!(matches!(behind.take(ONE), Taken::Batch(batch) if batch.bytes == "2;"));
    assert_eq!(told(&mut behind), "goodbye Draining");
    assert_eq!(told(&mut behind), "goodbye Draining", "it stays said");
    assert_eq!(behind.heard(), Seq(2));
}

#[test]
fn after_a_goodbye_nothing_is_published_and_nobody_comes_in() {
    let topic = topic();
    let mut cursor = live(&topic, 0);
    topic.publish(change(1));
    topic.say_goodbye(Goodbye::Fault);

    topic.publish(change(2));
    topic.publish_all(vec![change(3), change(4)]);
    topic.advance(Seq(9));
    topic.say_goodbye(Goodbye::Draining);

    assert_eq!(topic.head(), Seq(1));
    assert_eq!(told(&mut cursor), "1;");
    assert_eq!(told(&mut cursor), "goodbye Fault");
    // Also at a change that the journal has by now and the topic never heard of.
    for after in [0, 1, 5] {
        assert!(matches!(
            topic.resume(Seq(after)),
            Resume::Goodbye(Goodbye::Fault)
        ));
    }
}

#[test]
fn a_fallen_listener_is_told_goodbye_rather_than_sent_for_a_snapshot() {
    let topic = topic();
    let mut fallen = live(&topic, 0);
    (1..=10).for_each(|seq| topic.publish(change(seq)));
    topic.say_goodbye(Goodbye::Draining);
    assert_eq!(told(&mut fallen), "goodbye Draining");
    assert_eq!(fallen.heard(), Seq(0));
}

#[tokio::test]
async fn a_goodbye_wakes_those_who_wait() {
    let topic = topic();
    let mut cursor = live(&topic, 0);
    let waiting = tokio::spawn(async move {
        cursor.changed().await;
        told(&mut cursor)
    });
    tokio::task::yield_now().await;
    topic.say_goodbye(Goodbye::Draining);
    assert_eq!(
        waiting.await.expect("the listener does not panic"),
        "goodbye Draining"
    );
}
