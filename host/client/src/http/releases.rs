//! Releases: read them, and do what can be done to them.

use super::{Client, Endpoint, Error, Tagged};
use crate::api::{
    CancelRequest, CheckDocument, CriteriaVersionDocument, JudgeRequest, JudgedDocument, LaunchRequest, Page,
    PageRequest, ReleaseDocument, ReleaseSummary, ReleasesRequest, RescheduleRequest, UndoLaunchRequest,
};

static LIST: Endpoint = Endpoint::get("/api/v1/releases");
static SHOW: Endpoint = Endpoint::get("/api/v1/releases/{release}");
static CHECK: Endpoint = Endpoint::get("/api/v1/releases/{release}/check");
static CRITERIA: Endpoint = Endpoint::get("/api/v1/releases/{release}/criteria");
static CRITERIA_VERSION: Endpoint = Endpoint::get("/api/v1/releases/{release}/criteria/{version}");
static SEAL: Endpoint = Endpoint::post("/api/v1/releases/{release}/seal");
static LAUNCH: Endpoint = Endpoint::post("/api/v1/releases/{release}/launch");
static UNDO_LAUNCH: Endpoint = Endpoint::post("/api/v1/releases/{release}/undo-launch");
static RESCHEDULE: Endpoint = Endpoint::post("/api/v1/releases/{release}/reschedule");
static CANCEL: Endpoint = Endpoint::post("/api/v1/releases/{release}/cancel");
static JUDGE: Endpoint = Endpoint::post("/api/v1/releases/{release}/judge");

pub(super) static ENDPOINTS: &[&Endpoint] = &[
    &LIST,
    &SHOW,
    &CHECK,
    &CRITERIA,
    &CRITERIA_VERSION,
    &SEAL,
    &LAUNCH,
    &UNDO_LAUNCH,
    &RESCHEDULE,
    &CANCEL,
    &JUDGE,
];

/// Every method fails as [`Error`] says.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// A page of the releases, the latest planned day first.
    pub async fn releases(&self, request: &ReleasesRequest) -> Result<Page<ReleaseSummary>, Error> {
        self.ask(&LIST, &[])?.query(request)?.document().await
    }

    /// A release: what was agreed, what happened, its verdicts.
    pub async fn release(&self, release: &str) -> Result<ReleaseDocument, Error> {
        self.ask(&SHOW, &[release])?.document().await
    }

    /// Whether a release can be decided, and when. Writes nothing.
    pub async fn check(&self, release: &str) -> Result<CheckDocument, Error> {
        self.ask(&CHECK, &[release])?.works().document().await
    }

    /// A page of the versions that a release's criteria have had, the newest first.
    pub async fn criteria(
        &self,
        release: &str,
        request: &PageRequest,
    ) -> Result<Page<CriteriaVersionDocument>, Error> {
        self.ask(&CRITERIA, &[release])?.query(request)?.document().await
    }

    /// A version of a release's criteria.
    pub async fn criteria_version(
        &self,
        release: &str,
        version: u32,
    ) -> Result<CriteriaVersionDocument, Error> {
        self.ask(&CRITERIA_VERSION, &[release, &version.to_string()])?.document().await
    }

    /// Seals what was agreed; sealing the same again changes nothing.
    pub async fn seal(&self, release: &str) -> Result<ReleaseDocument, Error> {
        self.ask(&SEAL, &[release])?.document().await
    }

    /// Announces a launch, and seals what is not sealed.
    pub async fn launch(&self, release: &str, request: &LaunchRequest) -> Result<ReleaseDocument, Error> {
        self.ask(&LAUNCH, &[release])?.json(request)?.document().await
    }

    /// Takes a wrong announcement back, until the first official verdict.
    pub async fn undo_launch(
        &self,
        release: &str,
        request: &UndoLaunchRequest,
    ) -> Result<ReleaseDocument, Error> {
        self.ask(&UNDO_LAUNCH, &[release])?.json(request)?.document().await
    }

    /// Moves the planned day before the launch, which takes a new seal.
    pub async fn reschedule(
        &self,
        release: &str,
        request: &RescheduleRequest,
    ) -> Result<ReleaseDocument, Error> {
        self.ask(&RESCHEDULE, &[release])?.json(request)?.document().await
    }

    /// Ends a release that will not be judged.
    pub async fn cancel(&self, release: &str, request: &CancelRequest) -> Result<ReleaseDocument, Error> {
        self.ask(&CANCEL, &[release])?.json(request)?.document().await
    }

    /// Judges a release at a checkpoint. From the same inputs it gives the same verdict, from others a new
    /// revision.
    pub async fn judge(&self, release: &str, request: &JudgeRequest) -> Result<JudgedDocument, Error> {
        self.ask(&JUDGE, &[release])?.json(request)?.document().await
    }

    /// As [`Client::release`], with the ETag that names its state when it is changed.
    pub async fn release_tagged(&self, release: &str) -> Result<Tagged<ReleaseDocument>, Error> {
        self.ask(&SHOW, &[release])?.tagged().await
    }
}
