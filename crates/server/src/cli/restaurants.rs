//! `maitred restaurant`: the restaurants as such.

use super::answer::{list, say, text};
use super::office::{Office, restaurant_path};
use super::{DataArgs, secrets};
use crate::config::Config;
use crate::server::journal_config;
use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use journal::Journal;
use serde_json::{Value, json};

#[derive(Subcommand)]
pub(super) enum RestaurantCommand {
    /// Open a new restaurant.
    #[command(
        after_help = "Example: maitred restaurant add --data /var/lib/maitred harbour-house --name \"Harbour House\" --time-zone America/New_York"
    )]
    Add(AddArgs),
    /// List the restaurants, removed ones too.
    #[command(after_help = "Example: maitred restaurant list --data /var/lib/maitred")]
    List(ListArgs),
    /// Take a restaurant away: nobody enters it any more, and its screens are sent off. Its journal stays.
    #[command(after_help = "Example: maitred restaurant remove --data /var/lib/maitred harbour-house --yes")]
    Remove(RemoveArgs),
    /// Let a removed restaurant be there again, as it was.
    #[command(after_help = "Example: maitred restaurant reopen --data /var/lib/maitred harbour-house")]
    Reopen(WhichArgs),
}

/// A restaurant to be opened.
#[derive(Args)]
pub(super) struct Opening {
    /// Its short name in addresses: small letters, digits and dashes.
    pub(super) slug: String,
    /// What guests call it.
    #[arg(long)]
    pub(super) name: String,
    /// Its IANA time zone.
    #[arg(long, default_value = "UTC")]
    time_zone: String,
    /// Its currency, as an ISO 4217 code.
    #[arg(long, default_value = "USD")]
    currency: String,
}

#[derive(Args)]
pub(super) struct AddArgs {
    #[command(flatten)]
    opening: Opening,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args)]
pub(super) struct ListArgs {
    /// One JSON object a line, for programs.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args)]
pub(super) struct WhichArgs {
    /// The restaurant's slug or id.
    restaurant: String,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args)]
pub(super) struct RemoveArgs {
    #[command(flatten)]
    which: WhichArgs,
    /// Do not ask whether it is meant.
    #[arg(long)]
    yes: bool,
}

pub(super) async fn run(config: Config, command: RestaurantCommand) -> Result<()> {
    match command {
        RestaurantCommand::Add(args) => {
            let config = config.at(args.data);
            Office::visit_or_make(&config, async |it| open(it, &args.opening).await).await
        }
        RestaurantCommand::List(args) => print_list(&config.at(args.data), args.json).await,
        RestaurantCommand::Remove(args) => remove(config, args).await,
        RestaurantCommand::Reopen(args) => {
            let config = config.at(args.data);
            let path = restaurant_path(&args.restaurant, "/reopen");
            Office::visit(&config, async |it| it.post(&path, json!({})).await).await?;
            say(&format!("restaurant `{}` is there again", args.restaurant))?;
            Ok(())
        }
    }
}

/// Opens a restaurant.
pub(super) async fn open(office: &Office, opening: &Opening) -> Result<()> {
    let body = json!({
        "slug": opening.slug,
        "name": opening.name,
        "time_zone": opening.time_zone,
        "currency": opening.currency,
    });
    let added = office.post("/v1/restaurants", body).await?;
    say(&format!("restaurant {} `{}` is open", added["id"], opening.slug))?;
    Ok(())
}

/// Reads beside whoever writes: this one needs no server that answers.
async fn print_list(config: &Config, is_json: bool) -> Result<()> {
    let journal = Journal::open_to_read(&journal_config(config)).await?;
    let mut entries = Vec::new();
    for entry in journal.restaurants().await? {
        let head = journal.head(entry.id).await?;
        entries.push(json!({
            "id": entry.id,
            "slug": entry.slug,
            "head": head,
            "removed_at": entry.removed_at,
        }));
    }
    let state = |it: &Value| {
        if it["removed_at"].is_null() {
            "open"
        } else {
            "removed"
        }
    };
    list(&entries, is_json, ["ID", "SLUG", "CHANGES", "STATE"], |it| {
        [
            text(&it["id"]),
            text(&it["slug"]),
            text(&it["head"]),
            state(it).to_owned(),
        ]
    })
}

async fn remove(config: Config, args: RemoveArgs) -> Result<()> {
    let (config, restaurant) = (config.at(args.which.data), args.which.restaurant);
    Office::visit(&config, async |office| {
        let known = office.get("/v1/restaurants").await?;
        let known = super::answer::entries(&known, "restaurants");
        let is_named = |it: &&Value| it["slug"] == restaurant || text(&it["id"]) == restaurant;
        let entry = known.iter().find(is_named).with_context(|| {
            format!("there is no restaurant `{restaurant}`; see: maitred restaurant list")
        })?;
        let slug = text(&entry["slug"]);
        if !args.yes {
            let consequence = format!(
                "nobody will enter `{slug}` any more, and its screens are sent off; its journal stays"
            );
            secrets::confirmed(&slug, &consequence)?;
        }
        let path = restaurant_path(&slug, "");
        office.delete(&path).await?;
        say(&format!(
            "restaurant `{slug}` is removed; to have it back: maitred restaurant reopen {slug}"
        ))?;
        Ok(())
    })
    .await
}
