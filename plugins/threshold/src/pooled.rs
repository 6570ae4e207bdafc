//! Means, and ratios that are no proportions: pooled, with the larger of two errors.
//!
//! The error between units takes each as independent; the error between days takes each day as one
//! observation and neighbouring days as alike as they are seen to be ([`daily::pool`]). The wider interval
//! counts. A ratio has no spread between units, so the days alone give its error.

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
    let interval = match (request.how, spread) {
        (How::Counted, _) => None,
        (_, Ok(interval)) => Some(interval),
        (How::Estimate, Err(Degenerate::OneValue | Degenerate::ZeroVariance)) => None,
        (_, Err(why)) => return Err(trouble(request, data, why)),
    };
    let decides =
        interval.filter(|_| request.how == How::Interval).unwrap_or(Interval { low: value, high: value });
    let method = request.method(interval.map(|_| "t"));
    let observations = format::counted(whole(n), request.unit_of_n());
    let mut measured = Measured {
        value,
        interval,
        n: Some(whole(n)),
        call: request.bounds.call(decides),
        detail: format!("{observations}; {method}"),
        method,
        flip: flip::continuous(&request.bounds, decides, &request.metric.unit),
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
    } else if interval.is_some() {
        measured.warnings.push("all observations are of one day; other days may differ".to_owned());
    }
    Ok(measured)
}

/// The wider of the intervals that the data allow.
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
    let interval = match (of_days, of_units) {
        (Ok(days), Ok(units)) if width(days) >= width(units) => days,
        (_, Ok(units)) => units,
        // Contradicting sums are worse news than a missing spread.
        (_, Err(why @ Degenerate::OutOfRange(_))) => return Err(why),
        (Ok(days), Err(Degenerate::ZeroVariance)) => days,
        (_, Err(why)) => return Err(why),
    };
    // A share lies in 0..=1, whatever its linearised error says.
    let (low, high) = if request.metric.is_share() {
        (interval.low.max(0.0), interval.high.min(1.0))
    } else {
        (interval.low, interval.high)
    };
    Ok(Interval { low, high })
}

/// A finding's words for a method without an answer.
pub(crate) fn trouble(request: &Request<'_>, data: &Data, why: Degenerate) -> Trouble {
    let n = whole(data.total.n.unwrap_or(0.0));
    let (reason, headline) = match why {
        Degenerate::OneValue if request.kind == Kind::Ratio => (
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
