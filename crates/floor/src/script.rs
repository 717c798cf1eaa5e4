//! Rules told as evenings: each line of a script is a command and what came of it.
//!
//! ```text
//! 19:30                                        the clock, until the next such line
//! table 12 4    -> table_created table=12
//! add Ada 5     -> party_added party=Ada covers=5 source=walk_in
//! seat Ada 12   -> refused: table_too_small tables=12 covers=5 seats=4
//! show 12       -> state=available since=19:30
//! ```
//!
//! The restaurant is open unless the script says `unopened`. Parties, staff, plans and sections go by name,
//! tables by number, turns by their party's name, and `#99` is whatever has id 99. [`VERBS`] lists the commands
//! with their words in order; further fields follow as `field=value`. `show 12` or `show 12 seats notes` looks at
//! a thing, `show turn Ada` at a party's turn. `batch a; b` is one batch, and `repeat 3 a`
//! is a line said three times, with `{}` for the count. [`writes`] says the commands that no JSON says. `UPDATE_EXPECT=1 cargo test -p floor` rewrites what came
//! of each line.

mod writes;

use crate::{Command, Decision, Event, Floor, GuestWrite, Ids, Kind, Refusal, RestaurantId, Settings, Text};
use expect_test::Expect;
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What a line begins with, the command it stands for, and the fields that its words fill. `@` names a party.
const VERBS: &[(&str, &str, &[&str])] = &[
    ("open", "open_restaurant", &["name"]),
    ("settings", "change_settings", &[]),
    ("hire", "add_staff", &["name", "roles"]),
    ("staff", "update_staff", &["staff_id"]),
    ("admit", "admit_staff", &["staff_id", "name", "roles"]),
    ("plan", "create_plan", &["name"]),
    ("replan", "update_plan", &["plan_id"]),
    ("unplan", "delete_plan", &["plan_id"]),
    ("section", "create_section", &["name"]),
    ("resection", "update_section", &["section_id"]),
    ("unsection", "delete_section", &["section_id"]),
    ("table", "create_table", &["number", "seats"]),
    ("retable", "update_table", &["table_id"]),
    ("untable", "delete_table", &["table_id"]),
    ("set", "set_table_state", &["table_id", "state"]),
    ("assign", "assign_waiter", &["table_id", "waiter_id"]),
    ("unassign", "unassign_waiter", &["table_id"]),
    ("add", "add_party", &["@", "covers"]),
    ("update", "update_party", &["party_id"]),
    ("notify", "notify_party", &["party_id"]),
    ("arrived", "mark_party_arrived", &["party_id"]),
    ("late", "mark_party_late", &["party_id"]),
    ("cancel", "cancel_party", &["party_id"]),
    ("no-show", "mark_no_show", &["party_id"]),
    ("remove", "remove_party", &["party_id"]),
    ("undo", "undo_step", &["party_id"]),
    ("erase", "erase_guest", &["guest_id"]),
    ("seat", "seat_party", &["party_id", "table_ids"]),
    ("walk-in", "seat_walk_in", &["@", "covers", "table_ids"]),
    ("covers", "change_covers", &["turn_id", "covers"]),
    ("stage", "advance_stage", &["turn_id", "stage"]),
    ("touch", "touch_turn", &["turn_id"]),
    ("move", "move_turn", &["turn_id", "table_ids"]),
    ("close", "close_turn", &["turn_id"]),
    ("restore", "restore_turn", &["table_id"]),
    ("call", "raise_call", &["turn_id", "kind"]),
    ("answer", "resolve_call", &["call_id"]),
];

/// What `show` tells about a thing.
const SHOWN: &[&str] = &[
    "state",
    "party_id",
    "turn_id",
    "waiter_id",
    "state_since",
    "table_id",
    "table_ids",
    "section_id",
    "plan_id",
    "default",
    "covers",
    "stage",
    "forced",
    "opened_at",
    "last_activity_at",
    "closed_at",
    "ended_at",
    "shown_as",
];

/// Where `show` looks for a name.
const LISTS: &[(Kind, &str)] = &[
    (Kind::Table, "tables"),
    (Kind::Party, "parties"),
    (Kind::Plan, "plans"),
    (Kind::Section, "sections"),
    (Kind::Staff, "staff"),
    (Kind::Call, "calls"),
];

/// What an event's line leaves out: made-up values, and what `show` tells better.
const UNTOLD: &[&str] = &["event", "guest_id", "code", "details", "settings", "source"];

/// Plays the script and compares what came of each line.
#[track_caller]
pub(crate) fn check(script: Expect) {
    let lines: Vec<&str> = script.data().lines().map(str::trim).collect();
    let said = |line: &str| line.split(" ->").next().unwrap_or_default().trim().to_owned();
    let width = lines.iter().map(|it| said(it).len()).max().unwrap_or_default();
    let mut evening = Evening::new(!lines.contains(&"unopened"));
    let mut played = String::new();
    for line in lines.iter().filter(|it| !it.is_empty()) {
        let said = said(line);
        match evening.say(&said) {
            Some(outcome) => played += &format!("{said:width$} -> {outcome}\n"),
            None => played += &format!("{said}\n"),
        }
    }
    script.assert_eq(&played);
}

/// A restaurant in the middle of an evening, and what its people call things.
struct Evening {
    floor: Floor,
    ids: Ids,
    now: Timestamp,
    names: Names,
}

impl Evening {
    fn new(is_open: bool) -> Evening {
        let mut evening = Evening {
            floor: Floor::new(RestaurantId(1)),
            ids: Ids::default(),
            now: clock("19:00").expect("a time of day"),
            names: Names::default(),
        };
        for kind in Kind::ALL {
            evening.ids.refill(kind, 1, 10_000);
        }
        if is_open {
            let settings = Settings::named(Text::new("Harbour House").expect("a name"));
            let opened = Event::RestaurantOpened { settings };
            evening.floor.apply(&opened, evening.now);
        }
        evening
    }

    /// Says one line, and answers what came of it. Nothing comes of the clock.
    fn say(&mut self, line: &str) -> Option<String> {
        if line == "unopened" {
            return None;
        }
        if let Some(now) = clock(line) {
            self.now = now;
            return None;
        }
        if let Some(name) = line.strip_prefix("show ") {
            return Some(self.show(name));
        }
        if let Some((times, line)) = line.strip_prefix("repeat ").and_then(|it| it.split_once(' ')) {
            let times: usize = times.parse().expect("how often");
            let outcomes = (1..=times).map(|it| self.say(&line.replace("{}", &it.to_string())));
            return outcomes.last().flatten();
        }
        let before = self.names.clone();
        let command = match self.names.read(line, &mut self.ids.clone()) {
            Ok(command) => command,
            Err(error) => return Some(format!("no command: {error}")),
        };
        match self.floor.decide(&command, self.now, &mut self.ids) {
            Ok(decision) => Some(self.carry_out(&decision)),
            Err(refusal) => {
                let refused = self.refused(&refusal);
                self.names = before;
                Some(refused)
            }
        }
    }

    fn carry_out(&mut self, decision: &Decision) -> String {
        let mut outcome = Vec::new();
        for event in &decision.events {
            let stored = serde_json::to_value(event).expect("events are JSON");
            let restored = serde_json::from_value(stored.clone()).expect("an event as it was stored");
            assert_eq!(event, &restored);
            self.floor.apply(&restored, self.now);
            let name = stored["event"].as_str().expect("every event has a name");
            outcome.push(format!(
                "{name}{}",
                self.names.told(&stored, &|it| !UNTOLD.contains(&it))
            ));
        }
        outcome.extend(decision.guests.iter().map(guest_book));
        outcome.retain(|it| !it.is_empty());
        outcome.join(", ")
    }

    fn refused(&self, refusal: &Refusal) -> String {
        let code = refusal.code();
        assert!(
            Refusal::CODES.contains(&code),
            "{code} is missing in Refusal::CODES"
        );
        let field = refusal.field().map(|it| format!(" {it}")).unwrap_or_default();
        format!(
            "refused: {code}{field}{}",
            self.names.told(&refusal.facts(), &|_| true)
        )
    }

    /// The thing of that name: the fields that are asked for, else those that scripts mostly care for.
    fn show(&self, words: &str) -> String {
        let floor = serde_json::to_value(&self.floor).expect("a floor is JSON");
        let (lists, words) = match words.strip_prefix("turn ") {
            Some(words) => (&[(Kind::Turn, "turns"), (Kind::Turn, "closed_turns")][..], words),
            None => (LISTS, words),
        };
        let (name, fields) = words.split_once(' ').unwrap_or((words, ""));
        let fields = if fields.is_empty() {
            SHOWN.to_vec()
        } else {
            fields.split(' ').collect()
        };
        let found = lists.iter().find_map(|(kind, list)| {
            let id = self.names.by_name.get(&(*kind, name.to_owned()))?;
            floor[list].as_array()?.iter().find(|it| it["id"] == *id)
        });
        let told = found.map(|it| self.names.told(it, &|field| fields.contains(&field)));
        match told.as_deref().map(str::trim) {
            None => "gone".to_owned(),
            Some("") => "none of it".to_owned(),
            Some(told) => told.to_owned(),
        }
    }
}

/// What people call things, and back.
#[derive(Clone, Default)]
struct Names {
    by_name: BTreeMap<(Kind, String), u64>,
    by_id: BTreeMap<(Kind, u64), String>,
}

impl Names {
    /// The command that `line` stands for. What it makes gets its name already, with the id it will have.
    fn read(&mut self, line: &str, ids: &mut Ids) -> serde_json::Result<Command> {
        if let Some(lines) = line.strip_prefix("batch") {
            let lines = lines.split(';').filter(|it| !it.trim().is_empty());
            let commands = lines
                .map(|it| self.read(it.trim(), ids))
                .collect::<Result<_, _>>()?;
            return Ok(Command::Batch { commands });
        }
        if let Some(write) = self.read_write(line, ids) {
            return Ok(write);
        }
        let mut words = line.split_whitespace();
        let first = words.next().expect("a line has words");
        let verb = VERBS.iter().find(|it| it.0 == first);
        let (_, command, fields) = verb.unwrap_or_else(|| panic!("no verb in `{line}`"));
        let mut fields = fields.iter().copied();
        let mut body = Map::new();
        let mut party = "";
        for word in words {
            let (field, text) = match word.split_once('=') {
                Some(it) => it,
                None if word == "force" => ("force", "true"),
                None => (
                    fields.next().unwrap_or_else(|| panic!("no `{word}` in `{line}`")),
                    word,
                ),
            };
            match field {
                "@" => party = text,
                "as" => party = text,
                _ => drop(body.insert(field.to_owned(), self.value(field, text))),
            }
        }
        self.expect(command, &body, party, ids);
        serde_json::from_value(json!({ *command: body }))
    }

    fn expect(&mut self, command: &str, body: &Map<String, Value>, party: &str, ids: &mut Ids) {
        let text = |field: &str| {
            body.get(field)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let made = match command {
            "add_staff" => vec![(Kind::Staff, text("name"))],
            "create_plan" => vec![(Kind::Plan, text("name"))],
            "create_section" => vec![(Kind::Section, text("name"))],
            "create_table" => vec![(Kind::Table, text("number"))],
            "add_party" => vec![(Kind::Party, party.to_owned())],
            "seat_party" => vec![(Kind::Turn, self.name(Kind::Party, &body["party_id"]))],
            "raise_call" => vec![(Kind::Call, party.to_owned())],
            "seat_walk_in" => vec![(Kind::Party, party.to_owned()), (Kind::Turn, party.to_owned())],
            _ => vec![],
        };
        for (kind, name) in made {
            let id = ids.take(kind);
            self.by_name.insert((kind, name.clone()), id);
            self.by_id.insert((kind, id), name);
        }
    }

    /// The value that a field gets from a word.
    fn value(&self, field: &str, word: &str) -> Value {
        let parts = |of: &dyn Fn(&str) -> Value| Value::Array(word.split('+').map(of).collect());
        match (field, kind_of(field)) {
            _ if word == "null" || word == "[]" => serde_json::from_str(word).expect("two words of JSON"),
            (_, Some(kind)) if field.ends_with("_ids") => parts(&|it| self.id(kind, it)),
            (_, Some(kind)) => self.id(kind, word),
            ("name" | "number", None) => json!(word.replace('_', " ")),
            ("roles" | "features", None) => parts(&|it| json!(it)),
            ("seats", None) => numbers(&["max"], word)
                .or_else(|| numbers(&["min", "max"], word))
                .or_else(|| numbers(&["min", "max", "preferred"], word))
                .expect("seats as 4, 2-4 or 2-4-3"),
            ("quote", None) => numbers(&["from_minutes", "to_minutes"], word).expect("a quote as 10-20"),
            _ => serde_json::from_str(word).unwrap_or_else(|_| json!(word)),
        }
    }

    fn id(&self, kind: Kind, name: &str) -> Value {
        match name.strip_prefix('#') {
            Some(id) => json!(id.parse::<u64>().expect("a number after #")),
            None => {
                let id = self.by_name.get(&(kind, name.to_owned()));
                json!(id.unwrap_or_else(|| panic!("nothing is called {name}")))
            }
        }
    }

    fn name(&self, kind: Kind, id: &Value) -> String {
        let name = id.as_u64().and_then(|it| self.by_id.get(&(kind, it)));
        name.cloned().unwrap_or_else(|| format!("#{id}"))
    }

    /// Fields as ` field=value`, ids first and by name; none that is null or false.
    fn told(&self, fields: &Value, is_told: &dyn Fn(&str) -> bool) -> String {
        let fields = fields.as_object().expect("facts are an object");
        let mut told: Vec<_> = fields.iter().filter(|it| is_told(it.0)).collect();
        told.sort_by_key(|it| (kind_of(it.0).is_none(), it.0));
        told.into_iter()
            .filter_map(|(field, value)| self.told_one(field, value))
            .collect()
    }

    fn told_one(&self, field: &str, value: &Value) -> Option<String> {
        let short = field.trim_end_matches("_ids").trim_end_matches("_id");
        match (kind_of(field), value) {
            (_, Value::Null | Value::Bool(false)) => None,
            (_, Value::Bool(true)) => Some(format!(" {short}")),
            (Some(_), Value::Array(ids)) if ids.is_empty() => Some(format!(" {short}=none")),
            (Some(kind), Value::Array(ids)) => {
                let names: Vec<_> = ids.iter().map(|it| self.name(kind, it)).collect();
                Some(format!(" {short}={}", names.join("+")))
            }
            (Some(kind), id) => Some(format!(" {short}={}", self.name(kind, id))),
            (None, Value::String(text)) => match text.parse::<Timestamp>() {
                Ok(at) => Some(format!(" {}={}", short.trim_end_matches("_at"), time_of(at))),
                Err(_) => Some(format!(" {short}={text}")),
            },
            (None, Value::Object(fields)) => Some(format!(
                " {short}({})",
                self.told(&json!(fields), &|_| true).trim()
            )),
            (None, value) => Some(format!(" {short}={value}")),
        }
    }
}

/// `10-20` as the two fields' values.
fn numbers(fields: &[&str], word: &str) -> Option<Value> {
    let numbers: Vec<u16> = word.split('-').map(|it| it.parse().ok()).collect::<Option<_>>()?;
    let body: Map<_, _> = fields
        .iter()
        .zip(&numbers)
        .map(|(it, number)| ((*it).to_owned(), json!(number)))
        .collect();
    (fields.len() == numbers.len()).then_some(Value::Object(body))
}

fn kind_of(field: &str) -> Option<Kind> {
    let noun = field.strip_suffix("_ids").or_else(|| field.strip_suffix("_id"))?;
    let noun = noun
        .strip_prefix("from_")
        .or_else(|| noun.strip_prefix("to_"))
        .unwrap_or(noun);
    match noun {
        "waiter" => Some(Kind::Staff),
        "free_table" => Some(Kind::Table),
        _ => Kind::ALL.into_iter().find(|it| it.name() == noun),
    }
}

/// What the guest book takes in: which fields, never their contents.
fn guest_book(write: &GuestWrite) -> String {
    let GuestWrite::Fields(write) = write else {
        return "guest book: emptied".to_owned();
    };
    let fields = [
        ("name", write.fields.name.set().is_some()),
        ("phone", write.fields.phone.set().is_some()),
        ("notes", write.fields.notes.set().is_some()),
    ];
    let set: Vec<_> = fields.iter().filter(|it| it.1).map(|it| it.0).collect();
    match set.is_empty() {
        true => String::new(),
        false => format!("guest book: {}", set.join(" ")),
    }
}

/// A time of the script's day; hours go on counting after midnight.
fn clock(line: &str) -> Option<Timestamp> {
    let (hours, minutes) = line.split_once(':')?;
    let minutes = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
    Some(midnight() + SignedDuration::from_mins(minutes))
}

fn time_of(at: Timestamp) -> String {
    let minutes = at.duration_since(midnight()).as_mins();
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn midnight() -> Timestamp {
    "2026-11-20T00:00:00Z".parse().expect("a day")
}

/// The names of an enum's variants on the wire, as serde tells them to whoever gets one wrong.
pub(crate) fn variants<T: DeserializeOwned>(wrong: Value) -> Vec<String> {
    let error = serde_json::from_value::<T>(wrong)
        .err()
        .expect("no variant has a blank name");
    let error = error.to_string();
    let names: Vec<_> = error.split('`').skip(3).step_by(2).map(str::to_owned).collect();
    assert!(names.len() > 20, "{error}");
    names
}

const SCRIPTS: &[&str] = &[
    include_str!("admission.rs"),
    include_str!("call.rs"),
    include_str!("floor/tests.rs"),
    include_str!("member.rs"),
    include_str!("party/tests.rs"),
    include_str!("party_write/tests.rs"),
    include_str!("plan.rs"),
    include_str!("section.rs"),
    include_str!("settings.rs"),
    include_str!("staff.rs"),
    include_str!("table/tests.rs"),
    include_str!("table_act/tests.rs"),
    include_str!("table_edit/tests.rs"),
    include_str!("table_write/tests.rs"),
    include_str!("transaction/tests.rs"),
    include_str!("turn/tests.rs"),
    include_str!("undo/tests.rs"),
];

/// Whether some script has a line with this outcome.
fn comes_of_some_line(outcome: &str) -> bool {
    let is_in = |line: &str| {
        let outcomes = line.split_once(" -> ").map(|it| it.1).unwrap_or_default();
        let mut outcomes = outcomes.split(", ");
        outcomes.any(|it| it == outcome || it.starts_with(&format!("{outcome} ")))
    };
    SCRIPTS.iter().any(|it| it.lines().any(is_in))
}

#[test]
fn every_command_has_a_verb_and_a_script() {
    for command in variants::<Command>(json!({ "": {} })) {
        let verb = VERBS
            .iter()
            .find(|it| it.1 == command)
            .map(|it| format!("{} ", it.0));
        let verb = verb.unwrap_or_else(|| format!("{command} "));
        let is_said = |line: &str| line.contains(" -> ") && line.trim().starts_with(&verb);
        assert!(
            SCRIPTS.iter().any(|it| it.lines().any(is_said)),
            "no script says {verb}"
        );
    }
}

#[test]
fn every_event_comes_of_some_script() {
    for event in variants::<Event>(json!({ "event": "" })) {
        assert!(comes_of_some_line(&event), "no script leads to {event}");
    }
}

#[test]
fn every_refusal_comes_of_some_script() {
    for code in Refusal::CODES {
        assert!(
            comes_of_some_line(&format!("refused: {code}")),
            "no script leads to {code}"
        );
    }
}
