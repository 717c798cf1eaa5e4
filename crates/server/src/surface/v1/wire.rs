//! What clients send to v1, read strictly: unknown fields are refused, and an error names the field.

use super::error::ApiError;
use axum::http::StatusCode;
use floor::Command;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// A frame from a screen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromScreen {
    /// Ask for a command. `id` comes back with the answer; `key` is the idempotency key.
    Command {
        /// The client's name for this frame, 1 to 128 characters.
        id: String,
        /// The idempotency key.
        #[serde(default)]
        key: Option<String>,
        /// The command, as in `POST …/commands`.
        #[schema(value_type = Object)]
        command: Value,
    },
    /// Show a credential: first when the handshake had none, later to renew it.
    Auth {
        /// The bearer token or API key.
        token: String,
    },
    /// Ask for a pong.
    Ping,
}

/// Reads JSON of a known shape.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        broken(error.inner()).unwrap_or_else(|| bad_value(&path, error.inner()))
    })?;
    deserializer.end().map_err(|error| bad_json(&error))?;
    Ok(value)
}

/// Reads a command: `{"command": "seat_party", …}`.
pub fn read_command(bytes: &[u8]) -> Result<Command, ApiError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| bad_json(&error))?;
    command_from(value)
}

/// Reads a command that is part of a larger frame.
pub fn command_from(value: Value) -> Result<Command, ApiError> {
    let nested = nest(value, 0)?;
    let name = nested
        .as_object()
        .and_then(|it| it.keys().next())
        .cloned()
        .unwrap_or_default();
    serde_path_to_error::deserialize(nested).map_err(|error| {
        let path = error.path().to_string();
        let is_unknown = !path.contains('.') && !NAMES.contains(&name.as_str());
        if is_unknown {
            let message = format!("there is no command `{name}`");
            return ApiError::bad("unknown_command", "command", message);
        }
        let field = path
            .strip_prefix(&name)
            .map_or(path.as_str(), |it| it.trim_start_matches('.'));
        bad_value(field, error.inner())
    })
}

/// `{"command": "seat_party", …}` as `{"seat_party": {…}}`, which keeps track of where an error is.
fn nest(value: Value, depth: u8) -> Result<Value, ApiError> {
    let Value::Object(mut fields) = value else {
        return Err(ApiError::bad(
            "bad_value",
            "command",
            "a command is a JSON object",
        ));
    };
    let name = match fields.remove("command") {
        Some(Value::String(name)) => name,
        Some(_) => return Err(ApiError::bad("bad_value", "command", "command must be a text")),
        None => {
            return Err(ApiError::bad(
                "missing_field",
                "command",
                "missing field `command`",
            ));
        }
    };
    if let Some(Value::Array(commands)) = fields.get_mut("commands").filter(|_| name == "batch") {
        if depth > 0 {
            return Err(ApiError::bad(
                "bad_value",
                "command",
                "a batch must not be inside a batch",
            ));
        }
        if commands.len() > floor::limits::BATCH_COMMANDS_MAX {
            return Err(ApiError::bad(
                "bad_value",
                "commands",
                "commands must be 1 to 100 commands",
            ));
        }
        for command in commands {
            *command = nest(command.take(), depth + 1)?;
        }
    }
    Ok(Value::Object(Map::from_iter([(name, Value::Object(fields))])))
}

/// Every command's name.
pub const NAMES: &[&str] = &[
    "open_restaurant",
    "change_settings",
    "add_staff",
    "update_staff",
    "create_plan",
    "update_plan",
    "delete_plan",
    "create_section",
    "update_section",
    "delete_section",
    "create_table",
    "update_table",
    "delete_table",
    "set_table_state",
    "assign_waiter",
    "unassign_waiter",
    "add_party",
    "update_party",
    "notify_party",
    "mark_party_arrived",
    "mark_party_late",
    "cancel_party",
    "mark_no_show",
    "remove_party",
    "erase_guest",
    "seat_party",
    "seat_walk_in",
    "change_covers",
    "advance_stage",
    "touch_turn",
    "move_turn",
    "close_turn",
    "restore_turn",
    "batch",
];

fn broken(error: &serde_json::Error) -> Option<ApiError> {
    (!error.is_data()).then(|| bad_json(error))
}

fn bad_json(error: &serde_json::Error) -> ApiError {
    ApiError::new(
        StatusCode::BAD_REQUEST,
        "bad_json",
        format!("the body is not JSON: {error}"),
    )
    .with(json!({ "line": error.line(), "column": error.column() }))
}

fn bad_value(path: &str, error: &serde_json::Error) -> ApiError {
    let field = if path == "." || path.is_empty() {
        None
    } else {
        Some(path)
    };
    let cause = error.to_string();
    let cause = cause.split(" at line ").next().unwrap_or(&cause);
    match field {
        Some(field) => ApiError::bad("bad_value", field, format!("{field}: {cause}")),
        None => ApiError::new(StatusCode::BAD_REQUEST, "bad_value", cause),
    }
}
