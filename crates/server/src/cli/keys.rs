//! `maitred key`, `maitred token` and `maitred signing-key`: what machines show instead of a password.

use super::answer::{entries, list, say, say_aside, text, time};
use super::office::{Office, restaurant_path};
use super::{DataArgs, ListArgs, ROLES};
use crate::clock::Clock;
use crate::config::Config;
use anyhow::{Result, bail};
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

#[derive(Subcommand)]
pub(super) enum KeyCommand {
    /// Make an API key for a machine, and show it this once.
    #[command(
        after_help = "Example: maitred key add --data /var/lib/maitred harbour-house kitchen-screen --role kitchen --days 365"
    )]
    Add(AddArgs),
    /// List a restaurant's API keys, revoked ones too. The keys themselves are kept nowhere.
    #[command(after_help = "Example: maitred key list --data /var/lib/maitred harbour-house")]
    List(ListArgs),
    /// Take an API key back. Connections that were opened with it end.
    #[command(
        after_help = "Example: maitred key revoke --data /var/lib/maitred harbour-house kitchen-screen"
    )]
    Revoke(RevokeArgs),
}

#[derive(Subcommand)]
pub(super) enum SigningKeyCommand {
    /// Sign tokens with a fresh key from now on.
    #[command(
        after_help = "Example: maitred signing-key rotate --data /var/lib/maitred\n         maitred signing-key rotate --data /var/lib/maitred --at-once"
    )]
    Rotate(RotateArgs),
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// The restaurant's slug or id.
    restaurant: String,
    /// What the machine is called, also in the changes it makes; unique among the restaurant's good keys.
    name: String,
    /// What it may do.
    #[arg(long, value_parser = PossibleValuesParser::new(ROLES))]
    role: String,
    /// Days until it runs out by itself; never, otherwise.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: Option<u32>,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args)]
pub(super) struct RevokeArgs {
    /// The restaurant's slug or id.
    restaurant: String,
    /// The key's id or name.
    key: String,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args)]
pub(super) struct TokenArgs {
    /// The restaurant's slug or id. The token is good there only.
    restaurant: String,
    /// For whom: their id, login or name.
    who: String,
    /// Seconds that it is good for.
    #[arg(long, value_name = "N", default_value_t = 3_600, value_parser = clap::value_parser!(u32).range(1..=31_622_400))]
    seconds: u32,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args)]
pub(super) struct RotateArgs {
    /// After a theft: what was signed before is worth nothing from now on.
    #[arg(long)]
    at_once: bool,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn run(config: Config, command: KeyCommand) -> Result<()> {
    match command {
        KeyCommand::Add(args) => add(config, args).await,
        KeyCommand::List(args) => print_list(config, args).await,
        KeyCommand::Revoke(args) => revoke(config, args).await,
    }
}

async fn add(config: Config, args: AddArgs) -> Result<()> {
    let now = Clock::System.now();
    let life = |days: u32| SignedDuration::from_hours(24 * i64::from(days));
    let expires_at = args.days.map(|it| now.saturating_add(life(it))).transpose()?;
    let body = json!({ "name": args.name, "role": args.role, "expires_at": expires_at });
    let path = restaurant_path(&args.restaurant, "/keys");
    let made = Office::visit(&config.at(args.data), async |it| it.post(&path, body).await).await?;
    let until = match made["expires_at"].as_str() {
        Some(_) => format!("until {} UTC", time(&made["expires_at"])),
        None => "until it is revoked".to_owned(),
    };
    say(&format!(
        "key {} `{}` may do what a {} may at `{}`, {until}",
        made["key_id"], args.name, args.role, args.restaurant
    ))?;
    say("it is sent as `Authorization: Bearer`, and is shown this once:")?;
    say(&text(&made["key"]))?;
    Ok(())
}

async fn print_list(config: Config, args: ListArgs) -> Result<()> {
    let path = restaurant_path(&args.restaurant, "/keys");
    let answer = Office::visit(&config.at(args.data), async |it| it.get(&path).await).await?;
    let now = Clock::System.now();
    let head = ["ID", "NAME", "ROLE", "MADE (UTC)", "STATE"];
    list(entries(&answer, "keys"), args.json, head, |it| {
        [
            text(&it["key_id"]),
            text(&it["name"]),
            text(&it["role"]),
            time(&it["created_at"]),
            state(it, now),
        ]
    })
}

fn state(key: &Value, now: Timestamp) -> String {
    let day = |it: &Value| time(it).chars().take(10).collect::<String>();
    let expires_at = key["expires_at"]
        .as_str()
        .and_then(|it| it.parse::<Timestamp>().ok());
    match expires_at {
        _ if !key["revoked_at"].is_null() => format!("revoked {}", day(&key["revoked_at"])),
        Some(expires_at) if expires_at <= now => format!("ran out {}", day(&key["expires_at"])),
        Some(_) => format!("until {}", day(&key["expires_at"])),
        None => "good".to_owned(),
    }
}

async fn revoke(config: Config, args: RevokeArgs) -> Result<()> {
    let RevokeArgs {
        restaurant,
        key,
        data,
    } = args;
    Office::visit(&config.at(data), async |office| {
        let known = office.get(&restaurant_path(&restaurant, "/keys")).await?;
        let entry = key_called(entries(&known, "keys"), &key, &restaurant)?;
        let (id, name) = (&entry["key_id"], text(&entry["name"]));
        if !entry["revoked_at"].is_null() {
            say(&format!("key {id} `{name}` was revoked before"))?;
            return Ok(());
        }
        let path = restaurant_path(&restaurant, &format!("/keys/{id}"));
        office.delete(&path).await?;
        say(&format!("key {id} `{name}` is revoked"))?;
        Ok(())
    })
    .await
}

/// The key with this id, or the one that is good and has this name.
fn key_called<'a>(keys: &'a [Value], called: &str, restaurant: &str) -> Result<&'a Value> {
    let has_name = |it: &&Value| {
        let name = it["name"].as_str().unwrap_or_default();
        name.to_lowercase() == called.to_lowercase() && it["revoked_at"].is_null()
    };
    let has_id = |it: &&Value| text(&it["key_id"]) == called;
    let found: Vec<&Value> = keys.iter().filter(|it| has_id(it) || has_name(it)).collect();
    match found[..] {
        [key] => Ok(key),
        [] => bail!("no good key is called `{called}`; see: maitred key list {restaurant}"),
        _ => {
            bail!("`{called}` is the id of one key and the name of another: name the id of the one you mean")
        }
    }
}

/// Makes an access token for somebody and prints it, and nothing else, on standard output.
pub(super) async fn token(config: Config, args: TokenArgs) -> Result<()> {
    let config = config.at(args.data);
    let made = Office::visit(&config, async |office| {
        let staff_id = office.staff_id(&args.restaurant, &args.who).await?;
        let body = json!({ "staff_id": staff_id, "seconds": args.seconds });
        office
            .post(&restaurant_path(&args.restaurant, "/tokens"), body)
            .await
    })
    .await?;
    say(&text(&made["token"]))?;
    Ok(())
}

pub(super) async fn signing_key(config: Config, command: SigningKeyCommand) -> Result<()> {
    let SigningKeyCommand::Rotate(args) = command;
    let config = config.at(args.data);
    let body = json!({ "at_once": args.at_once });
    let made = Office::visit(&config, async |it| it.post("/v1/signing-keys", body).await).await?;
    let before = if args.at_once {
        "what the keys of before signed is worth nothing any more"
    } else {
        "the keys of before verify as long as a sign-in lasts"
    };
    say(&format!(
        "signing key {} is in place; {before}",
        text(&made["kid"])
    ))?;
    if config.tokens.secret.is_some() {
        say_aside("tokens are signed with the secret of the configuration all the same: change it there");
    }
    Ok(())
}
