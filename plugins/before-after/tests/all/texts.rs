//! What people read.

use yardstick_sdk::testing::Asked;
use yardstick_sdk::{Better, Value};

use crate::support::{Units, asked, before, days, detail, frames, judged, over, word};

const WORSE: &str = r#"{"worse_by_at_most": "5%"}"#;

#[test]
fn a_guardrail_reads_as_people_wrote_it() {
    let criterion = asked("ratio", "share", Better::Smaller, WORSE);
    let finding = judged(&criterion, frames("ratio", &before(28), &days(1, 28, 0.98)));
    assert_eq!(word(&finding), "pass");
    assert!(finding.headline.ends_with("]; at most 5 % worse"), "{}", finding.headline);
    assert!(finding.headline.starts_with('\u{2212}'), "{}", finding.headline);
    assert_eq!(finding.method, "weekday-matched Welch t (Fieller) 95 %");
    assert!(detail(&finding).contains("on 28 days after, 20."), "{}", detail(&finding));
    assert!(detail(&finding).contains("days worth"), "{}", detail(&finding));
    assert!(finding.more.contains(&("bound".to_owned(), Value::Text("at-most".to_owned()))));
    assert!(finding.flip.as_deref().is_some_and(|flip| flip.starts_with("inconclusive if more than")));
    assert_eq!(finding.warnings, Vec::<String>::new());
    let names: Vec<&str> = finding.others.iter().map(|other| other.name.as_str()).collect();
    assert_eq!(names, ["after", "before"]);
    let table = &finding.tables[0];
    assert_eq!((table.title.as_str(), table.rows.len()), ("Against other baselines", 3));
    assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
}

#[test]
fn where_more_is_better_a_guardrail_is_a_lower_bound() {
    let criterion = asked("gauge", "users", Better::Larger, WORSE);
    let finding = judged(&criterion, frames("gauge", &before(28), &days(1, 28, 0.95)));
    assert_eq!((word(&finding), finding.target), ("straddles", Some(-0.05)));
    assert!(finding.headline.contains("] contains \u{2212}5 %; at most 5 % worse"), "{}", finding.headline);
    assert!(finding.more.contains(&("bound".to_owned(), Value::Text("at-least".to_owned()))));
}

#[test]
fn a_complete_count_is_still_judged_by_how_days_differ() {
    let counted = Asked::of("sum", "orders", Better::Larger).fact("sampled", false).with(WORSE);
    let finding = judged(&over(counted.criterion(), 28, 28), frames("sum", &before(28), &days(1, 28, 1.0)));
    assert!(finding.primary.as_ref().is_some_and(|primary| primary.low.is_some()));
    assert!(detail(&finding).ends_with("; counted, not sampled: the error is how days differ"));
}

#[test]
fn a_short_baseline_and_a_short_window_are_warned_about() {
    let criterion = over(asked("gauge", "users", Better::Larger, WORSE), 3, 10);
    let finding = judged(&criterion, frames("gauge", &before(10), &days(1, 3, 1.0)));
    assert_eq!(
        finding.warnings,
        [
            "a baseline of 10 days is shorter than two weeks; one odd day weighs heavily in it",
            "3 days after the launch cannot show how much days differ there; all days together stand in, or \
             these few where they differ more",
        ]
    );
}

#[test]
fn the_method_says_whose_spread_it_is_and_a_level_is_no_amount_a_day() {
    let criterion = |kind, after| over(asked(kind, "users", Better::Larger, WORSE), after, 28);
    let few = judged(&criterion("gauge", 3), frames("gauge", &before(28), &days(1, 3, 1.0)));
    assert_eq!(few.method, "weekday-matched t (Fieller) 95 %");
    assert!(detail(&few).contains(" users on average on 3 days after, "), "{}", detail(&few));
    assert!(detail(&few).ends_with(", spread shared"), "{}", detail(&few));
    let many = judged(&criterion("sum", 28), frames("sum", &before(28), &days(1, 28, 1.0)));
    assert_eq!(many.method, "weekday-matched Welch t (Fieller) 95 %");
    assert!(detail(&many).contains(" users a day on 28 days after, "), "{}", detail(&many));
}

#[test]
fn parts_of_a_baseline_are_halves_only_where_they_are() {
    let criterion = over(asked("sum", "orders", Better::Larger, WORSE), 28, 27);
    let finding = judged(&criterion, frames("sum", &before(27), &days(1, 28, 1.0)));
    let names: Vec<_> = finding.tables[0].rows.iter().filter_map(|row| row[0].as_text()).collect();
    assert_eq!(names, ["the whole", "the older part", "the newer part", "the last two weeks"]);
}

#[test]
fn a_level_that_looks_back_says_what_it_still_holds() {
    let users = Asked::of("gauge", "users", Better::Larger).fact("covers-days", 28).with(WORSE);
    let finding = judged(&over(users.criterion(), 28, 28), frames("gauge", &before(28), &days(1, 28, 1.0)));
    assert_eq!(
        finding.warnings,
        ["each value looks back 28 days, so those of the first 27 days after the launch still hold it or \
             days before it"]
    );
}

/// A baseline whose newer half lies higher.
fn stepped(step: f64) -> Vec<Units> {
    let mut days = before(28);
    days[14..].iter_mut().for_each(|day| day.1 *= step);
    days
}

#[test]
fn an_answer_that_depends_on_the_baseline_says_so_and_so_does_a_trend() {
    let criterion = asked("sum", "orders", Better::Smaller, WORSE);
    let finding = judged(&criterion, frames("sum", &stepped(1.12), &days(1, 28, 1.1)));
    let warning = |start: &str| finding.warnings.iter().find(|warning| warning.starts_with(start));
    let depends = warning("the answer depends on the baseline: the whole one gives").expect("a warning");
    assert!(depends.contains("; the older half (10 Feb to 23 Feb) gives +"), "{depends}");
    assert!(depends.contains(", fail"), "{depends}");
    let trend = warning("the metric moved before the launch: +").expect("a warning");
    assert!(trend.contains("from 10 Feb to 23 Feb to 24 Feb to 9 Mar; a trend that goes on"), "{trend}");
}

#[test]
fn a_baseline_that_jumps_is_told_of_even_where_nothing_can_be_compared() {
    let criterion = asked("sum", "orders", Better::Smaller, WORSE);
    let finding = judged(&criterion, frames("sum", &stepped(1.6), &days(1, 28, 1.25)));
    assert_eq!(word(&finding), "baseline-not-positive");
    assert!(finding.headline.starts_with("the baseline varies so much that"), "{}", finding.headline);
    assert!(finding.warnings[0].starts_with("the metric moved before the launch: +"), "{finding:?}");
}
