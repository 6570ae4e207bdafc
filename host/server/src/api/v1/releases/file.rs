use axum::extract::State;
use axum::response::Response;

use crate::api::Shared;
use crate::api::path::{Path, ReleasePath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::tagged::{self, Known};
use crate::api::who::Who;
use crate::operations::declared;

/// Show a release as its file holds it: change that, and put it back
///
/// What `PUT` at the release takes as it is, with the ETag that its `If-Match` names.
#[utoipa::path(
    get, path = "/releases/{release}/file", tag = "releases", operation_id = "show_release_file",
    params(
        ReleasePath,
        ("If-None-Match" = Option<String>, Header, description = "ETags that are known already: what has one of them is not answered again."),
    ),
    responses(
        (status = 200, body = Object, description = "What its file holds.",
            headers(("ETag" = String, description = "Its state; `If-Match` of a change names it."))),
        (status = 304, description = "It is as `If-None-Match` says."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn file(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(release): Path<String>,
    known: Known,
    _: NoQuery,
) -> Result<Response, Refused> {
    tagged::answer(&declared::release_file(&service.app, &caller, &release).await?, &known)
}
