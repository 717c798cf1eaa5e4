//! Every log line of the whole suite, held against every secret and every guest that the suite's clients
//! have sent or been told. A hit ends the run: the test in which it happens cannot be told apart from
//! those that run beside it, but the line can.
//!
//! The subscriber is the program's own, at its finest level. What is known stands in it, and is reached
//! through it: there is one for the whole process, as there is one in the program.

use serde_json::Value;
use std::collections::{HashMap, HashSet, VecDeque};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

/// What is sent in place of a credential and is a plain word, though it is not one of small letters only.
const NO_SECRETS: [&str; 5] = ["Basic", "Bearer", "Last", "manager2", "waiter2"];
/// Shorter values stand in too many words.
const CHARS_MIN: usize = 4;
/// Values up to this many characters count where they stand alone, not inside another word.
const WORD_MAX: usize = 10;
/// What a number that is no PIN stands behind.
const COUNTS: [&str; 4] = ["seq=", "n_frames=", "n_listeners=", "_seconds="];
/// All that the program can say, and nothing of what the suite's own clients do.
const LEVEL: &str = "trace,hyper_util::client=off";
/// Lines that are kept, for secrets that a client is told after the program has used them.
const LINES_KEPT: usize = 2_000;
/// Fields that hold secrets, wherever they stand.
const SECRET_FIELDS: [&str; 8] = [
    "password",
    "old_password",
    "new_password",
    "pin",
    "token",
    "refresh_token",
    "login",
    "email",
];
/// Fields that say who a guest is, in commands and where a guest is told.
const GUEST_FIELDS: [&str; 3] = ["name", "phone", "notes"];

/// The part of the process' subscriber that knows what must not be said.
#[derive(Clone)]
struct CapturedLog {
    known: Arc<Mutex<Known>>,
}

/// What must not be said, and what was.
#[derive(Default)]
struct Known {
    /// By their first bytes, so that a line is looked through once.
    secrets: HashMap<[u8; CHARS_MIN], HashSet<String>>,
    lines: VecDeque<String>,
}

impl Known {
    /// Takes in a secret. Answers a line that has said it.
    fn learn(&mut self, secret: &str) -> Option<String> {
        let start = secret.as_bytes().first_chunk::<CHARS_MIN>()?;
        let is_new = self.secrets.entry(*start).or_default().insert(secret.to_owned());
        let said = self.lines.iter().filter(|_| is_new).find(|it| says(it, secret));
        said.cloned()
    }

    /// Takes in a line. Answers a secret that it says.
    fn hear(&mut self, line: &str) -> Option<String> {
        let starts = line.as_bytes().windows(CHARS_MIN);
        let candidates = starts.filter_map(|it| self.secrets.get(it)).flatten();
        let said = candidates.into_iter().find(|it| says(line, it)).cloned();
        if self.lines.len() == LINES_KEPT {
            self.lines.pop_front();
        }
        self.lines.push_back(line.to_owned());
        said
    }
}

/// Whether `secret` stands in `line`.
fn says(line: &str, secret: &str) -> bool {
    let is_word = secret.chars().count() <= WORD_MAX;
    let is_number = secret.bytes().all(|it| it.is_ascii_digit());
    line.match_indices(secret).any(|(at, _)| {
        let (before, behind) = (&line[..at], &line[at + secret.len()..]);
        let around = [before.chars().next_back(), behind.chars().next()];
        let is_inside = around.iter().flatten().any(|it| it.is_alphanumeric());
        let is_figure = is_number && COUNTS.iter().any(|it| before.ends_with(it));
        !(is_word && is_inside || is_figure)
    })
}

impl CapturedLog {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: tracing::Subscriber> Layer<S> for CapturedLog {}

impl<'a> MakeWriter<'a> for CapturedLog {
    type Writer = CapturedLog;

    fn make_writer(&'a self) -> CapturedLog {
        self.clone()
    }
}

impl Write for CapturedLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(bytes);
        let said = self.known().hear(&line);
        if let Some(secret) = said {
            end(&secret, &line);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The end of the run.
fn end(secret: &str, line: &str) -> ! {
    let word =
        format!("\nA secret or a guest stands in the log, which fails the whole run:\n{secret}\n{line}\n");
    drop(io::stderr().write_all(word.as_bytes()));
    std::process::exit(101)
}

/// Captures the log from now on. To be called before anything is served.
pub fn capture() {
    let captured = CapturedLog {
        known: Arc::default(),
    };
    let lines = fmt::layer()
        .with_ansi(false)
        .without_time()
        .with_writer(captured.clone());
    let log = Registry::default()
        .with(EnvFilter::new(LEVEL))
        .with(lines)
        .with(captured);
    // Whoever comes later finds it there.
    drop(tracing::subscriber::set_global_default(log));
}

/// Nobody may say `secret` in the log.
pub fn never_say(secret: &str) {
    let Some(captured) = captured() else { return };
    let said = captured.known().learn(secret);
    if let Some(line) = said {
        end(secret, &line);
    }
}

/// Takes in a line that a program of its own has logged.
pub fn hear(line: &str) {
    let said = captured().and_then(|it| it.known().hear(line));
    if let Some(secret) = said {
        end(&secret, line);
    }
}

/// Whether one of the latest lines says this.
pub fn has_said(text: &str) -> bool {
    let captured = captured().expect("the log is captured");
    captured.known().lines.iter().any(|it| it.contains(text))
}

fn captured() -> Option<CapturedLog> {
    tracing::dispatcher::get_default(|it| it.downcast_ref::<CapturedLog>().cloned())
}

/// Takes in what was sent or told in place of a secret, unless any line could say it for reasons of its own.
pub fn note(value: &str) {
    if !is_plain(value) {
        never_say(value);
    }
}

/// Whether this is a word like others, of small letters only, or one of the few that are not.
fn is_plain(value: &str) -> bool {
    value.bytes().all(|it| it.is_ascii_lowercase()) || NO_SECRETS.contains(&value)
}

/// Takes in what a header brings, of those that bring secrets.
pub fn note_header(name: &str, value: &str) {
    match name {
        "authorization" => note(value.rsplit(' ').next().unwrap_or_default()),
        "x-device" => note(value),
        "cookie" | "set-cookie" => {
            let first = if name == "cookie" { usize::MAX } else { 1 };
            let pairs = value.split(';').take(first).filter_map(|it| it.split_once('='));
            pairs.for_each(|(_, value)| note(value));
        }
        _ => {}
    }
}

/// Takes in the token of an address, if it has one.
pub fn note_query(path: &str) {
    let query = path.split_once('?').map_or("", |it| it.1);
    let pairs = query.split('&').filter_map(|it| it.strip_prefix("token="));
    pairs.for_each(note);
}

/// Takes in the secrets and guests of a body or frame, if it is JSON.
pub fn note_body(text: &str) {
    if let Ok(value) = serde_json::from_str(text) {
        secrets_of(&value, &mut note);
    }
}

fn secrets_of(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            let is_guest = fields.contains_key("guest_id") || is_about_a_guest(value);
            for (name, value) in fields {
                let text = value.as_str().unwrap_or_default();
                let is_secret = SECRET_FIELDS.contains(&name.as_str())
                    || (name == "key" && text.starts_with("mk_"))
                    || (is_guest && GUEST_FIELDS.contains(&name.as_str()));
                if is_secret {
                    found(text);
                }
                if name == "guest" {
                    let fields = GUEST_FIELDS.iter().filter_map(|it| value[*it].as_str());
                    fields.for_each(&mut *found);
                }
                secrets_of(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|it| secrets_of(it, found)),
        _ => {}
    }
}

fn is_about_a_guest(value: &Value) -> bool {
    matches!(value["command"].as_str(), Some("add_party" | "update_party"))
}

#[cfg(test)]
mod tests {
    use super::{Known, is_plain, secrets_of};
    use serde_json::json;

    #[test]
    fn a_line_that_says_a_secret_is_noticed_whichever_comes_first() {
        let mut known = Known::default();
        assert_eq!(known.learn("ms_0123456789abcdef"), None);
        assert_eq!(known.hear("INFO maitred: somebody signed in staff_id=3"), None);
        let said = known.hear("INFO maitred: somebody signed in cookie=\"ms_0123456789abcdef\"");
        assert_eq!(said.as_deref(), Some("ms_0123456789abcdef"));
        assert_eq!(known.hear("INFO maitred: signed token=eyJhbGciOi"), None);
        let line = known.learn("eyJhbGciOi").unwrap();
        assert!(line.contains("signed token"), "{line}");
    }

    #[test]
    fn short_values_count_where_they_stand_alone() {
        let mut known = Known::default();
        for value in ["Ada", "1005", "Quill"] {
            assert_eq!(known.learn(value), None);
        }
        assert!(known.hear("pin=1005").is_some() && known.hear("for Quill:").is_some());
        assert_eq!(known.hear("port=51005 seq=1005 Ada Quills host"), None);
    }

    #[test]
    fn a_plain_word_is_no_secret() {
        for value in ["other", "nobody", "Bearer", "waiter2"] {
            assert!(is_plain(value), "{value}");
        }
        for value in ["other-horse", "Quill", "1005", "maitred-demo"] {
            assert!(!is_plain(value), "{value}");
        }
    }

    #[test]
    fn secrets_and_guests_are_found_wherever_they_stand() {
        let said = json!({"type": "command", "key": "idempotent", "command": {"command": "batch", "commands": [
            {"command": "add_party", "covers": 2, "name": "Quillonia", "phone": "+1 212"},
            {"command": "seat_walk_in", "guest": {"name": "Zebedee", "notes": null}},
            {"command": "create_plan", "name": "Roof"},
        ]}, "more": [{"token": "t1"}, {"key": "mk_1", "name": "printer"}, {"guest_id": 1, "notes": "Sesame"}],
            "password": "p1"});
        let mut found = Vec::new();
        secrets_of(&said, &mut |it: &str| found.push(it.to_owned()));
        found.sort();
        assert_eq!(
            found,
            ["+1 212", "Quillonia", "Sesame", "Zebedee", "mk_1", "p1", "t1"]
        );
    }
}
