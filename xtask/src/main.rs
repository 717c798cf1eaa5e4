//! What the builders of maitred run: `cargo xtask test | bench | tidy`.
#![expect(clippy::print_stdout, reason = "the terminal is where its reader sits")]

mod bench;
mod repo;
mod test;
mod tidy;

use anyhow::{Result, bail};
use std::process::ExitCode;

fn main() -> Result<ExitCode> {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    match command.as_str() {
        "test" => test::run(&rest),
        "bench" => bench::run(&rest).map(|()| ExitCode::SUCCESS),
        "tidy" => tidy::run(&rest),
        _ => bail!("usage: cargo xtask test [--fast] | bench | tidy"),
    }
}
