//! The built web app, from inside the binary.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use include_dir::{Dir, include_dir};

const FILES: Dir<'_> = include_dir!("$OUT_DIR/web");

/// Scripts, styles and connections of our own only: nothing is fetched from elsewhere.
pub(super) const POLICY: &str = "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; \
     style-src 'self'; style-src-attr 'unsafe-inline'; object-src 'none'; base-uri 'none'; \
     frame-ancestors 'none'; form-action 'self'";

/// The API browser brings its own inline styles.
const DOCS_POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
     object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// A file of the web app.
pub(super) fn file(method: &Method, path: &str) -> Option<Response> {
    if method != Method::GET && method != Method::HEAD {
        return None;
    }
    let path = path.trim_start_matches('/');
    FILES.get_file(path).map(|it| answer(path, it.contents()))
}

/// A file of the web app, or its page for paths that a person may have bookmarked.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Option<Response> {
    if let Some(response) = file(&method, uri.path()) {
        return Some(response);
    }
    if method != Method::GET && method != Method::HEAD {
        return None;
    }
    let path = uri.path().trim_start_matches('/');
    let is_page = headers
        .get(header::ACCEPT)
        .and_then(|it| it.to_str().ok())
        .is_some_and(|it| it.contains("text/html"));
    if !is_page {
        return None;
    }
    if path == "docs" || path == "docs/" {
        return FILES
            .get_file("docs/index.html")
            .map(|it| answer("docs/index.html", it.contents()));
    }
    FILES
        .get_file("index.html")
        .map(|it| answer("index.html", it.contents()))
}

fn answer(path: &str, contents: &'static [u8]) -> Response {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let mut response = (StatusCode::OK, Body::from(contents)).into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(kind.as_ref()) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    // Files in assets/ carry their fingerprint in the name; pages are asked for anew.
    let cache = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    let policy = if path.starts_with("docs/") {
        DOCS_POLICY
    } else {
        POLICY
    };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}
