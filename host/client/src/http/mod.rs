//! The typed client of the HTTP interface: a method per endpoint, over the wire types of [`crate::api`].
//!
//! It asks once. It does not try again, follow no redirect and use no proxy, and every answer is bounded in
//! time and size. What the service refuses comes back as its own problem document; what does not come from a
//! Yardstick at all is named as such.
//!
//! ```no_run
//! use yardstick_client::api::ReleasesRequest;
//! use yardstick_client::http::Client;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::new("http://127.0.0.1:7070")?;
//! let page = client.releases(&ReleasesRequest { level: Some("L2+".to_owned()), ..Default::default() }).await?;
//! for release in page.items {
//!     println!("{} {}", release.slug, release.lifecycle);
//! }
//! # Ok(()) }
//! ```

mod access;
mod address;
mod apply;
mod ask;
mod audit;
mod decisions;
mod declared;
mod endpoint;
mod error;
mod exports;
mod imports;
mod intake;
mod jobs;
mod metrics;
mod outbox;
mod people;
mod plugins;
mod portfolio;
mod releases;
mod retros;
mod roadmap;
mod schemas;
mod service;
mod upload;
mod verdicts;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::header::HeaderValue;
use reqwest::redirect::Policy;
use yardstick_domain::access::Secret;
use yardstick_domain::ids::{BadName, IdempotencyKey};

use address::Address;
pub use address::BadAddress;
pub use declared::{Expect, Tagged};
pub use endpoint::{Endpoint, endpoints};
pub use error::Error;
pub use intake::Delivery;
pub use upload::{Format, Upload};

/// How long to wait, and how much to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For a connection. A service on this machine connects at once or not at all.
    pub connect: Duration,
    /// For the whole answer to a question that the service looks up.
    pub answer: Duration,
    /// For the whole answer to what takes work or has to wait for its turn: check, replay, and everything that
    /// writes (of an import with the time it takes to send the file).
    pub work: Duration,
    /// The largest answer in bytes. A page of 500 verdicts has about 300 kB; a verdict with the largest tables
    /// that judges may give stays below 16 MB.
    pub most_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(30),
            work: Duration::from_secs(30 * 60),
            most_bytes: 64 << 20,
        }
    }
}

/// A text that no token looks like. It is not repeated: it may be one that was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no token looks like this; one is ysk_ and 64 digits, as yardstick token create prints it")]
pub struct BadToken;

/// A client of one service. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    address: Address,
    limits: Limits,
    /// The value of the header that says who asks; it shows itself nowhere.
    bearer: Option<HeaderValue>,
    /// The idempotency key of what it writes.
    key: Option<HeaderValue>,
}

impl Client {
    /// A client of the service at this address, such as `http://127.0.0.1:7070`; nothing is asked yet.
    ///
    /// # Errors
    /// When the address is none, or one that this client does not speak to: it has no TLS, and without it only
    /// this machine is asked.
    pub fn new(server: &str) -> Result<Self, BadAddress> {
        Self::with(server, Limits::default())
    }

    /// As [`Client::new`], with other limits.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with(server: &str, limits: Limits) -> Result<Self, BadAddress> {
        let address: Address = server.parse()?;
        // `localhost` is this machine, whatever a name server says (RFC 6761); port 0 stands for the address's.
        let here = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        let here = here.map(|ip| SocketAddr::new(ip, 0));
        let http = reqwest::Client::builder()
            .user_agent(concat!("yardstick/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(limits.connect)
            .redirect(Policy::none())
            .no_proxy()
            .resolve_to_addrs("localhost", &here)
            .build()
            .map_err(|error| BadAddress::unusable(server, &error))?;
        Ok(Self { http, address, limits, bearer: None, key: None })
    }

    /// Asks with this token.
    ///
    /// # Errors
    /// When no token looks like this.
    pub fn token(mut self, token: &str) -> Result<Self, BadToken> {
        let secret = Secret::read(token.trim()).ok_or(BadToken)?;
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", secret.text())).map_err(|_| BadToken)?;
        bearer.set_sensitive(true);
        self.bearer = Some(bearer);
        Ok(self)
    }

    /// A client for one request that writes, under this idempotency key: sent again it is answered and not done again.
    ///
    /// # Errors
    /// When no key looks like this.
    pub fn once(&self, key: &str) -> Result<Self, BadName> {
        let key: IdempotencyKey = key.parse()?;
        let key = HeaderValue::from_str(key.as_str()).map_err(|_| BadName {
            what: "idempotency key",
            found: String::new(),
            expected: "visible ASCII characters",
        })?;
        Ok(Self { key: Some(key), ..self.clone() })
    }

    /// The address of the service, without a slash at its end.
    #[must_use]
    pub fn server(&self) -> &str {
        self.address.as_str()
    }
}
