//! Ends its process with success instead of answering.

use yardstick_test_guests::*;

struct Exits;

guest!(Exits);

impl Guest for Exits {
    fn evaluate(_criterion: Criterion, _frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        std::process::exit(0)
    }
}
