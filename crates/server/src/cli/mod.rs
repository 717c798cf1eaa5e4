//! The program's commands.

mod answer;
mod audit;
mod demo;
mod init;
mod keys;
mod office;
mod operate;
mod restaurants;
mod secrets;
mod serve;
mod staff;

use crate::config::{Config, LogFormat};
use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use std::io::IsTerminal;
use std::path::PathBuf;
use tracing::subscriber::set_global_default;
use tracing_subscriber::EnvFilter;

/// A real-time floor server for restaurants: every change durable first, then on every screen.
#[derive(Parser)]
#[command(
    name = "maitred",
    version,
    propagate_version = true,
    max_term_width = 100,
    after_help = "Example: maitred init --data /var/lib/maitred harbour-house --name \"Harbour House\"\n         maitred serve --data /var/lib/maitred"
)]
pub struct Cli {
    /// The configuration file. Environment variables MAITRED_* and flags win over it.
    #[arg(long, global = true, default_value = "maitred.toml", env = "MAITRED_CONFIG")]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server.
    #[command(after_help = "Example: maitred serve --data /var/lib/maitred --listen 0.0.0.0:8000")]
    Serve(ServeArgs),
    /// Run a ready-made restaurant with a live evening in it, to look at and to try clients with.
    #[command(
        after_help = "Example: maitred demo --speed 20\n         maitred demo --no-traffic --history 0 --listen 127.0.0.1:8005"
    )]
    Demo(demo::DemoArgs),
    /// Make the first restaurant and the admin who sets up everything else.
    #[command(
        after_help = "Example: maitred init --data /var/lib/maitred harbour-house --name \"Harbour House\" --time-zone America/New_York --currency USD"
    )]
    Init(init::InitArgs),
    /// Open, list, remove and reopen restaurants.
    #[command(
        subcommand,
        after_help = "Example: maitred restaurant list --data /var/lib/maitred"
    )]
    Restaurant(restaurants::RestaurantCommand),
    /// Say who works in a restaurant, and how they sign in.
    #[command(
        subcommand,
        after_help = "Example: maitred staff list --data /var/lib/maitred harbour-house"
    )]
    Staff(staff::StaffCommand),
    /// Make, list and revoke API keys of machines.
    #[command(
        subcommand,
        after_help = "Example: maitred key list --data /var/lib/maitred harbour-house"
    )]
    Key(keys::KeyCommand),
    /// Make an access token for somebody who works in a restaurant, and print it.
    #[command(
        after_help = "Example: TOKEN=$(maitred token --data /var/lib/maitred harbour-house maria --seconds 600)"
    )]
    Token(keys::TokenArgs),
    /// Change the key that signs tokens.
    #[command(
        subcommand,
        after_help = "Example: maitred signing-key rotate --data /var/lib/maitred"
    )]
    SigningKey(keys::SigningKeyCommand),
    /// Print who signed in, who failed to, and what was changed about people and keys.
    #[command(
        after_help = "Example: maitred audit --data /var/lib/maitred harbour-house --limit 20\n         maitred audit --data /var/lib/maitred --json > audit.ndjson"
    )]
    Audit(audit::AuditArgs),
    /// Replay the journal and compare it with its snapshots and read models.
    #[command(after_help = "Example: maitred check --data /var/lib/maitred")]
    Check(DataArgs),
    /// Copy the journal into one file, also while the server runs.
    #[command(after_help = "Example: maitred backup --data /var/lib/maitred monday.maitred")]
    Backup(operate::BackupArgs),
    /// Make a journal from a backup, in an empty folder.
    #[command(after_help = "Example: maitred restore --data /var/lib/maitred monday.maitred")]
    Restore(operate::RestoreArgs),
    /// Print every change of a restaurant as NDJSON.
    #[command(after_help = "Example: maitred export --data /var/lib/maitred harbour-house > changes.ndjson")]
    Export(operate::ExportArgs),
    /// Forget a guest: name, phone and notes, in the journal and in every replay.
    #[command(
        after_help = "Example: maitred erase-guest --data /var/lib/maitred harbour-house --find \"Lindqvist\"\n         maitred erase-guest --data /var/lib/maitred harbour-house 7031"
    )]
    EraseGuest(operate::EraseGuestArgs),
}

/// The roles, as they are typed.
const ROLES: [&str; 7] = [
    "admin", "manager", "host", "waiter", "cashier", "kitchen", "analyst",
];

/// Where the journal is.
#[derive(Args, Clone)]
pub struct DataArgs {
    /// The folder that holds the journal.
    #[arg(long)]
    data: Option<PathBuf>,
}

/// What to list of one restaurant.
#[derive(Args)]
pub struct ListArgs {
    /// The restaurant's slug or id.
    restaurant: String,
    /// One JSON object a line, for programs.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataArgs,
}

/// How to run the server.
#[derive(Args)]
pub struct ServeArgs {
    /// An address to listen at; may be repeated. Port 0 takes a free one.
    #[arg(long)]
    listen: Vec<String>,
    /// The folder that holds the journal.
    #[arg(long)]
    data: Option<PathBuf>,
}

impl Cli {
    /// Does what was asked.
    pub async fn run(self) -> Result<()> {
        let mut config = Config::read(&self.config, |name| std::env::var(name).ok())?;
        if let Command::Demo(args) = &self.command
            && args.is_quiet_by_default(&config)
        {
            config.log = "warn".to_owned();
        }
        start_log(&config)?;
        match self.command {
            Command::Serve(args) => serve::run(config.with(args.listen, args.data)).await,
            Command::Demo(args) => demo::run(config, args).await,
            Command::Init(args) => init::run(config, args).await,
            Command::Restaurant(command) => restaurants::run(config, command).await,
            Command::Staff(command) => staff::run(config, command).await,
            Command::Key(command) => keys::run(config, command).await,
            Command::Token(args) => keys::token(config, args).await,
            Command::SigningKey(command) => keys::signing_key(config, command).await,
            Command::Audit(args) => audit::run(config, args).await,
            Command::Check(args) => operate::check(config.at(args)).await,
            Command::Backup(args) => operate::backup(config, args).await,
            Command::Restore(args) => operate::restore(config, args).await,
            Command::Export(args) => operate::export(config, args).await,
            Command::EraseGuest(args) => operate::erase_guest(config, args).await,
        }
    }
}

impl Config {
    /// The configuration, for the journal that a command names.
    fn at(self, args: DataArgs) -> Config {
        self.with(Vec::new(), args.data)
    }

    /// The configuration with flags laid over it.
    fn with(mut self, listen: Vec<String>, data: Option<PathBuf>) -> Config {
        if !listen.is_empty() {
            self.listen = listen;
        }
        if let Some(data) = data {
            self.data = data;
        }
        self
    }
}

fn start_log(config: &Config) -> Result<()> {
    let filter = EnvFilter::try_new(&config.log)
        .with_context(|| format!("log: `{}` is no level and no filter", config.log))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // Only what we say ourselves (P11): libraries that speak through `log` print whole frames at `trace`,
    // with tokens and guests' names in them.
    match config.log_format {
        LogFormat::Text => set_global_default(log.finish())?,
        LogFormat::Json => set_global_default(log.json().finish())?,
    }
    Ok(())
}

/// Takes in the signals that ask the program to stop, from now on; what it answers completes when one of
/// them has come. To be called before anybody is told that the program is ready.
fn asked_to_stop() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("signals cannot be heard")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("signals cannot be heard")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Cli, ROLES};
    use clap::{Command, CommandFactory};

    #[test]
    fn the_commands_hold_together_and_each_shows_an_example() {
        fn look(command: &Command, path: &str) {
            let path = format!("{path} {}", command.get_name());
            let help = command.get_after_help().map(ToString::to_string);
            assert!(help.unwrap_or_default().contains("Example: "), "{path}");
            for command in command.get_subcommands() {
                look(command, &path);
            }
        }
        Cli::command().debug_assert();
        look(&Cli::command(), "");
    }

    #[test]
    fn every_role_can_be_typed() {
        let roles = crate::rights::ROLES.map(|it| serde_json::json!(it));
        assert_eq!(ROLES.map(|it| serde_json::json!(it)), roles);
    }
}
