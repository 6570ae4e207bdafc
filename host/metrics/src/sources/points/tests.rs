use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use yardstick_domain::frame::{Frame, Shape, Value};
use yardstick_domain::metric::{Basis, Better, Grain, ImportColumns, Kind, Metric, Missing, Visibility};
use yardstick_domain::point::{Dimensions, Measure, StoredPoint};
use yardstick_domain::question::{Bucket, Query};
use yardstick_domain::time::Window;

use super::answer;
use crate::sources::{Ask, SourceError};

fn metric(kind: Kind, missing: Missing) -> Metric {
    Metric {
        key: "app.uses".parse().expect("a key"),
        title: "Uses".into(),
        owner: "grace.kim@example.com".parse().expect("a person"),
        team: "bizops".parse().expect("a team"),
        definition: "Uses.".into(),
        definition_version: 1,
        kind,
        unit: "uses".into(),
        better: Better::Higher,
        basis: Basis::Recorded,
        sampled: false,
        covers_days: None,
        grain: Grain::Day,
        time_zone: "UTC".into(),
        missing,
        fresh_within: SignedDuration::from_hours(24),
        visibility: Visibility::Company,
        dimensions: BTreeMap::from([("plan".into(), vec!["free".into(), "paid".into()])]),
        unit_dimension: None,
        source: "points".into(),
        import: ImportColumns::default(),
        links: BTreeMap::new(),
    }
}

fn day(number: i64) -> Timestamp {
    // 2 March 2026 was a Monday.
    let first: Timestamp = "2026-03-02T00:00:00Z".parse().expect("an instant");
    first.checked_add((24 * number).hours()).expect("in range")
}

fn point(on: i64, plan: Option<&str>, sum: f64, n: Option<f64>) -> StoredPoint {
    let dimensions: Dimensions = plan.map(|plan| ("plan".to_owned(), plan.to_owned())).into_iter().collect();
    StoredPoint {
        bucket: day(on),
        dimensions: Arc::new(dimensions),
        measure: Measure { sum, n, sum_sq: None },
        received_at: day(on + 1),
        corrections: 0,
    }
}

fn query(shape: Shape, bucket: Option<Bucket>, splits: &[&str], filters: &[(&str, &str)]) -> Query {
    Query {
        key: "q".into(),
        metric: "metric".into(),
        shape,
        window: Window { start: day(0), end: day(14) },
        bucket,
        filters: filters.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        splits: splits.iter().map(|split| (*split).into()).collect(),
        max_rows: 100,
        more: Vec::new(),
    }
}

fn ask(
    metric: &Metric,
    query: &Query,
    days: i64,
    as_of: i64,
    points: &[StoredPoint],
) -> Result<Frame, SourceError> {
    let zone = TimeZone::UTC;
    let window = Window { start: day(0), end: day(days) };
    let ask = Ask { metric, zone: &zone, query, window, as_of: day(as_of), complete_through: None };
    answer(&ask, points)
}

#[test]
fn squares_of_some_days_are_no_total() {
    let metric = metric(Kind::Mean, Missing::Gap);
    let mut points: Vec<_> = (0..7).map(|on| point(on, None, 50.0, Some(10.0))).collect();
    points.iter_mut().for_each(|stored| stored.measure.sum_sq = Some(300.0));
    let query = query(Shape::Totals, None, &[], &[]);
    let squares = |points: &[StoredPoint]| {
        let frame = ask(&metric, &query, 7, 20, points).expect("a frame");
        (frame.f64s("n").map(|n| n[0]), frame.f64s("sum_sq").map(|squares| squares[0]))
    };
    assert_eq!(squares(&points), (Some(70.0), Some(2_100.0)));
    points[3].measure.sum_sq = None;
    let (n, short) = squares(&points);
    assert!(n == Some(70.0) && short.is_some_and(f64::is_nan), "{short:?}");
}

#[test]
fn the_total_of_a_gauge_is_its_last_whole_bucket() {
    let metric = metric(Kind::Gauge, Missing::Gap);
    let points: Vec<_> = (0..10).map(|on| point(on, None, 100.0 + on as f64, None)).collect();
    let query = query(Shape::Totals, None, &[], &[]);
    for (days, as_of, expected) in [(7, 20, 106.0), (10, 20, 109.0), (7, 5, 104.0)] {
        let frame = ask(&metric, &query, days, as_of, &points).expect("a frame");
        assert_eq!(frame.f64s("value"), Some(&[expected][..]));
        assert!(frame.f64s("sum").is_some_and(|sums| sums[0].is_nan()), "levels have no sum");
    }
    let frame = ask(&metric, &query, 12, 20, &points).expect("a frame");
    assert!(frame.f64s("value").is_some_and(|values| values[0].is_nan()), "its last bucket is a gap");
}

#[test]
fn levels_are_never_added_up_over_a_dimension() {
    let metric = metric(Kind::Gauge, Missing::Gap);
    let points = [point(0, Some("free"), 60.0, None), point(0, Some("paid"), 50.0, None)];
    let error = ask(&metric, &query(Shape::Totals, None, &[], &[]), 1, 20, &points).expect_err("no total");
    assert_eq!(error.code(), "aggregation");
    assert_eq!(
        error.to_string(),
        "app.uses is a gauge: its levels are not summed over plan; import a total for plan"
    );
    let paid = ask(&metric, &query(Shape::Totals, None, &[], &[("plan", "paid")]), 1, 20, &points);
    assert_eq!(paid.expect("a frame").f64s("value"), Some(&[50.0][..]));
    let split = ask(&metric, &query(Shape::Totals, None, &["plan"], &[]), 1, 20, &points).expect("a frame");
    assert_eq!(split.f64s("value"), Some(&[60.0, 50.0][..]));
}

#[test]
fn sums_add_up_and_prefer_a_total_that_was_imported() {
    let metric = metric(Kind::Sum, Missing::Gap);
    let parts =
        [point(0, Some("free"), 6.0, None), point(0, Some("paid"), 5.0, None), point(1, None, 7.0, None)];
    let frame = ask(&metric, &query(Shape::Totals, None, &[], &[]), 2, 20, &parts).expect("a frame");
    assert_eq!(frame.f64s("sum"), Some(&[18.0][..]));
    assert_eq!((frame.f64s("buckets"), frame.f64s("expected")), (Some(&[2.0][..]), Some(&[2.0][..])));
    let both = [point(0, Some("free"), 6.0, None), point(0, None, 10.0, None)];
    let frame = ask(&metric, &query(Shape::Totals, None, &[], &[]), 1, 20, &both).expect("a frame");
    assert_eq!(frame.f64s("sum"), Some(&[10.0][..]));
}

#[test]
fn a_ratio_is_a_sum_over_a_sum_never_a_mean_of_ratios() {
    let metric = metric(Kind::Ratio, Missing::Gap);
    let points = [point(0, None, 1.0, Some(2.0)), point(1, None, 90.0, Some(100.0))];
    let frame = ask(&metric, &query(Shape::Totals, None, &[], &[]), 2, 20, &points).expect("a frame");
    assert_eq!(frame.f64s("value"), Some(&[91.0 / 102.0][..]));
}

#[test]
fn a_missing_day_is_a_gap_unless_the_metric_says_zero() {
    let points = [point(0, None, 5.0, None), point(2, None, 7.0, None)];
    let daily = query(Shape::Series, Some(Bucket::Day), &[], &[]);
    let gap = ask(&metric(Kind::Sum, Missing::Gap), &daily, 3, 20, &points).expect("a frame");
    assert!(
        gap.f64s("value").is_some_and(|values| values[0] == 5.0 && values[1].is_nan() && values[2] == 7.0)
    );
    assert_eq!(gap.fact("missing-days"), Some(&Value::Text("2026-03-03".into())));
    let zero = ask(&metric(Kind::Sum, Missing::Zero), &daily, 3, 20, &points).expect("a frame");
    assert_eq!(zero.f64s("value"), Some(&[5.0, 0.0, 7.0][..]));
    assert_eq!(zero.fact("missing-days"), None);
}

#[test]
fn weeks_are_whole_and_start_on_monday() {
    let metric = metric(Kind::Sum, Missing::Gap);
    let points: Vec<_> = (0..16).filter(|on| *on != 8).map(|on| point(on, None, 1.0, None)).collect();
    let weekly = query(Shape::Series, Some(Bucket::Week), &[], &[]);
    let frame = ask(&metric, &weekly, 16, 20, &points).expect("a frame");
    let values = frame.f64s("value").expect("numbers");
    assert_eq!(values.len(), 2, "the two days of the third week are no week");
    assert!(values[0] == 7.0 && values[1].is_nan(), "a week with a gap is unknown, its sum would be short");
}

#[test]
fn more_rows_than_asked_for_are_an_error_never_a_cut() {
    let metric = metric(Kind::Sum, Missing::Gap);
    let few = Query { max_rows: 2, ..query(Shape::Series, Some(Bucket::Day), &[], &[]) };
    let error = ask(&metric, &few, 3, 20, &[]).expect_err("three days");
    assert_eq!(error.code(), "too-many-rows");
}

#[test]
fn the_order_of_points_never_changes_a_frame() {
    let metric = metric(Kind::Sum, Missing::Gap);
    let mut points: Vec<_> =
        (0..14).map(|on| point(on, Some(["free", "paid"][on as usize % 2]), 0.1 * on as f64, None)).collect();
    let query = query(Shape::Series, Some(Bucket::Day), &["plan"], &[]);
    let forwards = ask(&metric, &query, 14, 20, &points).expect("a frame").encode();
    points.reverse();
    assert_eq!(ask(&metric, &query, 14, 20, &points).expect("a frame").encode(), forwards);
}

#[test]
fn an_unknown_dimension_is_named_with_the_nearest_one() {
    let metric = metric(Kind::Sum, Missing::Gap);
    let error =
        ask(&metric, &query(Shape::Totals, None, &["plam"], &[]), 1, 20, &[]).expect_err("no such dimension");
    assert_eq!(error.to_string(), "app.uses has no dimension \"plam\". Did you mean \"plan\"?");
}

/// A metric of units: accounts with a plan each.
fn units(missing: Missing) -> Metric {
    let dimensions = [("account", Vec::new()), ("plan", vec!["free".to_owned(), "paid".to_owned()])];
    Metric {
        dimensions: dimensions.map(|(name, values)| (name.to_owned(), values)).into_iter().collect(),
        unit_dimension: Some("account".to_owned()),
        ..metric(Kind::Sum, missing)
    }
}

fn unit(on: i64, account: &str, plan: &str, sum: f64) -> StoredPoint {
    let mut stored = point(on, Some(plan), sum, None);
    Arc::make_mut(&mut stored.dimensions).insert("account".to_owned(), account.to_owned());
    stored
}

#[test]
fn samples_are_a_value_per_unit_in_order_of_size_and_without_names() {
    let points = [
        unit(0, "zoe", "free", 5.0),
        unit(1, "zoe", "free", 2.0),
        unit(1, "adam", "free", 40.0),
        unit(2, "mia", "paid", 1.0),
        unit(20, "mia", "paid", 1_000.0),
    ];
    for missing in [Missing::Gap, Missing::Zero] {
        let metric = units(missing);
        let frame =
            ask(&metric, &query(Shape::Samples, None, &["plan"], &[]), 14, 30, &points).expect("a frame");
        let names: Vec<&str> = frame.columns().iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["value", "plan"]);
        assert_eq!(frame.f64s("value"), Some(&[7.0, 40.0, 1.0][..]), "{missing:?}");
        let frame = ask(&metric, &query(Shape::Samples, None, &[], &[("plan", "free")]), 14, 30, &points);
        assert_eq!(frame.expect("a frame").f64s("value"), Some(&[7.0, 40.0][..]));
        // All units together are added up like any parts, and a unit that stays away is no gap.
        let frame = ask(&metric, &query(Shape::Totals, None, &[], &[]), 3, 30, &points).expect("a frame");
        assert_eq!(frame.f64s("value"), Some(&[48.0][..]));
        assert_eq!(frame.f64s("buckets"), Some(&[3.0][..]));
    }
    let metric = units(Missing::Gap);
    for (shape, splits, filters) in [
        (Shape::Samples, &["account"][..], &[][..]),
        (Shape::Totals, &["account"][..], &[][..]),
        (Shape::Totals, &[][..], &[("account", "zoe")][..]),
    ] {
        let refused =
            ask(&metric, &query(shape, None, splits, filters), 14, 30, &points).expect_err("a refusal");
        assert_eq!(
            refused.to_string(),
            "app.uses: the values of account are single units; it is neither a filter nor a split"
        );
    }
    let mut few = query(Shape::Samples, None, &[], &[]);
    few.max_rows = 2;
    assert!(matches!(ask(&metric, &few, 14, 30, &points), Err(SourceError::TooManyRows { rows: 3, .. })));
}
