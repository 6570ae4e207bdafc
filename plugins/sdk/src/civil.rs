//! Days of a calendar, for texts.

use std::fmt;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// A civil day, written `7 Apr`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// The year of the Gregorian calendar.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Day {
    /// The day that starts at this instant (unix milliseconds), such as a value of a series' `time` column.
    ///
    /// A guest has no table of time zones, so the zone is told by the hour of UTC at which its midnight falls:
    /// up to 10 o'clock it lies west of Greenwich, later east of it. That is right for every zone from
    /// UTC−10 to UTC+13:45; only on a few islands beyond (Samoa, Niue, Kiritimati) it names the neighbouring day.
    #[must_use]
    pub fn starting_at(midnight: i64) -> Self {
        let days = midnight.div_euclid(DAY);
        let east = midnight.rem_euclid(DAY) > 10 * HOUR;
        Self::from_days(days + i64::from(east))
    }

    /// The day this many days after 1 January 1970 (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms",
    /// `civil_from_days`).
    fn from_days(days: i64) -> Self {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self { year, month: month as u8, day: day as u8 }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let month = MONTHS.get(usize::from(self.month).wrapping_sub(1)).copied().unwrap_or_default();
        write!(f, "{} {month}", self.day)
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
        for (days, year, text) in
            [(0, 1970, "1 Jan"), (-1, 1969, "31 Dec"), (19_782, 2024, "29 Feb"), (11_016, 2000, "29 Feb")]
        {
            let day = Day::starting_at(days * DAY);
            assert_eq!((day.year, day.to_string().as_str()), (year, text));
        }
        // Any instant at all is answered.
        let _ = (Day::starting_at(i64::MIN), Day::starting_at(i64::MAX));
    }
}
