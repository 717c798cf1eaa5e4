//! What an operator can set: flags, then `MAITRED_*` in the environment, then `maitred.toml`, then defaults.

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
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
    /// Seconds that screens and requests get to finish when the program is asked to stop.
    pub drain_seconds: u64,
    /// Seconds that a write waits for a database that somebody else has locked, before it fails.
    pub busy_seconds: u64,
    /// Origins, besides this program's own, whose pages may connect: `https://floor.example.com`.
    pub origins: Vec<String>,
    /// What is logged: `error`, `warn`, `info`, `debug`, or a filter such as `info,maitred=debug`.
    pub log: String,
    /// How it is logged: `text` or `json`.
    pub log_format: LogFormat,
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
            drain_seconds: 10,
            busy_seconds: 2,
            origins: Vec::new(),
            log: "info".to_owned(),
            log_format: LogFormat::Text,
        }
    }
}

impl Config {
    /// Reads the file and the environment. Flags are laid over the answer by the caller.
    pub fn read(file: &Path) -> Result<Config, ConfigError> {
        let layers = Figment::from(Serialized::defaults(Config::default()))
            .merge(Toml::file(file))
            .merge(Env::prefixed("MAITRED_").ignore(&["jwt_secret", "bin"]));
        layers.extract().map_err(|error| ConfigError(Box::new(error)))
    }

    /// How long screens and requests get to finish.
    #[must_use]
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }
}

/// The configuration does not make sense.
#[derive(Debug, thiserror::Error)]
#[error("the configuration cannot be read: {0}")]
pub struct ConfigError(Box<figment::Error>);
