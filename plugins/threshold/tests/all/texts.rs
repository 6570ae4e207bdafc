//! What people read, word by word, for every kind and outcome.

use crate::support::{NULL, Units, asked, counts, detail, even, judged, units, word};
use yardstick_sdk::testing::Asked;
use yardstick_sdk::{Better, Grade};

fn level(last: f64) -> Vec<f64> {
    (0..28).map(|day| if day == 27 { last } else { 3_000.0 + 40.0 * f64::from(day) }).collect()
}

#[test]
fn a_level_is_compared_as_it_is() {
    let users = |params: &str| {
        Asked::of("gauge", "users", Better::Larger).fact("covers-days", 28).with(params).criterion()
    };
    let finding = judged(&users(r#"{"at_least": 4000}"#), counts("gauge", &level(4_312.0)));
    assert_eq!(word(&finding), "pass");
    assert_eq!(finding.headline, "4,312 users; target 4,000 or more");
    assert_eq!(detail(&finding), "trailing 28 days to 7 Apr; counted, not sampled");
    assert_eq!(finding.flip.as_deref(), Some("fails with 313 fewer users"));
    assert_eq!(finding.method, "counted, not sampled");
    assert_eq!(finding.grade, Grade::TargetOnly);
    assert_eq!(finding.warnings, Vec::<String>::new());
    let primary = finding.primary.expect("a number");
    assert_eq!((primary.value, primary.low, primary.high, primary.n), (4_312.0, None, None, None));

    for (value, params, outcome, flip) in [
        (4_000.0, r#"{"at_least": 4000}"#, "pass", "fails with 1 fewer user"),
        (3_999.0, r#"{"at_least": 4000}"#, "fail", "passes with 1 more user"),
        (4_312.0, r#"{"at_least": 4000, "marginal_from": 3200}"#, "pass", "marginal with 313 fewer users"),
        (
            3_500.0,
            r#"{"at_least": 4000, "marginal_from": 3200}"#,
            "marginal",
            "passes with 500 more users, fails with 301 fewer users",
        ),
        (
            3_000.0,
            r#"{"at_least": 4000, "marginal_from": 3200}"#,
            "fail",
            "marginal with 200 more users, passes with 1,000 more users",
        ),
        (5.0, r#"{"at_most": 5}"#, "pass", "fails with 1 more user"),
        (
            9.0,
            r#"{"at_most": 5, "marginal_to": 8}"#,
            "fail",
            "marginal with 1 fewer user, passes with 4 fewer users",
        ),
    ] {
        let finding = judged(&users(params), counts("gauge", &level(value)));
        assert_eq!((word(&finding), finding.flip.as_deref()), (outcome, Some(flip)), "{value} {params}");
    }
}

#[test]
fn a_total_says_over_how_many_days() {
    let finding = judged(&asked("sum", "exports", r#"{"at_least": 100}"#), counts("sum", &[3.0; 28]));
    assert_eq!(word(&finding), "fail");
    assert_eq!(finding.headline, "84 exports; target 100 or more");
    assert_eq!(detail(&finding), "28 days to 7 Apr; counted, not sampled");
    assert_eq!(finding.flip.as_deref(), Some("passes with 16 more exports"));
    assert_eq!(finding.primary.expect("a number").n, Some(28));

    let finding = judged(&asked("sum", "hours", r#"{"at_most": 100}"#), counts("sum", &[3.25; 28]));
    assert_eq!((word(&finding), finding.headline.as_str()), ("pass", "91 hours; target 100 or less"));
    assert_eq!(finding.flip.as_deref(), Some("fails if more than 9 hours higher"));
}

#[test]
fn a_total_with_gaps_does_not_claim_all_days() {
    let mut values = [3.0; 28];
    values[4] = NULL;
    let params = r#"{"at_least": 50, "max_missing": "10%"}"#;
    let finding = judged(&asked("sum", "exports", params), counts("sum", &values));
    assert_eq!(detail(&finding), "27 of 28 days to 7 Apr; counted, not sampled");
    assert_eq!(finding.warnings, ["1 of 28 days is missing (15 Mar)"]);
}

#[test]
fn a_share_whose_interval_is_cut_off_needs_more_than_the_cut_end() {
    // Not whole: pooled, and the interval would reach below zero.
    let days: Vec<Units> = (0..28).map(|day| (10.5, if day == 9 { 0.4 } else { 0.001 }, NULL)).collect();
    let of = |params: &str| judged(&asked("ratio", "share", params), units(&days));
    let flip = of(r#"{"at_least": "0.6%"}"#).flip.expect("a flip");
    let points = |text: &str| -> f64 {
        let start = text.split("passes if ").nth(1).expect(text);
        start.split(' ').next().and_then(|number| number.parse().ok()).expect(text)
    };
    let finding = of(r#"{"at_least": "0.6%"}"#);
    assert_eq!(word(&finding), "straddles", "{}", finding.headline);
    let primary = finding.primary.expect("a number");
    let symmetrical = 2.0 * primary.value - primary.high.expect("an end");
    assert_eq!(primary.low, Some(0.0));
    assert!((points(&flip) - 100.0 * (0.006 - symmetrical)).abs() < 0.01, "{flip}");
    assert_eq!(of(r#"{"at_least": "0%"}"#).flip.as_deref(), Some("decided by the range of a share alone"));
}

#[test]
fn a_share_that_is_a_level_is_written_in_per_cent() {
    let finding = judged(&asked("gauge", "share", r#"{"at_least": "20%"}"#), counts("gauge", &[0.2031; 28]));
    assert_eq!((word(&finding), finding.headline.as_str()), ("pass", "20.3 %; target 20 % or more"));
    assert_eq!(detail(&finding), "level of 7 Apr; counted, not sampled");
    assert_eq!(finding.flip.as_deref(), Some("fails if more than 0.31 pp lower"));
}

#[test]
fn a_proportion_shows_its_interval() {
    let merged = |params: &str| {
        Asked::of("ratio", "share", Better::Larger).fact("sum-unit", "merged").with(params).criterion()
    };
    let finding = judged(&merged(r#"{"at_least": "60%", "min_n": 500}"#), units(&even(6_212, 9_640)));
    assert_eq!(word(&finding), "pass");
    assert_eq!(finding.headline, "64.4 % [63.5, 65.4]; target 60 % or more");
    assert_eq!(finding.method, "Wilson 95 %");
    assert_eq!(detail(&finding), "6,212 merged of 9,640; Wilson 95 %");
    assert_eq!(finding.flip.as_deref(), Some("inconclusive with 334 fewer merged"));
    assert_eq!(finding.warnings, Vec::<String>::new());
    let primary = finding.primary.expect("a number");
    assert_eq!((primary.n, primary.confidence), (Some(9_640), Some(0.95)));
    assert!((primary.value - 0.6444).abs() < 1e-4);
    assert!((primary.low.expect("a bound") - 0.6348).abs() < 1e-4);
    assert!((primary.high.expect("a bound") - 0.6539).abs() < 1e-4);

    let finding = judged(&merged(r#"{"at_least": "60%"}"#), units(&even(590, 1_000)));
    assert_eq!(word(&finding), "straddles");
    assert_eq!(finding.headline, "59.0 % [55.9, 62.0] contains 60 %; target 60 % or more");
    assert_eq!(finding.flip.as_deref(), Some("passes with 41 more merged, fails with 21 fewer merged"));

    let finding = judged(&merged(r#"{"at_least": "60%", "marginal_from": "55%"}"#), units(&even(590, 1_000)));
    assert_eq!(word(&finding), "marginal");
    assert_eq!(finding.headline, "59.0 % [55.9, 62.0]; target 60 % or more, marginal from 55 %");
    assert_eq!(
        finding.flip.as_deref(),
        Some("passes with 41 more merged, inconclusive with 10 fewer merged")
    );
}

#[test]
fn without_a_word_for_successes_the_flip_names_the_counts() {
    let criterion = asked("ratio", "share", r#"{"at_most": "1%"}"#);
    let finding = judged(&criterion, units(&even(40, 100_000)));
    assert_eq!(finding.headline, "0.040 % [0.029, 0.054]; target 1 % or less");
    assert_eq!(detail(&finding), "40 of 100,000; Wilson 95 %");
    assert_eq!(finding.flip.as_deref(), Some("inconclusive with 899 more (939 of 100,000)"));
    let finding = judged(&asked("ratio", "share", r#"{"at_most": "100%"}"#), units(&even(40, 100_000)));
    assert_eq!(finding.flip.as_deref(), Some("nothing within the range of the data would change it"));
}

#[test]
fn looks_share_the_error_rate() {
    let criterion =
        Asked::of("ratio", "share", Better::Smaller).looks(2).with(r#"{"at_most": "70%"}"#).criterion();
    let finding = judged(&criterion, units(&even(600, 1_000)));
    assert_eq!(finding.method, "Wilson 97.5 % (95 % over 2 looks)");
    assert_eq!(finding.primary.expect("a number").confidence, Some(0.975));
}

#[test]
fn an_estimate_decides_only_where_the_criterion_says_so() {
    let params = r#"{"at_least": "58%", "decide_by": "estimate"}"#;
    let finding = judged(&asked("ratio", "share", params), units(&even(590, 1_000)));
    assert_eq!(word(&finding), "pass");
    assert_eq!(finding.headline, "59.0 % [55.9, 62.0] by the estimate alone; target 58 % or more");
    assert_eq!(finding.method, "estimate alone; Wilson 95 % does not decide");
    assert_eq!(finding.warnings.len(), 1, "{:?}", finding.warnings);
    assert_eq!(finding.flip.as_deref(), Some("fails with 11 fewer (579 of 1,000)"));

    let sampled = Asked::of("gauge", "users", Better::Larger).fact("sampled", true);
    let sampled = sampled.with(r#"{"at_least": 4000, "decide_by": "estimate"}"#).criterion();
    let finding = judged(&sampled, counts("gauge", &level(4_312.0)));
    assert_eq!(word(&finding), "pass");
    assert_eq!(finding.headline, "4,312 users by the estimate alone; target 4,000 or more");
    assert_eq!(detail(&finding), "level of 7 Apr; a sample of unknown error");
    assert!(finding.warnings[0].contains("is a sample"), "{:?}", finding.warnings);

    let complete = Asked::of("ratio", "share", Better::Larger).fact("sampled", false);
    let complete = complete.with(r#"{"at_least": "58%"}"#).criterion();
    let finding = judged(&complete, units(&even(590, 1_000)));
    assert_eq!((word(&finding), finding.headline.as_str()), ("pass", "59.0 %; target 58 % or more"));
    assert_eq!(detail(&finding), "590 of 1,000; counted, not sampled");
}

/// Units of a day whose values alternate around a level.
fn alternating(levels: &[f64], n: f64, half_spread: f64) -> Vec<Units> {
    let day = |level: &f64| (n, n * level, n * (level * level + half_spread * half_spread));
    levels.iter().map(day).collect()
}

#[test]
fn a_mean_says_how_many_days_it_is_worth() {
    let levels: Vec<f64> = (0..28).map(|day| 62.0 + f64::from(day % 7) - 3.0).collect();
    let answers = Asked::of("mean", "points", Better::Larger).fact("n-unit", "answers");
    let criterion = answers.clone().with(r#"{"at_least": 60}"#).criterion();
    let finding = judged(&criterion, units(&alternating(&levels, 40.0, 10.0)));
    assert_eq!(word(&finding), "pass");
    assert_eq!(finding.headline, "62 points [60.45, 63.55]; target 60 or more");
    assert_eq!(finding.method, "t 95 %");
    assert_eq!(detail(&finding), "1,120 answers on 28 days worth 9.6; t 95 %");
    assert_eq!(finding.flip.as_deref(), Some("inconclusive if more than 0.45 points lower"));
    assert_eq!(finding.primary.expect("a number").n, Some(1_120));

    let criterion = answers.with(r#"{"at_least": 60, "min_n": 100}"#).criterion();
    let finding = judged(&criterion, units(&alternating(&[62.0; 19], 2.0, 10.0)));
    assert_eq!((word(&finding), finding.headline.as_str()), ("too-few", "38 of 100 answers"));
    assert_eq!(finding.primary.expect("so far").value, 62.0);
}

#[test]
fn a_ratio_of_amounts_takes_its_error_from_the_days() {
    let days: Vec<Units> = (0..28).map(|day| (100.0, 250.0 + f64::from(day % 5), NULL)).collect();
    let finding = judged(&asked("ratio", "changesets per user", r#"{"at_least": 2.4}"#), units(&days));
    assert_eq!(word(&finding), "pass");
    assert_eq!(finding.method, "t 95 %");
    assert!(finding.headline.starts_with("2.52 changesets per user ["), "{}", finding.headline);
    assert!(detail(&finding).starts_with("2,800 observations on 28 days worth "), "{}", detail(&finding));
}

#[test]
fn uneven_days_widen_the_interval_and_say_so() {
    let days: Vec<Units> = (0..28).map(|day| (100.0, if day % 4 == 0 { 40.0 } else { 70.0 }, NULL)).collect();
    let finding = judged(&asked("ratio", "share", r#"{"at_least": "60%"}"#), units(&days));
    assert_eq!(word(&finding), "straddles", "{finding:?}");
    assert!(detail(&finding).ends_with("Wilson 95 %, widened for uneven days"), "{}", detail(&finding));
    assert!(finding.warnings[0].starts_with("daily rates vary 7.47 times"), "{:?}", finding.warnings);
    let even = judged(&asked("ratio", "share", r#"{"at_least": "60%"}"#), units(&even(1_750, 2_800)));
    assert_eq!(word(&even), "pass");
}
