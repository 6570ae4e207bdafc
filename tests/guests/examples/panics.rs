//! Panics in the export it is told to.

use yardstick_test_guests::*;

struct Panics;

guest!(Panics);

impl Guest for Panics {
    fn plan(criterion: Criterion) -> Result<Vec<Query>, String> {
        assert_ne!(told(&criterion), "plan", "as told");
        Ok(vec![query(&criterion)])
    }

    fn evaluate(criterion: Criterion, _frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        divide_the_undividable(told(&criterion));
        Ok(finding())
    }
}

#[inline(never)]
fn divide_the_undividable(told: &str) {
    assert_ne!(told, "evaluate", "as told");
}
