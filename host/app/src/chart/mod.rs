//! The days around a launch, as they were known when a verdict was judged, for its charts.
//!
//! A chart shows no more than its verdict may say. Of a criterion that is not due, a counted metric shows its
//! values so far; of a comparison nothing after the launch, and of variants nothing at all: two lines side by
//! side are an estimate that everybody can read.

mod levels;
mod series;

use std::ops::Range;

use jiff::tz::TimeZone;
use yardstick_client::chart::{
    BaselinePart, ChartDocument, ChartPart, CheckpointPart, DaysPart, LinePart, VERSION,
};
use yardstick_client::document::FindingPart;
use yardstick_domain::checkpoint::Days;
use yardstick_domain::criteria::{Terms, metric_hash};
use yardstick_domain::metric::Kind;
use yardstick_domain::time::{day_of, days_from_launch, plus_days, zone};
use yardstick_domain::verdict::{Judgement, Verdict, VerdictRef};
use yardstick_stats::format;

use crate::error::{AppError, Result};
use crate::fetch::Fetcher;
use crate::question::{Measured, Moment, measured};
use crate::{App, Caller};
use levels::Scale;
use series::{Axis, Drawn, quotient};

/// Days before the launch that a chart shows at least.
const BEFORE: u32 = 28;
/// Days before the launch that are left of a metric that began with it.
const EMPTY_BEFORE: usize = 3;
/// The most days of a chart: three years. A longer baseline is cut at its far end.
const MOST_DAYS: u32 = 1_096;
/// The most lines of a chart; more can be told apart by nobody.
const MOST_LINES: usize = 8;
/// The metrics of a criterion that are drawn as one quotient, by the names judges have for them.
const QUOTIENT: (&str, &str) = ("numerator", "denominator");

impl App {
    /// The charts of a verdict, or of one of its criteria: from the values that had been received when it was
    /// judged, so that they look the same whenever they are drawn.
    ///
    /// # Errors
    /// [`AppError::NotFound`] with the verdicts there are, or with the nearest criterion.
    pub async fn verdict_chart(
        &self,
        caller: &Caller,
        at: &VerdictRef,
        criterion: Option<&str>,
    ) -> Result<ChartDocument> {
        self.visible(caller, &at.release).await?;
        let verdict = self.verdict_named(at).await?;
        if let Some(wanted) = criterion
            && !verdict.judgements.iter().any(|judgement| judgement.criterion.id.as_str() == wanted)
        {
            let known = verdict.judgements.iter().map(|judgement| judgement.criterion.id.as_str());
            return Err(AppError::not_found(&format!("criterion of {}", verdict.at), wanted, known));
        }
        let document = self.verdict_document(caller, &verdict.at).await?;
        let terms = self.terms(verdict.terms).await?;
        let known_at = verdict.known_at.unwrap_or(verdict.judged_at);
        let moment = Moment {
            launch: verdict.launch,
            checkpoint: verdict.at.checkpoint,
            as_of: verdict.as_of,
            known_at: Some(known_at),
            team: zone(&terms.time_zone),
        };
        // Whoever only looks waits here, before millions of points are in memory for each of many.
        let _place = self.drawing.acquire().await.map_err(AppError::fault)?;
        let mut fetcher = Fetcher::new(&self.store);
        let mut charts = Vec::new();
        for (judgement, finding) in verdict.judgements.iter().zip(&document.findings) {
            if criterion.is_none_or(|wanted| finding.criterion == wanted) {
                let place = Place::new(&verdict, &terms, &moment, judgement, finding);
                charts.extend(place.charts(&mut fetcher).await?);
            }
        }
        Ok(ChartDocument {
            yardstick_chart: VERSION.to_owned(),
            at: verdict.at.to_string(),
            known_at: known_at.to_string(),
            charts,
        })
    }
}

/// A criterion of a verdict, and the days its charts are about.
struct Place<'a> {
    verdict: &'a Verdict,
    terms: &'a Terms,
    moment: &'a Moment,
    judgement: &'a Judgement,
    finding: &'a FindingPart,
    /// First and last day of the axis, counted from the launch day.
    first: i32,
    last: i32,
}

/// What a chart may show of its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Everything,
    /// Nothing from the launch day on.
    BeforeLaunch,
    Nothing,
}

impl<'a> Place<'a> {
    fn new(
        verdict: &'a Verdict,
        terms: &'a Terms,
        moment: &'a Moment,
        judgement: &'a Judgement,
        finding: &'a FindingPart,
    ) -> Self {
        let decided = judgement.decided.map_or(0, |decided| decided.checkpoint.days());
        let last = verdict.at.checkpoint.days().max(decided).min(MOST_DAYS - BEFORE);
        let before = judgement.criterion.baseline_days.unwrap_or(0).clamp(BEFORE, MOST_DAYS - last - 1);
        Self { verdict, terms, moment, judgement, finding, first: -(before as i32), last: last as i32 }
    }

    /// A chart per metric, or one of the quotient.
    async fn charts(&self, fetcher: &mut Fetcher<'_>) -> Result<Vec<ChartPart>> {
        let mut panels = Vec::new();
        let mut missing = Vec::new();
        for (name, key) in &self.judgement.criterion.metrics {
            let sealed = self.terms.metrics.get(key).copied().flatten();
            match fetcher.metric(key, self.moment.known_at).await? {
                Some((metric, complete)) if sealed == metric_hash(&metric).ok() => {
                    panels.push(measured(name, metric, complete));
                }
                // Its values may be a mixture of two meanings.
                _ => missing.push(format!("{key} is no longer defined as it was sealed, so it is not drawn")),
            }
        }
        let mut charts = Vec::new();
        let named = |wanted: &str| panels.iter().find(|panel| panel.name == wanted);
        if let (Some(over), Some(under), 2) = (named(QUOTIENT.0), named(QUOTIENT.1), panels.len()) {
            charts.push(self.quotient(over, under, fetcher).await?);
        } else {
            for panel in &panels {
                let alone = panels.len() == 1 && missing.is_empty();
                charts.push(self.single(panel, alone, fetcher).await?);
            }
        }
        match charts.first_mut() {
            Some(first) => first.notes.append(&mut missing),
            None if missing.is_empty() => {}
            None => charts.push(self.nothing(missing)),
        }
        Ok(charts)
    }

    /// A chart that says why there is none. Its days are those of the team.
    fn nothing(&self, notes: Vec<String>) -> ChartPart {
        let keys: Vec<String> = self.judgement.criterion.metrics.values().map(ToString::to_string).collect();
        let mut chart = self.empty(&self.moment.team, &self.terms.time_zone, String::new(), "");
        chart.title = keys.join(", ");
        chart.metrics = keys;
        chart.notes = notes;
        chart
    }

    async fn single(&self, panel: &Measured, alone: bool, fetcher: &mut Fetcher<'_>) -> Result<ChartPart> {
        let drawn = self.read(panel, fetcher).await?;
        let mut chart = self.empty(
            &panel.zone,
            &panel.metric.time_zone,
            panel.metric.unit.clone(),
            panel.metric.kind.as_str(),
        );
        chart.title = panel.metric.title.clone();
        chart.metrics = vec![panel.metric.key.to_string()];
        self.fill(&mut chart, drawn, panel.metric.kind == Kind::Sum, alone);
        Ok(chart)
    }

    async fn quotient(
        &self,
        over: &Measured,
        under: &Measured,
        fetcher: &mut Fetcher<'_>,
    ) -> Result<ChartPart> {
        let drawn = quotient(self.read(over, fetcher).await?, &self.read(under, fetcher).await?);
        let (above, below) = (&over.metric, &under.metric);
        let said = self.finding.observed.as_ref().map(|observed| observed.unit.clone());
        let unit = match said {
            Some(unit) if self.finding.grade == "target-only" => unit,
            _ if above.unit == below.unit => "share".to_owned(),
            _ => format!("{} per {}", above.unit, format::noun(1, &below.unit)),
        };
        let mut chart = self.empty(&over.zone, &above.time_zone, unit, "quotient");
        chart.title = format!("{} / {}", above.title, below.title);
        chart.metrics = vec![above.key.to_string(), below.key.to_string()];
        // A total over a level grows with the window; a day's amount over its level does not.
        let total = above.kind == Kind::Sum && below.kind == Kind::Gauge;
        self.fill(&mut chart, drawn, total, true);
        Ok(chart)
    }

    /// The values of a metric as its judge asked for them: the same filters and splits.
    async fn read(&self, panel: &Measured, fetcher: &mut Fetcher<'_>) -> Result<Drawn> {
        let span = days_from_launch(self.moment.launch, self.first, self.last, &self.moment.team);
        let axis = Axis {
            first: plus_days(day_of(self.moment.launch, &panel.zone), self.first),
            days: (self.last - self.first + 1) as usize,
        };
        series::read(self.judgement, panel, self.moment, span, axis, fetcher).await
    }

    /// A chart with its days and without values. The days are those of the zone, of that name.
    fn empty(&self, zone: &TimeZone, zone_name: &str, unit: String, kind: &str) -> ChartPart {
        let launch = day_of(self.moment.launch, zone);
        let day = |count: i32| plus_days(launch, count).to_string();
        let criterion = &self.judgement.criterion;
        let baseline = criterion.baseline_days.map(|days| BaselinePart {
            first_day: day((-(days as i32)).max(self.first)),
            last_day: day(-1),
            mean: None,
        });
        let window = self.window_days().map(|days| DaysPart {
            first_day: day(days.from as i32),
            last_day: day(days.to as i32),
            name: days.to_string(),
        });
        let checkpoints = self.terms.checkpoints.iter().filter(|point| point.days() as i32 <= self.last);
        ChartPart {
            criterion: criterion.id.to_string(),
            title: String::new(),
            metrics: Vec::new(),
            unit,
            kind: kind.to_owned(),
            time_zone: zone_name.to_owned(),
            first_day: day(self.first),
            last_day: day(self.last),
            launch_day: launch.to_string(),
            lines: Vec::new(),
            window,
            baseline,
            target: None,
            marginal: None,
            observed: None,
            checkpoints: checkpoints
                .map(|point| CheckpointPart {
                    name: point.to_string(),
                    day: day(point.days() as i32),
                    judged: *point == self.verdict.at.checkpoint,
                })
                .collect(),
            withheld: None,
            notes: Vec::new(),
        }
    }

    /// Positions of the days that count.
    fn window_positions(&self) -> Option<Range<usize>> {
        let position = |day: u32| (day as i32 - self.first) as usize;
        self.window_days().map(|days| position(days.from)..position(days.to) + 1)
    }

    /// The days that count, at the checkpoint that decides.
    fn window_days(&self) -> Option<Days> {
        let decides = self.judgement.decided.map_or(self.verdict.at.checkpoint, |decided| decided.checkpoint);
        self.judgement.criterion.days(decides)
    }

    /// Puts values and levels into a chart. `total`: the judged number is the sum of the window's days, or such
    /// a sum over a level. `alone`: the finding's numbers belong to this chart.
    fn fill(&self, chart: &mut ChartPart, drawn: Drawn, total: bool, alone: bool) {
        let Drawn { mut lines, parts, compares_variants, trouble } = drawn;
        chart.notes.extend(trouble);
        // A verdict speaks of the days up to its checkpoint, whenever it was asked for.
        let spoken = self.verdict.at.checkpoint.days() as i32 - self.first + 1;
        lines.iter_mut().for_each(|line| line.values.truncate(spoken as usize));
        let shown = self.shown(compares_variants);
        let launch = (-self.first) as usize;
        if let (Some(baseline), [only], true) =
            (&mut chart.baseline, parts.as_slice(), shown != Shown::Nothing)
        {
            let days = self.judgement.criterion.baseline_days.unwrap_or(0) as usize;
            baseline.mean = only.level(launch.saturating_sub(days)..launch);
        }
        if alone {
            let scale = Scale {
                unit: &chart.unit,
                total,
                window: self.window_positions(),
                line: lines.first().filter(|_| lines.len() == 1),
            };
            let placed = scale.place(self.finding, &self.judgement.criterion.params);
            (chart.target, chart.marginal, chart.observed) = placed;
        }
        if shown != Shown::Everything {
            chart.withheld = Some(self.withheld(&lines));
        }
        match shown {
            Shown::Everything => {}
            Shown::BeforeLaunch => lines.iter_mut().for_each(|line| line.values.truncate(launch)),
            Shown::Nothing => lines.clear(),
        }
        if let Some(more) = lines.len().checked_sub(MOST_LINES).filter(|more| *more > 0) {
            lines.truncate(MOST_LINES);
            chart.notes.push(format!("{} more are not drawn", format::counted(more as u64, "variants")));
        }
        chart.lines = lines;
        self.trim(chart);
    }

    /// Cuts empty days before the launch: what began with it has nothing to show there.
    fn trim(&self, chart: &mut ChartPart) {
        let launch = (-self.first) as usize;
        let empty = |line: &LinePart| line.values.iter().take(launch).all(Option::is_none);
        let Some(cut) = launch.checked_sub(EMPTY_BEFORE).filter(|_| chart.withheld.is_none()) else { return };
        if chart.baseline.is_some() || chart.lines.is_empty() || !chart.lines.iter().all(empty) {
            return;
        }
        if let Ok(first) = chart.first_day.parse() {
            chart.first_day = plus_days(first, cut as i32).to_string();
            chart.lines.iter_mut().for_each(|line| drop(line.values.drain(..cut.min(line.values.len()))));
        }
    }

    fn shown(&self, compares_variants: bool) -> Shown {
        let early = self.finding.reason.as_deref() == Some("too-early");
        // The host shows the number so far of counted metrics only.
        match (early && self.finding.observed.is_none(), compares_variants) {
            (false, _) => Shown::Everything,
            (true, false) => Shown::BeforeLaunch,
            (true, true) => Shown::Nothing,
        }
    }

    fn withheld(&self, lines: &[LinePart]) -> String {
        let window = self.window_positions().unwrap_or_default();
        let there = |day: &usize| lines.iter().any(|line| line.values.get(*day).is_some_and(Option::is_some));
        let there = window.clone().filter(there).count();
        let when = self.finding.decided_at.as_deref().map_or(String::new(), |at| format!(" at {at}"));
        let of = format::counted(window.len() as u64, "days");
        format!("the comparison is not looked at before it is decided{when}; {there} of {of} are there")
    }
}
