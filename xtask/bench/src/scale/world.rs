//! A company's metrics and releases, the same in every run but for the day.

use std::fmt::Write as _;

use anyhow::Result;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

/// Values of the dimension by which each metric is split.
const PARTS: usize = 5;
/// Criteria of a release, each over a metric of its own.
pub(super) const CRITERIA: usize = 5;
/// Days on which releases launched, from this many days ago on: their last checkpoint has ended, and late values still
/// revise their verdicts.
const LAUNCHED: (i64, usize) = (50, 20);
/// A day that every release counts, so many days ago.
const CORRECTED: i64 = 25;

/// How much there is. The first quarter of the releases rests on the first quarter of the metrics, the first half on
/// the first half, so that each can be judged again by itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct World {
    pub(super) metrics: usize,
    days: usize,
    pub(super) releases: usize,
    today: Date,
}

impl World {
    pub(super) fn new(quick: bool) -> Result<Self> {
        let (metrics, days, releases) = if quick { (20, 120, 40) } else { (2_000, 365, 10_000) };
        let today = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        Ok(Self { metrics, days, releases, today })
    }

    pub(super) fn points(&self) -> usize {
        self.metrics * self.days * PARTS
    }

    fn ago(&self, days: i64) -> Result<Date> {
        Ok(self.today.checked_sub(days.days())?)
    }

    /// The last day with values.
    pub(super) fn last_day(&self) -> Result<Date> {
        self.ago(1)
    }

    /// The documents of these metrics.
    pub(super) fn metric_documents(range: std::ops::Range<usize>) -> String {
        let parts: Vec<String> = (0..PARTS).map(part).collect();
        let one = |index: usize| METRIC.replace("NAME", &metric(index)).replace("PARTS", &parts.join(", "));
        range.map(one).collect::<Vec<_>>().join("---\n")
    }

    /// All values of a metric.
    pub(super) fn values(&self, index: usize) -> Result<String> {
        let mut csv = HEADER.to_owned();
        for back in (1..=self.days).rev() {
            let day = self.ago(back as i64)?;
            for part in 0..PARTS {
                // Weeks have a shape, days differ, and no two metrics are alike.
                let value = 200 + (index * 31 + back * 17 + part * 7) % 61 + 20 * (back % 7);
                writeln!(csv, "{day},{},{value}", self::part(part))?;
            }
        }
        Ok(csv)
    }

    /// Late values of one day; each round brings others.
    pub(super) fn corrections(&self, index: usize, round: u32) -> Result<String> {
        let day = self.ago(CORRECTED)?;
        let mut csv = HEADER.to_owned();
        for part in 0..PARTS {
            writeln!(csv, "{day},{},{}", self::part(part), 400 + 10 * round as usize + (index + part) % 7)?;
        }
        Ok(csv)
    }

    /// The documents of these releases.
    pub(super) fn release_documents(&self, range: std::ops::Range<usize>) -> Result<String> {
        let mut text = String::new();
        for index in range {
            let metric = self.metrics_of(index).map(metric);
            let [uses, edits, shares, searches, others] = &metric;
            let day = self.ago(LAUNCHED.0 - (index % LAUNCHED.1) as i64)?;
            let release = RELEASE.replace("SLUG", &slug(index)).replace("DAY", &day.to_string());
            let release = release.replace("USES", uses).replace("EDITS", edits).replace("SHARES", shares);
            text += &release.replace("SEARCHES", searches).replace("OTHERS", others);
        }
        Ok(text)
    }

    /// When a release launched.
    pub(super) fn launched_at(&self, index: usize) -> Result<String> {
        Ok(format!("{}T10:00:00Z", self.ago(LAUNCHED.0 - (index % LAUNCHED.1) as i64)?))
    }

    /// The metrics of a release. Releases of a group share out the metrics of the group evenly, each another five.
    fn metrics_of(&self, release: usize) -> [usize; CRITERIA] {
        let (half, quarter) = (self.releases / 2, self.releases / 4);
        let (from, size, index) = match release {
            early if early < quarter => (0, self.metrics / 4, early),
            middle if middle < half => (self.metrics / 4, self.metrics / 4, middle - quarter),
            late => (self.metrics / 2, self.metrics / 2, late - half),
        };
        let block = size / CRITERIA;
        std::array::from_fn(|of| from + of * block + (index + of * (index / block)) % block)
    }
}

const HEADER: &str = "day,part,value\n";

pub(super) fn metric(index: usize) -> String {
    format!("bench.metric_{index}")
}

pub(super) fn slug(index: usize) -> String {
    format!("release-{index}")
}

fn part(index: usize) -> String {
    format!("part-{index}")
}

/// Whom everything belongs to.
pub(super) const COMPANY: &str = "
organisation: Bench
time_zone: Etc/UTC
---
person: ana.lopez@example.com
name: Ana
---
team: bench
name: Bench
time_zone: Etc/UTC
members: { ana.lopez@example.com: maintainer }
";

const METRIC: &str = "
metric: NAME
title: NAME
owner: ana.lopez@example.com
team: bench
definition: How often it was used.
definition_version: 1
kind: sum
unit: uses
better: higher
grain: day
time_zone: Etc/UTC
missing: gap
fresh_within: 36h
dimensions: { part: [PARTS] }
source: points
import: { time: day, value: value, dimensions: { part: part } }
";

const RELEASE: &str = "
---
release: SLUG
name: SLUG
team: bench
owner: ana.lopez@example.com
level: L3
planned: DAY
checkpoints: [d28]
goals:
  - id: uses
    says: It is used.
    judge: threshold@1
    metric: USES
    with: { at_least: 30000 }
  - id: edits
    says: It is used to edit.
    judge: threshold@1
    metric: EDITS
    with: { at_least: 40000, marginal_from: 20000 }
  - id: shares
    says: It is shared.
    judge: threshold@1
    metric: SHARES
    with: { at_least: 50000 }
  - id: searches
    says: It is found more often than before.
    judge: before-after@1
    metric: SEARCHES
    baseline: 28d
    with: { better_by_at_least: 1% }
guardrails:
  - id: others
    says: What was there is used hardly less than before.
    judge: before-after@1
    metric: OTHERS
    baseline: 28d
    with: { worse_by_at_most: 20% }
";
