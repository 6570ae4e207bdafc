use axum::extract::State;
use yardstick_client::api::{CommentDocument, CommentsRequest, Page};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::comments;

/// List comments, the newest first
#[utoipa::path(
    get, path = "/comments", tag = "comments", operation_id = "comments",
    params(
        CommentsRequest,
    ),
    responses(
        (status = 200, body = Page<CommentDocument>, description = "A page of them."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<CommentsRequest>,
) -> Result<Json<Page<CommentDocument>>, Refused> {
    Ok(Json(comments::list(&service.app, &caller, &request).await?))
}
