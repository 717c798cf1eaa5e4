//! Names in addresses for restaurants whose people give them only a name.

use crate::floors::Floors;
use floor::RestaurantId;
use journal::{AddRestaurantError, StorageError};

/// Restaurants of one name.
const TRIED_MAX: usize = 100;

/// A new restaurant under the first slug for its name that is free; nothing when there are too many of this name.
pub(super) async fn add_restaurant(
    floors: &Floors,
    name: &str,
) -> Result<Option<RestaurantId>, StorageError> {
    let base = slug(name);
    for n in 1..=TRIED_MAX {
        let slug = if n == 1 {
            base.clone()
        } else {
            format!("{base}-{n}")
        };
        match floors.add_restaurant(&slug).await {
            Ok(id) => return Ok(Some(id)),
            Err(AddRestaurantError::SlugInUse { .. }) => {}
            Err(AddRestaurantError::Storage(error)) => return Err(error),
        }
    }
    Ok(None)
}

/// A name as it can stand in an address.
fn slug(name: &str) -> String {
    let letters = name
        .to_lowercase()
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() { it } else { '-' })
        .collect::<String>();
    let words: Vec<&str> = letters.split('-').filter(|it| !it.is_empty()).collect();
    let slug: String = words.join("-").chars().take(50).collect();
    let slug = slug.trim_end_matches('-');
    // What is a number would be taken for an id.
    if slug.is_empty() || slug.bytes().all(|it| it.is_ascii_digit()) {
        format!("restaurant-{slug}").trim_end_matches('-').to_owned()
    } else {
        slug.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_restaurants_name_makes_its_address() {
        assert_eq!(slug("Bistro West"), "bistro-west");
        assert_eq!(slug("  Chez  Zoë & Co. "), "chez-zo-co");
        assert_eq!(slug("1842"), "restaurant-1842");
        assert_eq!(slug("寿司"), "restaurant");
    }
}
