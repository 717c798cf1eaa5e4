//! `maitred demo`.

use super::answer::say;
use super::asked_to_stop;
use crate::clock::Clock;
use crate::config::Config;
use crate::demo::{self, ACCOUNTS, House, PASSWORD, Past};
use crate::limits::Limits;
use crate::server::{Server, journal_config};
use anyhow::{Context, Result, bail};
use clap::Args;
use journal::Journal;
use std::path::PathBuf;

/// How to run the demo.
#[derive(Args)]
pub(super) struct DemoArgs {
    /// An address to listen at; may be repeated. Port 0 takes a free one.
    #[arg(long)]
    listen: Vec<String>,
    /// A folder to keep the demo's journal in. Without it, a temporary one is used and removed.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Days of past evenings to make up, in a new journal.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(0..=3660))]
    history: u32,
    /// Nobody comes: the house stands empty for you to use.
    #[arg(long)]
    no_traffic: bool,
    /// How many minutes of the evening pass in a minute.
    #[arg(long, default_value_t = 10.0)]
    speed: f64,
    /// The same seed makes up the same evenings.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Extra restaurants for measuring, `bench-1` and so on, each with the key `bench-key-1` and so on.
    #[arg(long, default_value_t = 0, hide = true)]
    restaurants: u64,
}

impl DemoArgs {
    /// The demo prints what one needs to know; its log speaks up only when something is wrong.
    pub(super) fn is_quiet_by_default(&self, config: &Config) -> bool {
        config.log == Config::default().log
    }
}

/// Runs the demo until it is asked to stop.
pub(super) async fn run(config: Config, args: DemoArgs) -> Result<()> {
    if !(args.speed.is_finite() && args.speed > 0.0 && args.speed <= 1_000.0) {
        bail!("--speed must be above 0 and at most 1000");
    }
    let temporary = match &args.data {
        Some(_) => None,
        None => Some(
            tempfile::Builder::new()
                .prefix("maitred-demo-")
                .tempdir()
                .context("no temporary folder")?,
        ),
    };
    let data = args
        .data
        .clone()
        .or_else(|| temporary.as_ref().map(|it| it.path().to_owned()));
    let mut config = config.with(args.listen.clone(), data);
    config.limits = for_a_crowd(config.limits);
    config
        .host
        .default_restaurant
        .get_or_insert_with(|| "1".to_owned());
    let clock = Clock::System;
    let journal = Journal::open(&journal_config(&config)).await?;
    let is_new = journal.restaurants().await?.is_empty();
    let past = Past {
        n_days: if is_new { args.history } else { 0 },
        is_warm: is_new && !args.no_traffic,
        seed: args.seed,
    };
    let now = clock.now();
    if !is_new && !demo::is_demo(&journal).await? {
        bail!(
            "{} holds a real restaurant's journal: the demo would let everybody in there",
            config.data.display()
        );
    }
    let houses = demo::build(&journal, args.restaurants, past.begins_at(now)).await?;
    let mut evenings = Vec::new();
    for house in houses.iter().take(2) {
        evenings.push(demo::write_history(&journal, house, past, now).await?);
    }
    let rules = demo::rules(config.rules());
    let mut server = Server::start_over(journal, &config, rules, clock).await?;
    let sign_in = demo::let_in(server.identity(), &houses).await?;
    server.offer(sign_in);
    let stop = asked_to_stop()?;
    print_welcome(&server, &args, &config, &houses)?;
    if !args.no_traffic {
        for (house, evening) in houses.into_iter().zip(evenings) {
            // Ends when its floor drains.
            tokio::spawn(demo::serve_guests(
                server.floors().clone(),
                house,
                evening,
                now,
                args.speed,
            ));
        }
    }
    server.run(stop).await;
    Ok(())
}

/// The limits with a thousand times as much of everything that is counted by the second or the minute, where
/// the operator has left it as it is: all who try the demo, or measure it, come from one address with one
/// key, and would be taken for one who asks too often.
fn for_a_crowd(limits: Limits) -> Limits {
    let usual = Limits::default();
    let crowd = |set: u32, usual: u32| if set == usual { usual * 1_000 } else { set };
    Limits {
        handshakes_per_minute: crowd(limits.handshakes_per_minute, usual.handshakes_per_minute),
        messages_per_second: crowd(limits.messages_per_second, usual.messages_per_second),
        commands_per_second: crowd(limits.commands_per_second, usual.commands_per_second),
        ..limits
    }
}

/// What the person who started the demo reads.
fn print_welcome(server: &Server, args: &DemoArgs, config: &Config, houses: &[House]) -> Result<()> {
    let addresses: Vec<_> = server
        .addresses()
        .iter()
        .map(|it| format!("http://{it}"))
        .collect();
    let first = addresses.first().map_or("", String::as_str);
    let names: Vec<_> = ACCOUNTS.iter().map(|it| it.0).collect();
    let slugs: Vec<_> = houses[..2].iter().map(|it| it.slug.as_str()).collect();
    say(&format!(
        "maitred demo: {} with {} days of history",
        slugs.join(" and "),
        args.history
    ))?;
    say(&format!("  open      {}", addresses.join("  ")))?;
    say(&format!(
        "  dashboard {first}/admin, with an API key or a sign-in"
    ))?;
    say(&format!(
        "  sign in   {} with password {PASSWORD}",
        names.join(", ")
    ))?;
    say("  PINs      1001 to 1008, after a manager has enrolled the device")?;
    say("  API keys  demo-key-restaurant-1, demo-key-restaurant-2")?;
    say(&format!("  API docs  {first}/docs"))?;
    say(&format!("  journal   {}", config.data.display()))?;
    say("  Ctrl-C stops it.")?;
    if !first.is_empty() {
        say(&format!("ready {first}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::for_a_crowd;
    use crate::limits::Limits;

    #[test]
    fn the_demo_has_room_for_a_crowd_unless_the_operator_wants_it_otherwise() {
        let limits = for_a_crowd(Limits {
            messages_per_second: 7,
            ..Limits::default()
        });
        let expected = Limits {
            handshakes_per_minute: 600_000,
            messages_per_second: 7,
            commands_per_second: 200_000,
            ..Limits::default()
        };
        assert_eq!(limits, expected);
    }
}
