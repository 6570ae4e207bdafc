//! Means, and ratios that are no proportions: pooled, with the larger of two errors.
//!
//! The error between units takes each as independent; the error between days takes each day as one
//! observation and neighbouring days as alike as they are seen to be ([`daily::pool`]). The wider interval
//! counts. A ratio has no spread between units, so the days alone give its error. Observations of a single day,
//! however many, say nothing of how days differ, and are not judged.

use yardstick_sdk::flip;
use yardstick_sdk::stats::{Degenerate, Interval, daily, format, standard_error, t_interval};
use yardstick_sdk::{Reason, Value};

use crate::answer::{Measured, Trouble};
use crate::data::Data;
use crate::request::{How, Kind, Request};
use crate::words::whole;

/// Fewer days than this say little about how days differ.
const FEW_DAYS: u64 = 7;

pub(crate) fn judge(request: &Request<'_>, data: &Data) -> Result<Measured, Trouble> {
    let Some(value) = data.pooled() else {
        return Err(trouble(request, data, Degenerate::OutOfRange("")));
    };
    let n = data.total.n.unwrap_or(0.0);
    let between_days = daily::pool(&data.days);
    let spread = spread(request, data, value, n, &between_days);
    let free = match (request.how, spread) {
        (How::Counted, _) => None,
        (_, Ok(interval)) => Some(interval),
        (How::Estimate, Err(Degenerate::OneValue | Degenerate::ZeroVariance)) => None,
        (_, Err(why)) => return Err(trouble(request, data, why)),
    };
    // A share lies in 0..=1, whatever its linearised error says.
    let within = |Interval { low, high }| Interval { low: low.max(0.0), high: high.min(1.0) };
    let interval = free.map(|free| if request.metric.is_share() { within(free) } else { free });
    let point = Interval { low: value, high: value };
    let deciding = |found: Option<Interval>| found.filter(|_| request.how == How::Interval).unwrap_or(point);
    let decides = deciding(interval);
    let method = request.method(interval.map(|_| "t"));
    let observations = format::counted(whole(n), request.unit_of_n());
    let mut measured = Measured {
        value,
        interval,
        n: Some(whole(n)),
        call: request.bounds.call(decides),
        detail: format!("{observations}; {method}"),
        method,
        flip: flip::cut(&request.bounds, decides, deciding(free), &request.metric.unit),
        warnings: Vec::new(),
        facts: Vec::new(),
    };
    if let (Some(_), Ok(pooled)) = (interval, between_days) {
        let days = format::counted(pooled.days, "days");
        measured.detail = format!(
            "{observations} on {days} worth {}; {}",
            format::value((10.0 * pooled.effective_days).round() / 10.0, ""),
            measured.method
        );
        measured.facts.push(("days", Value::Integer(pooled.days.cast_signed())));
        measured.facts.push(("effective-days", Value::Number(pooled.effective_days)));
        measured.facts.push(("autocorrelation", Value::Number(pooled.autocorrelation)));
        if pooled.days < FEW_DAYS {
            measured.warnings.push(format!("{days} say little about how much days differ"));
        }
    }
    Ok(measured)
}

/// The wider of the intervals that the data allow, of a share also beyond 0 and 1.
fn spread(
    request: &Request<'_>,
    data: &Data,
    value: f64,
    n: f64,
    between_days: &Result<daily::Pooled, Degenerate>,
) -> Result<Interval, Degenerate> {
    let of_days = between_days.and_then(|pooled| pooled.interval(request.confidence));
    let of_units = match (request.kind, data.total.sum, data.total.sum_sq) {
        (Kind::Mean, Some(sum), Some(sum_sq)) => standard_error(n, sum, sum_sq)
            .and_then(|error| t_interval(value, error, n - 1.0, request.confidence)),
        _ => of_days,
    };
    let width = |interval: Interval| interval.high - interval.low;
    match (of_days, of_units) {
        // Contradicting sums are worse news than a missing spread.
        (_, Err(why @ Degenerate::OutOfRange(_))) => Err(why),
        // One day's observations say nothing of other days, however many they are.
        (Err(why @ Degenerate::OneValue), _) => Err(why),
        (Ok(days), Ok(units)) if width(days) >= width(units) => Ok(days),
        (_, Ok(units)) => Ok(units),
        (Ok(days), Err(Degenerate::ZeroVariance)) => Ok(days),
        (_, Err(why)) => Err(why),
    }
}

/// A finding's words for a method without an answer.
pub(crate) fn trouble(request: &Request<'_>, data: &Data, why: Degenerate) -> Trouble {
    let n = whole(data.total.n.unwrap_or(0.0));
    let (reason, headline) = match why {
        Degenerate::OneValue if request.kind == Kind::Ratio || n > 1 => (
            Reason::InsufficientData,
            "all of it is of one day, so the error between days is unknown".to_owned(),
        ),
        Degenerate::OneValue => {
            let one = format::counted(n, request.unit_of_n());
            (Reason::InsufficientData, format!("{one} alone has no spread to judge by"))
        }
        Degenerate::ZeroVariance => {
            (Reason::InsufficientData, "all values are the same, so their spread is unknown".to_owned())
        }
        Degenerate::OutOfRange(_) => {
            let key = &request.metric.key;
            (Reason::UntrustedData, format!("the sums of {key} contradict each other or are too large"))
        }
        other => (Reason::InsufficientData, other.to_string()),
    };
    let so_far = data.pooled().filter(|_| reason == Reason::InsufficientData).map(|value| (value, n));
    Trouble { so_far, ..Trouble::new(reason, why.code(), headline) }
}
