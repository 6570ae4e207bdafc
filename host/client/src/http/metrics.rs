//! Metrics and the state of their data.

use super::{Client, Endpoint, Error, Tagged};
use crate::api::{MetricDocument, MetricSummary, MetricsRequest, Page, PointDocument, PointsRequest};

static LIST: Endpoint = Endpoint::get("/api/v1/metrics");
static SHOW: Endpoint = Endpoint::get("/api/v1/metrics/{metric}");
static POINTS: Endpoint = Endpoint::get("/api/v1/metrics/{metric}/points");

pub(super) static ENDPOINTS: &[&Endpoint] = &[&LIST, &SHOW, &POINTS];

/// Every method fails as [`Error`] says.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// A page of the metrics, by key.
    pub async fn metrics(&self, request: &MetricsRequest) -> Result<Page<MetricSummary>, Error> {
        self.ask(&LIST, &[])?.query(request)?.document().await
    }

    /// A metric: its definition, its data, its newest imports.
    pub async fn metric(&self, metric: &str) -> Result<MetricDocument, Error> {
        self.ask(&SHOW, &[metric])?.document().await
    }

    /// A page of a metric's values by series and day, with what they were before.
    pub async fn metric_points(
        &self,
        metric: &str,
        request: &PointsRequest,
    ) -> Result<Page<PointDocument>, Error> {
        self.ask(&POINTS, &[metric])?.query(request)?.document().await
    }

    /// As [`Client::metric`], with the ETag that names its state when it is changed.
    pub async fn metric_tagged(&self, metric: &str) -> Result<Tagged<MetricDocument>, Error> {
        self.ask(&SHOW, &[metric])?.tagged().await
    }
}
