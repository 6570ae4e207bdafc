//! How often somebody may ask. Whoever is known is counted by who they are, whichever token they use; whoever is not, by
//! the address they ask from; and attempts without a token that is taken are counted apart and far more strictly.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::HeaderValue;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use lru::LruCache;
use yardstick_domain::digest::Digest;

use super::refused::Refused;
use crate::operations::codes;

/// Callers, addresses and tokens that are remembered, of each at most so many: whoever has not asked for longest is
/// forgotten first, which only ever allows more.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(4_096).unwrap();
/// How many attempts without a token that is taken an address may make at once, for each that it may make per second.
const FAILURES_AT_ONCE: u32 = 20;

/// How often somebody may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rates {
    /// Requests per second, over time.
    pub(crate) per_second: NonZeroU32,
    /// Requests at once, after a time without any.
    pub(crate) burst: NonZeroU32,
    /// Attempts per second and address without a token that is taken.
    pub(crate) failures_per_second: NonZeroU32,
}

/// The address that a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Peer(IpAddr);

impl Peer {
    /// Whoever asks from here. Of a network of IPv6 anybody may have any address, so the network counts.
    pub(super) fn new(address: SocketAddr) -> Self {
        Self(match address.ip().to_canonical() {
            IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64))),
            ip => ip,
        })
    }
}

/// Counts who asks how often.
pub(super) struct Limits {
    callers: Counted<String>,
    addresses: Counted<Option<Peer>>,
    failures: Counted<Option<Peer>>,
    /// Addresses that may make no attempt before this time.
    turned_away: Mutex<LruCache<Option<Peer>, Duration>>,
    /// Tokens that were taken.
    taken: Mutex<LruCache<Digest, ()>>,
    ticks: Ticks,
}

/// Time that only goes forward.
#[derive(Debug, Clone, Copy)]
struct Ticks(fn() -> Duration);

impl Clock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        (self.0)()
    }
}

/// Somebody has asked too often, and may ask again after this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooOften(Duration);

/// What one of them has asked lately.
type Cell = RateLimiter<NotKeyed, InMemoryState, Ticks, NoOpMiddleware<Duration>>;

struct Counted<K> {
    quota: Quota,
    ticks: Ticks,
    cells: Mutex<LruCache<K, Cell>>,
}

impl<K: Hash + Eq> Counted<K> {
    fn new(per_second: NonZeroU32, burst: NonZeroU32, ticks: Ticks) -> Self {
        let quota = Quota::per_second(per_second).allow_burst(burst);
        Self { quota, ticks, cells: Mutex::new(LruCache::new(REMEMBERED)) }
    }

    fn count(&self, key: K) -> Result<(), TooOften> {
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        let cell = cells.get_or_insert(key, || RateLimiter::direct_with_clock(self.quota, self.ticks));
        cell.check().map_err(|not_until| TooOften(not_until.wait_time_from(self.ticks.now())))
    }
}

impl Limits {
    /// Nobody has asked yet. `ticks` is time that only goes forward.
    pub(super) fn new(rates: Rates, ticks: fn() -> Duration) -> Self {
        let ticks = Ticks(ticks);
        let Rates { per_second, burst, failures_per_second } = rates;
        let failures_burst =
            failures_per_second.saturating_mul(NonZeroU32::new(FAILURES_AT_ONCE).unwrap_or(burst));
        Self {
            callers: Counted::new(per_second, burst, ticks),
            addresses: Counted::new(per_second, burst, ticks),
            failures: Counted::new(failures_per_second, failures_burst, ticks),
            turned_away: Mutex::new(LruCache::new(REMEMBERED)),
            taken: Mutex::new(LruCache::new(REMEMBERED)),
            ticks,
        }
    }

    /// Counts a request of somebody who is known.
    pub(super) fn caller(&self, actor: String) -> Result<(), TooOften> {
        self.callers.count(actor)
    }

    /// Counts a request of somebody who need not be known.
    pub(super) fn address(&self, peer: Option<Peer>) -> Result<(), TooOften> {
        self.addresses.count(peer)
    }

    /// Whether a token is looked up: one that was taken before always is, any other only while its address has not made
    /// too many attempts with others that were not.
    pub(super) fn attempt(&self, peer: Option<Peer>, token: &str) -> Result<(), TooOften> {
        let until = self.turned_away.lock().unwrap_or_else(PoisonError::into_inner).get(&peer).copied();
        let wait = until.map_or(Duration::ZERO, |until| until.saturating_sub(self.ticks.now()));
        if wait.is_zero() || self.taken().get(&Digest::of(token.as_bytes())).is_some() {
            return Ok(());
        }
        Err(TooOften(wait))
    }

    /// A token was taken.
    pub(super) fn was_taken(&self, token: &str) {
        self.taken().put(Digest::of(token.as_bytes()), ());
    }

    /// Counts an attempt without a token, or with one that is not taken.
    pub(super) fn failed(&self, peer: Option<Peer>, token: Option<&str>) -> Result<(), TooOften> {
        if let Some(token) = token {
            self.taken().pop(&Digest::of(token.as_bytes()));
        }
        let counted = self.failures.count(peer);
        if let Err(TooOften(wait)) = counted {
            let until = self.ticks.now() + wait;
            self.turned_away.lock().unwrap_or_else(PoisonError::into_inner).put(peer, until);
        }
        counted
    }

    fn taken(&self) -> std::sync::MutexGuard<'_, LruCache<Digest, ()>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl IntoResponse for TooOften {
    fn into_response(self) -> Response {
        let seconds = self.0.as_secs() + u64::from(self.0.subsec_nanos() > 0);
        let seconds = seconds.max(1);
        let detail = format!("more requests came than are answered; ask again in {seconds} s");
        let mut response = Refused::of(codes::TOO_MANY_REQUESTS, detail).into_response();
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        response
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    static NOW: AtomicU64 = AtomicU64::new(0);

    fn ticks() -> Duration {
        Duration::from_millis(NOW.load(Ordering::SeqCst))
    }

    fn rates(per_second: u32, burst: u32, failures_per_second: u32) -> Rates {
        let number = |number| NonZeroU32::new(number).unwrap();
        Rates {
            per_second: number(per_second),
            burst: number(burst),
            failures_per_second: number(failures_per_second),
        }
    }

    fn peer(text: &str) -> Option<Peer> {
        Some(Peer::new(format!("{text}:1").parse().unwrap()))
    }

    /// One test, because all of them would share the clock.
    #[test]
    fn whoever_asks_too_often_waits_and_nobody_else() {
        let limits = Limits::new(rates(2, 3, 1), ticks);
        let ana = || limits.caller("ana@example.com".to_owned());
        for _ in 0..3 {
            assert_eq!(ana(), Ok(()));
        }
        assert_eq!(ana(), Err(TooOften(Duration::from_millis(500))));
        assert_eq!(limits.caller("ben@example.com".to_owned()), Ok(()));
        assert_eq!(limits.address(peer("10.0.0.1")), Ok(()));
        NOW.fetch_add(499, Ordering::SeqCst);
        assert!(ana().is_err());
        NOW.fetch_add(1, Ordering::SeqCst);
        assert_eq!(ana(), Ok(()));
        assert!(ana().is_err());

        // Attempts: twenty at once, then none, but for a token that was taken before.
        let (here, there) = (peer("10.0.0.1"), peer("10.0.0.2"));
        limits.was_taken("good");
        for _ in 0..20 {
            assert_eq!(limits.attempt(here, "bad"), Ok(()));
            assert_eq!(limits.failed(here, Some("bad")), Ok(()));
        }
        assert!(limits.failed(here, Some("bad")).is_err());
        assert!(limits.attempt(here, "other").is_err());
        assert_eq!(limits.attempt(here, "good"), Ok(()));
        assert_eq!(limits.attempt(there, "other"), Ok(()));
        NOW.fetch_add(1_000, Ordering::SeqCst);
        assert_eq!(limits.attempt(here, "other"), Ok(()));
        // One that is no longer taken is as any other.
        assert_eq!(limits.failed(here, Some("good")), Ok(()));
        assert!(limits.failed(here, None).is_err());
        assert!(limits.attempt(here, "good").is_err());

        // What is remembered is bounded, and whoever is forgotten may ask.
        let before = REMEMBERED.get() + 10;
        for number in 0..before {
            assert_eq!(limits.caller(format!("somebody-{number}@example.com")), Ok(()));
        }
        assert_eq!(limits.callers.cells.lock().unwrap().len(), REMEMBERED.get());
        assert_eq!(ana(), Ok(()));
    }

    #[test]
    fn a_network_of_ipv6_is_one_peer() {
        let (one, other) = (peer("[2001:db8::1]"), peer("[2001:db8::ffff:2]"));
        assert_eq!(one, other);
        assert_ne!(one, peer("[2001:db8:0:1::1]"));
        assert_eq!(peer("[::ffff:10.0.0.1]"), peer("10.0.0.1"));
    }

    #[test]
    fn the_wait_is_told_in_whole_seconds() {
        for (wait, told) in [(1, "1"), (1_000, "1"), (1_001, "2")] {
            let response = TooOften(Duration::from_millis(wait)).into_response();
            assert_eq!(
                (response.status().as_u16(), &response.headers()[RETRY_AFTER]),
                (429, &HeaderValue::from_static(told))
            );
        }
    }
}
