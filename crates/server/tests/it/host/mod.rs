//! The host stand's protocol, as its contract has it, whatever the code behind it looks like.

mod desk;

mod rest_atomic;
mod rest_atomic_names;
mod rest_auth;
mod rest_batch;
mod rest_effects;
mod rest_errors;
mod rest_guest_fields;
mod rest_guests;
mod rest_hostile;
mod rest_idempotent;
mod rest_new_guests;
mod rest_polling;
mod rest_races;
mod rest_sign_in;
mod rest_sync;
mod rest_table_fields;
mod rest_table_states;
mod rest_tables;
