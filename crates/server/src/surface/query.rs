//! What stands behind the `?` of an address.

/// The first parameter of that name.
pub(super) fn parameter(query: Option<&str>, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query?.as_bytes());
    pairs.find(|it| it.0 == name).map(|it| it.1.into_owned())
}
