//! Frames of the past, read from the journal for those who missed them.

use super::frames::ChangeView;
use crate::floors::GuestBook;
use floor::{Change, Event, RestaurantId, Seq};
use journal::{Journal, StorageError};
use std::sync::Arc;

/// Changes and the guest book of now, as far as they write in it.
pub(super) struct Page {
    /// The changes, in order.
    pub changes: Vec<Change>,
    guests: GuestBook,
}

impl Page {
    /// What to show of each change.
    pub(super) fn views(&self) -> impl Iterator<Item = ChangeView<'_>> {
        self.changes.iter().map(|it| ChangeView::of(it, &self.guests))
    }
}

/// Up to `limit` changes behind `after`.
pub(super) async fn page(
    journal: &Journal,
    restaurant_id: RestaurantId,
    after: Seq,
    limit: usize,
) -> Result<Page, StorageError> {
    let changes = journal.changes(restaurant_id, after, limit).await?;
    let ids: Vec<_> = changes
        .iter()
        .flat_map(|it| &it.events)
        .filter_map(Event::guest_id)
        .collect();
    let guests = if ids.is_empty() {
        Vec::new()
    } else {
        journal.guests(restaurant_id, &ids).await?
    };
    Ok(Page {
        changes,
        guests: guests.into_iter().map(|(id, it)| (id, Arc::new(it))).collect(),
    })
}
