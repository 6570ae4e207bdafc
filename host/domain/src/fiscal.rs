//! Quarters of a fiscal year.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

/// Month and day a fiscal year starts, 1-based; never 29 February, which some years lack.
pub type YearStart = (i8, i8);

/// A quarter of a fiscal year, which is called by the calendar year that it ends in: where it starts on 1 February, March
/// 2026 is in FY27-Q1. Where it is the calendar year, so is its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiscalQuarter {
    /// The calendar year in which the fiscal year ends.
    pub year: i16,
    /// 1 to 4.
    pub quarter: i8,
}

impl FiscalQuarter {
    /// The quarter that a day is in.
    #[must_use]
    pub fn of(day: Date, starts: YearStart) -> Self {
        let this = first_day(day.year(), starts);
        let begun = if day >= this { this } else { first_day(day.year() - 1, starts) };
        // Each from the year's start on, so that a short month does not shift those after it.
        let quarter =
            (1..4).rev().find(|count| day >= quarters_after(begun, *count)).map_or(1, |count| count + 1);
        Self { year: plus_year(begun).yesterday().map_or(begun.year(), Date::year), quarter }
    }
}

impl FiscalQuarter {
    /// Its first day, and the first day after it.
    #[must_use]
    pub fn days(self, starts: YearStart) -> (Date, Date) {
        let this = first_day(self.year, starts);
        // A year that begins on 1 January ends in the calendar year that it is called by.
        let begun = if starts == (1, 1) { this } else { first_day(self.year - 1, starts) };
        let after = |count: i8| if count == 4 { plus_year(begun) } else { quarters_after(begun, count) };
        (after(self.quarter - 1), after(self.quarter))
    }

    /// The quarter before.
    #[must_use]
    pub fn before(self) -> Self {
        if self.quarter == 1 {
            Self { year: self.year - 1, quarter: 4 }
        } else {
            Self { quarter: self.quarter - 1, ..self }
        }
    }
}

impl FromStr for FiscalQuarter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("{text:?} is no fiscal quarter; expected such as FY27-Q1");
        let (year, quarter) =
            text.strip_prefix("FY").and_then(|text| text.split_once("-Q")).ok_or_else(bad)?;
        let digits =
            |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year, 2) || !digits(quarter, 1) {
            return Err(bad());
        }
        let year: i16 = year.parse().map_err(|_| bad())?;
        let quarter: i8 = quarter.parse().ok().filter(|quarter| (1..=4).contains(quarter)).ok_or_else(bad)?;
        Ok(Self { year: 2000 + year, quarter })
    }
}

impl fmt::Display for FiscalQuarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FY{:02}-Q{}", self.year.rem_euclid(100), self.quarter)
    }
}

fn first_day(year: i16, (month, day): YearStart) -> Date {
    Date::new(year, month, day).unwrap_or(date(year, 1, 1))
}

fn quarters_after(begun: Date, count: i8) -> Date {
    begun.checked_add((3 * i64::from(count)).months()).unwrap_or(Date::MAX)
}

fn plus_year(begun: Date) -> Date {
    begun.checked_add(1.year()).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_in_a_quarter() {
        let table = [
            ("2026-03-10", (2, 1), "FY27-Q1"),
            ("2026-01-31", (2, 1), "FY26-Q4"),
            ("2026-02-01", (2, 1), "FY27-Q1"),
            ("2026-04-30", (2, 1), "FY27-Q1"),
            ("2026-05-01", (2, 1), "FY27-Q2"),
            ("2026-10-31", (2, 1), "FY27-Q3"),
            ("2026-11-01", (2, 1), "FY27-Q4"),
            ("2026-03-10", (1, 1), "FY26-Q1"),
            ("2026-12-31", (1, 1), "FY26-Q4"),
            ("2028-02-29", (2, 1), "FY29-Q1"),
            ("2026-08-30", (5, 31), "FY27-Q1"),
            ("2026-08-31", (5, 31), "FY27-Q2"),
            ("2026-11-30", (5, 31), "FY27-Q3"),
            ("2100-06-01", (7, 1), "FY00-Q4"),
        ];
        for (day, starts, expected) in table {
            let day: Date = day.parse().unwrap();
            assert_eq!(FiscalQuarter::of(day, starts).to_string(), expected, "{day} {starts:?}");
        }
    }

    #[test]
    fn a_quarter_has_the_days_that_are_in_it() {
        for starts in [(1, 1), (2, 1), (2, 28), (5, 31), (7, 15), (12, 31)] {
            let mut day = date(2020, 1, 1);
            while day < date(2024, 1, 1) {
                let quarter = FiscalQuarter::of(day, starts);
                let (first, after) = quarter.days(starts);
                assert!((first..after).contains(&day), "{day} {starts:?}: {quarter} from {first} to {after}");
                assert_eq!(quarter.to_string().parse(), Ok(quarter));
                assert_eq!(quarter.before().days(starts).1, first, "{quarter} {starts:?}");
                day = day.tomorrow().unwrap();
            }
        }
        for text in ["", "FY27", "FY27-Q5", "FY27-Q0", "FY2027-Q1", "fy27-q1", "FY+7-Q1"] {
            assert!(text.parse::<FiscalQuarter>().is_err(), "{text}");
        }
    }

    #[test]
    fn every_day_of_ten_years_is_in_one_quarter_and_they_follow_each_other() {
        for starts in [(1, 1), (2, 1), (2, 28), (7, 15), (12, 31)] {
            let mut day = date(2020, 1, 1);
            let mut last = FiscalQuarter::of(day, starts);
            while day < date(2030, 1, 1) {
                day = day.tomorrow().unwrap();
                let now = FiscalQuarter::of(day, starts);
                let next = if last.quarter == 4 {
                    FiscalQuarter { year: last.year + 1, quarter: 1 }
                } else {
                    FiscalQuarter { quarter: last.quarter + 1, ..last }
                };
                assert!(now == last || now == next, "{day} {starts:?}: {now} after {last}");
                last = now;
            }
        }
    }
}
