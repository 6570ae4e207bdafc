//! What a plugin says it is.

use yardstick_domain::question::{Description, ExpectedMetric};

use super::{Flaw, Lifted, Reader, at_most};
use crate::contract::v1::exports::yardstick::judge::guest as wit;
use crate::limits;

/// The description that a guest answered.
///
/// # Errors
/// For the first field that breaks a rule of the contract or a limit.
pub(crate) fn description(found: wit::Description) -> Lifted<Description> {
    let reader = &mut Reader::new();
    let summary = reader.words("summary", &found.summary, limits::TITLE)?;
    at_most("metrics", found.metrics.len(), limits::METRIC_NAMES)?;
    let mut metrics: Vec<ExpectedMetric> = Vec::with_capacity(found.metrics.len());
    for (index, metric) in found.metrics.into_iter().enumerate() {
        let metric = expected(reader, &format!("metrics[{index}]"), metric)?;
        if metrics.iter().any(|known| known.name == metric.name) {
            let field = format!("metrics[{index}].name");
            return Err(Flaw::answer(&field, format_args!("{:?} is named twice", metric.name)));
        }
        metrics.push(metric);
    }
    reader.attrs("more", found.more)?;
    let bytes = found.params_schema.len();
    if bytes > limits::SCHEMA_BYTES {
        let most = limits::SCHEMA_BYTES;
        let what = format_args!("{bytes} bytes, {most} are allowed").to_string();
        return Err(Flaw::new("plugin-output", "params-schema", what));
    }
    let params_schema = serde_json::from_str(&found.params_schema)
        .map_err(|error| Flaw::answer("params-schema", format_args!("it is no JSON: {error}")))?;
    Ok(Description { summary, params_schema, metrics })
}

fn expected(reader: &mut Reader, field: &str, found: wit::ExpectedMetric) -> Lifted<ExpectedMetric> {
    let name = reader.words(format_args!("{field}.name"), &found.name, limits::NAME)?;
    at_most(format_args!("{field}.kinds"), found.kinds.len(), limits::METRIC_NAMES)?;
    let kinds =
        found.kinds.iter().map(|kind| reader.words(format_args!("{field}.kinds"), kind, limits::NAME));
    let kinds = kinds.collect::<Lifted<Vec<_>>>()?;
    let about = reader.text(format_args!("{field}.about"), &found.about, limits::TITLE)?;
    reader.attrs(format_args!("{field}.more"), found.more)?;
    Ok(ExpectedMetric { name, about, kinds, optional: found.optional })
}
