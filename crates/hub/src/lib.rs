//! Who must hear it: rooms, topics, the recent frames of each, and the cursors that read them.
//!
//! A [`Topic`] is one stream of [`Frame`]s: one restaurant, told in one surface's dialect. It keeps the
//! recent frames in a bounded ring. A listener is a [`Cursor`], a place in that ring, and owns no queue:
//! publishing never waits for it, never fails because of it, and costs the same memory whether it reads
//! or not. A cursor that the ring has overtaken is told so and starts again from a snapshot.
//!
//! This crate does not know what a frame says, how it travels, who may hear it, or what time it is.
//!
//! ```
//! use floor::{RestaurantId, Seq};
//! use hub::{Frame, Hub, Resume, RingLimits, TakeLimit, Taken};
//!
//! let hub = Hub::new();
//! let topic = hub.room(RestaurantId(1)).topic("v1", Seq(41), RingLimits::DEFAULT);
//!
//! // A screen got the floor as it was at 41, and asks for what comes after.
//! let Resume::Live(mut cursor) = topic.resume(Seq(41)) else { panic!("41 is the head") };
//! topic.publish(Frame::change(Seq(42), "table 5 is dirty"));
//!
//! let Taken::Batch(batch) = cursor.take(TakeLimit::DEFAULT) else { panic!("one frame waits") };
//! assert_eq!((&batch.bytes[..], batch.through), (&b"table 5 is dirty"[..], Seq(42)));
//! ```

mod frame;
mod limits;

mod topic;

mod cursor;
mod resume;

mod joins;
mod places;
mod ring;

mod goodbye;
mod room;

pub use cursor::{Batch, Cursor, Taken};
pub use frame::Frame;
pub use goodbye::Goodbye;
pub use limits::{RingLimits, TakeLimit};
pub use resume::Resume;
pub use room::{Hub, Room};
pub use topic::Topic;
