//! `maitred staff`: who works in a restaurant, and how they sign in.

use super::answer::{entries, list, say, text, texts};
use super::office::{Office, restaurant_path};
use super::{DataArgs, ListArgs, ROLES, secrets};
use crate::config::Config;
use anyhow::Result;
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

#[derive(Subcommand)]
pub(super) enum StaffCommand {
    /// Hire somebody, with a login and a password.
    #[command(
        after_help = "Example: maitred staff add --data /var/lib/maitred harbour-house Maria --role host --role waiter\n         maitred staff add --data /var/lib/maitred bistro-2 Maria --role host --staff-id 3"
    )]
    Add(AddArgs),
    /// List who works or has worked in a restaurant.
    #[command(after_help = "Example: maitred staff list --data /var/lib/maitred harbour-house")]
    List(ListArgs),
    /// Let somebody go: they cannot enter this restaurant any more, and are sent off at once.
    #[command(after_help = "Example: maitred staff disable --data /var/lib/maitred harbour-house maria")]
    Disable(WhoArgs),
    /// Let somebody who was disabled work here again.
    #[command(after_help = "Example: maitred staff enable --data /var/lib/maitred harbour-house maria")]
    Enable(WhoArgs),
    /// Say what somebody may do, in place of what they might before.
    #[command(
        after_help = "Example: maitred staff set-roles --data /var/lib/maitred harbour-house maria --role manager"
    )]
    SetRoles(SetRolesArgs),
    /// Set somebody's password, and end their sign-ins. Asks for it, or reads a line of standard input.
    #[command(
        after_help = "Example: maitred staff set-password --data /var/lib/maitred harbour-house maria\n         openssl rand -hex 12 | maitred staff set-password --data /var/lib/maitred harbour-house maria --stdin"
    )]
    SetPassword(SecretArgs),
    /// Set somebody's PIN, for enrolled devices. Asks for it, or reads a line of standard input.
    #[command(after_help = "Example: maitred staff set-pin --data /var/lib/maitred harbour-house maria")]
    SetPin(SecretArgs),
    /// End all of somebody's sign-ins, on every device.
    #[command(after_help = "Example: maitred staff sign-out --data /var/lib/maitred harbour-house maria")]
    SignOut(WhoArgs),
}

/// What somebody may do.
#[derive(Args)]
pub(super) struct RoleArgs {
    /// What they may do; may be repeated.
    #[arg(long = "role", required = true, value_delimiter = ',', value_name = "ROLE", value_parser = PossibleValuesParser::new(ROLES))]
    roles: Vec<String>,
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// The restaurant's slug or id.
    restaurant: String,
    /// The name colleagues use; unique in the restaurant.
    name: String,
    #[command(flatten)]
    roles: RoleArgs,
    /// What they type to sign in; made from the name otherwise.
    #[arg(long)]
    login: Option<String>,
    /// What they may type instead.
    #[arg(long)]
    email: Option<String>,
    /// Read the password from the first line of standard input. Otherwise one is made and shown once.
    #[arg(long)]
    password_stdin: bool,
    /// Give no password: for somebody who signs in with a PIN only, or not at all.
    #[arg(long, conflicts_with = "password_stdin")]
    no_password: bool,
    /// Somebody who works in another restaurant already, and signs in here as they do there.
    #[arg(long, value_name = "N", conflicts_with_all = ["login", "email", "password_stdin"])]
    staff_id: Option<u64>,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args)]
pub(super) struct WhoArgs {
    /// The restaurant's slug or id.
    restaurant: String,
    /// Who: their id, login or name.
    who: String,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args)]
pub(super) struct SetRolesArgs {
    #[command(flatten)]
    who: WhoArgs,
    #[command(flatten)]
    roles: RoleArgs,
}

#[derive(Args)]
pub(super) struct SecretArgs {
    #[command(flatten)]
    who: WhoArgs,
    /// Read it from the first line of standard input, also at a terminal.
    #[arg(long)]
    stdin: bool,
}

/// Somebody to be hired.
pub(super) struct Hire<'a> {
    pub(super) name: &'a str,
    pub(super) roles: &'a [String],
    pub(super) login: Option<&'a str>,
    pub(super) email: Option<&'a str>,
    pub(super) password: Option<&'a str>,
    pub(super) staff_id: Option<u64>,
}

pub(super) async fn run(config: Config, command: StaffCommand) -> Result<()> {
    match command {
        StaffCommand::Add(args) => add(config, args).await,
        StaffCommand::List(args) => print_list(config, args).await,
        StaffCommand::Disable(args) => {
            let changed = change(config, &args, json!({ "active": false })).await?;
            say(&format!(
                "{} cannot enter `{}` any more",
                text(&changed["name"]),
                args.restaurant
            ))?;
            Ok(())
        }
        StaffCommand::Enable(args) => {
            let changed = change(config, &args, json!({ "active": true })).await?;
            say(&format!(
                "{} works at `{}` again",
                text(&changed["name"]),
                args.restaurant
            ))?;
            Ok(())
        }
        StaffCommand::SetRoles(args) => {
            let changed = change(config, &args.who, json!({ "roles": args.roles.roles })).await?;
            let (name, roles) = (text(&changed["name"]), texts(&changed["roles"]));
            say(&format!("{name} is now {roles} at `{}`", args.who.restaurant))?;
            Ok(())
        }
        StaffCommand::SetPassword(args) => {
            let person = set_secret(config, &args, "password").await?;
            let (name, login) = (text(&person["name"]), text(&person["login"]));
            say(&format!(
                "{name} signs in as `{login}` with the new password; earlier sign-ins have ended"
            ))?;
            Ok(())
        }
        StaffCommand::SetPin(args) => {
            let person = set_secret(config, &args, "pin").await?;
            say(&format!(
                "{} signs in with the new PIN on devices enrolled at `{}`",
                text(&person["name"]),
                args.who.restaurant
            ))?;
            Ok(())
        }
        StaffCommand::SignOut(args) => sign_out(config, args).await,
    }
}

async fn add(config: Config, args: AddArgs) -> Result<()> {
    let (password, is_generated) = if args.no_password || args.staff_id.is_some() {
        (None, false)
    } else {
        let (password, is_generated) = secrets::read_or_generated(args.password_stdin)?;
        (Some(password), is_generated)
    };
    let wanted = Hire {
        name: &args.name,
        roles: &args.roles.roles,
        login: args.login.as_deref(),
        email: args.email.as_deref(),
        password: password.as_deref(),
        staff_id: args.staff_id,
    };
    let config = config.at(args.data);
    let hired = Office::visit(&config, async |it| hire(it, &args.restaurant, &wanted).await).await?;
    let shown = password.as_deref().filter(|_| is_generated);
    say_hired(&args.restaurant, &hired, shown)?;
    Ok(())
}

/// Hires somebody; answers their entry.
pub(super) async fn hire(office: &Office, restaurant: &str, hire: &Hire<'_>) -> Result<Value> {
    let mut body = json!({ "name": hire.name, "roles": hire.roles });
    for (field, given) in [
        ("login", hire.login),
        ("email", hire.email),
        ("password", hire.password),
    ] {
        if let Some(given) = given {
            body[field] = json!(given);
        }
    }
    if let Some(staff_id) = hire.staff_id {
        body["staff_id"] = json!(staff_id);
    }
    office.post(&restaurant_path(restaurant, "/staff"), body).await
}

/// Says who was hired and how they sign in; a password that was made for them on a line of its own.
pub(super) fn say_hired(restaurant: &str, hired: &Value, password: Option<&str>) -> Result<()> {
    let (id, name, roles) = (&hired["staff_id"], text(&hired["name"]), texts(&hired["roles"]));
    say(&format!(
        "{name} works at `{restaurant}` as {roles}, with id {id}"
    ))?;
    let login = text(&hired["login"]);
    match password {
        Some(password) => {
            say(&format!(
                "`{login}` signs in with this password, which is shown this once:"
            ))?;
            say(password)?;
        }
        None if hired["has_password"] == true => say(&format!("`{login}` signs in with a password"))?,
        None => say("they have no password; a PIN can be given with: maitred staff set-pin")?,
    }
    Ok(())
}

async fn print_list(config: Config, args: ListArgs) -> Result<()> {
    let config = config.at(args.data);
    let path = restaurant_path(&args.restaurant, "/staff");
    let answer = Office::visit(&config, async |it| it.get(&path).await).await?;
    let head = ["ID", "NAME", "ROLES", "LOGIN", "SIGNS IN WITH", "STATE"];
    list(entries(&answer, "staff"), args.json, head, |it| {
        let with = match (it["has_password"] == true, it["has_pin"] == true) {
            (true, true) => "password, PIN",
            (true, false) => "password",
            (false, true) => "PIN",
            (false, false) => "-",
        };
        let state = if it["active"] == true {
            "active"
        } else {
            "disabled"
        };
        [
            text(&it["staff_id"]),
            text(&it["name"]),
            texts(&it["roles"]),
            text(&it["login"]),
            with.to_owned(),
            state.to_owned(),
        ]
    })
}

/// Changes somebody; answers their entry.
async fn change(config: Config, args: &WhoArgs, patch: Value) -> Result<Value> {
    let config = config.at(args.data.clone());
    Office::visit(&config, async |office| {
        let path = office.staff_path(&args.restaurant, &args.who, "").await?;
        office.patch(&path, patch).await
    })
    .await
}

/// Sets a password or PIN; answers the person's entry.
async fn set_secret(config: Config, args: &SecretArgs, what: &str) -> Result<Value> {
    let config = config.at(args.who.data.clone());
    let (restaurant, who) = (&args.who.restaurant, &args.who.who);
    Office::visit(&config, async |office| {
        // Nobody is asked for the secret of somebody who is not there.
        let path = office.staff_path(restaurant, who, &format!("/{what}")).await?;
        let secret = secrets::asked(what, args.stdin)?;
        office.put(&path, json!({ what: secret })).await?;
        office.person(restaurant, who).await
    })
    .await
}

async fn sign_out(config: Config, args: WhoArgs) -> Result<()> {
    let config = config.at(args.data);
    Office::visit(&config, async |office| {
        let path = office
            .staff_path(&args.restaurant, &args.who, "/sign-ins")
            .await?;
        office.delete(&path).await
    })
    .await?;
    say(&format!("the sign-ins of {} have ended", args.who))?;
    Ok(())
}
