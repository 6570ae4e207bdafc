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
        "1 of 8 instances has not the same days of changes.merged and changes.published, and left out"
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
