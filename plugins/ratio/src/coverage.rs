//! How many of the instances reported: whether the rest can speak for all.

use yardstick_sdk::stats::delta::{self, Pair};
use yardstick_sdk::stats::format;
use yardstick_sdk::{Criterion, Estimate, Finding, Frames};

use crate::answer::Trouble;
use crate::days::Daily;
use crate::request::{Reporting, Request};
use crate::{INSTANCES, REPORTING};

/// From this share on nobody asks about the rest.
const NEARLY_ALL: f64 = 0.95;
/// Days without both numbers that may be missing, as a share of the window.
const MOST_MISSING: f64 = 0.1;

/// The two gauges by day.
#[derive(Debug)]
pub(crate) struct Coverage {
    reporting: Daily,
    instances: Daily,
    /// The share that must have reported.
    at_least: f64,
}

/// A share of instances that is large enough.
#[derive(Debug)]
pub(crate) struct Known {
    share: f64,
    warnings: Vec<String>,
}

impl Coverage {
    /// `None`: the criterion names no such metrics.
    ///
    /// # Errors
    /// When a frame is not as the contract says.
    pub(crate) fn read(
        request: &Request<'_>,
        criterion: &Criterion,
        frames: &Frames,
    ) -> Result<Option<Self>, String> {
        let Some(Reporting { reporting, instances, at_least }) = &request.reporting else { return Ok(None) };
        Ok(Some(Self {
            reporting: Daily::read(frames, REPORTING, reporting, criterion)?,
            instances: Daily::read(frames, INSTANCES, instances, criterion)?,
            at_least: *at_least,
        }))
    }

    /// The share over the days that have both numbers. What is held against the floor is less where it must be:
    /// more reports than instances on one day do not make up for another day, and on a day without both numbers
    /// nobody is known to have reported.
    pub(crate) fn check(&self) -> Result<Known, Trouble> {
        self.reporting.check(true)?;
        self.instances.check(true)?;
        let days = self.reporting.values.len().max(self.instances.values.len());
        let pair =
            |day: usize| Pair { numerator: self.reporting.on(day), denominator: self.instances.on(day) };
        let missing: Vec<usize> = (0..days).filter(|day| !pair(*day).is_present()).collect();
        if missing.len() as f64 > MOST_MISSING * days as f64 {
            let gone = self.reporting.calendar.missing(&missing);
            let headline = format!("{gone} from reporting or instances, so nobody knows how many reported");
            return Err(Trouble::untrusted("gap", headline));
        }
        let present: Vec<Pair> = (0..days).map(pair).filter(|pair| pair.is_present()).collect();
        let share = reported(&present)?;
        if share > 1.0 {
            let headline = format!(
                "{} of instances reported, which cannot be",
                format::value_beside(share, 1.0, "share")
            );
            return Err(Trouble::untrusted("part-above-whole", headline));
        }
        let capped = |pair: &Pair| Pair { numerator: pair.numerator.min(pair.denominator), ..*pair };
        let capped: Vec<Pair> = present.iter().map(capped).collect();
        let sure = reported(&capped)? * (present.len() as f64 / days as f64);
        self.hold(sure, missing.len())?;
        Ok(Known { share, warnings: self.warnings(share, &present, &missing) })
    }

    /// Whether the share that is sure reaches the floor; without any instance that reported, no floor is low enough.
    fn hold(&self, sure: f64, missing: usize) -> Result<(), Trouble> {
        // A share that differs by rounding alone is at the floor.
        if sure > 0.0 && sure >= self.at_least * (1.0 - 8.0 * f64::EPSILON) {
            return Ok(());
        }
        let among = match missing {
            0 => String::new(),
            1 => ", counting none on a day without both numbers".to_owned(),
            days => format!(", counting none on {days} days without both numbers"),
        };
        let headline = if sure > 0.0 {
            format!(
                "only {} of instances are known to have reported{among}; at least {} must have",
                format::value_beside(sure, self.at_least, "share"),
                format::chosen(self.at_least, "share")
            )
        } else {
            "no instance is known to have reported".to_owned()
        };
        Err(Trouble::untrusted("low-coverage", headline))
    }

    fn warnings(&self, share: f64, present: &[Pair], missing: &[usize]) -> Vec<String> {
        let mut warnings = Vec::new();
        if share < NEARLY_ALL {
            let read = format::value_beside(share, NEARLY_ALL, "share");
            warnings
                .push(format!("{read} of instances reported; what the others do is not in these numbers"));
        }
        if !missing.is_empty() {
            let gone = self.reporting.calendar.missing(missing);
            warnings.push(format!("{gone} from reporting or instances"));
        }
        let over = present.iter().filter(|pair| pair.numerator > pair.denominator).count();
        if over > 0 {
            let days = format::counted(present.len() as u64, "days");
            warnings.push(format!("on {over} of {days} more instances reported than there are"));
        }
        warnings
    }
}

/// Reports over instances, of all these days together.
fn reported(pairs: &[Pair]) -> Result<f64, Trouble> {
    delta::value(pairs).map_err(|_| {
        let headline = "there are no instances in the window that could have reported".to_owned();
        Trouble::insufficient("zero-denominator", headline)
    })
}

impl Known {
    pub(crate) fn add_to(self, finding: Finding) -> Finding {
        let finding = finding.other(Estimate::new("coverage", "share", self.share));
        self.warnings.into_iter().fold(finding, Finding::warn)
    }
}
