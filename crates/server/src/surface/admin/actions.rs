//! What a dashboard asks for: read from its frames, put into commands, and why it was not done.

use super::calls;
use crate::floors::{AskError, IdempotencyKey, OpenFloor, Receipt};
use crate::identity::Pass;
use crate::rights::ADMIN;
use crate::surface::ground::Ground;
use crate::surface::words::table_number;
use floor::{CallId, Command, Floor, Refusal, TableAct, TableId, TableState};
use serde_json::{Map, Value};

/// Tables that one frame may name.
const TABLES_MAX: usize = 50;

/// What one frame says.
#[derive(Debug)]
pub(super) enum Said {
    /// Something is to be done to tables.
    Act(Asked),
    /// Somebody has come to a table that called.
    Resolve(CallId),
}

/// What is to be done to tables.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) actions: Vec<Action>,
    /// Whether all of them are done or none. Otherwise each is for itself.
    pub(super) is_all_or_nothing: bool,
}

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Action {
    verb: Verb,
    table_id: TableId,
    /// Where a move goes.
    to: TableId,
    /// Whether it is one of several, so that an error has to name the table.
    is_one_of_many: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Close,
    Disable,
    Enable,
    Restore,
    Move,
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) code: &'static str,
    /// For staff.
    pub(super) detail: String,
    pub(super) table_id: Option<TableId>,
}

impl Failure {
    pub(super) fn new(code: &'static str, detail: impl Into<String>) -> Failure {
        Failure {
            code,
            detail: detail.into(),
            table_id: None,
        }
    }

    /// Nobody may ask for it who only watches.
    pub(super) fn forbidden() -> Failure {
        Failure::new("forbidden", "Your role does not allow this")
    }

    /// The frame is none of this protocol's.
    pub(super) fn message() -> Failure {
        Failure::new("message_error", "Error processing message")
    }

    fn format(problem: &str) -> Failure {
        Failure::new("invalid_action", format!("Invalid action format: {problem}"))
    }
}

/// Reads a frame.
pub(super) fn read(text: &str) -> Result<Said, Failure> {
    let value: Value =
        serde_json::from_str(text).map_err(|_| Failure::new("invalid_json", "Invalid JSON format"))?;
    let Value::Object(frame) = value else {
        return Err(Failure::message());
    };
    let verb = match frame.get("action") {
        Some(Value::String(name)) if name == RESOLVE => return resolve(&frame),
        Some(Value::String(name)) => Verb::named(name).ok_or_else(|| {
            let short: String = name.chars().take(40).collect();
            Failure::new("unknown_action", format!("Unknown action: {short}"))
        })?,
        Some(_) => return Err(Failure::format("action must be a text")),
        None => return Err(Failure::format("action is missing")),
    };
    let is_all_or_nothing = match frame.get("all_or_nothing") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(it)) => *it,
        Some(_) => return Err(Failure::format("all_or_nothing must be true or false")),
    };
    let actions = match (verb, frame.get("moves"), frame.get("table_ids")) {
        (Verb::Move, Some(moves), _) => many(moves, "moves", |it| match it {
            Value::Object(it) => one_move(it),
            _ => Err(Failure::format("moves must be objects")),
        })?,
        (Verb::Move, None, _) => vec![one_move(&frame)?],
        (verb, _, Some(table_ids)) => many(table_ids, "table_ids", |it| {
            let table_id = id(Some(it), "table_ids")?.ok_or_else(no_table_id)?;
            Ok(Action::of(verb, table_id))
        })?,
        (verb, _, None) => {
            let table_id = id(frame.get("table_id"), "table_id")?.ok_or_else(no_table_id)?;
            vec![Action::of(verb, table_id)]
        }
    };
    Ok(Said::Act(Asked {
        actions,
        is_all_or_nothing,
    }))
}

/// The action that is about a call and not about tables.
const RESOLVE: &str = "resolve_waiter_request";

fn resolve(frame: &Map<String, Value>) -> Result<Said, Failure> {
    match frame.get("request_id") {
        None | Some(Value::Null) => Err(Failure::new("missing_request_id", "Request ID required")),
        Some(Value::String(id)) if id.is_empty() => {
            Err(Failure::new("missing_request_id", "Request ID required"))
        }
        Some(Value::String(id)) => calls::named(id).map(Said::Resolve),
        Some(_) => Err(Failure::format("request_id must be a text")),
    }
}

fn many(
    list: &Value,
    field: &str,
    read: impl Fn(&Value) -> Result<Action, Failure>,
) -> Result<Vec<Action>, Failure> {
    let items = list.as_array().filter(|it| (1..=TABLES_MAX).contains(&it.len()));
    let items =
        items.ok_or_else(|| Failure::format(&format!("{field} must be a list of 1 to {TABLES_MAX}")))?;
    let actions = items.iter().map(read);
    actions
        .map(|it| {
            it.map(|it| Action {
                is_one_of_many: true,
                ..it
            })
        })
        .collect()
}

fn one_move(fields: &Map<String, Value>) -> Result<Action, Failure> {
    let from = id(fields.get("from_table_id"), "from_table_id")?;
    let to = id(fields.get("to_table_id"), "to_table_id")?;
    let (Some(from), Some(to)) = (from, to) else {
        let detail = "Both from_table_id and to_table_id required";
        return Err(Failure::new("missing_table_ids", detail));
    };
    Ok(Action::carry(from, to))
}

fn no_table_id() -> Failure {
    Failure::new("missing_table_id", "Table ID required")
}

/// A table's id: a whole number, as a number or as a text. None where nothing is said, which 0 does too.
fn id(value: Option<&Value>, field: &str) -> Result<Option<TableId>, Failure> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be whole, not negative and small enough to be exact"
    )]
    let whole = |it: f64| (it.fract() == 0.0 && (0.0..9e15).contains(&it)).then_some(it as u64);
    let read = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number.as_u64().or_else(|| number.as_f64().and_then(whole)),
        Some(Value::String(text)) => {
            let is_decimal = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
            text.parse().ok().filter(|_| is_decimal)
        }
        Some(_) => None,
    };
    let id = read.ok_or_else(|| Failure::format(&format!("{field} must be a whole number")))?;
    Ok((id != 0).then_some(TableId(id)))
}

impl Verb {
    fn named(name: &str) -> Option<Verb> {
        [
            Verb::Close,
            Verb::Disable,
            Verb::Enable,
            Verb::Restore,
            Verb::Move,
        ]
        .into_iter()
        .find(|it| it.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Verb::Close => "close_table",
            Verb::Disable => "disable_table",
            Verb::Enable => "enable_table",
            Verb::Restore => "restore_table",
            Verb::Move => "move_table",
        }
    }
}

impl Action {
    pub(super) fn of(verb: Verb, table_id: TableId) -> Action {
        Action {
            verb,
            table_id,
            to: table_id,
            is_one_of_many: false,
        }
    }

    /// The turn at one table goes to another.
    pub(super) fn carry(from: TableId, to: TableId) -> Action {
        Action {
            to,
            ..Action::of(Verb::Move, from)
        }
    }

    /// Asks the floor for it.
    pub(super) async fn ask(
        self,
        ground: &Ground,
        pass: &Pass,
        floor: &OpenFloor,
        key: Option<IdempotencyKey>,
    ) -> Result<Receipt, AskError> {
        ask(ground, pass, floor, self.command(), key).await
    }

    /// What is said where it is done, on the floor as it was before.
    pub(super) fn told(self, before: &Floor) -> String {
        let table = before.tables.get(&self.table_id);
        let number = |it: TableId| before.tables.get(&it).map_or(it.0, table_number);
        let table_number = number(self.table_id);
        match self.verb {
            Verb::Close => format!("Table {table_number} closed successfully"),
            Verb::Disable => format!("Table {table_number} disabled"),
            Verb::Enable if table.is_some_and(|it| it.state == TableState::Dirty) => {
                format!("Table {table_number} cleaned and ready")
            }
            Verb::Enable => format!("Table {table_number} enabled"),
            Verb::Restore => format!("Table {table_number} restored"),
            Verb::Move => {
                let to = number(self.to);
                format!("Party moved from table {table_number} to table {to}")
            }
        }
    }

    /// The command that does it.
    pub(super) fn command(self) -> Command {
        let table_id = self.table_id;
        Command::ActOnTable(match self.verb {
            Verb::Close => TableAct::Close(table_id),
            Verb::Disable => TableAct::Disable(table_id),
            Verb::Enable => TableAct::Enable(table_id),
            Verb::Restore => return Command::RestoreTurn { table_id },
            Verb::Move => TableAct::Move(table_id, self.to),
        })
    }

    /// Nobody may ask for it who only watches.
    pub(super) fn forbidden(self) -> Failure {
        let Failure { code, detail, .. } = Failure::forbidden();
        self.failure(code, detail)
    }

    /// Why it was not done.
    pub(super) fn refused(self, error: &AskError) -> Failure {
        let (code, detail) = match error {
            AskError::Refused(refusal) => self.reason(refusal),
            AskError::Busy | AskError::Draining => ("action_error", "Too busy now, try again".to_owned()),
            _ => self.broken(),
        };
        self.failure(code, detail)
    }

    pub(super) fn failure(self, code: &'static str, detail: impl Into<String>) -> Failure {
        Failure {
            table_id: self.is_one_of_many.then_some(self.table_id),
            ..Failure::new(code, detail)
        }
    }

    fn reason(self, refusal: &Refusal) -> (&'static str, String) {
        let (code, detail) = match (self.verb, refusal) {
            (Verb::Move, Refusal::Bad { .. }) => ("same_table", "Choose a different table."),
            (Verb::Move, Refusal::Unknown { what: "table", id }) if *id == self.table_id.0 => {
                ("source_table_not_found", "Source table not found")
            }
            (Verb::Move, Refusal::Unknown { what: "table", .. }) => {
                ("target_table_not_found", "Target table not found")
            }
            (_, Refusal::Unknown { what: "table", .. } | Refusal::TableInactive { .. }) => {
                ("table_not_found", "Table not found")
            }
            (Verb::Close, Refusal::NoOpenTurn { .. }) => ("no_active_session", "No open session to close."),
            (Verb::Move, Refusal::NoOpenTurn { .. }) => ("no_session_to_move", "Nothing to move."),
            (Verb::Enable, Refusal::TableInService { .. }) => ("not_disabled", "Table not disabled."),
            (Verb::Disable, Refusal::TableBlocked { .. } | Refusal::TableInMaintenance { .. }) => {
                ("already_disabled", "Table already disabled.")
            }
            (Verb::Restore, Refusal::TableBlocked { .. } | Refusal::TableInMaintenance { .. }) => {
                ("table_disabled", "Table disabled")
            }
            (
                Verb::Move,
                Refusal::TableTaken { .. }
                | Refusal::TableReserved { .. }
                | Refusal::TableDirty { .. }
                | Refusal::TableBlocked { .. }
                | Refusal::TableInMaintenance { .. },
            ) => ("target_unavailable", "Target table is not free."),
            (_, Refusal::TableTaken { .. }) => ("table_occupied", "Table already has diners."),
            (_, Refusal::TableReserved { .. }) => ("table_reserved", "Table is reserved."),
            (Verb::Restore, Refusal::NoTurnToRestore { .. } | Refusal::PartySeated { .. }) => {
                ("no_session_to_restore", "No session to restore")
            }
            _ => return self.broken(),
        };
        (code, detail.to_owned())
    }

    fn broken(self) -> (&'static str, String) {
        ("action_error", format!("Error executing {}", self.verb.name()))
    }
}

/// Asks the floor for one of this surface's commands.
pub(super) async fn ask(
    ground: &Ground,
    pass: &Pass,
    floor: &OpenFloor,
    command: Command,
    key: Option<IdempotencyKey>,
) -> Result<Receipt, AskError> {
    ground.gate.command(pass).map_err(|_| AskError::Busy)?;
    let asked = floor.ask(command, pass.by(ADMIN), key).await;
    if let Err(AskError::Storage(error)) = &asked {
        tracing::error!(
            error = error as &dyn std::error::Error,
            "what a dashboard asked for failed"
        );
    }
    asked
}
