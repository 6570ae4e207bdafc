//! Says that it cannot judge, at length and with control characters.

use yardstick_test_guests::*;

struct Refuses;

guest!(Refuses);

impl Guest for Refuses {
    fn evaluate(criterion: Criterion, _frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        Err(match told(&criterion) {
            "silently" => String::new(),
            "long" => "x".repeat(10_000),
            _ => "the series\nhas \u{1b}[31mno days".to_owned(),
        })
    }
}
