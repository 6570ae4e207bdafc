//! A quantile of single values, such as the 95th percentile of response times, with its binomial interval.

use serde::Deserialize;
use yardstick_sdk::stats::{Interval, normal};
use yardstick_sdk::{
    Criterion, Decided, Estimate, Expected, Finding, Frames, Grade, Judge, Params, Quantity, Query, Reason,
    Says, Undecided,
};

struct Quantile;

yardstick_sdk::export!(Quantile);

/// Which quantile, and what it may be at most.
#[derive(Debug, Deserialize, Params)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The quantile, such as 95 %.
    #[params(quantity = "share")]
    quantile: Quantity,
    /// The target not to exceed.
    at_most: Quantity,
}

/// Values that are looked at.
const MOST: u64 = 500_000;

impl Judge for Quantile {
    type Params = Asked;

    const SUMMARY: &'static str = "A quantile of single values against a target";
    const METRICS: &'static [Expected] = &[Expected::metric("metric", "what is measured of each")];

    fn plan(criterion: &Criterion, _: &Asked) -> Result<Vec<Query>, String> {
        Ok(vec![Query::samples("values", "metric", criterion.window).at_most_rows(MOST)])
    }

    fn evaluate(criterion: &Criterion, asked: &Asked, frames: &Frames) -> Result<Finding, String> {
        let frame = frames.get("values")?;
        let n = frame.moments("value")?.n as f64;
        let (q, target) = (asked.quantile.value(), asked.at_most.value());
        let error = normal::two_sided(0.95).map_err(|why| why.to_string())? * (q * (1.0 - q) / n).sqrt();
        if !(q - error > 0.0 && q + error < 1.0) {
            return Ok(Finding::undecided(Undecided {
                reason: Reason::InsufficientData,
                code: "too-few",
                headline: format!("{n} values do not show where the quantile {q} lies"),
                method: "binomial 95 %".to_owned(),
                grade: Grade::TargetOnly,
                target: Some(target),
            }));
        }
        let found = frame.quantiles("value", &[q - error, q, q + error])?;
        let interval = Interval { low: found[0], high: found[2] };
        let unit = &criterion.metric("metric")?.unit;
        let says = Says {
            headline: format!("the quantile {q} is {:.1} {unit}", found[1]),
            method: "binomial 95 %".to_owned(),
            grade: Grade::TargetOnly,
            target,
            primary: Estimate::new("quantile", unit, found[1]).within(interval, 0.95).of(n as u64),
            flip: format!("{:.1} {unit}", (target - found[1]).abs()),
        };
        Ok(if interval.high <= target {
            Finding::decided(Decided::Pass, says)
        } else if interval.low > target {
            Finding::decided(Decided::Fail, says)
        } else {
            Finding::inconclusive("straddles", says)
        })
    }
}
