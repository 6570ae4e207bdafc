//! The delta method: laws, degenerate inputs, and coverage by simulation with a fixed seed.

use proptest::prelude::*;
use yardstick_stats::Degenerate::{NoData, OneValue, OutOfRange, ZeroDenominator, ZeroVariance};
use yardstick_stats::delta::{Pair, consecutive, independent, value};
use yardstick_stats::normal;

fn pair(numerator: f64, denominator: f64) -> Pair {
    Pair { numerator, denominator }
}

fn pairs() -> impl Strategy<Value = Vec<Pair>> {
    let known = (-50.0..200.0_f64, 0.0..500.0_f64).prop_map(|(y, x)| pair(y, x));
    proptest::collection::vec(prop_oneof![9 => known, 1 => Just(Pair::MISSING)], 2..40)
}

proptest! {
    #[test]
    fn any_numbers_are_answered_or_refused_never_nan(
        numbers in proptest::collection::vec((any::<f64>(), any::<f64>()), 0..6), abs: bool,
    ) {
        let pairs: Vec<Pair> =
            numbers.iter().map(|&(y, x)| pair(y, if abs { x.abs() } else { x })).collect();
        for ratio in [independent(&pairs), consecutive(&pairs)].into_iter().flatten() {
            prop_assert!(ratio.value.is_finite(), "{:?}", ratio);
            prop_assert!(ratio.standard_error >= 0.0 && ratio.standard_error.is_finite(), "{:?}", ratio);
            prop_assert!(ratio.linearised_error.is_finite() && ratio.effective_units >= 1.5, "{:?}", ratio);
            if let Ok(interval) = ratio.interval(0.95) {
                prop_assert!(interval.low.is_finite() && interval.high.is_finite());
                prop_assert!(interval.low <= ratio.value && ratio.value <= interval.high);
            }
        }
        prop_assert!(value(&pairs).is_ok_and(f64::is_finite) || value(&pairs).is_err());
    }

    #[test]
    fn units_of_either_side_scale_the_ratio_and_its_error_and_nothing_else(
        pairs in pairs(), up in -300_i32..=300, down in -300_i32..=300, days: bool,
    ) {
        let power = |exponent: i32| libm::exp10(f64::from(exponent) / 3.0);
        let (above, below) = (power(up), power(down));
        let scaled: Vec<Pair> =
            pairs.iter().map(|it| pair(it.numerator * above, it.denominator * below)).collect();
        let ratio = if days { consecutive } else { independent };
        match (ratio(&pairs), ratio(&scaled)) {
            (Ok(plain), Ok(scaled)) => {
                let scale = above / below;
                let close = |a: f64, b: f64, size: f64| (a * scale - b).abs() <= 1e-9 * size * scale;
                let size = plain.value.abs() + plain.standard_error;
                prop_assert!(close(plain.value, scaled.value, size));
                prop_assert!(close(plain.standard_error, scaled.standard_error, size));
                prop_assert!((plain.effective_units - scaled.effective_units).abs() <= 1e-6);
            }
            (plain, scaled) => prop_assert_eq!(plain.map(|_| ()), scaled.map(|_| ())),
        }
    }

    #[test]
    fn the_order_of_independent_units_does_not_matter(
        pairs in pairs(), turn in any::<prop::sample::Index>(),
    ) {
        let mut turned = pairs.clone();
        turned.rotate_left(turn.index(pairs.len()));
        match (independent(&pairs), independent(&turned)) {
            (Ok(one), Ok(other)) => {
                let size = one.value.abs() + one.standard_error;
                prop_assert!((one.value - other.value).abs() <= 1e-12 * size);
                prop_assert!((one.standard_error - other.standard_error).abs() <= 1e-9 * size);
            }
            (one, other) => prop_assert_eq!(one.map(|_| ()), other.map(|_| ())),
        }
    }

    #[test]
    fn units_of_one_size_leave_the_textbook_error(values in proptest::collection::vec(0.0..9.0_f64, 2..30)) {
        let pairs: Vec<Pair> = values.iter().map(|&y| pair(y, 7.0)).collect();
        if let Ok(ratio) = independent(&pairs) {
            let off = (ratio.standard_error - ratio.linearised_error).abs();
            prop_assert!(off <= 1e-12 * ratio.linearised_error.max(1e-9), "{:?}", ratio);
        }
    }
}

#[test]
fn degenerate_inputs_say_why() {
    let odd = |result: Result<_, _>| matches!(result, Err(OutOfRange(_)));
    assert_eq!(independent(&[]).map(|_| ()), Err(NoData));
    assert_eq!(independent(&[Pair::MISSING; 3]).map(|_| ()), Err(NoData));
    assert_eq!(consecutive(&[pair(1.0, 2.0), Pair::MISSING]).map(|_| ()), Err(OneValue));
    assert_eq!(independent(&[pair(1.0, 0.0), pair(0.0, 0.0)]).map(|_| ()), Err(ZeroDenominator));
    assert_eq!(
        independent(&[pair(1.0, 5.0), pair(0.0, 0.0)]).map(|_| ()),
        Err(OneValue),
        "one unit has it all"
    );
    assert_eq!(
        independent(&[pair(0.1, 0.3), pair(0.2, 0.6)]).and_then(|r| r.interval(0.95)),
        Err(ZeroVariance)
    );
    assert_eq!(
        independent(&[pair(0.0, 3.0), pair(0.0, 6.0)]).and_then(|r| r.interval(0.95)),
        Err(ZeroVariance)
    );
    assert!(odd(independent(&[pair(1.0, 2.0), pair(1.0, -1.0)]).map(|_| ())));
    assert!(odd(value(&[pair(1.0, f64::NAN)]).map(|_| ())));
    assert!(odd(value(&[pair(f64::MAX, f64::MIN_POSITIVE)]).map(|_| ())));
    let largest = [pair(f64::MAX, f64::MAX), pair(0.5 * f64::MAX, f64::MAX)];
    assert_eq!(value(&largest), Ok(0.75), "sums that would overflow");
    let found = independent(&largest).expect("a ratio");
    assert!((found.standard_error - 0.25).abs() < 1e-15, "{found:?}");
}

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

    fn normal(&mut self) -> f64 {
        normal::ppf(self.uniform()).expect("strictly between 0 and 1")
    }
}

/// Units whose rate is 0.3 on average, each off by a sixth of that; `size` is the standard deviation of the
/// logarithm of their denominator, `rho` how much both resemble the unit before.
#[derive(Clone, Copy)]
struct World {
    units: usize,
    size: f64,
    rho: f64,
}

impl World {
    const RATE: f64 = 0.3;

    fn draw(self, random: &mut Random) -> Vec<Pair> {
        let fresh = libm::sqrt(1.0 - self.rho * self.rho);
        let (mut rate, mut size) = (random.normal(), random.normal());
        (0..self.units)
            .map(|_| {
                rate = self.rho * rate + fresh * random.normal();
                size = self.rho * size + fresh * random.normal();
                let denominator = 100.0 * libm::exp(self.size * size);
                pair(denominator * (Self::RATE + 0.05 * rate), denominator)
            })
            .collect()
    }

    /// Of `runs` intervals at 95 %, the share that holds the rate.
    fn covered(self, runs: u32, days: bool) -> f64 {
        let seed = 2_026 + self.units as u64 * 1_000 + (self.rho * 100.0) as u64 + (self.size * 10.0) as u64;
        let mut random = Random(seed);
        let ratio = if days { consecutive } else { independent };
        let mut hits = 0;
        for _ in 0..runs {
            let pairs = self.draw(&mut random);
            let interval = ratio(&pairs).and_then(|found| found.interval(0.95)).expect("an interval");
            hits += u32::from(interval.low <= Self::RATE && Self::RATE <= interval.high);
        }
        f64::from(hits) / f64::from(runs)
    }
}

/// Runs of each world, and three standard deviations of a share of 95 % among so many.
const RUNS: u32 = 1_000;
const CHANCE: f64 = 0.021;

#[test]
fn intervals_over_instances_cover_what_they_claim() {
    for units in [2, 3, 5, 7, 14, 28] {
        for size in [0.1, 0.7, 1.2] {
            let share = World { units, size, rho: 0.0 }.covered(RUNS, false);
            assert!(share >= 0.95 - CHANCE, "{units} instances, size {size}: {share}");
        }
    }
}

#[test]
fn intervals_over_days_cover_what_they_claim() {
    for units in [3, 5, 7, 14, 28] {
        for (size, rho) in [(0.1, 0.0), (0.7, 0.0), (0.1, 0.3), (0.7, 0.3), (0.1, 0.5), (0.7, 0.5)] {
            let share = World { units, size, rho }.covered(RUNS, true);
            assert!(share >= 0.95 - CHANCE, "{units} days, size {size}, autocorrelation {rho}: {share}");
        }
    }
}

#[test]
#[ignore = "prints the table of the doc comments; takes a while"]
fn print_coverage() {
    for units in [2, 3, 5, 7, 14, 28] {
        let of = |size: f64, rho: f64, days: bool| {
            format!("{:.1} %", 100.0 * World { units, size, rho }.covered(20_000, days))
        };
        let instances = [0.1, 0.7, 1.2].map(|size| of(size, 0.0, false)).join(" | ");
        let days = [(0.1, 0.0), (0.7, 0.0), (0.1, 0.3), (0.7, 0.3), (0.1, 0.5), (0.7, 0.5), (0.1, 0.8)];
        let days = days.map(|(size, rho)| of(size, rho, true)).join(" | ");
        println!("/// | {units} | {instances} |\n/// | {units} | {days} |");
    }
}
