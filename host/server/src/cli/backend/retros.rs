//! Retros, their actions, and the library of learnings.

use yardstick_client::api::{
    ActionDocument, ActionRequest, ActionsRequest, LearningDocument, LearningsRequest, OpenRetroRequest,
    Page, ReasonRequest, ReleaseDocument, RetroDocument, RetroReportRequest, RetroRequest, RetroSummary,
    RetrosRequest,
};

use super::{Backend, Result};
use crate::operations::retros;

impl Backend {
    pub(in crate::cli) async fn retros(&self, request: &RetrosRequest) -> Result<Page<RetroSummary>> {
        match self {
            Self::Here(app, caller) => Ok(retros::list(app, caller, request).await?),
            Self::There(client) => Ok(client.retros(request).await?),
        }
    }

    pub(in crate::cli) async fn open_retro(&self, request: &OpenRetroRequest) -> Result<RetroDocument> {
        match self {
            Self::Here(app, caller) => Ok(retros::open(app, caller, request).await?),
            Self::There(client) => Ok(client.open_retro(request).await?),
        }
    }

    pub(in crate::cli) async fn retro(&self, retro: &str) -> Result<RetroDocument> {
        match self {
            Self::Here(app, caller) => Ok(retros::show(app, caller, retro).await?),
            Self::There(client) => Ok(client.retro(retro).await?),
        }
    }

    pub(in crate::cli) async fn edit_retro(
        &self,
        retro: &str,
        version: u32,
        request: &RetroRequest,
    ) -> Result<RetroDocument> {
        match self {
            Self::Here(app, caller) => Ok(retros::edit(app, caller, retro, version, request).await?),
            Self::There(client) => Ok(client.edit_retro(retro, version, request).await?),
        }
    }

    pub(in crate::cli) async fn retro_markdown(
        &self,
        retro: &str,
        request: &RetroReportRequest,
    ) -> Result<String> {
        match self {
            Self::Here(app, caller) => Ok(retros::report_markdown(app, caller, retro, request).await?),
            Self::There(client) => Ok(client.retro_markdown(retro, request).await?),
        }
    }

    pub(in crate::cli) async fn retro_html(
        &self,
        retro: &str,
        request: &RetroReportRequest,
    ) -> Result<String> {
        match self {
            Self::Here(app, caller) => Ok(retros::report_html(app, caller, retro, request).await?),
            Self::There(client) => Ok(client.retro_html(retro, request).await?),
        }
    }

    pub(in crate::cli) async fn retro_json(
        &self,
        retro: &str,
        request: &RetroReportRequest,
    ) -> Result<RetroDocument> {
        match self {
            Self::Here(app, caller) => Ok(retros::report(app, caller, retro, request).await?),
            Self::There(client) => Ok(client.retro_json(retro, request).await?),
        }
    }

    pub(in crate::cli) async fn waive_retro(
        &self,
        release: &str,
        request: &ReasonRequest,
    ) -> Result<ReleaseDocument> {
        match self {
            Self::Here(app, caller) => Ok(retros::waive(app, caller, release, request).await?),
            Self::There(client) => Ok(client.waive_retro(release, request).await?),
        }
    }

    pub(in crate::cli) async fn actions(&self, request: &ActionsRequest) -> Result<Page<ActionDocument>> {
        match self {
            Self::Here(app, caller) => Ok(retros::actions(app, caller, request).await?),
            Self::There(client) => Ok(client.actions(request).await?),
        }
    }

    pub(in crate::cli) async fn action(&self, action: &str) -> Result<ActionDocument> {
        match self {
            Self::Here(app, caller) => Ok(retros::action(app, caller, action).await?),
            Self::There(client) => Ok(client.action(action).await?),
        }
    }

    pub(in crate::cli) async fn edit_action(
        &self,
        action: &str,
        version: u32,
        request: &ActionRequest,
    ) -> Result<ActionDocument> {
        match self {
            Self::Here(app, caller) => Ok(retros::edit_action(app, caller, action, version, request).await?),
            Self::There(client) => Ok(client.edit_action(action, version, request).await?),
        }
    }

    pub(in crate::cli) async fn learnings(
        &self,
        request: &LearningsRequest,
    ) -> Result<Page<LearningDocument>> {
        match self {
            Self::Here(app, caller) => Ok(retros::learnings(app, caller, request).await?),
            Self::There(client) => Ok(client.learnings(request).await?),
        }
    }
}
