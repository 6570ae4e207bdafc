//! A share against a target, looked at several times: each look may spend a part of the error rate in proportion to
//! the data it adds, and what was spent goes on to the next look as its state.

use serde::Deserialize;
use yardstick_sdk::stats::{normal, wilson_with};
use yardstick_sdk::{
    Criterion, Decided, Estimate, Expected, Finding, Frames, Grade, Judge, Params, Quantity, Query, Says,
};

struct Sequential;

yardstick_sdk::export!(Sequential);

/// A target, and how much is expected at the last look.
#[derive(Debug, Deserialize, Params)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The share to reach or exceed.
    #[params(quantity = "share")]
    at_least: Quantity,
    /// Observations expected at the last look.
    #[params(min = 1)]
    planned_n: u32,
}

/// Error rate over all looks.
const ALPHA: f64 = 0.05;

impl Judge for Sequential {
    type Params = Asked;

    const SUMMARY: &'static str = "A share against a target, with an error rate that is spent look by look";
    const METRICS: &'static [Expected] = &[Expected::metric("metric", "the share").of(&["ratio"])];

    fn plan(criterion: &Criterion, _: &Asked) -> Result<Vec<Query>, String> {
        Ok(vec![Query::totals("totals", "metric", criterion.window)])
    }

    fn evaluate(criterion: &Criterion, asked: &Asked, frames: &Frames) -> Result<Finding, String> {
        let totals = frames.get("totals")?;
        let n = totals.number("n")?.ok_or("there are no observations")?;
        let successes = totals.number("sum")?.ok_or("there is no numerator")?;
        // The state of the look before: the share of the data that it had seen.
        let before: f64 = match &criterion.state {
            Some(state) => state.parse().map_err(|_| format!("its state is no number: {state}"))?,
            None => 0.0,
        };
        let seen = if criterion.is_final { 1.0 } else { (n / f64::from(asked.planned_n)).min(1.0) };
        let spends = ALPHA * (seen - before).max(0.0);
        if spends <= 0.0 {
            return Err("this look adds no data, so it has no error rate to spend".to_owned());
        }
        let critical = -normal::ppf(spends / 2.0).map_err(|why| why.to_string())?;
        let interval = wilson_with(successes, n, critical).map_err(|why| why.to_string())?;
        let target = asked.at_least.value();
        let says = Says {
            headline: format!(
                "{:.2} % of {n}; this look spends {spends:.4} of {ALPHA}",
                100.0 * successes / n
            ),
            method: format!("Wilson, {:.4} spent by look {}", ALPHA * seen, criterion.look().unwrap_or(0)),
            grade: Grade::TargetOnly,
            target,
            primary: Estimate::new("observed", "share", successes / n)
                .within(interval, 1.0 - spends)
                .of(n as u64),
            flip: "another share".to_owned(),
        };
        let finding = if interval.low >= target {
            Finding::decided(Decided::Pass, says)
        } else if interval.high < target {
            Finding::decided(Decided::Fail, says)
        } else {
            Finding::inconclusive("straddles", says)
        };
        Ok(finding.remember(seen.to_string()))
    }
}
