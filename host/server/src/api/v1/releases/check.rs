use axum::extract::State;
use yardstick_client::api::CheckDocument;

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, ReleasePath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::releases;

/// Look whether a release can be decided, and when
///
/// Beside what stands in the way of a seal: lints, and for each criterion what the values from before the launch say of
/// how it can be decided. Writes nothing.
#[utoipa::path(
    get, path = "/releases/{release}/check", tag = "releases", operation_id = "check_release",
    params(
        ReleasePath,
    ),
    responses(
        (status = 200, body = CheckDocument, description = "What was found."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn check(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(release): Path<String>,
    _: NoQuery,
) -> Result<Json<CheckDocument>, Refused> {
    Ok(Json(releases::check(&service.app, &caller, &release).await?))
}
