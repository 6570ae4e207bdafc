use axum::extract::State;
use yardstick_client::api::{ReviewDocument, ReviewRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, ReleasePath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::comments;

/// Sign criteria or a verdict off, or object
///
/// As a peer: neither the owner nor whoever wrote what is looked at. Programs cannot.
#[utoipa::path(
    post, path = "/releases/{release}/reviews", tag = "reviews", operation_id = "review",
    params(
        ReleasePath,
    ),
    request_body = ReviewRequest,
    responses(
        (status = 200, body = ReviewDocument, description = "The sign-off."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn make(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(release): Path<String>,
    _: NoQuery,
    Json(request): Json<ReviewRequest>,
) -> Result<Json<ReviewDocument>, Refused> {
    Ok(Json(comments::review(&service.app, &caller, &release, &request).await?))
}
