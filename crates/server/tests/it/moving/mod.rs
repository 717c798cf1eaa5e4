//! A table that goes from one restaurant to another is in exactly one of them, at any time and whatever happens.

mod ledgers;
mod van;

mod asked_twice;
mod ends;
mod hand_over;
mod rush;
