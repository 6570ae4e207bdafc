use axum::extract::State;
use yardstick_client::api::{RegisterRequest, RequestDocument};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::path::{Path, RequestPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::intake;

/// Register the release of a request
///
/// A member of its team, with what the issue does not say; what is not given is the request's.
#[utoipa::path(
    post, path = "/requests/{id}/register", tag = "intake", operation_id = "register_request",
    params(
        RequestPath,
    ),
    request_body = RegisterRequest,
    responses(
        (status = 200, body = RequestDocument, description = "The request, with its release."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn register(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(id): Path<String>,
    _: NoQuery,
    Json(given): Json<RegisterRequest>,
) -> Result<Json<RequestDocument>, Refused> {
    Ok(Json(intake::register(&service.app, &caller, intake::number(&id)?, &given).await?))
}
