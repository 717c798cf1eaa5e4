//! All surfaces on one address.

use crate::surface::admin::AdminError;
use crate::surface::branch::{BranchError, SocketError};
use crate::surface::documents::{self, Documents};
use crate::surface::ground::Ground;
use crate::surface::guest::GuestError;
use crate::surface::host::HostError;
use crate::surface::v1::{self, ApiError};
use crate::surface::{AsSent, admin, branch, browser, guest, host, ops, web};
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json, Router};
use futures_util::FutureExt;
use serde_json::{Value, json};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tower::ServiceBuilder;
use utoipa_axum::router::OpenApiRouter;

/// Every route of the program, ready to serve.
pub type App = Router;

/// Every route of the program, with its description. Routes have no other way in: what is not described
/// is not there.
fn routes() -> OpenApiRouter<Ground> {
    v1::routes()
        .merge(host::routes())
        .merge(admin::routes())
        .merge(guest::routes())
        .merge(branch::routes())
        .merge(ops::routes())
        .merge(documents::routes())
}

/// The documents that describe every route of the program.
#[must_use]
pub fn documents() -> Documents {
    Documents::of(&routes().into_openapi())
}

/// Every route of the program, ready. `hsts` says whether browsers are to come by HTTPS only.
pub fn router(ground: Ground, hsts: bool) -> App {
    let (routes, described) = routes().split_for_parts();
    // One layer for all: each of its own would be one more copy of every route for every request.
    let around = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(hsts, browser::safe_headers))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&ground.origins),
            browser::listed_pages,
        ))
        .layer(middleware::from_fn(no_panics))
        .layer(Extension(Arc::new(Documents::of(&described))));
    routes
        .fallback(fallback)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(around)
        .with_state(ground)
}

/// Puts an address into our form: without the slash that some clients put behind it, and with a prefix once that some
/// write twice. Both are the same addresses to them.
pub fn in_our_form<B>(request: &mut Request<B>) {
    let sent = request.uri();
    let (path, query) = (sent.path(), sent.query());
    let is_theirs = |it: &&str| host::owns(it) || admin::owns(it) || guest::owns(it) || branch::owns(it);
    let plain = path.strip_suffix('/').filter(is_theirs).unwrap_or(path);
    let once = branch::once(plain).unwrap_or_else(|| plain.to_owned());
    if once == path {
        return;
    }
    let query = query.map(|it| format!("?{it}")).unwrap_or_default();
    if let Ok(uri) = format!("{once}{query}").parse() {
        let sent = AsSent(path.to_owned());
        *request.uri_mut() = uri;
        request.extensions_mut().insert(sent);
    }
}

/// The web app, or an answer in the shape of the surface that the address belongs to, else of v1.
async fn fallback(request: Request<Body>) -> Response {
    let (parts, _) = request.into_parts();
    if host::owns(parts.uri.path()) {
        return HostError::not_found().into_response();
    }
    if admin::owns(parts.uri.path()) {
        // The files of its pages are there, but no page of the web app.
        let file = web::file(&parts.method, parts.uri.path());
        return file.unwrap_or_else(|| AdminError::not_found().into_response());
    }
    if branch::is_socket(parts.uri.path()) {
        return SocketError::nothing_here().into_response();
    }
    if branch::is_rest(parts.uri.path()) {
        return BranchError::no_route(&parts).into_response();
    }
    let is_read = [Method::GET, Method::HEAD].contains(&parts.method);
    let is_root = is_read && parts.uri.path() == "/";
    if let Some(response) = web::serve(parts.method, parts.uri, parts.headers).await {
        return response;
    }
    if is_root {
        return Json(root()).into_response();
    }
    ApiError::new(
        StatusCode::NOT_FOUND,
        "unknown_path",
        "there is nothing at this address",
    )
    .into_response()
}

fn root() -> Value {
    json!({
        "message": "maitred: a real-time floor server for restaurants",
        "version": env!("CARGO_PKG_VERSION"),
        "docs": "/docs",
    })
}

async fn method_not_allowed(request: Request<Body>) -> Response {
    let (parts, _) = request.into_parts();
    let uri = &parts.uri;
    if host::owns(uri.path()) {
        return HostError::method_not_allowed().into_response();
    }
    if admin::owns(uri.path()) {
        return AdminError::method_not_allowed().into_response();
    }
    if guest::owns(uri.path()) {
        return GuestError::method_not_allowed().into_response();
    }
    if branch::is_socket(uri.path()) {
        return SocketError::method(uri.path()).into_response();
    }
    if branch::is_rest(uri.path()) {
        // To clients of this protocol, a method is a part of the address.
        return BranchError::no_route(&parts).into_response();
    }
    let error = ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "this address has other methods",
    );
    error.into_response()
}

/// A handler that panics has met a fault of ours: the client gets an answer, the others notice nothing.
async fn no_panics(request: Request<Body>, next: Next) -> Response {
    let path = request.uri().path();
    let (is_hosts, is_admins, is_guests) = (host::owns(path), admin::owns(path), guest::owns(path));
    let (is_socket, is_branches) = (branch::is_socket(path), branch::is_rest(path));
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answered.unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<&str>().map(|it| (*it).to_owned());
        let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
        let fault = ApiError::fault(&Panicked(said.unwrap_or_default()));
        if is_hosts {
            return HostError::fault().into_response();
        }
        if is_admins {
            return AdminError::fault().into_response();
        }
        if is_guests {
            return GuestError::fault().into_response();
        }
        if is_socket {
            return SocketError::fault().into_response();
        }
        if is_branches {
            return BranchError::fault().into_response();
        }
        fault.into_response()
    })
}

#[derive(Debug, thiserror::Error)]
#[error("a handler panicked: {0}")]
struct Panicked(String);

#[cfg(test)]
mod tests {
    use super::no_panics;
    use axum::body::Body;
    use axum::http::Request;
    use axum::{Router, middleware};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    #[tokio::test]
    async fn a_handler_that_panics_is_answered_in_the_shape_of_its_address() {
        async fn panics() {
            panic!("a fault of ours");
        }
        let app: Router = Router::new()
            .fallback(panics)
            .layer(middleware::from_fn(no_panics));
        for (path, expected) in [
            (
                "/restaurants/1/guests",
                r#"{"message":"Internal server error","success":false}"#,
            ),
            ("/table_session", r#""code":"internal_error""#),
            ("/admin/tables", r#"{"detail":"Internal server error"}"#),
            ("/socket.io", r#""message":"Internal server error""#),
            ("/v1/floor", r#""code":"fault""#),
        ] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let answer = app.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), 500);
            let body = answer.into_body().collect().await.unwrap().to_bytes();
            let text = String::from_utf8(body.to_vec()).unwrap();
            assert!(text.contains(expected), "{text}");
        }
    }
}
