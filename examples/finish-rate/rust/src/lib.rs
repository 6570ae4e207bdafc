//! The share of a whole that is done, against a target.

use serde::Deserialize;
use yardstick_sdk::bounds::Bounds;
use yardstick_sdk::stats::{format, wilson};
use yardstick_sdk::{
    Criterion, Estimate, Expected, Finding, Frames, Grade, Judge, Params, Quantity, Query, Says, Undecided, flip,
};

pub struct Share;

yardstick_sdk::export!(Share);

/// The share of the whole that must be done.
#[derive(Debug, Deserialize, Params)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The share to reach or exceed.
    #[params(quantity = "share")]
    at_least: Quantity,
    /// A smaller whole is not judged.
    #[serde(default)]
    min_n: u32,
}

impl Judge for Share {
    type Params = Asked;
    const SUMMARY: &'static str = "Share of a whole that is done";
    const METRICS: &'static [Expected] = &[
        Expected::metric("done", "how many are done").of(&["sum"]),
        Expected::metric("all", "how many there are").of(&["sum"]),
    ];

    fn plan(criterion: &Criterion, _: &Asked) -> Result<Vec<Query>, String> {
        Ok(["done", "all"].map(|name| Query::totals(name, name, criterion.window)).to_vec())
    }

    fn evaluate(_: &Criterion, asked: &Asked, frames: &Frames) -> Result<Finding, String> {
        let bounds = Bounds::at_least(asked.at_least.value());
        let (Some(done), Some(all)) = (frames.get("done")?.whole("sum")?, frames.get("all")?.whole("sum")?) else {
            return Ok(Finding::undecided(Undecided::gap(bounds.target)));
        };
        if all < f64::from(asked.min_n.max(1)) {
            return Ok(Finding::undecided(Undecided::too_few(all, asked.min_n, bounds.target)));
        }
        let interval = wilson(done, all, 0.95).map_err(|why| format!("{done} of {all}: {why}"))?;
        let call = bounds.call(interval);
        let counts = format!("{} of {}", format::count(done as u64), format::count(all as u64));
        let share = bounds.headline(done / all, Some(interval), call, false, "share");
        Ok(Finding::called(call, Says {
            headline: format!("{counts} are done: {share}"),
            method: "Wilson 95 %".to_owned(),
            grade: Grade::TargetOnly,
            target: bounds.target,
            primary: Estimate::new("share", "share", done / all).within(interval, 0.95).of(all as u64),
            flip: flip::share(done, all, 0.95, &bounds, "done"),
        }))
    }
}
