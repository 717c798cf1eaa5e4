//! What an operator does with the journal as a whole: check, backup, restore, export, erase.

use super::DataArgs;
use super::answer::{is_read, say};
use super::office::Office;
use crate::config::Config;
use crate::server::journal_config;
use anyhow::{Context, Result, bail};
use clap::Args;
use floor::{GuestDetails, GuestId, RestaurantId, Seq};
use journal::{BackupProgress, Journal, Progress, Report};
use serde_json::json;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct BackupArgs {
    /// The file to write. An older one is replaced when the new one is whole.
    file: PathBuf,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args)]
pub(super) struct RestoreArgs {
    /// The backup's file.
    file: PathBuf,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args)]
pub(super) struct ExportArgs {
    /// The restaurant's slug or id.
    restaurant: String,
    /// Begin right behind this change.
    #[arg(long, default_value_t = 0)]
    after: u64,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args)]
pub(super) struct EraseGuestArgs {
    /// The restaurant's slug or id.
    restaurant: String,
    /// The guest's id.
    #[arg(required_unless_present = "find")]
    guest_id: Option<u64>,
    /// Lists the guests whose name or notes contain this, and erases nobody. What a guest typed on a phone is
    /// notes without a name.
    #[arg(long, conflicts_with = "guest_id")]
    find: Option<String>,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn check(config: Config) -> Result<()> {
    let journal = Journal::open_to_read(&journal_config(&config)).await?;
    let report = journal
        .check(on_terminal(|it: Progress| {
            format!(
                "{} of {} restaurants, {} changes",
                it.n_restaurants_done, it.n_restaurants, it.n_changes
            )
        }))
        .await?;
    for finding in &report.findings {
        say(&finding.to_string())?;
    }
    let Report {
        n_restaurants,
        n_changes,
        n_snapshots,
        n_turns,
        n_findings_left_out,
        ..
    } = report;
    say(&format!(
        "replayed {n_changes} changes of {n_restaurants} restaurants, compared {n_snapshots} snapshots and {n_turns} turns"
    ))?;
    let n_findings = report.findings.len() as u64 + n_findings_left_out;
    if n_findings > 0 {
        bail!("the journal is not in order: {n_findings} findings");
    }
    say("the journal is in order")?;
    Ok(())
}

pub(super) async fn backup(config: Config, args: BackupArgs) -> Result<()> {
    let config = config.at(args.data);
    let journal = Journal::open_to_read(&journal_config(&config)).await?;
    let progress = |it: BackupProgress| format!("{} of {} bytes", it.bytes_done, it.bytes);
    journal.backup(&args.file, on_terminal(progress)).await?;
    say(&format!(
        "backed up {} to {}",
        config.data.display(),
        args.file.display()
    ))?;
    Ok(())
}

pub(super) async fn restore(config: Config, args: RestoreArgs) -> Result<()> {
    let config = config.at(args.data);
    Journal::restore(&args.file, &journal_config(&config)).await?;
    say(&format!(
        "restored {} from {}",
        config.data.display(),
        args.file.display()
    ))?;
    Ok(())
}

pub(super) async fn export(config: Config, args: ExportArgs) -> Result<()> {
    const PAGE: usize = 1_000;
    let config = config.at(args.data);
    let journal = Journal::open_to_read(&journal_config(&config)).await?;
    let id = find(&journal, &args.restaurant).await?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut after = Seq(args.after);
    loop {
        let changes = journal.changes(id, after, PAGE).await?;
        let Some(last) = changes.last() else { break };
        after = last.seq;
        for change in &changes {
            let line = serde_json::to_string(change)?;
            if !is_read(writeln!(out, "{line}"))? {
                return Ok(());
            }
        }
    }
    is_read(out.flush()).map(drop)
}

pub(super) async fn erase_guest(config: Config, args: EraseGuestArgs) -> Result<()> {
    let config = config.at(args.data);
    if let Some(name) = args.find {
        let journal = Journal::open_to_read(&journal_config(&config)).await?;
        let id = find(&journal, &args.restaurant).await?;
        for entry in journal.find_guests(id, &name, 100).await? {
            let GuestDetails { name, notes, .. } = entry.details;
            let notes = notes.map(|it| format!("(notes) {it}"));
            let known = name.map(|it| it.to_string()).or(notes).unwrap_or_default();
            say(&format!("{}\t{known}", entry.guest_id.0))?;
        }
        return Ok(());
    }
    let guest_id = GuestId(args.guest_id.context("name a guest id")?);
    let command = json!({ "command": "erase_guest", "guest_id": guest_id.0 });
    Office::visit(&config, async |it| it.command(&args.restaurant, command).await).await?;
    say(&format!(
        "guest {} is forgotten; backups made before still hold the entry",
        guest_id.0
    ))?;
    Ok(())
}

async fn find(journal: &Journal, restaurant: &str) -> Result<RestaurantId> {
    let all = journal.restaurants().await?;
    let named = all
        .iter()
        .find(|it| it.slug == restaurant || it.id.to_string() == restaurant);
    match named {
        Some(entry) => Ok(entry.id),
        None => bail!("there is no restaurant `{restaurant}`; see: maitred restaurant list"),
    }
}

/// Shows progress, in one line, to a person at a terminal.
#[expect(clippy::print_stderr, reason = "progress is for the person at the terminal")]
fn on_terminal<T>(text: impl Fn(T) -> String) -> impl FnMut(T) {
    let is_watched = std::io::stderr().is_terminal();
    move |progress| {
        if is_watched {
            eprint!("\r{}\u{1b}[K", text(progress));
        }
    }
}
