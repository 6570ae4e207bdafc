//! What is refused, and what cannot be decided, each by its name.

use yardstick_ratio::Ratio;
use yardstick_sdk::testing::plan;
use yardstick_sdk::{Judge, Params, Reason, Shape};

use crate::support::{DAY, FIRST, NULL, asked, days, judged, merge_rate, metric, sampled_rate, series, word};

fn with(values: &[f64], day: usize, value: f64) -> Vec<f64> {
    let mut values = values.to_vec();
    values[day] = value;
    values
}

#[test]
fn kinds_that_make_no_ratio_are_refused() {
    let pass = r#"{"at_least": 1}"#;
    for (above, below, params, starts) in [
        ("ratio", "sum", pass, "numerator: changes.merged is a ratio already"),
        ("sum", "mean", pass, "denominator: changes.published is a mean"),
        ("histogram", "sum", pass, "numerator: changes.merged is of kind histogram"),
        ("gauge", "sum", pass, "numerator: changes.merged is a gauge, a level, and changes.published a sum"),
        (
            "sum",
            "sum",
            r#"{"at_least": 1, "levels": "last"}"#,
            "levels: changes.merged and changes.published",
        ),
        (
            "sum",
            "gauge",
            r#"{"at_least": 1, "levels": "average-over-last"}"#,
            "levels: changes.merged is a sum",
        ),
        ("gauge", "gauge", r#"{"at_least": 1, "unit": "instance"}"#, "unit: changes.merged is a gauge"),
        ("sum", "gauge", r#"{"at_least": 1, "unit": "instance"}"#, "unit: changes.published is a gauge"),
        ("~gauge", "gauge", pass, "decide_by: one last level"),
        ("gauge", "gauge", r#"{"at_least": 1, "decide_by": "interval"}"#, "decide_by: one last level"),
        (
            "sum",
            "~gauge",
            r#"{"at_least": 1, "levels": "last"}"#,
            "decide_by: one last level of changes.published is a sample",
        ),
        ("sum", "sum", r#"{"at_least": 1, "may_exceed": true}"#, "may_exceed: goes with"),
        ("sum", "sum", r#"{"at_least": "110%"}"#, "at_least: 110% is outside 0% to 100%"),
        ("sum", "sum", r#"{"at_least": "5pp"}"#, "at_least: 5pp is a difference"),
        ("sum", "sum", r#"{"at_least": "60%", "marginal_from": 0.5}"#, "marginal_from: 0.5 is not written"),
        ("sum", "sum", r#"{"at_least": "60%", "marginal_from": "70%"}"#, "marginal_from: the second bound"),
        ("sum", "sum", r#"{"at_least": "60%", "marginal_to": "70%"}"#, "marginal_to: goes with at_most"),
        ("sum", "sum", "{}", "at_least: no target is given"),
        ("sum", "sum", r#"{"at_least": 1, "at_most": 2}"#, "at_least, at_most: give one"),
        ("sum", "sum", r#"{"at_least": 1, "confidence": "20%"}"#, "confidence: 20% is not usable"),
        ("sum", "sum", r#"{"at_least": 1, "confidence": 0.95}"#, "confidence: 0.95 is not a share"),
        ("sum", "sum", r#"{"at_least": 1, "max_missing": "100%"}"#, "max_missing: 100% is not usable"),
        ("sum", "sum", r#"{"at_least": 1, "reporting_at_least": "80%"}"#, "reporting_at_least: goes with"),
    ] {
        let criterion = asked((above, "merges"), (below, "changesets"), params);
        let error = plan::<Ratio>(&criterion).expect_err(params);
        assert!(error.starts_with(starts), "{params}: {error}");
        assert!(error.chars().count() < 500, "{error}");
    }
    let same_unit = plan::<Ratio>(&merge_rate(r#"{"at_least": 0.6}"#)).expect_err("no unit");
    assert!(same_unit.starts_with("at_least: 0.6 has no unit"), "{same_unit}");
    let mut half = merge_rate(r#"{"at_least": "60%"}"#);
    half.metrics.push(metric("reporting", "pings.reporting", "gauge", "instances"));
    let error = plan::<Ratio>(&half).expect_err("half of the coverage");
    assert!(error.starts_with("metrics.instances:"), "{error}");
    half.metrics.push(metric("instances", "pings.known", "sum", "instances"));
    let error = plan::<Ratio>(&half).expect_err("a sum");
    assert!(error.starts_with("instances: pings.known is a sum"), "{error}");
}

#[test]
fn the_plan_asks_for_days_or_for_totals_of_units() {
    let queries = plan::<Ratio>(&merge_rate(r#"{"at_least": "60%"}"#)).expect("a plan");
    let keys: Vec<&str> = queries.iter().map(|query| query.key.as_str()).collect();
    assert_eq!(keys, ["numerator", "denominator"]);
    assert!(queries.iter().all(|query| query.shape == Shape::Series && query.splits.is_empty()));
    let mut criterion = merge_rate(r#"{"at_least": "60%", "unit": "instance"}"#);
    criterion.metrics.push(metric("reporting", "pings.reporting", "gauge", "instances"));
    criterion.metrics.push(metric("instances", "pings.known", "gauge", "instances"));
    let queries = plan::<Ratio>(&criterion).expect("a plan");
    assert_eq!(queries.len(), 4);
    assert!(queries[..2].iter().all(|it| it.shape == Shape::Totals && it.splits == ["instance"]));
    assert!(queries[2..].iter().all(|it| it.shape == Shape::Series && it.splits.is_empty()));
}

#[test]
fn data_that_make_no_ratio_are_named() {
    let (above, below) = ([30.0; 28], [50.0; 28]);
    let gone = |days: std::ops::Range<usize>| {
        let mut values = above.to_vec();
        values[days].fill(NULL);
        values
    };
    let whole = r#"{"at_least": "50%"}"#;
    let cases = [
        (above.to_vec(), vec![0.0; 28], "zero-denominator", Reason::InsufficientData),
        (vec![NULL; 28], below.to_vec(), "no-data", Reason::InsufficientData),
        (above.to_vec(), vec![NULL; 28], "no-data", Reason::InsufficientData),
        (vec![60.0; 28], below.to_vec(), "part-above-whole", Reason::UntrustedData),
        (with(&above, 3, -1.0), below.to_vec(), "negative", Reason::UntrustedData),
        (above.to_vec(), with(&below, 3, -1.0), "negative", Reason::UntrustedData),
        (with(&above, 3, f64::INFINITY), below.to_vec(), "out-of-range", Reason::UntrustedData),
        (gone(3..6), below.to_vec(), "unpaired", Reason::UntrustedData),
        (gone(3..6), gone(3..6), "gap", Reason::UntrustedData),
        (gone(3..5), gone(5..6), "unpaired", Reason::UntrustedData),
    ];
    for (above, below, code, reason) in cases {
        let finding = judged(&merge_rate(whole), days(&above, &below));
        assert_eq!(word(&finding), code, "{}", finding.headline);
        assert!(
            matches!(&finding.outcome, yardstick_sdk::Outcome::Undecided(why) if why.reason == reason),
            "{code}"
        );
    }
    let finding = judged(&merge_rate(whole), days(&gone(3..6), &below));
    assert_eq!(
        finding.headline,
        "3 of 28 days are missing (14 Mar, 15 Mar, 16 Mar) from changes.merged or changes.published alone; \
         at most 2 may be"
    );
}

#[test]
fn a_missing_day_is_left_out_on_both_sides() {
    // The day without a numerator has a denominator that would halve the ratio.
    let above = with(&[30.0; 28], 27, NULL);
    let below = with(&[50.0; 28], 27, 5_000.0);
    let finding = judged(&merge_rate(r#"{"at_least": "60%"}"#), days(&above, &below));
    assert_eq!(word(&finding), "pass");
    assert_eq!(
        finding.warnings,
        ["1 of 28 days is missing (7 Apr); 1 of them from one side only, and left out on both"]
    );
    assert_eq!(finding.primary.and_then(|primary| primary.n), Some(27));
}

#[test]
fn the_level_that_decides_must_be_there() {
    let criterion = |params| asked(("gauge", "users"), ("gauge", "seats"), params);
    let last = criterion(r#"{"at_least": 0.5}"#);
    let full = [40.0; 28];
    assert_eq!(word(&judged(&last, days(&with(&full, 27, NULL), &full))), "unpaired");
    assert_eq!(word(&judged(&last, days(&with(&full, 27, NULL), &with(&full, 27, NULL)))), "gap");
    assert_eq!(word(&judged(&last, days(&with(&full, 2, NULL), &full))), "pass");
    let average = criterion(r#"{"at_least": 0.5, "levels": "average-over-last"}"#);
    assert_eq!(word(&judged(&average, days(&full, &with(&full, 27, NULL)))), "gap");
    assert_eq!(word(&judged(&average, days(&full, &with(&full, 2, NULL)))), "pass");
    let total = asked(("sum", "runs"), ("gauge", "users"), r#"{"at_least": 0.5}"#);
    assert_eq!(
        word(&judged(&total, days(&with(&full, 2, NULL), &full))),
        "unpaired",
        "a total would be short"
    );
}

#[test]
fn an_incomplete_window_is_stale_on_either_side() {
    for side in 0..2 {
        let mut criterion = merge_rate(r#"{"at_least": "60%"}"#);
        criterion.metrics[side].complete_through = Some(FIRST + 20 * DAY);
        let finding = judged(&criterion, days(&[30.0; 28], &[50.0; 28]));
        assert_eq!(word(&finding), "stale");
        assert!(finding.headline.ends_with("through 30 Mar only; the window runs to 7 Apr"), "{finding:?}");
    }
}

#[test]
fn spreads_that_are_unknown_decide_nothing() {
    let rate = |params| sampled_rate(params);
    let pass = r#"{"at_least": "50%"}"#;
    for (above, below, code) in [
        (vec![30.0; 28], vec![50.0; 28], "zero-variance"),
        (vec![0.0; 28], vec![50.0; 28], "zero-variance"),
        (vec![30.0], vec![50.0], "one-value"),
        (with(&[0.0; 28], 3, 30.0), with(&[0.0; 28], 3, 50.0), "one-value"),
        (vec![30.0, 20.0], vec![50.0, 45.0], "too-few"),
    ] {
        let mut criterion = rate(pass);
        criterion.metrics.iter_mut().for_each(|metric| metric.complete_through = None);
        let finding = judged(&criterion, days(&above, &below));
        assert_eq!(word(&finding), code, "{}", finding.headline);
        assert!(finding.primary.is_some(), "the ratio so far");
    }
    let small = judged(&merge_rate(r#"{"at_least": "50%", "min_n": 2000}"#), days(&[30.0; 28], &[50.0; 28]));
    assert_eq!((word(&small), small.headline.as_str()), ("too-few", "1,400 of 2,000 changesets"));
}

#[test]
fn days_with_more_than_the_whole_are_a_warning() {
    let finding =
        judged(&merge_rate(r#"{"at_least": "50%"}"#), days(&with(&[30.0; 28], 5, 60.0), &[50.0; 28]));
    assert_eq!(
        finding.warnings,
        ["1 of 28 days has more in changes.merged than in changes.published: they may not count the same \
             things"]
    );
}

#[test]
fn coverage_that_is_unknown_is_no_coverage() {
    let mut criterion = merge_rate(r#"{"at_least": "60%", "reporting_at_least": "90%"}"#);
    criterion.metrics.push(metric("reporting", "pings.reporting", "gauge", "instances"));
    criterion.metrics.push(metric("instances", "pings.known", "gauge", "instances"));
    let mut gone = vec![95.0; 28];
    gone[..3].fill(NULL);
    for (reporting, known, code) in [
        (vec![NULL; 28], vec![100.0; 28], "no-data"),
        (gone, vec![100.0; 28], "gap"),
        (vec![0.0; 28], vec![0.0; 28], "zero-denominator"),
        (vec![-1.0; 28], vec![100.0; 28], "negative"),
        (vec![89.0; 28], vec![100.0; 28], "low-coverage"),
        (vec![90.0; 28], vec![100.0; 28], "pass"),
    ] {
        let mut frames = days(&[222.0; 28], &[344.0; 28]);
        frames.push(("reporting", series(&reporting)));
        frames.push(("instances", series(&known)));
        assert_eq!(word(&judged(&criterion, frames)), code);
    }
}

#[test]
fn the_schema_lists_the_parameters_that_are_read() {
    let schema: serde_json::Value = serde_json::from_str(&<Ratio as Judge>::Params::schema()).expect("JSON");
    let names = schema["properties"].as_object().expect("properties").keys();
    for name in names {
        let value = match schema["properties"][name]["type"].as_str() {
            Some("boolean") => serde_json::json!(true),
            Some("number") => serde_json::json!(1),
            _ if name == "levels" => serde_json::json!("last"),
            _ if name == "decide_by" => serde_json::json!("interval"),
            _ => serde_json::json!("60%"),
        };
        let read = serde_json::from_value::<<Ratio as Judge>::Params>(serde_json::json!({ name: value }));
        assert!(read.is_ok(), "{name}: {read:?}");
    }
    let unknown = serde_json::from_str::<<Ratio as Judge>::Params>(r#"{"target": 1}"#);
    assert!(unknown.is_err());
}
