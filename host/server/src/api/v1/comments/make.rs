use axum::extract::State;
use yardstick_client::api::{CommentDocument, CommentRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, ReleasePath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::comments;

/// Comment on a verdict, a criterion or what was agreed
///
/// A question or a dispute is addressed to whoever answers for the metric, the plugin or the release, and is open until
/// it is answered. Everybody who sees the release may.
#[utoipa::path(
    post, path = "/releases/{release}/comments", tag = "comments", operation_id = "comment",
    params(
        ReleasePath,
    ),
    request_body = CommentRequest,
    responses(
        (status = 200, body = CommentDocument, description = "The comment."),
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
    Json(request): Json<CommentRequest>,
) -> Result<Json<CommentDocument>, Refused> {
    Ok(Json(comments::comment(&service.app, &caller, &release, &request).await?))
}
