//! Plugins.

use super::{Client, Endpoint, Error};
use crate::api::{
    BacktestDocument, BacktestRequest, ChangedPluginDocument, GrantRequest, Page, PluginDocument,
    PluginSummary, PublishRequest, PublishedDocument, ReasonRequest, RunDocument, RunsRequest,
};

static LIST: Endpoint = Endpoint::get("/api/v1/plugins");
static PUBLISH: Endpoint = Endpoint::post("/api/v1/plugins");
static SHOW: Endpoint = Endpoint::get("/api/v1/plugins/{plugin}");
static RUNS: Endpoint = Endpoint::get("/api/v1/plugins/{plugin}/runs");
static GRANT: Endpoint = Endpoint::post("/api/v1/plugins/{plugin}/grants");
static REVOKE: Endpoint = Endpoint::post("/api/v1/plugins/{plugin}/grants/revoke");
static DEPRECATE: Endpoint = Endpoint::post("/api/v1/plugins/{plugin}/versions/{version}/deprecate");
static UNDEPRECATE: Endpoint = Endpoint::post("/api/v1/plugins/{plugin}/versions/{version}/undeprecate");
static YANK: Endpoint = Endpoint::post("/api/v1/plugins/{plugin}/versions/{version}/yank");
static UNYANK: Endpoint = Endpoint::post("/api/v1/plugins/{plugin}/versions/{version}/unyank");
static PROMOTE: Endpoint = Endpoint::post("/api/v1/plugins/{plugin}/versions/{version}/promote");
static BACKTEST: Endpoint = Endpoint::get("/api/v1/plugins/{plugin}/versions/{version}/backtest");

pub(super) static ENDPOINTS: &[&Endpoint] = &[
    &LIST,
    &PUBLISH,
    &SHOW,
    &RUNS,
    &GRANT,
    &REVOKE,
    &DEPRECATE,
    &UNDEPRECATE,
    &YANK,
    &UNYANK,
    &PROMOTE,
    &BACKTEST,
];

/// The media type of a component.
const WASM: &str = "application/wasm";

/// Every method fails as [`Error`] says. Names of plugins are `team/name`, or a name alone for a built-in one.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// All plugins, by name.
    pub async fn plugins(&self) -> Result<Page<PluginSummary>, Error> {
        self.ask(&LIST, &[])?.document().await
    }

    /// Publishes a component as `yardstick plugin build` makes it. The same bytes again change nothing.
    pub async fn publish_plugin(
        &self,
        request: &PublishRequest,
        component: Vec<u8>,
    ) -> Result<PublishedDocument, Error> {
        self.ask(&PUBLISH, &[])?.query(request)?.body(WASM, component.into()).document().await
    }

    /// A plugin with its versions, grants and history.
    pub async fn plugin(&self, plugin: &str) -> Result<PluginDocument, Error> {
        self.ask(&SHOW, &[plugin])?.document().await
    }

    /// A page of its runs, the newest first.
    pub async fn plugin_runs(&self, plugin: &str, request: &RunsRequest) -> Result<Page<RunDocument>, Error> {
        self.ask(&RUNS, &[plugin])?.query(request)?.document().await
    }

    /// Gives it leave to read a metric.
    pub async fn grant(&self, plugin: &str, request: &GrantRequest) -> Result<PluginDocument, Error> {
        self.ask(&GRANT, &[plugin])?.json(request)?.document().await
    }

    /// Takes leave back.
    pub async fn revoke(&self, plugin: &str, request: &GrantRequest) -> Result<PluginDocument, Error> {
        self.ask(&REVOKE, &[plugin])?.json(request)?.document().await
    }

    /// Warns seals that find a version.
    pub async fn deprecate_plugin(
        &self,
        plugin: &str,
        version: &str,
        request: &ReasonRequest,
    ) -> Result<ChangedPluginDocument, Error> {
        self.ask(&DEPRECATE, &[plugin, version])?.json(request)?.document().await
    }

    /// No longer warns them.
    pub async fn undeprecate_plugin(
        &self,
        plugin: &str,
        version: &str,
    ) -> Result<ChangedPluginDocument, Error> {
        self.ask(&UNDEPRECATE, &[plugin, version])?.document().await
    }

    /// Keeps new seals from finding a version.
    pub async fn yank_plugin(
        &self,
        plugin: &str,
        version: &str,
        request: &ReasonRequest,
    ) -> Result<ChangedPluginDocument, Error> {
        self.ask(&YANK, &[plugin, version])?.json(request)?.document().await
    }

    /// Lets new seals find it again.
    pub async fn unyank_plugin(
        &self,
        plugin: &str,
        version: &str,
        request: &ReasonRequest,
    ) -> Result<ChangedPluginDocument, Error> {
        self.ask(&UNYANK, &[plugin, version])?.json(request)?.document().await
    }

    /// Makes a shadow a version that new seals find.
    pub async fn promote_plugin(&self, plugin: &str, version: &str) -> Result<ChangedPluginDocument, Error> {
        self.ask(&PROMOTE, &[plugin, version])?.document().await
    }

    /// What a version would have found in verdicts that were given.
    pub async fn backtest(
        &self,
        plugin: &str,
        version: &str,
        request: &BacktestRequest,
    ) -> Result<BacktestDocument, Error> {
        self.ask(&BACKTEST, &[plugin, version])?.works().query(request)?.document().await
    }
}
