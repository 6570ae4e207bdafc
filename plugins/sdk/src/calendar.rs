//! The days of a window, by which daily frames are read.

use crate::{Day, Frame, Window};

const DAY: i64 = 86_400_000;
/// A window never has more days; what a host with another idea of days sends is cut here.
const MOST_DAYS: i64 = 10_000;
/// Names of missing days in a text.
const MOST_NAMED: usize = 5;

/// The whole days of a series' window, in order. A host may leave out rows of days without a value, so a day
/// is found by its time and not by its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    start: i64,
    end: i64,
    days: usize,
}

impl Calendar {
    /// The days of this series, in its metric's own zone; `asked` where the frame does not say its window.
    #[must_use]
    pub fn of(series: &Frame, asked: Window) -> Self {
        let about = series.about();
        let start = about.integer("window-start").unwrap_or(asked.start);
        let end = about.integer("window-end").unwrap_or(asked.end);
        let days = about.integer("buckets-expected").unwrap_or_else(|| days_between(start, end));
        Self { start, end, days: days.clamp(0, MOST_DAYS) as usize }
    }

    /// How many days there are.
    #[must_use]
    pub fn days(&self) -> usize {
        self.days
    }

    /// Position of the day that starts at this instant; none: outside the window.
    #[must_use]
    pub fn position(&self, midnight: i64) -> Option<usize> {
        usize::try_from(days_between(self.start, midnight)).ok().filter(|position| *position < self.days)
    }

    /// The day at this position, also before the first and after the last one.
    #[must_use]
    pub fn day(&self, position: i64) -> Day {
        Day::starting_at(self.start).later(position)
    }

    /// The last day; the one before the first where there is none.
    #[must_use]
    pub fn last(&self) -> Day {
        self.day(self.days as i64 - 1)
    }

    /// Whole days from the first on that are complete when points are complete through this instant.
    #[must_use]
    pub fn complete_days(&self, through: i64) -> usize {
        if through >= self.end {
            return self.days;
        }
        // Where a day has 23 hours, its end still ends it.
        let whole = through.saturating_sub(self.start).saturating_add(DAY / 12).div_euclid(DAY);
        usize::try_from(whole.max(0)).unwrap_or(self.days).min(self.days)
    }

    /// `2 of 28 days are missing (14 Mar, 15 Mar)`, for these positions.
    #[must_use]
    pub fn missing(&self, positions: &[usize]) -> String {
        let name = |position: &usize| self.day(*position as i64).to_string();
        let mut names = positions.iter().take(MOST_NAMED).map(name).collect::<Vec<_>>().join(", ");
        if positions.len() > MOST_NAMED {
            names.push_str(&format!(" and {} more", positions.len() - MOST_NAMED));
        }
        let verb = if positions.len() == 1 { "is" } else { "are" };
        format!("{} of {} days {verb} missing ({names})", positions.len(), self.days)
    }
}

/// Days of 23 and 25 hours round to one.
fn days_between(start: i64, end: i64) -> i64 {
    end.saturating_sub(start).saturating_add(DAY / 2).div_euclid(DAY)
}
