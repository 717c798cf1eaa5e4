//! The branch protocol over HTTP, as its contract has it, whatever the code behind it looks like.

mod office;
mod shapes;

mod access;
mod assigning;
mod branches;
mod branches_together;
mod elsewhere;
mod errors;
mod filters;
mod hostile;
mod limits;
mod lists;
mod missing;
mod mode;
mod moves;
mod moves_under_load;
mod once;
mod open_mode;
mod order;
mod origins;
mod plans;
mod plans_of_tables;
mod races;
mod refused_kinds;
mod refused_values;
mod routes;
mod seating;
mod sections;
mod sign_in;
mod signing_out;
mod statuses;
mod tables;
mod tables_changed;
mod values;
mod versions;
