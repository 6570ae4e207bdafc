use axum::extract::State;
use yardstick_client::api::{AnswerRequest, CommentDocument};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{CommentPath, Path};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::comments;

/// Answer a comment, which closes it
#[utoipa::path(
    post, path = "/comments/{id}/answer", tag = "comments", operation_id = "answer_comment",
    params(
        CommentPath,
    ),
    request_body = AnswerRequest,
    responses(
        (status = 200, body = CommentDocument, description = "The comment."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn answer(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(id): Path<String>,
    _: NoQuery,
    Json(request): Json<AnswerRequest>,
) -> Result<Json<CommentDocument>, Refused> {
    Ok(Json(comments::answer(&service.app, &caller, &id, &request).await?))
}
