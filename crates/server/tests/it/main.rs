//! The program from outside: real ports, real sockets, real files.

#![expect(unreachable_pub, reason = "a test binary has no outside")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod client;
mod door;
mod house;
mod probe;
mod program;
mod requests;
mod seen;
mod tail;
mod work;

mod addresses;
mod bad_input;
mod bad_values;
mod bounds;
mod browsers;
mod commands;
mod contract;
mod coverage;
mod drain;
mod environment;
mod flood;
mod forwarding;
mod frames;
mod guests;
mod handshakes;
mod limits;
mod once;
mod order;
mod past;
mod privacy;
mod reads;
mod refusals;
mod resume;
mod seating;
mod settings;
mod signing_in;
mod slow;
mod snapshot;
mod stream;
mod trouble;
