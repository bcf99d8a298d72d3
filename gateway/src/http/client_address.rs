//! Where a request came from. A header can say anything; it counts as far as proxies wrote it whom the
//! operator trusts, and only what the last of them added.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use axum::http::header::{FORWARDED, HeaderName};
use clap::ValueEnum;
use ipnet::IpNet;

/// The header in which proxies say whom they speak for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`, which most proxies write.
    XForwardedFor,
    /// `Forwarded`, the standard one (RFC 7239).
    Forwarded,
}

/// Whose word about a client's address is taken.
#[derive(Clone, Debug)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
    header: ForwardedHeader,
}

impl TrustedProxies {
    /// Proxies in these networks, which write this header.
    pub fn new(networks: Vec<IpNet>, header: ForwardedHeader) -> Self {
        Self { networks, header }
    }

    /// The nearest address that is no proxy's. Each proxy appends the address that it was called from, so
    /// what stands before the first stranger, counted from the end, is a stranger's word.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut nearest = peer.to_canonical();
        let (name, address): (HeaderName, fn(&str) -> Option<IpAddr>) = match self.header {
            ForwardedHeader::XForwardedFor => {
                (HeaderName::from_static("x-forwarded-for"), node_address)
            }
            ForwardedHeader::Forwarded => (FORWARDED, forwarded_for),
        };
        let values: Vec<_> = headers.get_all(name).iter().collect();
        let mut hops = values
            .into_iter()
            .rev()
            .flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
        while self.is_proxy(nearest) {
            // What does not name an address names nobody nearer.
            match hops.next().and_then(address) {
                Some(hop) => nearest = hop.to_canonical(),
                None => break,
            }
        }
        nearest
    }

    fn is_proxy(&self, address: IpAddr) -> bool {
        self.networks
            .iter()
            .any(|network| network.contains(&address))
    }
}

/// The `for` of one element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut addresses = element.split(';').filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then_some(value)
    });
    let (address, None) = (addresses.next()?, addresses.next()) else {
        return None;
    };
    node_address(address.trim().trim_matches('"'))
}

/// An address, with or without a port; one of version 6 may be in brackets.
fn node_address(node: &str) -> Option<IpAddr> {
    let node = node.trim();
    if let Ok(address) = node.parse::<SocketAddr>() {
        return Some(address.ip());
    }
    node.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(node)
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn proxies(networks: &[&str], header: ForwardedHeader) -> TrustedProxies {
        let networks = networks
            .iter()
            .map(|network| network.parse().unwrap())
            .collect();
        TrustedProxies::new(networks, header)
    }

    fn client(proxies: &TrustedProxies, peer: &str, lines: &[(&'static str, &str)]) -> String {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn without_trusted_proxies_a_header_is_nobodys_word() {
        let nobody = proxies(&[], ForwardedHeader::XForwardedFor);
        let forged = [
            ("x-forwarded-for", "203.0.113.9"),
            ("forwarded", "for=203.0.113.9"),
        ];
        assert_eq!(client(&nobody, "127.0.0.1", &forged), "127.0.0.1");
        assert_eq!(client(&nobody, "::ffff:192.0.2.1", &forged), "192.0.2.1");
    }

    #[test]
    fn a_stranger_says_nothing_about_himself() {
        let ours = proxies(&["10.0.0.0/8"], ForwardedHeader::XForwardedFor);
        let forged = [("x-forwarded-for", "203.0.113.9")];
        assert_eq!(client(&ours, "198.51.100.7", &forged), "198.51.100.7");
    }

    #[test]
    fn the_last_address_that_is_no_proxys_is_the_clients() {
        let ours = proxies(&["10.0.0.0/8", "fd00::/8"], ForwardedHeader::XForwardedFor);
        for (header, expected) in [
            ("198.51.100.7", "198.51.100.7"),
            ("203.0.113.9, 198.51.100.7", "198.51.100.7"),
            ("203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
            (
                "203.0.113.9,198.51.100.7,fd00::2 , 10.0.0.2",
                "198.51.100.7",
            ),
            ("198.51.100.7:4711, 10.0.0.2", "198.51.100.7"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("::ffff:198.51.100.7", "198.51.100.7"),
            // Everybody is a proxy: the outermost.
            ("10.0.0.4, 10.0.0.3", "10.0.0.4"),
            // Nobody, or nonsense: the nearest that is known.
            ("", "10.0.0.1"),
            ("unknown", "10.0.0.1"),
            ("203.0.113.9, unknown, 10.0.0.2", "10.0.0.2"),
            ("203.0.113.9, <script>", "10.0.0.1"),
        ] {
            let lines = [("x-forwarded-for", header)];
            assert_eq!(client(&ours, "10.0.0.1", &lines), expected, "{header:?}");
        }
    }

    #[test]
    fn lines_of_the_header_are_one_list() {
        let ours = proxies(&["10.0.0.0/8"], ForwardedHeader::XForwardedFor);
        let lines = [
            ("x-forwarded-for", "203.0.113.9"),
            ("x-forwarded-for", "198.51.100.7, 10.0.0.2"),
        ];
        assert_eq!(client(&ours, "10.0.0.1", &lines), "198.51.100.7");
    }

    #[test]
    fn only_the_header_that_the_proxies_write_is_read() {
        let lines = [
            ("x-forwarded-for", "198.51.100.7"),
            ("forwarded", "for=203.0.113.9"),
        ];
        let by = |header| client(&proxies(&["10.0.0.0/8"], header), "10.0.0.1", &lines);
        assert_eq!(by(ForwardedHeader::XForwardedFor), "198.51.100.7");
        assert_eq!(by(ForwardedHeader::Forwarded), "203.0.113.9");
    }

    #[test]
    fn the_standard_header_is_understood() {
        let ours = proxies(&["10.0.0.0/8"], ForwardedHeader::Forwarded);
        for (header, expected) in [
            ("for=198.51.100.7", "198.51.100.7"),
            ("For=\"[2001:db8::1]:4711\";proto=https", "2001:db8::1"),
            (
                "for=203.0.113.9, proto=http;for=198.51.100.7;by=10.0.0.1",
                "198.51.100.7",
            ),
            ("for=198.51.100.7, for=10.0.0.2", "198.51.100.7"),
            ("for=_hidden", "10.0.0.1"),
            ("for=203.0.113.9;for=203.0.113.10", "10.0.0.1"),
            ("by=203.0.113.9", "10.0.0.1"),
        ] {
            let lines = [("forwarded", header)];
            assert_eq!(client(&ours, "10.0.0.1", &lines), expected, "{header:?}");
        }
    }

    proptest! {
        /// Whatever a client sends before what the proxy appended: it changes nothing.
        #[test]
        fn what_a_client_sends_is_not_recorded(forged in "[0-9a-f.:, \\[\\]\"=;for-]{0,80}") {
            let ours = proxies(&["10.0.0.0/8"], ForwardedHeader::XForwardedFor);
            let header = format!("{forged}, 198.51.100.7");
            prop_assert_eq!(client(&ours, "10.0.0.1", &[("x-forwarded-for", &header)]), "198.51.100.7");
        }
    }
}
