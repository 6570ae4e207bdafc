use axum::extract::State;
use yardstick_client::api::ReleaseDocument;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, ReleasePath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::releases;

/// Show a release: what was agreed, what happened, its verdicts
#[utoipa::path(
    get, path = "/releases/{release}", tag = "releases", operation_id = "show_release",
    params(
        ReleasePath,
    ),
    responses(
        (status = 200, body = ReleaseDocument, description = "The release."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(release): Path<String>,
    _: NoQuery,
) -> Result<Json<ReleaseDocument>, Refused> {
    Ok(Json(releases::show(&service.app, &caller, &release).await?))
}
