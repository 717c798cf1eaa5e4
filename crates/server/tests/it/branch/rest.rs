//! The branch protocol over HTTP, as its contract has it, whatever the code behind it looks like.

mod office;
mod shapes;

mod access;
mod assigning;
mod branches;
mod elsewhere;
mod errors;
mod filters;
mod following;
mod heard;
mod hostile;
mod lists;
mod mode;
mod moves;
mod moves_heard;
mod moves_under_load;
mod once;
mod plans;
mod plans_of_tables;
mod races;
mod refused_values;
mod routes;
mod seating;
mod sections;
mod sign_in;
mod statuses;
mod tables;
mod tables_changed;
mod values;
mod versions;
