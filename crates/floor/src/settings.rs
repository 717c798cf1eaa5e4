//! What a restaurant decides about itself.

use crate::{Decision, Event, Floor, Label, Refusal, Text};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A restaurant's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What guests call it.
    pub name: Label,
    /// Its IANA time zone.
    #[serde(default)]
    pub time_zone: ZoneName,
    /// Its language, as a BCP 47 tag.
    #[serde(default = "default_locale")]
    pub locale: Text<35>,
    /// Its currency, as an ISO 4217 code.
    #[serde(default)]
    pub currency: Currency,
    /// The local hour at which a business day ends and the next begins: 0 to 23.
    #[serde(default = "default_day_starts_hour")]
    pub day_starts_hour: Hour,
    /// Whether a table is dirty after its party left, until somebody says that it is clean.
    #[serde(default)]
    pub clean_after_close: bool,
    /// Dashboards that may be open at a time: 1 to 1,000. Left out, the server's own limit holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1000)]
    pub dashboard_connections: Option<u16>,
}

/// What changes; fields left out stay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SettingsPatch {
    /// What guests call it.
    pub name: Option<Label>,
    /// Its IANA time zone.
    pub time_zone: Option<ZoneName>,
    /// Its language, as a BCP 47 tag.
    pub locale: Option<Text<35>>,
    /// Its currency, as an ISO 4217 code.
    pub currency: Option<Currency>,
    /// The local hour at which the business day turns over: 0 to 23.
    pub day_starts_hour: Option<Hour>,
    /// Whether a table is dirty after its party left.
    pub clean_after_close: Option<bool>,
    /// Dashboards that may be open at a time: 1 to 1,000.
    #[schema(minimum = 1, maximum = 1000)]
    pub dashboard_connections: Option<u16>,
}

/// What a restaurant may ask for.
const DASHBOARD_CONNECTIONS: std::ops::RangeInclusive<u16> = 1..=1_000;

impl Settings {
    /// A restaurant of this name with everything else as it usually is.
    #[must_use]
    pub fn named(name: Label) -> Settings {
        Settings {
            name,
            time_zone: ZoneName::default(),
            locale: default_locale(),
            currency: Currency::default(),
            day_starts_hour: default_day_starts_hour(),
            clean_after_close: false,
            dashboard_connections: None,
        }
    }

    fn patched(&self, patch: &SettingsPatch) -> Settings {
        let patch = patch.clone();
        let before = self.clone();
        Settings {
            name: patch.name.unwrap_or(before.name),
            time_zone: patch.time_zone.unwrap_or(before.time_zone),
            locale: patch.locale.unwrap_or(before.locale),
            currency: patch.currency.unwrap_or(before.currency),
            day_starts_hour: patch.day_starts_hour.unwrap_or(before.day_starts_hour),
            clean_after_close: patch.clean_after_close.unwrap_or(before.clean_after_close),
            dashboard_connections: patch.dashboard_connections.or(before.dashboard_connections),
        }
    }
}

fn default_locale() -> Text<35> {
    Text::new("en").expect("a fixed text")
}

fn default_day_starts_hour() -> Hour {
    Hour(4)
}

/// The name of a time zone that exists, such as `America/New_York`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "America/New_York")]
pub struct ZoneName(String);

/// No time zone has this name.
#[derive(Debug, thiserror::Error)]
#[error("must be an IANA time zone such as Europe/Paris")]
pub struct ZoneError;

impl ZoneName {
    /// The zone's rules.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.0).unwrap_or(TimeZone::UTC)
    }
}

impl Default for ZoneName {
    fn default() -> ZoneName {
        ZoneName("UTC".to_owned())
    }
}

impl TryFrom<String> for ZoneName {
    type Error = ZoneError;

    fn try_from(name: String) -> Result<ZoneName, ZoneError> {
        match TimeZone::get(&name)
            .ok()
            .and_then(|it| it.iana_name().map(str::to_owned))
        {
            Some(name) => Ok(ZoneName(name)),
            None => Err(ZoneError),
        }
    }
}

impl From<ZoneName> for String {
    fn from(zone: ZoneName) -> String {
        zone.0
    }
}

/// An ISO 4217 code: three capital letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[A-Z]{3}$", example = "USD")]
pub struct Currency(String);

/// The text is no currency code.
#[derive(Debug, thiserror::Error)]
#[error("must be three capital letters such as USD")]
pub struct CurrencyError;

impl Default for Currency {
    fn default() -> Currency {
        Currency("USD".to_owned())
    }
}

impl TryFrom<String> for Currency {
    type Error = CurrencyError;

    fn try_from(code: String) -> Result<Currency, CurrencyError> {
        if code.len() == 3 && code.bytes().all(|it| it.is_ascii_uppercase()) {
            Ok(Currency(code))
        } else {
            Err(CurrencyError)
        }
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.0
    }
}

/// An hour of the day: 0 to 23.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "i64", into = "i64")]
#[schema(value_type = u8, minimum = 0, maximum = 23)]
pub struct Hour(i8);

/// The number is no hour of a day.
#[derive(Debug, thiserror::Error)]
#[error("must be from 0 to 23, got {0}")]
pub struct HourError(i64);

impl Hour {
    /// The number.
    #[must_use]
    pub fn get(self) -> i8 {
        self.0
    }
}

impl TryFrom<i64> for Hour {
    type Error = HourError;

    fn try_from(hour: i64) -> Result<Hour, HourError> {
        match i8::try_from(hour) {
            Ok(it) if (0..24).contains(&it) => Ok(Hour(it)),
            _ => Err(HourError(hour)),
        }
    }
}

impl From<Hour> for i64 {
    fn from(hour: Hour) -> i64 {
        i64::from(hour.0)
    }
}

impl Floor {
    pub(crate) fn decide_open_restaurant(&self, settings: &Settings) -> Result<Decision, Refusal> {
        if self.settings.is_some() {
            return Err(Refusal::RestaurantOpen);
        }
        Ok(Event::RestaurantOpened {
            settings: settings.clone(),
        }
        .into())
    }

    pub(crate) fn decide_change_settings(&self, patch: &SettingsPatch) -> Result<Decision, Refusal> {
        if let Some(n) = patch.dashboard_connections
            && !DASHBOARD_CONNECTIONS.contains(&n)
        {
            return Err(Refusal::bad("dashboard_connections", "must be from 1 to 1000"));
        }
        let settings = self
            .settings
            .as_ref()
            .ok_or(Refusal::RestaurantNotOpen)?
            .patched(patch);
        Ok(Event::SettingsChanged { settings }.into())
    }
}

#[cfg(test)]
mod tests {
    use super::ZoneName;
    use crate::script::check;
    use expect_test::expect;

    #[test]
    fn nothing_happens_before_a_restaurant_is_opened() {
        check(expect![[r#"
            unopened
            table 1 4          -> refused: restaurant_not_open
            batch              -> refused: bad_value commands
            open Harbour_House -> restaurant_opened
            open Harbour_House -> refused: restaurant_open
            table 1 4          -> table_created table=1
        "#]]);
    }

    #[test]
    fn a_restaurant_is_opened_and_furnished_in_one_go() {
        check(expect![[r#"
            unopened
            batch table 1 4; open Harbour_House -> refused: restaurant_not_open command_index=0
            batch open Harbour_House; table 1 4 -> restaurant_opened, table_created table=1
        "#]]);
    }

    #[test]
    fn settings_left_out_stay() {
        check(expect![[r#"
            table 1 2                                                -> table_created table=1
            settings clean_after_close=true                          -> settings_changed
            settings name=Bistro currency=EUR time_zone=Europe/Paris -> settings_changed
            walk-in Ada 2 1                                          -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
            close Ada                                                -> turn_closed turn=Ada tables_left=dirty
            show 1                                                   -> state=dirty state_since=19:00
        "#]]);
    }

    #[test]
    fn a_restaurant_lies_in_a_time_zone_and_takes_a_currency() {
        check(expect![[r#"
            settings time_zone=america/new_york currency=USD day_starts_hour=0 -> settings_changed
            settings time_zone=Mars/Olympus                                    -> no command: must be an IANA time zone such as Europe/Paris
            settings time_zone=Etc/Unknown                                     -> no command: must be an IANA time zone such as Europe/Paris
            settings time_zone=UTC+1                                           -> no command: must be an IANA time zone such as Europe/Paris
            settings currency=usd                                              -> no command: must be three capital letters such as USD
            settings currency=EURO                                             -> no command: must be three capital letters such as USD
            settings day_starts_hour=24                                        -> no command: must be from 0 to 23, got 24
            settings dashboard_connections=5                                   -> settings_changed
            settings dashboard_connections=0                                   -> refused: bad_value dashboard_connections
            settings dashboard_connections=1001                                -> refused: bad_value dashboard_connections
        "#]]);
        let zone = ZoneName::try_from("america/NEW_york".to_owned()).expect("a zone");
        assert_eq!(String::from(zone), "America/New_York");
    }
}
