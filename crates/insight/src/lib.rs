//! What it means: figures that follow from a floor and from what was written down about it.
//!
//! Everything here is a pure fold. A [`floor::Floor`], rows of past turns and the time come in as arguments,
//! and a figure comes out; the same arguments always give the same figure. It knows how long stays last and
//! how a waitlist gets its tables. It does not know who asks, where the rows come from, or how a figure is
//! shown: no I/O, no clock, no randomness, nothing `async`. It changes no floor and promises nothing to a
//! guest; whoever quotes a wait does that with a command.
//!
//! **Honest wait quotes.** [`Stays`] is what a house knows about the length of its stays. An [`Outlook`] plays
//! the evening on from now, once with short and once with long stays, and answers for everybody on the list
//! and for whoever stands in the door ([`Wait`]).

mod outlook;
mod wait;

mod seating;

mod stays;

mod published;

pub use outlook::Outlook;
pub use stays::{Range, Stay, Stays};
pub use wait::{Expectation, Wait};
