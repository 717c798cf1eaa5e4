//! `cargo xtask tidy`: the rules of the house that neither the compiler nor clippy can see.
//!
//! Reads the files that git tracks and those it would track, and changes nothing. A finding fails the
//! build and says what to do instead; a note only asks for a look.

mod code;
mod dependencies;
mod documents;
mod files;
mod source;

use crate::repo;
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::process::{Command, ExitCode};

/// One place that breaks one rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    path: String,
    line: usize,
    rule: &'static str,
    instead: String,
}

impl Finding {
    fn new(path: &str, line: usize, rule: &'static str, instead: impl Into<String>) -> Finding {
        Finding {
            path: path.to_owned(),
            line,
            rule,
            instead: instead.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.path, self.line, self.rule, self.instead)
    }
}

/// A text file of the repository; `path` is relative to the root, with forward slashes.
struct TextFile {
    path: String,
    text: String,
}

/// What is in the repository: the names of all files, and the text of those that are text.
struct Tree {
    paths: BTreeSet<String>,
    texts: Vec<TextFile>,
}

/// Prints every finding; the exit code is 1 if there is one.
pub(crate) fn run(args: &[String]) -> Result<ExitCode> {
    if !args.is_empty() {
        bail!("usage: cargo xtask tidy");
    }
    let count = check()?;
    println!("tidy: {count} to mend");
    Ok(ExitCode::from(u8::from(count > 0)))
}

/// Prints notes and findings. Returns how many findings there are.
pub(crate) fn check() -> Result<usize> {
    let root = repo::root();
    let tree = read_tree(&root)?;
    for note in files::notes(&tree) {
        println!("note: {note}");
    }
    let mut findings = files::check(&root, &tree);
    findings.extend(tree.texts.iter().flat_map(code::check));
    findings.extend(documents::check(&tree));
    findings.extend(dependencies::check(&tree)?);
    findings.sort_by(|a, b| (&a.path, a.line, a.rule).cmp(&(&b.path, b.line, b.rule)));
    for finding in &findings {
        println!("{finding}");
    }
    Ok(findings.len())
}

fn read_tree(root: &Path) -> Result<Tree> {
    let output = Command::new("git")
        .arg("-c")
        .arg(format!("safe.directory={}", root.display()))
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root)
        .output()
        .context("run git, which knows the repository's files")?;
    if !output.status.success() {
        bail!("git ls-files: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let listed = String::from_utf8(output.stdout).context("read the names of files as UTF-8")?;
    let mut tree = Tree {
        paths: BTreeSet::new(),
        texts: Vec::new(),
    };
    for path in listed.split('\0').filter(|it| !it.is_empty()) {
        // A file deleted but still in git's index is not there any more; pictures are not text.
        let Ok(bytes) = std::fs::read(root.join(path)) else {
            continue;
        };
        if tree.paths.insert(path.to_owned())
            && let Ok(text) = String::from_utf8(bytes)
        {
            tree.texts.push(TextFile {
                path: path.to_owned(),
                text,
            });
        }
    }
    Ok(tree)
}

/// Whether `text` has `word` with no letter, digit or underscore on either side.
fn has_word(text: &str, word: &str) -> bool {
    let part_of_word = |it: char| it.is_alphanumeric() || it == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(part_of_word) && !text[at + word.len()..].starts_with(part_of_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_as_place_rule_and_remedy() {
        let finding = Finding::new(
            "crates/floor/src/turn.rs",
            7,
            "ignored-test",
            "mend it or delete it",
        );
        assert_eq!(
            finding.to_string(),
            "crates/floor/src/turn.rs:7: ignored-test: mend it or delete it"
        );
    }

    #[test]
    fn a_word_is_found_only_whole() {
        assert!(has_word("use axum::Router", "axum"));
        assert!(!has_word("use axum_extra::x", "axum"));
        assert!(!has_word("mastodo!()", "todo"));
    }
}
