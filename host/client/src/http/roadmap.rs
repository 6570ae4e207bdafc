//! Releases that are expected.

use super::{Client, Endpoint, Error};
use crate::api::{ExpectedDocument, Page, RoadmapImportRequest, RoadmapImportedDocument, RoadmapRequest};

static LIST: Endpoint = Endpoint::get("/api/v1/roadmap");
static IMPORT: Endpoint = Endpoint::post("/api/v1/roadmap");

pub(super) static ENDPOINTS: &[&Endpoint] = &[&LIST, &IMPORT];

/// Every method fails as [`Error`] says.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// A page of the expected releases, the earliest planned day first.
    pub async fn roadmap(&self, request: &RoadmapRequest) -> Result<Page<ExpectedDocument>, Error> {
        self.ask(&LIST, &[])?.query(request)?.document().await
    }

    /// Imports a list as CSV: all of it, or nothing.
    pub async fn import_roadmap(
        &self,
        request: &RoadmapImportRequest,
        file: Vec<u8>,
    ) -> Result<RoadmapImportedDocument, Error> {
        self.ask(&IMPORT, &[])?.query(request)?.body("text/csv", file.into()).document().await
    }
}
