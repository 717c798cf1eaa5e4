//! Figures of whole houses, furnished by commands alone.

mod house;
mod stays;
