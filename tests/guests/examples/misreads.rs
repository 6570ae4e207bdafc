//! Reads its frame against the description, in the way it is told.

use yardstick_test_guests::*;

struct Misreads;

guest!(Misreads);

impl Guest for Misreads {
    fn evaluate(criterion: Criterion, frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        let (_, frame) = frames.first().ok_or("no frame")?;
        match told(&criterion) {
            "column" => drop(frame.f64s(99, 0, 1)),
            "type" => drop(frame.f64s(0, 0, 1)),
            "labels" => drop(frame.labels(1)),
            "codes" => drop(frame.codes(1, 0, 1)),
            "s64s" => drop(frame.s64s(1, 0, 1)),
            "chunk" => drop(frame.f64s(1, 0, 65_537)),
            "moments" => drop(frame.moments(0)),
            "many-quantiles" => drop(frame.quantiles(1, &[0.5; 65])),
            "quantile" => drop(frame.quantiles(1, &[1.5])),
            "nan-quantile" => drop(frame.quantiles(1, &[f64::NAN])),
            "past-the-end" => {
                let past = frame.f64s(1, u64::MAX, 65_536);
                let last = frame.f64s(1, frame.rows() - 1, 65_536);
                return Ok(Finding { headline: format!("{} {}", past.len(), last.len()), ..finding() });
            }
            _ => {}
        }
        Ok(finding())
    }
}
