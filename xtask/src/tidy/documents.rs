//! Every path that a document names exists: in backticks, or as the target of a link.
//!
//! Looked at are the `*.md` files in the root and under `docs/`, outside fenced blocks. The change log
//! is left out: it tells what was.

use super::{Finding, TextFile, Tree};
use std::collections::BTreeSet;

/// Folders in the root whose name at the start makes a word a path.
const TOP_FOLDERS: [&str; 7] = [".cargo", ".ci", "crates", "docs", "e2e", "web", "xtask"];
/// Folders that exist only after a build.
const BUILT: [&str; 3] = ["dist", "node_modules", "target"];
/// What stands in a path for a name the reader chooses. Checked up to there.
const PLACEHOLDERS: [char; 8] = ['<', '>', '*', '{', '}', '$', '…', '['];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let places = with_folders(&tree.paths);
    let documents = tree.texts.iter().filter(|it| is_document(&it.path));
    documents.flat_map(|it| check_document(it, &places)).collect()
}

fn is_document(path: &str) -> bool {
    path.ends_with(".md") && path != "CHANGELOG.md" && (!path.contains('/') || path.starts_with("docs/"))
}

/// The files, and every folder above one of them.
fn with_folders(paths: &BTreeSet<String>) -> BTreeSet<&str> {
    let mut places = BTreeSet::new();
    for path in paths {
        places.insert(&**path);
        places.extend(path.match_indices('/').map(|(at, _)| &path[..at]));
    }
    places
}

fn check_document(file: &TextFile, places: &BTreeSet<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut fenced = false;
    for (at, line) in file.text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        let named = in_backticks(line).filter_map(|it| path_named(it, &file.path, places));
        let linked = link_targets(line).filter_map(|it| path_linked(it, &file.path));
        for path in named.chain(linked).filter(|it| !exists(it, places)) {
            let instead = format!("`{path}` does not exist; correct the document or add the file");
            findings.push(Finding::new(&file.path, at + 1, "dead-path", instead));
        }
    }
    findings
}

fn in_backticks(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

fn link_targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|it| it.split(')').next())
}

/// The path that `word` stands for, from the root; nothing if it does not look like one of ours.
fn path_named(word: &str, document: &str, places: &BTreeSet<&str>) -> Option<String> {
    if word.contains(char::is_whitespace) || word.contains("://") {
        return None;
    }
    let word = word.split(['#', ':']).next().unwrap_or_default();
    let Some((first, rest)) = word.split_once('/') else {
        return bare_name(word, document, places);
    };
    if first == "." || first == ".." {
        return path_linked(word, document);
    }
    if TOP_FOLDERS.contains(&first) {
        return Some(word.to_owned());
    }
    // `floor/src/turn.rs` is short for the same path under crates.
    let in_crate = ["src/", "tests/"].iter().any(|it| rest.starts_with(it));
    let krate = format!("crates/{first}");
    (in_crate && places.contains(&*krate)).then(|| format!("crates/{word}"))
}

/// Only documents are known by their bare name; it may stand beside the one that names it.
fn bare_name(word: &str, document: &str, places: &BTreeSet<&str>) -> Option<String> {
    if !word.ends_with(".md") {
        return None;
    }
    path_linked(word, document)
        .filter(|it| exists(it, places))
        .or_else(|| Some(word.to_owned()))
}

/// Where a link leads, from the root; nothing if it leads out of the repository or into the same file.
fn path_linked(target: &str, document: &str) -> Option<String> {
    let target = target.split('#').next().unwrap_or_default();
    if target.is_empty() || target.contains(':') || target.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn exists(path: &str, places: &BTreeSet<&str>) -> bool {
    let known: Vec<&str> = path
        .split('/')
        .take_while(|it| !it.contains(PLACEHOLDERS))
        .collect();
    if known.iter().any(|it| BUILT.contains(it)) {
        return true;
    }
    let known = known.join("/");
    let known = known.trim_end_matches('/');
    known.is_empty() || places.contains(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dead(document: &str, text: &str) -> Vec<usize> {
        let paths = [
            "GLOSSARY.md",
            "crates/floor/src/turn.rs",
            "docs/decisions/README.md",
            "docs/protocol.md",
            "web/package.json",
        ];
        let paths: BTreeSet<String> = paths.iter().map(|it| (*it).to_owned()).collect();
        let file = TextFile {
            path: document.to_owned(),
            text: text.to_owned(),
        };
        check_document(&file, &with_folders(&paths))
            .iter()
            .map(|it| it.line)
            .collect()
    }

    #[test]
    fn a_path_that_exists_is_fine_and_another_is_not() {
        assert!(
            dead(
                "README.md",
                "`crates/floor/src/turn.rs` and `crates/floor/` and `GLOSSARY.md`"
            )
            .is_empty()
        );
        assert_eq!(dead("README.md", "\n`crates/floor/src/party.rs`"), [2]);
        assert_eq!(dead("README.md", "`ARCHITECTURE.md`"), [1]);
    }

    #[test]
    fn a_line_number_and_a_placeholder_are_no_part_of_it() {
        assert!(
            dead(
                "README.md",
                "`crates/floor/src/turn.rs:12` `crates/floor/src/<noun>.rs`"
            )
            .is_empty()
        );
        assert_eq!(dead("README.md", "`crates/hub/src/<noun>.rs`"), [1]);
    }

    #[test]
    fn a_crate_may_be_named_without_its_folder() {
        assert!(dead("README.md", "`floor/src/turn.rs`").is_empty());
        assert_eq!(dead("README.md", "`floor/src/party.rs`"), [1]);
    }

    #[test]
    fn words_that_only_look_similar_are_left_alone() {
        let text = "`GET /docs` `/api/v1/tables` `application/json` `cargo xtask test` `main.rs` `web/dist/`";
        assert!(dead("README.md", text).is_empty());
    }

    #[test]
    fn a_link_is_followed_from_its_own_document() {
        let text =
            "[protocol](../protocol.md#frames) [here](#top) [out](https://example.com/x.md) `README.md`";
        assert!(dead("docs/decisions/README.md", text).is_empty());
        assert_eq!(dead("docs/decisions/README.md", "[protocol](protocol.md)"), [1]);
    }

    #[test]
    fn fenced_blocks_are_examples() {
        assert!(dead("README.md", "```\n`crates/none/src/x.rs`\n```").is_empty());
    }
}
