//! Which way every kind of metric, bound and change is decided.

use yardstick_sdk::{Better, Grade};

use crate::support::{asked, before, days, frames, judged, over, word};

#[test]
fn the_whole_interval_must_lie_on_the_good_side() {
    use Better::{Larger, Smaller};
    for kind in ["gauge", "sum", "mean", "ratio"] {
        for (better, params, level, outcome) in [
            (Smaller, r#"{"worse_by_at_most": "5%"}"#, 1.0, "pass"),
            (Smaller, r#"{"worse_by_at_most": "5%"}"#, 1.05, "straddles"),
            (Smaller, r#"{"worse_by_at_most": "5%"}"#, 1.12, "fail"),
            (Smaller, r#"{"worse_by_at_most": "5%"}"#, 0.8, "pass"),
            (Smaller, r#"{"better_by_at_least": "10%"}"#, 0.8, "pass"),
            (Smaller, r#"{"better_by_at_least": "10%"}"#, 1.0, "fail"),
            (Larger, r#"{"worse_by_at_most": "5%"}"#, 1.12, "pass"),
            (Larger, r#"{"worse_by_at_most": "5%"}"#, 0.88, "fail"),
            (Larger, r#"{"better_by_at_least": "10%"}"#, 1.2, "pass"),
            (Larger, r#"{"better_by_at_least": "10%"}"#, 1.0, "fail"),
            (Larger, r#"{"better_by_at_least": "0%"}"#, 1.06, "pass"),
            (Larger, r#"{"better_by_at_least": "0%"}"#, 1.0, "straddles"),
        ] {
            let finding =
                judged(&asked(kind, "ms", better, params), frames(kind, &before(28), &days(1, 28, level)));
            assert_eq!(word(&finding), outcome, "{kind} {better:?} {params} {level}: {finding:?}");
            assert_eq!(finding.grade, Grade::BeforeAfter);
        }
    }
}

#[test]
fn points_and_bare_numbers_are_changes_in_the_metrics_unit() {
    for (level, outcome) in [(1.0, "pass"), (1.12, "fail")] {
        let points = asked("ratio", "share", Better::Smaller, r#"{"worse_by_at_most": "1pp"}"#);
        let finding = judged(&points, frames("ratio", &before(28), &days(1, 28, level)));
        assert_eq!((word(&finding), finding.target), (outcome, Some(0.01)));
        assert_eq!(finding.primary.expect("a number").unit, "pp");
        let number = asked("ratio", "orders", Better::Smaller, r#"{"worse_by_at_most": 0.01}"#);
        let finding = judged(&number, frames("ratio", &before(28), &days(1, 28, level)));
        assert_eq!((word(&finding), finding.target), (outcome, Some(0.01)));
    }
}

#[test]
fn short_windows_are_compared_with_their_own_weekdays() {
    for after in [1, 2, 3, 7, 10] {
        let criterion =
            over(asked("sum", "orders", Better::Larger, r#"{"worse_by_at_most": "25%"}"#), after, 28);
        // A naive mean of days 4 to 5 after a Tuesday launch, a weekend, would be less than half.
        let finding = judged(&criterion, frames("sum", &before(28), &days(1, after as usize, 1.0)));
        assert_eq!(word(&finding), "pass", "{after}: {finding:?}");
        let finding = judged(&criterion, frames("sum", &before(28), &days(1, after as usize, 0.5)));
        assert_eq!(word(&finding), "fail", "{after}: {finding:?}");
    }
}

#[test]
fn more_looks_widen_the_interval() {
    let mut criterion = asked("gauge", "users", Better::Larger, r#"{"worse_by_at_most": "5%"}"#);
    let data = || frames("gauge", &before(28), &days(1, 28, 1.0));
    let one = judged(&criterion, data()).primary.expect("a number");
    criterion.looks = vec![1, 7, 28];
    let finding = judged(&criterion, data());
    assert_eq!(finding.method, "weekday-matched Welch t (Fieller) 98.3333 % (95 % over 3 looks)");
    let three = finding.primary.expect("a number");
    assert!(three.low < one.low && three.high > one.high);
}
