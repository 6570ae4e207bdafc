//! What a plugin says it is.

use yardstick_domain::frame::{Attrs, Value};
use yardstick_domain::question::Description;

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
    let mut metrics = Vec::with_capacity(found.metrics.len());
    for (index, name) in found.metrics.iter().enumerate() {
        let field = format!("metrics[{index}]");
        let name = reader.words(&field, name, limits::NAME)?;
        if metrics.contains(&name) {
            return Err(Flaw::answer(&field, format_args!("{name:?} is named twice")));
        }
        metrics.push(name);
    }
    let more = reader.attrs("more", found.more)?;
    let optional_metrics = optional(&more, &metrics)?;
    let bytes = found.params_schema.len();
    if bytes > limits::SCHEMA_BYTES {
        let most = limits::SCHEMA_BYTES;
        let what = format_args!("{bytes} bytes, {most} are allowed").to_string();
        return Err(Flaw::new("plugin-output", "params-schema", what));
    }
    let params_schema = serde_json::from_str(&found.params_schema)
        .map_err(|error| Flaw::answer("params-schema", format_args!("it is no JSON: {error}")))?;
    Ok(Description { summary, params_schema, metrics, optional_metrics })
}

/// The metrics that a criterion may leave out.
fn optional(more: &Attrs, metrics: &[String]) -> Lifted<Vec<String>> {
    const FACT: &str = "optional-metrics";
    let names = match more.iter().find(|(name, _)| name == FACT) {
        None => return Ok(Vec::new()),
        Some((_, Value::Text(names))) => names.split_whitespace(),
        Some(_) => {
            return Err(Flaw::answer("more", format_args!("{FACT} must be a text of names")));
        }
    };
    let known = |name: &str| match metrics.iter().any(|metric| metric == name) {
        true => Ok(name.to_owned()),
        false => {
            Err(Flaw::answer("more", format_args!("{FACT} has {name:?}, which is not among the metrics")))
        }
    };
    names.map(known).collect()
}
