//! `maitred audit`: who signed in, who failed to, and what was changed about people and keys.

use super::DataArgs;
use super::answer::{entries, list, text, time};
use super::office::{Office, segment};
use crate::config::Config;
use anyhow::Result;
use clap::Args;
use serde_json::Value;
use std::collections::BTreeMap;

/// Entries that one request brings at the most.
const PAGE: u32 = 1_000;

#[derive(Args)]
pub(super) struct AuditArgs {
    /// The restaurant's slug or id; all of them, and what concerns none, otherwise.
    restaurant: Option<String>,
    /// Entries at the most, the newest first.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// One JSON object a line, for programs.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataArgs,
}

/// Prints the audit list, the newest entry first.
pub(super) async fn run(config: Config, args: AuditArgs) -> Result<()> {
    let (found, slugs) = Office::visit(&config.at(args.data), async |office| {
        let found = read(office, args.restaurant.as_deref(), args.limit).await?;
        Ok((found, slugs(office).await?))
    })
    .await?;
    list(
        &found,
        args.json,
        ["WHEN (UTC)", "WHERE", "WHAT", "BY", "ABOUT"],
        |it| {
            let place = it["restaurant_id"].as_u64().and_then(|it| slugs.get(&it));
            [
                time(&it["at"]),
                place.cloned().unwrap_or_else(|| "-".to_owned()),
                text(&it["what"]),
                doer(&it["by"]),
                about(it),
            ]
        },
    )
}

async fn read(office: &Office, restaurant: Option<&str>, limit: u32) -> Result<Vec<Value>> {
    let mut found: Vec<Value> = Vec::new();
    let mut before = None;
    loop {
        let wanted = (limit as usize - found.len()).min(PAGE as usize);
        let mut path = format!("/v1/audit?limit={wanted}");
        if let Some(restaurant) = restaurant {
            path += &format!("&restaurant={}", segment(restaurant));
        }
        if let Some(before) = before {
            path += &format!("&before={before}");
        }
        let page = office.get(&path).await?;
        found.extend_from_slice(entries(&page, "entries"));
        before = page["next_before"].as_u64();
        if before.is_none() || found.len() >= limit as usize {
            return Ok(found);
        }
    }
}

async fn slugs(office: &Office) -> Result<BTreeMap<u64, String>> {
    let known = office.get("/v1/restaurants").await?;
    let known = entries(&known, "restaurants").iter();
    let pair = |it: &Value| Some((it["id"].as_u64()?, it["slug"].as_str()?.to_owned()));
    Ok(known.filter_map(pair).collect())
}

/// Who did it, in a word or two.
fn doer(by: &Value) -> String {
    if let Some(staff_id) = by["staff_id"].as_u64() {
        return format!("staff {staff_id}");
    }
    let names = [&by["key"], &by["subject"], &by["surface"]];
    names.iter().find_map(|it| it.as_str()).unwrap_or("-").to_owned()
}

/// The facts and the address, as `name=value`.
fn about(entry: &Value) -> String {
    let facts = entry["facts"].as_object().into_iter().flatten();
    let told = facts.filter(|(_, value)| !value.is_null());
    let mut parts: Vec<String> = told
        .map(|(name, value)| format!("{name}={}", text(value)))
        .collect();
    if let Some(address) = entry["address"].as_str() {
        parts.push(format!("from {address}"));
    }
    parts.join(" ")
}
