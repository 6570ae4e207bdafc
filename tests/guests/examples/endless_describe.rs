//! Never comes back from `describe`.

use yardstick_test_guests::*;

struct Endless;

guest!(Endless);

impl Guest for Endless {
    fn describe() -> Description {
        loop {
            std::hint::black_box(());
        }
    }
}
