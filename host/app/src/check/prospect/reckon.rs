//! From a criterion and the past of its metrics to what can be told of it. Pure.

use std::collections::BTreeMap;

use jiff::civil::Date;
use yardstick_domain::asked::{Asked, Bound};
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::criteria::{Criteria, Criterion};
use yardstick_domain::metric::{Kind, Metric};
use yardstick_domain::time::plus_days;
use yardstick_stats::Quantity;
use yardstick_stats::daily::Day;
use yardstick_stats::delta::Pair;
use yardstick_stats::power::Aim;

use super::counted::Number;
use super::past::Past;
use super::told::{Arms, Held, Teller};
use super::{Prospect, ProspectLook, Way, words};

/// Share of launches in which what is there is to be told.
pub(super) const POWER: f64 = 0.8;
/// Coverage of intervals where a criterion does not say.
const CONFIDENCE: f64 = 0.95;
/// Days of the past that a level and its spread are read from.
pub(super) const MONTH: usize = 28;

/// What a criterion comes to.
pub(super) struct Reckoning<'a> {
    pub(super) criterion: &'a Criterion,
    pub(super) criteria: &'a Criteria,
    pub(super) pasts: &'a BTreeMap<String, Past>,
    /// The day of the launch, or the planned one.
    pub(super) launch_day: Date,
    pub(super) asked: Option<Asked>,
}

/// How a criterion is decided, or why nobody here knows.
enum Method<'a> {
    Counted,
    Held(Way, Held<'a>),
    Unknown(String),
}

/// What can be told of a criterion whose metrics have a past.
pub(super) fn prospect(
    criterion: &Criterion,
    criteria: &Criteria,
    pasts: &BTreeMap<String, Past>,
    launch_day: Date,
) -> Prospect {
    let reckoning = Reckoning { criterion, criteria, pasts, launch_day, asked: criterion.asked() };
    match reckoning.method() {
        Method::Counted => reckoning.counted(),
        Method::Held(way, held) => reckoning.held(way, held),
        Method::Unknown(why) => Prospect::unknown(criterion, why),
    }
}

/// What a criterion of one metric comes to on the newest days: as many as will count of a level, those of the baseline
/// of a change.
pub(super) fn today(
    criterion: &Criterion,
    criteria: &Criteria,
    pasts: &BTreeMap<String, Past>,
) -> Option<f64> {
    let past = pasts.values().next().filter(|_| pasts.len() == 1)?;
    if criterion.asked().is_some_and(Asked::is_change) {
        let days = past.last(criterion.baseline_days.map_or(MONTH, |days| days as usize));
        return super::past::pooled(days);
    }
    let last = criterion.decided_at(criteria.last()?, &criteria.checkpoints)?;
    let days = criterion.days(last)?.count() as usize;
    let enough = past.metric.kind != Kind::Sum || past.days.len() >= days;
    past.over(past.last(days)).filter(|_| enough)
}

impl<'a> Reckoning<'a> {
    fn only(&self) -> Option<&'a Past> {
        self.pasts.values().next().filter(|_| self.pasts.len() == 1)
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.criterion.params.get(name).and_then(serde_json::Value::as_str)
    }

    fn method(&self) -> Method<'a> {
        let name = self.criterion.judge.name.to_string();
        match (name.as_str(), self.only()) {
            ("threshold", Some(past)) => self.level(past),
            ("before-after", Some(past)) => self.compared(past),
            ("experiment", Some(past)) => self.variants(past),
            ("ratio", _) => self.ratio(),
            // Of a judge whose method nobody here knows, what its metric is says how it can be decided at best.
            (_, Some(past)) if self.criterion.judge.name.team().is_some() => match self.asked {
                Some(asked) if asked.is_change() && self.criterion.baseline_days.is_some() => {
                    self.compared(past)
                }
                Some(asked) if !asked.is_change() => self.level(past),
                _ if matches!(past.metric.kind, Kind::Gauge | Kind::Sum) => Method::Counted,
                _ => Method::Unknown(words::no_method(self.criterion)),
            },
            _ => Method::Unknown(words::no_method(self.criterion)),
        }
    }

    fn level(&self, past: &'a Past) -> Method<'a> {
        let metric = &past.metric;
        let sampled = metric.sampled && matches!(metric.kind, Kind::Mean | Kind::Ratio);
        if sampled && self.parameter("decide_by") != Some("estimate") {
            Method::Held(Way::Sampled, Held::Level(past))
        } else {
            Method::Counted
        }
    }

    fn compared(&self, past: &'a Past) -> Method<'a> {
        let Some(baseline) = self.criterion.baseline_days else {
            return Method::Unknown("it names no baseline to compare with".to_owned());
        };
        Method::Held(Way::Compared, Held::Compared { past, baseline, relative: self.is_relative() })
    }

    fn variants(&self, past: &'a Past) -> Method<'a> {
        let arms = self.arms();
        Method::Held(Way::Variants, Held::Variants { past, arms, relative: self.is_relative() })
    }

    fn ratio(&self) -> Method<'a> {
        let (Some(above), Some(below)) = (self.pasts.get("numerator"), self.pasts.get("denominator")) else {
            return Method::Unknown(words::no_method(self.criterion));
        };
        if self.parameter("unit").is_some_and(|unit| unit != "day") {
            let why = "it is decided over units rather than days, of which nothing is known before";
            return Method::Unknown(why.to_owned());
        }
        let sampled = above.metric.sampled || below.metric.sampled;
        let by_interval = match self.parameter("decide_by") {
            Some("estimate") => false,
            Some(_) => true,
            None => sampled,
        };
        let are = |kind: Kind| above.metric.kind == kind && below.metric.kind == kind;
        let averages = are(Kind::Gauge) && self.parameter("levels") == Some("average");
        match by_interval {
            false => Method::Counted,
            true if are(Kind::Sum) || averages => {
                Method::Held(Way::Sampled, Held::Pairs(pairs(above, below)))
            }
            true => {
                Method::Unknown("what the error of such a ratio will be cannot be told beforehand".to_owned())
            }
        }
    }

    /// How the units of an experiment are split: as `weights` say, else evenly over the `variants` and the control,
    /// else over two arms.
    fn arms(&self) -> Arms {
        let params = &self.criterion.params;
        let control = self.parameter("control").unwrap_or_default();
        let ships = self.parameter("ships");
        if let Some(weights) = params.get("weights").and_then(serde_json::Value::as_object) {
            let weight = |name: &str| weights.get(name).and_then(serde_json::Value::as_f64).unwrap_or(0.0);
            let all: f64 = weights.keys().map(|name| weight(name)).sum();
            let deciding = weights.keys().filter(|name| *name != control);
            let deciding = deciding.filter(|name| ships.is_none_or(|ships| ships == name.as_str()));
            let least = deciding.map(|name| weight(name)).fold(f64::INFINITY, f64::min);
            if all > 0.0 && weight(control) > 0.0 && least > 0.0 && least.is_finite() {
                return Arms { control: weight(control) / all, variant: least / all };
            }
        }
        let part = 1.0 / (self.others() + 1) as f64;
        Arms { control: part, variant: part }
    }

    /// Variants beside the control, at least one.
    fn others(&self) -> usize {
        let params = &self.criterion.params;
        let listed = params.get("variants").and_then(serde_json::Value::as_array).map(Vec::len);
        let weighed = params.get("weights").and_then(serde_json::Value::as_object);
        listed.or(weighed.map(|weights| weights.len().saturating_sub(1))).unwrap_or(1).max(1)
    }

    fn is_relative(&self) -> bool {
        matches!(self.asked.map(Asked::quantity), Some(Quantity::Percent(_)))
    }

    /// Power 80 %, and the confidence that each look has.
    fn aim(&self, way: Way) -> Option<Aim> {
        let stated = match self.criterion.quantity("confidence") {
            Some(Quantity::Percent(share)) => share,
            _ => CONFIDENCE,
        };
        let looks = self.criterion.looks(&self.criteria.checkpoints).len().max(1) as f64;
        let mut error = (1.0 - stated) / looks;
        if way == Way::Variants {
            if self.parameter("ships").is_none() {
                error /= self.others() as f64;
            }
            if self.parameter("sides") == Some("one") {
                error *= 2.0;
            }
        }
        Aim::new((1.0 - error).max(0.5), POWER).ok()
    }

    /// The bound, and the unit it is in.
    fn bound(&self, metric: &Metric, way: Way) -> Option<(Bound, String)> {
        let Some(asked) = self.asked else {
            // An experiment that names no bound asks for any improvement at all.
            let any = Asked::BetterBy(Quantity::Plain(0.0)).bound(metric.better)?;
            return (way == Way::Variants).then(|| (any, change_unit(metric, Quantity::Plain(0.0))));
        };
        let unit =
            if asked.is_change() { change_unit(metric, asked.quantity()) } else { self.level_unit(metric) };
        Some((asked.bound(metric.better)?, unit))
    }

    /// The unit of a level: of one metric its own, of a ratio as its target is written.
    fn level_unit(&self, metric: &Metric) -> String {
        match self.asked.map(Asked::quantity) {
            Some(Quantity::Percent(_)) => "share".to_owned(),
            _ if self.pasts.len() == 1 => metric.unit.clone(),
            _ => String::new(),
        }
    }

    /// The checkpoints at which days of it count, and how many.
    fn looks(&self) -> Vec<(Checkpoint, bool, u32)> {
        let deciding = self.criterion.looks(&self.criteria.checkpoints);
        let days = |checkpoint: &Checkpoint| Some((*checkpoint, self.criterion.days(*checkpoint)?.count()));
        let all = self.criteria.checkpoints.iter().filter_map(days);
        all.map(|(checkpoint, days)| (checkpoint, deciding.contains(&checkpoint), days)).collect()
    }

    /// The checkpoint by which it must be decided, and the days it has then.
    fn due(&self) -> Option<(Checkpoint, u32)> {
        let last = self.criteria.last()?;
        let due = self.criterion.due.unwrap_or(last);
        Some((due, self.criterion.days(due)?.count()))
    }

    fn counted(&self) -> Prospect {
        let mut prospect = Prospect::unknown(self.criterion, String::new());
        let Some(number) = Number::of(self.criterion, self.pasts) else {
            prospect.says = words::no_method(self.criterion);
            return prospect;
        };
        let Some(past) = self.pasts.values().next() else { return prospect };
        prospect.way = Way::Counted;
        prospect.unit = self.level_unit(&past.metric);
        prospect.target_unit = prospect.unit.clone();
        prospect.past_days = self.pasts.values().map(Past::len).min().unwrap_or(0);
        prospect.spread = self.only().and_then(|past| past.spread(MONTH));
        prospect.n_per_day = self.only().and_then(|past| past.n_per_day(MONTH));
        prospect.target = self.asked.filter(|asked| !asked.is_change()).map(|asked| asked.quantity().value());
        prospect.assumed = self.criterion.expected();
        prospect.trend_per_week = number.trend();
        let days = self.due().map_or(1, |(_, days)| days as usize);
        // Where the past is shorter than what will count, what it has says where it stands; of a total it would be short.
        let whole = self.only().filter(|past| past.metric.kind != Kind::Sum);
        prospect.baseline = number.over(days, 0).or_else(|| whole.and_then(|past| past.over(&past.days)));
        let look = |(checkpoint, decides, days): (Checkpoint, bool, u32)| {
            let end = self.criterion.days(checkpoint).map_or(checkpoint.days(), |days| days.to);
            let end = plus_days(self.launch_day, end.cast_signed());
            let reaches = number.reaches(days, end);
            let n = prospect.n_per_day.map(|n| n * f64::from(days));
            ProspectLook { checkpoint, decides, days, n, low: None, high: None, detectable: None, reaches }
        };
        prospect.looks = self.looks().into_iter().map(look).collect();
        prospect.says = words::counted(&prospect, self, &number);
        prospect
    }

    fn held(&self, way: Way, held: Held<'a>) -> Prospect {
        let mut prospect = Prospect::unknown(self.criterion, String::new());
        let Some(past) = self.pasts.values().next() else { return prospect };
        prospect.way = way;
        prospect.past_days = self.pasts.values().map(Past::len).min().unwrap_or(0);
        let single = self.only();
        prospect.unit =
            if single.is_some() { past.metric.unit.clone() } else { self.level_unit(&past.metric) };
        let level_days = self.criterion.baseline_days.map_or(MONTH, |days| days as usize);
        prospect.spread = single.and_then(|past| past.spread(level_days));
        prospect.n_per_day = single.and_then(|past| past.n_per_day(level_days));
        prospect.baseline = match &held {
            Held::Pairs(pairs) => level_of(&pairs[pairs.len() - pairs.len().min(level_days)..]),
            _ => super::past::pooled(past.last(level_days)),
        };
        let (Some((bound, unit)), Some(aim)) = (self.bound(&past.metric, way), self.aim(way)) else {
            prospect.says = words::NO_BOUND.to_owned();
            return prospect;
        };
        prospect.target = Some(bound.at);
        prospect.target_unit = unit;
        let is_change = way != Way::Sampled;
        prospect.assumed = self.assumed(bound, is_change).or(prospect.baseline.filter(|_| !is_change));
        let teller = Teller { held, bound: bound.at, aim };
        prospect.looks = self.looks().into_iter().map(|look| told_at(&teller, look)).collect();
        if let (Some((_, days)), Some(assumed)) = (self.due(), prospect.assumed) {
            prospect.days_needed = teller.needed(assumed, days);
            prospect.decided = match teller.after(days) {
                Ok(_) if assumed == bound.at => None,
                Ok(_) => Some(teller.tells(days, assumed)),
                Err(_) => prospect.days_needed.is_some().then_some(false),
            };
        }
        let why = self.due().and_then(|(_, days)| teller.after(days).err());
        (prospect.says, prospect.would_take) = words::told(&prospect, self, why);
        prospect
    }

    /// What the team expects; of a change, none where it does not say.
    fn assumed(&self, bound: Bound, is_change: bool) -> Option<f64> {
        let expected = self.criterion.expected();
        if !is_change {
            return expected;
        }
        // Written as an improvement; its sign is that of the metric.
        let better = |size: f64| if bound_improves_upwards(self.asked, bound) { size } else { 0.0 - size };
        Some(better(expected.unwrap_or(0.0)))
    }
}

/// Whether more of the metric is better, by the side on which the bound of a change is met.
fn bound_improves_upwards(asked: Option<Asked>, bound: Bound) -> bool {
    asked.is_none_or(Asked::is_change) && bound.is_least
}

/// The unit in which a change is asked for.
fn change_unit(metric: &Metric, quantity: Quantity) -> String {
    match quantity {
        Quantity::Percent(_) => "relative".to_owned(),
        Quantity::Points(_) => "pp".to_owned(),
        Quantity::Plain(_) if metric.is_share() => "pp".to_owned(),
        Quantity::Plain(_) => metric.unit.clone(),
    }
}

fn told_at(teller: &Teller<'_>, (checkpoint, decides, days): (Checkpoint, bool, u32)) -> ProspectLook {
    let seen = teller.after(days).ok();
    let told = seen.map(|seen| seen.told);
    let (low, high) = (told.and_then(|told| told.low), told.and_then(|told| told.high));
    let away = |value: Option<f64>| value.map(|value| (value - teller.bound).abs());
    let detectable = match (away(low), away(high)) {
        (Some(one), Some(other)) => Some(one.max(other)),
        (one, other) => one.or(other),
    };
    let n = seen.and_then(|seen| seen.n);
    ProspectLook { checkpoint, decides, days, n, low, high, detectable, reaches: None }
}

/// Days that both metrics have, oldest first.
fn pairs(above: &Past, below: &Past) -> Vec<Pair> {
    let newest = above.newest.min(below.newest);
    let until = |past: &Past| -> Vec<Day> {
        let later = usize::try_from(yardstick_domain::time::days_between(newest, past.newest)).unwrap_or(0);
        past.days[..past.days.len().saturating_sub(later)].to_vec()
    };
    let (above, below) = (until(above), until(below));
    let days = above.len().min(below.len());
    above[above.len() - days..]
        .iter()
        .zip(&below[below.len() - days..])
        .map(|(above, below)| Pair { numerator: above.sum, denominator: below.sum })
        .collect()
}

fn level_of(pairs: &[Pair]) -> Option<f64> {
    let present: Vec<Pair> = pairs.iter().copied().filter(|pair| pair.is_present()).collect();
    yardstick_stats::delta::value(&present).ok()
}
