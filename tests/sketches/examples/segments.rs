//! A share in every segment of a dimension: the whole passes when each segment of some size does. Warns when the
//! whole and its parts disagree.

use serde::Deserialize;
use yardstick_sdk::stats::{Interval, wilson};
use yardstick_sdk::{
    Criterion, Decided, Estimate, Expected, Finding, Frames, Grade, Judge, Params, Quantity, Query, Says,
    Table, Value,
};

struct Segments;

yardstick_sdk::export!(Segments);

/// The dimension, and the share that each of its segments must reach.
#[derive(Debug, Deserialize, Params)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The dimension whose values are the segments.
    by: String,
    /// The share to reach or exceed.
    #[params(quantity = "share")]
    at_least: Quantity,
    /// Segments with fewer observations are shown and do not decide.
    #[serde(default)]
    min_n: u32,
}

impl Judge for Segments {
    type Params = Asked;

    const SUMMARY: &'static str = "A share in every segment of a dimension";
    const METRICS: &'static [Expected] = &[Expected::metric("metric", "the share").of(&["ratio"])];

    fn plan(criterion: &Criterion, asked: &Asked) -> Result<Vec<Query>, String> {
        let totals = Query::totals("all", "metric", criterion.window);
        Ok(vec![totals, Query::totals("segments", "metric", criterion.window).split_by(&asked.by)])
    }

    fn evaluate(_: &Criterion, asked: &Asked, frames: &Frames) -> Result<Finding, String> {
        let (all, parts) = (frames.get("all")?, frames.get("segments")?);
        let target = asked.at_least.value();
        let (sum, n) = (all.number("sum")?.ok_or("no total")?, all.number("n")?.ok_or("no total")?);
        let whole = wilson(sum, n, 0.95).map_err(|why| why.to_string())?;
        let (names, sums, ns) = (parts.texts(&asked.by)?, parts.numbers("sum")?, parts.numbers("n")?);
        let mut rows = Vec::new();
        let mut calls = Vec::new();
        for ((name, sum), n) in names.iter().zip(sums).zip(ns) {
            let interval = wilson(sum, n, 0.95).map_err(|why| format!("{name}: {why}"))?;
            let call = called(interval, target);
            let counts = n >= f64::from(asked.min_n);
            rows.push(vec![
                name.as_str().into(),
                n.into(),
                (sum / n).into(),
                Value::from(word(call)),
                counts.into(),
            ]);
            if counts {
                calls.push((name, call));
            }
        }
        let worst = calls.iter().min_by_key(|(_, call)| rank(*call)).ok_or("no segment is large enough")?;
        let says = Says {
            headline: format!("{} decides: {}", worst.0, word(worst.1)),
            method: "Wilson 95 % in every segment".to_owned(),
            grade: Grade::TargetOnly,
            target,
            primary: Estimate::new("all", "share", sum / n).within(whole, 0.95).of(n as u64),
            flip: format!("another share in {}", worst.0),
        };
        let finding = match worst.1 {
            Some(true) => Finding::decided(Decided::Pass, says),
            None => Finding::inconclusive("straddles", says),
            Some(false) => Finding::decided(Decided::Fail, says),
        };
        let finding = finding.table(Table {
            title: format!("By {}", asked.by),
            columns: ["segment", "n", "share", "comes to", "counts"].map(str::to_owned).to_vec(),
            rows,
            more: Vec::new(),
        });
        let turned = called(whole, target) == Some(true) && worst.1 == Some(false);
        Ok(if turned {
            finding.warn("the whole reaches the target, and a segment does not")
        } else {
            finding
        })
    }
}

/// From worst to best.
fn rank(call: Option<bool>) -> u8 {
    match call {
        Some(false) => 0,
        None => 1,
        Some(true) => 2,
    }
}

/// Whether it passes; none: the interval contains the target.
fn called(interval: Interval, target: f64) -> Option<bool> {
    if interval.low >= target {
        Some(true)
    } else if interval.high < target {
        Some(false)
    } else {
        None
    }
}

fn word(call: Option<bool>) -> &'static str {
    match call {
        Some(true) => "pass",
        Some(false) => "fail",
        None => "inconclusive",
    }
}
