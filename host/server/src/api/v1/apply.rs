use axum::extract::State;
use yardstick_client::api::{AppliedDocument, ApplyRequest};

use crate::api::Shared;
use crate::api::body::{FILES, Json};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, FilesRefused};
use crate::operations::apply;

/// Register what files declare: all of it, or nothing
///
/// Nothing is ever deleted, and what is unchanged is left alone. With `dry_run` it is only looked at.
#[utoipa::path(
    post, path = "/apply", tag = "files", operation_id = "apply",
    request_body(content = ApplyRequest, description = "The files."),
    responses(
        (status = 200, body = AppliedDocument, description = "What became of each declared thing."),
        (status = 409, response = Conflict),
        (status = 422, response = FilesRefused),
    )
)]
pub(super) async fn apply(
    State(service): State<Shared>,
    _: NoQuery,
    Json(request): Json<ApplyRequest, FILES>,
) -> Result<Json<AppliedDocument>, Refused> {
    Ok(Json(apply::apply(&service.app, &service.caller(), request).await?))
}
