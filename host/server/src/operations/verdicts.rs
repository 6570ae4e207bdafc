//! Verdicts: list, show, judge, replay.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::tz::TimeZone;
use yardstick_app::{App, AppError, Caller, JudgeRequest};
use yardstick_client::api::{
    self, DifferencePart, FramePart, InputsDocument, InputsRequest, JudgedDocument, Page, ReplayDocument,
    VerdictsRequest,
};
use yardstick_client::chart::ChartDocument;
use yardstick_client::document::VerdictDocument;
use yardstick_domain::digest::Digest;
use yardstick_domain::finding::Reason;
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::time::zone;
use yardstick_domain::verdict::{Standing, VerdictRef};
use yardstick_report::{chart, html, markdown};
use yardstick_store::{VerdictFilter, VerdictSummary};

use super::Result;
use super::reading::{DayEdge, Reading, levels, parse};

/// What verdicts come to.
const OUTCOMES: [&str; 4] = ["pass", "marginal", "fail", "undecided"];

/// Verdicts, the newest first.
pub(crate) async fn list(
    app: &App,
    caller: &Caller,
    request: &VerdictsRequest,
) -> Result<Page<api::VerdictSummary>> {
    let mut reading = Reading::default();
    let filter = VerdictFilter {
        release: reading.maybe("release", request.release.as_ref()),
        team: reading.maybe("team", request.team.as_ref()),
        standing: (!request.looks).then_some(Standing::Official),
        is_final: request.is_final,
        levels: reading.with("level", request.level.as_ref(), levels).unwrap_or_default(),
        outcome: reading
            .one_of("outcome", request.outcome.as_ref(), &OUTCOMES, |name| name)
            .map(str::to_owned),
        reason: reading.one_of("reason", request.reason.as_ref(), &Reason::ALL, Reason::as_str),
        code: reading.word("code", request.code.as_ref()),
        judged_since: reading.instant(
            "judged_since",
            request.judged_since.as_ref(),
            DayEdge::Start,
            &TimeZone::UTC,
        ),
        judged_until: reading.instant(
            "judged_until",
            request.judged_until.as_ref(),
            DayEdge::End,
            &TimeZone::UTC,
        ),
        ..VerdictFilter::default()
    };
    let before = reading.cursor(request.cursor.as_ref(), |text| text.parse().ok());
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.verdicts(caller, &filter, before, limit).await?;
    let items = page.items.into_iter().map(summary).collect();
    Ok(Page { items, next: page.next.map(|id| id.to_string()) })
}

/// A verdict with its evidence; `at` such as `batch-changes-ga/d28`.
pub(crate) async fn show(app: &App, caller: &Caller, at: &str) -> Result<VerdictDocument> {
    Ok(app.verdict_document(caller, &parse::<VerdictRef>("verdict", at)?).await?)
}

/// What the charts of a verdict are drawn from, or of one of its criteria.
pub(crate) async fn charts(
    app: &App,
    caller: &Caller,
    at: &str,
    criterion: Option<&str>,
) -> Result<ChartDocument> {
    Ok(app.verdict_chart(caller, &parse::<VerdictRef>("verdict", at)?, criterion).await?)
}

/// The charts of a verdict, or of one of its criteria, drawn.
pub(crate) async fn chart_svg(
    app: &App,
    caller: &Caller,
    at: &str,
    criterion: Option<&str>,
) -> Result<String> {
    Ok(chart::sheet(&charts(app, caller, at, criterion).await?, chart::Size::WIDE))
}

/// A verdict as a page of its own.
pub(crate) async fn report_html(app: &App, caller: &Caller, at: &str) -> Result<String> {
    let (document, charts) = with_charts(app, caller, at).await?;
    Ok(html::verdict(&document, &charts.charts))
}

/// A verdict as Markdown.
pub(crate) async fn report_markdown(app: &App, caller: &Caller, at: &str) -> Result<String> {
    let (document, charts) = with_charts(app, caller, at).await?;
    Ok(markdown::verdict(&document, &charts.charts, None))
}

async fn with_charts(app: &App, caller: &Caller, at: &str) -> Result<(VerdictDocument, ChartDocument)> {
    let document = show(app, caller, at).await?;
    // Of this very revision: another one may come between two questions.
    let charts = charts(app, caller, &document.exactly(), None).await?;
    Ok((document, charts))
}

/// Judges a release.
pub(crate) async fn judge(
    app: &App,
    caller: &Caller,
    release: &str,
    request: &api::JudgeRequest,
) -> Result<JudgedDocument> {
    let mut reading = Reading::default();
    let release = reading.must("release", release);
    let checkpoint = reading.maybe("checkpoint", request.checkpoint.as_ref());
    // Whether these are instants does not depend on the zone; which ones they are, the release must tell.
    let instants = |reading: &mut Reading, team: &TimeZone| {
        let as_of = reading.instant("as_of", request.as_of.as_ref(), DayEdge::End, team);
        (as_of, reading.instant("known_at", request.known_at.as_ref(), DayEdge::End, team))
    };
    instants(&mut reading, &TimeZone::UTC);
    let release: ReleaseSlug = reading.all(release)?;
    let team = zone(&app.release_detail(caller, &release).await?.time_zone);
    let mut reading = Reading::default();
    let (as_of, known_at) = instants(&mut reading, &team);
    reading.end()?;
    let request = JudgeRequest { release, checkpoint, as_of, known_at };
    let judged = app.judge(caller, &request).await?;
    Ok(JudgedDocument {
        verdict: app.verdict_document(caller, &judged.at).await?,
        look_because: judged.look_because,
        amended: judged.amended.map(|at| at.to_string()),
    })
}

/// Computes a verdict again from what was recorded.
pub(crate) async fn replay(app: &App, caller: &Caller, at: &str) -> Result<ReplayDocument> {
    let replay = app.replay(caller, &parse::<VerdictRef>("verdict", at)?).await?;
    Ok(ReplayDocument {
        at: replay.at,
        same: replay.differences.is_empty(),
        identical: replay.identical,
        by_host: replay.by_host,
        not_replayable: replay.not_replayable,
        fuel_compared: replay.fuel_compared,
        differences: replay
            .differences
            .into_iter()
            .map(|difference| DifferencePart {
                criterion: difference.criterion,
                part: difference.part,
                detail: difference.detail,
            })
            .collect(),
    })
}

/// What a criterion of a verdict was judged from.
pub(crate) async fn inputs(
    app: &App,
    caller: &Caller,
    at: &str,
    request: &InputsRequest,
) -> Result<InputsDocument> {
    let mut reading = Reading::default();
    let read = reading.must("verdict", at).zip(reading.must("criterion", &request.criterion));
    let (at, criterion) = reading.all(read)?;
    let inputs = app.verdict_inputs(caller, &at, &criterion).await?;
    let judgement = inputs.judgement;
    let value = |part: serde_json::Result<serde_json::Value>| {
        part.map_err(|error| AppError::Fault(error.to_string()))
    };
    let queries = judgement.queries.iter().map(|query| value(serde_json::to_value(query)));
    Ok(InputsDocument {
        at: inputs.at.to_string(),
        criterion: criterion.to_string(),
        plugin: judgement.plugin.as_ref().map(|plugin| plugin.name.to_string()),
        version: judgement.plugin.as_ref().map(|plugin| plugin.version.to_string()),
        question: value(serde_json::to_value(&judgement.question))?,
        queries: queries.collect::<std::result::Result<_, _>>()?,
        frames: inputs
            .frames
            .into_iter()
            .map(|(key, frame)| {
                let bytes = frame.encode();
                FramePart { key, hash: Digest::of(&bytes).to_string(), content: BASE64.encode(&bytes) }
            })
            .collect(),
        finding: value(serde_json::to_value(&judgement.finding))?,
    })
}

/// A verdict in a list.
pub(super) fn summary(summary: VerdictSummary) -> api::VerdictSummary {
    api::VerdictSummary {
        at: summary.at.to_string(),
        release: summary.at.release.to_string(),
        release_name: summary.release_name,
        checkpoint: summary.at.checkpoint.to_string(),
        standing: summary.standing.into(),
        is_final: summary.is_final,
        outcome: (&summary.outcome).into(),
        reason: summary.outcome.reason().map(Into::into),
        code: summary.outcome.code().map(str::to_owned),
        headline: summary.headline,
        as_of: summary.as_of,
        judged_at: summary.judged_at,
        judged_by: summary.judged_by.to_string(),
    }
}
