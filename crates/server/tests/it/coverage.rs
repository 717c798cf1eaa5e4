//! Nothing of the contract is forgotten: each name is documented, tested, and asks who one is.

use crate::client::Client;
use crate::house::House;
use crate::probe::{COMMANDS, FLOOR};
use maitred::surface::{self, v1::wire::NAMES};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A file of the workspace.
fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every Rust file below `folder` of the workspace.
fn sources(folder: &str) -> String {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder)];
    let mut text = String::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                text += &std::fs::read_to_string(path).unwrap();
            }
        }
    }
    text
}

fn openapi() -> Value {
    surface::documents().openapi
}

/// The names of the variants of an event or command in the OpenAPI document.
fn variants(schema: &str, tag: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let document = openapi();
    for variant in document["components"]["schemas"][schema]["oneOf"]
        .as_array()
        .unwrap()
    {
        let parts = variant["allOf"]
            .as_array()
            .cloned()
            .unwrap_or(vec![variant.clone()]);
        let name = parts
            .iter()
            .find_map(|it| it["properties"][tag]["enum"][0].as_str());
        names.insert(name.unwrap().to_owned());
    }
    names
}

/// Every text in `source` that follows one of `marks`.
fn texts_behind(source: &str, marks: &[&str]) -> BTreeSet<String> {
    let source: String = source.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut texts = BTreeSet::new();
    for mark in marks {
        for after in source.split(mark).skip(1) {
            let text = after
                .trim_start()
                .strip_prefix('"')
                .and_then(|it| it.split('"').next());
            let is_code =
                |it: &&str| !it.is_empty() && it.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            texts.extend(text.filter(is_code).map(str::to_owned));
        }
    }
    texts
}

/// The codes of refusals: what `Refusal::code` answers.
fn refusal_codes() -> BTreeSet<String> {
    let source = file("crates/floor/src/refusal.rs");
    let code = source.split("pub fn code(").nth(1).unwrap();
    texts_behind(code.split("pub fn ").next().unwrap(), &["=>"])
}

/// The codes of errors that are not the floor's.
fn error_codes() -> BTreeSet<String> {
    let source = sources("crates/server/src/surface/v1");
    let mut codes = texts_behind(&source, &["ApiError::bad(", "bad("]);
    let statuses = [
        "BAD_REQUEST,",
        "NOT_FOUND,",
        "CONFLICT,",
        "FORBIDDEN,",
        "UNAUTHORIZED,",
        "UPGRADE_REQUIRED,",
        "REQUEST_TIMEOUT,",
        "SERVICE_UNAVAILABLE,",
        "TOO_MANY_REQUESTS,",
        "UNPROCESSABLE_ENTITY,",
        "PAYLOAD_TOO_LARGE,",
        "INTERNAL_SERVER_ERROR,",
    ];
    codes.extend(texts_behind(&source, &statuses));
    codes.extend(texts_behind(&source, &["Missing =>", "Wrong =>", "Expired =>"]));
    // Names of fields, in the one place where they come first.
    for field in ["type", "id", "key"] {
        codes.remove(field);
    }
    codes
}

/// Codes that no client can bring about: a bug of ours, an overrun, a disk that fails, a stop. Tests that
/// break the house on purpose are for those.
const TROUBLE: [&str; 4] = ["busy", "draining", "fault", "storage_unavailable"];

/// Codes of commands that only other protocols' surfaces ask for, which say them in words of their own.
const ELSEWHERE: [&str; 4] = ["no_open_turn", "section_in_use", "table_in_service", "turn_full"];

/// Checks that each of `names` stands in `text` as a word.
fn all_in(names: &BTreeSet<String>, text: &str, place: &str) {
    let words: BTreeSet<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .collect();
    let absent: Vec<_> = names.iter().filter(|it| !words.contains(it.as_str())).collect();
    assert!(absent.is_empty(), "{place} lacks {absent:?}");
}

#[test]
fn the_commands_are_those_of_the_openapi_document() {
    let names: BTreeSet<String> = NAMES.iter().map(|it| (*it).to_owned()).collect();
    assert_eq!(names.len(), NAMES.len());
    assert_eq!(names, variants("Command", "command"));
}

#[test]
fn every_command_event_and_code_is_documented_and_tested() {
    let protocol = file("docs/protocol.md");
    // What stands in this file proves nothing.
    let tests = sources("crates/server/tests/it").replace(&file("crates/server/tests/it/coverage.rs"), "");
    let (mut refusals, mut errors) = (refusal_codes(), error_codes());
    assert!(
        refusals.len() > 25 && errors.len() > 15,
        "{refusals:?} {errors:?}"
    );
    for code in TROUBLE {
        assert!(errors.remove(code), "{code} keeps its name");
        all_in(&BTreeSet::from([code.to_owned()]), &protocol, "docs/protocol.md");
    }
    for code in ELSEWHERE {
        assert!(refusals.remove(code), "{code} keeps its name");
        all_in(&BTreeSet::from([code.to_owned()]), &protocol, "docs/protocol.md");
    }
    for names in [
        variants("Command", "command"),
        variants("Event", "event"),
        refusals,
        errors,
    ] {
        all_in(&names, &protocol, "docs/protocol.md");
        all_in(&names, &tests, "the tests");
    }
}

#[tokio::test]
async fn the_documents_that_are_served_are_those_that_are_committed() {
    let house = House::open().await;
    let stranger = Client::new(house.address, None);
    for name in ["openapi.json", "asyncapi.json"] {
        let served = stranger.get(&format!("/docs/{name}")).await.json();
        let committed: Value = serde_json::from_str(&file(&format!("docs/{name}"))).unwrap();
        assert_eq!(served, committed, "{name}");
    }
}

#[tokio::test]
async fn every_documented_figure_is_counted() {
    let house = House::open().await;
    let mut screen = house.screen().await;
    screen.next().await;
    house.manager().seat(12).await;
    house
        .manager()
        .post(COMMANDS, &json!({"command": "seat_walk_in", "table_ids": [12]}))
        .await;
    screen.send(&json!({"type": "auth", "token": "gone"})).await;
    screen.close_code().await;
    house.manager().get(FLOOR).await;
    let figures = Client::new(house.address, None).get("/metrics").await;
    let kind = figures.headers["content-type"].to_str().unwrap();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let counted: BTreeSet<String> = figures
        .text
        .lines()
        .filter_map(|it| it.strip_prefix("# TYPE "))
        .map(|it| it.split(' ').next().unwrap().to_owned())
        .collect();
    let documented = texts_named(&file("docs/operating.md"), "maitred_");
    for name in &documented {
        let base = ["_total", "_bucket", "_sum", "_count"]
            .iter()
            .find_map(|it| name.strip_suffix(it));
        assert!(
            counted.contains(base.unwrap_or(name)),
            "{name} is documented, not counted: {counted:?}"
        );
    }
    for name in &counted {
        assert!(
            documented.iter().any(|it| it.starts_with(name.as_str())),
            "{name} is not documented"
        );
    }
    assert!(
        figures
            .text
            .contains("maitred_refusals_total{code=\"table_taken\"} 1"),
        "{}",
        figures.text
    );
    assert!(
        figures.text.contains("maitred_goodbyes_total{reason="),
        "{}",
        figures.text
    );
    assert!(figures.text.ends_with("# EOF\n"));
}

fn texts_named(text: &str, prefix: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|it| it.starts_with(prefix))
        .map(str::to_owned)
        .collect()
}
