//! The job that every runner of `cargo xtask bench` does: points in, a judgement out.
//!
//! One source for all of them. Natively it is called as it is; our guest, the guest of another plugin system
//! and a program that talks JSON only carry data to it and its answer back.

use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The mean to reach, in the unit of the points.
    pub target: f64,
    /// The observations.
    pub points: Vec<f64>,
}

/// What is answered, as much as a finding holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// `pass`, `fail` or `inconclusive`.
    pub outcome: Outcome,
    /// One sentence with the number that decides.
    pub headline: String,
    /// Their arithmetic mean.
    pub mean: f64,
    /// Lower end of the normal 95 % interval of the mean.
    pub low: f64,
    /// Upper end of it.
    pub high: f64,
    /// Distance of the mean from the target in standard errors.
    pub z: f64,
    /// Points.
    pub n: u64,
}

/// How an interval lies to its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Wholly at or above the target.
    Pass,
    /// Wholly below it.
    Fail,
    /// It contains the target.
    Inconclusive,
}

/// Half width of a 95 % interval in standard errors.
const Z_95: f64 = 1.959_963_984_540_054;

/// Compares the points' mean with the target; `None`: fewer than two points, or one that is not finite.
#[must_use]
pub fn judge(target: f64, points: &[f64]) -> Option<Answer> {
    let n = points.len() as f64;
    let mean = sum(points, |point| point) / n;
    let m2 = sum(points, |point| (point - mean) * (point - mean));
    let error = (m2 / (n - 1.0) / n).sqrt();
    if points.len() < 2 || !error.is_finite() {
        return None;
    }
    let (low, high) = (mean - Z_95 * error, mean + Z_95 * error);
    let outcome = if low >= target {
        Outcome::Pass
    } else if high < target {
        Outcome::Fail
    } else {
        Outcome::Inconclusive
    };
    let headline = format!("the mean of {} points is {mean:.2}", points.len());
    let z = if error > 0.0 { (mean - target) / error } else { 0.0 };
    Some(Answer { outcome, headline, mean, low, high, z, n: points.len() as u64 })
}

/// A sum in eight lanes that meet only at the end, as anybody writes it who sums many numbers: a processor adds
/// in all of them at once, where each step of a single running sum waits for the one before.
fn sum(points: &[f64], value: impl Fn(f64) -> f64) -> f64 {
    let (chunks, rest) = points.as_chunks::<8>();
    let mut lanes = [0.0; 8];
    for chunk in chunks {
        for (lane, point) in lanes.iter_mut().zip(chunk) {
            *lane += value(*point);
        }
    }
    lanes.iter().sum::<f64>() + rest.iter().map(|point| value(*point)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::{Outcome, judge};

    #[test]
    fn the_interval_decides() {
        let points: Vec<f64> = (0..1_000).map(|index| f64::from(index % 10)).collect();
        for (target, outcome) in [(4.0, Outcome::Pass), (4.5, Outcome::Inconclusive), (5.0, Outcome::Fail)] {
            let answer = judge(target, &points).expect("an answer");
            assert_eq!(answer.outcome, outcome, "{}", answer.headline);
            assert!((answer.mean - 4.5).abs() < 1e-12);
        }
        assert_eq!(judge(0.0, &[1.0]), None);
        assert_eq!(judge(0.0, &[1.0, f64::NAN]), None);
    }
}
