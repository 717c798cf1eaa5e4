//! The program from outside: real ports, real sockets, real files.

#![expect(unreachable_pub, reason = "a test binary has no outside")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod captured_log;
mod client;
mod door;
mod host_access;
mod house;
mod operator;
mod probe;
mod program;
mod requests;
mod samples;
mod seen;
mod signed;
mod tail;
mod visitors;
mod work;

mod access;
mod addresses;
mod audit;
mod bad_input;
mod bad_values;
mod both_houses;
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
mod keys;
mod knocking;
mod limits;
mod once;
mod operating;
mod order;
mod other_house;
mod past;
mod people;
mod pins;
mod privacy;
mod reads;
mod realtime;
mod refreshing;
mod refusals;
mod restaurants;
mod resume;
mod rights;
mod seating;
mod settings;
mod signing_in;
mod slow;
mod snapshot;
mod stream;
mod tokens;
mod trouble;
mod undo;
mod wait;
mod while_connected;
