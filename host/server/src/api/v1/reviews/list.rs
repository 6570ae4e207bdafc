use axum::extract::State;
use yardstick_client::api::{Page, ReviewDocument, ReviewsRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::comments;

/// List sign-offs, the newest first
#[utoipa::path(
    get, path = "/reviews", tag = "reviews", operation_id = "reviews",
    params(
        ReviewsRequest,
    ),
    responses(
        (status = 200, body = Page<ReviewDocument>, description = "A page of them."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<ReviewsRequest>,
) -> Result<Json<Page<ReviewDocument>>, Refused> {
    Ok(Json(comments::reviews(&service.app, &caller, &request).await?))
}
