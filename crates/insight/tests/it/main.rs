//! Figures of whole houses, furnished by commands alone.

mod house;
mod laws;
mod stays;
mod waits;
