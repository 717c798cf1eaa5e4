//! The program from outside: real ports, real sockets, real files.

#![expect(unreachable_pub, reason = "a test binary has no outside")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod addresses;
mod bad_input;
mod bad_values;
mod bounds;
mod client;
mod commands;
mod contract;
mod coverage;
mod environment;
mod flood;
mod frames;
mod guests;
mod handshakes;
mod house;
mod privacy;
mod probe;
mod reads;
mod refusals;
mod requests;
mod settings;
mod signing_in;
mod stream;
