//! Not built yet.

use anyhow::{Result, bail};
use std::process::ExitCode;

pub(crate) fn run(_args: &[String]) -> Result<ExitCode> {
    bail!("`cargo xtask test` does not exist yet")
}
