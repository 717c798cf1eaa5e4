//! Which role may do what: the one table.
//!
//! v1's column is the canonical one; `docs/rights.md` shows it in full and is made from here.

use floor::{Command, Role};

/// Something that a role may or may not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// See the floor, its past, its changes and its settings.
    Look,
    /// The waitlist, and the state of tables without guests.
    Door,
    /// Turns and who serves them.
    Service,
    /// What the manager's dashboard does to tables.
    Tables,
    /// How far a turn has come.
    Till,
    /// Settings, plans, sections, tables as furniture, forgetting a guest.
    House,
    /// Taking furniture and branches away for good, on surfaces that ask for an admin then.
    Clear,
    /// Tablets on which staff may sign in with a PIN.
    Devices,
    /// Who works here, and how they sign in.
    People,
    /// API keys.
    Keys,
    /// The list of sign-ins and of what was changed about people and keys.
    Audit,
    /// Restaurants as such: opening, removing, people of several, signing keys.
    Operate,
}

impl Right {
    /// Every right, from what all may do to what nobody's role allows.
    pub const ALL: [Right; 12] = [
        Right::Look,
        Right::Door,
        Right::Service,
        Right::Tables,
        Right::Till,
        Right::House,
        Right::Clear,
        Right::Devices,
        Right::People,
        Right::Keys,
        Right::Audit,
        Right::Operate,
    ];

    /// Its name in documents and figures.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Right::Look => "look",
            Right::Door => "door",
            Right::Service => "service",
            Right::Tables => "tables",
            Right::Till => "till",
            Right::House => "house",
            Right::Clear => "clear",
            Right::Devices => "devices",
            Right::People => "people",
            Right::Keys => "keys",
            Right::Audit => "audit",
            Right::Operate => "operate",
        }
    }
}

/// What an operation asks of whoever wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Public,
    /// A valid credential, whatever its roles.
    SignedIn,
    /// This right, in the restaurant that the operation is about.
    Needs(Right),
    /// [`Right::Look`], and the right of the command that is sent with it.
    NeedsByCommand,
    /// The token of a guest of the turn that it is about.
    Guest,
    /// That it is the operator.
    Operator,
}

/// v1 and what belongs to no surface, in [`OPERATIONS`].
pub const V1: &str = "v1";
/// The host stand, in [`OPERATIONS`]. It asks for the same right for everything that it changes: its clients show one
/// list to everybody at the door, who moves furniture too.
pub const HOST: &str = "host";

/// The manager's dashboard, in [`OPERATIONS`]. What it does to tables needs [`Right::Tables`] besides.
pub const ADMIN: &str = "admin";

/// Guests with their phones, in [`OPERATIONS`]. They hold no role: what they may is their own turn's.
pub const GUEST: &str = "guest";

/// Branches, in [`OPERATIONS`]. Whoever connects to the socket shows a credential there, and needs [`Right::Look`] to
/// join a branch.
pub const BRANCH: &str = "branch";

/// Every operation of every surface, and what it asks. The doors are the surfaces' own; that they are
/// these, for each operation and each role, is tested from outside.
pub const OPERATIONS: &[(&str, &str, Access)] = &[
    (V1, "health", Access::Public),
    (V1, "ready", Access::Public),
    (V1, "metrics", Access::Public),
    (V1, "get_openapi", Access::Public),
    (V1, "get_asyncapi", Access::Public),
    (V1, "welcome", Access::Public),
    (V1, "sign_in", Access::Public),
    (V1, "sign_in_with_pin", Access::Public),
    (V1, "refresh", Access::Public),
    (V1, "sign_out", Access::Public),
    (V1, "get_me", Access::SignedIn),
    (V1, "get_my_sign_ins", Access::SignedIn),
    (V1, "end_my_sign_in", Access::SignedIn),
    (V1, "change_my_password", Access::SignedIn),
    (V1, "change_my_pin", Access::SignedIn),
    (V1, "get_floor", Access::Needs(Right::Look)),
    (V1, "get_changes", Access::Needs(Right::Look)),
    (V1, "get_wait", Access::Needs(Right::Look)),
    (V1, "open_stream", Access::Needs(Right::Look)),
    (V1, "get_settings", Access::Needs(Right::Look)),
    (V1, "patch_settings", Access::Needs(Right::House)),
    (V1, "send_command", Access::NeedsByCommand),
    (V1, "get_devices", Access::Needs(Right::Devices)),
    (V1, "enrol_device", Access::Needs(Right::Devices)),
    (V1, "revoke_device", Access::Needs(Right::Devices)),
    (V1, "get_staff", Access::Needs(Right::People)),
    (V1, "add_staff_account", Access::Needs(Right::People)),
    (V1, "change_staff_account", Access::Needs(Right::People)),
    (V1, "set_staff_password", Access::Needs(Right::People)),
    (V1, "set_staff_pin", Access::Needs(Right::People)),
    (V1, "end_staff_sign_ins", Access::Needs(Right::People)),
    (V1, "mint_token", Access::Needs(Right::People)),
    (V1, "get_keys", Access::Needs(Right::Keys)),
    (V1, "add_key", Access::Needs(Right::Keys)),
    (V1, "revoke_key", Access::Needs(Right::Keys)),
    (V1, "get_audit", Access::Needs(Right::Audit)),
    (V1, "get_restaurants", Access::Operator),
    (V1, "add_restaurant", Access::Operator),
    (V1, "remove_restaurant", Access::Operator),
    (V1, "reopen_restaurant", Access::Operator),
    (V1, "rotate_signing_key", Access::Operator),
    (HOST, "host_login", Access::Public),
    (HOST, "host_register", Access::Public),
    (HOST, "host_me", Access::SignedIn),
    (HOST, "host_logout", Access::SignedIn),
    (HOST, "host_list_guests", Access::Needs(Right::Look)),
    (HOST, "host_get_guest", Access::Needs(Right::Look)),
    (HOST, "host_create_guest", Access::Needs(Right::Service)),
    (HOST, "host_put_guest", Access::Needs(Right::Service)),
    (HOST, "host_patch_guest", Access::Needs(Right::Service)),
    (HOST, "host_delete_guest", Access::Needs(Right::Service)),
    (HOST, "host_list_tables", Access::Needs(Right::Look)),
    (HOST, "host_create_table", Access::Needs(Right::Service)),
    (HOST, "host_put_table", Access::Needs(Right::Service)),
    (HOST, "host_patch_table", Access::Needs(Right::Service)),
    (HOST, "host_delete_table", Access::Needs(Right::Service)),
    (HOST, "host_clear_table", Access::Needs(Right::Service)),
    (HOST, "host_transact", Access::Needs(Right::Service)),
    (HOST, "host_batch_update", Access::Needs(Right::Service)),
    (HOST, "host_realtime", Access::Needs(Right::Look)),
    (HOST, "host_sync_full", Access::Needs(Right::Look)),
    (HOST, "host_sync_delta", Access::Needs(Right::Look)),
    (HOST, "host_dashboard", Access::Needs(Right::Look)),
    (HOST, "host_dashboard_data", Access::Needs(Right::Look)),
    (ADMIN, "admin_root", Access::Public),
    (ADMIN, "admin_login_page", Access::Public),
    (ADMIN, "admin_login", Access::Public),
    (ADMIN, "admin_dashboard_page", Access::Needs(Right::Look)),
    (ADMIN, "admin_token", Access::Needs(Right::Look)),
    (ADMIN, "admin_dashboard_socket", Access::Needs(Right::Look)),
    (ADMIN, "admin_session", Access::Needs(Right::Look)),
    (ADMIN, "admin_table_code", Access::Needs(Right::Tables)),
    (ADMIN, "admin_list_calls", Access::Needs(Right::Look)),
    (ADMIN, "admin_resolve_call", Access::Needs(Right::Tables)),
    (ADMIN, "admin_list_tables", Access::Needs(Right::Look)),
    (ADMIN, "admin_tables_grid", Access::Needs(Right::Look)),
    (ADMIN, "admin_close_table", Access::Needs(Right::Tables)),
    (ADMIN, "admin_disable_table", Access::Needs(Right::Tables)),
    (ADMIN, "admin_enable_table", Access::Needs(Right::Tables)),
    (ADMIN, "admin_move_table", Access::Needs(Right::Tables)),
    (ADMIN, "admin_restore_table", Access::Needs(Right::Tables)),
    // The code on the table is the proof.
    (GUEST, "guest_scan", Access::Public),
    (GUEST, "guest_call", Access::Guest),
    (GUEST, "guest_socket", Access::Guest),
    (BRANCH, "branch_table_list", Access::Needs(Right::Look)),
    (BRANCH, "branch_table_available", Access::Needs(Right::Look)),
    (
        BRANCH,
        "branch_table_check_availability",
        Access::Needs(Right::Look),
    ),
    (BRANCH, "branch_table_stats", Access::Needs(Right::House)),
    (BRANCH, "branch_table_by_server", Access::Needs(Right::Look)),
    (BRANCH, "branch_table_by_section", Access::Needs(Right::Look)),
    (BRANCH, "branch_table_by_floor_plan", Access::Needs(Right::Look)),
    (BRANCH, "branch_table_by_number", Access::Needs(Right::Look)),
    (BRANCH, "branch_table_get", Access::Needs(Right::Look)),
    (BRANCH, "branch_table_create", Access::Needs(Right::House)),
    (BRANCH, "branch_table_update", Access::Needs(Right::House)),
    (BRANCH, "branch_table_status", Access::Needs(Right::Till)),
    (BRANCH, "branch_table_assign", Access::Needs(Right::House)),
    (BRANCH, "branch_table_unassign", Access::Needs(Right::House)),
    (BRANCH, "branch_table_delete", Access::Needs(Right::Clear)),
    (BRANCH, "branch_plan_list", Access::Needs(Right::Look)),
    (BRANCH, "branch_plan_default", Access::Needs(Right::Look)),
    (BRANCH, "branch_plan_by_branch", Access::Needs(Right::Look)),
    (BRANCH, "branch_plan_by_name", Access::Needs(Right::Look)),
    (BRANCH, "branch_plan_get", Access::Needs(Right::Look)),
    (BRANCH, "branch_plan_stats", Access::Needs(Right::House)),
    (BRANCH, "branch_plan_create", Access::Needs(Right::House)),
    (BRANCH, "branch_plan_update", Access::Needs(Right::House)),
    (BRANCH, "branch_plan_layout", Access::Needs(Right::House)),
    (BRANCH, "branch_plan_set_default", Access::Needs(Right::House)),
    (BRANCH, "branch_plan_duplicate", Access::Needs(Right::House)),
    (BRANCH, "branch_plan_delete", Access::Needs(Right::Clear)),
    (BRANCH, "branch_section_list", Access::Needs(Right::Look)),
    (BRANCH, "branch_section_by_branch", Access::Needs(Right::Look)),
    (BRANCH, "branch_section_by_floor_plan", Access::Needs(Right::Look)),
    (BRANCH, "branch_section_by_name", Access::Needs(Right::Look)),
    (BRANCH, "branch_section_get", Access::Needs(Right::Look)),
    (BRANCH, "branch_section_stats", Access::Needs(Right::House)),
    (BRANCH, "branch_section_create", Access::Needs(Right::House)),
    (BRANCH, "branch_section_update", Access::Needs(Right::House)),
    (BRANCH, "branch_section_delete", Access::Needs(Right::Clear)),
    (BRANCH, "branch_list", Access::Needs(Right::Look)),
    (BRANCH, "branch_get", Access::Needs(Right::Look)),
    (BRANCH, "branch_get_by_code", Access::Needs(Right::Look)),
    (BRANCH, "branch_create", Access::Needs(Right::Clear)),
    (BRANCH, "branch_update", Access::Needs(Right::Clear)),
    (BRANCH, "branch_delete", Access::Needs(Right::Clear)),
    (BRANCH, "branch_mode_initialize", Access::Needs(Right::Clear)),
    (BRANCH, "branch_mode_enable", Access::Needs(Right::Clear)),
    (BRANCH, "branch_mode_business_type", Access::Needs(Right::Clear)),
    (BRANCH, "branch_login", Access::Public),
    (BRANCH, "branch_refresh", Access::Public),
    (BRANCH, "branch_me", Access::SignedIn),
    (BRANCH, "branch_logout", Access::SignedIn),
    // The token is in the packet that opens the namespace.
    (BRANCH, "branch_socket", Access::Public),
    (BRANCH, "branch_socket_post", Access::Public),
    (BRANCH, "branch_socket_preflight", Access::Public),
    (BRANCH, "branch_socket_client", Access::Public),
];

/// What an operation of `surface` asks; nothing when it has none of that name.
#[must_use]
pub fn access(surface: &str, operation: &str) -> Option<Access> {
    let found = OPERATIONS.iter().find(|it| (it.0, it.1) == (surface, operation));
    found.map(|it| it.2)
}

/// Every role, as in the table's head.
pub const ROLES: [Role; 7] = [
    Role::Admin,
    Role::Manager,
    Role::Host,
    Role::Waiter,
    Role::Cashier,
    Role::Kitchen,
    Role::Analyst,
];

/// The table of roles.
#[must_use]
pub fn holds(role: Role, right: Right) -> bool {
    use Right::{Audit, Clear, Door, Keys, Look, Operate, People, Service, Tables, Till};
    match role {
        Role::Admin => right != Operate,
        Role::Manager => !matches!(right, Operate | People | Keys | Audit | Clear),
        Role::Host => matches!(right, Look | Door | Service | Tables | Till),
        Role::Waiter => matches!(right, Look | Door | Service | Till),
        Role::Cashier => matches!(right, Look | Till),
        Role::Kitchen | Role::Analyst => right == Look,
    }
}

/// Whether one of `roles` has `right`.
#[must_use]
pub fn allow(roles: &[Role], right: Right) -> bool {
    roles.iter().any(|it| holds(*it, right))
}

/// Whether somebody with `roles` may ask for `command`. A batch needs the rights of all it holds.
#[must_use]
pub fn may(roles: &[Role], command: &Command) -> bool {
    match command {
        Command::Batch { commands } => commands.iter().all(|it| may(roles, it)),
        command => allow(roles, right_for(command)),
    }
}

/// The right that a command needs. What is in a batch needs its own.
#[must_use]
pub fn right_for(command: &Command) -> Right {
    match command {
        // Guests join, and no role does.
        Command::OpenRestaurant(_)
        | Command::AdmitStaff(_)
        | Command::JoinTable { .. }
        | Command::Batch { .. } => Right::Operate,
        Command::AddStaff(_) | Command::UpdateStaff(_) => Right::People,
        Command::ChangeSettings(_)
        | Command::CreatePlan(_)
        | Command::UpdatePlan(_)
        | Command::DeletePlan { .. }
        | Command::CreateSection(_)
        | Command::UpdateSection(_)
        | Command::DeleteSection { .. }
        | Command::CreateTable(_)
        | Command::UpdateTable(_)
        | Command::DeleteTable { .. }
        | Command::EditTable(_)
        | Command::ReleaseTable { .. }
        | Command::ReceiveTable(_)
        | Command::EraseGuest { .. } => Right::House,
        Command::SetTableState { .. }
        | Command::AddParty(_)
        | Command::UpdateParty(_)
        | Command::NotifyParty { .. }
        | Command::MarkPartyArrived { .. }
        | Command::MarkPartyLate { .. }
        | Command::CancelParty { .. }
        | Command::MarkNoShow { .. }
        | Command::RemoveParty { .. } => Right::Door,
        Command::AssignWaiter { .. }
        | Command::UnassignWaiter { .. }
        | Command::SeatParty { .. }
        | Command::SeatWalkIn { .. }
        | Command::ChangeCovers { .. }
        | Command::TouchTurn { .. }
        | Command::RaiseCall { .. }
        | Command::ResolveCall { .. }
        | Command::MoveTurn { .. }
        | Command::UndoStep { .. }
        | Command::WriteParty(_)
        | Command::EndParty { .. }
        | Command::WriteTable(_)
        | Command::EndTable { .. }
        | Command::Transact(_)
        | Command::CloseTurn { .. }
        | Command::RestoreTurn { .. } => Right::Service,
        Command::ActOnTable(_) => Right::Tables,
        Command::AdvanceStage { .. } => Right::Till,
    }
}
