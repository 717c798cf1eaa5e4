//! Which restaurants there are: the slug and id of each, in memory.
//!
//! Shared by the floors and by identity, so that a restaurant that is taken away is away for both at once.

use floor::RestaurantId;
use journal::{Journal, StorageError};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Every restaurant of this program. Cheap to clone.
#[derive(Clone, Default)]
pub struct Directory {
    entries: Arc<RwLock<BTreeMap<RestaurantId, Entry>>>,
}

#[derive(Clone)]
struct Entry {
    slug: String,
    is_removed: bool,
}

impl Directory {
    /// The directory as the journal has it.
    pub async fn read(journal: &Journal) -> Result<Directory, StorageError> {
        let restaurants = journal.restaurants().await?;
        let entry = |slug, is_removed| Entry { slug, is_removed };
        let entries = restaurants
            .into_iter()
            .map(|it| (it.id, entry(it.slug, it.removed_at.is_some())))
            .collect();
        Ok(Directory {
            entries: Arc::new(RwLock::new(entries)),
        })
    }

    /// The restaurant with this slug or integer id, if there is one.
    #[must_use]
    pub fn find(&self, slug_or_id: &str) -> Option<RestaurantId> {
        self.find_removed_too(slug_or_id).filter(|it| self.holds(*it))
    }

    /// As [`Directory::find`], among those that were taken away too.
    #[must_use]
    pub fn find_removed_too(&self, slug_or_id: &str) -> Option<RestaurantId> {
        let entries = self.read_entries();
        let named = entries.iter().find(|(_, it)| it.slug == slug_or_id);
        if let Some((id, _)) = named {
            return Some(*id);
        }
        let is_plain = slug_or_id.bytes().all(|it| it.is_ascii_digit());
        let id = RestaurantId(slug_or_id.parse().ok().filter(|_| is_plain)?);
        entries.contains_key(&id).then_some(id)
    }

    /// Whether this restaurant is there.
    #[must_use]
    pub fn holds(&self, id: RestaurantId) -> bool {
        self.read_entries().get(&id).is_some_and(|it| !it.is_removed)
    }

    /// The restaurant's name in addresses.
    #[must_use]
    pub fn slug(&self, id: RestaurantId) -> Option<String> {
        self.read_entries().get(&id).map(|it| it.slug.clone())
    }

    /// Id and slug of every restaurant that is there, by id.
    #[must_use]
    pub fn list(&self) -> Vec<(RestaurantId, String)> {
        let entries = self.read_entries();
        let there = entries.iter().filter(|(_, it)| !it.is_removed);
        there.map(|(id, it)| (*id, it.slug.clone())).collect()
    }

    /// Takes in a new restaurant.
    pub(crate) fn add(&self, id: RestaurantId, slug: &str) {
        let entry = Entry {
            slug: slug.to_owned(),
            is_removed: false,
        };
        self.write_entries().insert(id, entry);
    }

    /// Takes a restaurant away, or lets it be there again.
    pub(crate) fn set_removed(&self, id: RestaurantId, is_removed: bool) {
        if let Some(entry) = self.write_entries().get_mut(&id) {
            entry.is_removed = is_removed;
        }
    }

    fn read_entries(&self) -> RwLockReadGuard<'_, BTreeMap<RestaurantId, Entry>> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_entries(&self) -> RwLockWriteGuard<'_, BTreeMap<RestaurantId, Entry>> {
        self.entries.write().unwrap_or_else(PoisonError::into_inner)
    }
}
