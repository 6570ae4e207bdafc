//! Where a web hook may be.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Most characters of a web hook's address.
pub const LONGEST_URL: usize = 2_000;

/// Reads the address of a web hook. Names are looked up when it is sent to, and checked by [`is_public`] then.
///
/// # Errors
/// What is wrong with it, a sentence.
pub fn check_url(text: &str, private_addresses: bool) -> Result<Url, String> {
    if text.chars().count() > LONGEST_URL {
        return Err(format!("an address has {LONGEST_URL} characters at most"));
    }
    let bad = |what: &str| format!("{what}; expected such as https://example.com/hook");
    let url = Url::parse(text).map_err(|error| bad(&format!("this is no address: {error}")))?;
    match url.scheme() {
        "https" => {}
        "http" if private_addresses => {}
        "http" => {
            return Err(bad(
                "what is sent by http:// can be read on its way, and is for private networks only",
            ));
        }
        other => return Err(bad(&format!("{other}: is no way to send a message"))),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("an address with a name or a password in it would be shown with them"));
    }
    let address = match url.host() {
        None => return Err(bad("the address names no host")),
        Some(Host::Domain(name)) if name.trim_end_matches('.').eq_ignore_ascii_case("localhost") => {
            Some(IpAddr::V4(Ipv4Addr::LOCALHOST))
        }
        Some(Host::Domain(_)) => None,
        Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
    };
    match address {
        Some(address) if !private_addresses && !is_public(address) => Err(format!(
            "{address} is this machine or in a private network; an operator may allow it with --private-addresses"
        )),
        _ => Ok(url),
    }
}

/// Whether an address is out in the internet: not this machine, no private network, none that is set apart (IANA's
/// registries of special-purpose addresses), and no way around to one of those.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let set_apart = match (a, b, c) {
        // This network, private, loopback, multicast, reserved, broadcast.
        (0 | 10 | 127 | 224..=255, ..) => true,
        // Shared between a provider and its customers; benchmarks.
        (100, 64..=127, _) | (198, 18 | 19, _) => true,
        // Link-local, where clouds keep their secrets; private.
        (169, 254, _) | (172, 16..=31, _) | (192, 168, _) => true,
        // Protocol assignments, documentation, the former 6to4 relays.
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 51, 100) | (203, 0, 113) => true,
        _ => false,
    };
    !set_apart
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inside) = address.to_ipv4() {
        // ::1 and ::a.b.c.d too.
        return address.to_ipv4_mapped().is_some() && is_public_v4(inside);
    }
    let segments = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // NAT64 and 6to4 lead to an IPv4 address.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => embedded(high, low),
        // Protocol assignments (Teredo among them), documentation.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Global unicast.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_out_in_the_internet_is_public() {
        let public = [
            "1.1.1.1",
            "8.8.8.8",
            "172.32.0.1",
            "192.0.1.1",
            "100.128.0.1",
            "::ffff:8.8.8.8",
            "2606:4700::1111",
            "64:ff9b::808:808",
            "2002:808:808::1",
        ];
        let private = [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        for (texts, expected) in [(&public[..], true), (&private[..], false)] {
            for text in texts {
                assert_eq!(is_public(text.parse().unwrap()), expected, "{text}");
            }
        }
    }

    #[test]
    fn addresses_of_web_hooks_are_checked() {
        let table: [(&str, bool, bool); 18] = [
            ("https://example.com/hook", false, true),
            ("https://example.com:8443/hook?team=a", false, true),
            ("http://example.com/hook", false, false),
            ("http://127.0.0.1:9000/hook", true, true),
            ("http://127.0.0.1:9000/hook", false, false),
            ("https://127.1/hook", false, false),
            ("https://2130706433/hook", false, false),
            ("https://0x7f.0.0.1/hook", false, false),
            ("https://[::1]/hook", false, false),
            ("https://[::ffff:10.0.0.1]/hook", false, false),
            ("https://localhost/hook", false, false),
            ("https://LocalHost./hook", false, false),
            ("https://169.254.169.254/latest", false, false),
            ("https://ana:secret@example.com/", false, false),
            ("file:///etc/passwd", true, false),
            ("gopher://example.com/", true, false),
            ("hook", false, false),
            ("https://", false, false),
        ];
        for (text, private, expected) in table {
            assert_eq!(check_url(text, private).is_ok(), expected, "{text} {private}");
        }
        assert!(check_url(&format!("https://example.com/{}", "a".repeat(2_000)), false).is_err());
    }
}
