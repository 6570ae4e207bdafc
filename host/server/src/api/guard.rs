//! Whose requests are answered. The service has no accounts yet and trusts whoever reaches it, so it must not be
//! reached by a page of another site in somebody's browser: not by that page's scripts (Origin), and not by a
//! name of that site that suddenly means this machine (Host).

use std::net::{IpAddr, SocketAddr};

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Shared;
use super::refused::Refused;
use crate::operations::codes;

/// The longest address in bytes, with its query.
const LONGEST_ADDRESS: usize = 8 * 1024;
/// The port that an address without one means.
const HTTP_PORT: u16 = 80;

/// The names under which the service is asked: of this machine, with its port.
#[derive(Debug, Clone)]
pub(super) struct Own {
    hosts: Vec<String>,
}

impl Own {
    /// The names of a service that listens here.
    pub(super) fn new(address: SocketAddr) -> Self {
        let ip = match address.ip() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "[::1]".to_owned()];
        if !names.contains(&ip) {
            names.push(ip);
        }
        let port = address.port();
        let mut hosts: Vec<String> = names.iter().map(|name| format!("{name}:{port}")).collect();
        if port == HTTP_PORT {
            hosts.extend(names);
        }
        Self { hosts }
    }

    fn is(&self, host: &str) -> bool {
        self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host))
    }
}

/// Lets a request through that is meant for this service and comes from no other site.
pub(super) async fn guarded(State(service): State<Shared>, request: Request, next: Next) -> Response {
    match check(&service.own, request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refused) => refused.into_response(),
    }
}

fn check(own: &Own, uri: &Uri, headers: &HeaderMap) -> Result<(), Refused> {
    if uri.path_and_query().map_or(0, |text| text.as_str().len()) > LONGEST_ADDRESS {
        let detail = format!("the address has more than {LONGEST_ADDRESS} bytes; ask for less at a time");
        return Err(Refused::of(codes::LONG_ADDRESS, detail));
    }
    let mut named = headers.get_all(HOST).iter().map(|host| host.to_str().unwrap_or_default());
    // A request that names its host in the address too must mean the same one.
    let hosts = named.next().into_iter().chain(named).chain(uri.authority().map(Authority::as_str));
    let hosts: Vec<&str> = hosts.collect();
    if hosts.is_empty() || !hosts.iter().all(|host| own.is(host)) {
        let detail = format!(
            "the request is for {:?}; this service answers to {}",
            hosts.join(", "),
            own.hosts.join(", ")
        );
        return Err(Refused::of(codes::MISDIRECTED, detail));
    }
    for origin in headers.get_all(ORIGIN) {
        let origin = origin.to_str().unwrap_or_default();
        if !origin.strip_prefix("http://").is_some_and(|host| own.is(host)) {
            let detail = format!("a page of {origin:?} asks; only pages of this service may");
            return Err(Refused::of(codes::FOREIGN_ORIGIN, detail));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_by_its_own_names_is_meant() {
        let own = Own::new("127.0.0.1:7070".parse().unwrap());
        let table = [
            ("localhost:7070", None, Ok(())),
            ("LOCALHOST:7070", None, Ok(())),
            ("127.0.0.1:7070", Some("http://localhost:7070"), Ok(())),
            ("[::1]:7070", None, Ok(())),
            ("localhost", None, Err(421)),
            ("localhost:80", None, Err(421)),
            ("evil.example:7070", None, Err(421)),
            ("127.0.0.1.evil.example:7070", None, Err(421)),
            ("", None, Err(421)),
            ("localhost:7070", Some("http://evil.example"), Err(403)),
            ("localhost:7070", Some("https://localhost:7070"), Err(403)),
            ("localhost:7070", Some("null"), Err(403)),
        ];
        for (host, origin, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().unwrap());
            headers.extend(origin.map(|origin| (ORIGIN, origin.parse().unwrap())));
            let found = check(&own, &Uri::from_static("/"), &headers);
            assert_eq!(found.map_err(|refused| refused.0.status), expected, "{host:?} {origin:?}");
        }
    }

    #[test]
    fn every_name_of_a_host_must_be_its_own() {
        let own = Own::new("127.0.0.1:7070".parse().unwrap());
        let good = HeaderMap::from_iter([(HOST, "localhost:7070".parse().unwrap())]);
        let mut two = good.clone();
        two.append(HOST, "evil.example".parse().unwrap());
        for (uri, headers) in [("/", two), ("http://evil.example/", good.clone()), ("/", HeaderMap::new())] {
            let found = check(&own, &uri.parse().unwrap(), &headers);
            assert_eq!(found.unwrap_err().0.code, "misdirected", "{uri}");
        }
        let long: Uri = format!("/{}", "x".repeat(LONGEST_ADDRESS)).parse().unwrap();
        assert_eq!(check(&own, &long, &good).unwrap_err().0.code, "long-address");
    }
}
