//! Sign-in, sign-out, and who one is.

use super::access::{COOKIE, Caller, DemoSignIn, V1, credential};
use super::commands::read_body;
use super::error::{ApiError, ErrorBody};
use super::wire;
use crate::identity::{Reach, SignInError, Staff};
use crate::limits::FAILED_SIGN_INS_PER_MINUTE;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use floor::{RestaurantId, Role, StaffId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
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
}

/// A name and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignInBody {
    /// The account's name or e-mail.
    pub login: String,
    /// Its password.
    pub password: String,
}

/// A sign-in that worked.
#[derive(Serialize, ToSchema)]
pub(super) struct SignedIn {
    /// The bearer token; browsers have it as a cookie too.
    pub token: String,
    /// When it ends.
    pub expires_at: Timestamp,
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
}

/// The account.
#[derive(Serialize, ToSchema)]
pub(super) struct MeStaff {
    /// Its id; absent for API keys.
    pub staff_id: Option<StaffId>,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub roles: Vec<Role>,
}

/// A restaurant one may enter.
#[derive(Serialize, ToSchema)]
pub(super) struct MeRestaurant {
    /// Its id.
    pub id: RestaurantId,
    /// Its slug.
    pub slug: String,
    /// What guests call it.
    pub name: String,
}

/// Says what this is.
#[utoipa::path(get, path = "/v1/welcome", operation_id = "welcome",
    responses((status = 200, description = "what this is", body = Welcome)))]
pub(super) async fn welcome(State(v1): State<V1>) -> Json<Welcome> {
    Json(Welcome {
        service: "maitred",
        version: env!("CARGO_PKG_VERSION"),
        demo: v1.demo,
    })
}

/// Signs somebody in.
#[utoipa::path(post, path = "/v1/sign-in", operation_id = "sign_in", request_body = SignInBody,
    responses(
        (status = 200, description = "signed in", body = SignedIn),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "wrong name or password", body = ErrorBody),
        (status = 429, description = "too many failed attempts", body = ErrorBody),
    ))]
pub(super) async fn sign_in(State(v1): State<V1>, asked: Parts, body: Body) -> Result<Response, ApiError> {
    v1.origins.check(&asked)?;
    let body: SignInBody = wire::read(&read_body(&v1, body).await?)?;
    let now = v1.clock().now();
    let signed_in = v1
        .identity
        .sign_in(&body.login, &body.password, now)
        .map_err(|error| match error {
            SignInError::TooMany => {
                let message =
                    format!("more than {FAILED_SIGN_INS_PER_MINUTE} sign-ins failed within a minute");
                ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_sign_ins", message).retry_after(60)
            }
            _ => ApiError::new(
                StatusCode::UNAUTHORIZED,
                "bad_credentials",
                "this name and password do not match",
            ),
        })?;
    let cookie = session_cookie(&signed_in.token, (signed_in.expires_at - now).get_seconds());
    let me = me_of(&v1, &signed_in.staff).await?;
    let body = SignedIn {
        token: signed_in.token,
        expires_at: signed_in.expires_at,
        me,
    };
    Ok((no_store(cookie), Json(body)).into_response())
}

/// Ends the sign-in.
#[utoipa::path(post, path = "/v1/sign-out", operation_id = "sign_out",
    responses((status = 204, description = "signed out")))]
pub(super) async fn sign_out(State(v1): State<V1>, asked: Parts) -> Result<Response, ApiError> {
    v1.origins.check(&asked)?;
    if let Some(token) = credential(&asked.headers) {
        v1.identity.sign_out(&token);
    }
    Ok((StatusCode::NO_CONTENT, no_store(session_cookie("", 0))).into_response())
}

/// Says who one is.
#[utoipa::path(get, path = "/v1/me", operation_id = "get_me",
    responses(
        (status = 200, description = "who one is", body = Me),
        (status = 401, description = "not signed in", body = ErrorBody),
    ))]
pub(super) async fn get_me(State(v1): State<V1>, Caller(staff): Caller) -> Result<Json<Me>, ApiError> {
    Ok(Json(me_of(&v1, &staff).await?))
}

async fn me_of(v1: &V1, staff: &std::sync::Arc<Staff>) -> Result<Me, ApiError> {
    let mut restaurants = Vec::new();
    for (id, slug) in v1.floors.list() {
        let Ok(pass) = staff.enter(id) else { continue };
        let name = match staff.reach {
            // The operator may have very many: their floors are not opened just to be listed.
            Reach::All => slug.clone(),
            Reach::Only(_) => {
                let view = v1.floors.enter(&pass).await?.view();
                view.floor
                    .settings
                    .as_ref()
                    .map_or_else(|| slug.clone(), |it| it.name.to_string())
            }
        };
        restaurants.push(MeRestaurant { id, slug, name });
    }
    let staff = MeStaff {
        staff_id: staff.staff_id,
        name: staff.name.clone(),
        roles: staff.roles.clone(),
    };
    Ok(Me { staff, restaurants })
}

fn session_cookie(token: &str, seconds: i64) -> String {
    format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}")
}

fn no_store(cookie: String) -> [(HeaderName, String); 2] {
    [
        (header::SET_COOKIE, cookie),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ]
}
