//! Whose pages may use us: one rule for all surfaces.
//!
//! Browsers send a cookie along whoever's page asks, and open WebSockets for any page. So every upgrade,
//! and every request that comes with a cookie or asks for one, has to pass [`Origins::check`].

use crate::peer::Peer;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};

/// The origins whose pages may use us, besides our own.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    listed: Vec<String>,
    is_local_listed: bool,
}

/// A page of another origin asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("pages of this origin may not connect")]
pub struct ForeignOrigin;

/// The header in which a browser says how far its page is from us.
const SEC_FETCH_SITE: &str = "sec-fetch-site";

impl Origins {
    /// These.
    #[must_use]
    pub fn listed(listed: Vec<String>) -> Origins {
        Origins {
            listed,
            is_local_listed: false,
        }
    }

    /// And whatever is served on localhost and 127.0.0.1, at any port.
    pub fn list_local(&mut self) {
        self.is_local_listed = true;
    }

    /// Whether `origin` is one of them.
    #[must_use]
    pub fn list(&self, origin: &str) -> bool {
        let is_local =
            || ["localhost", "127.0.0.1"].contains(&host(origin).split(':').next().unwrap_or_default());
        self.listed.iter().any(|it| it == origin) || self.is_local_listed && is_local()
    }

    /// Whether one of them is served under this name.
    #[must_use]
    pub fn name(&self, name: &str) -> bool {
        let is_it = |it: &String| {
            host(it)
                .split(':')
                .next()
                .is_some_and(|it| it.eq_ignore_ascii_case(name))
        };
        self.listed.iter().any(is_it)
    }

    /// Whether a page that asks so may: one of our own host or of a listed origin. What is not asked by a
    /// page may. What changes something with a cookie may not come from further away than the browser
    /// calls our own site, whatever it says of the origin.
    pub fn check(&self, asked: &Parts) -> Result<(), ForeignOrigin> {
        let origin = asked.headers.get(header::ORIGIN);
        let origin = origin.map(|it| it.to_str().unwrap_or_default());
        let is_listed = origin.is_some_and(|it| self.list(it));
        let own = Peer::of_request(&asked.extensions).host;
        let is_own = origin.is_none_or(|it| own.as_deref() == Some(host(it)));
        if !is_listed && !is_own {
            return Err(ForeignOrigin);
        }
        match site(&asked.headers) {
            Some(site) if changes_with_a_cookie(asked) => match site {
                "same-origin" | "none" => Ok(()),
                "same-site" if is_listed => Ok(()),
                _ => Err(ForeignOrigin),
            },
            _ => Ok(()),
        }
    }
}

fn site(headers: &HeaderMap) -> Option<&str> {
    let site = headers.get(SEC_FETCH_SITE)?;
    Some(site.to_str().unwrap_or_default())
}

fn changes_with_a_cookie(asked: &Parts) -> bool {
    let is_safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(&asked.method);
    !is_safe && asked.headers.contains_key(header::COOKIE)
}

/// The name and port of an origin.
fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::{ForeignOrigin, Origins};
    use crate::peer::{Networks, Peer};
    use axum::http::Request;

    fn check(origins: &Origins, method: &str, headers: &[(&str, &str)]) -> Result<(), ForeignOrigin> {
        let mut request = Request::builder().method(method).header("host", "floor.example");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let address = "203.0.113.9".parse().unwrap();
        parts
            .extensions
            .insert(Peer::of(address, &parts.headers, &Networks::default()));
        origins.check(&parts)
    }

    #[test]
    fn pages_of_our_own_and_of_listed_origins_may_ask_and_so_may_what_is_no_page() {
        let origins = Origins::listed(vec!["https://wall.example:8443".to_owned()]);
        let rows = [
            (None, true),
            (Some("https://floor.example"), true),
            (Some("https://wall.example:8443"), true),
            (Some("http://wall.example:8443"), false),
            (Some("https://wall.example"), false),
            (Some("https://floor.example.evil.example"), false),
            (Some("http://localhost:5173"), false),
            (Some("null"), false),
            (Some(""), false),
        ];
        for (origin, expected) in rows {
            let headers: Vec<_> = origin.map(|it| ("origin", it)).into_iter().collect();
            assert_eq!(check(&origins, "GET", &headers).is_ok(), expected, "{origin:?}");
        }
        let mut local = origins;
        local.list_local();
        for (origin, expected) in [
            ("http://localhost:5173", true),
            ("http://127.0.0.1", true),
            ("http://localhost.evil.example", false),
        ] {
            assert_eq!(
                check(&local, "GET", &[("origin", origin)]).is_ok(),
                expected,
                "{origin}"
            );
        }
    }

    #[test]
    fn what_changes_something_with_a_cookie_has_to_come_from_our_own_site() {
        let origins = Origins::listed(vec!["https://wall.example".to_owned()]);
        let cookie = ("cookie", "maitred_session=x");
        let (own, listed) = (
            ("origin", "https://floor.example"),
            ("origin", "https://wall.example"),
        );
        let site = |it| ("sec-fetch-site", it);
        type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], bool);
        let rows: [Row<'_>; 11] = [
            ("POST", &[cookie, own, site("same-origin")], true),
            ("POST", &[cookie, site("none")], true),
            ("POST", &[cookie, own], true),
            ("POST", &[cookie, listed, site("same-site")], true),
            ("POST", &[cookie, own, site("same-site")], false),
            ("POST", &[cookie, site("same-site")], false),
            ("DELETE", &[cookie, listed, site("cross-site")], false),
            ("PATCH", &[cookie, site("cross-site")], false),
            ("PUT", &[cookie, site("")], false),
            ("GET", &[cookie, site("cross-site")], true),
            ("POST", &[listed, site("cross-site")], true),
        ];
        for (method, headers, expected) in rows {
            assert_eq!(
                check(&origins, method, headers).is_ok(),
                expected,
                "{method} {headers:?}"
            );
        }
    }
}
