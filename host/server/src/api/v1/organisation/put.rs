use axum::extract::State;
use axum::response::Response;
use yardstick_client::api::OrganisationDocument;

use crate::api::Shared;
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{ChangedMeanwhile, Conflict, Forbidden, PreconditionRequired, Unprocessable};
use crate::api::tagged::{self, Content, If, IfHeaders};
use crate::api::who::Who;
use crate::operations::declared::{self, PutRequest};

/// Declare the organisation: as its file would, and if it is there, in the state that was read
#[utoipa::path(
    put, path = "/organisation", tag = "people", operation_id = "put_organisation",
    params(
        IfHeaders,
    ),
    request_body(content = Object, content_type = "application/json", description = "What a file of this kind holds."),
    responses(
        (status = 200, body = OrganisationDocument, description = "The organisation, as it is now.", headers(("ETag" = String, description = "Its state."))),
        (status = 201, body = OrganisationDocument, description = "The organisation, which is new.", headers(("ETag" = String, description = "Its state."))),
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
    _: NoQuery,
    If(precondition): If,
    Content(content): Content,
) -> Result<Response, Refused> {
    let request = PutRequest { content, reason: None, precondition };
    let put = declared::put(&service.app, &caller, "organisation", None, &request).await?;
    tagged::changed(put, &declared::organisation(&service.app).await?)
}
