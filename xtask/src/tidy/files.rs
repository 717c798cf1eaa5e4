//! Rules about files as such: how long, how named, which must be there, and what none may contain.

use super::{Finding, TextFile, Tree};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Lines a source file may have.
const LINES_MAX: usize = 800;
/// Lines past which a source file is worth a second look.
const LINES_NOTED: usize = 400;
/// Sources whose length is counted.
const COUNTED: [&str; 5] = [".rs", ".ts", ".svelte", ".js", ".mjs"];
/// Written by a program, read by a compiler: as long as they need to be.
const GENERATED: &str = ".gen.ts";

/// Names that say nothing about what is inside.
const DRAWERS: [&str; 6] = ["util", "utils", "helper", "helpers", "common", "misc"];

const REQUIRED: [&str; 10] = [
    ".ci/run",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "deny.toml",
    "docs/decisions/README.md",
    "rustfmt.toml",
];

// Spelled in halves, so that this file does not find itself.
const MACHINE_PATHS: [&str; 2] = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];
const REGISTRY_HOSTS: [&str; 6] = [
    concat!("index.cra", "tes.io"),
    concat!("static.cra", "tes.io"),
    concat!("registry.np", "mjs.org"),
    concat!("registry.ya", "rnpkg.com"),
    concat!("py", "pi.org"),
    concat!("files.python", "hosted.org"),
];

/// Files that are long enough to ask whether they hold two things.
pub(super) fn notes(tree: &Tree) -> Vec<Finding> {
    let long = tree.texts.iter().filter(|it| is_counted(&it.path));
    long.filter_map(|it| match it.text.lines().count() {
        count @ LINES_NOTED..=LINES_MAX if count > LINES_NOTED => Some(Finding::new(
            &it.path,
            1,
            "length",
            format!("{count} lines; is a noun waiting to move out?"),
        )),
        _ => None,
    })
    .collect()
}

pub(super) fn check(root: &Path, tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<Finding> = tree.texts.iter().flat_map(check_text).collect();
    findings.extend(tree.paths.iter().filter_map(|it| check_name(it)));
    findings.extend(check_required(tree));
    let ci = root.join(".ci/run").metadata();
    if ci.is_ok_and(|it| it.permissions().mode() & 0o111 == 0) {
        findings.push(Finding::new(".ci/run", 1, "not-executable", "chmod +x .ci/run"));
    }
    findings
}

fn check_text(file: &TextFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let count = file.text.lines().count();
    if is_counted(&file.path) && count > LINES_MAX {
        let instead = format!("{count} lines; split by noun, {LINES_MAX} is the limit");
        findings.push(Finding::new(&file.path, 1, "too-long", instead));
    }
    for (at, line) in file.text.lines().enumerate() {
        if MACHINE_PATHS.iter().any(|it| starts_a_path(line, it)) {
            let instead = "name the file from the repository's root; other machines look different";
            findings.push(Finding::new(&file.path, at + 1, "machine-path", instead));
        }
        if REGISTRY_HOSTS.iter().any(|it| line.contains(it)) {
            let instead = "leave the registry to the reader's own configuration";
            findings.push(Finding::new(&file.path, at + 1, "registry-host", instead));
        }
    }
    findings
}

fn check_name(path: &str) -> Option<Finding> {
    let is_source = COUNTED.iter().any(|it| path.ends_with(it));
    let named = path
        .split('/')
        .any(|it| DRAWERS.contains(&it.split('.').next().unwrap_or_default()));
    (is_source && named).then(|| {
        Finding::new(
            path,
            1,
            "drawer",
            "name it for the noun inside, or keep the function with its caller",
        )
    })
}

fn check_required(tree: &Tree) -> Vec<Finding> {
    let missing = REQUIRED.iter().filter(|it| !tree.paths.contains(**it));
    let mut findings: Vec<Finding> = missing
        .map(|it| {
            Finding::new(
                it,
                1,
                "missing-file",
                "add it; a newcomer or the build looks here",
            )
        })
        .collect();
    let blank = tree
        .texts
        .iter()
        .filter(|it| REQUIRED.contains(&&*it.path) && it.text.trim().is_empty());
    findings.extend(blank.map(|it| Finding::new(&it.path, 1, "empty-file", "write it; it is read first")));
    findings
}

fn is_counted(path: &str) -> bool {
    COUNTED.iter().any(|it| path.ends_with(it)) && !path.ends_with(GENERATED)
}

/// Whether `folder` stands in `line` as the start of a path, not in the middle of a longer one.
fn starts_a_path(line: &str, folder: &str) -> bool {
    let goes_on = |it: char| it.is_alphanumeric() || "_-.~*}>)".contains(it);
    line.match_indices(folder)
        .any(|(at, _)| !line[..at].ends_with(goes_on))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn rules_for(path: &str, text: &str) -> Vec<&'static str> {
        let file = TextFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        check_text(&file).iter().map(|it| it.rule).collect()
    }

    #[test]
    fn a_source_file_ends_at_its_limit() {
        assert!(rules_for("web/src/floor.ts", &"x\n".repeat(LINES_MAX)).is_empty());
        assert_eq!(
            rules_for("web/src/floor.ts", &"x\n".repeat(LINES_MAX + 1)),
            ["too-long"]
        );
        assert!(rules_for("web/src/contract.gen.ts", &"x\n".repeat(LINES_MAX + 1)).is_empty());
        assert!(rules_for("docs/protocol.md", &"x\n".repeat(LINES_MAX + 1)).is_empty());
    }

    #[test]
    fn a_long_file_is_noted_before_it_is_refused() {
        let file = |count| TextFile {
            path: "a.rs".to_owned(),
            text: "x\n".repeat(count),
        };
        let noted = |count| {
            notes(&Tree {
                paths: BTreeSet::new(),
                texts: vec![file(count)],
            })
            .len()
        };
        assert_eq!(
            (noted(LINES_NOTED), noted(LINES_NOTED + 1), noted(LINES_MAX + 1)),
            (0, 1, 0)
        );
    }

    #[test]
    fn drawers_have_no_place() {
        assert!(check_name("crates/server/tests/common/mod.rs").is_some());
        assert!(check_name("web/src/utils.test.ts").is_some());
        assert!(check_name("crates/floor/src/commonplace.rs").is_none());
    }

    #[test]
    fn a_path_of_one_machine_is_found() {
        let folder = MACHINE_PATHS[0];
        assert_eq!(
            rules_for("README.md", &format!("see {folder}notes")),
            ["machine-path"]
        );
        assert!(rules_for("README.md", &format!("see docs{folder}notes")).is_empty());
    }

    #[test]
    fn a_registry_host_is_found_in_any_file() {
        assert_eq!(
            rules_for("web/package-lock.json", REGISTRY_HOSTS[2]),
            ["registry-host"]
        );
        assert!(
            rules_for(
                "Cargo.lock",
                "registry+https://github.com/rust-lang/crates.io-index"
            )
            .is_empty()
        );
    }

    #[test]
    fn what_a_newcomer_reads_first_must_be_there_and_say_something() {
        let mut paths: BTreeSet<String> = REQUIRED.iter().map(|it| (*it).to_owned()).collect();
        paths.remove("deny.toml");
        let readme = TextFile {
            path: "README.md".to_owned(),
            text: "\n".to_owned(),
        };
        let found = check_required(&Tree {
            paths,
            texts: vec![readme],
        });
        let rules: Vec<_> = found.iter().map(|it| (&*it.path, it.rule)).collect();
        assert_eq!(
            rules,
            [("deny.toml", "missing-file"), ("README.md", "empty-file")]
        );
    }
}
