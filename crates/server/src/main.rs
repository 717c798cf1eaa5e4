//! The program: read, start, run, exit code.

use clap::Parser;
use maitred::cli::Cli;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "the last word before the program ends")]
fn complain(error: &anyhow::Error) {
    eprintln!("maitred: {error:#}");
}
