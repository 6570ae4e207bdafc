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
}

/// A share of instances that is large enough.
#[derive(Debug)]
pub(crate) struct Known {
    share: f64,
    warning: Option<String>,
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
        let Some(Reporting { reporting, instances, .. }) = &request.reporting else { return Ok(None) };
        Ok(Some(Self {
            reporting: Daily::read(frames, REPORTING, reporting, criterion)?,
            instances: Daily::read(frames, INSTANCES, instances, criterion)?,
        }))
    }

    /// Averages over the days that have both numbers.
    pub(crate) fn check(&self, request: &Request<'_>) -> Result<Known, Trouble> {
        let at_least = request.reporting.as_ref().map_or(0.0, |reporting| reporting.at_least);
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
        let share = delta::value(&present).map_err(|_| {
            let headline = "there are no instances in the window that could have reported".to_owned();
            Trouble::insufficient("zero-denominator", headline)
        })?;
        let read = format::value_beside(share, at_least, "share");
        if share > 1.0 {
            let headline = format!("{read} of instances reported, which cannot be");
            return Err(Trouble::untrusted("part-above-whole", headline));
        }
        if share < at_least {
            let headline = format!(
                "only {read} of instances reported; at least {} must have",
                format::chosen(at_least, "share")
            );
            return Err(Trouble::untrusted("low-coverage", headline));
        }
        let warning = (share < NEARLY_ALL)
            .then(|| format!("{read} of instances reported; what the others do is not in these numbers"));
        Ok(Known { share, warning })
    }
}

impl Known {
    pub(crate) fn add_to(self, finding: Finding) -> Finding {
        let finding = finding.other(Estimate::new("coverage", "share", self.share));
        self.warning.into_iter().fold(finding, Finding::warn)
    }
}
