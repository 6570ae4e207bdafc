//! Where a service is: an address that may be asked.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use reqwest::Url;

/// The address of a service: `http://`, this machine, a port, perhaps a path in front of everything.
#[derive(Debug, Clone)]
pub(super) struct Address {
    url: Url,
    text: String,
}

/// An address that cannot be asked, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{address:?} {why}")]
pub struct BadAddress {
    /// The address as given, without a password.
    pub address: String,
    /// What is wrong with it and what to do.
    pub why: String,
}

impl BadAddress {
    pub(super) fn unusable(address: &str, error: &dyn fmt::Display) -> Self {
        Self { address: address.to_owned(), why: format!("cannot be asked: {error}") }
    }
}

impl Address {
    /// The address as messages name it: no slash at its end.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The address of these path segments below it. Each is percent-encoded.
    pub(super) fn below<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> Url {
        let mut url = self.url.clone();
        // An http address always has segments; the type does not know.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }
}

impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let bad = |why: &str| BadAddress { address: without_password(text), why: why.to_owned() };
        let url = Url::parse(text.trim())
            .map_err(|_| bad("is no address of a service; expected such as http://127.0.0.1:7070"))?;
        match url.scheme() {
            "http" => {}
            "https" => {
                return Err(bad(
                    "asks for TLS, which this client does not speak: a service listens on its own \
                                machine only; on that machine use http://127.0.0.1 and its port, from another \
                                one a tunnel (ssh -L 7070:127.0.0.1:7070 HOST)",
                ));
            }
            _ => return Err(bad("is no address of a service; expected such as http://127.0.0.1:7070")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("names a user; a service takes no user or password in its address"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad("has a query or fragment; expected the service's address alone, such as \
                            http://127.0.0.1:7070"));
        }
        if !url.host_str().is_some_and(is_here) {
            return Err(bad(
                "is another machine: plain http:// can be read and changed on its way, so it is \
                            for this machine only (127.0.0.1, [::1], localhost); reach the other one through \
                            a tunnel (ssh -L 7070:127.0.0.1:7070 HOST) as http://127.0.0.1:7070",
            ));
        }
        let text = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { url, text })
    }
}

/// Whether a host is this machine, without asking anybody.
fn is_here(host: &str) -> bool {
    let ip = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    host == "localhost" || ip.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The text with what stands between `://` and `@` taken out: it may be a password.
fn without_password(text: &str) -> String {
    match (text.split_once("://"), text.rfind('@')) {
        (Some((scheme, rest)), Some(at)) if at >= scheme.len() + 3 => {
            format!("{scheme}://…{}", &rest[at - scheme.len() - 3..])
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_machine_are_taken() {
        for (text, shown) in [
            ("http://127.0.0.1:7070", "http://127.0.0.1:7070"),
            ("http://localhost:7070/", "http://localhost:7070"),
            ("HTTP://LocalHost", "http://localhost"),
            ("http://[::1]:7070", "http://[::1]:7070"),
            ("http://127.8.9.10:1/behind/a/path/", "http://127.8.9.10:1/behind/a/path"),
        ] {
            assert_eq!(text.parse::<Address>().unwrap().as_str(), shown);
        }
    }

    #[test]
    fn other_addresses_are_refused_with_what_to_do() {
        for (text, expected) in [
            ("", "is no address of a service"),
            ("127.0.0.1:7070", "is no address of a service"),
            ("sqlite:yardstick.db", "expected such as http://127.0.0.1:7070"),
            ("https://127.0.0.1:7070", "asks for TLS"),
            ("http://yardstick.example.com", "through a tunnel"),
            ("http://10.0.0.1:7070", "is another machine"),
            ("http://localhost.example.com", "is another machine"),
            ("http://127.0.0.1:7070/?a=b", "has a query or fragment"),
            ("http://ana:hunter2@127.0.0.1:7070", "names a user"),
        ] {
            let error = text.parse::<Address>().unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn segments_are_encoded_one_by_one() {
        let address: Address = "http://127.0.0.1:7070/front".parse().unwrap();
        let url = address.below(["api", "a/b?c#d", "ü %2F"]);
        assert_eq!(url.as_str(), "http://127.0.0.1:7070/front/api/a%2Fb%3Fc%23d/%C3%BC%20%252F");
    }
}
