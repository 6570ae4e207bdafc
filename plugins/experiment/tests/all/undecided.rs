//! Nothing passes by default: what is refused, and what is left undecided with which code.

use crate::support::{Arm, DAY_7, NULL, judged, judged_from, mean, players, refused, totals_of_days, word};
use yardstick_sdk::testing::Asked;
use yardstick_sdk::{Better, Grade, Outcome, Reason};

#[test]
fn parameters_that_make_no_sense_are_refused_by_name() {
    for (params, start) in [
        (r#"{"control": "a", "ships": "a"}"#, "ships: \"a\" is the control"),
        (r#"{"control": "a", "variants": ["b"], "ships": "c"}"#, "ships: \"c\" is not among the variants b"),
        (r#"{"control": "a", "variants": ["a", "b"]}"#, "variants: \"a\" is the control"),
        (r#"{"control": "a", "weights": {"b": 1, "c": 1}}"#, "weights: the control \"a\" has none"),
        (r#"{"control": "a", "weights": {"a": 1, "b": 0}}"#, "weights: 0 for \"b\" is not usable"),
        (
            r#"{"control": "a", "variants": ["b", "c"], "weights": {"a": 1, "b": 1}}"#,
            "weights: the variant \"c\"",
        ),
        (
            r#"{"control": "a", "variants": ["b"], "weights": {"a": 1, "b": 1, "c": 1}}"#,
            "weights: \"c\" is neither",
        ),
        (
            r#"{"control": "a", "better_by_at_least": "1pp", "worse_by_at_most": "1pp"}"#,
            "better_by_at_least, worse_by_at_most: give one",
        ),
        (r#"{"control": "a", "better_by_at_least": 1}"#, "better_by_at_least: 1 has no unit"),
        (r#"{"control": "a", "better_by_at_least": "-1pp"}"#, "better_by_at_least: an amount is wanted"),
        (r#"{"control": "a", "worse_by_at_most": "100%"}"#, "worse_by_at_most: 100% of the control"),
        (r#"{"control": "a", "confidence": "50%"}"#, "confidence: 50% is not usable"),
        (r#"{"control": "a", "confidence": 0.95}"#, "confidence: 0.95 is not a share"),
        (r#"{"control": "a", "sample_ratio_p": 0.5}"#, "sample_ratio_p: 0.5 is not usable"),
        (r#"{"control": "a", "min_n": 2}"#, "min_n: 2 is too few"),
        (r#"{"control": "a", "max_missing": "100%"}"#, "max_missing: 100% is not usable"),
        (r#"{"control": "a", "bound": 3}"#, "with: unknown field"),
        (r#"{"variants": ["b"]}"#, "with: missing field `control`"),
    ] {
        let refusal = refused(&players(params).criterion());
        assert!(refusal.starts_with(start), "{params}: {refusal}");
    }
    let points = mean(r#"{"control": "a", "better_by_at_least": "1pp"}"#, Better::Smaller);
    assert!(refused(&points).starts_with("better_by_at_least: 1pp is a difference of shares, but"));
}

#[test]
fn metrics_that_cannot_be_compared_are_refused() {
    let refusal = |kind: &str, unit: &str, better| {
        refused(&Asked::of(kind, unit, better).with(r#"{"control": "a"}"#).criterion())
    };
    assert!(refusal("gauge", "users", Better::Larger).contains("is of kind gauge"));
    assert!(refusal("sum", "runs", Better::Larger).contains("is of kind sum"));
    assert!(refusal("ratio", "clicks", Better::Larger).contains("a ratio of unit clicks"));
    assert!(refusal("ratio", "share", Better::Neither).contains("has no better direction"));
}

const A: Arm<'static> = ("a", 1_000.0, 200.0, NULL);
const B: Arm<'static> = ("b", 1_010.0, 300.0, NULL);

#[test]
fn variants_that_are_not_as_they_should_be_leave_it_undecided() {
    use Reason::{InsufficientData, UntrustedData};
    let listed = r#"{"control": "a", "variants": ["b"]}"#;
    let three = r#"{"control": "a", "variants": ["b", "c"]}"#;
    let cases: [(&str, &[Arm<'_>], Reason, &str, &str); 16] = [
        (listed, &[], InsufficientData, "no-data", "example.metric has no value in the window"),
        (listed, &[B], UntrustedData, "variant-missing", "a is not in the data; there is b"),
        (listed, &[A], UntrustedData, "variant-missing", "b is not in the data; there is a"),
        (r#"{"control": "a"}"#, &[A], UntrustedData, "variant-missing", "there is no variant beside"),
        (
            r#"{"control": "a", "ships": "c"}"#,
            &[A, B],
            UntrustedData,
            "variant-missing",
            "c is not in the data",
        ),
        (three, &[A, B], UntrustedData, "variant-missing", "c is not in the data; there is a and b"),
        (
            listed,
            &[A, B, ("unknown", 5.0, 1.0, NULL)],
            UntrustedData,
            "variant-unexpected",
            "unknown should not be there",
        ),
        (listed, &[A, ("b", 0.0, 0.0, NULL)], InsufficientData, "too-few", "b has 0 of 10 units"),
        (
            listed,
            &[A, ("b", NULL, NULL, NULL)],
            InsufficientData,
            "no-data",
            "example.metric has no value in b",
        ),
        (
            listed,
            &[A, ("b", 1_010.0, NULL, NULL)],
            UntrustedData,
            "out-of-range",
            "example.metric has units without their sum in b",
        ),
        (
            listed,
            &[A, ("b", -1_010.0, 3.0, NULL)],
            UntrustedData,
            "out-of-range",
            "example.metric has units that are no whole number",
        ),
        (listed, &[("a", 9.0, 2.0, NULL), B], InsufficientData, "too-few", "a has 9 of 10 units"),
        (
            listed,
            &[A, ("b", 1_200.0, 300.0, NULL)],
            UntrustedData,
            "sample-ratio",
            "a 1,000, b 1,200 units, meant as 1 : 1; chance alone would split them so unevenly with p 2.0e−5, \
             less than 0.001",
        ),
        (
            listed,
            &[A, ("b", 1_000.0, 1_001.0, NULL)],
            UntrustedData,
            "out-of-range",
            "example.metric has a numerator",
        ),
        (
            listed,
            &[A, ("b", 1_000.5, 300.0, NULL)],
            UntrustedData,
            "out-of-range",
            "example.metric has units",
        ),
        (
            listed,
            &[A, ("b", f64::INFINITY, 3.0, NULL)],
            UntrustedData,
            "out-of-range",
            "example.metric has a number",
        ),
    ];
    for (params, arms, reason, code, start) in cases {
        let finding = judged(&players(params).fact("n-unit", "units").criterion(), arms);
        let why = match &finding.outcome {
            Outcome::Undecided(why) => (why.reason, why.code.as_str()),
            decided => panic!("{params} {arms:?}: {decided:?}"),
        };
        assert_eq!(why, (reason, code), "{arms:?}");
        let headline = finding.headline.replace("players", "units");
        assert!(headline.starts_with(start), "{}", finding.headline);
        assert_eq!((finding.grade, &finding.primary), (Grade::Randomised, &None));
    }
}

#[test]
fn a_split_that_was_meant_unequal_is_no_mismatch() {
    let arms = [("a", 9_010.0, 1_800.0, NULL), ("b", 1_050.0, 260.0, NULL)];
    let judge = |params: &str| word(&judged(&players(params).criterion(), &arms)).to_owned();
    assert_eq!(judge(r#"{"control": "a"}"#), "sample-ratio");
    assert_eq!(judge(r#"{"control": "a", "weights": {"a": 0.9, "b": 0.1}}"#), "pass");
    // A stricter limit turns the warning of the published test into distrust.
    let strict = players(r#"{"control": "gate_30", "sample_ratio_p": 0.01}"#).criterion();
    assert_eq!(word(&judged(&strict, &DAY_7)), "sample-ratio");
}

#[test]
fn missing_days_are_warned_of_and_then_refused() {
    let judge = |present: [f64; 2], params: &str| {
        judged_from(&players(params).criterion(), totals_of_days(&[A, B], &present))
    };
    let plain = r#"{"control": "a"}"#;
    let whole = judge([28.0, 28.0], plain);
    assert_eq!((word(&whole), whole.warnings.len()), ("pass", 0));
    let two = judge([28.0, 26.0], plain);
    assert_eq!(
        (word(&two), two.warnings.as_slice()),
        ("pass", &["2 of 28 days are missing in b".to_owned()][..])
    );
    let three = judge([25.0, 28.0], plain);
    assert_eq!(
        (word(&three), three.headline.as_str()),
        ("gap", "3 of 28 days are missing in a; at most 2 may be")
    );
    let none = judge([28.0, 27.0], r#"{"control": "a", "max_missing": "0%"}"#);
    assert_eq!((word(&none), none.headline.as_str()), ("gap", "1 of 28 days is missing in b; none may be"));
}

#[test]
fn days_that_nobody_counts_are_a_gap() {
    let criterion = players(r#"{"control": "a"}"#).criterion();
    let of = |present: f64, expected: f64| {
        let frame = yardstick_sdk::testing::Memory::new(yardstick_sdk::Shape::Totals)
            .column("n", [1_000.0, 1_010.0])
            .column("sum", [200.0, 300.0])
            .column("sum_sq", [NULL; 2])
            .column("buckets", [28.0, present])
            .column("expected", [28.0, expected])
            .texts_column("variant", ["a", "b"]);
        judged_from(&criterion, frame)
    };
    assert_eq!(word(&of(28.0, 28.0)), "pass");
    for (present, expected) in [(28.0, NULL), (NULL, 28.0), (0.0, 0.0), (28.0, 0.0), (-1.0, 28.0)] {
        let finding = of(present, expected);
        assert_eq!(word(&finding), "gap", "{present} of {expected}");
        assert_eq!(finding.headline, "nobody knows how many of the window's days are there in b");
    }
}

#[test]
fn data_that_are_not_complete_are_not_judged() {
    const DAY: i64 = 86_400_000;
    let through = Some(crate::support::FIRST + 20 * DAY);
    let criterion = players(r#"{"control": "a"}"#).complete_through(through).criterion();
    let finding = judged(&criterion, &[A, B]);
    assert_eq!(word(&finding), "stale");
    assert_eq!(finding.headline, "complete through 30 Mar only; the window runs to 7 Apr");
}

#[test]
fn nothing_is_relative_to_nothing() {
    let relative = r#"{"control": "a", "better_by_at_least": "5%"}"#;
    let arms = [("a", 1_000.0, 0.0, NULL), ("b", 1_010.0, 300.0, NULL)];
    let finding = judged(&players(relative).criterion(), &arms);
    assert_eq!(word(&finding), "baseline-not-positive");
    assert_eq!(finding.headline, "the control a is not above 0, so nothing is relative to it");
    assert_eq!(word(&judged(&players(r#"{"control": "a"}"#).criterion(), &arms)), "pass");
}

#[test]
fn values_without_spread_are_not_judged_and_few_values_are_not_believed() {
    let params = r#"{"control": "a"}"#;
    let same = [("a", 100.0, 500.0, 2_500.0), ("b", 100.0, 600.0, 3_600.0)];
    assert_eq!(word(&judged(&mean(params, Better::Larger), &same)), "zero-variance");
    // One of them alone: how far its values would spread is as unknown.
    for (one, name) in [
        ([("a", 100.0, 500.0, 2_500.0), ("b", 100.0, 600.0, 3_700.0)], "a"),
        ([("a", 100.0, 500.0, 2_600.0), ("b", 100.0, 600.0, 3_600.0)], "b"),
        ([("a", 100.0, 0.0, 0.0), ("b", 100.0, 600.0, 3_700.0)], "a"),
        // Within what rounding of daily sums can hide.
        ([("a", 100.0, 500.0, 2_500.0 + 1e-6), ("b", 100.0, 600.0, 3_700.0)], "a"),
    ] {
        let finding = judged(&mean(params, Better::Larger), &one);
        assert_eq!(word(&finding), "zero-variance");
        let start = format!("the values of {name} do not differ from one another");
        assert!(finding.headline.starts_with(&start), "{}", finding.headline);
    }
    let spread = [("a", 100.0, 500.0, 2_600.0), ("b", 100.0, 600.0, 3_700.0)];
    assert_eq!(word(&judged(&mean(params, Better::Larger), &spread)), "pass");
    let contradicting = [("a", 100.0, 500.0, 2_500.0), ("b", 100.0, 600.0, 100.0)];
    assert_eq!(word(&judged(&mean(params, Better::Larger), &contradicting)), "out-of-range");
    let without = [("a", 100.0, 500.0, NULL), ("b", 100.0, 600.0, 3_700.0)];
    assert_eq!(word(&judged(&mean(params, Better::Larger), &without)), "out-of-range");
}

#[test]
fn no_events_at_all_can_still_show_that_nothing_got_worse() {
    let errors = |params: &str| {
        Asked::of("ratio", "share", Better::Smaller).fact("n-unit", "runs").with(params).criterion()
    };
    let arms = [("a", 40_000.0, 0.0, NULL), ("b", 40_100.0, 0.0, NULL)];
    let finding = judged(&errors(r#"{"control": "a", "worse_by_at_most": "0.1pp"}"#), &arms);
    assert_eq!(word(&finding), "pass");
    assert_eq!(finding.primary.expect("a number").log10_p, None);
    assert_eq!(word(&judged(&errors(r#"{"control": "a"}"#), &arms)), "straddles");
}
