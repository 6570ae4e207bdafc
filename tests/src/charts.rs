//! Charts for tests of renderings: small builders over the release of [`crate::documents`].

use yardstick_client::chart::{
    BaselinePart, ChartPart, CheckpointPart, DaysPart, LevelPart, LinePart, ObservedPart,
};
use yardstick_client::document::EstimatePart;

/// Days from 10 February to the end of d28, four weeks before and after the launch of 10 March.
pub const DAYS: usize = 57;

/// The adoption of `batch-changes-ga`: a level with two gaps, a target and a weaker bound, and what decided.
pub fn adoption() -> ChartPart {
    let known = |day: usize| !matches!(day, 40 | 41 | 44);
    let value =
        |day: usize| 2_700.0 + (day.saturating_sub(28) as f64) * 60.0 + ((day * 37) % 13) as f64 * 6.0;
    let values = (0..DAYS).map(|day| known(day).then(|| value(day))).collect();
    ChartPart {
        criterion: "adoption".to_owned(),
        title: "Batch Changes monthly active users".to_owned(),
        metrics: vec!["batch_changes.mau".to_owned()],
        unit: "users".to_owned(),
        kind: "gauge".to_owned(),
        time_zone: "UTC".to_owned(),
        first_day: "2026-02-10".to_owned(),
        last_day: "2026-04-07".to_owned(),
        launch_day: "2026-03-10".to_owned(),
        lines: vec![LinePart { label: None, values }],
        window: Some(DaysPart {
            first_day: "2026-03-11".to_owned(),
            last_day: "2026-04-07".to_owned(),
            name: "d1..d28".to_owned(),
        }),
        baseline: None,
        target: Some(bound(4_000.0)),
        marginal: Some(bound(3_200.0)),
        observed: Some(seen(4_428.0, "users", None)),
        checkpoints: [("d1", "2026-03-11"), ("d7", "2026-03-17"), ("d28", "2026-04-07")]
            .map(|(name, day)| CheckpointPart {
                name: name.to_owned(),
                day: day.to_owned(),
                judged: name == "d28",
            })
            .into(),
        withheld: None,
        notes: Vec::new(),
    }
}

/// A rate compared with the four weeks before: baseline, a relative bound, an interval.
pub fn search_errors() -> ChartPart {
    let before = 0.0117;
    let value = |day: usize| 0.0112 + ((day * 31) % 11) as f64 * 0.0001 - if day > 28 { 0.0004 } else { 0.0 };
    ChartPart {
        criterion: "search-errors".to_owned(),
        title: "Failed searches".to_owned(),
        metrics: vec!["site.search_error_rate".to_owned()],
        unit: "share".to_owned(),
        kind: "ratio".to_owned(),
        lines: vec![LinePart { label: None, values: (0..DAYS).map(|day| Some(value(day))).collect() }],
        baseline: Some(BaselinePart {
            first_day: "2026-02-10".to_owned(),
            last_day: "2026-03-09".to_owned(),
            mean: Some(before),
        }),
        target: Some(LevelPart {
            at: before * 1.05,
            value: 0.05,
            unit: "relative".to_owned(),
            over_days: None,
            bound: Some("at-most".to_owned()),
        }),
        marginal: None,
        observed: Some(ObservedPart {
            at: before * (1.0 - 0.0204),
            low: Some(before * (1.0 - 0.0337)),
            high: Some(before * (1.0 - 0.0069)),
            ..seen(-0.0204, "relative", Some((-0.0337, -0.0069)))
        }),
        ..adoption()
    }
}

/// Three variants side by side, which no bound has a place among.
pub fn variants() -> ChartPart {
    let line = |(index, name): (usize, &str)| LinePart {
        label: Some(name.to_owned()),
        values: (0..DAYS)
            .map(|day| {
                (day > 28).then(|| 0.18 + 0.004 * index as f64 + ((day * (31 + index)) % 11) as f64 * 0.001)
            })
            .collect(),
    };
    ChartPart {
        criterion: "day-7-retention".to_owned(),
        title: "Day-7 retention".to_owned(),
        unit: "share".to_owned(),
        kind: "ratio".to_owned(),
        lines: ["gate_30", "gate_40", "gate_50"].into_iter().enumerate().map(line).collect(),
        target: None,
        marginal: None,
        observed: None,
        ..adoption()
    }
}

/// A comparison that is not due: the days before, and nothing after.
pub fn withheld() -> ChartPart {
    let mut chart = search_errors();
    chart.lines[0].values.truncate(28);
    chart.target = None;
    chart.observed = None;
    chart.withheld = Some(
        "the comparison is not looked at before it is decided at d28; 7 of 28 days are there".to_owned(),
    );
    chart
}

/// A total so far on its way to a bound over all its days.
pub fn total_so_far() -> ChartPart {
    ChartPart {
        criterion: "uptake".to_owned(),
        title: "Runs started from a template".to_owned(),
        unit: "runs".to_owned(),
        kind: "sum".to_owned(),
        lines: vec![LinePart {
            label: None,
            values: (0..36).map(|day| Some(if day < 28 { 0.0 } else { 50.0 + day as f64 })).collect(),
        }],
        target: Some(LevelPart {
            at: 2_000.0 / 28.0,
            value: 2_000.0,
            unit: "runs".to_owned(),
            over_days: Some(28),
            bound: Some("at-least".to_owned()),
        }),
        marginal: None,
        observed: Some(ObservedPart {
            at: 63.0,
            over_days: Some(7),
            so_far: true,
            ..seen(441.0, "runs", None)
        }),
        ..adoption()
    }
}

fn bound(value: f64) -> LevelPart {
    LevelPart {
        at: value,
        value,
        unit: "users".to_owned(),
        over_days: None,
        bound: Some("at-least".to_owned()),
    }
}

/// A number that decided, at its own place.
fn seen(value: f64, unit: &str, ends: Option<(f64, f64)>) -> ObservedPart {
    let (low, high) = (ends.map(|ends| ends.0), ends.map(|ends| ends.1));
    let said = EstimatePart {
        name: "observed".to_owned(),
        unit: unit.to_owned(),
        value,
        low,
        high,
        confidence: ends.map(|_| 0.95),
        n: None,
        log10_p: None,
    };
    ObservedPart { at: value, low, high, said, over_days: None, so_far: false }
}
