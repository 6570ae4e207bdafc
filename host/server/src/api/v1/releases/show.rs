use axum::extract::State;
use axum::response::Response;
use yardstick_client::api::ReleaseDocument;

use crate::api::Shared;
use crate::api::path::{Path, ReleasePath};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::tagged::{self, Known};
use crate::api::who::Who;
use crate::operations::declared;

/// Show a release: what was agreed, what happened, its verdicts
#[utoipa::path(
    get, path = "/releases/{release}", tag = "releases", operation_id = "show_release",
    params(
        ReleasePath,
        ("If-None-Match" = Option<String>, Header, description = "ETags that are known already: what has one of them is not answered again."),
    ),
    responses(
        (status = 200, body = ReleaseDocument, description = "The release.",
            headers(("ETag" = String, description = "Its state; `If-Match` of a change names it."))),
        (status = 304, description = "It is as `If-None-Match` says."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    Who(caller): Who,
    Path(release): Path<String>,
    known: Known,
    _: NoQuery,
) -> Result<Response, Refused> {
    tagged::answer(&declared::release(&service.app, &caller, &release).await?, &known)
}
