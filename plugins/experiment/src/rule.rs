//! What several variants come to. Each is called by [`yardstick_sdk::bounds`]: its interval lies wholly at or
//! beyond the bound, wholly short of it, or contains it.
//!
//! | asked | passes | fails | otherwise |
//! |---|---|---|---|
//! | better by at least | when at least one variant passes | when every one fails | inconclusive |
//! | worse by at most | when every variant passes | when at least one fails | inconclusive |
//!
//! since a release may ship its best variant, while none may harm. Improving a variant never worsens either.

use yardstick_sdk::bounds::Call;

/// What is asked of the variants together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// An improvement.
    BetterByAtLeast,
    /// No harm beyond a margin.
    WorseByAtMost,
}

/// The rule for the variants that decide; without any, nothing is decided.
#[must_use]
pub fn together(asked: Asked, calls: impl IntoIterator<Item = Call>) -> Call {
    let calls = calls.into_iter();
    let decides = match asked {
        Asked::BetterByAtLeast => calls.max(),
        Asked::WorseByAtMost => calls.min(),
    };
    decides.unwrap_or(Call::Straddles)
}

#[cfg(test)]
mod tests {
    use super::{Asked, together};
    use yardstick_sdk::bounds::Call::{self, Fail, Pass, Straddles};

    #[test]
    fn several_variants_decide_by_the_best_or_by_the_worst() {
        let table: [(&[Call], Call, Call); 7] = [
            (&[Pass, Fail], Pass, Fail),
            (&[Straddles, Fail], Straddles, Fail),
            (&[Pass, Straddles], Pass, Straddles),
            (&[Fail, Fail], Fail, Fail),
            (&[Pass, Pass], Pass, Pass),
            (&[Straddles], Straddles, Straddles),
            (&[], Straddles, Straddles),
        ];
        for (calls, better, worse) in table {
            assert_eq!(together(Asked::BetterByAtLeast, calls.iter().copied()), better, "{calls:?}");
            assert_eq!(together(Asked::WorseByAtMost, calls.iter().copied()), worse, "{calls:?}");
        }
    }
}
