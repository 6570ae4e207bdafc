//! Quantities among a criterion's parameters, against the unit of its metric.

use serde_json::Value;
use yardstick_domain::problem::Problem;
use yardstick_stats::Quantity;

/// Checks parameters whose schema says `x-quantity` against the unit of the criterion's metric, so that
/// sixty is never taken for sixty per cent: `level` is in the metric's unit, `change` is relative with %, else in pp
/// for a share and in its unit for any other metric, `share` needs %, `ratio` is a plain number or in per cent, whatever the unit.
#[must_use]
pub fn check_quantities(params: &Value, schema: &Value, unit: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return problems };
    for (name, property) in properties {
        let (Some(kind), Some(value)) = (
            property.get("x-quantity").and_then(Value::as_str),
            params.get(name).filter(|value| !value.is_null()),
        ) else {
            continue;
        };
        let read = match value {
            Value::String(text) => text.parse::<Quantity>(),
            Value::Number(number) => Ok(Quantity::Plain(number.as_f64().unwrap_or(f64::NAN))),
            _ => continue,
        };
        let written = value.as_str().map_or(value.to_string(), str::to_owned);
        let message = match (kind, read) {
            (_, Err(error)) => error.to_string(),
            ("level", Ok(Quantity::Plain(_))) if unit == "share" => {
                format!("{written:?} has no unit and the metric is a share; write {written}%")
            }
            ("level", Ok(Quantity::Percent(_) | Quantity::Points(_))) if unit != "share" => {
                format!("{written:?} is in per cent, but the metric is in {unit}; write a plain number")
            }
            ("level", Ok(Quantity::Points(_))) => {
                format!("{written:?} is a difference in percentage points; write a level such as 60%")
            }
            ("change", Ok(Quantity::Plain(_))) if unit == "share" => {
                format!("{written:?} has no unit; write {written}% (relative) or {written}pp (points)")
            }
            ("change", Ok(Quantity::Points(_))) if unit != "share" => format!(
                "{written:?} is in percentage points, but the metric is in {unit}; write per cent (relative) or \
                 a plain number"
            ),
            ("ratio", Ok(Quantity::Points(_))) => {
                format!("{written:?} is a difference in percentage points; write a level such as 60% or 0.5")
            }
            ("share", Ok(Quantity::Plain(_) | Quantity::Points(_))) => {
                format!("{written:?} is no share; write it in per cent, such as 95%")
            }
            _ => continue,
        };
        problems.push(Problem::new(name.clone(), message));
    }
    problems
}
