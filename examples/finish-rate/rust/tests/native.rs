//! The judge without WebAssembly: quick to run, easy to step through. `yardstick plugin test` runs it in its sandbox.

use finish_rate::Share;
use yardstick_sdk::testing::{Asked, Memory, evaluate};
use yardstick_sdk::{Better, Outcome, Shape};

fn found(done: f64, all: f64) -> yardstick_sdk::Finding {
    let criterion = Asked::of("sum", "things", Better::Larger).with(r#"{"at_least": "60%", "min_n": 100}"#).criterion();
    let total = |sum: f64| {
        Memory::new(Shape::Totals).column("sum", [sum]).column("buckets", [28.0]).column("expected", [28.0])
    };
    evaluate::<Share>(&criterion, vec![("done", total(done)), ("all", total(all))]).expect("a finding")
}

#[test]
fn a_clear_share_passes_and_says_what_would_change_it() {
    let finding = found(6_212.0, 9_640.0);
    assert_eq!(finding.outcome, Outcome::Pass);
    assert_eq!(finding.flip.as_deref(), Some("inconclusive with 334 fewer done"));
}

#[test]
fn a_small_whole_is_undecided() {
    assert!(matches!(found(60.0, 99.0).outcome, Outcome::Undecided(_)));
}
