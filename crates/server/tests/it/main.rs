//! The program from outside: real ports, real sockets, real files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod client;
mod contract;
mod guests;
mod house;
mod stream;
