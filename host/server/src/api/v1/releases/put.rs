use axum::extract::State;
use axum::response::Response;
use yardstick_client::api::{PutReleaseRequest, ReleaseDocument};

use crate::api::Shared;
use crate::api::path::{Path, ReleasePath};
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::{ChangedMeanwhile, Conflict, Forbidden, PreconditionRequired, Unprocessable};
use crate::api::tagged::{self, Content, If, IfHeaders};
use crate::api::who::Who;
use crate::operations::declared::{self, PutRequest};

/// Declare a release: as its file would, and if it is there, in the state that was read
///
/// After the launch criteria change by an amendment only, with a reason.
#[utoipa::path(
    put, path = "/releases/{release}", tag = "releases", operation_id = "put_release",
    params(
        ReleasePath,
        PutReleaseRequest,
        IfHeaders,
    ),
    request_body(content = Object, content_type = "application/json", description = "What a file of this kind holds."),
    responses(
        (status = 200, body = ReleaseDocument, description = "The release, as it is now.", headers(("ETag" = String, description = "Its state."))),
        (status = 201, body = ReleaseDocument, description = "The release, which is new.", headers(("ETag" = String, description = "Its state."))),
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
    Path(release): Path<String>,
    Query(request): Query<PutReleaseRequest>,
    If(precondition): If,
    Content(content): Content,
) -> Result<Response, Refused> {
    let request = PutRequest { content, reason: request.reason, precondition };
    let put = declared::put(&service.app, &caller, "release", Some(&release), &request).await?;
    tagged::changed(put, &declared::release(&service.app, &caller, &release).await?)
}
