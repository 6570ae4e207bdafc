//! Computes moments and quantiles of column 1 itself and lays them beside the host's.

use yardstick_test_guests::*;

struct Statistics;

guest!(Statistics);

impl Guest for Statistics {
    fn evaluate(_criterion: Criterion, frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        let (_, frame) = frames.first().ok_or("no frame")?;
        let mut values = Vec::new();
        while (values.len() as u64) < frame.rows() {
            values.extend(frame.f64s(1, values.len() as u64, 1_000));
        }
        let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        let sum = neumaier(finite.iter().copied());
        let mean = sum / finite.len() as f64;
        let m2 = neumaier(finite.iter().map(|value| (value - mean) * (value - mean)));
        let mut sorted = finite.clone();
        sorted.sort_by(f64::total_cmp);
        let host = frame.moments(1);
        let quantiles = frame.quantiles(1, &[0.0, 0.25, 0.5, 1.0]);
        let again = frame.moments(1);
        let pairs = [
            ("n", host.n as f64, finite.len() as f64),
            ("nulls", host.nulls as f64, (values.len() - finite.len()) as f64),
            ("sum", host.sum, sum),
            ("mean", host.mean, mean),
            ("m2", host.m2, m2),
            ("min", host.min, sorted[0]),
            ("max", host.max, sorted[sorted.len() - 1]),
            ("q0", quantiles[0], sorted[0]),
            ("q25", quantiles[1], type7(&sorted, 0.25)),
            ("q50", quantiles[2], type7(&sorted, 0.5)),
            ("q100", quantiles[3], sorted[sorted.len() - 1]),
            ("again", again.m2, m2),
        ];
        let row = |&(name, host, own): &(&str, f64, f64)| {
            vec![Value::Text(name.to_owned()), Value::Number(host), Value::Number(own)]
        };
        Ok(Finding {
            tables: vec![Table {
                title: "Moments".to_owned(),
                columns: ["name", "host", "own"].map(str::to_owned).to_vec(),
                rows: pairs.iter().map(row).collect(),
                more: Vec::new(),
            }],
            ..finding()
        })
    }
}

/// Neumaier's compensated sum.
fn neumaier(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut compensation) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = sum + value;
        compensation += if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
        sum = next;
    }
    sum + compensation
}

/// Linear between order statistics.
fn type7(sorted: &[f64], q: f64) -> f64 {
    let position = q * (sorted.len() - 1) as f64;
    let below = position as usize;
    let part = position - below as f64;
    if part == 0.0 { sorted[below] } else { sorted[below] * (1.0 - part) + sorted[below + 1] * part }
}
