//! Verdicts: lists, one with its evidence, replay, and how they are shown.

use super::ask::Question;
use super::{Client, Endpoint, Error};
use crate::api::{
    ChartsRequest, InputsDocument, InputsRequest, Page, ReplayDocument, VerdictSummary, VerdictsRequest,
};
use crate::chart::ChartDocument;
use crate::document::VerdictDocument;

static LIST: Endpoint = Endpoint::get("/api/v1/verdicts");
static SHOW: Endpoint = Endpoint::get("/api/v1/verdicts/{release}/{checkpoint}");
static REPLAY: Endpoint = Endpoint::get("/api/v1/verdicts/{release}/{checkpoint}/replay");
static INPUTS: Endpoint = Endpoint::get("/api/v1/verdicts/{release}/{checkpoint}/inputs");
static CHARTS: Endpoint = Endpoint::get("/api/v1/verdicts/{release}/{checkpoint}/charts");
static CHART: Endpoint = Endpoint::get("/api/v1/verdicts/{release}/{checkpoint}/chart.svg");
static HTML: Endpoint = Endpoint::get("/api/v1/verdicts/{release}/{checkpoint}/report.html");
static MARKDOWN: Endpoint = Endpoint::get("/api/v1/verdicts/{release}/{checkpoint}/report.md");

pub(super) static ENDPOINTS: &[&Endpoint] =
    &[&LIST, &SHOW, &REPLAY, &INPUTS, &CHARTS, &CHART, &HTML, &MARKDOWN];

/// Every method fails as [`Error`] says. A verdict is addressed as documents do: `batch-changes-ga/d28`, its
/// second revision `batch-changes-ga/d28.2`, a look `batch-changes-ga/d7.look-1`.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// A page of the verdicts, the newest first.
    pub async fn verdicts(&self, request: &VerdictsRequest) -> Result<Page<VerdictSummary>, Error> {
        self.ask(&LIST, &[])?.query(request)?.document().await
    }

    /// A verdict with its evidence.
    pub async fn verdict(&self, at: &str) -> Result<VerdictDocument, Error> {
        self.about(&SHOW, at)?.document().await
    }

    /// Computes a verdict again from what was recorded, and names what differs.
    pub async fn replay(&self, at: &str) -> Result<ReplayDocument, Error> {
        self.about(&REPLAY, at)?.works().document().await
    }

    /// What a criterion of a verdict was judged from, to judge it again with a plugin in the making.
    pub async fn verdict_inputs(&self, at: &str, request: &InputsRequest) -> Result<InputsDocument, Error> {
        self.about(&INPUTS, at)?.query(request)?.document().await
    }

    /// What the charts of a verdict are drawn from.
    pub async fn verdict_charts(&self, at: &str, request: &ChartsRequest) -> Result<ChartDocument, Error> {
        self.about(&CHARTS, at)?.query(request)?.document().await
    }

    /// The charts of a verdict below each other, as SVG.
    pub async fn verdict_chart(&self, at: &str, request: &ChartsRequest) -> Result<String, Error> {
        self.about(&CHART, at)?.query(request)?.text("image/svg+xml").await
    }

    /// A verdict as an HTML page that needs nothing beside it.
    pub async fn verdict_html(&self, at: &str) -> Result<String, Error> {
        self.about(&HTML, at)?.text("text/html").await
    }

    /// A verdict as Markdown.
    pub async fn verdict_markdown(&self, at: &str) -> Result<String, Error> {
        self.about(&MARKDOWN, at)?.text("text/markdown").await
    }

    fn about(&self, endpoint: &'static Endpoint, at: &str) -> Result<Question<'_>, Error> {
        let (release, checkpoint) = at.split_once('/').ok_or_else(|| {
            Error::Unasked(format!("{at:?} is no verdict; expected such as batch-changes-ga/d28"))
        })?;
        self.ask(endpoint, &[release, checkpoint])
    }
}
