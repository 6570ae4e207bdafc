//! Whose requests are answered. Whoever asks is known by a token, or without tokens by reaching this machine, so the
//! service must not be reached by a page of another site in somebody's browser: not by that page's scripts (Origin), not by what it
//! embeds, such as a picture (Sec-Fetch-Site), and not by a name of that site that suddenly means this machine
//! (Host).

use std::net::{IpAddr, SocketAddr};

use axum::extract::{Request, State};
use axum::http::header::{HOST, HeaderName, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Shared;
use super::refused::Refused;
use crate::operations::codes;

/// The longest address in bytes, with its query.
const LONGEST_ADDRESS: usize = 8 * 1024;
/// Where in a browser a request comes from, how, and what for (Fetch Metadata). Browsers alone send these.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const DESTINATION: HeaderName = HeaderName::from_static("sec-fetch-dest");
/// The port that an address without one means.
const HTTP_PORT: u16 = 80;

/// The names under which the service is asked: of this machine, with its port.
#[derive(Debug, Clone)]
pub(super) struct Own {
    hosts: Vec<String>,
    /// Those that it was told: something in front of it may speak TLS under them.
    further: Vec<String>,
}

impl Own {
    /// The names of a service that listens here and is known by these further names.
    pub(super) fn new(address: SocketAddr, further: &[String]) -> Self {
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
        hosts.extend(further.iter().cloned());
        Self { hosts, further: further.to_vec() }
    }

    fn is(&self, host: &str) -> bool {
        self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host))
    }

    /// Whether a page of this origin is one of ours.
    fn serves(&self, origin: &str) -> bool {
        match origin.split_once("://") {
            Some(("http", host)) => self.is(host),
            Some(("https", host)) => self.further.iter().any(|own| own.eq_ignore_ascii_case(host)),
            _ => false,
        }
    }
}

/// Lets a request through that is meant for this service and comes from no other site.
pub(super) async fn guarded(State(service): State<Shared>, request: Request, next: Next) -> Response {
    match check(&service.own, request.method(), request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refused) => refused.into_response(),
    }
}

fn check(own: &Own, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Refused> {
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
        if !own.serves(origin) {
            let detail = format!("a page of {origin:?} asks; only pages of this service may");
            return Err(Refused::of(codes::FOREIGN_ORIGIN, detail));
        }
    }
    if comes_from_elsewhere(headers) && !is_followed_link(method, headers) {
        let detail = "a page of another site asks; only pages of this service may";
        return Err(Refused::of(codes::FOREIGN_ORIGIN, detail));
    }
    Ok(())
}

/// Whether a browser says that another site's page is behind the request; another port is another site here.
fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    headers.get_all(SITE).iter().any(|site| site != "same-origin" && site != "none")
}

/// Whether somebody followed a link to here, which shows the answer to them and to no page.
fn is_followed_link(method: &Method, headers: &HeaderMap) -> bool {
    let is = |name: HeaderName, value: &str| headers.get(name).is_some_and(|found| found == value);
    *method == Method::GET && is(MODE, "navigate") && is(DESTINATION, "document")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_by_its_own_names_is_meant() {
        let own = Own::new("127.0.0.1:7070".parse().unwrap(), &[]);
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
            ("localhost.:7070", None, Err(421)),
            ("localhost:7070.", None, Err(421)),
            ("localhost:07070", None, Err(421)),
            ("ana@localhost:7070", None, Err(421)),
            ("[::ffff:127.0.0.1]:7070", None, Err(421)),
            ("[0:0:0:0:0:0:0:1]:7070", None, Err(421)),
            ("::1:7070", None, Err(421)),
            ("2130706433:7070", None, Err(421)),
            ("localhost:7070", Some("http://localhost:7070/"), Err(403)),
            ("localhost:7070", Some(""), Err(403)),
            ("localhost:7070", Some("http://evil.example"), Err(403)),
            ("localhost:7070", Some("https://localhost:7070"), Err(403)),
            ("localhost:7070", Some("null"), Err(403)),
        ];
        for (host, origin, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().unwrap());
            headers.extend(origin.map(|origin| (ORIGIN, origin.parse().unwrap())));
            let found = check(&own, &Method::GET, &Uri::from_static("/"), &headers);
            assert_eq!(found.map_err(|refused| refused.0.status), expected, "{host:?} {origin:?}");
        }
    }

    #[test]
    fn every_name_of_a_host_must_be_its_own() {
        let own = Own::new("127.0.0.1:7070".parse().unwrap(), &[]);
        let good = HeaderMap::from_iter([(HOST, "localhost:7070".parse().unwrap())]);
        let mut two = good.clone();
        two.append(HOST, "evil.example".parse().unwrap());
        for (uri, headers) in [("/", two), ("http://evil.example/", good.clone()), ("/", HeaderMap::new())] {
            let found = check(&own, &Method::GET, &uri.parse().unwrap(), &headers);
            assert_eq!(found.unwrap_err().0.code, "misdirected", "{uri}");
        }
        let long: Uri = format!("/{}", "x".repeat(LONGEST_ADDRESS)).parse().unwrap();
        assert_eq!(check(&own, &Method::GET, &long, &good).unwrap_err().0.code, "long-address");
    }

    #[test]
    fn what_another_page_embeds_or_sends_is_turned_away_and_a_link_is_not() {
        let own = Own::new("127.0.0.1:7070".parse().unwrap(), &[]);
        for (method, site, mode, destination, expected) in [
            (Method::GET, "none", "navigate", "document", Ok(())),
            (Method::GET, "same-origin", "cors", "empty", Ok(())),
            (Method::POST, "same-origin", "cors", "empty", Ok(())),
            (Method::GET, "cross-site", "navigate", "document", Ok(())),
            (Method::GET, "cross-site", "navigate", "iframe", Err(403)),
            (Method::GET, "cross-site", "no-cors", "image", Err(403)),
            (Method::GET, "same-site", "no-cors", "script", Err(403)),
            (Method::GET, "cross-site", "", "", Err(403)),
            (Method::POST, "cross-site", "navigate", "document", Err(403)),
            (Method::POST, "same-site", "no-cors", "empty", Err(403)),
            (Method::GET, "anything", "cors", "empty", Err(403)),
        ] {
            let headers = [(HOST, "localhost:7070"), (SITE, site), (MODE, mode), (DESTINATION, destination)];
            let headers = HeaderMap::from_iter(headers.map(|(name, value)| (name, value.parse().unwrap())));
            let found = check(&own, &method, &Uri::from_static("/"), &headers);
            let shown = format!("{method} {site} {mode} {destination}");
            assert_eq!(found.map_err(|refused| refused.0.status), expected, "{shown}");
        }
    }
}
