//! Retros, their actions, and the library of learnings.

use reqwest::header::IF_MATCH;

use super::{Client, Endpoint, Error};
use crate::api::{
    ActionDocument, ActionRequest, ActionsRequest, LearningDocument, LearningsRequest, OpenRetroRequest,
    Page, ReasonRequest, ReleaseDocument, RetroDocument, RetroReportRequest, RetroRequest, RetroSummary,
    RetrosRequest,
};

static RETROS: Endpoint = Endpoint::get("/api/v1/retros");
static OPEN_RETRO: Endpoint = Endpoint::post("/api/v1/retros");
static RETRO: Endpoint = Endpoint::get("/api/v1/retros/{retro}");
static EDIT_RETRO: Endpoint = Endpoint::put("/api/v1/retros/{retro}");
static RETRO_MARKDOWN: Endpoint = Endpoint::get("/api/v1/retros/{retro}/report.md");
static RETRO_HTML: Endpoint = Endpoint::get("/api/v1/retros/{retro}/report.html");
static RETRO_JSON: Endpoint = Endpoint::get("/api/v1/retros/{retro}/report.json");
static WAIVE_RETRO: Endpoint = Endpoint::post("/api/v1/releases/{release}/waive-retro");
static ACTIONS: Endpoint = Endpoint::get("/api/v1/actions");
static ACTION: Endpoint = Endpoint::get("/api/v1/actions/{action}");
static EDIT_ACTION: Endpoint = Endpoint::put("/api/v1/actions/{action}");
static LEARNINGS: Endpoint = Endpoint::get("/api/v1/learnings");

pub(super) static ENDPOINTS: &[&Endpoint] = &[
    &RETROS,
    &OPEN_RETRO,
    &RETRO,
    &EDIT_RETRO,
    &RETRO_MARKDOWN,
    &RETRO_HTML,
    &RETRO_JSON,
    &WAIVE_RETRO,
    &ACTIONS,
    &ACTION,
    &EDIT_ACTION,
    &LEARNINGS,
];

/// Every method fails as [`Error`] says.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// A page of retros, the newest first.
    pub async fn retros(&self, request: &RetrosRequest) -> Result<Page<RetroSummary>, Error> {
        self.ask(&RETROS, &[])?.query(request)?.document().await
    }

    /// Opens a retro of releases that have launched.
    pub async fn open_retro(&self, request: &OpenRetroRequest) -> Result<RetroDocument, Error> {
        self.ask(&OPEN_RETRO, &[])?.json(request)?.document().await
    }

    /// A retro, with what the service knows of its releases.
    pub async fn retro(&self, retro: &str) -> Result<RetroDocument, Error> {
        self.ask(&RETRO, &[retro])?.document().await
    }

    /// Replaces what people write into a retro, from the version that was read.
    pub async fn edit_retro(
        &self,
        retro: &str,
        version: u32,
        request: &RetroRequest,
    ) -> Result<RetroDocument, Error> {
        let question = self.ask(&EDIT_RETRO, &[retro])?.json(request)?;
        question.header(IF_MATCH, &format!("\"{version}\""))?.document().await
    }

    /// A retro as Markdown.
    pub async fn retro_markdown(&self, retro: &str, request: &RetroReportRequest) -> Result<String, Error> {
        self.ask(&RETRO_MARKDOWN, &[retro])?.query(request)?.text("text/markdown").await
    }

    /// A retro as a page of its own.
    pub async fn retro_html(&self, retro: &str, request: &RetroReportRequest) -> Result<String, Error> {
        self.ask(&RETRO_HTML, &[retro])?.query(request)?.text("text/html").await
    }

    /// A retro as a document to be sent out.
    pub async fn retro_json(
        &self,
        retro: &str,
        request: &RetroReportRequest,
    ) -> Result<RetroDocument, Error> {
        self.ask(&RETRO_JSON, &[retro])?.query(request)?.document().await
    }

    /// Says that a release that was judged needs no retro.
    pub async fn waive_retro(
        &self,
        release: &str,
        request: &ReasonRequest,
    ) -> Result<ReleaseDocument, Error> {
        self.ask(&WAIVE_RETRO, &[release])?.json(request)?.document().await
    }

    /// A page of actions, the newest first.
    pub async fn actions(&self, request: &ActionsRequest) -> Result<Page<ActionDocument>, Error> {
        self.ask(&ACTIONS, &[])?.query(request)?.document().await
    }

    /// An action.
    pub async fn action(&self, action: &str) -> Result<ActionDocument, Error> {
        self.ask(&ACTION, &[action])?.document().await
    }

    /// Changes an action, from the version that was read.
    pub async fn edit_action(
        &self,
        action: &str,
        version: u32,
        request: &ActionRequest,
    ) -> Result<ActionDocument, Error> {
        let question = self.ask(&EDIT_ACTION, &[action])?.json(request)?;
        question.header(IF_MATCH, &format!("\"{version}\""))?.document().await
    }

    /// A page of learnings that have any of the words of a question.
    pub async fn learnings(&self, request: &LearningsRequest) -> Result<Page<LearningDocument>, Error> {
        self.ask(&LEARNINGS, &[])?.query(request)?.document().await
    }
}
