//! Depends on the time and on random numbers: refused to the lean profile, the same each time in the
//! scripted one.
#![expect(clippy::disallowed_methods, reason = "what it is for")]

use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime};

use yardstick_test_guests::*;

struct RollsDice;

guest!(RollsDice);

impl Guest for RollsDice {
    fn evaluate(_criterion: Criterion, _frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        let start = Instant::now();
        // Waiting is over at once, or a guest could hold a thread of the host.
        std::thread::sleep(Duration::from_secs(3_600));
        let waited = start.elapsed().as_millis();
        let now = SystemTime::UNIX_EPOCH.elapsed().map_err(|error| error.to_string())?;
        let shuffled: Vec<u32> =
            (0..8_u32).map(|key| (key, ())).collect::<HashMap<_, _>>().into_keys().collect();
        Ok(Finding { headline: format!("{} {waited} {shuffled:?}", now.as_millis()), ..finding() })
    }
}
