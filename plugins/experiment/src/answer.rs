//! What a judgement comes to, and how it becomes a finding.

use yardstick_sdk::bounds::Call;
use yardstick_sdk::stats::{Degenerate, format, two_arms};
use yardstick_sdk::{Decided as Outcome, Estimate, Finding, Grade, Reason, Says, Table, Undecided, Value};

use crate::arms::{Arm, Arms, Checked};
use crate::decide::{Decided, Standing};
use crate::flip::flip;
use crate::request::Request;
use crate::words::{self, is_whole, name, shown, whole};

/// Why nothing is compared.
pub(crate) struct Trouble {
    reason: Reason,
    /// A code of the host's table.
    code: &'static str,
    headline: String,
}

impl Trouble {
    pub(crate) fn new(reason: Reason, code: &'static str, headline: String) -> Self {
        Self { reason, code, headline }
    }

    /// A method without an answer; `arm`: whose numbers it could not use.
    pub(crate) fn of(request: &Request<'_>, why: Degenerate, arm: Option<&Arm>) -> Self {
        let of = arm.map_or(String::new(), |arm| format!(" of {}", shown(&arm.name)));
        let reason = match why {
            Degenerate::OutOfRange(_) => Reason::UntrustedData,
            _ => Reason::InsufficientData,
        };
        let headline = match why {
            Degenerate::ZeroVariance => {
                format!("the values{of} do not differ from one another, so their spread is unknown")
            }
            Degenerate::NotPositive => {
                format!("the control {} is not above 0, so nothing is relative to it", shown(request.control))
            }
            Degenerate::OutOfRange(_) => {
                format!("the sums{of} contradict each other or are too large")
            }
            other => format!("{other}{of}"),
        };
        Self::new(reason, why.code(), headline)
    }

    /// Says how many units there are, never how they compare.
    pub(crate) fn finding(self, request: &Request<'_>, arms: &Arms) -> Finding {
        let finding = Finding::undecided(Undecided {
            reason: self.reason,
            code: self.code,
            headline: self.headline,
            method: request.method(request.interval_confidence(request.error), 1),
            grade: Grade::Randomised,
            target: Some(request.bound.at()),
        })
        .with("bound", words::side(request));
        if arms.all.is_empty() {
            return finding;
        }
        let units = |arm: &Arm| vec![Value::Text(name(&arm.name)), count(arm.n)];
        finding.table(Table {
            title: "Units by variant".to_owned(),
            columns: vec!["variant".to_owned(), request.unit_of_n().to_owned()],
            rows: arms.all.iter().map(units).collect(),
            more: Vec::new(),
        })
    }
}

pub(crate) fn finding(request: &Request<'_>, checked: &Checked<'_>, decided: &Decided<'_>) -> Finding {
    let standing = decided.first();
    let variants = decided.standings.len();
    let method = request.method(standing.compared.confidence, variants);
    let says = Says {
        headline: words::headline(request, checked, decided),
        grade: Grade::Randomised,
        target: request.bound.at(),
        primary: estimate(request, checked, standing, "difference"),
        flip: flip(request, checked, decided),
        method: method.clone(),
    };
    let mut finding = match decided.call {
        Call::Pass => Finding::decided(Outcome::Pass, says),
        Call::Fail => Finding::decided(Outcome::Fail, says),
        // There is no weaker bound.
        Call::Marginal | Call::Straddles => Finding::inconclusive("straddles", says),
    };
    for (index, other) in decided.standings.iter().enumerate() {
        if index != decided.first {
            finding = finding.other(estimate(request, checked, other, &name(&other.arm.name)));
        }
    }
    finding = finding
        .with("detail", words::detail(request, checked, decided, &method))
        .with("bound", words::side(request))
        .with("units", count_of_all(checked))
        .with("variant", name(&standing.arm.name))
        .with("control", name(request.control))
        .with("sample-ratio-log10-p", checked.ratio.log10_p);
    if let Some(log10_p) = standing.log10_p.filter(|_| variants > 1) {
        finding = finding.with("unadjusted-log10-p", log10_p);
    }
    checked.warnings.iter().fold(finding.table(table(request, checked, decided)), |finding, warning| {
        finding.warn(warning.as_str())
    })
}

/// Units of all variants: what may be shown before the comparison is looked at, as it favours none of them.
fn count_of_all(checked: &Checked<'_>) -> Value {
    let others = checked.deciding.iter().chain(&checked.shown).map(|arm| arm.n);
    count(checked.control.n + others.sum::<f64>())
}

/// The difference with its interval, over both variants' units, with the p-value that decides.
fn estimate(request: &Request<'_>, checked: &Checked<'_>, standing: &Standing<'_>, name: &str) -> Estimate {
    let compared = standing.compared;
    let two_arms::OpenInterval { low, high } = open(&standing.compared.interval);
    let mut estimate = Estimate::new(name, request.unit(), compared.value);
    estimate.low = low;
    estimate.high = high;
    estimate.confidence = Some(compared.confidence);
    estimate.n = Some(whole(standing.arm.n + checked.control.n));
    estimate.log10_p = standing.adjusted;
    estimate
}

fn open(interval: &yardstick_sdk::stats::Interval) -> two_arms::OpenInterval {
    let ends = |end: f64| end.is_finite().then_some(end);
    two_arms::OpenInterval { low: ends(interval.low), high: ends(interval.high) }
}

/// A whole number of units; a text for what is none.
fn count(units: f64) -> Value {
    if is_whole(units) { Value::Integer(units as i64) } else { Value::Text("n/a".to_owned()) }
}

/// A row per variant: the control, those that decide, those that are only shown.
fn table(request: &Request<'_>, checked: &Checked<'_>, decided: &Decided<'_>) -> Table {
    let several = decided.standings.len() > 1;
    let mut columns = vec!["variant", request.unit_of_n()];
    columns.extend(request.unit_of_sum());
    columns.extend(["value", "difference", "interval", "p"]);
    if several {
        columns.push("p adjusted");
    }
    let row = |arm: &Arm, role: &str, standing: Option<&Standing<'_>>| {
        let mut cells = vec![Value::Text(format!("{}{role}", name(&arm.name)))];
        cells.push(count(arm.n));
        cells.extend(request.unit_of_sum().map(|_| count(arm.sum)));
        let value = arm.value().map(|value| format::value(value, &request.metric.unit));
        cells.push(Value::Text(value.unwrap_or_default()));
        let difference = standing.map(|standing| words::difference(request, &standing.compared));
        let (difference, interval) = difference.unwrap_or_default();
        cells.extend([difference, interval].map(Value::Text));
        let p = |log10_p: Option<f64>| Value::Text(log10_p.map(words::p_value).unwrap_or_default());
        cells.push(p(standing.and_then(|standing| standing.log10_p)));
        if several {
            cells.push(p(standing.and_then(|standing| standing.adjusted)));
        }
        cells
    };
    let mut rows = vec![row(checked.control, " (control)", None)];
    rows.extend(decided.standings.iter().map(|standing| row(standing.arm, "", Some(standing))));
    rows.extend(checked.shown.iter().map(|arm| row(arm, " (does not decide)", None)));
    Table {
        title: "Variants".to_owned(),
        columns: columns.into_iter().map(str::to_owned).collect(),
        rows,
        more: Vec::new(),
    }
}
