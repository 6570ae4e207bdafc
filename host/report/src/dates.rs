//! Days and instants as people write them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use yardstick_domain::time::day_of;

/// A day in full: `Tue 10 Mar 2026`.
#[must_use]
pub fn full(day: Date) -> String {
    day.strftime("%a %-d %b %Y").to_string()
}

/// A day beside another one: `10 Mar`, with its year when that is not the other's.
#[must_use]
pub fn short(day: Date, beside: Date) -> String {
    let style = if day.year() == beside.year() { "%-d %b" } else { "%-d %b %Y" };
    day.strftime(style).to_string()
}

/// An instant on the clock of a zone: `10 Mar 2026 17:00 CET`.
#[must_use]
pub fn moment(instant: Timestamp, zone: &TimeZone) -> String {
    instant.to_zoned(zone.clone()).strftime("%-d %b %Y %H:%M %Z").to_string()
}

/// Whole days after (positive) or before the planned day: `7 days late`, `1 day early`, `on the planned day`.
#[must_use]
pub fn lateness(days: i32) -> String {
    let count = |word: &str| match days.unsigned_abs() {
        1 => format!("1 day {word}"),
        many => format!("{many} days {word}"),
    };
    match days {
        0 => "on the planned day".to_owned(),
        1.. => count("late"),
        _ => count("early"),
    }
}

/// The days of a release's zone, written beside its launch.
pub(crate) struct Calendar {
    zone: TimeZone,
    launch: Option<Date>,
}

impl Calendar {
    /// A zone that is not known here is read as UTC; a launch that is no instant leaves years written out.
    pub(crate) fn new(zone: &str, launched_at: &str) -> Self {
        let zone = yardstick_domain::time::zone(zone);
        let launch = instant(launched_at).map(|launch| day_of(launch, &zone));
        Self { zone, launch }
    }

    /// The launch day in full.
    pub(crate) fn launch(&self) -> Option<String> {
        self.launch.map(full)
    }

    /// The day an instant falls on, short; a text that is no instant stays as it is.
    pub(crate) fn day(&self, text: &str) -> String {
        instant(text).map_or_else(|| text.to_owned(), |instant| self.short(day_of(instant, &self.zone)))
    }

    /// An instant on the zone's clock; a text that is no instant stays as it is.
    pub(crate) fn moment(&self, text: &str) -> String {
        instant(text).map_or_else(|| text.to_owned(), |instant| moment(instant, &self.zone))
    }

    /// The last whole day before an instant. Metrics have days of their own: an instant that ends a day of
    /// UTC but none here is named by that one, any other by the last day that is whole here.
    pub(crate) fn last_whole_day(&self, text: &str) -> String {
        let Some(end) = instant(text) else { return text.to_owned() };
        let before = |day: Date| day.saturating_sub(1.day());
        if !ends_day(end, &self.zone) && ends_day(end, &TimeZone::UTC) {
            return format!("{} UTC", self.short(before(day_of(end, &TimeZone::UTC))));
        }
        self.short(before(day_of(end, &self.zone)))
    }

    fn short(&self, day: Date) -> String {
        short(day, self.launch.unwrap_or(Date::ZERO))
    }
}

fn instant(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

fn ends_day(end: Timestamp, zone: &TimeZone) -> bool {
    yardstick_domain::time::start_of_day(day_of(end, zone), zone) == end
}
