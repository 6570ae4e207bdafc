//! Difference in differences: how a group that got the release changed, against how another one did meanwhile.

use serde::Deserialize;
use yardstick_sdk::stats::{Sample, welch};
use yardstick_sdk::{
    Criterion, Decided, Estimate, Expected, Finding, Frame, Frames, Grade, Judge, Params, Query, Says,
};

struct DifferenceInDifferences;

yardstick_sdk::export!(DifferenceInDifferences);

/// The two groups, as values of a dimension.
#[derive(Debug, Deserialize, Params)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The group that got the release.
    treated: String,
    /// The group that did not.
    control: String,
    /// The metric's dimension that holds the groups; `group` unless given.
    #[serde(default = "group")]
    split_by: String,
}

fn group() -> String {
    "group".to_owned()
}

impl Judge for DifferenceInDifferences {
    type Params = Asked;

    const SUMMARY: &'static str = "The change of a group against the change of another";
    const METRICS: &'static [Expected] =
        &[Expected::metric("metric", "what is compared").of(&["sum", "gauge"])];

    fn plan(criterion: &Criterion, asked: &Asked) -> Result<Vec<Query>, String> {
        let baseline = criterion.baseline.ok_or("baseline: name the days to compare with, such as 28d")?;
        let days = |key: &str, window| Query::series(key, "metric", window).split_by(&asked.split_by);
        Ok(vec![days("before", baseline), days("after", criterion.window)])
    }

    fn evaluate(_: &Criterion, asked: &Asked, frames: &Frames) -> Result<Finding, String> {
        let (before, after) = (frames.get("before")?, frames.get("after")?);
        let group = |name: &str| -> Result<(f64, f64, u64), String> {
            let change = welch(&sample(after, asked, name)?, &sample(before, asked, name)?);
            let change = change.map_err(|why| why.to_string())?;
            Ok((change.difference, change.standard_error, after.rows() + before.rows()))
        };
        let (treated, control) = (group(&asked.treated)?, group(&asked.control)?);
        let effect = treated.0 - control.0;
        let error = (treated.1 * treated.1 + control.1 * control.1).sqrt();
        let interval =
            yardstick_sdk::stats::Interval { low: effect - 2.1 * error, high: effect + 2.1 * error };
        let says = Says {
            headline: format!(
                "{} changed by {:.2}, {} by {:.2}: {effect:.2} more",
                asked.treated, treated.0, asked.control, control.0
            ),
            method: "difference in differences, 2.1 standard errors".to_owned(),
            grade: Grade::MatchedControl,
            target: 0.0,
            primary: Estimate::new("effect", "", effect).within(interval, 0.95).of(treated.2),
            flip: format!("{:.2}", effect.abs()),
        };
        Ok(if interval.low > 0.0 {
            Finding::decided(Decided::Pass, says)
        } else if interval.high < 0.0 {
            Finding::decided(Decided::Fail, says)
        } else {
            Finding::inconclusive("straddles", says)
        })
    }
}

/// The days of one group.
fn sample(frame: &Frame, asked: &Asked, name: &str) -> Result<Sample, String> {
    let (groups, values) = (frame.texts(&asked.split_by)?, frame.numbers("value")?);
    let own = groups.iter().zip(values).filter(|(group, value)| *group == name && value.is_finite());
    let (mut n, mut sum, mut sum_sq) = (0.0, 0.0, 0.0);
    for (_, value) in own {
        n += 1.0;
        sum += value;
        sum_sq += value * value;
    }
    Sample::from_sums(n, sum, sum_sq).map_err(|why| format!("{name}: {why}"))
}
