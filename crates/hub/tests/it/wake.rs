//! Waiting for something to take, and giving up waiting.

use crate::{change, live, told};
use floor::Seq;
use hub::{Cursor, Frame, Goodbye, Hub, RingLimits, Taken, Topic};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake, Waker};

/// Counts how often it is woken.
#[derive(Default)]
struct Bell {
    n_rings: AtomicUsize,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.n_rings.fetch_add(1, Ordering::Relaxed);
    }
}

impl Bell {
    fn n_rings(&self) -> usize {
        self.n_rings.load(Ordering::Relaxed)
    }
}

fn topic() -> Topic {
    Topic::new(RingLimits::DEFAULT, Seq::ZERO)
}

fn is_ready(future: Pin<&mut impl Future<Output = ()>>, waker: &Waker) -> bool {
    future.poll(&mut Context::from_waker(waker)).is_ready()
}

/// Asks once whether the cursor has something to take, and gives up.
fn is_changed(cursor: &mut Cursor) -> bool {
    is_ready(pin!(cursor.changed()), Waker::noop())
}

#[test]
fn a_publish_before_during_or_after_a_wait_that_was_given_up_is_not_missed() {
    let topic = topic();
    let mut cursor = live(&topic, 0);
    assert!(!is_changed(&mut cursor));

    topic.publish(change(1));
    assert!(is_changed(&mut cursor), "published between two waits");
    assert!(is_changed(&mut cursor), "still not taken");
    assert_eq!(told(&mut cursor), "1;");
    assert!(!is_changed(&mut cursor), "taken");

    {
        let mut waiting = pin!(cursor.changed());
        assert!(!is_ready(waiting.as_mut(), Waker::noop()));
        topic.publish(change(2));
        // Woken, and dropped before it could look.
    }
    assert!(
        is_changed(&mut cursor),
        "published during a wait that was given up"
    );
    assert_eq!(told(&mut cursor), "2;");

    assert_eq!(told(&mut cursor), "nothing");
    topic.publish(change(3));
    assert!(is_changed(&mut cursor), "published between a take and a wait");
}

#[test]
fn a_publish_wakes_a_waiting_listener_once_and_a_busy_one_never() {
    let topic = topic();
    let (mut waiting, mut busy) = (live(&topic, 0), live(&topic, 0));
    let (bell, busy_bell) = (Arc::new(Bell::default()), Arc::new(Bell::default()));
    let (waker, busy_waker) = (Waker::from(bell.clone()), Waker::from(busy_bell.clone()));

    let mut wait = pin!(waiting.changed());
    assert!(!is_ready(wait.as_mut(), &waker));
    topic.publish(change(1));
    assert!(is_ready(pin!(busy.changed()), &busy_waker));
    topic.publish(change(2));
    topic.publish(change(3));

    assert_eq!((bell.n_rings(), busy_bell.n_rings()), (1, 0));
    assert!(is_ready(wait, &waker));
}

#[test]
fn a_change_that_the_topic_is_silent_about_wakes_nobody_and_is_heard() {
    let topic = topic();
    let mut cursor = live(&topic, 0);
    let bell = Arc::new(Bell::default());
    let waker = Waker::from(bell.clone());
    {
        let mut wait = pin!(cursor.changed());
        assert!(!is_ready(wait.as_mut(), &waker));
        topic.advance(Seq(5));
        assert!(!is_ready(wait, &waker));
    }
    assert_eq!((bell.n_rings(), topic.head()), (0, Seq(5)));
    assert_eq!((told(&mut cursor), cursor.heard()), ("nothing".into(), Seq(5)));
}

#[test]
fn a_fallen_listener_and_one_told_goodbye_never_wait() {
    let topic = Topic::new(
        RingLimits {
            frames_max: 1,
            bytes_max: 9,
        },
        Seq::ZERO,
    );
    let (mut fallen, mut ended) = (live(&topic, 0), live(&topic, 0));
    (1..=5).for_each(|seq| topic.publish(change(seq)));
    assert_eq!(told(&mut fallen), "fallen after 0");
    assert!(is_changed(&mut fallen));

    topic.say_goodbye(Goodbye::TooSlow);
    assert_eq!(told(&mut ended), "goodbye TooSlow");
    assert!(is_changed(&mut ended));
}

/// Each of two tasks speaks only when it has heard the other: one lost wake-up would end the game.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_wake_up_is_lost_in_a_game_of_ping_pong() {
    const N_ROUNDS: u64 = 20_000;
    async fn play(topic: Topic, mut other: Cursor) {
        for seq in 1..=N_ROUNDS {
            topic.publish(Frame::change(Seq(seq), "ball"));
            loop {
                match other.take(crate::ONE) {
                    Taken::Batch(batch) => break assert_eq!(batch.through, Seq(seq)),
                    Taken::Nothing => other.changed().await,
                    ended => panic!("{ended:?}"),
                }
            }
        }
    }
    let (ping, pong) = (topic(), topic());
    let here = tokio::spawn(play(ping.clone(), live(&pong, 0)));
    let there = tokio::spawn(play(pong.clone(), live(&ping, 0)));
    here.await.expect("no player panics");
    there.await.expect("no player panics");
}

#[test]
fn a_waiting_listener_may_move_between_threads() {
    fn is_send(_: impl Send) {}
    let topic = topic();
    let mut cursor = live(&topic, 0);
    is_send(cursor.changed());
    is_send(cursor);
    is_send(topic);
}

#[test]
fn a_nudge_wakes_whoever_waits_and_whoever_is_about_to_once() {
    let topic = topic();
    let mut cursor = live(&topic, 0);
    let bell = Arc::new(Bell::default());
    let waker = Waker::from(Arc::clone(&bell));
    {
        let mut waiting = pin!(cursor.changed());
        assert!(!is_ready(waiting.as_mut(), &waker));
        topic.nudge();
        assert_eq!(bell.n_rings(), 1);
        assert!(is_ready(waiting.as_mut(), &waker));
    }
    assert!(!is_changed(&mut cursor), "woken once for it");

    topic.nudge();
    topic.nudge();
    assert!(is_changed(&mut cursor), "nudged between two waits");
    assert!(!is_changed(&mut cursor), "once for both");
    assert_eq!(told(&mut cursor), "nothing", "a nudge is no news");
}

#[test]
fn a_nudge_reaches_every_topic_of_every_room() {
    let hub = Hub::new();
    let topics = [(1, "v1"), (1, "host"), (2, "v1")].map(|(id, name)| {
        let room = hub.room(floor::RestaurantId(id));
        room.topic(name, Seq::ZERO, RingLimits::DEFAULT)
    });
    let mut cursors = topics.each_ref().map(|it| live(it, 0));
    hub.nudge();
    assert!(cursors.iter_mut().all(is_changed));
}
