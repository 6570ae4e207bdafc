use axum::extract::State;
use yardstick_client::api::{IntakeRequest, SecretIntakeDocument};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::intake;

/// Add an intake
///
/// A maintainer for their team, an operator for any. The secret for the web hook at GitHub is in this answer and nowhere
/// else.
#[utoipa::path(
    post, path = "/intakes", tag = "intake", operation_id = "add_intake",
    request_body = IntakeRequest,
    responses(
        (status = 200, body = SecretIntakeDocument, description = "The intake, with its secret."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn add(
    State(service): State<Shared>,
    Who(caller): Who,
    _: NoQuery,
    Json(request): Json<IntakeRequest>,
) -> Result<Json<SecretIntakeDocument>, Refused> {
    Ok(Json(intake::add(&service.app, &caller, &request).await?))
}
