//! What a fresh Debian machine lacks for the tests, and how it gets it.

use super::child;
use crate::repo;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Programs that steps need beside Rust itself, with Debian's package for each.
const PROGRAMS: [Program; 6] = [
    Program {
        name: "node",
        package: "nodejs",
        needed_in: &["web", "e2e"],
    },
    Program {
        name: "npm",
        package: "npm",
        needed_in: &["web", "e2e"],
    },
    Program {
        name: "chromium",
        package: "chromium",
        needed_in: &["e2e"],
    },
    // Reverse proxies, to try the operator's document with.
    Program {
        name: "nginx",
        package: "nginx",
        needed_in: &["e2e"],
    },
    Program {
        name: "caddy",
        package: "caddy",
        needed_in: &["e2e"],
    },
    Program {
        name: "openssl",
        package: "openssl",
        needed_in: &["e2e"],
    },
];

/// `deny.toml` is written for this version; older ones read its fields differently.
const CARGO_DENY_MIN: (u32, u32) = (0, 18);

struct Program {
    name: &'static str,
    package: &'static str,
    /// Folders with a `package.json`; without one of these nothing is installed.
    needed_in: &'static [&'static str],
}

/// Installs the missing ones of [`PROGRAMS`], which takes root and Debian.
pub(super) fn install_programs() -> Result<()> {
    let missing: Vec<&str> = PROGRAMS
        .iter()
        .filter(|it| it.needed_in.iter().any(|folder| has_package(folder)))
        .filter(|it| !is_installed(it.name))
        .map(|it| it.package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !rustix::process::geteuid().is_root() || repo::find_program("apt-get").is_none() {
        bail!("missing: {list}; install them (on Debian: apt-get install {list}) and run again");
    }
    println!("installing {list}");
    child::must(apt_get().arg("update"))?;
    child::must(
        apt_get()
            .args(["install", "--yes", "--no-install-recommends"])
            .args(missing),
    )
}

/// Whether `program` is there. Debian has servers in a folder that only root's `PATH` names.
fn is_installed(program: &str) -> bool {
    repo::find_program(program).is_some() || Path::new("/usr/sbin").join(program).is_file()
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["-o", "DPkg::Lock::Timeout=300", "-q"]);
    command
}

/// Installs cargo-deny if it is absent or too old.
pub(super) fn install_cargo_deny() -> Result<()> {
    let found = cargo_deny_version();
    if found.is_some_and(|it| it >= CARGO_DENY_MIN) {
        return Ok(());
    }
    println!("cargo-deny is absent or too old: installing it, which takes some minutes, this once");
    child::must(repo::cargo().args(["install", "cargo-deny", "--locked"]))
}

fn cargo_deny_version() -> Option<(u32, u32)> {
    let output = repo::cargo().args(["deny", "--version"]).output().ok()?;
    version(&String::from_utf8_lossy(&output.stdout))
}

/// Reads `cargo-deny 0.20.2`.
fn version(said: &str) -> Option<(u32, u32)> {
    let mut parts = said.trim().strip_prefix("cargo-deny ")?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Whether `folder`, named from the root, is a Node package.
pub(super) fn has_package(folder: &str) -> bool {
    repo::root().join(folder).join("package.json").is_file()
}

/// Gets what the lock file of `folder` names, unless it is there already.
pub(super) fn install_node_modules(folder: &str) -> Result<()> {
    let folder = repo::root().join(folder);
    if is_fresh(&folder) {
        println!("{}/node_modules is up to date", folder.display());
        return Ok(());
    }
    child::must(npm(&folder).arg("ci"))
}

/// npm in `folder`, without the browsers that a package may want to fetch beside it.
pub(super) fn npm(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    command
        .current_dir(folder)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    command
}

/// Whether npm wrote `node_modules` after the last change to what it reads.
fn is_fresh(folder: &Path) -> bool {
    let changed = |it: &str| fs::metadata(folder.join(it)).and_then(|it| it.modified()).ok();
    let Some(installed) = changed("node_modules/.package-lock.json") else {
        return false;
    };
    ["package.json", "package-lock.json"]
        .iter()
        .all(|it| changed(it).is_some_and(|it| it <= installed))
}

/// The browser that the end-to-end tests drive.
pub(super) fn chromium() -> Result<PathBuf> {
    repo::find_program("chromium").context("find chromium on PATH")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_cargo_deny_is_read() {
        assert_eq!(version("cargo-deny 0.20.2\n"), Some((0, 20)));
        assert_eq!(version("error: no such command: `deny`"), None);
        assert!((0, 9) < CARGO_DENY_MIN);
    }
}
