//! Figures come from optimised programs only: builds them, and hands over to the optimised benchmark.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

/// Builds the server and this program as they are released, then runs the benchmark with `args` in the latter.
pub(crate) fn build_and_hand_over(args: &[String]) -> Result<()> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release", "--package", "maitred", "--package", "xtask"])
        .status()
        .context("cannot run cargo")?;
    ensure!(built.success(), "the release build failed");
    let bench = beside_release("xtask")?;
    let run = Command::new(&bench).arg("bench").args(args).status();
    let run = run.with_context(|| format!("cannot run {}", bench.display()))?;
    ensure!(run.success(), "the benchmark did not get to its end");
    Ok(())
}

/// The server built beside this optimised program.
pub(crate) fn server() -> Result<PathBuf> {
    let server = beside_release("maitred")?;
    ensure!(
        server.exists(),
        "{} is not built: run `cargo xtask bench`",
        server.display()
    );
    Ok(server)
}

fn beside_release(program: &str) -> Result<PathBuf> {
    let this = env::current_exe()?;
    let target = this
        .parent()
        .and_then(Path::parent)
        .context("not in a target folder")?;
    Ok(target.join("release").join(program))
}
