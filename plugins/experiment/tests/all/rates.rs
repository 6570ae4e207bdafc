//! False alarms of the judge by simulation, with fixed seeds: without a difference it decides at most as
//! often as its error rate says, for one variant and for several, from two units up.

use crate::support::{Arm, NULL, judged, mean, players};
use yardstick_sdk::{Better, Criterion, Outcome};

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 + f64::EPSILON / 4.0
    }

    fn successes(&mut self, n: u32, share: f64) -> f64 {
        (0..n).filter(|_| self.uniform() < share).count() as f64
    }

    fn normal(&mut self) -> f64 {
        yardstick_sdk::stats::normal::ppf(self.uniform()).expect("strictly between 0 and 1")
    }
}

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

/// How many of `runs` passed and failed.
fn decided(criterion: &Criterion, runs: u32, mut arms: impl FnMut() -> Vec<Arm<'static>>) -> (u32, u32) {
    let mut counts = (0, 0);
    for _ in 0..runs {
        match judged(criterion, &arms()).outcome {
            Outcome::Pass => counts.0 += 1,
            Outcome::Fail => counts.1 += 1,
            Outcome::Marginal | Outcome::Undecided(_) => {}
        }
    }
    counts
}

/// What a rate may come to in so many runs: three standard errors of the simulation above it.
fn at_most(rate: f64, runs: u32) -> f64 {
    let runs = f64::from(runs);
    runs * rate + 3.0 * (runs * rate * (1.0 - rate)).sqrt()
}

#[test]
fn without_a_difference_shares_are_rarely_told_apart() {
    const RUNS: u32 = 400;
    let criterion = players(r#"{"control": "a", "sample_ratio_p": 1e-12}"#).criterion();
    let mut random = Random(1);
    for (n, m, share) in [
        (2, 2, 0.5),
        (2, 30, 0.3),
        (10, 10, 0.5),
        (10, 90, 0.1),
        (60, 60, 0.5),
        (300, 300, 0.5),
        (400, 400, 0.02),
    ] {
        let (passed, failed) = decided(&criterion, RUNS, || {
            let (x, y) = (random.successes(n, share), random.successes(m, share));
            vec![("a", f64::from(n), x, NULL), ("b", f64::from(m), y, NULL)]
        });
        assert!(
            f64::from(passed + failed) <= at_most(0.05, RUNS),
            "{n} and {m} of {share}: {passed} {failed}"
        );
        assert!(n > 2 || passed + failed == 0, "two units decide nothing");
    }
}

#[test]
fn at_the_margin_a_guardrail_is_rarely_decided() {
    const RUNS: u32 = 400;
    let mut random = Random(2);
    for (params, control, treated) in [
        (r#"{"control": "a", "worse_by_at_most": "5pp"}"#, 0.4, 0.35),
        (r#"{"control": "a", "worse_by_at_most": "10%"}"#, 0.5, 0.45),
    ] {
        let (passed, failed) = decided(&players(params).criterion(), RUNS, || {
            let (x, y) = (random.successes(500, control), random.successes(500, treated));
            vec![("a", 500.0, x, NULL), ("b", 500.0, y, NULL)]
        });
        assert!(f64::from(passed + failed) <= at_most(0.05, RUNS), "{params}: {passed} {failed}");
    }
}

#[test]
fn one_sided_each_direction_keeps_the_error_rate() {
    const RUNS: u32 = 400;
    let mut random = Random(3);
    let criterion = players(r#"{"control": "a", "sides": "one"}"#).criterion();
    let (passed, failed) = decided(&criterion, RUNS, || {
        let (x, y) = (random.successes(250, 0.3), random.successes(250, 0.3));
        vec![("a", 250.0, x, NULL), ("b", 250.0, y, NULL)]
    });
    assert!(f64::from(passed.max(failed)) <= at_most(0.05, RUNS), "{passed} {failed}");
}

#[test]
fn without_a_difference_means_are_rarely_told_apart() {
    const RUNS: u32 = 300;
    let criterion = mean(r#"{"control": "a", "sample_ratio_p": 1e-12}"#, Better::Larger);
    let mut random = Random(4);
    for (n, m, spread) in [(2, 2, 1.0), (10, 10, 1.0), (10, 40, 4.0), (40, 10, 4.0), (60, 60, 1.0)] {
        let (passed, failed) = decided(&criterion, RUNS, || {
            let arm = |name, n: u32, random: &mut Random, spread: f64| -> Arm<'static> {
                let values: Vec<f64> = (0..n).map(|_| 20.0 + spread * random.normal()).collect();
                (name, f64::from(n), values.iter().sum(), values.iter().map(|value| value * value).sum())
            };
            vec![arm("a", n, &mut random, 1.0), arm("b", m, &mut random, spread)]
        });
        assert!(
            f64::from(passed + failed) <= at_most(0.05, RUNS),
            "{n} and {m}, {spread}: {passed} {failed}"
        );
    }
}

#[test]
fn several_variants_without_a_difference_keep_one_error_rate_together() {
    const RUNS: u32 = 400;
    let mut random = Random(5);
    for params in [r#"{"control": "a"}"#, r#"{"control": "a", "worse_by_at_most": "0pp"}"#] {
        let criterion = players(params).criterion();
        let mut alarms = 0;
        for _ in 0..RUNS {
            let arms: Vec<Arm<'static>> =
                NAMES.iter().map(|name| (*name, 400.0, random.successes(400, 0.3), NULL)).collect();
            let finding = judged(&criterion, &arms);
            // Any variant told apart is an alarm, whatever they come to together.
            let estimates = finding.primary.iter().chain(&finding.others);
            let apart = |low: Option<f64>, high: Option<f64>| low > Some(0.0) || high < Some(0.0);
            alarms += u32::from(estimates.into_iter().any(|estimate| apart(estimate.low, estimate.high)));
        }
        assert!(f64::from(alarms) <= at_most(0.05, RUNS), "{params}: {alarms}");
    }
}
