//! Calls itself without end.

use yardstick_test_guests::*;

struct Recursion;

guest!(Recursion);

impl Guest for Recursion {
    fn evaluate(_criterion: Criterion, _frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        let depth = deeper(1);
        Ok(Finding { headline: format!("{depth}"), ..finding() })
    }
}

#[inline(never)]
#[expect(unconditional_recursion, reason = "what this guest is for")]
fn deeper(depth: u64) -> u64 {
    std::hint::black_box(deeper(std::hint::black_box(depth + 1)) + 1)
}
