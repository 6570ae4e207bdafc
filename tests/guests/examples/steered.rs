//! Does what its own file `does` says, unless the parameter `do` says otherwise: so versions of one plugin can differ.

use yardstick_test_guests::bindings::yardstick::judge::assets;
use yardstick_test_guests::*;

struct Steered;

guest!(Steered);

impl Guest for Steered {
    fn describe() -> Description {
        let second = ExpectedMetric { optional: true, ..expected("second") };
        Description { metrics: vec![expected("metric"), second], ..description() }
    }

    fn plan(criterion: Criterion) -> Result<Vec<Query>, String> {
        let queries = criterion.metrics.iter().map(|metric| Query {
            key: metric.name.clone(),
            metric: metric.name.clone(),
            shape: if told(&criterion) == "samples" { Shape::Samples } else { Shape::Totals },
            max_rows: if told(&criterion) == "samples" { 1_000 } else { 1 },
            ..query(&criterion)
        });
        Ok(queries.collect())
    }

    fn evaluate(criterion: Criterion, frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        let own = assets::read("does").map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let does = match (told(&criterion), own.as_deref()) {
            ("" | "samples", own) => own.unwrap_or("pass").to_owned(),
            (told, _) => told.to_owned(),
        };
        let (_, frame) = frames.first().ok_or("no frame")?;
        let column = frame.columns().iter().position(|name| name == "value").ok_or("no value")? as u32;
        let values = frame.f64s(column, 0, 1_000);
        let value: f64 = values.iter().sum();
        let outcome = match does.as_str() {
            "trap" => panic!("it was {value} when it trapped"),
            "refuse" => return Err(format!("cannot judge {value}")),
            "fail" => Outcome::Fail,
            "log" => {
                log(Level::Warn, &format!("secret {value}"), &[]);
                Outcome::Pass
            }
            _ => Outcome::Pass,
        };
        let headline = match told(&criterion) {
            "samples" => format!("{does}: {:?} of {:?}", values, frame.columns()),
            _ => format!("{does}: {value}"),
        };
        Ok(Finding { outcome, headline, ..finding() })
    }
}
