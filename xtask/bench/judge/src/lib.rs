//! The benchmark's job as a judge of ours: the data come as a frame, the answer leaves as a finding.

use serde::Deserialize;
use yardstick_bench_job::{Answer, Outcome, judge};
use yardstick_sdk::stats::Interval;
use yardstick_sdk::{Criterion, Decided, Estimate, Expected, Finding, Frames, Grade, Judge, Query, Says};

/// The judge.
#[derive(Debug)]
pub struct Points;

yardstick_sdk::export!(Points);

/// Its parameters.
#[derive(Debug, Deserialize, yardstick_sdk::Params)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// What the mean is compared with.
    target: f64,
}

impl Judge for Points {
    type Params = Params;

    const SUMMARY: &'static str = "The mean of many points against a target";
    const METRICS: &'static [Expected] = &[Expected::metric("metric", "points")];

    fn plan(criterion: &Criterion, _params: &Params) -> Result<Vec<Query>, String> {
        Ok(vec![Query::series("points", "metric", criterion.window)])
    }

    fn evaluate(_criterion: &Criterion, params: &Params, frames: &Frames) -> Result<Finding, String> {
        let points = frames.get("points")?.numbers("value")?;
        let answer = judge(params.target, &points).ok_or("the points have no mean with an error")?;
        Ok(finding(params.target, answer))
    }
}

fn finding(target: f64, answer: Answer) -> Finding {
    let Answer { outcome, headline, mean, low, high, z, n } = answer;
    let says = Says {
        headline,
        method: "normal 95 %".to_owned(),
        grade: Grade::TargetOnly,
        target,
        primary: Estimate::new("mean", "", mean).within(Interval { low, high }, 0.95).of(n),
        flip: String::from("another mean"),
    };
    let finding = match outcome {
        Outcome::Pass => Finding::decided(Decided::Pass, says),
        Outcome::Fail => Finding::decided(Decided::Fail, says),
        Outcome::Inconclusive => Finding::inconclusive("straddles", says),
    };
    finding.with("z", yardstick_sdk::Value::Number(z))
}
