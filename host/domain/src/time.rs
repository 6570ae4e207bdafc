//! Instants, windows and civil days.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// A half-open span of time: `start` included, `end` not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    /// First instant inside.
    pub start: Timestamp,
    /// First instant after.
    pub end: Timestamp,
}

impl Window {
    /// Whether the instant lies inside.
    #[must_use]
    pub fn contains(&self, instant: Timestamp) -> bool {
        self.start <= instant && instant < self.end
    }

    /// Whether nothing can lie inside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start >= self.end
    }
}

/// The zone of this IANA name. Names were checked when they entered; should one no longer exist, UTC is as good as
/// any other guess and the same everywhere.
#[must_use]
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The first instant of a civil day. Where clocks skip midnight, the first instant that exists.
///
/// Saturates at the ends of representable time, which no accepted date reaches.
#[must_use]
pub fn start_of_day(date: Date, zone: &TimeZone) -> Timestamp {
    date.to_zoned(zone.clone())
        .and_then(|zoned| zoned.start_of_day())
        .map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

/// The civil day this instant falls on.
#[must_use]
pub fn day_of(instant: Timestamp, zone: &TimeZone) -> Date {
    instant.to_zoned(zone.clone()).date()
}

/// The date `days` later (earlier when negative); saturates at the ends of representable time.
#[must_use]
pub fn plus_days(date: Date, days: i32) -> Date {
    date.checked_add(days.days()).unwrap_or(if days < 0 { Date::MIN } else { Date::MAX })
}

/// Whole civil days from `from` to `to`; negative when `to` is earlier.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

/// The whole days `first..=last` after the launch day (negative: before it) in a zone. The launch day
/// itself, day 0, is partial and belongs to neither side.
#[must_use]
pub fn days_from_launch(launch: Timestamp, first: i32, last: i32, zone: &TimeZone) -> Window {
    let day = day_of(launch, zone);
    Window {
        start: start_of_day(plus_days(day, first), zone),
        end: start_of_day(plus_days(day, last.saturating_add(1)), zone),
    }
}

/// Reads a window of the team's days in a metric's own zone: an edge that is a midnight of the team's zone
/// is a count of days from the launch day, and becomes the midnight with the same count in the metric's
/// zone, so that a window of seven days holds seven whole buckets whoever's days they are. Other edges stay.
#[must_use]
pub fn in_metric_days(window: Window, launch: Timestamp, team: &TimeZone, metric: &TimeZone) -> Window {
    let edge = |instant: Timestamp| {
        let day = day_of(instant, team);
        if start_of_day(day, team) != instant {
            return instant;
        }
        let count = days_between(day_of(launch, team), day);
        start_of_day(plus_days(day_of(launch, metric), count), metric)
    };
    Window { start: edge(window.start), end: edge(window.end) }
}
