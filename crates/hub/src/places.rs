//! Where the listeners of a topic stand, for counting them and finding the slowest.

/// The place of every cursor: sixteen bytes each, no allocation of its own per cursor.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// By slot; `None` is a slot that waits for its next cursor.
    by_slot: Vec<Option<u64>>,
    vacant: Vec<Slot>,
}

/// Which entry of [`Places`] belongs to a cursor, from its beginning to its drop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot(usize);

impl Places {
    /// A new cursor stands at `place`.
    pub(crate) fn enter(&mut self, place: u64) -> Slot {
        let slot = self.vacant.pop().unwrap_or_else(|| {
            self.by_slot.push(None);
            Slot(self.by_slot.len() - 1)
        });
        self.move_to(slot, place);
        slot
    }

    /// The cursor of `slot` stands at `place` now.
    pub(crate) fn move_to(&mut self, slot: Slot, place: u64) {
        if let Some(it) = self.by_slot.get_mut(slot.0) {
            *it = Some(place);
        }
    }

    /// The cursor of `slot` is gone.
    pub(crate) fn leave(&mut self, slot: Slot) {
        if self.by_slot.get_mut(slot.0).and_then(Option::take).is_some() {
            self.vacant.push(slot);
        }
        if self.len() == 0 {
            *self = Places::default();
        }
    }

    /// How many cursors there are.
    pub(crate) fn len(&self) -> usize {
        self.by_slot.len() - self.vacant.len()
    }

    /// The place of the cursor that is furthest behind.
    pub(crate) fn slowest(&self) -> Option<u64> {
        self.by_slot.iter().flatten().min().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn a_slot_is_used_again_and_the_slowest_is_the_least_of_those_present() {
        let mut places = Places::default();
        assert_eq!((places.len(), places.slowest()), (0, None));

        let (ada, bo) = (places.enter(3), places.enter(7));
        assert_eq!((places.len(), places.slowest()), (2, Some(3)));

        places.leave(ada);
        let cy = places.enter(9);
        assert_eq!(
            (places.len(), places.slowest(), places.by_slot.len()),
            (2, Some(7), 2)
        );

        places.move_to(bo, 12);
        assert_eq!(places.slowest(), Some(9));

        places.leave(bo);
        places.leave(cy);
        assert_eq!(
            (places.len(), places.slowest(), places.by_slot.len()),
            (0, None, 0)
        );
    }
}
