//! Where a command is carried out: one method per operation, each from a wire request to a wire answer. Commands
//! know nothing below, so they print the same wherever it was.

use std::fs::File;

use serde_json::Value;
use yardstick_app::{App, Caller};
use yardstick_client::api::{
    AppliedDocument, ApplyRequest, BacktestDocument, BacktestRequest, CancelRequest, ChangedPluginDocument,
    ChartsRequest, CheckDocument, GrantRequest, ImportDocument, ImportRequest, ImportedDocument,
    ImportsRequest, InputsDocument, InputsRequest, JobDocument, JobsRequest, JudgeRequest, JudgedDocument,
    LaunchRequest, MetricDocument, MetricSummary, MetricsRequest, Page, PluginDocument, PluginSummary,
    PublishRequest, PublishedDocument, ReasonRequest, ReleaseDocument, ReleaseSummary, ReleasesRequest,
    ReplayDocument, RescheduleRequest, RunDocument, RunsRequest, StatusDocument, UndoLaunchRequest,
    VerdictSummary, VerdictsRequest,
};
use yardstick_client::chart::ChartDocument;
use yardstick_client::document::VerdictDocument;
use yardstick_client::http::Client;
use yardstick_store::VersionChange;

mod access;
mod audit;
mod decisions;
mod exports;
mod intake;
mod outbox;
mod people;
mod portfolio;
mod retros;
mod roadmap;
mod send;

use send::send;

use super::context::Failure;
use crate::operations::imports::Upload;
use crate::operations::{apply, declared, imports, jobs, metrics, plugins, releases, status, verdicts};

/// Where a command is carried out.
pub(super) enum Backend {
    /// In this process, over a database.
    Here(Box<App>, Caller),
    /// By a service.
    There(Client),
}

type Result<T> = std::result::Result<T, Failure>;

impl Backend {
    /// The address of the service; `None`: it is this process.
    pub(super) fn server(&self) -> Option<&str> {
        match self {
            Self::Here(..) => None,
            Self::There(client) => Some(client.server()),
        }
    }

    pub(super) async fn releases(&self, request: &ReleasesRequest) -> Result<Page<ReleaseSummary>> {
        match self {
            Self::Here(app, caller) => Ok(releases::list(app, caller, request).await?),
            Self::There(client) => Ok(client.releases(request).await?),
        }
    }

    pub(super) async fn release(&self, release: &str) -> Result<ReleaseDocument> {
        match self {
            Self::Here(app, caller) => Ok(releases::show(app, caller, release).await?),
            Self::There(client) => Ok(client.release(release).await?),
        }
    }

    /// A release as its file holds it.
    pub(super) async fn release_file(&self, release: &str) -> Result<Value> {
        match self {
            Self::Here(app, caller) => Ok(declared::release_file(app, caller, release).await?.document),
            Self::There(client) => Ok(client.release_file(release).await?.document),
        }
    }

    pub(super) async fn check(&self, release: &str) -> Result<CheckDocument> {
        match self {
            Self::Here(app, caller) => Ok(releases::check(app, caller, release).await?),
            Self::There(client) => Ok(client.check(release).await?),
        }
    }

    pub(super) async fn seal(&self, release: &str) -> Result<ReleaseDocument> {
        match self {
            Self::Here(app, caller) => Ok(releases::seal(app, caller, release).await?),
            Self::There(client) => Ok(client.seal(release).await?),
        }
    }

    pub(super) async fn launch(&self, release: &str, request: &LaunchRequest) -> Result<ReleaseDocument> {
        match self {
            Self::Here(app, caller) => Ok(releases::launch(app, caller, release, request).await?),
            Self::There(client) => Ok(client.launch(release, request).await?),
        }
    }

    pub(super) async fn undo_launch(
        &self,
        release: &str,
        request: &UndoLaunchRequest,
    ) -> Result<ReleaseDocument> {
        match self {
            Self::Here(app, caller) => Ok(releases::undo_launch(app, caller, release, request).await?),
            Self::There(client) => Ok(client.undo_launch(release, request).await?),
        }
    }

    pub(super) async fn reschedule(
        &self,
        release: &str,
        request: &RescheduleRequest,
    ) -> Result<ReleaseDocument> {
        match self {
            Self::Here(app, caller) => Ok(releases::reschedule(app, caller, release, request).await?),
            Self::There(client) => Ok(client.reschedule(release, request).await?),
        }
    }

    pub(super) async fn cancel(&self, release: &str, request: &CancelRequest) -> Result<ReleaseDocument> {
        match self {
            Self::Here(app, caller) => Ok(releases::cancel(app, caller, release, request).await?),
            Self::There(client) => Ok(client.cancel(release, request).await?),
        }
    }

    pub(super) async fn judge(&self, release: &str, request: &JudgeRequest) -> Result<JudgedDocument> {
        match self {
            Self::Here(app, caller) => Ok(verdicts::judge(app, caller, release, request).await?),
            Self::There(client) => Ok(client.judge(release, request).await?),
        }
    }

    pub(super) async fn verdicts(&self, request: &VerdictsRequest) -> Result<Page<VerdictSummary>> {
        match self {
            Self::Here(app, caller) => Ok(verdicts::list(app, caller, request).await?),
            Self::There(client) => Ok(client.verdicts(request).await?),
        }
    }

    pub(super) async fn verdict(&self, at: &str) -> Result<VerdictDocument> {
        match self {
            Self::Here(app, caller) => Ok(verdicts::show(app, caller, at).await?),
            Self::There(client) => Ok(client.verdict(at).await?),
        }
    }

    pub(super) async fn verdict_charts(&self, at: &str) -> Result<ChartDocument> {
        match self {
            Self::Here(app, caller) => Ok(verdicts::charts(app, caller, at, None).await?),
            Self::There(client) => Ok(client.verdict_charts(at, &ChartsRequest::default()).await?),
        }
    }

    pub(super) async fn replay(&self, at: &str) -> Result<ReplayDocument> {
        match self {
            Self::Here(app, caller) => Ok(verdicts::replay(app, caller, at).await?),
            Self::There(client) => Ok(client.replay(at).await?),
        }
    }

    pub(super) async fn metrics(&self, request: &MetricsRequest) -> Result<Page<MetricSummary>> {
        match self {
            Self::Here(app, _) => Ok(metrics::list(app, request).await?),
            Self::There(client) => Ok(client.metrics(request).await?),
        }
    }

    pub(super) async fn metric(&self, metric: &str) -> Result<MetricDocument> {
        match self {
            Self::Here(app, _) => Ok(metrics::show(app, metric).await?),
            Self::There(client) => Ok(client.metric(metric).await?),
        }
    }

    /// Imports a file. `progress` is told the bytes read so far.
    pub(super) async fn import(
        &self,
        metric: &str,
        request: &ImportRequest,
        upload: Upload<File>,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<ImportedDocument> {
        match self {
            Self::Here(app, caller) => {
                Ok(imports::create(app, caller, metric, request, upload, progress).await?)
            }
            Self::There(client) => send(client, metric, request, upload, progress).await,
        }
    }

    pub(super) async fn imports(&self, request: &ImportsRequest) -> Result<Page<ImportDocument>> {
        match self {
            Self::Here(app, _) => Ok(imports::list(app, request).await?),
            Self::There(client) => Ok(client.imports(request).await?),
        }
    }

    pub(super) async fn import_of(&self, id: i64) -> Result<ImportDocument> {
        match self {
            Self::Here(app, _) => Ok(imports::show(app, id).await?),
            Self::There(client) => Ok(client.import_of(id).await?),
        }
    }

    pub(super) async fn undo_import(&self, id: i64) -> Result<ImportDocument> {
        match self {
            Self::Here(app, caller) => Ok(imports::undo(app, caller, id).await?),
            Self::There(client) => Ok(client.undo_import(id).await?),
        }
    }

    pub(super) async fn plugins(&self) -> Result<Page<PluginSummary>> {
        match self {
            Self::Here(app, _) => Ok(plugins::list(app).await?),
            Self::There(client) => Ok(client.plugins().await?),
        }
    }

    pub(super) async fn plugin(&self, plugin: &str) -> Result<PluginDocument> {
        match self {
            Self::Here(app, _) => Ok(plugins::show(app, plugin).await?),
            Self::There(client) => Ok(client.plugin(plugin).await?),
        }
    }

    pub(super) async fn publish_plugin(
        &self,
        request: &PublishRequest,
        component: Vec<u8>,
    ) -> Result<PublishedDocument> {
        match self {
            Self::Here(app, caller) => Ok(plugins::publish(app, caller, request, component).await?),
            Self::There(client) => Ok(client.publish_plugin(request, component).await?),
        }
    }

    pub(super) async fn plugin_runs(&self, plugin: &str, request: &RunsRequest) -> Result<Page<RunDocument>> {
        match self {
            Self::Here(app, caller) => Ok(plugins::runs(app, caller, plugin, request).await?),
            Self::There(client) => Ok(client.plugin_runs(plugin, request).await?),
        }
    }

    pub(super) async fn grant(&self, plugin: &str, request: &GrantRequest) -> Result<PluginDocument> {
        match self {
            Self::Here(app, caller) => Ok(plugins::grant(app, caller, plugin, request).await?),
            Self::There(client) => Ok(client.grant(plugin, request).await?),
        }
    }

    pub(super) async fn revoke(&self, plugin: &str, request: &GrantRequest) -> Result<PluginDocument> {
        match self {
            Self::Here(app, caller) => Ok(plugins::revoke(app, caller, plugin, request).await?),
            Self::There(client) => Ok(client.revoke(plugin, request).await?),
        }
    }

    pub(super) async fn deprecate_plugin(
        &self,
        plugin: &str,
        version: &str,
        request: &ReasonRequest,
    ) -> Result<ChangedPluginDocument> {
        match self {
            Self::Here(app, caller) => {
                let change = VersionChange::Deprecate(request.reason.clone());
                Ok(plugins::change(app, caller, plugin, version, &change).await?)
            }
            Self::There(client) => Ok(client.deprecate_plugin(plugin, version, request).await?),
        }
    }

    pub(super) async fn undeprecate_plugin(
        &self,
        plugin: &str,
        version: &str,
    ) -> Result<ChangedPluginDocument> {
        match self {
            Self::Here(app, caller) => {
                Ok(plugins::change(app, caller, plugin, version, &VersionChange::Undeprecate).await?)
            }
            Self::There(client) => Ok(client.undeprecate_plugin(plugin, version).await?),
        }
    }

    pub(super) async fn yank_plugin(
        &self,
        plugin: &str,
        version: &str,
        request: &ReasonRequest,
    ) -> Result<ChangedPluginDocument> {
        match self {
            Self::Here(app, caller) => {
                let change = VersionChange::Yank(request.reason.clone());
                Ok(plugins::change(app, caller, plugin, version, &change).await?)
            }
            Self::There(client) => Ok(client.yank_plugin(plugin, version, request).await?),
        }
    }

    pub(super) async fn unyank_plugin(
        &self,
        plugin: &str,
        version: &str,
        request: &ReasonRequest,
    ) -> Result<ChangedPluginDocument> {
        match self {
            Self::Here(app, caller) => {
                let change = VersionChange::Unyank(request.reason.clone());
                Ok(plugins::change(app, caller, plugin, version, &change).await?)
            }
            Self::There(client) => Ok(client.unyank_plugin(plugin, version, request).await?),
        }
    }

    pub(super) async fn promote_plugin(&self, plugin: &str, version: &str) -> Result<ChangedPluginDocument> {
        match self {
            Self::Here(app, caller) => {
                Ok(plugins::change(app, caller, plugin, version, &VersionChange::Promote).await?)
            }
            Self::There(client) => Ok(client.promote_plugin(plugin, version).await?),
        }
    }

    pub(super) async fn backtest(
        &self,
        plugin: &str,
        version: &str,
        request: &BacktestRequest,
    ) -> Result<BacktestDocument> {
        match self {
            Self::Here(app, caller) => Ok(plugins::backtest(app, caller, plugin, version, request).await?),
            Self::There(client) => Ok(client.backtest(plugin, version, request).await?),
        }
    }

    pub(super) async fn verdict_inputs(&self, at: &str, request: &InputsRequest) -> Result<InputsDocument> {
        match self {
            Self::Here(app, caller) => Ok(verdicts::inputs(app, caller, at, request).await?),
            Self::There(client) => Ok(client.verdict_inputs(at, request).await?),
        }
    }

    pub(super) async fn jobs(&self, request: &JobsRequest) -> Result<Page<JobDocument>> {
        match self {
            Self::Here(app, caller) => Ok(jobs::list(app, caller, request).await?),
            Self::There(client) => Ok(client.jobs(request).await?),
        }
    }

    pub(super) async fn job(&self, id: i64) -> Result<JobDocument> {
        match self {
            Self::Here(app, caller) => Ok(jobs::show(app, caller, id).await?),
            Self::There(client) => Ok(client.job(id).await?),
        }
    }

    pub(super) async fn retry_job(&self, id: i64) -> Result<JobDocument> {
        match self {
            Self::Here(app, caller) => Ok(jobs::retry(app, caller, id).await?),
            Self::There(client) => Ok(client.retry_job(id).await?),
        }
    }

    pub(super) async fn cancel_job(&self, id: i64) -> Result<JobDocument> {
        match self {
            Self::Here(app, caller) => Ok(jobs::cancel(app, caller, id).await?),
            Self::There(client) => Ok(client.cancel_job(id).await?),
        }
    }

    pub(super) async fn status(&self) -> Result<StatusDocument> {
        match self {
            Self::Here(app, caller) => Ok(status::status(app, caller).await?),
            Self::There(client) => Ok(client.status().await?),
        }
    }

    pub(super) async fn apply(&self, request: &ApplyRequest) -> Result<AppliedDocument> {
        match self {
            Self::Here(app, caller) => Ok(apply::apply(app, caller, request.clone()).await?),
            Self::There(client) => Ok(client.apply(request).await?),
        }
    }
}
