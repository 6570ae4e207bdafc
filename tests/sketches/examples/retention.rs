//! Retention by age: a ratio (back of all) with a dimension that holds how old a cohort was, and a curve that must
//! stay above a target at one age.

use serde::Deserialize;
use yardstick_sdk::stats::wilson;
use yardstick_sdk::{
    Criterion, Decided, Estimate, Expected, Finding, Frames, Grade, Judge, Params, Quantity, Query, Reason,
    Says, Table, Undecided,
};

struct Retention;

yardstick_sdk::export!(Retention);

/// An age and the share that must still be there.
#[derive(Debug, Deserialize, Params)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The share to reach or exceed.
    #[params(quantity = "share")]
    at_least: Quantity,
    /// The value of the dimension that decides, such as `7`.
    at_age: String,
    /// The metric's dimension that holds ages; `age` unless given.
    #[serde(default = "age")]
    split_by: String,
}

fn age() -> String {
    "age".to_owned()
}

impl Judge for Retention {
    type Params = Asked;

    const SUMMARY: &'static str = "The share of a cohort that is back at an age";
    const METRICS: &'static [Expected] =
        &[Expected::metric("metric", "back, of all of an age").of(&["ratio"])];

    fn plan(criterion: &Criterion, asked: &Asked) -> Result<Vec<Query>, String> {
        Ok(vec![Query::totals("ages", "metric", criterion.window).split_by(&asked.split_by)])
    }

    fn evaluate(_: &Criterion, asked: &Asked, frames: &Frames) -> Result<Finding, String> {
        let frame = frames.get("ages")?;
        let ages = frame.texts(&asked.split_by)?;
        let (back, all) = (frame.numbers("sum")?, frame.numbers("n")?);
        let target = asked.at_least.value();
        let curve: Vec<(&String, f64, f64)> =
            ages.iter().zip(back).zip(all).map(|((age, back), all)| (age, back, all)).collect();
        let Some((_, back, all)) = curve.iter().find(|(age, ..)| **age == asked.at_age) else {
            return Ok(Finding::undecided(Undecided {
                reason: Reason::InsufficientData,
                code: "no-such-age",
                headline: format!("nobody is {} days old yet; there are {}", asked.at_age, ages.join(", ")),
                method: "Wilson 95 %".to_owned(),
                grade: Grade::TargetOnly,
                target: Some(target),
            }));
        };
        let interval = wilson(*back, *all, 0.95).map_err(|why| why.to_string())?;
        let says = Says {
            headline: format!("{back} of {all} are back after {} days", asked.at_age),
            method: "Wilson 95 %".to_owned(),
            grade: Grade::TargetOnly,
            target,
            primary: Estimate::new("retained", "share", back / all).within(interval, 0.95).of(*all as u64),
            flip: format!("{} people", (target * all - back).abs().ceil()),
        };
        let finding = if interval.low >= target {
            Finding::decided(Decided::Pass, says)
        } else if interval.high < target {
            Finding::decided(Decided::Fail, says)
        } else {
            Finding::inconclusive("straddles", says)
        };
        let rows = curve
            .iter()
            .map(|(age, back, all)| vec![age.as_str().into(), (*all).into(), (back / all).into()]);
        Ok(finding.table(Table {
            title: "Retention".to_owned(),
            columns: ["age", "people", "back"].map(str::to_owned).to_vec(),
            rows: rows.collect(),
            more: Vec::new(),
        }))
    }
}
