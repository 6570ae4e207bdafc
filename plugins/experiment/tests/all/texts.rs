//! What people read, word by word, and the published figures.

use crate::support::{Arm, DAY_1, DAY_7, NULL, fact, judged, mean, players, word};
use yardstick_sdk::{Better, Finding, Grade, Role};

const GATE: &str = r#"{"control": "gate_30"}"#;

#[test]
fn the_published_gate_test_fails_on_day_7() {
    let finding = judged(&players(GATE).criterion(), &DAY_7);
    assert_eq!(word(&finding), "fail");
    assert_eq!(
        finding.headline,
        "gate_40 is 0.82 percentage points below gate_30 (18.2 % v 19.0 % back after 7 days); 95 % interval \
         −1.33 to −0.31 pp; asked to be above it"
    );
    assert_eq!(
        fact(&finding, "detail"),
        "gate_40 8,279 of 45,489 v gate_30 8,502 of 44,700 back after 7 days; Newcombe 95 %"
    );
    assert_eq!(finding.grade, Grade::Randomised);
    assert_eq!(finding.target, Some(0.0));
    assert_eq!(fact(&finding, "bound"), "above");
    let primary = finding.primary.as_ref().expect("a number");
    assert_eq!((primary.unit.as_str(), primary.n), ("pp", Some(90_189)));
    let close = |found: Option<f64>, published: f64, by: f64| (found.expect("one") - published).abs() <= by;
    assert!(close(Some(primary.value), -0.0082, 5e-6));
    assert!(close(primary.low, -0.0133, 5e-5) && close(primary.high, -0.0031, 5e-5), "{primary:?}");
    assert!(close(primary.log10_p.map(libm::exp10), 0.00155, 5e-6), "{primary:?}");
    assert_eq!(
        finding.warnings,
        [
            "gate_30 44,700, gate_40 45,489 players, meant as 1 : 1; chance alone would split them so unevenly \
          with p 0.00861: look at how they were assigned"
        ]
    );
}

#[test]
fn the_published_gate_test_decides_nothing_on_day_1() {
    let finding = judged(&players(GATE).criterion(), &DAY_1);
    assert_eq!(word(&finding), "straddles");
    assert!(finding.headline.starts_with("gate_40 is 0.59 percentage points below gate_30 (44.2 % v 44.8 %"));
    assert!(
        finding.headline.ends_with("−1.24 to +0.06 pp contains 0; asked to be above it"),
        "{}",
        finding.headline
    );
    let p = libm::exp10(finding.primary.expect("a number").log10_p.expect("a p-value"));
    assert!((p - 0.0744).abs() < 5e-5, "{p}");
}

#[test]
fn the_table_has_a_row_for_each_variant() {
    let finding = judged(&players(GATE).criterion(), &DAY_7);
    let table = &finding.tables[0];
    assert_eq!(
        table.columns,
        ["variant", "players", "back after 7 days", "value", "difference", "interval", "p"]
    );
    let cells = |row: usize| -> Vec<String> {
        let text = |value: &yardstick_sdk::Value| match value {
            yardstick_sdk::Value::Text(text) => text.clone(),
            yardstick_sdk::Value::Integer(number) => number.to_string(),
            other => format!("{other:?}"),
        };
        table.rows[row].iter().map(text).collect()
    };
    assert_eq!(cells(0), ["gate_30 (control)", "44700", "8502", "19.0 %", "", "", ""]);
    assert_eq!(
        cells(1),
        [
            "gate_40",
            "45489",
            "8279",
            "18.2 %",
            "\u{2212}0.82 pp",
            "\u{2212}1.33 to \u{2212}0.31 pp",
            "0.00155"
        ]
    );
    assert_eq!(table.rows.len(), 2);
}

/// What the flip says, done: the counted step more changes the outcome, one step less does not.
fn flips(params: &str, arms: [Arm<'_>; 2], more: f64, before: &str, after: &str) {
    let criterion = players(params).criterion();
    let with = |steps: f64| {
        let (name, n, sum, sum_sq) = arms[1];
        let finding = judged(&criterion, &[arms[0], (name, n, sum + steps, sum_sq)]);
        word(&finding).to_owned()
    };
    assert_eq!(
        (with(more - more.signum()).as_str(), with(more).as_str()),
        (before, after),
        "{params} {more}"
    );
}

#[test]
fn the_flip_is_exact_to_the_unit() {
    let finding = judged(&players(GATE).criterion(), &DAY_7);
    assert_eq!(
        finding.flip.as_deref(),
        Some("inconclusive with 141 more in gate_40, passes with 609 more in gate_40")
    );
    flips(GATE, DAY_7, 141.0, "fail", "straddles");
    flips(GATE, DAY_7, 609.0, "straddles", "pass");
}

#[test]
fn margins_are_held_in_points_or_relative_to_the_control() {
    let said = |params: &str| {
        let finding = judged(&players(params).criterion(), &DAY_7);
        let outcome = word(&finding).to_owned();
        (outcome, finding)
    };
    for (params, outcome, target) in [
        (r#"{"control": "gate_30", "worse_by_at_most": "2pp"}"#, "pass", -0.02),
        (r#"{"control": "gate_30", "worse_by_at_most": "1pp"}"#, "straddles", -0.01),
        (r#"{"control": "gate_30", "worse_by_at_most": "0.3pp"}"#, "fail", -0.003),
        (r#"{"control": "gate_30", "worse_by_at_most": "8%"}"#, "pass", -0.08),
        (r#"{"control": "gate_30", "worse_by_at_most": "5%"}"#, "straddles", -0.05),
        (r#"{"control": "gate_30", "worse_by_at_most": "1%"}"#, "fail", -0.01),
        (r#"{"control": "gate_30", "better_by_at_least": "1%"}"#, "fail", 0.01),
        (r#"{"control": "gate_40", "better_by_at_least": "0.1pp"}"#, "pass", 0.001),
    ] {
        let (found, finding) = said(params);
        assert_eq!((found.as_str(), finding.target), (outcome, Some(target)), "{params}");
    }
    let (_, finding) = said(r#"{"control": "gate_30", "worse_by_at_most": "8%"}"#);
    assert_eq!(
        finding.headline,
        "gate_40 is 4.3 % below gate_30 (18.2 % v 19.0 % back after 7 days); 95 % interval −6.9 to −1.7 %; at \
         most 8 % below it is accepted"
    );
    assert_eq!(finding.method, "ratio by Newcombe's method 95 %");
    assert_eq!(finding.primary.expect("a number").unit, "relative");
    let (_, finding) = said(r#"{"control": "gate_30", "worse_by_at_most": "1pp"}"#);
    assert!(
        finding.headline.ends_with("contains −1 pp; at most 1 pp below it is accepted"),
        "{}",
        finding.headline
    );
    assert_eq!(fact(&finding, "bound"), "at-least");
}

#[test]
fn one_sided_intervals_say_so() {
    let finding = judged(&players(r#"{"control": "gate_30", "sides": "one"}"#).criterion(), &DAY_1);
    assert_eq!(finding.method, "Newcombe 90 % (95 % one-sided)");
    // The whole error rate at this end: the same data now decide.
    assert_eq!(word(&finding), "fail");
    let primary = finding.primary.expect("a number");
    assert!((primary.confidence.expect("one") - 0.9).abs() < 1e-12);
    // Held against "better": what is worse is no evidence at all.
    assert!((libm::exp10(primary.log10_p.expect("a p-value")) - 0.9628).abs() < 1e-4);
}

#[test]
fn the_error_rate_is_split_over_looks() {
    let criterion = players(GATE).looks(3).criterion();
    let finding = judged(&criterion, &DAY_7);
    assert_eq!(finding.method, "Newcombe 98.3333 % (95 % over 3 looks)");
    assert_eq!(word(&finding), "fail");
    let confidence = finding.primary.expect("a number").confidence.expect("one");
    assert!((confidence - (1.0 - 0.05 / 3.0)).abs() < 1e-12);
}

/// Three variants: one better, one level, one worse.
const THREE: [Arm<'static>; 4] = [
    ("a", 10_000.0, 2_000.0, NULL),
    ("better", 10_000.0, 2_300.0, NULL),
    ("level", 10_000.0, 2_010.0, NULL),
    ("worse", 10_000.0, 1_700.0, NULL),
];

#[test]
fn several_variants_share_the_error_rate_by_holm() {
    let finding = judged(&players(r#"{"control": "a"}"#).criterion(), &THREE);
    assert_eq!(word(&finding), "pass");
    assert!(finding.headline.starts_with("better is 3.00 percentage points above a"), "{}", finding.headline);
    assert!(finding.headline.contains("1 of 3 variants passes"), "{}", finding.headline);
    assert_eq!(fact(&finding, "variant"), "better");
    let flip = finding.flip.as_deref().unwrap_or_default();
    assert!(
        flip.starts_with("with this 98.3333 % interval and the others as they are: inconclusive with "),
        "{flip}"
    );
    assert!(finding.method.ends_with("(95 % over 3 variants by Holm)"), "{}", finding.method);
    let names: Vec<&str> = finding.others.iter().map(|other| other.name.as_str()).collect();
    assert_eq!(names, ["level", "worse"]);
    // One passed and one failed, each at a third of the error rate; the last one shares it with one other.
    let confidences: Vec<f64> = finding.others.iter().filter_map(|other| other.confidence).collect();
    assert!((confidences[0] - 0.975).abs() < 1e-12 && (confidences[1] - (1.0 - 0.05 / 3.0)).abs() < 1e-12);
    let adjusted = finding.primary.as_ref().and_then(|primary| primary.log10_p).expect("a p-value");
    let own = finding.more.iter().find(|(name, _)| name == "unadjusted-log10-p");
    assert!(matches!(own, Some((_, yardstick_sdk::Value::Number(own))) if *own < adjusted));
    assert_eq!(finding.tables[0].columns.last().map(String::as_str), Some("p adjusted"));

    let guarded = judged(&players(r#"{"control": "a", "worse_by_at_most": "1pp"}"#).criterion(), &THREE);
    assert_eq!((word(&guarded), fact(&guarded, "variant")), ("fail", "worse"));
}

#[test]
fn the_shipped_variant_decides_alone() {
    for (ships, outcome) in [("better", "pass"), ("level", "straddles"), ("worse", "fail")] {
        let params = format!(r#"{{"control": "a", "ships": "{ships}"}}"#);
        let finding = judged(&players(&params).criterion(), &THREE);
        assert_eq!((word(&finding), fact(&finding, "variant")), (outcome, ships));
        assert_eq!(finding.method, "Newcombe 95 %");
        assert_eq!(finding.others, []);
        let texts = finding.tables[0].rows.iter().filter_map(|row| row[0].as_text());
        assert_eq!(texts.filter(|text| text.ends_with("(does not decide)")).count(), 2);
    }
}

fn visits(n: f64, mean: f64, spread: f64) -> (f64, f64, f64) {
    (n, n * mean, n * (mean * mean + spread * spread))
}

fn of_means(params: &str, better: Better, treated: f64) -> Finding {
    let ((n, sum, sum_sq), (m, other, other_sq)) =
        (visits(4_000.0, 12.0, 3.0), visits(4_100.0, treated, 3.0));
    judged(&mean(params, better), &[("a", n, sum, sum_sq), ("b", m, other, other_sq)])
}

#[test]
fn means_are_compared_in_their_unit_in_the_direction_that_is_better() {
    let finding = of_means(r#"{"control": "a"}"#, Better::Smaller, 11.0);
    assert_eq!(word(&finding), "pass");
    assert_eq!(
        finding.headline,
        "b is 1 s below a (11 s v 12 s); 95 % interval −1.13 to −0.87 s; asked to be below it"
    );
    assert_eq!(fact(&finding, "detail"), "b 11 s of 4,100 v a 12 s of 4,000 visits; Welch 95 %");
    assert_eq!(fact(&finding, "bound"), "below");
    assert_eq!(finding.flip.as_deref(), Some("b: inconclusive if more than 0.87 s higher"));
    assert_eq!(word(&of_means(r#"{"control": "a"}"#, Better::Larger, 11.0)), "fail");
    assert_eq!(
        word(&of_means(r#"{"control": "a", "better_by_at_least": 2}"#, Better::Smaller, 11.0)),
        "fail"
    );
    assert_eq!(
        word(&of_means(r#"{"control": "a", "better_by_at_least": "5%"}"#, Better::Smaller, 11.0)),
        "pass"
    );
    let margin = of_means(r#"{"control": "a", "worse_by_at_most": "2%"}"#, Better::Smaller, 12.05);
    assert_eq!(
        (word(&margin), fact(&margin, "bound"), margin.method.as_str()),
        ("pass", "at-most", "Fieller 95 %")
    );
    assert_eq!(margin.target, Some(0.02));
}

#[test]
fn a_guardrail_needs_a_margin_and_a_plan_asks_for_totals_by_variant() {
    let mut criterion = players(GATE).criterion();
    let plan = yardstick_sdk::testing::plan::<yardstick_experiment::Experiment>(&criterion).expect("a plan");
    assert_eq!(plan.len(), 1);
    assert_eq!(
        (plan[0].shape, plan[0].splits.as_slice()),
        (yardstick_sdk::Shape::Totals, &["variant".to_owned()][..])
    );
    criterion.role = Role::Guardrail;
    let refusal = crate::support::refused(&criterion);
    assert!(refusal.starts_with("worse_by_at_most: a guardrail needs a margin"), "{refusal}");
}
