//! What a plugin says it is.

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
