//! Behaves: reads its frame, logs, and answers with everything a finding can hold.

use yardstick_test_guests::*;

struct Benign;

guest!(Benign);

impl Guest for Benign {
    fn plan(criterion: Criterion) -> Result<Vec<Query>, String> {
        let daily = Query {
            key: "daily".to_owned(),
            shape: Shape::Series,
            bucket: Some("day".to_owned()),
            max_rows: u64::MAX,
            filters: vec![("plan".to_owned(), "enterprise".to_owned())],
            splits: vec!["region".to_owned()],
            ..query(&criterion)
        };
        Ok(vec![query(&criterion), daily])
    }

    fn evaluate(criterion: Criterion, frames: Vec<(String, Frame)>) -> Result<Finding, String> {
        let (key, frame) = frames.first().ok_or("no frame")?;
        let column = frame.columns().iter().position(|name| name == "value").ok_or("no value")? as u32;
        let values = frame.f64s(column, 0, 65_536);
        let moments = frame.moments(column);
        log(Level::Info, "judging", &[("rows".to_owned(), Value::Integer(values.len() as i64))]);
        let primary = Estimate {
            unit: "users".to_owned(),
            low: Some(moments.min),
            high: Some(moments.max),
            confidence: Some(0.95),
            n: Some(moments.n),
            log10_p: Some(-2.5),
            ..estimate("mean", moments.mean)
        };
        Ok(Finding {
            headline: format!("The mean of {key} is {}.", moments.mean),
            method: "mean".to_owned(),
            target: Some(1.5),
            primary: Some(primary),
            others: vec![estimate("sum", values.iter().sum())],
            flip: Some("fails with less".to_owned()),
            warnings: vec![format!("as of {}", criterion.as_of)],
            tables: vec![Table {
                title: "Values".to_owned(),
                columns: vec!["value".to_owned()],
                rows: values.iter().map(|value| vec![Value::Number(*value)]).collect(),
                more: Vec::new(),
            }],
            more: vec![("rows".to_owned(), Value::Integer(frame.rows() as i64))],
            ..finding()
        })
    }
}
