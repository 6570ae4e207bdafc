//! Aborts.

use yardstick_test_guests::*;

struct Unreachable;

guest!(Unreachable);

impl Guest for Unreachable {
    fn evaluate(_criterion: Criterion, _frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        std::process::abort()
    }
}
