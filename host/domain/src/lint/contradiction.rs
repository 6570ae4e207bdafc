//! Pairs of criteria that cannot both pass.

use yardstick_stats::{Quantity, format};

use super::{Code, Known, Lint};
use crate::asked::Bound;
use crate::checkpoint::Days;
use crate::criteria::Criterion;
use crate::metric::{Kind, Metric};
use crate::question::Role;
use crate::release::Release;

/// What a criterion asks of the level after the launch.
struct Wanted {
    at: f64,
    /// As it is written.
    quantity: Quantity,
    is_least: bool,
    /// Whether it rests on what the level is today.
    from_today: bool,
}

/// Each pair once, at the later of the two.
pub(super) fn find(release: &Release, known: &Known, fields: &[String]) -> Vec<Lint> {
    let list: Vec<(&Criterion, &String)> = release.criteria.list.iter().zip(fields).collect();
    let mut lints = Vec::new();
    for (index, (later, field)) in list.iter().enumerate() {
        for (earlier, _) in &list[..index] {
            if let Some(text) = contradict(release, known, earlier, later) {
                let at =
                    later.asked().map_or("with".to_owned(), |asked| format!("with.{}", asked.parameter()));
                lints.push(Lint { code: Code::Contradiction, field: format!("{field}.{at}"), text });
            }
        }
    }
    lints
}

fn contradict(release: &Release, known: &Known, one: &Criterion, other: &Criterion) -> Option<String> {
    let counts = |criterion: &Criterion| criterion.role != Role::Watch;
    let days = |criterion: &Criterion| days(release, criterion);
    if !(counts(one) && counts(other) && one.metrics == other.metrics && days(one)? == days(other)?) {
        return None;
    }
    let metric = one.only_metric(|key| known.metrics.get(key));
    let (first, second) = (wanted(one, metric, known)?, wanted(other, metric, known)?);
    // What different judges make of the same metric is the same only for a level.
    let is_level = metric.is_some_and(|metric| metric.kind != Kind::Sum);
    if one.judge.name != other.judge.name && !is_level {
        return None;
    }
    let ((least, asking), (most, _)) = match (first.is_least, second.is_least) {
        (true, false) => ((first, one), (second, other)),
        (false, true) => ((second, other), (first, one)),
        _ => return None,
    };
    if least.at <= most.at {
        return None;
    }
    let written = |wanted: &Wanted, other: &Wanted| match metric {
        Some(metric) => format::value_beside(wanted.at, other.at, &metric.unit),
        None => wanted.quantity.to_string(),
    };
    let from = if least.from_today || most.from_today { ", as the metric is before the launch" } else { "" };
    Some(format!(
        "it cannot pass together with {}: {} asks for at least {}, the other for at most {} of the same{from}; mend one of \
         them",
        one.id,
        asking.id,
        written(&least, &most),
        written(&most, &least)
    ))
}

/// The days that count when it is decided.
fn days(release: &Release, criterion: &Criterion) -> Option<Days> {
    let criteria = &release.criteria;
    criterion.days(criterion.decided_at(criteria.last()?, &criteria.checkpoints)?)
}

fn wanted(criterion: &Criterion, metric: Option<&Metric>, known: &Known) -> Option<Wanted> {
    let asked = criterion.asked()?;
    if !asked.is_change() {
        // The direction of a metric does not matter to a level.
        let bound = asked.bound(crate::metric::Better::Neither)?;
        let quantity = asked.quantity();
        return Some(Wanted { at: bound.at, quantity, is_least: bound.is_least, from_today: false });
    }
    let Bound { at, is_least } = asked.bound(metric?.better)?;
    let today = *known.today.get(&criterion.id)?;
    let at = match asked.quantity() {
        Quantity::Percent(_) => today * (1.0 + at),
        Quantity::Points(_) | Quantity::Plain(_) => today + at,
    };
    Some(Wanted { at, quantity: asked.quantity(), is_least, from_today: true })
}
