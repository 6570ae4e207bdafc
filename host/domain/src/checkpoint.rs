//! Checkpoints, windows of days, and when a criterion is decided.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::level::Level;
use crate::time::{Window, days_from_launch};

/// The latest checkpoint that is accepted, in days after the launch: about two years.
pub const LATEST: u32 = 730;

/// How long beyond its freshness promise a metric may keep a checkpoint waiting.
pub const GRACE: SignedDuration = SignedDuration::from_hours(48);

/// dN: ends N whole days, in the team's zone, after the launch day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Checkpoint(u32);

/// Whole days `from..=to` after the launch day, written `d1..d28`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Days {
    /// First day, at least 1.
    pub from: u32,
    /// Last day.
    pub to: u32,
}

/// A text that is no checkpoint or window of days.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is no {what}; expected {expected}")]
pub struct BadDays {
    what: &'static str,
    found: String,
    expected: &'static str,
}

impl Checkpoint {
    /// dN.
    ///
    /// # Errors
    /// When N is 0 or more than [`LATEST`].
    pub fn new(days: u32) -> Result<Self, BadDays> {
        if (1..=LATEST).contains(&days) { Ok(Self(days)) } else { Err(bad_checkpoint(&format!("d{days}"))) }
    }

    /// N of dN.
    #[must_use]
    pub const fn days(self) -> u32 {
        self.0
    }

    /// The end of dN in the team's zone.
    #[must_use]
    pub fn end(self, launch: Timestamp, team: &TimeZone) -> Timestamp {
        days_from_launch(launch, 1, self.0 as i32, team).end
    }

    /// The checkpoints of a level when none are named.
    #[must_use]
    pub fn defaults(level: Level) -> Vec<Self> {
        match level {
            Level::L1 => vec![Self(7), Self(28), Self(90)],
            Level::L2 => vec![Self(1), Self(7), Self(28)],
            Level::L3 => vec![Self(28)],
        }
    }
}

fn bad_checkpoint(found: &str) -> BadDays {
    BadDays { what: "checkpoint", found: found.to_owned(), expected: "d1 to d730, such as d28" }
}

fn day_number(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('d')?;
    if digits.is_empty() || digits.len() > 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|days| (1..=LATEST).contains(days))
}

impl FromStr for Checkpoint {
    type Err = BadDays;

    fn from_str(text: &str) -> Result<Self, BadDays> {
        day_number(text).map(Self).ok_or_else(|| bad_checkpoint(text))
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "d{}", self.0)
    }
}

impl TryFrom<String> for Checkpoint {
    type Error = BadDays;

    fn try_from(text: String) -> Result<Self, BadDays> {
        text.parse()
    }
}

impl From<Checkpoint> for String {
    fn from(checkpoint: Checkpoint) -> Self {
        checkpoint.to_string()
    }
}

impl Days {
    /// From the first day after the launch to a checkpoint.
    #[must_use]
    pub fn until(checkpoint: Checkpoint) -> Self {
        Self { from: 1, to: checkpoint.days() }
    }

    /// Cut at a checkpoint; `None`: nothing is left.
    #[must_use]
    pub fn cut(self, checkpoint: Checkpoint) -> Option<Self> {
        let to = self.to.min(checkpoint.days());
        (self.from <= to).then_some(Self { from: self.from, to })
    }

    /// Number of days.
    #[must_use]
    pub fn count(self) -> u32 {
        self.to - self.from + 1
    }

    /// The instants of these days in a zone.
    #[must_use]
    pub fn window(self, launch: Timestamp, zone: &TimeZone) -> Window {
        days_from_launch(launch, self.from as i32, self.to as i32, zone)
    }
}

impl FromStr for Days {
    type Err = BadDays;

    fn from_str(text: &str) -> Result<Self, BadDays> {
        text.split_once("..")
            .and_then(|(from, to)| Some(Self { from: day_number(from)?, to: day_number(to)? }))
            .filter(|days| days.from <= days.to)
            .ok_or_else(|| BadDays {
                what: "window of days",
                found: text.to_owned(),
                expected: "dA..dB with 1 ≤ A ≤ B ≤ 730, such as d1..d28",
            })
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "d{}..d{}", self.from, self.to)
    }
}

impl TryFrom<String> for Days {
    type Error = BadDays;

    fn try_from(text: String) -> Result<Self, BadDays> {
        text.parse()
    }
}

impl From<Days> for String {
    fn from(days: Days) -> Self {
        days.to_string()
    }
}

/// The `days` whole days before the launch day in a zone.
#[must_use]
pub fn baseline_window(days: u32, launch: Timestamp, zone: &TimeZone) -> Window {
    days_from_launch(launch, -(days as i32), -1, zone)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::{Checkpoint, Days};

    #[test]
    fn checkpoints_end_whole_days_after_the_launch_day_through_daylight_saving() {
        let launch = "2026-03-10T16:00:00Z".parse().expect("an instant");
        let berlin = TimeZone::get("Europe/Berlin").expect("a zone");
        let los_angeles = TimeZone::get("America/Los_Angeles").expect("a zone");
        let cases = [
            ("d1", &berlin, "2026-03-11T23:00:00Z"),
            ("d7", &berlin, "2026-03-17T23:00:00Z"),
            // Clocks went forward on 29 March in Berlin, on 8 March in Los Angeles.
            ("d28", &berlin, "2026-04-07T22:00:00Z"),
            ("d28", &los_angeles, "2026-04-08T07:00:00Z"),
        ];
        for (checkpoint, zone, end) in cases {
            let checkpoint: Checkpoint = checkpoint.parse().expect("a checkpoint");
            assert_eq!(checkpoint.end(launch, zone).to_string(), end, "{checkpoint}");
        }
    }

    #[test]
    fn what_is_no_checkpoint_is_refused() {
        for text in ["", "7", "d0", "d731", "d-1", "d7.5", "D7", "d 7", "d0007"] {
            assert!(text.parse::<Checkpoint>().is_err(), "{text:?}");
        }
        for text in ["d1", "d7..d1", "d0..d7", "1..7", "d1..d1000"] {
            assert!(text.parse::<Days>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn windows_are_cut_at_the_checkpoint() {
        let days: Days = "d8..d28".parse().expect("days");
        assert_eq!(days.cut("d7".parse().expect("d7")), None);
        assert_eq!(
            days.cut("d14".parse().expect("d14")).map(|days| days.to_string()).as_deref(),
            Some("d8..d14")
        );
    }
}
