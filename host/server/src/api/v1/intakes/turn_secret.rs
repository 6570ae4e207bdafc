use axum::extract::State;
use yardstick_client::api::SecretIntakeDocument;

use crate::api::Shared;
use crate::api::body::{Json, NoBody};
use crate::api::path::{IntakePath, Path};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Forbidden, NotFound};
use crate::api::who::Who;
use crate::operations::intake;

/// Give an intake another secret
///
/// It is in this answer and nowhere else. The one before is taken beside it for 24 hours, so that the web hook can change
/// over.
#[utoipa::path(
    post, path = "/intakes/{team}/{repository}/secret", tag = "intake", operation_id = "turn_intake_secret",
    params(
        IntakePath,
    ),
    responses(
        (status = 200, body = SecretIntakeDocument, description = "The intake, with its new secret."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn turn_secret(
    State(service): State<Shared>,
    Who(caller): Who,
    Path((team, repository)): Path<(String, String)>,
    _: NoQuery,
    _: NoBody,
) -> Result<Json<SecretIntakeDocument>, Refused> {
    Ok(Json(intake::turn_secret(&service.app, &caller, &team, &repository).await?))
}
