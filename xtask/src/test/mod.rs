//! `cargo xtask test`: everything that must hold before a change goes in, from one command.
//!
//! Installs what a fresh Debian machine lacks, runs every step even after one has failed, and ends with
//! what failed, a table and one line `N passed, N failed`.

mod child;
mod counts;
mod leftover;
mod machine;
mod report;
mod steps;
mod trail;

use anyhow::{Result, bail};
use report::Report;
use std::process::ExitCode;

/// How much of the whole to run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// What an automatic build runs.
    Everything,
    /// What one runs while writing Rust: installs nothing, needs no Node.
    Fast,
}

pub(crate) fn run(args: &[String]) -> Result<ExitCode> {
    let scope = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Scope::Everything,
        ["--fast"] => Scope::Fast,
        _ => bail!("usage: cargo xtask test [--fast]"),
    };
    leftover::end_all_when_told_to_stop()?;
    let mut report = Report::default();
    steps::rust(&mut report, scope);
    match scope {
        Scope::Everything => steps::node(&mut report),
        Scope::Fast => report.skip("web, e2e", "--fast leaves out what needs Node"),
    }
    report.print();
    Ok(if report.all_passed() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
