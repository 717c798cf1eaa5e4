//! The demo house: a ready-made restaurant with a past, and a service that runs now.
//!
//! The house is fixed, so that examples, tests and other people's clients can rely on it. The service
//! acts only through ordinary commands.

mod evening;
mod history;
mod house;
mod names;
mod service;

pub use evening::{Evening, Pace};
pub use history::{Past, write_history};
pub use house::{ACCOUNTS, BENCH_TABLES, BuildError, House, PASSWORD, build, is_demo, let_in, rules};
pub use service::serve_guests;
