//! What it means: figures that follow from a floor and from what was written down about it.
//!
//! Everything here is a pure fold. A [`floor::Floor`], rows of past turns and the time come in as arguments,
//! and a figure comes out; the same arguments always give the same figure. It knows how long stays last
//! ([`Stays`]). It does not know who asks, where the rows come from, or how a figure is shown: no I/O, no clock,
//! no randomness, nothing `async`. It changes no floor and promises nothing to a guest.

mod stays;

mod published;

pub use stays::{Range, Stay, Stays};
