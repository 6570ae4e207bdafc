//! Built-in judge: one metric over another against a target at a checkpoint.
//!
//! | numerator / denominator | the ratio |
//! |---|---|
//! | sum / sum | total over total, of the days that have both: changesets merged / published |
//! | gauge / gauge that covers as much | the last level over the other: users / users with access |
//! | gauge / gauge that covers more | the average level over the last one: daily / monthly users |
//! | sum / gauge | total over the average level, or over the last one where it covers days: runs / user |
//!
//! A mean of daily ratios is never taken. Means and ratios are refused, and so is a level over an amount,
//! which would depend on the length of the window.
//!
//! Complete counts are compared as they are. Where a metric is a sample, or the criterion says `decide_by:
//! interval`, the days are a sample of days; with `unit: instance` and two sums the instances are a sample of
//! instances. The interval then comes from the delta method ([`yardstick_sdk::stats::delta`]) and decides as
//! in [`yardstick_sdk::bounds`].

mod answer;
mod coverage;
mod data;
mod days;
mod form;
mod request;
mod text;
mod units;

use yardstick_sdk::{Criterion, Expected, Finding, Frames, Judge, Query};

use coverage::Coverage;
use request::{Params, Request};

/// The judge.
#[derive(Debug)]
pub struct Ratio;

yardstick_sdk::export!(Ratio);

const NUMERATOR: &str = "numerator";
const DENOMINATOR: &str = "denominator";
const REPORTING: &str = "reporting";
const INSTANCES: &str = "instances";
/// Rows of a split that the judge can use: more instances than anybody's product has.
const MOST_UNITS: u64 = 200_000;

impl Judge for Ratio {
    type Params = Params;

    const SUMMARY: &'static str = "One metric over another against a target at a checkpoint";
    const METRICS: &'static [Expected] = &[
        Expected::metric(NUMERATOR, "what is divided").of(&["sum", "gauge"]),
        Expected::metric(DENOMINATOR, "what it is divided by").of(&["sum", "gauge"]),
        Expected::metric(REPORTING, "instances that report").optional(),
        Expected::metric(INSTANCES, "instances there are").optional(),
    ];

    fn plan(criterion: &Criterion, params: &Params) -> Result<Vec<Query>, String> {
        let request = Request::new(criterion, params)?;
        let window = criterion.window;
        let side = |name: &str| match request.split {
            Some(dimension) => Query::totals(name, name, window).split_by(dimension).at_most_rows(MOST_UNITS),
            None => Query::series(name, name, window),
        };
        let mut queries = vec![side(NUMERATOR), side(DENOMINATOR)];
        if request.reporting.is_some() {
            queries.extend([REPORTING, INSTANCES].map(|name| Query::series(name, name, window)));
        }
        Ok(queries)
    }

    fn evaluate(criterion: &Criterion, params: &Params, frames: &Frames) -> Result<Finding, String> {
        let request = Request::new(criterion, params)?;
        let coverage = Coverage::read(&request, criterion, frames)?;
        let data = match request.split {
            Some(dimension) => units::read(&request, criterion, frames, dimension)?,
            None => days::read(&request, criterion, frames)?,
        };
        let known = coverage.as_ref().map(Coverage::check).transpose();
        let found = match (data, known) {
            (Err(trouble), _) | (_, Err(trouble)) => trouble.finding(&request),
            (Ok(data), Ok(coverage)) => match data.judge(&request) {
                Ok(measured) => {
                    let warnings = [measured.warnings.clone(), data.warnings.clone()].concat();
                    let finding = warnings.into_iter().fold(measured.finding(&request), Finding::warn);
                    coverage.into_iter().fold(finding, |finding, known| known.add_to(finding))
                }
                Err(trouble) => data.warnings.iter().cloned().fold(trouble.finding(&request), Finding::warn),
            },
        };
        Ok(request.warnings().into_iter().fold(found, Finding::warn))
    }
}
