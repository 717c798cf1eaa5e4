//! `cargo xtask bench`: the budgets of ARCHITECTURE.md measured on the release build, each beside what the machine
//! itself allows in the same run.
//!
//! Load and server share the cores, so times depend on the machine and on the load; the comparable figures are the
//! server's CPU per delivery and the ratios. Nothing here fails for being slow.

mod child;
mod files;
mod frames;
mod house;
mod http;
mod limits;
mod lines;
mod machine;
mod options;
mod proc;
mod release;
mod report;
mod screens;
mod stats;
mod writers;

use std::fs;
use std::io::{Write as _, stderr, stdout};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tokio::task::LocalSet;

use limits::{bare_loop, bare_loop_child};
use lines::Line;
use options::{Options, USAGE};
use report::Row;

/// What all lines of the benchmark share.
#[derive(Debug)]
pub(crate) struct Bench {
    server: PathBuf,
    scratch: PathBuf,
    quick: bool,
}

impl Bench {
    /// How long or how much to measure: `quick` if asked for, else `full`.
    fn pick<T>(&self, quick: T, full: T) -> T {
        if self.quick { quick } else { full }
    }

    /// A data folder's path for the server that a line starts.
    fn data(&self, name: &str) -> PathBuf {
        self.scratch.join(name)
    }
}

/// `args` are what follows `cargo xtask bench`.
pub(crate) fn run(args: &[String]) -> Result<()> {
    if args.first().is_some_and(|arg| arg == bare_loop::CHILD) {
        return bare_loop_child::serve();
    }
    let Some(options) = Options::parse(args)? else {
        writeln!(stdout(), "{USAGE}")?;
        return Ok(());
    };
    if cfg!(debug_assertions) {
        return release::build_and_hand_over(args);
    }
    measure(&options)
}

fn measure(options: &Options) -> Result<()> {
    let server = options.server.clone().map_or_else(release::server, Ok)?;
    // On the disk of the build, as a folder for temporary files may lie in memory.
    let scratch = tempfile::tempdir_in(server.parent().filter(|it| it.is_dir()).unwrap_or(Path::new(".")))?;
    let bench = Bench {
        server,
        scratch: scratch.path().to_owned(),
        quick: options.quick,
    };
    let mut machine = machine::facts();
    let mut busiest = None;
    let mut rows = Vec::new();
    let mut failures = Vec::new();
    for line in Line::ALL.into_iter().filter(|line| options.wants(line.name())) {
        busiest = busiest.max(machine::busy_with_others());
        let started = Instant::now();
        write!(stderr(), "{:<10} … ", line.name())?;
        match run_line(&bench, line) {
            Ok(found) => rows.extend(found),
            Err(error) => failures.push(format!("{}: {error:#}", line.name())),
        }
        writeln!(stderr(), "{:.1} s", started.elapsed().as_secs_f64())?;
    }
    machine["busy_with_others_percent"] = json!(busiest);
    tell(options, &machine, &rows, &failures)?;
    ensure!(failures.is_empty(), "{} of the lines failed", failures.len());
    Ok(())
}

/// One thread does all the load, which leaves the other core to the server.
fn run_line(bench: &Bench, line: Line) -> Result<Vec<Row>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let limit = line.time_max();
    LocalSet::new().block_on(&runtime, async {
        tokio::time::timeout(limit, line.run(bench))
            .await
            .with_context(|| format!("not done after {limit:?}"))?
    })
}

fn tell(options: &Options, machine: &Value, rows: &[Row], failures: &[String]) -> Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "\n{}\n\n{}", machine::summary(machine), report::table(rows))?;
    for failure in failures {
        writeln!(out, "\nFAILED {failure}")?;
    }
    if let Some(file) = &options.json {
        let json = report::to_json(machine, options.quick, rows, failures);
        fs::write(file, format!("{json:#}\n")).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}
