//! What clients send to v1, read strictly: unknown fields are refused, and an error names the field.

use super::commands::check_key;
use super::error::ApiError;
use super::json::Strict;
use crate::limits::FRAME_ID_CHARS_MAX;
use axum::http::StatusCode;
use floor::Command;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use serde_path_to_error::{Path, Segment};
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
    Ping {},
}

/// Reads a JSON object of a known shape.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let value = parse(bytes)?;
    if !value.is_object() {
        let message = "the body must be a JSON object";
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "bad_value", message));
    }
    serde_path_to_error::deserialize(value).map_err(|error| bad_value(error.path(), error.inner()))
}

/// As [`read`], for a body with secrets in it: an error does not repeat what was sent.
pub fn read_private<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    read(bytes).map_err(|mut error| {
        if let Some((before, after)) = error.body.message.split_once("invalid type: ") {
            let expected = after.split_once(", expected ").map_or("", |it| it.1);
            error.body.message = format!("{before}invalid type, expected {expected}");
        }
        error
    })
}

/// Reads a frame from a screen. An error comes with the frame's id, when it has a usable one.
pub fn read_frame(text: &str) -> Result<FromScreen, (Option<String>, Box<ApiError>)> {
    const TYPES: [&str; 3] = ["command", "auth", "ping"];
    let value = parse(text.as_bytes()).map_err(|error| (None, Box::new(error)))?;
    let id = value["id"].as_str().filter(|it| is_id(it)).map(str::to_owned);
    let bad = |field, message: &str| Box::new(ApiError::bad("bad_value", field, message));
    if !value["type"].as_str().is_some_and(|it| TYPES.contains(&it)) {
        return Err((id, bad("type", "type must be command, auth or ping")));
    }
    // A tagged frame loses track of where an error is.
    let is_no_text = |it: &&&str| !matches!(value.get(**it), None | Some(Value::Null | Value::String(_)));
    if let Some(field) = ["id", "key", "token"].iter().find(is_no_text) {
        return Err((id, bad(field, &format!("{field} must be a text"))));
    }
    let frame = serde_path_to_error::deserialize(value)
        .map_err(|error| (id.clone(), Box::new(bad_value(error.path(), error.inner()))))?;
    if let FromScreen::Command { id: given, key, .. } = &frame {
        if !is_id(given) {
            return Err((None, bad("id", "id must have 1 to 128 characters")));
        }
        if let Some(key) = key {
            check_key(key, "key").map_err(|error| (id, Box::new(error)))?;
        }
    }
    Ok(frame)
}

fn is_id(id: &str) -> bool {
    (1..=FRAME_ID_CHARS_MAX).contains(&id.chars().count())
}

/// Reads a command: `{"command": "seat_party", …}`.
pub fn read_command(bytes: &[u8]) -> Result<Command, ApiError> {
    command_from(parse(bytes)?)
}

/// Reads a command that is part of a larger frame.
pub fn command_from(value: Value) -> Result<Command, ApiError> {
    let nested = nest(value, None)?;
    serde_path_to_error::deserialize(nested).map_err(|error| bad_value(error.path(), error.inner()))
}

/// `{"command": "seat_party", …}` as `{"seat_party": {…}}`, which keeps track of where an error is.
/// `index` is the command's place in a batch.
fn nest(value: Value, index: Option<usize>) -> Result<Value, ApiError> {
    let place = index.map(|it| format!("commands[{it}]"));
    let field = place
        .as_ref()
        .map_or("command".to_owned(), |it| format!("{it}.command"));
    let bad = |code, message: &str| {
        let message = place
            .as_ref()
            .map_or(message.to_owned(), |place| format!("{place}: {message}"));
        ApiError::bad(code, &field, message)
    };
    let Value::Object(mut fields) = value else {
        return Err(bad("bad_value", "a command is a JSON object"));
    };
    let name = match fields.remove("command") {
        Some(Value::String(name)) => name,
        Some(_) => return Err(bad("bad_value", "command must be a text")),
        None => return Err(bad("missing_field", "missing field `command`")),
    };
    if !NAMES.contains(&name.as_str()) {
        let message = format!("there is no command `{}`", cut(&name, 60));
        return Err(bad("unknown_command", &message));
    }
    if let Some(field) = OBJECTS
        .iter()
        .find(|it| fields.get(**it).is_some_and(Value::is_array))
    {
        let message = format!("{field}: invalid type: list, expected an object");
        return Err(ApiError::bad("bad_value", field, message));
    }
    if let Some(Value::Array(commands)) = fields.get_mut("commands").filter(|_| name == "batch") {
        if index.is_some() {
            return Err(bad("bad_value", "command must not be a batch inside a batch"));
        }
        if commands.len() > floor::limits::BATCH_COMMANDS_MAX {
            return Err(ApiError::bad(
                "bad_value",
                "commands",
                "commands must be 1 to 100 commands",
            ));
        }
        for (index, command) in commands.iter_mut().enumerate() {
            *command = nest(command.take(), Some(index))?;
        }
    }
    Ok(Value::Object(Map::from_iter([(name, Value::Object(fields))])))
}

/// Fields of commands that hold objects: serde would take a list of their values just as well.
const OBJECTS: &[&str] = &["guest", "quote", "seats"];

/// Every command's name.
pub const NAMES: &[&str] = &[
    "open_restaurant",
    "change_settings",
    "add_staff",
    "update_staff",
    "admit_staff",
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
    "undo_step",
    "erase_guest",
    "seat_party",
    "seat_walk_in",
    "change_covers",
    "advance_stage",
    "touch_turn",
    "move_turn",
    "close_turn",
    "restore_turn",
    "raise_call",
    "resolve_call",
    "batch",
];

fn parse(bytes: &[u8]) -> Result<Value, ApiError> {
    match serde_json::from_slice(bytes) {
        Ok(Strict(value)) => Ok(value),
        Err(error) => Err(bad_json(&error)),
    }
}

fn bad_json(error: &serde_json::Error) -> ApiError {
    ApiError::new(
        StatusCode::BAD_REQUEST,
        "bad_json",
        format!("the body is not JSON: {error}"),
    )
    .with(json!({ "line": error.line(), "column": error.column() }))
}

/// An error in a value that is JSON: names the field, also one that is missing or unknown.
fn bad_value(path: &Path, error: &serde_json::Error) -> ApiError {
    let cause = in_words(&error.to_string());
    let named = |what: &str| Some(cause.strip_prefix(what)?.split('`').next()?.to_owned());
    let absent = named("missing field `").or_else(|| named("unknown field `"));
    let mut place = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => place += &format!("[{index}]"),
            Segment::Map { key } if place.is_empty() => place += key,
            Segment::Map { key } => place += &format!(".{key}"),
            // Which command it is, is no field of it.
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    let field = match absent {
        Some(name) if place.is_empty() => name,
        Some(name) if place == name || place.ends_with(&format!(".{name}")) => place.clone(),
        Some(name) => format!("{place}.{name}"),
        None => place.clone(),
    };
    let message = if place.is_empty() {
        cut(&cause, 300)
    } else {
        format!("{}: {}", cut(&place, 120), cut(&cause, 300))
    };
    let error = ApiError::new(StatusCode::BAD_REQUEST, "bad_value", message);
    if field.is_empty() {
        error
    } else {
        error.in_field(&cut(&field, 120))
    }
}

/// What was expected, in words that do not need a programmer.
fn in_words(cause: &str) -> String {
    match cause.rsplit_once(", expected ") {
        Some((what, "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64")) => {
            format!("{what}, expected a whole number")
        }
        Some((what, "f64")) => format!("{what}, expected a number"),
        Some((what, "a sequence")) => format!("{what}, expected a list"),
        Some((what, it)) if it.starts_with("struct ") => format!("{what}, expected an object"),
        Some((what, "a string")) => format!("{what}, expected a text"),
        _ => cause.to_owned(),
    }
}

/// At most `max` characters of what a client sent.
fn cut(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}
