//! What can be asked: methods and paths, as the OpenAPI document writes them.

use std::fmt;

use reqwest::{Method, Url};

use super::address::Address;
use super::error::Error;
use super::{
    access, apply, audit, decisions, declared, exports, imports, intake, jobs, metrics, outbox, people,
    plugins, portfolio, releases, retros, roadmap, schemas, service, verdicts,
};

/// Something that can be asked of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    method: Method,
    path: &'static str,
}

/// Everything this client asks, by resource.
static ENDPOINTS: &[&[&Endpoint]] = &[
    access::ENDPOINTS,
    apply::ENDPOINTS,
    audit::ENDPOINTS,
    declared::ENDPOINTS,
    decisions::ENDPOINTS,
    exports::ENDPOINTS,
    imports::ENDPOINTS,
    intake::ENDPOINTS,
    jobs::ENDPOINTS,
    metrics::ENDPOINTS,
    outbox::ENDPOINTS,
    people::ENDPOINTS,
    plugins::ENDPOINTS,
    portfolio::ENDPOINTS,
    releases::ENDPOINTS,
    retros::ENDPOINTS,
    roadmap::ENDPOINTS,
    schemas::ENDPOINTS,
    service::ENDPOINTS,
    verdicts::ENDPOINTS,
];

/// Everything this client asks.
pub fn endpoints() -> impl Iterator<Item = &'static Endpoint> {
    ENDPOINTS.iter().copied().flatten().copied()
}

impl Endpoint {
    pub(super) const fn get(path: &'static str) -> Self {
        Self { method: Method::GET, path }
    }

    pub(super) const fn post(path: &'static str) -> Self {
        Self { method: Method::POST, path }
    }

    pub(super) const fn put(path: &'static str) -> Self {
        Self { method: Method::PUT, path }
    }

    /// `GET`, `POST` or `PUT`.
    #[must_use]
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    pub(super) fn verb(&self) -> Method {
        self.method.clone()
    }

    /// Its path, parameters in braces, such as `/api/v1/releases/{release}`.
    #[must_use]
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// Where it is at this address, its parameters filled in order.
    ///
    /// # Errors
    /// When a parameter is no segment of a path: the address would be another endpoint's.
    pub(super) fn at(&self, address: &Address, parameters: &[&str]) -> Result<Url, Error> {
        if let Some(name) = parameters.iter().find(|name| matches!(**name, "" | "." | "..")) {
            return Err(Error::Unasked(format!("{name:?} cannot be part of an address")));
        }
        let mut parameters = parameters.iter().copied();
        let segments = self.path.split('/').skip(1);
        let segments = segments.map(|segment| match segment.starts_with('{') {
            true => parameters.next().unwrap_or(segment),
            false => segment,
        });
        Ok(address.below(segments))
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_filled_in_order() {
        let address: Address = "http://127.0.0.1:7070".parse().unwrap();
        let endpoint = Endpoint::get("/api/v1/verdicts/{release}/{checkpoint}/chart.svg");
        assert_eq!(
            endpoint.at(&address, &["a-b", "d28.2"]).unwrap().path(),
            "/api/v1/verdicts/a-b/d28.2/chart.svg"
        );
        for name in ["", ".", ".."] {
            assert!(matches!(endpoint.at(&address, &["a", name]), Err(Error::Unasked(_))), "{name:?}");
        }
    }
}
