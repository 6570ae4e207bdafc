//! Jobs, and how the service fares.

use super::{Client, Endpoint, Error};
use crate::api::{JobDocument, JobsRequest, Page, StatusDocument};

static LIST: Endpoint = Endpoint::get("/api/v1/jobs");
static SHOW: Endpoint = Endpoint::get("/api/v1/jobs/{id}");
static RETRY: Endpoint = Endpoint::post("/api/v1/jobs/{id}/retry");
static CANCEL: Endpoint = Endpoint::post("/api/v1/jobs/{id}/cancel");
static STATUS: Endpoint = Endpoint::get("/api/v1/status");

pub(super) static ENDPOINTS: &[&Endpoint] = &[&LIST, &SHOW, &RETRY, &CANCEL, &STATUS];

/// Every method fails as [`Error`] says.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// A page of the jobs, the newest first.
    pub async fn jobs(&self, request: &JobsRequest) -> Result<Page<JobDocument>, Error> {
        self.ask(&LIST, &[])?.query(request)?.document().await
    }

    /// One job.
    pub async fn job(&self, id: i64) -> Result<JobDocument, Error> {
        self.ask(&SHOW, &[&id.to_string()])?.document().await
    }

    /// Puts a job that was given up or cancelled, or that waits, in line now.
    pub async fn retry_job(&self, id: i64) -> Result<JobDocument, Error> {
        self.ask(&RETRY, &[&id.to_string()])?.document().await
    }

    /// Takes a job that waits or was given up out of line.
    pub async fn cancel_job(&self, id: i64) -> Result<JobDocument, Error> {
        self.ask(&CANCEL, &[&id.to_string()])?.document().await
    }

    /// How the service fares.
    pub async fn status(&self) -> Result<StatusDocument, Error> {
        self.ask(&STATUS, &[])?.document().await
    }
}
