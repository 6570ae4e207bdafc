//! When there is no answer, and why; what `plan` refuses.

use yardstick_before_after::BeforeAfter;
use yardstick_sdk::testing::{Asked, plan};
use yardstick_sdk::{Better, Criterion, Judge, Outcome, Params, Reason, Shape};

use crate::support::{DAY, FIRST, NULL, Units, asked, before, days, frames, judged, over, word};

const WORSE: &str = r#"{"worse_by_at_most": "5%"}"#;

fn gaps(mut days: Vec<Units>, missing: &[usize]) -> Vec<Units> {
    missing.iter().for_each(|at| days[*at] = (NULL, NULL));
    days
}

#[test]
fn what_cannot_be_compared_says_why() {
    let gauge = || asked("gauge", "users", Better::Larger, WORSE);
    let ratio = |params| asked("ratio", "share", Better::Smaller, params);
    let after = || days(1, 28, 1.0);
    for (criterion, frames, code, headline) in [
        (
            gauge(),
            frames("gauge", &before(28), &gaps(after(), &[2, 3, 4])),
            "gap",
            "after the launch, 3 of 28 days are missing (13 Mar, 14 Mar, 15 Mar); at most 2 may be",
        ),
        (
            gauge(),
            frames("gauge", &gaps(before(28), &[0, 1, 2]), &after()),
            "gap",
            "in the baseline, 3 of 28 days are missing (10 Feb, 11 Feb, 12 Feb); at most 2 may be",
        ),
        (
            gauge(),
            frames("gauge", &[(NULL, NULL); 28], &after()),
            "no-data",
            "no value on any of the 28 days in the baseline",
        ),
        (
            gauge(),
            frames("gauge", &[(1.0, 5.0); 28], &[(1.0, 5.0); 28]),
            "zero-variance",
            "days do not differ but by their weekday, so their spread is unknown",
        ),
        (
            over(gauge(), 7, 4),
            frames("gauge", &before(4), &days(1, 7, 1.0)),
            "unmatched-weekday",
            "days after the launch have no day of the same weekday in a baseline of 4 days; name a longer one",
        ),
        (
            over(gauge(), 1, 7),
            frames("gauge", &before(7), &days(1, 1, 1.0)),
            "one-value",
            "a baseline of 7 days has no weekday twice, so nothing tells how days differ; name a longer one",
        ),
        (
            ratio(WORSE),
            frames("ratio", &[(10.0, 0.0); 28], &after()),
            "baseline-not-positive",
            "the baseline is not clearly above zero, so a relative change means nothing; ask for a change in \
             the metric's unit",
        ),
        (
            ratio(WORSE),
            frames("ratio", &[(0.0, 0.0); 28], &after()),
            "zero-denominator",
            "no observations in the baseline, so there is no rate",
        ),
        (
            ratio(WORSE),
            frames("ratio", &[(10.0, 11.0); 28], &after()),
            "out-of-range",
            "example.metric has a day with more in the numerator than in the denominator in the baseline, \
             which \
             it cannot",
        ),
        (
            ratio(r#"{"worse_by_at_most": "5%", "min_n": 50000}"#),
            frames("ratio", &before(28), &after()),
            "too-few",
            "23,200 of 50,000 observations after the launch",
        ),
    ] {
        let finding = judged(&criterion, frames);
        assert_eq!((word(&finding), finding.headline.as_str()), (code, headline));
        assert!(matches!(finding.outcome, Outcome::Undecided(_)) && finding.target.is_some(), "{code}");
    }
}

#[test]
fn a_negative_baseline_can_be_judged_in_the_metrics_unit_only() {
    let shifted = |days: Vec<Units>| -> Vec<Units> { days.iter().map(|(n, sum)| (*n, sum - n)).collect() };
    let data = || frames("mean", &shifted(before(28)), &shifted(days(1, 28, 1.0)));
    let relative = asked("mean", "points", Better::Larger, WORSE);
    assert_eq!(word(&judged(&relative, data())), "baseline-not-positive");
    let absolute = asked("mean", "points", Better::Larger, r#"{"worse_by_at_most": 0.1}"#);
    assert_eq!(word(&judged(&absolute, data())), "pass");
}

#[test]
fn an_incomplete_window_is_stale() {
    let mut criterion = asked("gauge", "users", Better::Larger, WORSE);
    criterion.metrics[0].complete_through = Some(FIRST + 26 * DAY);
    let finding = judged(&criterion, frames("gauge", &before(28), &days(1, 28, 1.0)));
    assert_eq!(word(&finding), "stale");
    assert_eq!(finding.headline, "complete through 5 Apr only; the window runs to 7 Apr");
    assert!(matches!(&finding.outcome, Outcome::Undecided(why) if why.reason == Reason::UntrustedData));
}

#[test]
fn few_missing_days_are_a_warning() {
    let finding = judged(
        &asked("gauge", "users", Better::Larger, WORSE),
        frames("gauge", &gaps(before(28), &[5, 20]), &gaps(days(1, 28, 1.0), &[3])),
    );
    assert_eq!(word(&finding), "pass");
    assert_eq!(
        finding.warnings,
        [
            "after the launch, 1 of 28 days is missing (14 Mar)",
            "in the baseline, 2 of 28 days are missing (15 Feb, 2 Mar)"
        ]
    );
}

fn emptied(mut days: Vec<Units>, at: &[usize]) -> Vec<Units> {
    at.iter().for_each(|at| days[*at] = (0.0, 0.0));
    days
}

#[test]
fn days_without_observations_count_for_nothing_and_are_named() {
    let question = || asked("ratio", "share", Better::Smaller, WORSE);
    let wobbly = |level| days(1, 28, level);
    let finding =
        judged(&question(), frames("ratio", &emptied(before(28), &[2, 9]), &emptied(wobbly(1.0), &[3])));
    assert_eq!(
        finding.warnings,
        [
            "after the launch, 1 of 28 days has no observations and counts for nothing",
            "in the baseline, 2 of 28 days have no observations and count for nothing"
        ]
    );
    let fact = |name: &str| finding.more.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    assert_eq!(fact("days-after").and_then(yardstick_sdk::Value::as_integer), Some(27));
    assert_eq!(fact("days-before").and_then(yardstick_sdk::Value::as_integer), Some(26));
    // One day of observations is one day, however many empty ones lie around it.
    let alone = emptied(wobbly(1.0), &(1..28).collect::<Vec<_>>());
    let finding = judged(&question(), frames("ratio", &before(28), &alone));
    assert!(finding.method.starts_with("weekday-matched t "), "{}", finding.method);
    // Observations without their sum do not count towards min_n.
    let mut lost = wobbly(1.0);
    lost[0] = (90_000.0, NULL);
    let least = asked("ratio", "share", Better::Smaller, r#"{"worse_by_at_most": "5%", "min_n": 50000}"#);
    assert_eq!(word(&judged(&least, frames("ratio", &before(28), &lost))), "too-few");
    let mut odd = wobbly(1.0);
    odd[0] = (0.0, 4.0);
    let mean = asked("mean", "points", Better::Larger, WORSE);
    assert_eq!(word(&judged(&mean, frames("mean", &before(28), &odd))), "out-of-range");
}

#[test]
fn a_metric_that_stands_still_on_one_side_is_not_compared() {
    for kind in ["gauge", "sum", "mean", "ratio"] {
        for params in [WORSE, r#"{"better_by_at_least": 0.5}"#] {
            let criterion = asked(kind, "points", Better::Larger, params);
            let still = vec![(1_000.0, 900.0); 28];
            let finding = judged(&criterion, frames(kind, &before(28), &still));
            assert_eq!(word(&finding), "zero-variance", "{kind} {params}: {}", finding.headline);
            assert!(finding.headline.starts_with("the days after the launch are all the same"));
            let finding = judged(&criterion, frames(kind, &still, &days(1, 28, 1.0)));
            assert_eq!(word(&finding), "zero-variance", "{kind} {params}: {}", finding.headline);
            assert!(finding.headline.starts_with("the days of the baseline are all the same"));
        }
    }
}

#[test]
fn parameters_are_refused_by_name() {
    let gauge = |params| asked("gauge", "users", Better::Larger, params);
    let share = |params| asked("ratio", "share", Better::Smaller, params);
    let cases: Vec<(Criterion, &str)> = vec![
        (
            Asked::of("gauge", "users", Better::Larger).with(WORSE).criterion(),
            "baseline: none is given; write how many days before the launch to compare with, such as \
             baseline: 28d",
        ),
        (
            asked("gauge", "users", Better::Neither, WORSE),
            "metric: example.metric says `better: neither`, so nothing is better or worse; say in its \
             definition \
             which way it improves, or name a metric that does",
        ),
        (
            asked("histogram", "ms", Better::Smaller, WORSE),
            "metric: example.metric is of kind histogram; before-after judges gauge, sum, mean and ratio",
        ),
        (over(gauge(WORSE), 28, 400), "baseline: 400 days are too many to compare; at most 364 will do"),
        (gauge("{}"), "better_by_at_least: no bound is given; write better_by_at_least or worse_by_at_most"),
        (
            gauge(r#"{"better_by_at_least": "1%", "worse_by_at_most": "1%"}"#),
            "better_by_at_least, worse_by_at_most: give one of them, not both",
        ),
        (
            share(r#"{"worse_by_at_most": 5}"#),
            "worse_by_at_most: 5 has no unit; example.metric is a share, write 5% (relative) or 5pp (points)",
        ),
        (
            gauge(r#"{"worse_by_at_most": "5pp"}"#),
            "worse_by_at_most: 5pp is a difference of shares, but example.metric is in users; write 5% \
             (relative) or a bare number of users",
        ),
        (
            gauge(r#"{"worse_by_at_most": "-5%"}"#),
            "worse_by_at_most: -5% is negative; write the size of the change without a sign",
        ),
        (
            gauge(r#"{"worse_by_at_most": "5%", "min_n": 3}"#),
            "min_n: example.metric has one value a day and no number of observations; leave it out",
        ),
        (
            gauge(r#"{"worse_by_at_most": "5%", "confidence": "100%"}"#),
            "confidence: 100% is not usable; write at least 50% and less than 100%, such as 95%",
        ),
        (
            gauge(r#"{"worse_by_at_most": "5%", "confidence": 0.95}"#),
            "confidence: 0.95 is not a share; write it in per cent, such as 95%",
        ),
        (
            gauge(r#"{"worse_by_at_most": "5%", "max_missing": "100%"}"#),
            "max_missing: 100% is not usable; write at least 0% and less than 100%",
        ),
    ];
    for (criterion, sentence) in cases {
        assert_eq!(plan::<BeforeAfter>(&criterion).expect_err(sentence), sentence);
    }
}

#[test]
fn the_plan_asks_for_the_days_of_both_periods() {
    let criterion = asked("gauge", "users", Better::Larger, WORSE);
    let queries = plan::<BeforeAfter>(&criterion).expect("a plan");
    let asked_for: Vec<_> = queries.iter().map(|query| (query.key.as_str(), query.shape)).collect();
    assert_eq!(asked_for, [("after", Shape::Series), ("before", Shape::Series)]);
    assert_eq!(
        (Some(queries[0].window), Some(queries[1].window)),
        (Some(criterion.window), criterion.baseline)
    );
}

#[test]
fn the_schema_lists_the_parameters_that_are_read() {
    let schema: serde_json::Value =
        serde_json::from_str(&<BeforeAfter as Judge>::Params::schema()).expect("JSON");
    let properties = schema["properties"].as_object().expect("properties");
    let mut names: Vec<&String> = properties.keys().collect();
    names.sort();
    assert_eq!(names, ["better_by_at_least", "confidence", "max_missing", "min_n", "worse_by_at_most"]);
    assert!(properties.values().all(|property| property["description"].is_string()));
}
