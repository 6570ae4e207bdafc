//! Plugins: list, show, publish, mark, grant, runs, back-tests.

use semver::Version;
use yardstick_app::{App, Backtest, BacktestRequest, Caller, PluginDetail, RunShown};
use yardstick_client::api::{
    self, BacktestDocument, ChangedFindingPart, ChangedPluginDocument, CostPart, ExpectedMetricPart,
    FailurePart, GrantPart, GrantRequest, HealthPart, LeftOutPart, LogLinePart, MarkPart, Page,
    PluginDocument, PluginEventPart, PluginSummary, PluginVersionPart, PublishRequest, PublishedDocument,
    RunDocument, RunsRequest, ShadowPart, TurnedVerdictPart,
};
use yardstick_domain::ids::PluginName;
use yardstick_domain::plugin::{Channel, Health, Mark, PluginVersion, RecordedRun};
use yardstick_domain::time::zone;
use yardstick_store::{RunFilter, VersionChange};

use super::reading::{DayEdge, Reading, parse};
use super::{Error, Result};

/// Verdicts that a back-test looks at unless told otherwise.
const VERDICTS: u32 = 200;

/// All plugins, by name.
pub(crate) async fn list(app: &App) -> Result<Page<PluginSummary>> {
    let items = app.plugins().await?.into_iter().map(|plugin| PluginSummary {
        name: plugin.version.name().to_string(),
        version: plugin.version.version().to_string(),
        summary: plugin.version.manifest.plugin.summary.clone(),
        built_in: plugin.built_in,
        versions: plugin.versions as u32,
        channel: plugin.version.channel.into(),
        deprecated: plugin.version.deprecated.map(|mark| mark.reason),
        yanked: plugin.version.yanked.map(|mark| mark.reason),
    });
    Ok(Page { items: items.collect(), next: None })
}

/// A plugin with its versions, grants and history.
pub(crate) async fn show(app: &App, plugin: &str) -> Result<PluginDocument> {
    let name = parse("plugin", plugin)?;
    document(app, &name).await
}

async fn document(app: &App, name: &PluginName) -> Result<PluginDocument> {
    let PluginDetail { name, versions, built_in, grants, events } = app.plugin(name).await?;
    Ok(PluginDocument {
        team: name.as_str().split_once('/').map(|(team, _)| team.to_owned()),
        name: name.to_string(),
        built_in,
        versions: versions.into_iter().map(|(version, health)| part(version, health)).collect(),
        grants: grants
            .into_iter()
            .map(|grant| GrantPart {
                metric: grant.metric.to_string(),
                samples: grant.samples,
                given_at: grant.given_at,
                given_by: grant.given_by.to_string(),
            })
            .collect(),
        events: events
            .into_iter()
            .map(|event| PluginEventPart {
                at: event.at,
                by: event.by.to_string(),
                kind: event.kind,
                version: event.version.map(|version| version.to_string()),
                detail: event.detail,
            })
            .collect(),
    })
}

/// Publishes a component.
pub(crate) async fn publish(
    app: &App,
    caller: &Caller,
    request: &PublishRequest,
    component: Vec<u8>,
) -> Result<PublishedDocument> {
    let channel = if request.shadow { Channel::Shadow } else { Channel::Current };
    let request = yardstick_app::PublishRequest { component, channel };
    match app.publish(caller, request).await? {
        Ok(published) => Ok(PublishedDocument {
            name: published.version.name().to_string(),
            version: part(published.version, None),
            is_new: published.is_new,
            cases: published.cases as u32,
        }),
        Err(refused) => Err(Error::Plugin(refused)),
    }
}

/// Marks a version.
pub(crate) async fn change(
    app: &App,
    caller: &Caller,
    plugin: &str,
    version: &str,
    change: &VersionChange,
) -> Result<ChangedPluginDocument> {
    let (name, version) = named(Reading::default(), plugin, version)?;
    let (version, uses) = app.change_plugin(caller, &name, &version, change).await?;
    Ok(ChangedPluginDocument {
        name: name.to_string(),
        version: part(version, None),
        releases: uses.releases.iter().map(ToString::to_string).collect(),
    })
}

/// Gives leave to read a metric.
pub(crate) async fn grant(
    app: &App,
    caller: &Caller,
    plugin: &str,
    request: &GrantRequest,
) -> Result<PluginDocument> {
    let mut reading = Reading::default();
    let read = reading.must("plugin", plugin).zip(reading.must("metric", &request.metric));
    let (name, metric) = reading.all(read)?;
    app.grant(caller, &name, &metric, request.samples).await?;
    document(app, &name).await
}

/// Takes leave back.
pub(crate) async fn revoke(
    app: &App,
    caller: &Caller,
    plugin: &str,
    request: &GrantRequest,
) -> Result<PluginDocument> {
    let mut reading = Reading::default();
    let read = reading.must("plugin", plugin).zip(reading.must("metric", &request.metric));
    let (name, metric) = reading.all(read)?;
    app.revoke(caller, &name, &metric, request.samples).await?;
    document(app, &name).await
}

/// Runs of a plugin, the newest first.
pub(crate) async fn runs(
    app: &App,
    caller: &Caller,
    plugin: &str,
    request: &RunsRequest,
) -> Result<Page<RunDocument>> {
    let mut reading = Reading::default();
    let name: Option<PluginName> = reading.must("plugin", plugin);
    let version: Option<Version> = reading.maybe("version", request.version.as_ref());
    let before = reading.cursor(request.cursor.as_ref(), |text| text.parse().ok());
    let limit = reading.limit(request.limit);
    let name = reading.all(name)?;
    let digest = match version {
        Some(version) => Some(app.plugin_digest(&name, &version).await?),
        None => None,
    };
    let filter = RunFilter { digest, failed: request.failed, shadow: request.shadow, ..RunFilter::default() };
    let page = app.plugin_runs(caller, &name, &filter, before, limit).await?;
    let items = page.items.into_iter().map(|(run, shown)| run_document(run, shown)).collect();
    Ok(Page { items, next: page.next.map(|id| id.to_string()) })
}

/// What a version would have found in verdicts that were given.
pub(crate) async fn backtest(
    app: &App,
    caller: &Caller,
    plugin: &str,
    version: &str,
    request: &api::BacktestRequest,
) -> Result<BacktestDocument> {
    let mut reading = Reading::default();
    let since = reading.instant("since", request.since.as_ref(), DayEdge::Start, &zone("UTC"));
    let limit = reading.limit(Some(request.limit.unwrap_or(VERDICTS)));
    let (name, version) = named(reading, plugin, version)?;
    let request = BacktestRequest { plugin: name.clone(), version: version.clone(), since, limit };
    let Backtest { verdicts, findings, changed, turned, left_out } = app.backtest(caller, &request).await?;
    Ok(BacktestDocument {
        name: name.to_string(),
        version: version.to_string(),
        verdicts,
        findings,
        changed: changed
            .into_iter()
            .map(|changed| ChangedFindingPart {
                at: changed.at.to_string(),
                criterion: changed.criterion.to_string(),
                then: (&changed.then.0).into(),
                then_headline: changed.then.1,
                now: (&changed.now.0).into(),
                now_headline: changed.now.1,
            })
            .collect(),
        turned: turned
            .into_iter()
            .map(|turned| TurnedVerdictPart {
                at: turned.at.to_string(),
                then: (&turned.then).into(),
                now: (&turned.now).into(),
            })
            .collect(),
        left_out: left_out
            .into_iter()
            .map(|left| LeftOutPart {
                at: left.at.to_string(),
                criterion: left.criterion.to_string(),
                why: left.why,
            })
            .collect(),
    })
}

/// The version of a plugin that an address names, once everything else has been read too.
fn named(mut reading: Reading, plugin: &str, version: &str) -> Result<(PluginName, Version)> {
    let read = reading.must("plugin", plugin).zip(reading.must("version", version));
    reading.all(read)
}

fn part(version: PluginVersion, health: Option<Health>) -> PluginVersionPart {
    let PluginVersion { digest, size, manifest, description, channel, published_at, published_by, .. } =
        version;
    let mark = |mark: Mark| MarkPart { at: mark.at, by: mark.by.to_string(), reason: mark.reason };
    let is_stored = published_at != jiff::Timestamp::UNIX_EPOCH;
    PluginVersionPart {
        version: manifest.plugin.version.to_string(),
        hash: digest.to_string(),
        size,
        summary: manifest.plugin.summary,
        contract: manifest.plugin.contract,
        profile: manifest.build.profile.into(),
        language: manifest.build.language,
        licence: manifest.plugin.licence,
        repository: manifest.plugin.repository,
        asks_metrics: manifest.asks.metrics,
        asks_shapes: manifest.asks.shapes.into_iter().map(Into::into).collect(),
        metrics: description
            .metrics
            .into_iter()
            .map(|metric| ExpectedMetricPart {
                name: metric.name,
                about: metric.about,
                kinds: metric.kinds,
                optional: metric.optional,
            })
            .collect(),
        params_schema: description.params_schema,
        channel: channel.into(),
        published_at: is_stored.then_some(published_at),
        published_by: is_stored.then(|| published_by.to_string()),
        deprecated: version.deprecated.map(mark),
        yanked: version.yanked.map(mark),
        health: health.map(|health| HealthPart {
            crashes: health.crashes,
            failed_at: health.failed_at,
            code: health.code,
            message: health.message,
            suspended_at: health.suspended_at,
        }),
    }
}

fn run_document(recorded: RecordedRun, shown: RunShown) -> RunDocument {
    let run = recorded.run;
    let named = shown != RunShown::Unnamed;
    let lines = run.log.lines.into_iter().map(|line| LogLinePart {
        level: line.level.into(),
        message: line.message,
        fields: line
            .fields
            .into_iter()
            .map(|(name, value)| (name, serde_json::to_value(value).unwrap_or_default()))
            .collect(),
    });
    RunDocument {
        id: recorded.id,
        version: run.version.to_string(),
        hash: run.digest.to_string(),
        verdict: named.then(|| recorded.verdict.to_string()),
        criterion: named.then(|| run.criterion.to_string()),
        team: named.then(|| recorded.team.to_string()),
        at: run.at,
        cost: CostPart {
            plan_fuel: run.cost.plan_fuel,
            evaluate_fuel: run.cost.evaluate_fuel,
            fuel_limit: run.cost.fuel_limit,
            memory_peak: run.cost.memory_peak,
            memory_limit: run.cost.memory_limit,
            host_calls: run.cost.host_calls,
            host_call_limit: run.cost.host_call_limit,
            micros: run.cost.micros,
        },
        failure: run.failure.map(|(code, message)| FailurePart { code, message }),
        shadow: run.shadow.map(|shadow| ShadowPart {
            differs: shadow.outcome != shadow.decided,
            outcome: (&shadow.outcome).into(),
            headline: shadow.headline,
            decided: (&shadow.decided).into(),
            decided_headline: shadow.decided_headline,
        }),
        dropped_lines: run.log.dropped_lines,
        log: (shown == RunShown::Whole).then(|| lines.collect()),
    }
}
