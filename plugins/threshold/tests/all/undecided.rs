//! Everything that must not pass: missing, late, small, contradicting data, and parameters without sense.

use crate::support::{DAY, FIRST, NULL, Units, asked, counts, even, judged, units, word};
use yardstick_sdk::testing::{Asked, plan};
use yardstick_sdk::{Better, Criterion, Judge, Outcome, Params, Reason, Shape};
use yardstick_threshold::Threshold;

fn gaps(days: &[usize]) -> Vec<f64> {
    (0..28).map(|day| if days.contains(&day) { NULL } else { 5_000.0 }).collect()
}

#[test]
fn data_that_cannot_be_trusted_are_named() {
    let users = |params| asked("gauge", "users", params);
    let errors = |params| asked("ratio", "share", params);
    let day = |n, sum| -> Vec<Units> { vec![(n, sum, NULL); 28] };
    for (criterion, frames, code, headline) in [
        (
            users(r#"{"at_least": 4000}"#),
            counts("gauge", &gaps(&[2, 27])),
            "gap",
            "2 of 28 days are missing (13 Mar, 7 Apr); none may be",
        ),
        (
            users(r#"{"at_least": 4000, "max_missing": "10%"}"#),
            counts("gauge", &gaps(&[2, 3, 4, 5, 6, 7, 8])),
            "gap",
            "7 of 28 days are missing (13 Mar, 14 Mar, 15 Mar, 16 Mar, 17 Mar and 2 more); at most 2 may be",
        ),
        (
            users(r#"{"at_least": 4000, "max_missing": "10%"}"#),
            counts("gauge", &gaps(&[2, 27])),
            "gap",
            "2 of 28 days are missing (13 Mar, 7 Apr); the level of 7 Apr decides",
        ),
        (
            users(r#"{"at_least": 4000}"#),
            counts("gauge", &[NULL; 28]),
            "no-data",
            "no value on any of the 28 days to 7 Apr",
        ),
        (
            errors(r#"{"at_most": "5%"}"#),
            units(&day(10.0, 11.0)),
            "out-of-range",
            "example.metric has a day with more in the numerator than in the denominator, which it cannot",
        ),
        (
            errors(r#"{"at_most": "5%"}"#),
            units(&day(-10.0, -11.0)),
            "out-of-range",
            "example.metric has a negative number of observations, which it cannot",
        ),
        (
            errors(r#"{"at_most": "5%"}"#),
            units(&day(0.0, 0.0)),
            "zero-denominator",
            "no observations in the window, so there is no rate",
        ),
        (
            asked("gauge", "share", r#"{"at_most": "5%"}"#),
            counts("gauge", &[1.2; 28]),
            "out-of-range",
            "example.metric has a share outside 0 % to 100 %, which it cannot",
        ),
        (
            asked("sum", "users", r#"{"at_most": 5}"#),
            counts("sum", &[f64::INFINITY; 28]),
            "out-of-range",
            "example.metric has a number beyond all bounds, which it cannot",
        ),
        (
            asked("sum", "users", r#"{"at_least": 5, "min_n": 30}"#),
            counts("sum", &[1.0; 28]),
            "too-few",
            "28 of 30 days",
        ),
        (
            asked("mean", "ms", r#"{"at_most": 5}"#),
            units(&[(1.0, 4.0, 16.0)]),
            "one-value",
            "1 observation alone has no spread to judge by",
        ),
        (
            asked("mean", "ms", r#"{"at_most": 5}"#),
            units(&[(10.0, 40.0, 160.0); 28]),
            "zero-variance",
            "all values are the same, so their spread is unknown",
        ),
        (
            asked("mean", "ms", r#"{"at_most": 5}"#),
            units(&[(10.0, 40.0, 100.0); 28]),
            "out-of-range",
            "the sums of example.metric contradict each other or are too large",
        ),
        (
            asked("ratio", "orders per user", r#"{"at_most": 5}"#),
            units(&[(10.0, 40.0, NULL)]),
            "one-value",
            "all of it is of one day, so the error between days is unknown",
        ),
    ] {
        let finding = judged(&criterion, frames);
        assert_eq!((word(&finding), finding.headline.as_str()), (code, headline));
        assert!(matches!(finding.outcome, Outcome::Undecided(_)));
        assert!(finding.target.is_some(), "{code}");
    }
}

fn totals(value: f64, n: f64, sum: f64, sum_sq: f64) -> yardstick_sdk::testing::Memory {
    yardstick_sdk::testing::Memory::new(Shape::Totals)
        .column("value", [value])
        .column("n", [n])
        .column("sum", [sum])
        .column("sum_sq", [sum_sq])
}

#[test]
fn null_totals_are_no_zeros_and_totals_are_those_of_the_days() {
    let errors = asked("ratio", "share", r#"{"at_most": "5%"}"#);
    let of = |total| {
        let mut frames = units(&[(100.0, 30.0, NULL); 28]);
        frames[0].1 = total;
        judged(&errors, frames)
    };
    for total in [
        totals(NULL, 2_800.0, NULL, NULL),
        totals(NULL, NULL, 840.0, NULL),
        totals(0.0, 2_800.0, 0.0, NULL),
        totals(0.03, 28_000.0, 840.0, NULL),
    ] {
        let finding = of(total);
        assert_eq!(word(&finding), "out-of-range");
        assert_eq!(finding.headline, "the totals of example.metric are not those of its days");
    }
    assert_eq!(word(&of(totals(0.3, 2_800.0, 840.0, NULL))), "fail");
    let mut frames = counts("sum", &[3.0; 28]);
    frames[0].1 = totals(840.0, NULL, NULL, NULL);
    assert_eq!(word(&judged(&asked("sum", "users", r#"{"at_least": 500}"#), frames)), "out-of-range");
}

#[test]
fn squares_of_some_days_are_no_squares_of_all() {
    // The days agree to the bit; without the squares of two days their units would hardly differ.
    let mut days = vec![(100.0, 1_000.0, 12_500.0); 28];
    days[3].2 = NULL;
    days[9].2 = NULL;
    let finding = judged(&asked("mean", "ms", r#"{"at_most": 12}"#), units(&days));
    assert_eq!(word(&finding), "zero-variance", "{}", finding.headline);
    let whole = judged(&asked("mean", "ms", r#"{"at_most": 12}"#), units(&[(100.0, 1_000.0, 12_500.0); 28]));
    assert_eq!(word(&whole), "pass");
}

#[test]
fn a_single_day_is_no_sample_of_days() {
    let mean = asked("mean", "ms", r#"{"at_most": 12}"#);
    let day = [(1e6, 1e7, 1.25e8)];
    let mut padded = day.to_vec();
    padded.extend([(0.0, 0.0, 0.0); 27]);
    for days in [&day[..], &padded] {
        let finding = judged(&mean, units(days));
        assert_eq!(word(&finding), "one-value");
        assert_eq!(finding.headline, "all of it is of one day, so the error between days is unknown");
    }
    // The chance in a share is known without other days; whether they are like this one is not.
    let share = judged(&asked("ratio", "share", r#"{"at_most": "5%"}"#), units(&[(1e6, 1e4, NULL)]));
    assert_eq!(word(&share), "pass");
    assert_eq!(share.warnings, ["all observations are of one day; other days may differ"]);
}

#[test]
fn a_handful_of_events_shows_little() {
    let share = |params: &str, successes, trials| {
        let finding = judged(&asked("ratio", "share", params), units(&even(successes, trials)));
        (word(&finding).to_owned(), finding.method)
    };
    let exact = |word: &str| (word.to_owned(), "exact 95 %".to_owned());
    // One success of one comes from a share of 20 % in one case of five.
    assert_eq!(share(r#"{"at_least": "20%"}"#, 1, 1), exact("straddles"));
    assert_eq!(share(r#"{"at_least": "2%"}"#, 1, 1), exact("pass"));
    // One event of many comes from a fifth of its rate in one case of six.
    assert_eq!(share(r#"{"at_least": "0.001%"}"#, 1, 20_000), exact("straddles"));
    assert_eq!(share(r#"{"at_most": "0.01%"}"#, 0, 40_000), exact("pass"));
    assert_eq!(share(r#"{"at_most": "0.01%"}"#, 0, 36_000), exact("straddles"));
    assert_eq!(share(r#"{"at_least": "1%"}"#, 20, 1_000).1, "Wilson 95 %");
}

#[test]
fn an_incomplete_window_is_stale() {
    let users = Asked::of("gauge", "users", Better::Larger).with(r#"{"at_least": 4000}"#);
    let late = users.clone().complete_through(Some(FIRST + 26 * DAY)).criterion();
    let finding = judged(&late, counts("gauge", &[5_000.0; 28]));
    assert_eq!(word(&finding), "stale");
    assert_eq!(finding.headline, "complete through 5 Apr only; the window runs to 7 Apr");
    assert!(matches!(&finding.outcome, Outcome::Undecided(why) if why.reason == Reason::UntrustedData));
    let unsaid = users.complete_through(None).criterion();
    assert_eq!(word(&judged(&unsaid, counts("gauge", &[5_000.0; 28]))), "pass");
}

#[test]
fn few_missing_days_of_a_rate_are_a_warning() {
    let mut days = vec![(400.0, 300.0, NULL); 28];
    days[4] = (NULL, NULL, NULL);
    days[5] = (NULL, NULL, NULL);
    let finding = judged(&asked("ratio", "share", r#"{"at_least": "60%"}"#), units(&days));
    assert_eq!(word(&finding), "pass");
    assert_eq!(finding.warnings, ["2 of 28 days are missing (15 Mar, 16 Mar)"]);
}

#[test]
fn rows_that_a_host_leaves_out_are_missing_too() {
    let series = yardstick_sdk::testing::Memory::new(Shape::Series)
        .integers_column("time", [FIRST, FIRST + 3 * DAY])
        .column("value", [5_000.0, 5_000.0])
        .column("n", [NULL; 2])
        .column("sum", [NULL; 2])
        .column("sum_sq", [NULL; 2]);
    let mut frames = counts("gauge", &[5_000.0; 28]);
    frames[1].1 = series;
    let finding = judged(&asked("gauge", "users", r#"{"at_least": 4000}"#), frames);
    assert_eq!(word(&finding), "gap");
    assert!(
        finding.headline.starts_with("26 of 28 days are missing (12 Mar, 13 Mar, 15 Mar"),
        "{}",
        finding.headline
    );
}

#[test]
fn parameters_are_refused_by_name() {
    let sampled =
        |params| Asked::of("gauge", "users", Better::Larger).fact("sampled", true).with(params).criterion();
    let share = |params| asked("ratio", "share", params);
    let users = |params| asked("gauge", "users", params);
    let cases: Vec<(Criterion, &str)> = vec![
        (share(r#"{"at_least": 60}"#), "at_least: 60 has no unit; example.metric is a share, write 60%"),
        (
            share(r#"{"at_least": "6000%"}"#),
            "at_least: 6000% is outside 0% to 100%, where example.metric always lies",
        ),
        (share(r#"{"at_least": "5pp"}"#), "at_least: 5pp is a difference of shares; a target is a level"),
        (
            users(r#"{"at_least": "60%"}"#),
            "at_least: 60% is a share, but example.metric is in users; write a bare number",
        ),
        (users(r"{}"), "at_least: no target is given; write at_least or at_most"),
        (users(r#"{"at_least": 1, "at_most": 2}"#), "at_least, at_most: give one of them, not both"),
        (
            users(r#"{"at_least": 1, "marginal_to": 2}"#),
            "marginal_to: goes with at_most; write marginal_from",
        ),
        (
            users(r#"{"at_most": 1, "marginal_from": 2}"#),
            "marginal_from: goes with at_least; write marginal_to",
        ),
        (
            users(r#"{"at_least": 4000, "marginal_from": 4000}"#),
            "marginal_from: the second bound must be weaker, below at_least (4,000 users)",
        ),
        (
            share(r#"{"at_most": "5%", "marginal_to": "4%"}"#),
            "marginal_to: the second bound must be weaker, above at_most (5 %)",
        ),
        (
            users(r#"{"at_least": 1, "min_n": 5}"#),
            "min_n: example.metric is a gauge, a level without a number of observations; leave min_n out",
        ),
        (
            share(r#"{"at_least": "1%", "confidence": 0.95}"#),
            "confidence: 0.95 is not a share; write it in per cent, such as 95%",
        ),
        (
            share(r#"{"at_least": "1%", "confidence": "100%"}"#),
            "confidence: 100% is not usable; write at least 50% and less than 100%, such as 95%",
        ),
        (
            share(r#"{"at_least": "1%", "max_missing": "100%"}"#),
            "max_missing: 100% is not usable; write at least 0% and less than 100%",
        ),
        (
            sampled(r#"{"at_least": 4000}"#),
            "decide_by: example.metric is a sample that says nothing of its spread, so there is no interval \
             to decide by; write decide_by: estimate to compare it as it is",
        ),
        (
            asked("histogram", "ms", r#"{"at_least": 1}"#),
            "metric: example.metric is of kind histogram; threshold judges gauge, sum, mean and ratio",
        ),
    ];
    for (criterion, sentence) in cases {
        assert_eq!(plan::<Threshold>(&criterion).expect_err(sentence), sentence);
    }
    let error = plan::<Threshold>(&users(r#"{"at_least": "4,000"}"#)).expect_err("a separator");
    assert!(error.starts_with("with: \"4,000\" separates its digits"), "{error}");
    let error = plan::<Threshold>(&users(r#"{"at_last": 4000}"#)).expect_err("a typing error");
    assert!(error.starts_with("with: unknown field `at_last`"), "{error}");
}

#[test]
fn the_plan_asks_for_totals_and_days() {
    let criterion = asked("gauge", "users", r#"{"at_least": 4000}"#);
    let queries = plan::<Threshold>(&criterion).expect("a plan");
    let asked_for: Vec<_> = queries.iter().map(|query| (query.key.as_str(), query.shape)).collect();
    assert_eq!(asked_for, [("totals", Shape::Totals), ("days", Shape::Series)]);
    assert!(queries.iter().all(|query| query.window == criterion.window && query.metric == "metric"));
}

#[test]
fn a_metric_that_improves_the_other_way_is_a_warning() {
    let criterion = Asked::of("gauge", "errors", Better::Smaller).with(r#"{"at_least": 4000}"#).criterion();
    let finding = judged(&criterion, counts("gauge", &[5_000.0; 28]));
    assert_eq!(
        finding.warnings,
        ["less of example.metric is better, yet the criterion asks for at least so much of it"]
    );
}

#[test]
fn the_schema_lists_the_parameters_that_are_read() {
    let schema: serde_json::Value =
        serde_json::from_str(&<Threshold as Judge>::Params::schema()).expect("JSON");
    let mut names: Vec<&String> = schema["properties"].as_object().expect("properties").keys().collect();
    names.sort();
    assert_eq!(
        names,
        [
            "at_least",
            "at_most",
            "confidence",
            "decide_by",
            "marginal_from",
            "marginal_to",
            "max_missing",
            "min_n"
        ]
    );
    assert!(
        schema["properties"].as_object().expect("properties").values().all(|p| p["description"].is_string())
    );
}
