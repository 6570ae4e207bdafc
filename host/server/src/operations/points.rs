//! Points of a metric: what counts day by day, and what it was before.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use yardstick_app::{App, Caller, PointsWanted};
use yardstick_client::api::{Page, PointDocument, PointValuePart, PointsRequest};
use yardstick_domain::metric::{Kind, Metric};
use yardstick_domain::time::{day_of, zone};
use yardstick_store::{PointCursor, PointHistory, PointValue};

use super::Result;
use super::reading::{DayEdge, Reading, day};

/// Earlier values of a day that are shown, at most.
const EARLIER: usize = 20;

/// Points of a metric by series and then by day.
pub(crate) async fn list(
    app: &App,
    caller: &Caller,
    metric: &str,
    request: &PointsRequest,
) -> Result<Page<PointDocument>> {
    let mut reading = Reading::default();
    let key = reading.must("metric", metric);
    let from = reading.with("from", request.from.as_ref(), day);
    let until = reading.with("until", request.until.as_ref(), day);
    let dimensions = reading.pairs("dimension", &request.dimension);
    // Whether it is an instant does not depend on the zone; which one it is, the metric must tell.
    reading.instant("known_at", request.known_at.as_ref(), DayEdge::End, &TimeZone::UTC);
    let after = reading.cursor(request.cursor.as_ref(), after);
    let limit = reading.limit(request.limit);
    let metric = app.readable_metric(caller, &reading.all(key)?).await?;
    let zone = zone(&metric.time_zone);
    let mut reading = Reading::default();
    let known_at = reading.instant("known_at", request.known_at.as_ref(), DayEdge::End, &zone);
    reading.end()?;
    let wanted = PointsWanted { from, until, dimensions, known_at };
    let page = app.points(&metric, &wanted, after.as_ref(), limit).await?;
    let items = page.items.into_iter().filter_map(|point| document(point, &metric, &zone)).collect();
    Ok(Page { items, next: page.next.map(|cursor| text(&cursor)) })
}

fn text(cursor: &PointCursor) -> String {
    format!("{}_{}", cursor.bucket.as_millisecond(), BASE64.encode(&cursor.dimensions))
}

fn after(cursor: &str) -> Option<PointCursor> {
    let (bucket, dimensions) = cursor.split_once('_')?;
    let dimensions = String::from_utf8(BASE64.decode(dimensions).ok()?).ok()?;
    // No database takes it in a text.
    let whole = !dimensions.contains('\0');
    let bucket = Timestamp::from_millisecond(bucket.parse().ok()?).ok()?;
    whole.then_some(PointCursor { dimensions, bucket })
}

/// A bucket always has a value: nothing is left out.
fn document(point: PointHistory, metric: &Metric, zone: &TimeZone) -> Option<PointDocument> {
    let corrections = point.values.len().saturating_sub(1) as u64;
    let mut values = point.values.into_iter().rev().map(|value| part(&value, metric.kind));
    let now = values.next()?;
    Some(PointDocument {
        dimensions: point.dimensions,
        day: day_of(point.bucket, zone),
        now,
        corrections,
        earlier: values.take(EARLIER).collect(),
    })
}

fn part(value: &PointValue, kind: Kind) -> PointValuePart {
    let measure = value.measure;
    let divided = matches!(kind, Kind::Mean | Kind::Ratio);
    let n = measure.and_then(|measure| measure.n).filter(|_| divided);
    let level =
        measure.map(|measure| if divided { measure.sum / n.unwrap_or(f64::NAN) } else { measure.sum });
    PointValuePart {
        import: value.import,
        received_at: value.received_at,
        value: level.filter(|level| level.is_finite()),
        sum: measure.filter(|_| divided).map(|measure| measure.sum),
        n,
        sum_sq: measure.and_then(|measure| measure.sum_sq),
    }
}

#[cfg(test)]
mod tests {
    use yardstick_domain::point::Measure;

    use super::*;

    #[test]
    fn cursors_are_read_as_they_are_written() {
        let cursor = PointCursor {
            dimensions: "{\"plan\":\"größer_als\"}".to_owned(),
            bucket: "2026-03-03T00:00:00Z".parse().unwrap(),
        };
        assert_eq!(after(&text(&cursor)), Some(cursor));
        for wrong in ["", "_", "1_!", "x_e30", "1", "9223372036854775807_e30", "1_AA"] {
            assert_eq!(after(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_value_is_what_its_kind_makes_of_the_numbers() {
        let value = |kind, sum, n, sum_sq| {
            let measure = Some(Measure { sum, n, sum_sq });
            let value = PointValue { import: 1, received_at: Timestamp::UNIX_EPOCH, measure };
            let part = part(&value, kind);
            (part.value, part.sum, part.n, part.sum_sq)
        };
        assert_eq!(value(Kind::Gauge, 7.0, None, None), (Some(7.0), None, None, None));
        assert_eq!(value(Kind::Ratio, 3.0, Some(4.0), None), (Some(0.75), Some(3.0), Some(4.0), None));
        assert_eq!(value(Kind::Ratio, 3.0, Some(0.0), None), (None, Some(3.0), Some(0.0), None));
        let mean = value(Kind::Mean, 6.0, Some(3.0), Some(14.0));
        assert_eq!(mean, (Some(2.0), Some(6.0), Some(3.0), Some(14.0)));
    }
}
