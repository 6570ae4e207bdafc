//! Coverage by simulation, with a fixed seed.

use yardstick_stats::daily::{Day, pool};
use yardstick_stats::normal;

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

/// How many of `runs` intervals contain the true mean of a first-order autoregressive series of days.
fn covered(days: usize, rho: f64, runs: u32) -> f64 {
    let mut random = Random(2_026 + days as u64 * 1_000 + (rho * 100.0) as u64);
    let mut hits = 0;
    for _ in 0..runs {
        let mut level = random.normal();
        let series: Vec<Day> = (0..days)
            .map(|_| {
                level = rho * level + libm::sqrt(1.0 - rho * rho) * random.normal();
                Day { n: 100.0, sum: 100.0 * (5.0 + level) }
            })
            .collect();
        let interval = pool(&series).and_then(|pooled| pooled.interval(0.95)).expect("an interval");
        hits += u32::from(interval.low <= 5.0 && 5.0 <= interval.high);
    }
    f64::from(hits) / f64::from(runs)
}

#[test]
fn daily_intervals_cover_what_they_claim() {
    for (days, rho, at_least) in [
        (7, 0.0, 0.95),
        (7, 0.3, 0.93),
        (14, 0.0, 0.95),
        (14, 0.3, 0.94),
        (28, 0.0, 0.95),
        (28, 0.3, 0.94),
        (28, 0.6, 0.94),
        (56, 0.6, 0.94),
        (56, 0.8, 0.94),
    ] {
        let share = covered(days, rho, 2_000);
        assert!(share >= at_least, "{days} days with autocorrelation {rho}: {share}");
    }
}

#[test]
#[ignore = "prints the table of the doc comments; takes a while"]
fn print_coverage() {
    for days in [3, 7, 14, 28, 56, 90] {
        let shares = [0.0, 0.3, 0.6, 0.8].map(|rho| format!("{:.1} %", 100.0 * covered(days, rho, 4_000)));
        println!("/// | {days} | {} |", shares.join(" | "));
    }
}
