//! Exports: rows of releases, verdicts and findings, in pieces that are never in memory together.

use tokio::sync::OwnedSemaphorePermit;
use yardstick_app::{App, AppError, Caller, EXPORTS, ExportRequest, ExportedRelease};
use yardstick_client::api::{self, ExportRow, Exported, FindingRow, ReleaseRow, VerdictRow};
use yardstick_domain::finding::{Outcome, Reason};
use yardstick_domain::question::Role;
use yardstick_domain::time::{day_of, days_between, zone};
use yardstick_report::export::Format;
use yardstick_store::{ExportedFinding, ExportedVerdict, ReleaseCursor};

use super::reading::{Reading, day, levels};
use super::release_document::criteria_state;
use super::{Error, Result};

/// An export on its way.
pub(crate) struct Export {
    what: Exported,
    format: Format,
    request: ExportRequest,
    next: Next,
    _place: OwnedSemaphorePermit,
}

/// Where the next page starts.
enum Next {
    Head,
    Releases(Option<ReleaseCursor>),
    Verdicts(Option<i64>),
    Findings(Option<(i64, u32)>),
    End,
}

impl Export {
    /// Begins an export; nothing is read yet.
    pub(crate) fn begin(app: &App, what: Exported, request: &api::ExportRequest) -> Result<Self> {
        let mut reading = Reading::default();
        let format = reading.with("format", request.format.as_ref(), format);
        let since = reading.with("since", request.since.as_ref(), day);
        let until = reading.with("until", request.until.as_ref(), day);
        let request = ExportRequest {
            team: reading.maybe("team", request.team.as_ref()),
            levels: reading.with("level", request.level.as_ref(), levels).unwrap_or_default(),
            since,
            until,
            looks: request.looks,
        };
        reading.end()?;
        if since.zip(until).is_some_and(|(since, until)| since > until) {
            return Err(Error::malformed("until", "is before since; nothing is between them"));
        }
        let format = format.unwrap_or(Format::Csv);
        let busy = || Error::Busy(format!("{EXPORTS} exports are being read already; try again"));
        let _place = app.export_place().ok_or_else(busy)?;
        Ok(Self { what, format, request, next: Next::Head, _place })
    }

    /// How its rows are written.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// The next piece; `None`: that was all.
    pub(crate) async fn piece(&mut self, app: &App, caller: &Caller) -> Result<Option<Vec<u8>>> {
        let request = &self.request;
        let (piece, next) = match std::mem::replace(&mut self.next, Next::End) {
            Next::Head => match self.what {
                Exported::Releases => (self.format.head::<ReleaseRow>(), Next::Releases(None)),
                Exported::Verdicts => (self.format.head::<VerdictRow>(), Next::Verdicts(None)),
                Exported::Findings => (self.format.head::<FindingRow>(), Next::Findings(None)),
            },
            Next::Releases(after) => {
                let page = app.export_releases(caller, request, after.as_ref()).await?;
                let next = page.next.map_or(Next::End, |next| Next::Releases(Some(next)));
                (self.written(page.items.into_iter().map(release)), next)
            }
            Next::Verdicts(after) => {
                let page = app.export_verdicts(caller, request, after).await?;
                let next = page.next.map_or(Next::End, |next| Next::Verdicts(Some(next)));
                (self.written(page.items.iter().map(verdict)), next)
            }
            Next::Findings(after) => {
                let page = app.export_findings(caller, request, after).await?;
                let next = page.next.map_or(Next::End, |next| Next::Findings(Some(next)));
                (self.written(page.items.into_iter().map(finding)), next)
            }
            Next::End => return Ok(None),
        };
        self.next = next;
        let piece = piece.map_err(|error| AppError::Fault(format!("rows cannot be written: {error}")))?;
        Ok(Some(piece))
    }

    fn written<R: ExportRow>(&self, rows: impl Iterator<Item = R>) -> std::io::Result<Vec<u8>> {
        self.format.rows(&rows.collect::<Vec<_>>())
    }
}

/// How rows are written: `csv`, or `json` for an object on each line.
pub(crate) fn format(text: &str) -> std::result::Result<Format, String> {
    match text {
        "csv" => Ok(Format::Csv),
        "json" => Ok(Format::Ndjson),
        other => Err(format!("{other:?} is no format; expected csv, or json for an object on each line")),
    }
}

fn release(exported: ExportedRelease) -> ReleaseRow {
    let ExportedRelease { facts, time_zone } = exported;
    let team = zone(&time_zone);
    let criteria = criteria_state(&facts);
    let lifecycle = facts.lifecycle().into();
    let days_late =
        facts.launch.as_ref().map(|launch| days_between(facts.release.planned, day_of(launch.at, &team)));
    let release = facts.release;
    let of = |role: Role| {
        let theirs = release.criteria.list.iter().filter(|criterion| criterion.role == role);
        u32::try_from(theirs.count()).unwrap_or(u32::MAX)
    };
    let checkpoints: Vec<String> = release.criteria.checkpoints.iter().map(ToString::to_string).collect();
    ReleaseRow {
        goals: of(Role::Goal),
        guardrails: of(Role::Guardrail),
        watches: of(Role::Watch),
        release: release.slug.to_string(),
        name: release.name,
        team: release.team.to_string(),
        owner: release.owner.to_string(),
        level: release.level.into(),
        must_be_measured: release.level.must_be_measured(),
        stage: release.stage.map(|stage| stage.as_str().to_owned()),
        feature: release.feature,
        lifecycle,
        criteria,
        planned: release.planned,
        launched_at: facts.launch.map(|launch| launch.at),
        days_late,
        time_zone,
        checkpoints: checkpoints.join(" "),
        sealed_at: facts.seal.as_ref().map(|seal| seal.at),
        seal: facts.seal.map(|seal| seal.hash.to_string()),
        amendments: u32::try_from(facts.amendments.len()).unwrap_or(u32::MAX),
        cancelled_at: facts.cancelled.map(|cancelled| cancelled.at),
        follows: release.follows.map(|slug| slug.to_string()),
        okrs: release.okrs.join(" "),
        confidence: release.confidence,
        issue: release.issue,
    }
}

/// What an outcome is, and of an undecided one why.
fn outcome(outcome: &Outcome) -> (api::Outcome, Option<api::Reason>, Option<String>) {
    let reason: Option<Reason> = outcome.reason();
    (outcome.into(), reason.map(Into::into), outcome.code().map(ToString::to_string))
}

fn verdict(exported: &ExportedVerdict) -> VerdictRow {
    let ExportedVerdict { verdict, newest, counts, name, team, level, feature, .. } = exported;
    let (outcome, reason, code) = outcome(&verdict.outcome);
    VerdictRow {
        verdict: verdict.at.numbered(),
        release: verdict.at.release.to_string(),
        name: name.clone(),
        team: team.to_string(),
        level: (*level).into(),
        feature: feature.clone(),
        standing: verdict.standing.into(),
        checkpoint_days: verdict.at.checkpoint.days(),
        is_final: verdict.is_final,
        newest: *newest,
        counts: *counts,
        outcome,
        reason,
        code,
        headline: verdict.headline.clone(),
        launched_at: verdict.launch,
        as_of: verdict.as_of,
        judged_at: verdict.judged_at,
        terms: verdict.terms.to_string(),
    }
}

fn finding(exported: ExportedFinding) -> FindingRow {
    let ExportedFinding {
        verdict: ExportedVerdict { verdict, newest, counts, team, level, .. },
        judgement,
        ..
    } = exported;
    let (criterion, found) = (judgement.criterion, judgement.finding);
    let (outcome, reason, code) = outcome(&found.outcome);
    let metrics: Vec<&str> = criterion.metrics.values().map(AsRef::as_ref).collect();
    let finite = |number: f64| Some(number).filter(|number| number.is_finite());
    let primary = found.primary;
    let of = |read: fn(&yardstick_domain::finding::Estimate) -> Option<f64>| {
        primary.as_ref().and_then(read).and_then(finite)
    };
    FindingRow {
        verdict: verdict.at.numbered(),
        release: verdict.at.release.to_string(),
        team: team.to_string(),
        level: level.into(),
        standing: verdict.standing.into(),
        checkpoint_days: verdict.at.checkpoint.days(),
        is_final: verdict.is_final,
        newest,
        counts,
        criterion: criterion.id.to_string(),
        role: criterion.role.into(),
        required: criterion.required,
        judge: judgement.plugin.as_ref().map(|plugin| plugin.name.to_string()),
        judge_version: judgement.plugin.as_ref().map(|plugin| plugin.version.to_string()),
        metrics: metrics.join(" "),
        says: criterion.says,
        outcome,
        reason,
        code,
        headline: found.headline,
        grade: found.grade.as_str().to_owned(),
        method: found.method,
        value: of(|estimate| Some(estimate.value)),
        low: of(|estimate| estimate.low),
        high: of(|estimate| estimate.high),
        confidence: of(|estimate| estimate.confidence),
        log10_p: of(|estimate| estimate.log10_p),
        n: primary.as_ref().and_then(|estimate| estimate.n),
        unit: primary.map(|estimate| estimate.unit),
        target: found.target.and_then(finite),
        judged_at: verdict.judged_at,
    }
}
