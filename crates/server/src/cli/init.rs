//! `maitred init`: from an empty folder to somebody who can sign in.

use super::answer::{entries, texts};
use super::office::Office;
use super::restaurants::{self, Opening};
use super::staff::{self, Hire};
use super::{DataArgs, secrets};
use crate::config::Config;
use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::{Value, json};

#[derive(Args)]
pub(super) struct InitArgs {
    #[command(flatten)]
    opening: Opening,
    /// What the first admin types to sign in.
    #[arg(long, default_value = "admin", value_name = "LOGIN")]
    admin: String,
    /// What the admin may type instead.
    #[arg(long)]
    email: Option<String>,
    /// Read the admin's password from the first line of standard input. Otherwise one is made and shown once.
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    data: DataArgs,
}

/// Opens the first restaurant and hires its first admin.
pub(super) async fn run(config: Config, args: InitArgs) -> Result<()> {
    let (password, is_generated) = secrets::read_or_generated(args.password_stdin)?;
    let config = config.at(args.data);
    Office::visit_or_make(&config, async |office| {
        refuse_when_used(office).await?;
        restaurants::open(office, &args.opening).await?;
        let slug = &args.opening.slug;
        let hire = Hire {
            name: &args.admin,
            roles: &["admin".to_owned()],
            login: Some(&args.admin),
            email: args.email.as_deref(),
            password: Some(&password),
            staff_id: None,
        };
        let hired = staff::hire(office, slug, &hire).await.with_context(|| {
            format!(
                "the restaurant is open, but has no admin yet; go on with: maitred staff add {slug} NAME --role admin"
            )
        })?;
        staff::say_hired(slug, &hired, is_generated.then_some(password.as_str()))?;
        Ok(())
    })
    .await
}

async fn refuse_when_used(office: &Office) -> Result<()> {
    let known = office.get("/v1/restaurants").await?;
    let slugs: Vec<Value> = entries(&known, "restaurants")
        .iter()
        .map(|it| it["slug"].clone())
        .collect();
    let Some(first) = slugs.first().and_then(Value::as_str) else {
        return Ok(());
    };
    bail!(
        "this journal has restaurants already ({}); open another with: maitred restaurant add SLUG --name NAME; \
         hire an admin with: maitred staff add {first} NAME --role admin",
        texts(&json!(slugs))
    );
}
