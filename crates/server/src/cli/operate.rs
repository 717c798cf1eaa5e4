//! What an operator does beside running the server: restaurants, check, backup, export, erase.

use super::DataArgs;
use crate::clock::Clock;
use crate::config::Config;
use crate::floors::Floors;
use crate::identity::{Pass, Reach, Staff};
use crate::metrics::Metrics;
use crate::server::journal_config;
use crate::surface::v1::DIALECT;
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use floor::{Command, GuestId, Label, RestaurantId, Role, Seq, Settings};
use hub::Hub;
use journal::{BackupProgress, Journal, Progress, Report};
use std::io::{BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Subcommand)]
pub(super) enum RestaurantCommand {
    /// Open a new restaurant.
    #[command(
        after_help = "Example: maitred restaurant add --data /var/lib/maitred harbour-house --name \"Harbour House\" --time-zone America/New_York"
    )]
    Add(AddArgs),
    /// List the restaurants.
    List(DataArgs),
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// Its short name in addresses: small letters, digits and dashes.
    slug: String,
    /// What guests call it.
    #[arg(long)]
    name: String,
    /// Its IANA time zone.
    #[arg(long, default_value = "UTC")]
    time_zone: String,
    /// Its currency, as an ISO 4217 code.
    #[arg(long, default_value = "USD")]
    currency: String,
    #[command(flatten)]
    data: DataArgs,
}

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
    /// Lists the guests whose name contains this, and erases nobody.
    #[arg(long, conflicts_with = "guest_id")]
    find: Option<String>,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn restaurant(config: Config, command: RestaurantCommand) -> Result<()> {
    match command {
        RestaurantCommand::Add(args) => add(config, args).await,
        RestaurantCommand::List(args) => list(config.with(Vec::new(), args.data)).await,
    }
}

async fn add(config: Config, args: AddArgs) -> Result<()> {
    let config = config.with(Vec::new(), args.data.data);
    let is_slug = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    if args.slug.is_empty() || args.slug.len() > 60 || !args.slug.chars().all(is_slug) {
        bail!(
            "a slug has 1 to 60 small letters, digits and dashes, got `{}`",
            args.slug
        );
    }
    if args.slug.chars().all(|it| it.is_ascii_digit()) {
        bail!("a slug must not be a number: numbers are ids");
    }
    let settings = Settings {
        time_zone: args.time_zone.try_into().context("--time-zone")?,
        currency: args.currency.try_into().context("--currency")?,
        ..Settings::named(Label::new(&args.name).context("--name")?)
    };
    let floors = own(&config).await?;
    let id = floors.add_restaurant(&args.slug).await?;
    let pass = operator(id)?;
    floors
        .enter(&pass)
        .await?
        .ask(Command::OpenRestaurant(settings), pass.by("operator"), None)
        .await?;
    floors.close().await;
    say(&format!("restaurant {id} `{}` is open", args.slug));
    Ok(())
}

async fn list(config: Config) -> Result<()> {
    let journal = Journal::open_to_read(&journal_config(&config)).await?;
    for entry in journal.restaurants().await? {
        let head = journal.head(entry.id).await?;
        say(&format!("{}\t{}\t{head} changes", entry.id, entry.slug));
    }
    Ok(())
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
        say(&finding.to_string());
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
    ));
    let n_findings = report.findings.len() as u64 + n_findings_left_out;
    if n_findings > 0 {
        bail!("the journal is not in order: {n_findings} findings");
    }
    say("the journal is in order");
    Ok(())
}

pub(super) async fn backup(config: Config, args: BackupArgs) -> Result<()> {
    let config = config.with(Vec::new(), args.data.data);
    let journal = Journal::open_to_read(&journal_config(&config)).await?;
    let progress = |it: BackupProgress| format!("{} of {} bytes", it.bytes_done, it.bytes);
    journal.backup(&args.file, on_terminal(progress)).await?;
    say(&format!(
        "backed up {} to {}",
        config.data.display(),
        args.file.display()
    ));
    Ok(())
}

pub(super) async fn restore(config: Config, args: RestoreArgs) -> Result<()> {
    let config = config.with(Vec::new(), args.data.data);
    Journal::restore(&args.file, &journal_config(&config)).await?;
    say(&format!(
        "restored {} from {}",
        config.data.display(),
        args.file.display()
    ));
    Ok(())
}

pub(super) async fn export(config: Config, args: ExportArgs) -> Result<()> {
    const PAGE: usize = 1_000;
    let config = config.with(Vec::new(), args.data.data);
    let journal = Journal::open_to_read(&journal_config(&config)).await?;
    let id = find(&journal, &args.restaurant).await?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut after = Seq(args.after);
    loop {
        let changes = journal.changes(id, after, PAGE).await?;
        let Some(last) = changes.last() else { break };
        after = last.seq;
        for change in &changes {
            serde_json::to_writer(&mut out, change)?;
            out.write_all(b"\n")?;
        }
    }
    out.flush()?;
    Ok(())
}

pub(super) async fn erase_guest(config: Config, args: EraseGuestArgs) -> Result<()> {
    let config = config.with(Vec::new(), args.data.data);
    if let Some(name) = args.find {
        let journal = Journal::open_to_read(&journal_config(&config)).await?;
        let id = find(&journal, &args.restaurant).await?;
        for entry in journal.find_guests(id, &name, 100).await? {
            let name = entry.details.name.map(|it| it.to_string()).unwrap_or_default();
            say(&format!("{}\t{name}", entry.guest_id.0));
        }
        return Ok(());
    }
    let guest_id = GuestId(args.guest_id.context("name a guest id")?);
    let floors = own(&config).await.context(
        "while the server runs, ask it instead: POST /v1/restaurants/R/commands {\"command\":\"erase_guest\",\"guest_id\":N}",
    )?;
    let id = find(floors.journal(), &args.restaurant).await?;
    if floors.journal().guests(id, &[guest_id]).await?.is_empty() {
        bail!("there is no guest {} in this restaurant", guest_id.0);
    }
    let pass = operator(id)?;
    let floor = floors.enter(&pass).await?;
    floor
        .ask(Command::EraseGuest { guest_id }, pass.by("operator"), None)
        .await?;
    floors.close().await;
    say(&format!(
        "guest {} is forgotten; backups made before still hold the entry",
        guest_id.0
    ));
    Ok(())
}

/// The floors of a journal that no server runs on.
async fn own(config: &Config) -> Result<Floors> {
    let journal = Journal::open(&journal_config(config)).await?;
    let floors = Floors::start(
        journal,
        Hub::new(),
        Clock::System,
        Metrics::default(),
        vec![DIALECT],
    )
    .await?;
    Ok(floors)
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

fn operator(restaurant_id: RestaurantId) -> Result<Pass> {
    let staff = Staff {
        staff_id: None,
        name: "operator".to_owned(),
        roles: vec![Role::Admin],
        reach: Reach::All,
        is_key: true,
    };
    Ok(Arc::new(staff).enter(restaurant_id)?)
}

#[expect(clippy::print_stdout, reason = "this is the command's answer")]
fn say(text: &str) {
    println!("{text}");
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
