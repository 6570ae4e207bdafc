//! What people read, word by word, for every form.

use yardstick_sdk::testing::evaluate;
use yardstick_sdk::{Criterion, Grade, Value};

use crate::support::{asked, days, detail, judged, merge_rate, sampled_rate, series, weekly, word};

fn covers(mut criterion: Criterion, above: i64, below: i64) -> Criterion {
    for (metric, days) in criterion.metrics.iter_mut().zip([above, below]) {
        metric.more.push(("covers-days".to_owned(), Value::Integer(days)));
    }
    criterion
}

#[test]
fn totals_that_are_complete_are_compared_as_they_are() {
    let frames = || days(&[222.0; 28], &[344.0; 28]);
    let finding = judged(&merge_rate(r#"{"at_least": "60%"}"#), frames());
    assert_eq!(word(&finding), "pass");
    assert_eq!(finding.headline, "64.5 %; target 60 % or more");
    assert_eq!(detail(&finding), "6,216 of 9,632 changesets; 28 days to 7 Apr; counted, not sampled");
    assert_eq!(finding.flip.as_deref(), Some("fails with 437 fewer changesets in changes.merged"));
    assert_eq!((finding.method.as_str(), finding.grade), ("counted, not sampled", Grade::TargetOnly));
    let primary = finding.primary.expect("a number");
    assert_eq!((primary.value, primary.low, primary.n), (6_216.0 / 9_632.0, None, Some(28)));
    for (params, outcome, flip) in [
        (r#"{"at_least": "65%"}"#, "fail", "passes with 45 more changesets in changes.merged"),
        (
            r#"{"at_least": "70%", "marginal_from": "60%"}"#,
            "marginal",
            "passes with 527 more changesets in changes.merged, fails with 437 fewer changesets in \
             changes.merged",
        ),
        (r#"{"at_most": "65%"}"#, "pass", "fails with 45 more changesets in changes.merged"),
        (r#"{"at_most": "100%"}"#, "pass", "nothing within the range of the data would change it"),
    ] {
        let finding = judged(&merge_rate(params), frames());
        assert_eq!((word(&finding), finding.flip.as_deref()), (outcome, Some(flip)), "{params}");
    }
}

#[test]
fn a_bound_that_is_met_exactly_is_met_in_every_unit() {
    for scale in [1e-6, 1e-3, 0.1, 1.0, 7.0, 1e6] {
        let frames = || days(&[6.0 * scale; 28], &[10.0 * scale; 28]);
        assert_eq!(word(&judged(&merge_rate(r#"{"at_least": "60%"}"#), frames())), "pass", "{scale}");
        assert_eq!(word(&judged(&merge_rate(r#"{"at_most": "60%"}"#), frames())), "pass", "{scale}");
    }
}

#[test]
fn samples_show_their_interval_and_what_the_days_are_worth() {
    let wobble = |day: usize, by: f64| 100.0 + by * ((day * 7 % 5) as f64 - 2.0);
    let above: Vec<f64> = (0..28).map(|day| 0.64 * wobble(day, 6.0)).collect();
    let below: Vec<f64> = (0..28).map(|day| wobble(day, 4.0)).collect();
    let finding = judged(&sampled_rate(r#"{"at_least": "60%"}"#), days(&above, &below));
    assert_eq!((word(&finding), finding.method.as_str()), ("pass", "delta method, t 95 %"));
    assert!(finding.headline.starts_with("64.0 % [63."), "{}", finding.headline);
    assert!(finding.flip.as_deref().is_some_and(|flip| flip.starts_with("inconclusive if more than ")));
    assert!(detail(&finding).contains("; 28 days worth "), "{}", detail(&finding));
    let straddling = judged(&sampled_rate(r#"{"at_least": "64%"}"#), days(&above, &below));
    assert_eq!(word(&straddling), "straddles");
    assert!(straddling.headline.contains("contains 64 %"), "{}", straddling.headline);
    let estimate =
        judged(&sampled_rate(r#"{"at_least": "60%", "decide_by": "estimate"}"#), days(&above, &below));
    assert!(
        estimate.headline.ends_with("by the estimate alone; target 60 % or more"),
        "{}",
        estimate.headline
    );
    assert_eq!(estimate.warnings.len(), 1);
    let as_sample =
        judged(&merge_rate(r#"{"at_least": "60%", "decide_by": "interval"}"#), days(&above, &below));
    assert_eq!((as_sample.method, as_sample.primary), (finding.method, finding.primary));
}

#[test]
fn the_average_level_over_a_longer_one_is_engagement() {
    // The published case: average daily users over monthly users.
    let daily: Vec<f64> = [40.0, 42.0, 38.0, 41.0, 39.0, 20.0, 18.0].repeat(4);
    let criterion = covers(asked(("gauge", "users"), ("gauge", "users"), r#"{"at_least": "40%"}"#), 1, 28);
    let mut monthly = vec![90.0; 28];
    monthly[27] = 100.0;
    let finding = judged(&criterion, days(&daily, &monthly));
    assert_eq!(word(&finding), "fail");
    assert_eq!(finding.headline, "34.0 %; target 40 % or more");
    assert_eq!(detail(&finding), "on average 34 of 100 users; 28 days to 7 Apr; counted, not sampled");
    assert!((finding.primary.expect("a number").value - 0.34).abs() < 1e-12);
}

#[test]
fn levels_of_the_same_span_are_taken_of_the_last_day() {
    let criterion = covers(asked(("gauge", "users"), ("gauge", "users"), r#"{"at_least": "15%"}"#), 28, 28);
    let mut using = vec![0.0; 28];
    using[27] = 250.0;
    let finding = judged(&criterion, days(&using, &[1_250.0; 28]));
    assert_eq!((word(&finding), finding.headline.as_str()), ("pass", "20.0 %; target 15 % or more"));
    assert_eq!(detail(&finding), "250 of 1,250 users; trailing 28 days to 7 Apr; counted, not sampled");
    assert_eq!(finding.flip.as_deref(), Some("fails with 63 fewer users in changes.merged"));
    let averaged = r#"{"at_least": "15%", "levels": "average"}"#;
    let finding =
        judged(&asked(("gauge", "users"), ("gauge", "users"), averaged), days(&using, &[1_250.0; 28]));
    assert_eq!(word(&finding), "fail");
}

#[test]
fn a_plain_target_is_so_much_per_one_of_the_denominator() {
    let criterion = asked(("sum", "deployments"), ("gauge", "users"), r#"{"at_least": 7}"#);
    let finding = judged(&criterion, days(&[6.0; 28], &[20.0; 28]));
    assert_eq!(word(&finding), "pass");
    assert_eq!(finding.headline, "8.4 deployments per user; target 7 or more");
    assert_eq!(detail(&finding), "168 deployments over 20 users; 28 days to 7 Apr; counted, not sampled");
    let seats = asked(("gauge", "users"), ("gauge", "seats"), r#"{"at_least": 0.75}"#);
    let finding = judged(&seats, days(&[130.0; 28], &[100.0; 28]));
    assert_eq!(finding.headline, "1.3 users per seat; target 0.75 or more");
    let kept = asked(("sum", "euros"), ("sum", "euros"), r#"{"at_least": "110%", "may_exceed": true}"#);
    let finding = judged(&kept, days(&weekly(1_130.0), &weekly(1_000.0)));
    assert_eq!((word(&finding), finding.headline.as_str()), ("pass", "113.0 %; target 110 % or more"));
}

#[test]
fn coverage_of_instances_is_a_condition() {
    let mut criterion = merge_rate(r#"{"at_least": "60%"}"#);
    criterion.metrics.push(crate::support::metric("reporting", "pings.reporting", "gauge", "instances"));
    criterion.metrics.push(crate::support::metric("instances", "pings.known", "gauge", "instances"));
    for (reporting, outcome, warnings) in [
        (98.0, "pass", 0),
        (95.0, "pass", 0),
        (94.9, "pass", 1),
        (80.0, "pass", 1),
        (79.9, "low-coverage", 0),
        (101.0, "part-above-whole", 0),
    ] {
        let mut frames = days(&[222.0; 28], &[344.0; 28]);
        frames.push(("reporting", series(&[reporting; 28])));
        frames.push(("instances", series(&[100.0; 28])));
        let finding = judged(&criterion, frames);
        assert_eq!((word(&finding), finding.warnings.len()), (outcome, warnings), "{reporting}");
        if outcome == "low-coverage" {
            let expected = "only 79.9 % of instances are known to have reported; at least 80 % must have";
            assert_eq!(finding.headline, expected);
        } else if outcome == "pass" {
            assert_eq!(finding.others[0].name, "coverage");
            assert!((finding.others[0].value - reporting / 100.0).abs() < 1e-12);
        }
    }
    let missing = evaluate::<yardstick_ratio::Ratio>(&criterion, days(&[1.0; 28], &[2.0; 28]));
    assert!(missing.is_err(), "a frame of the plan is not there");
}

#[test]
fn coverage_holds_at_its_edges_and_never_by_default() {
    let covered = |floor: &str, reporting: &[f64], instances: &[f64]| {
        let params = format!("{{\"at_least\": \"60%\", \"reporting_at_least\": \"{floor}\"}}");
        let mut criterion = merge_rate(&params);
        for (name, key) in [("reporting", "pings.reporting"), ("instances", "pings.known")] {
            criterion.metrics.push(crate::support::metric(name, key, "gauge", "instances"));
        }
        let mut frames = days(&[222.0; 28], &[344.0; 28]);
        frames.push(("reporting", series(reporting)));
        frames.push(("instances", series(instances)));
        let finding = judged(&criterion, frames);
        (word(&finding).to_owned(), finding.warnings.len())
    };
    let all = [100.0; 28];
    let with = |mut values: [f64; 28], changes: &[(usize, f64)]| {
        changes.iter().for_each(|(day, value)| values[*day] = *value);
        values
    };
    for (floor, reporting, instances, outcome, warnings) in [
        ("100%", all, all, "pass", 0),
        ("100%", with(all, &[(3, 99.0)]), all, "low-coverage", 0),
        // A surplus of one day does not report for the instances of another.
        ("100%", with(all, &[(3, 50.0), (4, 150.0)]), all, "low-coverage", 0),
        ("90%", with(all, &[(3, 99.0), (4, 101.0)]), all, "pass", 1),
        // On a missing day nobody is known to have reported.
        ("100%", with(all, &[(3, f64::NAN)]), all, "low-coverage", 0),
        ("95%", with(all, &[(3, f64::NAN)]), all, "pass", 1),
        ("95%", all, with(all, &[(3, f64::NAN), (9, f64::NAN)]), "low-coverage", 0),
        ("0%", all, with(all, &[(3, f64::NAN), (9, f64::NAN), (10, f64::NAN)]), "gap", 0),
        // Nobody at all is no coverage, whatever the floor.
        ("0%", [0.0; 28], all, "low-coverage", 0),
        ("0%", [1.0; 28], all, "pass", 1),
        ("0%", [0.0; 28], [0.0; 28], "zero-denominator", 0),
        ("0%", [f64::NAN; 28], all, "no-data", 0),
        ("30%", [3.0; 28], [10.0; 28], "pass", 1),
        ("30%", [0.3; 28], [1.0; 28], "pass", 1),
    ] {
        let found = covered(floor, &reporting, &instances);
        assert_eq!(found, (outcome.to_owned(), warnings), "{floor} {reporting:?} {instances:?}");
    }
}

#[test]
fn a_total_with_gaps_does_not_claim_all_days() {
    let mut above = [222.0; 28];
    above[5] = f64::NAN;
    let finding = judged(&merge_rate(r#"{"at_least": "60%"}"#), days(&above, &[344.0; 28]));
    assert!(detail(&finding).contains("; 27 of 28 days to 7 Apr; "), "{}", detail(&finding));
}

#[test]
fn looks_share_the_error_rate() {
    let mut criterion = sampled_rate(r#"{"at_least": "60%"}"#);
    criterion.looks = vec![7, 28];
    let above: Vec<f64> = (0..28).map(|day| 60.0 + f64::from(day % 5)).collect();
    let finding = judged(&criterion, days(&above, &[100.0; 28]));
    assert_eq!(finding.method, "delta method, t 97.5 % (95 % over 2 looks)");
}
