//! What a restaurant decides about itself.

use crate::{Decision, Event, Extra, Floor, Label, Patch, Refusal, StaffId, Text};
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
    pub dashboard_connections: Option<u32>,
    /// Where it is and how it is reached.
    #[serde(default, skip_serializing_if = "Contact::is_empty")]
    #[schema(required = false)]
    pub contact: Contact,
    /// What kind of house it is.
    #[serde(default, skip_serializing_if = "BusinessType::is_usual")]
    #[schema(required = false)]
    pub business_type: BusinessType,
    /// Whether programs that serve shops too show its tables.
    #[serde(default, skip_serializing_if = "RestaurantMode::is_usual")]
    #[schema(required = false)]
    pub restaurant_mode: RestaurantMode,
    /// What other programs keep with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub extra: Option<Extra>,
}

/// Where a restaurant is and how it is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Contact {
    /// The chain's own short name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub code: Option<Text<30>>,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub address: Option<Text<200>>,
    /// The city.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub city: Option<Text<100>>,
    /// The state or region.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub state: Option<Text<100>>,
    /// The postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub zip_code: Option<Text<20>>,
    /// The country.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub country: Option<Text<100>>,
    /// The telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub phone: Option<Text<40>>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub email: Option<Text<254>>,
    /// Who runs it, a member of staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub manager_id: Option<StaffId>,
}

/// What changes about it; fields left out stay, `null` clears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "as in Contact")]
pub struct ContactPatch {
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Text<30>>)]
    pub code: Patch<Text<30>>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Text<200>>)]
    pub address: Patch<Text<200>>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Text<100>>)]
    pub city: Patch<Text<100>>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Text<100>>)]
    pub state: Patch<Text<100>>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Text<20>>)]
    pub zip_code: Patch<Text<20>>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Text<100>>)]
    pub country: Patch<Text<100>>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Text<40>>)]
    pub phone: Patch<Text<40>>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Text<254>>)]
    pub email: Patch<Text<254>>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<StaffId>)]
    pub manager_id: Patch<StaffId>,
}

impl Contact {
    fn is_empty(&self) -> bool {
        *self == Contact::default()
    }

    fn patched(self, patch: ContactPatch) -> Contact {
        Contact {
            code: patch.code.over(self.code),
            address: patch.address.over(self.address),
            city: patch.city.over(self.city),
            state: patch.state.over(self.state),
            zip_code: patch.zip_code.over(self.zip_code),
            country: patch.country.over(self.country),
            phone: patch.phone.over(self.phone),
            email: patch.email.over(self.email),
            manager_id: patch.manager_id.over(self.manager_id),
        }
    }
}

/// What kind of house it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BusinessType {
    /// A shop.
    Retail,
    /// A restaurant.
    #[default]
    Restaurant,
    /// Both.
    Hybrid,
}

/// Whether programs that serve shops too show a house's tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RestaurantMode {
    /// They do.
    #[default]
    On,
    /// They do not.
    Off,
    /// Nobody has said yet.
    Unset,
}

impl BusinessType {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
    fn is_usual(&self) -> bool {
        *self == BusinessType::default()
    }
}

impl RestaurantMode {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
    fn is_usual(&self) -> bool {
        *self == RestaurantMode::default()
    }
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
    /// Dashboards that may be open at a time: 1 to 1,000; `null` for the server's own limit.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 1000)]
    pub dashboard_connections: Patch<u32>,
    /// Where it is and how it is reached; what is left out of it stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactPatch>,
    /// What kind of house it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_type: Option<BusinessType>,
    /// Whether programs that serve shops too show its tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restaurant_mode: Option<RestaurantMode>,
    /// What other programs keep with it; `null` clears.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Extra>)]
    pub extra: Patch<Extra>,
}

/// What a restaurant may ask for.
const DASHBOARD_CONNECTIONS: std::ops::RangeInclusive<u32> = 1..=1_000;

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
            contact: Contact::default(),
            business_type: BusinessType::default(),
            restaurant_mode: RestaurantMode::default(),
            extra: None,
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
            dashboard_connections: patch.dashboard_connections.over(before.dashboard_connections),
            contact: before.contact.patched(patch.contact.unwrap_or_default()),
            business_type: patch.business_type.unwrap_or(before.business_type),
            restaurant_mode: patch.restaurant_mode.unwrap_or(before.restaurant_mode),
            extra: patch.extra.over(before.extra),
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
        if let Some(n) = patch.dashboard_connections.set()
            && !DASHBOARD_CONNECTIONS.contains(n)
        {
            return Err(Refusal::bad("dashboard_connections", "must be from 1 to 1000"));
        }
        if let Some(manager_id) = patch.contact.as_ref().and_then(|it| it.manager_id.set()) {
            self.staff_member(*manager_id)?;
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
            settings time_zone=america/new_york currency=USD day_starts_hour=0       -> settings_changed
            settings time_zone=Mars/Olympus                                          -> no command: must be an IANA time zone such as Europe/Paris
            settings time_zone=Etc/Unknown                                           -> no command: must be an IANA time zone such as Europe/Paris
            settings time_zone=UTC+1                                                 -> no command: must be an IANA time zone such as Europe/Paris
            settings currency=usd                                                    -> no command: must be three capital letters such as USD
            settings currency=EURO                                                   -> no command: must be three capital letters such as USD
            settings day_starts_hour=24                                              -> no command: must be from 0 to 23, got 24
            settings dashboard_connections=5                                         -> settings_changed
            settings dashboard_connections=0                                         -> refused: bad_value dashboard_connections
            settings dashboard_connections=1001                                      -> refused: bad_value dashboard_connections
            settings contact={"city":"Lyon","phone":"1"}                             -> settings_changed
            settings contact={"phone":null} restaurant_mode=off business_type=retail -> settings_changed
            settings contact={"manager_id":99}                                       -> refused: unknown_staff staff=#99
            settings contact={"planet":"Mars"}                                       -> no command: unknown field `planet`, expected one of `code`, `address`, `city`, `state`, `zip_code`, `country`, `phone`, `email`, `manager_id`
        "#]]);
        let zone = ZoneName::try_from("america/NEW_york".to_owned()).expect("a zone");
        assert_eq!(String::from(zone), "America/New_York");
    }
}
