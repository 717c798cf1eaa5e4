//! Rooms of restaurants, and topics of rooms.

use crate::{change, live, told};
use floor::{RestaurantId, Seq};
use hub::{Goodbye, Hub, Resume, RingLimits, Room, Topic};

const TRATTORIA: RestaurantId = RestaurantId(1);
const DINER: RestaurantId = RestaurantId(2);

fn v1(room: &Room) -> Topic {
    room.topic("v1", Seq::ZERO, RingLimits::DEFAULT)
}

#[test]
fn a_room_and_its_topics_are_made_once_and_heard_by_their_own_listeners_only() {
    let hub = Hub::new();
    let (here, there) = (v1(&hub.room(TRATTORIA)), v1(&hub.room(DINER)));
    let other_dialect = hub.room(TRATTORIA).topic("host", Seq::ZERO, RingLimits::DEFAULT);
    let mut cursors = [&here, &there, &other_dialect].map(|it| live(it, 0));

    v1(&hub.room(TRATTORIA)).publish(change(1));

    assert_eq!(cursors.each_mut().map(told), ["1;", "nothing", "nothing"]);
    assert!(hub.room(TRATTORIA).find("host").is_some());
    assert!(hub.room(DINER).find("host").is_none());
    assert_eq!(
        hub.rooms().into_iter().map(|(id, _)| id).collect::<Vec<_>>(),
        [TRATTORIA, DINER]
    );
}

#[test]
fn a_room_counts_its_listeners_and_knows_the_slowest() {
    let hub = Hub::new();
    let room = hub.room(TRATTORIA);
    let (v1, host) = (v1(&room), room.topic("host", Seq::ZERO, RingLimits::DEFAULT));
    let mut cursors = [live(&v1, 0), live(&v1, 0), live(&host, 0)];
    (1..=4).for_each(|seq| v1.publish(change(seq)));
    host.publish(change(1));

    assert_eq!((room.listeners(), room.slowest_lag()), (3, 4));
    cursors[..2].iter_mut().for_each(|it| _ = told(it));
    assert_eq!((room.listeners(), room.slowest_lag()), (3, 1));
    drop(cursors);
    assert_eq!((room.listeners(), room.slowest_lag()), (0, 0));
}

#[test]
fn a_room_is_closed_when_nobody_listens_and_leaves_nobody_waiting_in_it() {
    let hub = Hub::new();
    let old = v1(&hub.room(TRATTORIA));
    let cursor = live(&old, 0);
    assert!(!hub.close(TRATTORIA), "somebody listens");

    drop(cursor);
    assert!(hub.close(TRATTORIA));
    assert!(hub.close(TRATTORIA), "it is gone already");

    assert!(matches!(
        old.resume(Seq::ZERO),
        Resume::Goodbye(Goodbye::Draining)
    ));
    let mut cursor = live(&v1(&hub.room(TRATTORIA)), 0);
    assert_eq!(
        told(&mut cursor),
        "nothing",
        "a new room knows nothing of the old one's end"
    );
}

#[test]
fn a_goodbye_to_all_reaches_every_room_and_those_made_later() {
    let hub = Hub::new();
    let topic = v1(&hub.room(TRATTORIA));
    let mut cursor = live(&topic, 0);
    topic.publish(change(1));

    hub.say_goodbye(Goodbye::Draining);

    assert_eq!(told(&mut cursor), "1;");
    assert_eq!(told(&mut cursor), "goodbye Draining");
    for late in [
        hub.room(TRATTORIA).topic("host", Seq(1), RingLimits::DEFAULT),
        v1(&hub.room(DINER)),
    ] {
        assert!(matches!(
            late.resume(late.head()),
            Resume::Goodbye(Goodbye::Draining)
        ));
    }
}

#[test]
fn a_goodbye_to_one_room_leaves_the_others_alone() {
    let hub = Hub::new();
    let (mut here, mut there) = (live(&v1(&hub.room(TRATTORIA)), 0), live(&v1(&hub.room(DINER)), 0));
    hub.room(TRATTORIA).say_goodbye(Goodbye::NotAllowed);
    assert_eq!(
        (told(&mut here), told(&mut there)),
        ("goodbye NotAllowed".into(), "nothing".into())
    );
}
