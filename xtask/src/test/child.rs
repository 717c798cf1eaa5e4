//! Runs one program, shows what it prints as it prints it, and leaves none of its children behind.

use super::counts::Counts;
use super::leftover::Mark;
use super::trail::Trail;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// How a program ended.
pub(super) struct Ended {
    pub(super) well: bool,
    pub(super) printed: Printed,
}

/// What is known of what a program printed.
#[derive(Default)]
pub(super) struct Printed {
    pub(super) counts: Counts,
    pub(super) trail: Trail,
}

/// Longest time one program may take; a fresh machine builds and installs in less.
const MINUTES_MAX: u64 = 30;

/// Time between two looks for processes that a program left behind.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Runs `command` to its end, with its output on our own. Past [`MINUTES_MAX`] it is ended.
pub(super) fn stream(command: &mut Command) -> Result<Ended> {
    stream_for(Duration::from_secs(60 * MINUTES_MAX), command)
}

fn stream_for(limit: Duration, command: &mut Command) -> Result<Ended> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mark = Mark::new();
    mark.put_on(command);
    // One pipe for both, so that what went wrong stands where it did.
    let (output, input) = std::io::pipe().context("make a pipe")?;
    command.stdin(Stdio::null());
    command
        .stdout(input.try_clone().context("share a pipe")?)
        .stderr(input);
    let child = command.spawn().with_context(|| format!("start {name}"));
    // It holds our end of the pipe, which would never close.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = child?;
    let (done, read) = mpsc::sync_channel(1);
    thread::spawn(move || done.send(pass_on(output, std::io::stdout())));
    let (tell, told) = mpsc::sync_channel(1);
    // If nobody waits for it any more, the program was too slow and how it ended does not matter.
    thread::spawn(move || tell.send(child.wait()));
    let ended = told.recv_timeout(limit);
    // Before the reader ends: whoever is left holds the other end of its pipe. Again until it does: a process that
    // is just becoming another program shows no mark for a moment.
    let mut printed = loop {
        mark.end_all();
        match read.recv_timeout(LOOK_AGAIN) {
            Ok(printed) => break printed?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => bail!("the reader of {name} panicked"),
        }
    };
    match ended {
        Ok(status) => Ok(Ended {
            well: status.with_context(|| format!("wait for {name}"))?.success(),
            printed,
        }),
        Err(_) => {
            let said = format!("{name} took longer than {} minutes", limit.as_secs() / 60);
            println!("{said}");
            printed.trail.hear(&said);
            Ok(Ended { well: false, printed })
        }
    }
}

/// Like [`stream`], for a program that has nothing to count: an error when it fails.
pub(super) fn must(command: &mut Command) -> Result<()> {
    let said = format!("{command:?}");
    if !stream(command)?.well {
        bail!("failed: {said}");
    }
    Ok(())
}

fn pass_on(output: impl Read, mut to: impl Write) -> Result<Printed> {
    let mut printed = Printed::default();
    let mut reader = BufReader::new(output);
    let mut line = Vec::new();
    while reader
        .read_until(b'\n', &mut line)
        .context("read what a program prints")?
        > 0
    {
        let text = String::from_utf8_lossy(&line);
        printed.counts += Counts::of_line(&text);
        printed.trail.hear(&text);
        // Nobody may be reading us any more; the tests go on.
        let _closed = to.write_all(&line);
        line.clear();
    }
    Ok(printed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_told_from_a_good_one() {
        assert!(
            !stream(Command::new("sh").args(["-c", "exit 3"]))
                .expect("sh starts")
                .well
        );
        assert!(must(&mut Command::new("true")).is_ok());
        assert!(must(&mut Command::new("false")).is_err());
    }

    #[test]
    fn output_is_passed_on_as_it_is_and_its_tests_are_counted() {
        let output = b"\xff\n# pass 2\nno line break";
        let mut seen = Vec::new();
        let printed = pass_on(&output[..], &mut seen).expect("a slice can be read");
        assert_eq!(printed.counts, Counts { passed: 2, failed: 0 });
        assert_eq!(seen, output);
    }

    #[test]
    fn errors_are_read_where_output_is() {
        let ended = stream(Command::new("sh").args(["-c", "echo one; echo error: two >&2; exit 1"]));
        let ended = ended.expect("sh starts");
        assert_eq!(
            ended.printed.trail.lines().collect::<Vec<_>>(),
            ["error: two", "one"]
        );
    }

    #[test]
    fn a_process_left_behind_is_ended_so_that_its_pipe_closes() {
        let ended = stream(Command::new("sh").args(["-c", "sleep 600 & exit 0"])).expect("sh starts");
        assert!(ended.well);
    }

    #[test]
    fn a_program_that_never_ends_is_ended() {
        let ended = stream_for(
            Duration::ZERO,
            Command::new("sh").args(["-c", "sleep 600; exit 0"]),
        );
        assert!(!ended.expect("sh starts").well);
    }
}
