//! Steps of a funnel, each a metric of its own: the share that gets through, and where most are lost.

use serde::Deserialize;
use yardstick_sdk::stats::wilson;
use yardstick_sdk::{
    Criterion, Decided, Estimate, Expected, Finding, Frames, Grade, Judge, Params, Quantity, Query, Reason,
    Says, Table, Undecided,
};

struct Funnel;

yardstick_sdk::export!(Funnel);

/// The share of those who enter that must get through.
#[derive(Debug, Deserialize, Params)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The share to reach or exceed.
    #[params(quantity = "share")]
    at_least: Quantity,
}

const STEPS: [&str; 4] = ["entered", "second", "third", "done"];

impl Judge for Funnel {
    type Params = Asked;

    const SUMMARY: &'static str = "The share of people who get through a funnel";
    const METRICS: &'static [Expected] = &[
        Expected::metric("entered", "people at the first step").of(&["sum"]),
        Expected::metric("second", "people at the second step").of(&["sum"]).optional(),
        Expected::metric("third", "people at the third step").of(&["sum"]).optional(),
        Expected::metric("done", "people who got through").of(&["sum"]),
    ];

    fn plan(criterion: &Criterion, _: &Asked) -> Result<Vec<Query>, String> {
        let named = STEPS.iter().filter(|step| criterion.metric(step).is_ok());
        Ok(named.map(|step| Query::totals(step, step, criterion.window)).collect())
    }

    fn evaluate(criterion: &Criterion, asked: &Asked, frames: &Frames) -> Result<Finding, String> {
        let mut counts = Vec::new();
        for step in STEPS.iter().filter(|step| criterion.metric(step).is_ok()) {
            counts.push((*step, frames.get(step)?.number("sum")?.ok_or("a step has no count")?));
        }
        let (entered, done) = (counts[0].1, counts[counts.len() - 1].1);
        let target = asked.at_least.value();
        let grows = counts.windows(2).find(|pair| pair[1].1 > pair[0].1);
        if let Some(pair) = grows {
            return Ok(Finding::undecided(Undecided {
                reason: Reason::UntrustedData,
                code: "funnel-grows",
                headline: format!("more people are at {} than at {}", pair[1].0, pair[0].0),
                method: "Wilson 95 %".to_owned(),
                grade: Grade::TargetOnly,
                target: Some(target),
            }));
        }
        let interval = wilson(done, entered, 0.95).map_err(|why| why.to_string())?;
        let worst = counts.windows(2).min_by(|a, b| (a[1].1 / a[0].1).total_cmp(&(b[1].1 / b[0].1)));
        let worst = worst.map_or("", |pair| pair[1].0);
        let says = Says {
            headline: format!("{done} of {entered} get through; most are lost before {worst}"),
            method: "Wilson 95 %".to_owned(),
            grade: Grade::TargetOnly,
            target,
            primary: Estimate::new("through", "share", done / entered)
                .within(interval, 0.95)
                .of(entered as u64),
            flip: format!("{} more who get through", (target * entered - done).abs().ceil()),
        };
        let table = Table {
            title: "Steps".to_owned(),
            columns: vec!["step".to_owned(), "people".to_owned(), "of those before".to_owned()],
            rows: counts
                .iter()
                .enumerate()
                .map(|(index, (step, count))| {
                    let before = if index == 0 { *count } else { counts[index - 1].1 };
                    vec![(*step).into(), (*count).into(), (count / before).into()]
                })
                .collect(),
            more: Vec::new(),
        };
        let finding = if interval.low >= target {
            Finding::decided(Decided::Pass, says)
        } else if interval.high < target {
            Finding::decided(Decided::Fail, says)
        } else {
            Finding::inconclusive("straddles", says)
        };
        Ok(finding.table(table))
    }
}
