//! Who is believed, and who is not.

use super::{FORWARDING, Networks, Peer};
use hyper::HeaderMap;
use hyper::header::HeaderValue;
use proptest::prelude::*;
use std::net::IpAddr;

fn networks(listed: &[&str]) -> Networks {
    let listed: Vec<String> = listed.iter().map(|it| (*it).to_owned()).collect();
    Networks::try_from(listed).unwrap()
}

/// Our proxies: one on this machine, a network of them, one with IPv6.
fn proxies() -> Networks {
    networks(&["127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48"])
}

/// Where callers are trusted: this machine, which has a proxy on it too, and an office.
fn trusted() -> Networks {
    networks(&["127.0.0.0/8", "192.168.7.0/24"])
}

fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    headers
}

fn peer(connected: &str, lines: &[(&'static str, &str)]) -> Peer {
    Peer::of(connected.parse().unwrap(), &headers(lines), &proxies())
}

#[test]
fn the_address_is_the_one_that_can_be_relied_on() {
    type Row = (
        &'static str,
        &'static str,
        &'static [(&'static str, &'static str)],
        &'static str,
        bool,
    );
    let rows: &[Row] = &[
        ("nobody in between", "203.0.113.9", &[], "203.0.113.9", false),
        ("a neighbour", "192.168.7.9", &[], "192.168.7.9", true),
        ("this machine", "127.0.0.5", &[], "127.0.0.5", true),
        (
            "IPv4 written as IPv6",
            "::ffff:192.168.7.9",
            &[],
            "192.168.7.9",
            true,
        ),
        (
            "somebody who says that he is this machine",
            "203.0.113.9",
            &[("x-forwarded-for", "127.0.0.1")],
            "203.0.113.9",
            false,
        ),
        (
            "a proxy on this machine that nobody told us of",
            "127.0.0.2",
            &[("x-forwarded-for", "203.0.113.9")],
            "127.0.0.2",
            false,
        ),
        (
            "one that only says how it was asked",
            "127.0.0.2",
            &[("x-forwarded-proto", "https")],
            "127.0.0.2",
            false,
        ),
        (
            "one that only names itself",
            "127.0.0.2",
            &[("via", "1.1 corner")],
            "127.0.0.2",
            false,
        ),
        (
            "our proxy",
            "10.0.0.1",
            &[("x-forwarded-for", "203.0.113.9")],
            "203.0.113.9",
            false,
        ),
        (
            "our proxy, for a neighbour",
            "10.0.0.1",
            &[("x-forwarded-for", "192.168.7.9")],
            "192.168.7.9",
            true,
        ),
        (
            "a row of our proxies",
            "10.0.0.1",
            &[("x-forwarded-for", "203.0.113.9, 10.3.3.3,10.2.2.2")],
            "203.0.113.9",
            false,
        ),
        (
            "what a stranger put in front of it",
            "10.0.0.1",
            &[("x-forwarded-for", "127.0.0.1, 203.0.113.9")],
            "203.0.113.9",
            false,
        ),
        (
            "the same in a header of its own",
            "10.0.0.1",
            &[
                ("x-forwarded-for", "127.0.0.1"),
                ("x-forwarded-for", "203.0.113.9"),
            ],
            "203.0.113.9",
            false,
        ),
        (
            "with a port",
            "10.0.0.1",
            &[("x-forwarded-for", "192.168.7.9:4711")],
            "192.168.7.9",
            true,
        ),
        (
            "IPv6 with a port",
            "2001:db8:1::1",
            &[("x-forwarded-for", "[2001:db8:2::7]:4711")],
            "2001:db8:2::7",
            false,
        ),
        (
            "IPv4 written as IPv6, passed on",
            "::ffff:10.0.0.1",
            &[("x-forwarded-for", "::ffff:192.168.7.9")],
            "192.168.7.9",
            true,
        ),
        (
            "the other header for it",
            "10.0.0.1",
            &[(
                "forwarded",
                "for=127.0.0.1, For=\"[2001:db8:2::7]:1\";proto=https;by=x",
            )],
            "2001:db8:2::7",
            false,
        ),
        (
            "a quote that hides nothing",
            "10.0.0.1",
            &[("forwarded", "for=\"127.0.0.1, for=203.0.113.9")],
            "203.0.113.9",
            false,
        ),
        (
            "nonsense in front of it",
            "10.0.0.1",
            &[("x-forwarded-for", "nonsense, 192.168.7.9")],
            "192.168.7.9",
            true,
        ),
        (
            "nonsense behind our proxy",
            "10.0.0.1",
            &[("x-forwarded-for", "192.168.7.9, nonsense, 127.0.0.1")],
            "127.0.0.1",
            false,
        ),
        (
            "nonsense and nothing else",
            "127.0.0.1",
            &[("x-forwarded-for", "nonsense")],
            "127.0.0.1",
            false,
        ),
        (
            "nothing at all in it",
            "127.0.0.1",
            &[("x-forwarded-for", "")],
            "127.0.0.1",
            false,
        ),
        (
            "no text",
            "127.0.0.1",
            &[("x-forwarded-for", "\u{e9}")],
            "127.0.0.1",
            false,
        ),
        (
            "somebody who does not want to be known",
            "127.0.0.1",
            &[("forwarded", "for=_hidden, for=unknown")],
            "127.0.0.1",
            false,
        ),
        (
            "a proxy that does not say for whom",
            "127.0.0.1",
            &[("x-forwarded-proto", "https")],
            "127.0.0.1",
            false,
        ),
        (
            "our own proxy, for itself",
            "10.0.0.1",
            &[("x-forwarded-for", "127.0.0.1")],
            "127.0.0.1",
            true,
        ),
        (
            "the real address",
            "10.0.0.1",
            &[("x-real-ip", "192.168.7.9")],
            "192.168.7.9",
            true,
        ),
        (
            "the real address, and the list that agrees",
            "10.0.0.1",
            &[("x-real-ip", "192.168.7.9"), ("x-forwarded-for", "192.168.7.9")],
            "192.168.7.9",
            true,
        ),
        (
            "the real address, which is the proxy before",
            "10.0.0.1",
            &[
                ("x-real-ip", "10.2.2.2"),
                ("x-forwarded-for", "192.168.7.9, 10.2.2.2"),
            ],
            "192.168.7.9",
            true,
        ),
        (
            "a header that the proxy passes on unread",
            "10.0.0.1",
            &[
                ("forwarded", "for=192.168.7.9"),
                ("x-forwarded-for", "203.0.113.9"),
            ],
            "10.0.0.1",
            false,
        ),
        (
            "another one",
            "10.0.0.1",
            &[("x-forwarded-for", "127.0.0.1"), ("x-real-ip", "203.0.113.9")],
            "10.0.0.1",
            false,
        ),
    ];
    for (name, connected, lines, address, is_trusted) in rows {
        let peer = peer(connected, lines);
        assert_eq!(peer.address, address.parse::<IpAddr>().unwrap(), "{name}");
        assert_eq!(peer.is_trusted(&trusted()), *is_trusted, "{name}: {peer:?}");
        assert_eq!(peer.is_forwarded, !lines.is_empty(), "{name}");
    }
}

#[test]
fn only_our_proxies_say_how_and_where_they_were_asked() {
    let lines: [&[(&'static str, &str)]; 2] = [
        &[
            ("host", "inside:8000"),
            ("x-forwarded-for", "203.0.113.9"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "floor.example.com"),
        ],
        &[
            ("host", "inside:8000"),
            (
                "forwarded",
                "for=203.0.113.9;Proto=HTTPS;host=\"floor.example.com\"",
            ),
        ],
    ];
    for lines in lines {
        let ours = peer("10.0.0.1", lines);
        assert!(ours.is_https);
        assert_eq!(ours.host.as_deref(), Some("floor.example.com"));
        let strange = peer("203.0.113.1", lines);
        assert!(!strange.is_https);
        assert_eq!(strange.host.as_deref(), Some("inside:8000"));
    }
    for schemes in ["http", "https, http", "", "https;"] {
        let lines = [("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", schemes)];
        assert!(!peer("10.0.0.1", &lines).is_https, "{schemes}");
    }
}

#[test]
fn neighbours_in_one_ipv6_network_are_counted_as_one() {
    let counted = |it: &str| peer(it, &[]).counted_as();
    assert_eq!(counted("2001:db8:9:1::1"), counted("2001:db8:9:1:ffff::2"));
    assert_ne!(counted("2001:db8:9:1::1"), counted("2001:db8:9:2::1"));
    assert_ne!(counted("203.0.113.1"), counted("203.0.113.2"));
    assert_eq!(counted("::ffff:203.0.113.1"), counted("203.0.113.1"));
}

#[test]
fn somebody_unknown_is_trusted_nowhere() {
    assert!(!Peer::unknown().is_trusted(&networks(&["0.0.0.0/0", "::/0"])));
}

#[test]
fn networks_are_written_as_they_are_read() {
    let text = r#"["10.0.0.0/8","2001:db8::1/128"]"#;
    let networks: Networks = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&networks).unwrap(), text);
    let error = serde_json::from_str::<Networks>(r#"["here"]"#).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`here` is no network such as 10.0.0.0/8 or fd00::/8"
    );
}

/// A header's value: pieces that mean something in some order, or anything at all.
fn value() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.7.9",
        "203.0.113.9",
        "::1",
        "[::1]:1",
        "2001:db8:1::1",
        "for=",
        "For=",
        "\"",
        ",",
        ";",
        "=",
        " ",
        "proto=https",
        "https",
        "host=x",
        "unknown",
        "_x",
        "[",
        "]",
        ":",
        "é",
    ];
    let sensible = proptest::collection::vec(proptest::sample::select(pieces.to_vec()), 0..12);
    let bytes = proptest::collection::vec(any::<u8>(), 0..40);
    prop_oneof![3 => sensible.prop_map(|it| it.concat().into_bytes()), 1 => bytes]
}

fn any_headers() -> impl Strategy<Value = HeaderMap> {
    let line = (proptest::sample::select(FORWARDING.to_vec()), value());
    proptest::collection::vec(line, 0..6).prop_map(|lines| {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                headers.append(name, value);
            }
        }
        headers
    })
}

/// An address of either kind.
fn address() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        any::<[u8; 4]>().prop_map(IpAddr::from),
        any::<[u8; 16]>().prop_map(IpAddr::from)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_headers_say_nobody_is_trusted_through_a_proxy_that_is_not_ours(
        headers in any_headers(), connected in address(), ours in any::<bool>(),
    ) {
        let everywhere = networks(&["0.0.0.0/0", "::/0"]);
        let connected = if ours { "10.0.0.1".parse().unwrap() } else { connected };
        let peer = Peer::of(connected, &headers, &proxies());
        prop_assert_eq!(peer.is_forwarded, !headers.is_empty());
        if !headers.is_empty() && !proxies().contain(connected) {
            prop_assert!(!peer.is_trusted(&everywhere));
            prop_assert!(!peer.is_https);
            prop_assert_eq!(peer.address, connected.to_canonical());
        }
        // Trust beyond the connection needs a name that our proxy gave.
        prop_assert!(!peer.is_vouched || peer.is_forwarded);
    }
}
