//! Sign-in, refresh, sign-out, who one is, and one's own sign-ins.

use super::access::{DEVICE_COOKIE, credential};
use super::commands::read_body;
use super::error::{ApiError, ErrorBody};
use super::wire;
use crate::identity::{Enrolled, Knock, Opened, Staff};
use crate::peer::Peer;
use crate::surface::cookies::{SIGN_IN, cookie};
use crate::surface::ground::{DemoSignIn, Ground};
use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use floor::{RestaurantId, Role, StaffId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// What a stranger may know.
#[derive(Serialize, ToSchema)]
pub(super) struct Welcome {
    /// Always `maitred`.
    pub service: &'static str,
    /// The program's version.
    pub version: &'static str,
    /// The demo house's public sign-in.
    pub demo: Option<DemoSignIn>,
    /// The device that asks, when it is enrolled: a PIN is enough there.
    pub device: Option<WelcomeDevice>,
}

/// An enrolled device, and who may sign in on it with a PIN.
#[derive(Serialize, ToSchema)]
pub(super) struct WelcomeDevice {
    /// Its id.
    pub device_id: u64,
    /// What people call it.
    pub name: String,
    /// Where it belongs.
    pub restaurant: Place,
    /// Who has a PIN.
    pub staff: Vec<WelcomeStaff>,
}

/// Somebody with a PIN.
#[derive(Serialize, ToSchema)]
pub(super) struct WelcomeStaff {
    /// Who.
    pub staff_id: StaffId,
    /// The name colleagues use.
    pub name: String,
}

/// A restaurant by its names.
#[derive(Serialize, ToSchema)]
pub(super) struct Place {
    /// Its id.
    pub id: RestaurantId,
    /// Its slug.
    pub slug: String,
    /// What guests call it.
    pub name: String,
}

/// A name and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignInBody {
    /// The account's login or e-mail.
    pub login: String,
    /// Its password.
    pub password: String,
}

/// Somebody of the device's restaurant, and the PIN.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PinBody {
    /// Who.
    pub staff_id: StaffId,
    /// Four to eight digits.
    pub pin: String,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RefreshBody {
    /// The one that was given last.
    pub refresh_token: String,
}

/// A sign-in that worked.
#[derive(Serialize, ToSchema)]
pub(super) struct SignedIn {
    /// The access token.
    pub token: String,
    /// When it runs out.
    pub expires_at: Timestamp,
    /// Good once, for fresh tokens; absent for a token that somebody made for somebody else.
    pub refresh_token: Option<String>,
    /// When that runs out if it is not used.
    pub refresh_expires_at: Option<Timestamp>,
    /// Who one is, and where.
    #[serde(flatten)]
    pub me: Me,
}

/// Who one is, and where.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    /// The account.
    pub staff: MeStaff,
    /// The restaurants one may enter.
    pub restaurants: Vec<MeRestaurant>,
    /// The sign-in that the credential belongs to.
    pub sign_in_id: Option<String>,
}

/// The account.
#[derive(Serialize, ToSchema)]
pub(super) struct MeStaff {
    /// Its id; absent for API keys and for tokens of other programs.
    pub staff_id: Option<StaffId>,
    /// Its name.
    pub name: String,
    /// What it may do somewhere.
    pub roles: Vec<Role>,
}

/// A restaurant one may enter.
#[derive(Serialize, ToSchema)]
pub(super) struct MeRestaurant {
    /// Which.
    #[serde(flatten)]
    pub place: Place,
    /// What one may do there.
    pub roles: Vec<Role>,
}

/// Says what this is, and on an enrolled device who may sign in with a PIN.
#[utoipa::path(get, path = "/v1/welcome", operation_id = "welcome",
    responses((status = 200, description = "what this is", body = Welcome)))]
pub(super) async fn welcome(
    State(ground): State<Ground>,
    headers: HeaderMap,
) -> Result<Json<Welcome>, ApiError> {
    let device = device_token(&headers).and_then(|it| ground.identity.device(&it));
    let device = match device {
        Some(device) => Some(ground.welcome_on(device).await?),
        None => None,
    };
    Ok(Json(Welcome {
        service: "maitred",
        version: env!("CARGO_PKG_VERSION"),
        demo: ground.demo.clone(),
        device,
    }))
}

/// Signs somebody in.
#[utoipa::path(post, path = "/v1/sign-in", operation_id = "sign_in", request_body = SignInBody,
    responses(
        (status = 200, description = "signed in", body = SignedIn),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "wrong name or password, or disabled", body = ErrorBody),
        (status = 403, description = "origin not listed", body = ErrorBody),
        (status = 429, description = "too many failed attempts", body = ErrorBody),
    ))]
pub(super) async fn sign_in(
    State(ground): State<Ground>,
    caller: Stranger,
    body: Body,
) -> Result<Response, ApiError> {
    let body: SignInBody = wire::read_private(&read_body(&ground, body).await?)?;
    let opened = ground
        .identity
        .sign_in(&body.login, &body.password, caller.knock)
        .await?;
    ground.signed_in(opened, caller.is_https).await
}

/// Signs somebody in with a PIN, on an enrolled device.
#[utoipa::path(post, path = "/v1/sign-in/pin", operation_id = "sign_in_with_pin", request_body = PinBody,
    responses(
        (status = 200, description = "signed in, in the device's restaurant", body = SignedIn),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "wrong PIN, or disabled", body = ErrorBody),
        (status = 403, description = "the device is not enrolled, or origin not listed", body = ErrorBody),
        (status = 429, description = "too many failed attempts", body = ErrorBody),
    ))]
pub(super) async fn sign_in_with_pin(
    State(ground): State<Ground>,
    caller: Stranger,
    body: Body,
) -> Result<Response, ApiError> {
    let body: PinBody = wire::read_private(&read_body(&ground, body).await?)?;
    let opened = ground
        .identity
        .sign_in_with_pin(body.staff_id, &body.pin, caller.knock)
        .await?;
    ground.signed_in(opened, caller.is_https).await
}

/// Gives fresh tokens for a refresh token, which is good once.
#[utoipa::path(post, path = "/v1/refresh", operation_id = "refresh", request_body = RefreshBody,
    responses(
        (status = 200, description = "fresh tokens", body = SignedIn),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "not valid, run out, or used before: then the sign-in is ended", body = ErrorBody),
        (status = 403, description = "origin not listed", body = ErrorBody),
    ))]
pub(super) async fn refresh(
    State(ground): State<Ground>,
    caller: Stranger,
    body: Body,
) -> Result<Response, ApiError> {
    let body: RefreshBody = wire::read_private(&read_body(&ground, body).await?)?;
    let opened = ground
        .identity
        .refresh(&body.refresh_token, &caller.knock)
        .await?;
    ground.signed_in(opened, caller.is_https).await
}

/// Ends the sign-in.
#[utoipa::path(post, path = "/v1/sign-out", operation_id = "sign_out",
    responses(
        (status = 204, description = "signed out"),
        (status = 403, description = "origin not listed", body = ErrorBody),
    ))]
pub(super) async fn sign_out(State(ground): State<Ground>, asked: Parts) -> Result<Response, ApiError> {
    ground.origins.check(&asked)?;
    let ended = match credential(&asked.headers) {
        Some(credential) => {
            let address = Peer::of_request(&asked.extensions).address;
            ground.identity.sign_out(&credential, address).await
        }
        None => Ok(()),
    };
    // The browser forgets it in any case.
    let clear = no_store([cookie_header(SIGN_IN, "", SignedDuration::ZERO, false)]);
    Ok(match ended {
        Ok(()) => (StatusCode::NO_CONTENT, clear).into_response(),
        Err(error) => (clear, ApiError::from(error)).into_response(),
    })
}

/// Whoever sends a request, before anybody knows who it is. Pages of other origins are turned away.
pub(super) struct Stranger {
    pub(super) knock: Knock,
    pub(super) is_https: bool,
}

impl FromRequestParts<Ground> for Stranger {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, ground: &Ground) -> Result<Stranger, ApiError> {
        ground.origins.check(parts)?;
        let peer = Peer::of_request(&parts.extensions);
        let agent = parts.headers.get(header::USER_AGENT);
        let knock = Knock {
            // The program's own socket has no address.
            address: Some(peer.address).filter(|it| !it.is_unspecified()),
            agent: agent.and_then(|it| it.to_str().ok()).map(str::to_owned),
            device: device_token(&parts.headers),
        };
        Ok(Stranger {
            knock,
            is_https: peer.is_https,
        })
    }
}

impl Ground {
    /// The answer to a sign-in, with the browser's cookie.
    pub(super) async fn signed_in(&self, opened: Opened, is_https: bool) -> Result<Response, ApiError> {
        let now = self.clock().now();
        let life = opened
            .refresh
            .as_ref()
            .map_or(SignedDuration::ZERO, |it| it.1.duration_since(now));
        let cookie = opened
            .cookie
            .map(|it| cookie_header(SIGN_IN, &it, life, is_https));
        let (refresh_token, refresh_expires_at) = opened.refresh.unzip();
        let body = SignedIn {
            token: opened.token,
            expires_at: opened.expires_at,
            refresh_token,
            refresh_expires_at,
            me: self.me(&opened.staff).await?,
        };
        Ok((no_store(cookie), Json(body)).into_response())
    }

    async fn welcome_on(&self, device: Enrolled) -> Result<WelcomeDevice, ApiError> {
        let people = self.identity.people(device.restaurant_id).into_iter();
        let staff = people
            .filter(|it| it.active && it.has_pin)
            .map(|it| WelcomeStaff {
                staff_id: it.staff_id,
                name: it.name,
            });
        Ok(WelcomeDevice {
            device_id: device.device_id,
            name: device.name,
            staff: staff.collect(),
            restaurant: self.place(device.restaurant_id).await?,
        })
    }

    pub(super) async fn me(&self, staff: &Arc<Staff>) -> Result<Me, ApiError> {
        let mut restaurants = Vec::new();
        for pass in self.identity.reach(staff) {
            let id = pass.restaurant_id();
            // The operator may have very many: their floors are not opened just to be listed.
            let place = if staff.is_operator() {
                self.place_by_slug(id)
            } else {
                self.place(id).await?
            };
            let roles = pass.roles().to_vec();
            restaurants.push(MeRestaurant { place, roles });
        }
        Ok(Me {
            staff: MeStaff {
                staff_id: staff.staff_id(),
                name: staff.name.clone(),
                roles: self.identity.roles_anywhere(staff),
            },
            restaurants,
            sign_in_id: staff.sign_in_id().map(str::to_owned),
        })
    }

    /// A restaurant by its names.
    async fn place(&self, id: RestaurantId) -> Result<Place, ApiError> {
        let name = self.floors.name(id).await?;
        let place = self.place_by_slug(id);
        Ok(Place {
            name: name.unwrap_or(place.name),
            ..place
        })
    }

    /// A restaurant that goes by its slug.
    fn place_by_slug(&self, id: RestaurantId) -> Place {
        let slug = self.floors.directory().slug(id).unwrap_or_default();
        Place {
            id,
            name: slug.clone(),
            slug,
        }
    }
}

/// The token of the device that asks.
pub(super) fn device_token(headers: &HeaderMap) -> Option<String> {
    let header = headers.get("x-device").and_then(|it| it.to_str().ok());
    header
        .or_else(|| cookie(headers, DEVICE_COOKIE))
        .map(str::to_owned)
}

/// A cookie that scripts do not see and that other sites' pages do not send.
pub(super) fn cookie_header(name: &str, value: &str, life: SignedDuration, is_https: bool) -> String {
    let secure = if is_https { "; Secure" } else { "" };
    let seconds = life.as_secs();
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

/// Headers for an answer with a secret in it.
pub(super) fn no_store(cookies: impl IntoIterator<Item = String>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for cookie in cookies {
        let value = HeaderValue::from_str(&cookie).expect("cookies of ours are plain text");
        headers.append(header::SET_COOKIE, value);
    }
    headers
}
