//! Numbers of the two metrics in sentences.

use yardstick_sdk::stats::format;
use yardstick_sdk::{Metric, Value};

use crate::form::Form;
use crate::request::Request;

/// `6,212 of 9,640 changesets`, `140 deployments over 20 users`.
pub(crate) fn shown(request: &Request<'_>, (above, below): (f64, f64)) -> String {
    let (unit_above, unit_below) = (&request.numerator.unit, &request.denominator.unit);
    let whole = format::value(below, unit_below);
    let average = match request.form {
        Form::Averages | Form::AverageOverLast => "on average ",
        _ => "",
    };
    let text = match request.is_part {
        true if unit_above == unit_below => format!("{} of {whole}", format::value(above, "")),
        true => format!("{} of {whole}", format::value(above, unit_above)),
        false => format!("{} over {whole}", format::value(above, unit_above)),
    };
    format!("{average}{text}")
}

/// How many days a level covers, where it looks back.
pub(crate) fn covers(metric: &Metric) -> Option<u64> {
    let days = metric.fact("covers-days").and_then(Value::as_integer)?;
    u64::try_from(days).ok().filter(|days| *days > 1)
}

/// Whether this is a whole number that a float holds exactly.
pub(crate) fn is_whole(value: f64) -> bool {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    value.abs() <= LARGEST && value == value.trunc()
}
