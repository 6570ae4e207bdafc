//! Never comes back from `plan`.

use yardstick_test_guests::*;

struct Endless;

guest!(Endless);

impl Guest for Endless {
    fn plan(_criterion: Criterion) -> Result<Vec<Query>, String> {
        loop {
            std::hint::black_box(());
        }
    }
}
