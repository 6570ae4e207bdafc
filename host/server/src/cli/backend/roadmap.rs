//! Releases that are expected.

use yardstick_client::api::{
    ExpectedDocument, Page, RoadmapImportRequest, RoadmapImportedDocument, RoadmapRequest,
};

use super::{Backend, Result};
use crate::operations::roadmap;

impl Backend {
    pub(in crate::cli) async fn roadmap(&self, request: &RoadmapRequest) -> Result<Page<ExpectedDocument>> {
        match self {
            Self::Here(app, caller) => Ok(roadmap::list(app, caller, request).await?),
            Self::There(client) => Ok(client.roadmap(request).await?),
        }
    }

    pub(in crate::cli) async fn import_roadmap(
        &self,
        request: &RoadmapImportRequest,
        file: Vec<u8>,
    ) -> Result<RoadmapImportedDocument> {
        match self {
            Self::Here(app, caller) => Ok(roadmap::import(app, caller, request, "the file", &file).await?),
            Self::There(client) => Ok(client.import_roadmap(request, file).await?),
        }
    }
}
