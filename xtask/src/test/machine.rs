//! What a fresh Debian machine lacks for the tests, and how it gets it.

use super::child;
use crate::repo;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What steps need beside Rust itself, with Debian's package for each.
const NEEDS: [Need; 10] = [
    Need {
        what: What::Program("node"),
        package: "nodejs",
        needed_in: &["web", "e2e"],
    },
    Need {
        what: What::Program("npm"),
        package: "npm",
        needed_in: &["web", "e2e"],
    },
    Need {
        what: What::Program("chromium"),
        package: "chromium",
        needed_in: &["e2e"],
    },
    // Reverse proxies, to try the operator's document with.
    Need {
        what: What::Program("nginx"),
        package: "nginx",
        needed_in: &["e2e"],
    },
    Need {
        what: What::Program("caddy"),
        package: "caddy",
        needed_in: &["e2e"],
    },
    Need {
        what: What::Program("openssl"),
        package: "openssl",
        needed_in: &["e2e"],
    },
    // The examples in a document, which are run as they are printed.
    Need {
        what: What::Program("curl"),
        package: "curl",
        needed_in: &["e2e"],
    },
    Need {
        what: What::PythonModule("websockets"),
        package: "python3-websockets",
        needed_in: &["e2e"],
    },
    // The Socket.IO client of Python, and what it needs beside itself to reach a server.
    Need {
        what: What::PythonModule("socketio"),
        package: "python3-socketio",
        needed_in: &["e2e"],
    },
    Need {
        what: What::PythonModule("aiohttp"),
        package: "python3-aiohttp",
        needed_in: &["e2e"],
    },
];

/// `deny.toml` is written for this version; older ones read its fields differently.
const CARGO_DENY_MIN: (u32, u32) = (0, 18);

struct Need {
    what: What,
    package: &'static str,
    /// Folders with a `package.json`; without one of these nothing is installed.
    needed_in: &'static [&'static str],
}

#[derive(Clone, Copy)]
enum What {
    Program(&'static str),
    /// A module of the system's own Python.
    PythonModule(&'static str),
}

/// Debian's Python. Another one on `PATH` does not see the modules that Debian installs.
const PYTHON: &str = "/usr/bin/python3";

/// Installs the missing ones of [`NEEDS`], which takes root and Debian.
pub(super) fn install_needs() -> Result<()> {
    let missing: Vec<&str> = NEEDS
        .iter()
        .filter(|it| it.needed_in.iter().any(|folder| has_package(folder)))
        .filter(|it| !is_installed(it.what))
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

fn is_installed(what: What) -> bool {
    match what {
        What::Program(name) => is_program(name),
        What::PythonModule(name) => is_python_module(name),
    }
}

/// Whether a program is there. Debian has servers in a folder that only root's `PATH` names.
fn is_program(name: &str) -> bool {
    repo::find_program(name).is_some() || Path::new("/usr/sbin").join(name).is_file()
}

/// Whether Python is there and finds a module.
fn is_python_module(name: &str) -> bool {
    let find = "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)";
    let found = Command::new(PYTHON).args(["-c", find, name]).status();
    found.is_ok_and(|it| it.success())
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
    fn a_module_of_python_is_found_if_it_is_there() {
        assert!(!is_python_module("no_such_module"));
        assert_eq!(is_python_module("json"), Path::new(PYTHON).is_file());
    }

    #[test]
    fn the_version_of_cargo_deny_is_read() {
        assert_eq!(version("cargo-deny 0.20.2\n"), Some((0, 20)));
        assert_eq!(version("error: no such command: `deny`"), None);
        assert!((0, 9) < CARGO_DENY_MIN);
    }
}
