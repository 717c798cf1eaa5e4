//! What browsers are told with every answer: what they must not do with it, and whose pages may read it.

use crate::peer::Peer;
use crate::surface::branch;
use crate::surface::origin::Origins;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;
use std::time::Duration;
use tower::{Layer, ServiceExt};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// For every answer.
const SAFE: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=()",
    ),
];

/// For every answer that is not one of our pages: they bring their own.
const NO_PAGE: &str = "default-src 'none'; frame-ancestors 'none'";

/// For answers to browsers that came over HTTPS: a year of nothing else.
const ONLY_HTTPS: &str = "max-age=31536000";

/// How long a browser may remember what a foreign page may ask for.
const REMEMBERED: Duration = Duration::from_secs(600);

/// Puts on every answer what keeps a browser from making more of it than we mean. `hsts` says whether
/// browsers are to come by HTTPS only.
pub(super) async fn safe_headers(State(hsts): State<bool>, request: Request<Body>, next: Next) -> Response {
    let is_https = Peer::of_request(request.extensions()).is_https;
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in &SAFE {
        // An answer that is made for pages of others says so itself.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(NO_PAGE));
    if hsts && is_https {
        let value = HeaderValue::from_static(ONLY_HTTPS);
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    response
}

/// Lets pages of listed origins read answers, with their credentials. For all others, browsers do not hear
/// of it. Socket.IO has a rule of its own: pages of whichever origin, without credentials.
pub(super) async fn listed_pages(
    State(origins): State<Arc<Origins>>,
    request: Request<Body>,
    next: Next,
) -> Response {
    let is_open = branch::is_socket(request.uri().path());
    if is_open || !is_listed(&origins, request.method(), request.headers()) {
        return next.run(request).await;
    }
    let asked = cors().layer(next).oneshot(request).await;
    match asked {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn is_listed(origins: &Origins, method: &Method, headers: &HeaderMap) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|it| it.to_str().ok());
    // Without it, it is no question of a browser, but a method that we do not have.
    let is_question = headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    origin.is_some_and(|it| origins.list(it)) && (method != Method::OPTIONS || is_question)
}

/// What a page of a listed origin may ask for. Only such requests get here.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_credentials(true)
        .allow_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
        ])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("x-min-seq"),
            HeaderName::from_static("last-event-id"),
            HeaderName::from_static("x-device"),
        ])
        .expose_headers([
            HeaderName::from_static("x-seq"),
            header::ETAG,
            header::RETRY_AFTER,
        ])
        .max_age(REMEMBERED)
}
