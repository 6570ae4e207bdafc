use axum::extract::State;
use yardstick_client::api::{InputsDocument, InputsRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, VerdictPath};
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound};
use crate::api::who::Who;
use crate::operations::verdicts;

/// What a criterion was judged from: question, queries and frames, to judge it again with a plugin in the making
#[utoipa::path(
    get, path = "/verdicts/{release}/{checkpoint}/inputs", tag = "verdicts", operation_id = "show_inputs",
    params(
        VerdictPath,
        InputsRequest,
    ),
    responses(
        (status = 200, body = InputsDocument, description = "The inputs."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
    )
)]
pub(super) async fn inputs(
    State(service): State<Shared>,
    Who(caller): Who,
    Path((release, checkpoint)): Path<(String, String)>,
    Query(request): Query<InputsRequest>,
) -> Result<Json<InputsDocument>, Refused> {
    let at = format!("{release}/{checkpoint}");
    Ok(Json(verdicts::inputs(&service.app, &caller, &at, &request).await?))
}
