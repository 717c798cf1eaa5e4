//! The pages of the dashboard, and the tokens that they connect with.
//!
//! A page is a shell: what it shows is drawn by its script, which speaks `/admin/ws/dashboard` like any other client.
//! Signing in with an API key works without a script.

use super::access::{self, Entered};
use super::error::AdminError;
use super::form;
use crate::identity::{Credential, Way};
use crate::peer::Peer;
use crate::surface::ground::Ground;
use crate::surface::{web, words};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::{SignedDuration, Timestamp};
use maud::{DOCTYPE, Markup, html};
use serde_json::json;

type Answer = Result<Response, AdminError>;

/// How long the token of a page is good.
const PAGE_TOKEN: SignedDuration = SignedDuration::from_hours(24);
/// How long a token is good that a page asks for.
const FETCHED_TOKEN: SignedDuration = SignedDuration::from_hours(2);

/// Leads to the dashboard.
#[utoipa::path(get, path = "/admin", operation_id = "admin_root", tag = "admin",
    responses((status = 307, description = "to the dashboard")))]
pub(super) async fn root() -> Redirect {
    Redirect::temporary("/admin/dashboard")
}

/// A form for an API key.
#[utoipa::path(get, path = "/admin/login", operation_id = "admin_login_page", tag = "admin",
    responses((status = 200, description = "the page", content_type = "text/html")))]
pub(super) async fn login_page() -> Response {
    page(&login(None))
}

/// Signs in with an API key, and shows the dashboard.
#[utoipa::path(post, path = "/admin/login", operation_id = "admin_login", tag = "admin",
    request_body(content = Object, content_type = "application/x-www-form-urlencoded",
        description = "`api_key`"),
    responses(
        (status = 200, description = "the dashboard, or the form again with `Invalid API Key`",
            content_type = "text/html"),
        (status = 403, description = "a page of an origin that is not listed"),
        (status = 422, description = "no `api_key`"),
        (status = 429, description = "too many from this address"),
    ))]
pub(super) async fn log_in(State(ground): State<Ground>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    ground.origins.check(&parts)?;
    ground.gate.handshake(&Peer::of_request(&parts.extensions))?;
    let api_key = form::field(&ground, body, "api_key").await?;
    let credential = Credential::new(api_key.trim(), Way::Header);
    let entered = entered(&ground, &parts, Some(credential), "admin_dashboard_page").await;
    match entered.and_then(|it| it.show(&ground)) {
        Err(error) if error.is_forbidden() => Ok(self::page(&login(Some("Invalid API Key")))),
        answer => answer,
    }
}

/// The dashboard.
#[utoipa::path(get, path = "/admin/dashboard", operation_id = "admin_dashboard_page", tag = "admin",
    responses(
        (status = 200, description = "the page", content_type = "text/html"),
        (status = 303, description = "to the sign-in page, for a browser that shows no credential"),
        (status = 401, description = "no credential"),
        (status = 403, description = "a credential that is not good"),
    ))]
pub(super) async fn dashboard_page(State(ground): State<Ground>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let is_browser = accepts_pages(&parts.headers) && !parts.headers.contains_key(header::AUTHORIZATION);
    let credential = access::credential(&parts.headers);
    match entered(&ground, &parts, credential, "admin_dashboard_page").await {
        Ok(page) => page.show(&ground),
        Err(error) if is_browser && error.is_about_credential() => {
            Ok(Redirect::to("/admin/login").into_response())
        }
        Err(error) => Err(error),
    }
}

/// A token to connect with.
#[utoipa::path(post, path = "/admin/api/token", operation_id = "admin_token", tag = "admin",
    responses(
        (status = 200, description = "`data.token`, good for `data.expires_in` seconds", body = Object),
        (status = 401, description = "no credential"),
        (status = 403, description = "a credential that is not good"),
    ))]
pub(super) async fn token(State(ground): State<Ground>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let credential = access::credential(&parts.headers);
    let page = entered(&ground, &parts, credential, "admin_token").await?;
    let (token, until) = page.token(&ground, FETCHED_TOKEN)?;
    let expires_in = (until.as_second() - ground.clock().now().as_second()).max(0);
    let body = words::done(&json!({ "token": token, "expires_in": expires_in }));
    Ok(([(header::CACHE_CONTROL, "no-store")], body).into_response())
}

/// Somebody who may have a page, and what they showed.
struct PageFor {
    entered: Entered,
    shown: Option<String>,
}

async fn entered(
    ground: &Ground,
    parts: &Parts,
    credential: Option<Credential>,
    operation: &str,
) -> Result<PageFor, AdminError> {
    let shown = credential.as_ref().map(|it| it.reveal().to_owned());
    let entered = ground.admin_enter(parts, credential, operation).await?;
    Ok(PageFor { entered, shown })
}

impl PageFor {
    /// A token that stands for what was shown, and when it runs out. Another program's token stands for itself.
    fn token(self, ground: &Ground, span: SignedDuration) -> Result<(String, Timestamp), AdminError> {
        let pass = &self.entered.pass;
        if let Some(made) = ground.identity.page_token(pass, span) {
            return Ok(made);
        }
        let staff = pass.staff();
        let foreign = self.shown.zip(staff.until).filter(|_| !staff.is_operator());
        foreign.ok_or_else(|| {
            let detail = "The operator's key is for no dashboard: use an API key of the restaurant";
            AdminError::new(StatusCode::FORBIDDEN, detail)
        })
    }

    fn show(self, ground: &Ground) -> Answer {
        let view = self.entered.floor.view();
        let slug = self.entered.slug.clone();
        let name = view.floor.settings.as_ref().map(|it| it.name.to_string());
        let title = name.unwrap_or_else(|| slug.clone());
        let (token, _) = self.token(ground, PAGE_TOKEN)?;
        Ok(page(&dashboard(&title, &slug, &token)))
    }
}

fn accepts_pages(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok());
    accept.is_some_and(|it| it.contains("text/html"))
}

/// A page as an answer. It may hold a token, so nobody keeps it.
fn page(markup: &Markup) -> Response {
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, web::POLICY),
    ];
    (headers, Html(markup.0.clone())).into_response()
}

fn login(error: Option<&str>) -> Markup {
    let form = html! {
        h1 { "Dashboard" }
        form method="post" action="/admin/login" {
            @if let Some(error) = error { p role="alert" { (error) } }
            label {
                "API key "
                input type="password" name="api_key" required autocomplete="current-password" autofocus;
            }
            " "
            button { "Sign in" }
        }
    };
    html! {
        (DOCTYPE)
        html lang="en" {
            (head("Sign in"))
            body data-page="login" data-error=[error] { main #app { (form) } }
        }
    }
}

fn dashboard(title: &str, slug: &str, token: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(title))
            body data-page="dashboard" data-api-key=(token) data-restaurant-slug=(slug) data-restaurant-name=(title) {
                main #app {
                    h1 { (title) }
                    p { "Loading the tables …" }
                    aside aria-label="Requests" { p { "No pending requests" } }
                    noscript { p { "This page needs JavaScript." } }
                }
            }
        }
    }
}

fn head(title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { (title) " · maitred" }
            link rel="icon" href="/favicon.svg";
            link rel="stylesheet" href="/admin/static/dashboard.css";
            script type="module" src="/admin/static/dashboard.js" {}
        }
    }
}
