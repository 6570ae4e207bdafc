//! Never comes back from `evaluate`.

use yardstick_test_guests::*;

struct Endless;

guest!(Endless);

impl Guest for Endless {
    fn evaluate(_criterion: Criterion, _frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        loop {
            std::hint::black_box(());
        }
    }
}
