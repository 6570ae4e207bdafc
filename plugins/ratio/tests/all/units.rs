//! Units of a dimension as the sample.

use yardstick_sdk::testing::Memory;
use yardstick_sdk::{Criterion, Value};

use crate::support::{Unit, detail, judged, merge_rate, totals, word};

const MERGED: [Unit<'_>; 8] = [
    ("ash", 64.0, 28.0),
    ("birch", 125.0, 28.0),
    ("cedar", 33.0, 28.0),
    ("elm", 300.0, 28.0),
    ("fir", 58.0, 28.0),
    ("larch", 210.0, 28.0),
    ("oak", 71.0, 28.0),
    ("pine", 96.0, 28.0),
];
const PUBLISHED: [Unit<'_>; 8] = [
    ("ash", 100.0, 28.0),
    ("birch", 200.0, 28.0),
    ("cedar", 50.0, 28.0),
    ("elm", 480.0, 28.0),
    ("fir", 90.0, 28.0),
    ("larch", 320.0, 28.0),
    ("oak", 110.0, 28.0),
    ("pine", 150.0, 28.0),
];

fn by_instance(more: &str) -> Criterion {
    merge_rate(&format!("{{\"at_least\": \"60%\", \"unit\": \"instance\"{more}}}"))
}

fn frames(merged: &[Unit<'_>], published: &[Unit<'_>]) -> Vec<(&'static str, Memory)> {
    vec![("numerator", totals(merged)), ("denominator", totals(published))]
}

#[test]
fn the_error_is_between_instances() {
    let finding = judged(&by_instance(""), frames(&MERGED, &PUBLISHED));
    assert_eq!(word(&finding), "pass", "{}", finding.headline);
    assert!(finding.headline.starts_with("63.8 % ["), "{}", finding.headline);
    let read = detail(&finding);
    assert!(
        read.starts_with(
            "957 of 1,500 changesets; 28 days to 7 Apr; delta method, t 95 %; 8 instances worth "
        )
    );
    assert_eq!(finding.primary.as_ref().and_then(|primary| primary.n), Some(8));
    assert!(finding.more.iter().any(|(name, value)| name == "units" && *value == Value::Integer(8)));
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let (mut merged, mut published) = (MERGED, PUBLISHED);
    let plain = judged(&by_instance(""), frames(&merged, &published));
    merged.reverse();
    published.rotate_left(3);
    assert_eq!(judged(&by_instance(""), frames(&merged, &published)), plain);
}

#[test]
fn instances_on_one_side_only_are_left_out_or_too_many() {
    let more = r#", "max_missing": "20%""#;
    let finding = judged(&by_instance(more), frames(&MERGED[1..], &PUBLISHED));
    assert_eq!(word(&finding), "pass");
    assert_eq!(
        finding.warnings[0],
        "1 of 8 instances has not the same days of changes.merged and changes.published, and is left out"
    );
    let finding = judged(&by_instance(""), frames(&MERGED[1..], &PUBLISHED));
    assert_eq!(word(&finding), "unpaired", "{}", finding.headline);
    // An instance that reported 20 days of one metric and 28 of the other has no ratio.
    let mut late = MERGED;
    late[3].2 = 20.0;
    assert_eq!(word(&judged(&by_instance(""), frames(&late, &PUBLISHED))), "unpaired");
    // Where missing means zero, an instance without a merge has merged none.
    let mut criterion = by_instance("");
    criterion.metrics[0].more.push(("missing".to_owned(), "zero".into()));
    let finding = judged(&criterion, frames(&MERGED[1..], &PUBLISHED));
    assert_eq!(finding.primary.and_then(|primary| primary.n), Some(8), "{:?}", finding.warnings);
}

#[test]
fn instances_that_report_late_are_a_gap() {
    let late = |units: [Unit<'static>; 8]| units.map(|unit| (unit.0, unit.1, 24.0));
    let finding = judged(&by_instance(""), frames(&late(MERGED), &late(PUBLISHED)));
    assert_eq!(word(&finding), "gap");
    assert_eq!(finding.headline, "14.3 % of the days of all instances are missing; at most 10 % may be");
    let finding = judged(&by_instance(r#", "max_missing": "20%""#), frames(&late(MERGED), &late(PUBLISHED)));
    assert_eq!(word(&finding), "pass");
    assert_eq!(finding.warnings, ["14.3 % of the days of all instances are missing"]);
}

#[test]
fn days_that_nobody_counts_are_a_gap() {
    let of = |present: f64, expected: f64| {
        let side = |units: &[Unit<'_>]| {
            Memory::new(yardstick_sdk::Shape::Totals)
                .column("value", units.iter().map(|unit| unit.1))
                .column("buckets", vec![present; units.len()])
                .column("expected", vec![expected; units.len()])
                .texts_column("instance", units.iter().map(|unit| unit.0))
        };
        let frames = vec![("numerator", side(&MERGED)), ("denominator", side(&PUBLISHED))];
        word(&judged(&by_instance(""), frames)).to_owned()
    };
    assert_eq!(of(28.0, 28.0), "pass");
    for (present, expected) in [(28.0, 0.0), (0.0, 0.0), (28.0, f64::NAN), (29.0, 28.0)] {
        assert_eq!(of(present, expected), "gap", "{present} of {expected}");
    }
}

/// So many instances of 100,000 requests each, of which the first ones have so many errors.
fn errors(instances: usize, errors: &[f64]) -> Vec<(&'static str, Memory)> {
    let names: Vec<String> = (0..instances).map(|index| format!("i{index:02}")).collect();
    let at = |index: usize| errors.get(index).copied().unwrap_or(0.0);
    let above: Vec<Unit<'_>> =
        names.iter().enumerate().map(|(index, name)| (name.as_str(), at(index), 28.0)).collect();
    let below: Vec<Unit<'_>> = names.iter().map(|name| (name.as_str(), 1e5, 28.0)).collect();
    frames(&above, &below)
}

#[test]
fn few_events_or_events_of_one_instance_show_little() {
    let at_most =
        |part: f64| merge_rate(&format!("{{\"at_most\": \"{}%\", \"unit\": \"instance\"}}", 100.0 * part));
    // Ten events show a rate of up to 18.4 events: the limit of a Poisson count.
    let ten = [1.0; 10];
    assert_eq!(word(&judged(&at_most(18.0 / 4e6), errors(40, &ten))), "straddles");
    let finding = judged(&at_most(18.5 / 4e6), errors(40, &ten));
    assert_eq!(word(&finding), "pass", "{}", finding.headline);
    assert!(detail(&finding).ends_with(", no narrower than exact limits of the counts"));
    // The same mirrored: all but ten.
    let all_but: Vec<f64> = (0..40).map(|index| if index < 10 { 99_999.0 } else { 1e5 }).collect();
    let at_least =
        |part: f64| merge_rate(&format!("{{\"at_least\": \"{}%\", \"unit\": \"instance\"}}", 100.0 * part));
    assert_eq!(word(&judged(&at_least(1.0 - 18.0 / 4e6), errors(40, &all_but))), "straddles");
    assert_eq!(word(&judged(&at_least(1.0 - 18.5 / 4e6), errors(40, &all_but))), "pass");
    // All of one instance: the next one may have as many. And without any, nobody knows.
    let one = judged(&at_most(4.0 * 200.0 / 4e6), errors(40, &[200.0]));
    assert_eq!(word(&one), "straddles", "{}", one.headline);
    let warned = "a few make most of the difference between instances";
    assert!(one.warnings.iter().any(|warning| warning.starts_with(warned)), "{:?}", one.warnings);
    assert_eq!(word(&judged(&at_most(0.5), errors(40, &[]))), "zero-variance");
    // Events per something else.
    let criterion = crate::support::asked(
        ("sum", "crashes"),
        ("sum", "sessions"),
        r#"{"at_most": 0.0000045, "unit": "instance"}"#,
    );
    assert_eq!(word(&judged(&criterion, errors(40, &ten))), "straddles");
}

#[test]
fn one_instance_says_nothing_of_the_others() {
    let finding = judged(&by_instance(""), frames(&MERGED[..1], &PUBLISHED[..1]));
    assert_eq!(word(&finding), "one-value");
    let few = judged(&by_instance(""), frames(&MERGED[..3], &PUBLISHED[..3]));
    assert!(few.warnings.iter().any(|warning| warning.starts_with("3 instances say little")), "{few:?}");
    let mut large = PUBLISHED;
    let mut merged = MERGED;
    (large[3].1, merged[3].1) = (48_000.0, 30_000.0);
    let one_holds_all = judged(&by_instance(""), frames(&merged, &large));
    assert!(one_holds_all.warnings.iter().any(|warning| warning.starts_with("a few hold most")));
    assert_ne!(word(&one_holds_all), "fail");
}
