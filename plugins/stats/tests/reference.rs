//! Published and independently computed values (see `meta` of `reference.json`).

use serde_json::Value;
use yardstick_stats::{
    Alternative, Degenerate, Interval, Sample, Welch, beta_cdf, moments, normal, quantile_type7, student,
    welch, wilson,
};

/// A number of the file, where non-finite ones are texts.
fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.replace("Infinity", "inf").parse().expect("a number as text"),
        other => other.as_f64().expect("a number"),
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    match value.as_array() {
        Some(list) => list.iter().map(number).collect(),
        None => vec![number(value)],
    }
}

/// What a method answers, by the names of what the case expects; or why it does not.
type Answer = Result<Vec<(&'static str, Vec<f64>)>, Degenerate>;

fn bounds(interval: Interval) -> Vec<f64> {
    vec![interval.low, interval.high]
}

fn answer(method: &str, inputs: &Value) -> Option<Answer> {
    let input = |name: &str| number(&inputs[name]);
    let one = |name: &'static str, result: Result<f64, Degenerate>| result.map(|x| vec![(name, vec![x])]);
    Some(match method {
        "norm_sf" => one("sf", Ok(normal::sf(input("x")))),
        "norm_ppf" => one("x", normal::ppf(input("p"))),
        "student_t_sf" => one("sf", student::sf(input("t"), input("df"))),
        "student_t_ppf" => one("t", student::ppf(input("p"), input("df"))),
        "beta_cdf" => one("cdf", beta_cdf(input("a"), input("b"), input("x"))),
        "one_proportion_ci95" => {
            wilson(input("x"), input("n"), 0.95).map(|interval| vec![("wilson", bounds(interval))])
        }
        "mean_variance" => {
            let found = moments(&numbers(&inputs["values"]));
            let variance = found.variance().expect("two values");
            Ok(vec![("mean", vec![found.mean]), ("variance_ddof1", vec![variance])])
        }
        "quantile_type7" => {
            let values = numbers(&inputs["values"]);
            let quantile = |q: &f64| quantile_type7(&values, *q).expect("a quantile");
            Ok(vec![("values", numbers(&inputs["q"]).iter().map(quantile).collect())])
        }
        "welch_t_summary" => {
            let sample = |arm: &str| {
                let input = |name: &str| number(&inputs[format!("{name}_{arm}")]);
                let (n, sd) = (input("n"), input("sd"));
                Sample { n, mean: input("mean"), m2: sd * sd * (n - 1.0) }
            };
            welch(&sample("t"), &sample("c")).and_then(|found| of_welch(&found))
        }
        "welch_t_raw" => {
            let [treatment, control] = ["treatment", "control"].map(|arm| moments(&numbers(&inputs[arm])));
            welch(&Sample::from(&treatment), &Sample::from(&control)).and_then(|found| {
                let mut answer = of_welch(&found)?;
                answer.push(("mean_t", vec![treatment.mean]));
                answer.push(("mean_c", vec![control.mean]));
                answer.extend(treatment.variance().map(|variance| ("var_t", vec![variance])));
                answer.extend(control.variance().map(|variance| ("var_c", vec![variance])));
                Ok(answer)
            })
        }
        _ => return None,
    })
}

fn of_welch(found: &Welch) -> Answer {
    let log10_p = found.log10_p(0.0, Alternative::TwoSided)?;
    Ok(vec![
        ("diff", vec![found.difference]),
        ("se", vec![found.standard_error]),
        ("t", vec![found.t(0.0)]),
        ("df", vec![found.df]),
        ("log10_p_two_sided", vec![log10_p]),
        ("p_two_sided", vec![libm::exp10(log10_p)]),
        ("ci95", bounds(found.interval(0.95)?)),
    ])
}

/// The file's words for an input without an answer.
fn policy(why: Degenerate) -> &'static str {
    match why {
        Degenerate::NoData | Degenerate::OneValue | Degenerate::ZeroDenominator => "insufficient_sample",
        Degenerate::ZeroVariance => "insufficient_variance",
        _ => "refused",
    }
}

#[test]
fn every_case_is_met_within_its_tolerance() {
    let file: Value = serde_json::from_str(include_str!("reference.json")).expect("the file is JSON");
    let cases = file["cases"].as_array().expect("a list of cases");
    assert_eq!(file["meta"]["count"].as_u64(), Some(cases.len() as u64));
    for case in cases {
        let id = case["id"].as_str().expect("an id");
        let method = case["method"].as_str().expect("a method");
        let answer = answer(method, &case["inputs"]).unwrap_or_else(|| panic!("{id}: unknown {method}"));
        let expected = case["expected"].as_object().expect("an object");
        if let Some(wanted) = expected.get("policy") {
            let why = answer.err().unwrap_or_else(|| panic!("{id}: answered"));
            assert_eq!(wanted.as_str(), Some(policy(why)), "{id}");
            continue;
        }
        let answer = answer.unwrap_or_else(|why| panic!("{id}: {why}"));
        let (absolute, relative) = (number(&case["tolerance"]["abs"]), number(&case["tolerance"]["rel"]));
        for (name, expected) in expected {
            let found = answer.iter().find(|(known, _)| known == name);
            let (_, found) = found.unwrap_or_else(|| panic!("{id}: no answer for {name}"));
            let expected = numbers(expected);
            assert_eq!(found.len(), expected.len(), "{id} {name}");
            for (found, expected) in found.iter().zip(&expected) {
                let off = (found - expected).abs();
                assert!(off <= absolute + relative * expected.abs(), "{id} {name}: {found}, not {expected}");
            }
        }
    }
}
