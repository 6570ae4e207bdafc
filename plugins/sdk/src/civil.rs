//! Days of a calendar, for texts.

use std::fmt;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// A civil day, written `7 Apr`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Days after 1 January 1970.
    since_1970: i64,
}

impl Day {
    /// The day that starts at this instant (unix milliseconds), such as a value of a series' `time` column.
    ///
    /// A guest has no table of time zones, so the zone is told by the hour of UTC at which its midnight
    /// falls: up to 10 o'clock it lies west of Greenwich, later east of it. That is right for every zone from
    /// UTC−10 to UTC+13:45; only on a few islands beyond (Samoa, Niue, Kiritimati) it names the neighbouring
    /// day.
    #[must_use]
    pub fn starting_at(midnight: i64) -> Self {
        let east = midnight.rem_euclid(DAY) > 10 * HOUR;
        Self { since_1970: midnight.div_euclid(DAY) + i64::from(east) }
    }

    /// The day this many days later; earlier when negative.
    #[must_use]
    pub fn later(self, days: i64) -> Self {
        Self { since_1970: self.since_1970.saturating_add(days) }
    }

    /// Month (0 to 11) and day of the month, in the Gregorian calendar: `civil_from_days` of H. Hinnant,
    /// "chrono-Compatible Low-Level Date Algorithms".
    fn month_and_day(self) -> (usize, i64) {
        let of_era = self.since_1970.saturating_add(719_468).rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month_from_march + 2) / 5 + 1;
        ((month_from_march as usize + 2) % 12, day)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (month, day) = self.month_and_day();
        write!(f, "{day} {}", MONTHS[month])
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, Day, HOUR};

    #[test]
    fn midnights_name_their_day_in_every_zone() {
        let utc = 20_550 * DAY; // 7 April 2026
        for (offset_hours, zone) in [
            (0, "UTC"),
            (2, "Berlin"),
            (-7, "Los Angeles"),
            (-10, "Honolulu"),
            (9, "Tokyo"),
            (13, "Auckland"),
        ] {
            let midnight = utc - offset_hours * HOUR;
            assert_eq!(Day::starting_at(midnight).to_string(), "7 Apr", "{zone}");
        }
    }

    #[test]
    fn leap_days_and_year_ends_are_in_their_place() {
        for (days, text) in [
            (0, "1 Jan"),
            (-1, "31 Dec"),
            (19_782, "29 Feb"),
            (11_016, "29 Feb"),
            (11_017, "1 Mar"),
            (20_453, "31 Dec"),
        ] {
            assert_eq!(Day::starting_at(0).later(days).to_string(), text, "{days}");
        }
        // Any instant at all is answered.
        let ends = [i64::MIN, i64::MAX].map(|instant| Day::starting_at(instant).later(instant).to_string());
        assert!(ends.iter().all(|text| !text.is_empty()));
    }
}
