//! People who dine in the demo house. All invented.

use floor::{GuestDetails, Note, Text};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

const FIRST: [&str; 40] = [
    "Ada", "Amir", "Anika", "Aoife", "Bao", "Beatriz", "Carlos", "Chidi", "Dagny", "Dev", "Elif", "Emre",
    "Fatima", "Finn", "Greta", "Hana", "Hugo", "Ines", "Ivo", "Jamal", "Jun", "Kaia", "Kofi", "Lea", "Luca",
    "Mara", "Mateo", "Mina", "Nadia", "Noor", "Olu", "Pia", "Quinn", "Rosa", "Sami", "Tala", "Theo", "Uma",
    "Wen", "Zoe",
];

const LAST: [&str; 32] = [
    "Abara",
    "Almeida",
    "Bauer",
    "Brandt",
    "Castillo",
    "Cohen",
    "Dubois",
    "Eriksen",
    "Farouk",
    "Fischer",
    "Garcia",
    "Haddad",
    "Ibsen",
    "Jensen",
    "Kaplan",
    "Kowalski",
    "Larsen",
    "Lindqvist",
    "Moreau",
    "Nakamura",
    "Novak",
    "Okafor",
    "Ortiz",
    "Park",
    "Quist",
    "Rossi",
    "Sato",
    "Silva",
    "Tanaka",
    "Varga",
    "Weiss",
    "Yilmaz",
];

const WISHES: [&str; 8] = [
    "Birthday",
    "Window, if possible",
    "High chair",
    "Nut allergy",
    "Wheelchair",
    "In a hurry, theatre at eight",
    "Quiet corner",
    "Regular, likes table 7",
];

/// Somebody who comes to dine.
pub(super) fn guest(rng: &mut ChaCha8Rng) -> GuestDetails {
    let first = FIRST[rng.random_range(0..FIRST.len())];
    let last = LAST[rng.random_range(0..LAST.len())];
    // 555-0100 to 555-0199 are kept free for fiction.
    let phone = format!("+1 212 555 01{:02}", rng.random_range(0..100));
    let wish = rng
        .random_bool(0.2)
        .then(|| WISHES[rng.random_range(0..WISHES.len())]);
    GuestDetails {
        name: Text::new(&format!("{first} {last}")).ok(),
        phone: rng.random_bool(0.8).then(|| Text::new(&phone).ok()).flatten(),
        notes: wish.and_then(|it| Note::new(it).ok()),
        family_name: Text::new(last).ok(),
        ..GuestDetails::default()
    }
}
