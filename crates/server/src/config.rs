//! What an operator can set: flags, then `MAITRED_*` in the environment, then `maitred.toml`, then defaults.

mod tokens;

pub use tokens::TokenConfig;

use crate::identity::{Patience, Rules};
use crate::limits::{Limit, Limits};
use crate::peer::Networks;
use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The configuration, read once. Each field's comment is its manual.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Addresses to listen at. May be several, so that clients with a wired-in port find theirs; port 0
    /// takes a free one.
    pub listen: Vec<String>,
    /// The folder that holds the journal. Made when it is not there. One program at a time may own it.
    pub data: PathBuf,
    /// A key that may do everything in every restaurant, sent as a bearer token. None by default.
    pub operator_key: Option<Secret>,
    /// Which tokens are good, and for how long.
    pub tokens: TokenConfig,
    /// Seconds that screens and requests get to finish when the program is asked to stop.
    pub drain_seconds: u64,
    /// Seconds that a write waits for a database that somebody else has locked, before it fails.
    pub busy_seconds: u64,
    /// Origins, besides this program's own, whose pages may connect: `https://floor.example.com`.
    pub origins: Vec<String>,
    /// Whether browsers that came over HTTPS are told to come by nothing else for a year.
    pub hsts: bool,
    /// Networks of the reverse proxies in front of us. Only they are believed when they say for whom a
    /// request is.
    pub proxies: Networks,
    /// Networks from which surfaces that ask for no credential may be used, where such a surface is
    /// switched on. v1 asks for one always.
    pub trusted_networks: Networks,
    /// The host stand's surface.
    pub host: HostConfig,
    /// The manager's dashboard.
    pub admin: AdminConfig,
    /// Guests with their phones.
    pub guest: GuestConfig,
    /// The branches' surface.
    pub branch: BranchConfig,
    /// What is logged: `error`, `warn`, `info`, `debug`, or a filter such as `info,maitred=debug`.
    pub log: String,
    /// How it is logged: `text` or `json`.
    pub log_format: LogFormat,
    /// How much of everything there may be.
    pub limits: Limits,
}

/// The table `[host]`: the host stand's surface.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct HostConfig {
    /// The restaurant of a screen that names none and shows no credential: slug or id. Without it, the only
    /// one there is.
    pub default_restaurant: Option<String>,
    /// Whether anybody may register a new restaurant with `POST /auth/register`.
    pub registration: bool,
}

/// The table `[admin]`: the manager's dashboard.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct AdminConfig {
    /// The day on which the older REST and HTML are switched off, as `2027-12-31`: their answers announce it. What
    /// is announced has to be done by hand. Without it, no day is announced.
    pub sunset: Option<Date>,
}

impl AdminConfig {
    /// That day as the header `Sunset` says it (RFC 8594).
    #[must_use]
    pub fn sunset_header(&self) -> Option<String> {
        let at = self.sunset?.to_zoned(TimeZone::UTC).ok()?;
        Some(at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
    }
}

/// The table `[guest]`: guests who scan the code on a table.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct GuestConfig {
    /// The page that the codes on tables lead to, such as `https://{slug}.example.com/`; `{slug}` is the restaurant's
    /// name in addresses. Without it, this server as it was asked.
    pub url: Option<String>,
    /// The secret of codes that were printed by another program. Without it, the journal keeps one of its own.
    pub code_secret: Option<Secret>,
}

impl GuestConfig {
    /// The page for a restaurant, where one is configured.
    #[must_use]
    pub fn page(&self, slug: &str) -> Option<String> {
        self.url.as_ref().map(|it| it.replace("{slug}", slug))
    }
}

/// The table `[branch]`: the branches' surface.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct BranchConfig {
    /// Whether callers from trusted networks may come without a credential.
    pub open: bool,
    /// Whether admins of a branch may open another one. The operator may always.
    pub creation: bool,
}

impl Default for BranchConfig {
    fn default() -> BranchConfig {
        BranchConfig {
            open: false,
            creation: true,
        }
    }
}

/// A value that is never printed.
#[derive(Clone, Deserialize, Serialize, PartialEq, Eq)]
#[serde(transparent)]
pub struct Secret(String);

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines, an object a line.
    Json,
}

impl Secret {
    /// The value itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Secret {
        Secret(value)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            listen: vec!["127.0.0.1:8000".to_owned()],
            data: PathBuf::from("maitred-data"),
            operator_key: None,
            tokens: TokenConfig::default(),
            drain_seconds: 10,
            busy_seconds: 2,
            origins: Vec::new(),
            hsts: false,
            proxies: Networks::default(),
            trusted_networks: Networks::loopback(),
            host: HostConfig::default(),
            admin: AdminConfig::default(),
            guest: GuestConfig::default(),
            branch: BranchConfig::default(),
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            limits: Limits::default(),
        }
    }
}

impl Config {
    /// Reads the file, then lays over it what `variable` answers to `MAITRED_DATA` and the like. Flags are
    /// laid over the answer by the caller.
    pub fn read(file: &Path, variable: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
        let layers = Figment::from(Serialized::defaults(Config::default())).merge(Toml::file(file));
        let mut config: Config = layers
            .extract()
            .map_err(|error| ConfigError::File(Box::new(error)))?;
        let text = |name: &str| variable(&format!("MAITRED_{name}"));
        if let Some(addresses) = text("LISTEN") {
            config.listen = listed(&addresses);
        }
        if let Some(folder) = text("DATA") {
            config.data = folder.into();
        }
        if let Some(key) = text("OPERATOR_KEY") {
            config.operator_key = Some(key.into());
        }
        config.tokens.lay_over(&text)?;
        if let Some(origins) = text("ORIGINS") {
            config.origins = listed(&origins);
        }
        if let Some(log) = text("LOG") {
            config.log = log;
        }
        if let Some(format) = text("LOG_FORMAT") {
            config.log_format = match format.as_str() {
                "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                _ => return Err(ConfigError::variable("LOG_FORMAT", "must be text or json")),
            };
        }
        if let Some(seconds) = text("DRAIN_SECONDS") {
            config.drain_seconds = whole_seconds("DRAIN_SECONDS", &seconds)?;
        }
        if let Some(seconds) = text("BUSY_SECONDS") {
            config.busy_seconds = whole_seconds("BUSY_SECONDS", &seconds)?;
        }
        if let Some(hsts) = text("HSTS") {
            let hsts = hsts.trim().parse();
            config.hsts = hsts.map_err(|_| ConfigError::variable("HSTS", "must be true or false"))?;
        }
        if let Some(proxies) = text("PROXIES") {
            config.proxies = networks("PROXIES", &proxies)?;
        }
        if let Some(trusted) = text("TRUSTED_NETWORKS") {
            config.trusted_networks = networks("TRUSTED_NETWORKS", &trusted)?;
        }
        if let Some(restaurant) = text("HOST_DEFAULT_RESTAURANT") {
            config.host.default_restaurant = Some(restaurant);
        }
        if let Some(open) = text("HOST_REGISTRATION") {
            let open = open.trim().parse();
            config.host.registration =
                open.map_err(|_| ConfigError::variable("HOST_REGISTRATION", "must be true or false"))?;
        }
        if let Some(open) = text("BRANCH_OPEN") {
            let open = open.trim().parse();
            config.branch.open =
                open.map_err(|_| ConfigError::variable("BRANCH_OPEN", "must be true or false"))?;
        }
        if let Some(creation) = text("BRANCH_CREATION") {
            let creation = creation.trim().parse();
            config.branch.creation =
                creation.map_err(|_| ConfigError::variable("BRANCH_CREATION", "must be true or false"))?;
        }
        if let Some(url) = text("GUEST_URL") {
            config.guest.url = Some(url);
        }
        if let Some(secret) = text("GUEST_CODE_SECRET") {
            config.guest.code_secret = Some(secret.into());
        }
        if let Some(day) = text("ADMIN_SUNSET") {
            let day = day.trim().parse();
            let problem = "must be a day such as 2027-12-31";
            config.admin.sunset = Some(day.map_err(|_| ConfigError::variable("ADMIN_SUNSET", problem))?);
        }
        config.limits = limits(config.limits, text)?;
        if config.drain_seconds > SECONDS_MAX || config.busy_seconds > SECONDS_MAX {
            return Err(ConfigError::TooPatient);
        }
        config.tokens.check()?;
        if config.guest.url.as_deref().is_some_and(|it| !is_page_address(it)) {
            return Err(ConfigError::GuestUrl);
        }
        if config
            .guest
            .code_secret
            .as_ref()
            .is_some_and(|it| it.0.len() < CODE_SECRET_BYTES_MIN)
        {
            return Err(ConfigError::ShortCodeSecret);
        }
        match &config.operator_key {
            Some(key) if key.0.len() < OPERATOR_KEY_BYTES_MIN => Err(ConfigError::ShortKey),
            _ => Ok(config),
        }
    }

    /// By what rules people are let in.
    #[must_use]
    pub fn rules(&self) -> Rules {
        let rules = Rules {
            tokens: self.tokens.rules(),
            key_source: self.tokens.key_source(),
            code_secret: self.guest.code_secret.clone(),
            patience: Patience {
                per_account: self.limits.failed_sign_ins,
                per_place: self.limits.failed_sign_ins_per_address,
            },
            ..Rules::default()
        };
        rules.with_operator_key(self.operator_key.as_ref().map(Secret::reveal))
    }

    /// How long screens and requests get to finish.
    #[must_use]
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }
}

/// Seconds of a wait at the most.
const SECONDS_MAX: u64 = 3_600;
/// Bytes of an operator key at the least: it opens every door.
const OPERATOR_KEY_BYTES_MIN: usize = 16;
/// Shorter secrets can be guessed from a code on a table.
const CODE_SECRET_BYTES_MIN: usize = 16;
/// Longer addresses fit in no code.
const URL_CHARS_MAX: usize = 500;

fn is_page_address(url: &str) -> bool {
    let is_web = url.starts_with("http://") || url.starts_with("https://");
    is_web && url.chars().count() <= URL_CHARS_MAX
}

fn listed(text: &str) -> Vec<String> {
    text.split(',')
        .map(|it| it.trim().to_owned())
        .filter(|it| !it.is_empty())
        .collect()
}

fn whole_number(name: &'static str, text: &str) -> Result<u32, ConfigError> {
    let number = text.trim().parse();
    number.map_err(|_| ConfigError::variable(name, "must be a whole number"))
}

fn networks(name: &'static str, text: &str) -> Result<Networks, ConfigError> {
    let problem = "must be networks such as 10.0.0.0/8, separated by commas";
    Networks::try_from(listed(text)).map_err(|_| ConfigError::variable(name, problem))
}

/// `limits` with what the environment says laid over it, `MAITRED_LIMITS_` and its name for each, if that
/// is within bounds.
fn limits(limits: Limits, text: impl Fn(&str) -> Option<String>) -> Result<Limits, ConfigError> {
    let mut table = serde_json::to_value(limits).expect("numbers are always JSON");
    for limit in Limit::ALL {
        let variable = format!("LIMITS_{}", limit.name().to_uppercase());
        if let Some(number) = text(&variable) {
            let number: u32 = number
                .trim()
                .parse()
                .map_err(|_| ConfigError::variable(variable, "must be a whole number"))?;
            table[limit.name()] = number.into();
        }
        let is_sound = |it: &u64| u32::try_from(*it).is_ok_and(|it| limit.bounds().contains(&it));
        if table[limit.name()].as_u64().filter(is_sound).is_none() {
            return Err(ConfigError::Limit(limit));
        }
    }
    Ok(serde_json::from_value(table).expect("each of its numbers has just been looked at"))
}

fn whole_seconds(name: &'static str, text: &str) -> Result<u64, ConfigError> {
    text.trim()
        .parse()
        .map_err(|_| ConfigError::variable(name, "must be a whole number of seconds"))
}

/// The configuration does not make sense.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file.
    #[error("the configuration cannot be read: {0}")]
    File(Box<figment::Error>),
    /// A variable of the environment.
    #[error("MAITRED_{name} {problem}")]
    Variable {
        /// Its name, without the prefix.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A limit that would be none, or with which nobody could work.
    #[error("limits.{} must be from {} to {}", .0.name(), .0.bounds().start(), .0.bounds().end())]
    Limit(Limit),
    /// A wait would be endless.
    #[error("drain_seconds and busy_seconds must be at most {SECONDS_MAX}")]
    TooPatient,
    /// The table `[tokens]`.
    #[error("tokens: {0}")]
    Tokens(&'static str),
    /// A guest's page is somewhere.
    #[error("guest.url must begin with http:// or https:// and have at most {URL_CHARS_MAX} characters")]
    GuestUrl,
    /// The codes on tables could be guessed.
    #[error("guest.code_secret must have at least {CODE_SECRET_BYTES_MIN} bytes")]
    ShortCodeSecret,
    /// The operator key could be guessed.
    #[error("operator_key must have at least {OPERATOR_KEY_BYTES_MIN} bytes")]
    ShortKey,
}

impl ConfigError {
    fn variable(name: impl Into<String>, problem: &'static str) -> ConfigError {
        let name = name.into();
        ConfigError::Variable { name, problem }
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, LogFormat};
    use crate::limits::Limit;
    use std::path::Path;

    fn read(variables: &[(&str, &str)]) -> Result<Config, String> {
        let variable = |name: &str| variables.iter().find(|it| it.0 == name).map(|it| it.1.to_owned());
        Config::read(Path::new("no-such-file.toml"), variable).map_err(|error| error.to_string())
    }

    #[test]
    fn the_environment_wins_over_defaults_and_strange_variables_are_nobodys() {
        let config = read(&[
            ("MAITRED_LISTEN", "0.0.0.0:80, [::1]:81"),
            ("MAITRED_OPERATOR_KEY", "1234567890123456"),
            ("MAITRED_LOG_FORMAT", "json"),
            ("MAITRED_BUSY_SECONDS", "7"),
            ("MAITRED_BIN", "target/debug/maitred"),
        ])
        .unwrap();
        assert_eq!(config.listen, ["0.0.0.0:80", "[::1]:81"]);
        assert_eq!(config.operator_key.unwrap().reveal(), "1234567890123456");
        assert_eq!(config.log_format, LogFormat::Json);
        assert_eq!((config.busy_seconds, config.drain_seconds), (7, 10));
    }

    #[test]
    fn the_day_of_the_sunset_is_announced_as_http_writes_it() {
        let sunset = |it: &str| read(&[("MAITRED_ADMIN_SUNSET", it)]);
        let announced = sunset("2027-12-31").unwrap().admin.sunset_header().unwrap();
        assert_eq!(announced, "Fri, 31 Dec 2027 00:00:00 GMT");
        assert_eq!(Config::default().admin.sunset_header(), None);
        let expected = "MAITRED_ADMIN_SUNSET must be a day such as 2027-12-31";
        assert_eq!(sunset("31.12.2027").unwrap_err(), expected);
    }

    #[test]
    fn every_limit_is_set_by_the_file_and_before_that_by_the_environment() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("house.toml");
        for limit in Limit::ALL {
            let name = limit.name();
            let set = |it: &Config| serde_json::to_value(&it.limits).unwrap()[name].clone();
            let (least, most) = limit.bounds().into_inner();
            std::fs::write(&file, format!("[limits]\n{name} = {least}\n")).unwrap();
            assert_eq!(set(&Config::read(&file, |_| None).unwrap()), least);
            let variable = format!("MAITRED_LIMITS_{}", name.to_uppercase());
            let say = |it: &str| Config::read(&file, |name| (name == variable).then(|| it.to_owned()));
            assert_eq!(set(&say(&format!(" {most}\n")).unwrap()), most);
            let beyond = say(&(u64::from(most) + 1).to_string()).unwrap_err();
            let expected = format!("limits.{name} must be from {least} to {most}");
            assert_eq!(beyond.to_string(), expected);
            let word = say("many").unwrap_err().to_string();
            assert_eq!(word, format!("{variable} must be a whole number"));
        }
        for text in [
            "[limits]\nstreams = 1",
            "[limits]\nbody_bytes = \"many\"",
            "limits = 1",
        ] {
            std::fs::write(&file, text).unwrap();
            let error = Config::read(&file, |_| None).unwrap_err().to_string();
            assert!(error.contains("limits"), "{error}");
        }
        std::fs::write(&file, "[limits]\nauth_seconds = 0").unwrap();
        let error = Config::read(&file, |_| None).unwrap_err().to_string();
        assert_eq!(error, "limits.auth_seconds must be from 1 to 3600");
    }

    #[test]
    fn networks_are_listed_and_a_bare_address_is_a_network_of_its_own() {
        let config = read(&[
            ("MAITRED_PROXIES", "10.0.0.0/8, 2001:db8::1"),
            ("MAITRED_TRUSTED_NETWORKS", ""),
            ("MAITRED_HSTS", "true"),
        ])
        .unwrap();
        assert!(config.proxies.contain("10.1.2.3".parse().unwrap()));
        assert!(config.proxies.contain("2001:db8::1".parse().unwrap()));
        assert!(!config.proxies.contain("2001:db8::2".parse().unwrap()));
        assert!(!config.trusted_networks.contain("127.0.0.1".parse().unwrap()));
        assert!(config.hsts);
        let usual = Config::default().trusted_networks;
        assert!(usual.contain("127.9.9.9".parse().unwrap()) && usual.contain("::1".parse().unwrap()));
        let word = read(&[("MAITRED_PROXIES", "10.0.0.0/99")]).unwrap_err();
        let expected = "MAITRED_PROXIES must be networks such as 10.0.0.0/8, separated by commas";
        assert_eq!(word, expected);
        for (variable, value) in [("MAITRED_HSTS", "yes"), ("MAITRED_BRANCH_OPEN", "on")] {
            let expected = format!("{variable} must be true or false");
            assert_eq!(read(&[(variable, value)]).unwrap_err(), expected);
        }
        assert!(read(&[("MAITRED_BRANCH_OPEN", "true")]).unwrap().branch.open);
        assert!(!Config::default().branch.open);
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let short = read(&[("MAITRED_OPERATOR_KEY", "secret")]).unwrap_err();
        assert_eq!(short, "operator_key must have at least 16 bytes");
        let word = read(&[("MAITRED_DRAIN_SECONDS", "soon")]).unwrap_err();
        assert_eq!(word, "MAITRED_DRAIN_SECONDS must be a whole number of seconds");
        let long = read(&[("MAITRED_BUSY_SECONDS", "99999999")]).unwrap_err();
        assert_eq!(long, "drain_seconds and busy_seconds must be at most 3600");
    }
}
