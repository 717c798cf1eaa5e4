//! Every bound of a floor, in one place. Each says what happens when it is reached.

/// Tables of one restaurant. Past it, creating one is refused as `too_many_tables`.
pub const TABLES_MAX: usize = 500;
/// Floor plans of one restaurant. Past it, creating one is refused as `too_many_plans`.
pub const PLANS_MAX: usize = 50;
/// Sections of one restaurant. Past it, creating one is refused as `too_many_sections`.
pub const SECTIONS_MAX: usize = 100;
/// Staff of one restaurant. Past it, adding one is refused as `too_many_staff`.
pub const STAFF_MAX: usize = 500;
/// Parties on one waitlist. Past it, adding one is refused as `waitlist_full`.
pub const WAITLIST_PARTIES_MAX: usize = 500;
/// Tables one party may sit at together. Past it, the command is bad input.
pub const TABLES_TOGETHER_MAX: usize = 12;
/// Phones that may join one turn. Past it, joining is refused as `turn_full`.
pub const MEMBERS_PER_TURN_MAX: usize = 30;
/// Commands in one batch. Past it, the batch is bad input.
pub const BATCH_COMMANDS_MAX: usize = 100;
/// Free tables named when a table is taken.
pub const FREE_TABLES_NAMED: usize = 3;
/// Hours a party that has left stays on the floor, so that its end can still be undone or shown.
pub const PARTY_KEPT_HOURS: i64 = 18;
/// Parties that have left and stay on the floor. Past it, those that left first are archived.
pub const PARTIES_KEPT_MAX: usize = 1_000;
/// Parties that have left and are archived by one change.
pub const PARTIES_ARCHIVED_MAX: usize = 100;
/// Dietary restrictions of one guest. Past it, the command is bad input.
pub const DIETARY_MAX: usize = 20;
/// Writes in one transaction. Past it, the transaction is bad input.
pub const TRANSACTION_WRITES_MAX: usize = 200;
