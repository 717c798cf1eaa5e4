//! What the machine itself allows: measured in the same run, so that ratios can be compared between machines.

pub(crate) mod bare_loop;
pub(crate) mod bare_loop_child;
pub(crate) mod sqlite;
