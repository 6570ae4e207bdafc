use axum::extract::State;
use yardstick_client::api::CriteriaVersionDocument;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{CriteriaVersionPath, Path};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::criteria;

/// Show a version of a release's criteria
#[utoipa::path(
    get, path = "/releases/{release}/criteria/{version}", tag = "releases", operation_id = "show_criteria_version",
    params(
        CriteriaVersionPath,
    ),
    responses(
        (status = 200, body = CriteriaVersionDocument, description = "The version."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn criteria_version(
    State(service): State<Shared>,
    Who(caller): Who,
    Path((release, version)): Path<(String, String)>,
    _: NoQuery,
) -> Result<Json<CriteriaVersionDocument>, Refused> {
    Ok(Json(criteria::show(&service.app, &caller, &release, &version).await?))
}
