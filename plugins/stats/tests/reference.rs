//! Published and independently computed values (see `meta` of `reference.json`).

use serde_json::Value;
use yardstick_stats::{Interval, beta_cdf, moments, normal, quantile_type7, student, wilson};

/// A number of the file, where non-finite ones are texts.
fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.replace("Infinity", "inf").parse().expect("a number as text"),
        other => other.as_f64().expect("a number"),
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(number).collect()
}

/// What the case's method answers, in the order of what it expects.
fn answer(method: &str, inputs: &Value) -> Option<Vec<f64>> {
    let input = |name: &str| number(&inputs[name]);
    let one = |result: Result<f64, _>| vec![result.expect("an answer")];
    Some(match method {
        "norm_sf" => vec![normal::sf(input("x"))],
        "norm_ppf" => one(normal::ppf(input("p"))),
        "student_t_sf" => one(student::sf(input("t"), input("df"))),
        "student_t_ppf" => one(student::ppf(input("p"), input("df"))),
        "beta_cdf" => one(beta_cdf(input("a"), input("b"), input("x"))),
        "one_proportion_ci95" => {
            let Interval { low, high } = wilson(input("x"), input("n"), 0.95).expect("an interval");
            vec![low, high]
        }
        "mean_variance" => {
            let found = moments(&numbers(&inputs["values"]));
            vec![found.mean, found.variance().expect("two values")]
        }
        "quantile_type7" => {
            let values = numbers(&inputs["values"]);
            let quantile = |q: &f64| quantile_type7(&values, *q).expect("a quantile");
            numbers(&inputs["q"]).iter().map(quantile).collect()
        }
        _ => return None,
    })
}

#[test]
fn every_case_is_met_within_its_tolerance() {
    let file: Value = serde_json::from_str(include_str!("reference.json")).expect("the file is JSON");
    let cases = file["cases"].as_array().expect("a list of cases");
    assert_eq!(file["meta"]["count"].as_u64(), Some(cases.len() as u64));
    for case in cases {
        let id = case["id"].as_str().expect("an id");
        let method = case["method"].as_str().expect("a method");
        let found = answer(method, &case["inputs"]).unwrap_or_else(|| panic!("{id}: unknown {method}"));
        let expected: Vec<f64> = match method {
            "mean_variance" => {
                ["mean", "variance_ddof1"].map(|name| number(&case["expected"][name])).to_vec()
            }
            _ => case["expected"]
                .as_object()
                .expect("an object")
                .values()
                .flat_map(|value| if value.is_array() { numbers(value) } else { vec![number(value)] })
                .collect(),
        };
        let (absolute, relative) = (number(&case["tolerance"]["abs"]), number(&case["tolerance"]["rel"]));
        assert_eq!(found.len(), expected.len(), "{id}");
        for (found, expected) in found.iter().zip(&expected) {
            let off = (found - expected).abs();
            assert!(off <= absolute + relative * expected.abs(), "{id}: {found} is not {expected}");
        }
    }
}
