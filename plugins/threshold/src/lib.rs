//! Built-in judge: a level or a rate against a target at a checkpoint.
//!
//! | metric | how it is judged |
//! |---|---|
//! | gauge | the last day's level, a complete count: compared as it is |
//! | sum | the window's total, a complete count: compared as it is |
//! | ratio of unit `share`, whole numbers | Wilson's interval, wider when days differ more than by chance |
//! | other ratio | pooled, with the error between days (delta method) |
//! | mean | pooled, with the larger of the errors between units and between days |
//!
//! A ratio or mean that is a complete count (the metric says so) is compared as it is; a gauge or sum that is
//! a sample must be judged with `decide_by: estimate`. How an interval decides is in
//! [`yardstick_sdk::bounds`].

mod answer;
mod counted;
mod data;
mod pooled;
mod proportion;
mod request;
mod words;

use yardstick_sdk::{Criterion, Expected, Finding, Frames, Judge, Query};

use data::Data;
use request::{Kind, Params, Request};

/// The judge.
#[derive(Debug)]
pub struct Threshold;

yardstick_sdk::export!(Threshold);

/// The criterion's only metric.
const METRIC: &str = "metric";
const TOTALS: &str = "totals";
const DAYS: &str = "days";

impl Judge for Threshold {
    type Params = Params;

    const SUMMARY: &'static str = "A level or a rate against a target at a checkpoint";
    const METRICS: &'static [Expected] = &[Expected::metric(METRIC, "what is held against the target")];

    fn plan(criterion: &Criterion, params: &Params) -> Result<Vec<Query>, String> {
        Request::new(criterion, params)?;
        Ok(vec![
            Query::totals(TOTALS, METRIC, criterion.window),
            Query::series(DAYS, METRIC, criterion.window),
        ])
    }

    fn evaluate(criterion: &Criterion, params: &Params, frames: &Frames) -> Result<Finding, String> {
        let request = Request::new(criterion, params)?;
        let data = Data::read(&request, criterion, frames.get(TOTALS)?, frames.get(DAYS)?)?;
        let measured = data.check(&request).and_then(|()| match request.kind {
            Kind::Gauge | Kind::Sum => counted::judge(&request, &data),
            Kind::Ratio if proportion::applies(&request, &data) => proportion::judge(&request, &data),
            Kind::Ratio | Kind::Mean => pooled::judge(&request, &data),
        });
        let finding = match measured {
            Ok(measured) => measured.finding(&request),
            Err(trouble) => trouble.finding(&request),
        };
        let warnings = data.warnings().into_iter().chain(request.warnings());
        Ok(warnings.fold(finding, Finding::warn))
    }
}
