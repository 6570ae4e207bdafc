//! Where a command is carried out: one method per operation, each from a wire request to a wire answer. Commands
//! know nothing below, so they print the same wherever it was.

use std::fs::File;

use yardstick_app::{App, Caller};
use yardstick_client::api::{
    AppliedDocument, ApplyRequest, CancelRequest, CheckDocument, ImportDocument, ImportRequest,
    ImportedDocument, ImportsRequest, JudgeRequest, JudgedDocument, LaunchRequest, MetricDocument,
    MetricSummary, MetricsRequest, Page, ReleaseDocument, ReleaseSummary, ReleasesRequest, ReplayDocument,
    RescheduleRequest, UndoLaunchRequest, VerdictSummary, VerdictsRequest,
};
use yardstick_client::chart::ChartDocument;
use yardstick_client::document::VerdictDocument;

use super::context::Failure;
use crate::operations::imports::Upload;
use crate::operations::{apply, imports, metrics, releases, verdicts};

/// Where a command is carried out.
pub(super) enum Backend {
    /// In this process, over a database.
    Here(Box<App>, Caller),
}

type Result<T> = std::result::Result<T, Failure>;

impl Backend {
    pub(super) async fn releases(&self, request: &ReleasesRequest) -> Result<Page<ReleaseSummary>> {
        match self {
            Self::Here(app, _) => Ok(releases::list(app, request).await?),
        }
    }

    pub(super) async fn release(&self, release: &str) -> Result<ReleaseDocument> {
        match self {
            Self::Here(app, _) => Ok(releases::show(app, release).await?),
        }
    }

    pub(super) async fn check(&self, release: &str) -> Result<CheckDocument> {
        match self {
            Self::Here(app, caller) => Ok(releases::check(app, caller, release).await?),
        }
    }

    pub(super) async fn seal(&self, release: &str) -> Result<ReleaseDocument> {
        match self {
            Self::Here(app, caller) => Ok(releases::seal(app, caller, release).await?),
        }
    }

    pub(super) async fn launch(&self, release: &str, request: &LaunchRequest) -> Result<ReleaseDocument> {
        match self {
            Self::Here(app, caller) => Ok(releases::launch(app, caller, release, request).await?),
        }
    }

    pub(super) async fn undo_launch(
        &self,
        release: &str,
        request: &UndoLaunchRequest,
    ) -> Result<ReleaseDocument> {
        match self {
            Self::Here(app, caller) => Ok(releases::undo_launch(app, caller, release, request).await?),
        }
    }

    pub(super) async fn reschedule(
        &self,
        release: &str,
        request: &RescheduleRequest,
    ) -> Result<ReleaseDocument> {
        match self {
            Self::Here(app, caller) => Ok(releases::reschedule(app, caller, release, request).await?),
        }
    }

    pub(super) async fn cancel(&self, release: &str, request: &CancelRequest) -> Result<ReleaseDocument> {
        match self {
            Self::Here(app, caller) => Ok(releases::cancel(app, caller, release, request).await?),
        }
    }

    pub(super) async fn judge(&self, release: &str, request: &JudgeRequest) -> Result<JudgedDocument> {
        match self {
            Self::Here(app, caller) => Ok(verdicts::judge(app, caller, release, request).await?),
        }
    }

    pub(super) async fn verdicts(&self, request: &VerdictsRequest) -> Result<Page<VerdictSummary>> {
        match self {
            Self::Here(app, _) => Ok(verdicts::list(app, request).await?),
        }
    }

    pub(super) async fn verdict(&self, at: &str) -> Result<VerdictDocument> {
        match self {
            Self::Here(app, _) => Ok(verdicts::show(app, at).await?),
        }
    }

    pub(super) async fn verdict_charts(&self, at: &str) -> Result<ChartDocument> {
        match self {
            Self::Here(app, _) => Ok(verdicts::charts(app, at, None).await?),
        }
    }

    pub(super) async fn replay(&self, at: &str) -> Result<ReplayDocument> {
        match self {
            Self::Here(app, _) => Ok(verdicts::replay(app, at).await?),
        }
    }

    pub(super) async fn metrics(&self, request: &MetricsRequest) -> Result<Page<MetricSummary>> {
        match self {
            Self::Here(app, _) => Ok(metrics::list(app, request).await?),
        }
    }

    pub(super) async fn metric(&self, metric: &str) -> Result<MetricDocument> {
        match self {
            Self::Here(app, _) => Ok(metrics::show(app, metric).await?),
        }
    }

    /// Imports a file. `progress` is told the bytes read so far.
    pub(super) async fn import(
        &self,
        metric: &str,
        request: &ImportRequest,
        file: File,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<ImportedDocument> {
        match self {
            Self::Here(app, caller) => {
                let upload = Upload { file, format: None, gzip: false, key: None };
                Ok(imports::create(app, caller, metric, request, upload, progress).await?)
            }
        }
    }

    pub(super) async fn imports(&self, request: &ImportsRequest) -> Result<Page<ImportDocument>> {
        match self {
            Self::Here(app, _) => Ok(imports::list(app, request).await?),
        }
    }

    pub(super) async fn import_of(&self, id: i64) -> Result<ImportDocument> {
        match self {
            Self::Here(app, _) => Ok(imports::show(app, id).await?),
        }
    }

    pub(super) async fn undo_import(&self, id: i64) -> Result<ImportDocument> {
        match self {
            Self::Here(app, caller) => Ok(imports::undo(app, caller, id).await?),
        }
    }

    pub(super) async fn apply(&self, request: &ApplyRequest) -> Result<AppliedDocument> {
        match self {
            Self::Here(app, caller) => Ok(apply::apply(app, caller, request).await?),
        }
    }
}
