//! Who is at the other end of a connection, and whether the network vouches for them.
//!
//! Headers in which a proxy says for whom a request is can be written by anybody, so they count only when
//! the connection itself comes from a configured proxy. Where they leave a doubt, the address that is
//! certain wins, and nobody is trusted.

use hyper::HeaderMap;
use hyper::header::{self, HeaderName};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Who asks, as far as the network can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Where they are. IPv4 is IPv4, however it was written.
    pub address: IpAddr,
    /// Whether somebody in between says that it passes this on, rightly or not.
    pub is_forwarded: bool,
    /// Whether `address` was named by a proxy of ours.
    pub is_vouched: bool,
    /// Whether they came to our proxy over HTTPS.
    pub is_https: bool,
    /// The host that they asked for.
    pub host: Option<String>,
}

/// Networks, as an operator lists them: `10.0.0.0/8`, or an address alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Networks(Vec<IpNet>);

/// This is no network.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no network such as 10.0.0.0/8 or fd00::/8")]
pub struct NotANetwork(String);

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");

/// Headers that show that somebody passes a request on.
const FORWARDING: [HeaderName; 6] = [
    header::FORWARDED,
    X_FORWARDED_FOR,
    X_FORWARDED_PROTO,
    X_FORWARDED_HOST,
    X_REAL_IP,
    header::VIA,
];

impl Peer {
    /// Who sent `headers` over a connection from `connected`.
    #[must_use]
    pub fn of(connected: IpAddr, headers: &HeaderMap, proxies: &Networks) -> Peer {
        let connected = connected.to_canonical();
        let host = last(headers, &header::HOST).map(str::to_owned);
        let mut peer = Peer {
            address: connected,
            is_forwarded: FORWARDING.iter().any(|it| headers.contains_key(it)),
            is_vouched: false,
            is_https: false,
            host,
        };
        if !peer.is_forwarded || !proxies.contain(connected) {
            return peer;
        }
        match named(headers, proxies) {
            Named::Certain(address) => (peer.address, peer.is_vouched) = (address, true),
            Named::Behind(proxy) => peer.address = proxy,
            Named::Nowhere => {}
        }
        let says_https = |it: &str| it.eq_ignore_ascii_case("https");
        let schemes = [last(headers, &X_FORWARDED_PROTO), forwarded(headers, "proto")];
        let mut schemes = schemes.into_iter().flatten().peekable();
        peer.is_https = schemes.peek().is_some() && schemes.all(says_https);
        let asked = last(headers, &X_FORWARDED_HOST).or_else(|| forwarded(headers, "host"));
        peer.host = asked.map(str::to_owned).or(peer.host);
        peer
    }

    /// Somebody of whom nothing is known, and who is trusted nowhere.
    #[must_use]
    pub fn unknown() -> Peer {
        Peer {
            address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            is_forwarded: true,
            is_vouched: false,
            is_https: false,
            host: None,
        }
    }

    /// Whether they are in one of `networks` for certain. A request that was passed on by anybody but a
    /// proxy of ours never is.
    #[must_use]
    pub fn is_trusted(&self, networks: &Networks) -> bool {
        (!self.is_forwarded || self.is_vouched) && networks.contain(self.address)
    }

    /// The address under which they are counted. Whoever has one IPv6 address has the whole /64.
    #[must_use]
    pub fn counted_as(&self) -> IpAddr {
        counted_as(self.address)
    }
}

/// The address under which somebody at `address` is counted.
#[must_use]
pub fn counted_as(address: IpAddr) -> IpAddr {
    const NETWORK: u128 = !(u64::MAX as u128);
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & NETWORK)),
    }
}

impl Networks {
    /// This machine.
    #[must_use]
    pub fn loopback() -> Networks {
        let all_of_127 = IpNet::new(Ipv4Addr::new(127, 0, 0, 0).into(), 8);
        let networks = [all_of_127, IpNet::new(Ipv6Addr::LOCALHOST.into(), 128)];
        Networks(networks.into_iter().flatten().collect())
    }

    /// Whether `address` is in one of them.
    #[must_use]
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|it| it.contains(&address))
    }
}

impl TryFrom<Vec<String>> for Networks {
    type Error = NotANetwork;

    fn try_from(listed: Vec<String>) -> Result<Networks, NotANetwork> {
        let network = |text: String| {
            let alone = text.parse().map(|it: IpAddr| IpNet::from(it.to_canonical()));
            alone.or_else(|_| text.parse()).map_err(|_| NotANetwork(text))
        };
        listed
            .into_iter()
            .map(network)
            .collect::<Result<_, _>>()
            .map(Networks)
    }
}

impl From<Networks> for Vec<String> {
    fn from(networks: Networks) -> Vec<String> {
        networks.0.iter().map(ToString::to_string).collect()
    }
}

/// What the headers say of the sender's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    /// This is it.
    Certain(IpAddr),
    /// Behind this proxy of ours, which did not say where.
    Behind(IpAddr),
    /// Nothing that can be relied on.
    Nowhere,
}

/// The sender's address by all headers that name one. A proxy writes one of them, and lets the sender
/// write the others: what they do not agree about is not known.
fn named(headers: &HeaderMap, proxies: &Networks) -> Named {
    let by_list = walk(entries(headers, &X_FORWARDED_FOR), address_in, proxies);
    let by_other_list = walk(
        entries(headers, &header::FORWARDED),
        |it| address_in(pair(it, "for")?),
        proxies,
    );
    let mut all: Vec<Named> = by_list.into_iter().chain(by_other_list).collect();
    if let Some(real) = last(headers, &X_REAL_IP) {
        let real = address_in(real);
        // Where proxies stand in a row, the last one calls the one before it the real address.
        if all.is_empty() || !real.is_some_and(|it| proxies.contain(it)) {
            all.push(real.map_or(Named::Nowhere, Named::Certain));
        }
    }
    match all.first() {
        Some(first) if all.iter().all(|it| it == first) => *first,
        _ => Named::Nowhere,
    }
}

/// Goes through what each proxy has added, the nearest first, past our own proxies. Nothing when there is
/// no entry at all.
fn walk<'a>(
    entries: impl DoubleEndedIterator<Item = &'a str>,
    address: impl Fn(&'a str) -> Option<IpAddr>,
    proxies: &Networks,
) -> Option<Named> {
    let mut farthest = None;
    for entry in entries.rev() {
        match address(entry) {
            Some(address) if proxies.contain(address) => farthest = Some(Named::Certain(address)),
            Some(address) => return Some(Named::Certain(address)),
            None => {
                return Some(match farthest {
                    Some(Named::Certain(proxy)) => Named::Behind(proxy),
                    _ => Named::Nowhere,
                });
            }
        }
    }
    farthest
}

/// The entries of a list that may be spread over several headers, in order. Commas in quotes part them as
/// well: a sender cannot hide what a proxy has added by opening a quote.
fn entries<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl DoubleEndedIterator<Item = &'a str> {
    let values: Vec<_> = headers.get_all(name).iter().collect();
    // A value that is no text is an entry that cannot be read.
    let texts = values.into_iter().map(|it| it.to_str().unwrap_or_default());
    texts.flat_map(|it| it.split(',')).map(str::trim)
}

fn last<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    entries(headers, name).next_back().filter(|it| !it.is_empty())
}

/// What the nearest proxy says under `name` in `Forwarded`.
fn forwarded<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    pair(last(headers, &header::FORWARDED)?, name)
}

/// The value of `name` in an entry of `Forwarded`: `for="[2001:db8::1]:4711";proto=https`.
fn pair<'a>(entry: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = entry.split(';').filter_map(|it| it.trim().split_once('='));
    let (_, value) = pairs.find(|(it, _)| it.eq_ignore_ascii_case(name))?;
    Some(value.trim_matches('"'))
}

/// An address, with or without a port.
fn address_in(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let address = bare.unwrap_or(text).parse().ok();
    let address = address.or_else(|| text.parse().ok().map(|it: SocketAddr| it.ip()));
    address.map(|it| it.to_canonical())
}

#[cfg(test)]
mod tests;
