//! Rules about what stands in the source: attributes, left-over work, globals, and which crate may
//! name which outside library.

use super::source::{self, Line};
use super::{Finding, TextFile, has_word};

/// Where axum may be named. Everything else sees our own types.
const AXUM_PLACES: [&str; 2] = ["crates/server/src/surface/", "crates/server/tests/"];
/// Where SQL and its driver may be named.
const SQL_PLACES: [&str; 3] = [
    "crates/journal/src/",
    "crates/journal/tests/",
    "crates/server/tests/",
];
/// What gives SQL away in a string.
const SQL_WORDS: [&str; 4] = ["SELECT ", "INSERT ", "DELETE FROM ", "CREATE TABLE "];
/// Where routes are registered, and what registers one past the OpenAPI document.
const ROUTES_PLACE: &str = "crates/server/src/";
const UNDESCRIBED: [&str; 4] = [".route(", ".route_service(", ".nest(", ".nest_service("];
/// Files whose comments are not Rust's, but in which work is left over all the same.
const OTHER_SOURCES: [&str; 7] = ["ts", "svelte", "js", "mjs", "css", "html", "toml"];

/// A rule looks at one line and says what to do instead.
type Rule = fn(&Line) -> Option<&'static str>;

const EVERYWHERE: [(&str, Rule); 4] = [
    ("allow-attribute", allow_attribute),
    ("ignored-test", ignored_test),
    ("unfinished-code", unfinished_code),
    ("todo-without-issue", |line| todo_without_issue(&line.comment)),
];

pub(super) fn check(file: &TextFile) -> Vec<Finding> {
    let extension = file.path.rsplit('.').next().unwrap_or_default();
    if extension == "rs" {
        return check_rust(&file.path, &file.text);
    }
    if !OTHER_SOURCES.contains(&extension) {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    let left_over = lines.filter_map(|(at, line)| Some((at + 1, todo_without_issue(line)?)));
    left_over
        .map(|(line, instead)| Finding::new(&file.path, line, "todo-without-issue", instead))
        .collect()
}

fn check_rust(path: &str, text: &str) -> Vec<Finding> {
    let mut rules: Vec<(&'static str, Rule)> = EVERYWHERE.to_vec();
    if path.starts_with("crates/") {
        rules.push(("global", global));
        if !in_one_of(path, &SQL_PLACES) {
            rules.push(("sql-outside-journal", sql));
        }
        if path.starts_with(ROUTES_PLACE) {
            rules.push(("undescribed-route", undescribed_route));
        }
        if !in_one_of(path, &AXUM_PLACES) {
            rules.push(("axum-outside-surface", axum));
        }
    }
    let mut findings = Vec::new();
    for (at, line) in source::split(text).iter().enumerate() {
        let broken = rules.iter().filter_map(|(name, rule)| Some((*name, rule(line)?)));
        findings.extend(broken.map(|(name, instead)| Finding::new(path, at + 1, name, instead)));
    }
    findings
}

fn in_one_of(path: &str, places: &[&str]) -> bool {
    places.iter().any(|it| path.starts_with(it))
}

fn allow_attribute(line: &Line) -> Option<&'static str> {
    let code = &line.code;
    let attribute = code.contains("#[allow(") || code.contains("#![allow(");
    let conditional = code.contains("[cfg_attr(") && has_word(code, "allow");
    (attribute || conditional)
        .then_some("write #[expect(..., reason = \"...\")], which complains once it is no longer needed")
}

fn ignored_test(line: &Line) -> Option<&'static str> {
    line.code
        .contains("#[ignore")
        .then_some("mend the test or delete it; one that needs an engine prints that it was skipped")
}

fn unfinished_code(line: &Line) -> Option<&'static str> {
    let unfinished = has_word(&line.code, "todo!") || has_word(&line.code, "unimplemented!");
    unfinished.then_some("finish it, or leave it out until it can be finished")
}

fn todo_without_issue(text: &str) -> Option<&'static str> {
    let marked = has_word(text, "TODO") || has_word(text, "FIXME");
    let numbered = text
        .split('#')
        .skip(1)
        .any(|it| it.starts_with(|first: char| first.is_ascii_digit()));
    (marked && !numbered).then_some("name the issue on the same line, as in #12, or do it now")
}

fn global(line: &Line) -> Option<&'static str> {
    let code = &line.code;
    let item = code.match_indices("static ").any(|(at, _)| {
        // Not the lifetime, and not the end of a longer name.
        !code[..at].ends_with(|it: char| it.is_alphanumeric() || it == '_' || it == '\'')
    });
    let lazy = ["LazyLock", "thread_local!", "lazy_static!"]
        .iter()
        .any(|it| has_word(code, it));
    (item || lazy).then_some("make it a const, or a field of the struct that needs it")
}

fn sql(line: &Line) -> Option<&'static str> {
    let driver = has_word(&line.code, "rusqlite");
    let statement = SQL_WORDS.iter().any(|it| line.strings.contains(it));
    (driver || statement).then_some("ask the journal for it; only crates/journal/src speaks SQL")
}

fn axum(line: &Line) -> Option<&'static str> {
    has_word(&line.code, "axum").then_some(
        "use a type of ours; axum stays in crates/server/src/surface (the list is AXUM_PLACES in tidy)",
    )
}

fn undescribed_route(line: &Line) -> Option<&'static str> {
    UNDESCRIBED.iter().any(|it| line.code.contains(it)).then_some(
        "register it with routes!(...), so that it is in the OpenAPI document, in docs/rights.md and in the tests",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which rules `text` breaks as the file `path`.
    fn broken(path: &str, text: &str) -> Vec<&'static str> {
        let file = TextFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        check(&file).iter().map(|it| it.rule).collect()
    }

    const FLOOR: &str = "crates/floor/src/turn.rs";

    #[test]
    fn allow_is_refused_and_expect_is_not() {
        assert_eq!(broken(FLOOR, "#[allow(dead_code)]"), ["allow-attribute"]);
        assert_eq!(broken(FLOOR, "#![allow(dead_code)]"), ["allow-attribute"]);
        assert_eq!(
            broken(FLOOR, "#[cfg_attr(test, allow(dead_code))]"),
            ["allow-attribute"]
        );
        assert!(broken(FLOOR, "#[expect(dead_code, reason = \"x\")] // not #[allow(").is_empty());
    }

    #[test]
    fn a_test_is_never_ignored() {
        assert_eq!(broken(FLOOR, "#[ignore = \"slow\"]"), ["ignored-test"]);
    }

    #[test]
    fn unfinished_code_does_not_pass() {
        assert_eq!(
            broken(FLOOR, "fn f() { todo!() }\nfn g() { unimplemented!(\"x\") }").len(),
            2
        );
        assert!(broken(FLOOR, "let a = \"todo!()\";").is_empty());
    }

    #[test]
    fn work_left_over_names_its_issue() {
        assert_eq!(broken(FLOOR, "// TODO: later"), ["todo-without-issue"]);
        assert!(broken(FLOOR, "// TODO(#12): later").is_empty());
        assert_eq!(broken("web/src/floor.ts", "// FIXME"), ["todo-without-issue"]);
        assert!(broken("README.md", "a TODO needs a number").is_empty());
    }

    #[test]
    fn crates_have_no_globals() {
        assert_eq!(
            broken(FLOOR, "static COUNT: AtomicU64 = AtomicU64::new(0);"),
            ["global"]
        );
        assert_eq!(broken(FLOOR, "pub static mut COUNT: u64 = 0;"), ["global"]);
        assert_eq!(broken(FLOOR, "use std::sync::LazyLock;"), ["global"]);
        assert!(broken(FLOOR, "const NAMES: &'static [&'static str] = &[];").is_empty());
        assert!(broken("xtask/src/main.rs", "static A: u8 = 1;").is_empty());
    }

    #[test]
    fn only_the_journal_speaks_sql() {
        assert_eq!(broken(FLOOR, "let q = \"SELECT 1\";"), ["sql-outside-journal"]);
        assert_eq!(
            broken("crates/server/src/writer.rs", "use rusqlite::Row;"),
            ["sql-outside-journal"]
        );
        assert!(
            broken(
                "crates/journal/src/sqlite.rs",
                "let q = \"INSERT INTO t\"; use rusqlite;"
            )
            .is_empty()
        );
        assert!(broken(FLOOR, "// SELECT nothing").is_empty());
    }

    #[test]
    fn only_surfaces_name_axum() {
        assert_eq!(
            broken("crates/server/src/writer.rs", "use axum::Json;"),
            ["axum-outside-surface"]
        );
        assert!(broken("crates/server/src/surface/v1/turns.rs", "use axum::Json;").is_empty());
    }
    #[test]
    fn no_route_is_left_undescribed() {
        let path = "crates/server/src/surface/v1/mod.rs";
        let route = "Router::new().route(\"/x\", get(x))";
        assert_eq!(broken(path, route), ["undescribed-route"]);
        assert_eq!(
            broken(path, "Router::new().nest_service(\"/x\", x)"),
            ["undescribed-route"]
        );
        assert!(broken(path, "OpenApiRouter::new().routes(routes!(x)) // not .route(").is_empty());
        assert!(broken("crates/server/tests/it/client.rs", route).is_empty());
    }
}
