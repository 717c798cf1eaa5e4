//! Who listens to which restaurant.
//!
//! Locks are taken hub before room before topic, and never the other way.

use crate::{Goodbye, RingLimits, Topic};
use floor::{RestaurantId, Seq};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The rooms of all restaurants that this node holds. Clones are the same hub.
#[derive(Clone, Debug, Default)]
pub struct Hub {
    rooms: Arc<Mutex<Group<RestaurantId, Room>>>,
}

/// Who listens to one restaurant, by dialect. Clones are the same room.
#[derive(Clone, Debug, Default)]
pub struct Room {
    topics: Arc<Mutex<Group<&'static str, Topic>>>,
}

/// Things by name, and the goodbye that was said to all of them and is said to any that come later.
#[derive(Debug)]
struct Group<K, V> {
    by_name: BTreeMap<K, V>,
    goodbye: Option<Goodbye>,
}

impl<K, V> Default for Group<K, V> {
    fn default() -> Group<K, V> {
        Group {
            by_name: BTreeMap::new(),
            goodbye: None,
        }
    }
}

impl Hub {
    /// A hub without rooms.
    #[must_use]
    pub fn new() -> Hub {
        Hub::default()
    }

    /// The restaurant's room; made if there is none.
    #[must_use]
    pub fn room(&self, restaurant: RestaurantId) -> Room {
        let mut rooms = self.lock();
        let goodbye = rooms.goodbye;
        let room = rooms.by_name.entry(restaurant).or_insert_with(|| {
            let room = Room::default();
            room.lock().goodbye = goodbye;
            room
        });
        room.clone()
    }

    /// Every room there is, in the order of the restaurants.
    #[must_use]
    pub fn rooms(&self) -> Vec<(RestaurantId, Room)> {
        self.lock()
            .by_name
            .iter()
            .map(|(id, room)| (*id, room.clone()))
            .collect()
    }

    /// Wakes everybody who listens anywhere, without news; see [`Topic::nudge`].
    pub fn nudge(&self) {
        for (_, room) in self.rooms() {
            let topics: Vec<Topic> = room.lock().by_name.values().cloned().collect();
            topics.iter().for_each(Topic::nudge);
        }
    }

    /// Removes the restaurant's room if nobody listens there; says whether it is gone.
    ///
    /// Whoever still has the room or a topic of it in hand is told [`Goodbye::Draining`] when resuming,
    /// rather than left to wait in a room where nobody speaks.
    pub fn close(&self, restaurant: RestaurantId) -> bool {
        let mut rooms = self.lock();
        if rooms
            .by_name
            .get(&restaurant)
            .is_some_and(|it| it.listeners() > 0)
        {
            return false;
        }
        if let Some(room) = rooms.by_name.remove(&restaurant) {
            room.say_goodbye(Goodbye::Draining);
        }
        true
    }

    /// Ends every topic of every room, and those that are made later: this node is leaving.
    pub fn say_goodbye(&self, goodbye: Goodbye) {
        let mut rooms = self.lock();
        rooms.goodbye.get_or_insert(goodbye);
        rooms.by_name.values().for_each(|it| it.say_goodbye(goodbye));
    }

    fn lock(&self) -> MutexGuard<'_, Group<RestaurantId, Room>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    /// The topic of that name; made with these limits if there is none.
    ///
    /// Only the one who publishes to the room may make a topic, between two changes, and `head` is the
    /// latest one: a change that is published between reading the head and making the topic would be
    /// missing from it, and nobody would notice.
    #[must_use]
    pub fn topic(&self, name: &'static str, head: Seq, limits: RingLimits) -> Topic {
        let mut topics = self.lock();
        let goodbye = topics.goodbye;
        let topic = topics.by_name.entry(name).or_insert_with(|| {
            let topic = Topic::new(limits, head);
            if let Some(goodbye) = goodbye {
                topic.say_goodbye(goodbye);
            }
            topic
        });
        topic.clone()
    }

    /// The topic of that name, if it was made.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Topic> {
        self.lock().by_name.get(name).cloned()
    }

    /// How many cursors there are in all topics.
    #[must_use]
    pub fn listeners(&self) -> usize {
        self.lock().by_name.values().map(Topic::listeners).sum()
    }

    /// How many frames the slowest cursor of any topic has not taken yet.
    #[must_use]
    pub fn slowest_lag(&self) -> u64 {
        self.lock()
            .by_name
            .values()
            .map(Topic::slowest_lag)
            .max()
            .unwrap_or(0)
    }

    /// Ends every topic, and those that are made later.
    pub fn say_goodbye(&self, goodbye: Goodbye) {
        let mut topics = self.lock();
        topics.goodbye.get_or_insert(goodbye);
        topics.by_name.values().for_each(|it| it.say_goodbye(goodbye));
    }

    fn lock(&self) -> MutexGuard<'_, Group<&'static str, Topic>> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
