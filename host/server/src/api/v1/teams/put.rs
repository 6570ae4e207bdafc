use axum::extract::State;
use axum::response::Response;
use yardstick_client::api::TeamDocument;

use crate::api::Shared;
use crate::api::path::{Path, TeamPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{ChangedMeanwhile, Conflict, Forbidden, PreconditionRequired, Unprocessable};
use crate::api::tagged::{self, Content, If, IfHeaders};
use crate::api::who::Who;
use crate::operations::declared::{self, PutRequest};

/// Declare a team: as its file would, and if it is there, in the state that was read
#[utoipa::path(
    put, path = "/teams/{team}", tag = "people", operation_id = "put_team",
    params(
        TeamPath,
        IfHeaders,
    ),
    request_body(content = Object, content_type = "application/json", description = "What a file of this kind holds."),
    responses(
        (status = 200, body = TeamDocument, description = "The team, as it is now.", headers(("ETag" = String, description = "Its state."))),
        (status = 201, body = TeamDocument, description = "The team, which is new.", headers(("ETag" = String, description = "Its state."))),
        (status = 403, response = Forbidden),
        (status = 409, response = Conflict),
        (status = 412, response = ChangedMeanwhile),
        (status = 422, response = Unprocessable),
        (status = 428, response = PreconditionRequired),
    )
)]
pub(super) async fn put(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(team): Path<String>,
    _: NoQuery,
    If(precondition): If,
    Content(content): Content,
) -> Result<Response, Refused> {
    let request = PutRequest { content, reason: None, precondition };
    let put = declared::put(&service.app, &caller, "team", Some(&team), &request).await?;
    tagged::changed(put, &declared::team(&service.app, &team).await?)
}
