//! Can each criterion be decided? What the past of its metrics says of it, before anything is known of the launch.
//!
//! Nothing is decided by it. It looks at values of days before the launch only, also where the release has launched
//! since, and makes of them what the judge will make of as many days ([`yardstick_stats::power`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use yardstick_client::files::Declaration;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::criteria::{Criteria, Criterion};
use yardstick_domain::ids::{CriterionId, MetricKey};
use yardstick_domain::lint::{self, Known, Lint};
use yardstick_domain::metric::Metric;
use yardstick_domain::question::Role;
use yardstick_domain::release::Release;
use yardstick_domain::time::{day_of, zone};

use super::Grade;
use crate::error::{AppError, Result};
use crate::fetch::Fetcher;
use crate::{App, Caller};

mod counted;
mod past;
mod reckon;
#[cfg(test)]
mod tests;
mod told;
mod words;

use past::{NoPast, Past};

/// How a criterion will be decided, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A number compared as it is.
    Counted,
    /// A level with its sampling error.
    Sampled,
    /// Days after the launch against days before it.
    Compared,
    /// Variants against their control.
    Variants,
    /// Nobody here knows.
    Unknown,
}

impl Way {
    /// The word in documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Sampled => "sampled",
            Self::Compared => "compared",
            Self::Variants => "variants",
            Self::Unknown => "unknown",
        }
    }
}

/// What can be told of a criterion before its launch.
#[derive(Debug, Clone, PartialEq)]
pub struct Prospect {
    /// The criterion.
    pub criterion: CriterionId,
    /// What it decides.
    pub role: Role,
    /// How it will be decided.
    pub way: Way,
    /// Unit of `baseline` and `spread`; `share` for a proportion in 0..1.
    pub unit: String,
    /// Unit of `target`, `assumed` and what looks tell; `relative` for a part of the baseline, `pp` for points of a
    /// share as a part of one, else the metric's.
    pub target_unit: String,
    /// What the metric comes to on the newest days before the launch; `None`: nothing is known of it.
    pub baseline: Option<f64>,
    /// Standard deviation of its days there; `None`: fewer than two days.
    pub spread: Option<f64>,
    /// Days before the launch that were looked at.
    pub past_days: u32,
    /// Observations a day there; `None`: it has none, as levels and amounts.
    pub n_per_day: Option<f64>,
    /// The bound that decides, with its sign.
    pub target: Option<f64>,
    /// What the true value is taken to be for `decided` and `days_needed`: what the team expects; else, of a level, what
    /// it is before the launch, and of a change, none.
    pub assumed: Option<f64>,
    /// By how much it grew a week over the last weeks; of a number that is counted.
    pub trend_per_week: Option<f64>,
    /// Each checkpoint at which days of it count, ascending.
    pub looks: Vec<ProspectLook>,
    /// The checkpoint by which it must be decided.
    pub due: Option<Checkpoint>,
    /// Whole days after the launch that tell the assumed value from the target; `None`: not known, or more than two
    /// years.
    pub days_needed: Option<u32>,
    /// Whether the assumed value is told from the target by then; `None`: that cannot be said.
    pub decided: Option<bool>,
    /// All of it in a sentence or two.
    pub says: String,
    /// Where it is not decided by then, what that would take; empty: it is, or that cannot be said.
    pub would_take: String,
}

/// What so many days tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProspectLook {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// Whether it is decided there.
    pub decides: bool,
    /// Days after the launch that count.
    pub days: u32,
    /// Observations expected in them.
    pub n: Option<f64>,
    /// Up to this the true value is told to lie below the target.
    pub low: Option<f64>,
    /// From this on it is told to lie above.
    pub high: Option<f64>,
    /// The smallest distance from the target that is told on either side: the minimum detectable effect.
    pub detectable: Option<f64>,
    /// What a counted number would come to if its trend went on. No forecast that judges anything.
    pub reaches: Option<f64>,
}

impl Prospect {
    /// How its line reads.
    #[must_use]
    pub fn grade(&self) -> Grade {
        match self.decided {
            Some(true) => Grade::Ok,
            Some(false) if self.role != Role::Watch => Grade::Warn,
            _ => Grade::Note,
        }
    }

    /// What whoever seals it should know: that a goal or guardrail cannot be decided in time.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        (self.grade() == Grade::Warn).then(|| format!("{} {}", self.criterion, self.would_take))
    }

    /// Of which nothing can be told but why.
    fn unknown(criterion: &Criterion, says: String) -> Self {
        Self {
            criterion: criterion.id.clone(),
            role: criterion.role,
            way: Way::Unknown,
            unit: String::new(),
            target_unit: String::new(),
            baseline: None,
            spread: None,
            past_days: 0,
            n_per_day: None,
            target: None,
            assumed: None,
            trend_per_week: None,
            looks: Vec::new(),
            due: None,
            days_needed: None,
            decided: None,
            says,
            would_take: String::new(),
        }
    }
}

/// When and for whom prospects are looked at.
pub(crate) struct Before<'a> {
    pub(crate) caller: &'a Caller,
    /// When it launched; `None`: it has not, and days before the planned one count.
    pub(crate) launch: Option<Timestamp>,
    /// Metrics as they are defined, or will be.
    pub(crate) metrics: &'a BTreeMap<MetricKey, Metric>,
}

/// What can be said of a release before its launch.
#[derive(Debug, Default)]
pub(crate) struct Outlook {
    /// Of each criterion, in their order; empty: not asked for.
    pub(crate) prospects: Vec<Prospect>,
    /// What in its criteria is probably not meant.
    pub(crate) lints: Vec<Lint>,
}

impl Outlook {
    /// What whoever seals it should know.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let lints = self.lints.iter().filter(|lint| lint.code.grade() == lint::Grade::Warn);
        let lints = lints.map(|lint| format!("{}: {} ({})", lint.field, lint.text, lint.code.as_str()));
        lints.chain(self.prospects.iter().filter_map(Prospect::warning)).collect()
    }
}

impl App {
    /// The metrics that these criteria name, as they are defined or will be by what is declared beside them.
    pub(crate) async fn metrics_of(
        &self,
        criteria: &Criteria,
        declared: &[Declaration],
    ) -> Result<BTreeMap<MetricKey, Metric>> {
        let mut metrics = BTreeMap::new();
        for key in criteria.list.iter().flat_map(|criterion| criterion.metrics.values()) {
            if metrics.contains_key(key) {
                continue;
            }
            let new = declared.iter().find_map(|declaration| match declaration {
                Declaration::Metric(metric) if metric.key == *key => Some(metric.clone()),
                _ => None,
            });
            let metric = match new {
                Some(metric) => Some(metric),
                None => self.store.metric(key).await?,
            };
            if let Some(metric) = metric {
                metrics.insert(key.clone(), metric);
            }
        }
        Ok(metrics)
    }

    /// Lints of a release, and with `ahead` what can be told of each of its criteria.
    pub(crate) async fn outlook(
        &self,
        before: &Before<'_>,
        release: &Release,
        time_zone: &str,
        ahead: bool,
    ) -> Result<Outlook> {
        let team = zone(time_zone);
        let criteria = Arc::new(release.criteria.clone());
        let mut fetcher = Fetcher::new(&self.store);
        let mut known = Known { metrics: before.metrics.clone(), today: BTreeMap::new() };
        let mut prospects = Vec::new();
        // What came after the day it was planned for may be its own doing, whether or not anybody announced it.
        let launch = before.launch.unwrap_or(past::midday(release.planned, &team));
        let before = &Before { launch: Some(launch), ..*before };
        let launch_day = day_of(launch, &team);
        for (index, criterion) in criteria.list.iter().enumerate() {
            let pasts = self.pasts(before, criterion, &team, &mut fetcher).await?;
            if let Ok(pasts) = &pasts
                && let Some(value) = reckon::today(criterion, &criteria, pasts)
            {
                known.today.insert(criterion.id.clone(), value);
            }
            if !ahead {
                continue;
            }
            prospects.push(match pasts {
                Err(why) => Prospect::unknown(criterion, words::no_past(&why)),
                Ok(pasts) => {
                    let criteria = Arc::clone(&criteria);
                    // Some of it is work, and whoever shares this thread would wait for it.
                    let reckoned =
                        move || reckon::prospect(&criteria.list[index], &criteria, &pasts, launch_day);
                    tokio::task::spawn_blocking(reckoned).await.map_err(AppError::fault)?
                }
            });
        }
        for (prospect, criterion) in prospects.iter_mut().zip(&criteria.list) {
            prospect.due = criterion.due.or(criteria.last());
        }
        Ok(Outlook { prospects, lints: lint::lint(release, &known) })
    }

    /// The past of each metric of a criterion, by the judge's name for it; the inner error says why there is none.
    async fn pasts(
        &self,
        before: &Before<'_>,
        criterion: &Criterion,
        team: &TimeZone,
        fetcher: &mut Fetcher<'_>,
    ) -> Result<std::result::Result<BTreeMap<String, Past>, NoPast>> {
        let mut pasts = BTreeMap::new();
        for (name, key) in &criterion.metrics {
            let Some(metric) = before.metrics.get(key) else {
                return Ok(Err(NoPast::NotDefined(key.clone())));
            };
            match self.past(before, metric, team, fetcher).await? {
                Ok(past) => pasts.insert(name.clone(), past),
                Err(why) => return Ok(Err(why)),
            };
        }
        Ok(Ok(pasts))
    }
}
