use axum::extract::State;
use axum::response::Response;
use yardstick_client::api::PersonDocument;

use crate::api::Shared;
use crate::api::path::{Path, PersonPath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{ChangedMeanwhile, Conflict, Forbidden, PreconditionRequired, Unprocessable};
use crate::api::tagged::{self, Content, If, IfHeaders};
use crate::api::who::Who;
use crate::operations::declared::{self, PutRequest};

/// Declare a person: as its file would, and if it is there, in the state that was read
#[utoipa::path(
    put, path = "/persons/{person}", tag = "people", operation_id = "put_person",
    params(
        PersonPath,
        IfHeaders,
    ),
    request_body(content = Object, content_type = "application/json", description = "What a file of this kind holds."),
    responses(
        (status = 200, body = PersonDocument, description = "The person, as it is now.", headers(("ETag" = String, description = "Its state."))),
        (status = 201, body = PersonDocument, description = "The person, which is new.", headers(("ETag" = String, description = "Its state."))),
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
    Path(person): Path<String>,
    _: NoQuery,
    If(precondition): If,
    Content(content): Content,
) -> Result<Response, Refused> {
    let request = PutRequest { content, reason: None, precondition };
    let put = declared::put(&service.app, &caller, "person", Some(&person), &request).await?;
    tagged::changed(put, &declared::person(&service.app, &person).await?)
}
