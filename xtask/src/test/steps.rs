//! The steps, in order: cheap ones first, and a failed one stops only those that stand on it.

use super::child::{self, Ended, Printed};
use super::report::Report;
use super::{Scope, machine};
use crate::{repo, tidy};
use anyhow::{Context, Result};
use std::env;
use std::path::PathBuf;

/// Set to 1 to check dependencies against the database of advisories, which has to be fetched.
const ADVISORIES: &str = "MAITRED_ADVISORIES";

/// Everything that cargo can tell.
pub(super) fn rust(report: &mut Report, scope: Scope) {
    if scope == Scope::Everything {
        report.step("machine", || done(machine::install_needs()));
        for (step, folder) in [("npm ci web", "web"), ("npm ci e2e", "e2e")] {
            if machine::has_package(folder) {
                report.step(step, || done(machine::install_node_modules(folder)));
            }
        }
    }
    report.step("fmt", || cargo(&["fmt", "--all", "--check"]));
    report.step("tidy", || {
        let count = tidy::check()?;
        Ok(Ended {
            well: count == 0,
            printed: Printed::default(),
        })
    });
    report.step("clippy", || {
        cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
    });
    match scope {
        Scope::Everything => deny(report),
        Scope::Fast => report.skip("deny", "--fast leaves out what changes with dependencies only"),
    }
    // Apart, so that a test that hangs is told from a machine that builds slowly.
    report.step("build tests", || cargo(&["test", "--workspace", "--no-run"]));
    // A failed test must not hide those of the next crate.
    report.step("cargo test", || cargo(&["test", "--workspace", "--no-fail-fast"]));
}

fn deny(report: &mut Report) {
    report.step("deny", || {
        machine::install_cargo_deny()?;
        cargo(&["deny", "check", "licenses", "bans", "sources"])
    });
    if env::var(ADVISORIES).is_ok_and(|it| it == "1") {
        report.step("advisories", || cargo(&["deny", "check", "advisories"]));
    } else {
        let why = format!("needs a database from the network; {ADVISORIES}=1 asks for it");
        report.skip("advisories", &why);
    }
}

/// The web app's own checks, then outside clients against the real binary.
pub(super) fn node(report: &mut Report) {
    if machine::has_package("web") {
        report.step("web check", || npm("web", &["run", "check"]));
        report.step("web test", || npm("web", &["test"]));
    } else {
        report.skip("web", "there is no web/package.json");
    }
    if !machine::has_package("e2e") {
        report.skip("e2e", "there is no e2e/package.json");
    } else if report.step("build", || cargo(&["build", "--package", "maitred"])) {
        report.step("e2e", e2e);
    } else {
        report.skip("e2e", "the binary was not built");
    }
}

fn e2e() -> Result<Ended> {
    let mut command = machine::npm(&repo::root().join("e2e"));
    child::stream(
        command
            .arg("test")
            .env("MAITRED_BIN", binary()?)
            .env("CHROMIUM", machine::chromium()?),
    )
}

/// The program that `build` has just built: cargo puts it where it put us, or next door.
fn binary() -> Result<PathBuf> {
    let own = env::current_exe().context("find this program")?;
    let target = own
        .ancestors()
        .nth(2)
        .context("cargo builds into a folder per profile")?;
    Ok(target.join("debug").join("maitred"))
}

fn cargo(args: &[&str]) -> Result<Ended> {
    child::stream(repo::cargo().args(args))
}

fn npm(folder: &str, args: &[&str]) -> Result<Ended> {
    child::stream(machine::npm(&repo::root().join(folder)).args(args))
}

fn done(result: Result<()>) -> Result<Ended> {
    result.map(|()| Ended {
        well: true,
        printed: Printed::default(),
    })
}
