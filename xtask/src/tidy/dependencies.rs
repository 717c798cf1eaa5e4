//! Rules about what we stand on: a floor and figures without I/O, no mocks, lock files that work anywhere.

use super::{Finding, Tree};
use crate::repo;
use anyhow::{Context, Result, bail};

/// Crates that get time, ids and data as arguments, and nothing in any other way.
const PURE: [&str; 2] = ["floor", "insight"];
/// What would give one of them a clock, a socket, a disk or a die.
const NOT_IN_PURE: [&str; 8] = [
    "axum",
    "getrandom",
    "hyper",
    "rand",
    "reqwest",
    "rusqlite",
    "sqlx",
    "tokio",
];
/// Folders with a `package.json` of their own.
const NODE_FOLDERS: [&str; 2] = ["web", "e2e"];
/// Keeps the address of a registry out of `package-lock.json`.
const LEAVE_OUT_ADDRESSES: &str = "omit-lockfile-registry-resolved=true";

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for package in PURE {
        findings.extend(impure(package, &tree_of(package)?));
    }
    let text = |path: &str| tree.texts.iter().find(|it| it.path == path).map(|it| &*it.text);
    findings.extend(mocks(text("Cargo.lock").unwrap_or_default()));
    for folder in NODE_FOLDERS {
        let lock = format!("{folder}/package-lock.json");
        findings.extend(addresses(&lock, text(&lock).unwrap_or_default()));
        if tree.paths.contains(&format!("{folder}/package.json")) {
            let path = format!("{folder}/.npmrc");
            findings.extend(npm_configuration(&path, text(&path).unwrap_or_default()));
            if !tree.paths.contains(&lock) {
                findings.push(Finding::new(
                    &lock,
                    1,
                    "missing-file",
                    "run npm install and add the lock file",
                ));
            }
        }
    }
    Ok(findings)
}

fn tree_of(package: &str) -> Result<String> {
    let output = repo::cargo()
        .args([
            "tree", "-p", package, "-e", "normal", "--prefix", "none", "--format", "{p}",
        ])
        .output()
        .context("run cargo tree")?;
    if !output.status.success() {
        bail!(
            "cargo tree -p {package}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    String::from_utf8(output.stdout).context("read what cargo tree prints")
}

fn impure(package: &str, tree: &str) -> Vec<Finding> {
    let names = tree.lines().filter_map(|it| it.split(' ').next());
    let mut banned: Vec<&str> = names.filter(|it| NOT_IN_PURE.contains(it)).collect();
    banned.sort_unstable();
    banned.dedup();
    let finding = |name| {
        let instead = format!("{name} came in; {package} gets time, ids and data as arguments");
        Finding::new(
            &format!("crates/{package}/Cargo.toml"),
            1,
            "impure-crate",
            instead,
        )
    };
    banned.into_iter().map(finding).collect()
}

fn mocks(lock: &str) -> Vec<Finding> {
    let named = lock
        .lines()
        .enumerate()
        .filter(|(_, it)| it.starts_with("name = ") && it.contains("mock"));
    named
        .map(|(at, _)| {
            Finding::new(
                "Cargo.lock",
                at + 1,
                "mock-crate",
                "test against the real thing, in memory if need be",
            )
        })
        .collect()
}

fn addresses(path: &str, lock: &str) -> Vec<Finding> {
    let resolved = lock
        .lines()
        .enumerate()
        .filter(|(_, it)| it.contains("\"resolved\": \"http"));
    let instead = format!("put {LEAVE_OUT_ADDRESSES} into .npmrc beside it and write the lock file anew");
    resolved
        .map(|(at, _)| Finding::new(path, at + 1, "registry-address", instead.clone()))
        .collect()
}

fn npm_configuration(path: &str, text: &str) -> Option<Finding> {
    let found = text.lines().any(|it| it.trim() == LEAVE_OUT_ADDRESSES);
    (!found).then(|| Finding::new(path, 1, "npm-configuration", format!("add {LEAVE_OUT_ADDRESSES}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pure_crate_stands_on_nothing_that_does_io() {
        let tree =
            "insight v0.1.0\njiff v0.2.43\ntokio v1.54.0\nmio v1.0.0\ntokio v1.54.0 (*)\nrandom v1.0.0";
        let found = impure("insight", tree);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "crates/insight/Cargo.toml");
        assert!(found[0].instead.starts_with("tokio "));
    }

    #[test]
    fn a_mock_crate_is_found_in_the_lock_file() {
        let found = mocks("[[package]]\nname = \"wiremock\"\nversion = \"1.0.0\"\n");
        assert_eq!(found.iter().map(|it| it.line).collect::<Vec<_>>(), [2]);
        assert!(mocks("name = \"serde\"").is_empty());
    }

    #[test]
    fn a_lock_file_names_no_registry() {
        let lock = "{\n\"resolved\": \"https://example.com/svelte.tgz\",\n\"resolved\": \"../web\"\n}";
        assert_eq!(addresses("e2e/package-lock.json", lock).len(), 1);
        assert!(
            npm_configuration("web/.npmrc", "fund=false\nomit-lockfile-registry-resolved=true\n").is_none()
        );
        assert!(npm_configuration("web/.npmrc", "").is_some());
    }
}
