use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use yardstick_client::api::{RoadmapImportRequest, RoadmapImportedDocument};

use crate::api::Shared;
use crate::api::body::{self, Json};
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::{Forbidden, RowsRefused};
use crate::api::who::Who;
use crate::operations::roadmap;

/// Import a list of expected releases: all of it, or nothing
///
/// What is no longer on it is withdrawn, and what is as it was is left alone. An operator any, a maintainer rows of their
/// teams.
#[utoipa::path(
    post, path = "/roadmap", tag = "roadmap", operation_id = "import_roadmap",
    params(
        RoadmapImportRequest,
    ),
    request_body(
        description = "A CSV file with a header, at most 4 MiB and 10,000 rows.", content_type = "text/csv", content = String
    ),
    responses(
        (status = 200, body = RoadmapImportedDocument, description = "What it came to."),
        (status = 403, response = Forbidden),
        (status = 422, response = RowsRefused),
    )
)]
pub(super) async fn import(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<RoadmapImportRequest>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<RoadmapImportedDocument>, Refused> {
    let file = body::csv(&headers, body, roadmap::MOST_BYTES).await?;
    Ok(Json(roadmap::import(&service.app, &caller, &request, "the file", &file).await?))
}
