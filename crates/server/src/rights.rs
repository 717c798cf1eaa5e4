//! Which role may ask for what: the one table.

use floor::{Command, Role};

/// What a command is about, as far as rights go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Matter {
    /// Settings, plans, sections, tables as furniture.
    House,
    /// Who works here.
    People,
    /// The waitlist, and the state of tables without guests.
    Door,
    /// Turns and who serves them.
    Service,
    /// The paid stage.
    Till,
    /// Opening a restaurant.
    Operator,
}

/// Whether somebody with `roles` may ask for `command`. A batch needs the rights of all it holds.
#[must_use]
pub fn may(roles: &[Role], command: &Command) -> bool {
    if let Command::Batch { commands } = command {
        return commands.iter().all(|it| may(roles, it));
    }
    let matter = matter(command);
    roles.iter().any(|it| allows(*it, matter))
}

fn allows(role: Role, matter: Matter) -> bool {
    match role {
        Role::Admin => matter != Matter::Operator,
        Role::Manager => !matches!(matter, Matter::Operator | Matter::People),
        Role::Host => matches!(matter, Matter::Door | Matter::Service | Matter::Till),
        Role::Waiter => matches!(matter, Matter::Door | Matter::Service | Matter::Till),
        Role::Cashier => matches!(matter, Matter::Till),
        Role::Kitchen | Role::Analyst => false,
    }
}

fn matter(command: &Command) -> Matter {
    match command {
        Command::OpenRestaurant(_) | Command::Batch { .. } => Matter::Operator,
        Command::AddStaff(_) | Command::UpdateStaff(_) => Matter::People,
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
        | Command::EraseGuest { .. } => Matter::House,
        Command::SetTableState { .. }
        | Command::AddParty(_)
        | Command::UpdateParty(_)
        | Command::NotifyParty { .. }
        | Command::MarkPartyArrived { .. }
        | Command::MarkPartyLate { .. }
        | Command::CancelParty { .. }
        | Command::MarkNoShow { .. }
        | Command::RemoveParty { .. } => Matter::Door,
        Command::AssignWaiter { .. }
        | Command::UnassignWaiter { .. }
        | Command::SeatParty { .. }
        | Command::SeatWalkIn { .. }
        | Command::ChangeCovers { .. }
        | Command::TouchTurn { .. }
        | Command::MoveTurn { .. }
        | Command::CloseTurn { .. }
        | Command::RestoreTurn { .. } => Matter::Service,
        Command::AdvanceStage { .. } => Matter::Till,
    }
}
