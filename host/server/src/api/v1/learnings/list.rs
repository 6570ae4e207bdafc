use axum::extract::State;
use yardstick_client::api::{LearningDocument, LearningsRequest, Page};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::who::Who;
use crate::operations::retros;

/// Find learnings
///
/// Those with any of the words of the question, in any of their forms, the best first; without a question the newest first.
#[utoipa::path(
    get, path = "/learnings", tag = "retros", operation_id = "learnings",
    params(
        LearningsRequest,
    ),
    responses(
        (status = 200, body = Page<LearningDocument>, description = "A page of them."),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<LearningsRequest>,
) -> Result<Json<Page<LearningDocument>>, Refused> {
    Ok(Json(retros::learnings(&service.app, &caller, &request).await?))
}
