use axum::extract::{FromRequest, Request, State};
use tokio::sync::Semaphore;
use yardstick_client::api::{AppliedDocument, ApplyRequest};

use crate::api::Shared;
use crate::api::body::{FILES, Json};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, FilesRefused};
use crate::api::who::Who;
use crate::operations::{apply, codes};

/// Sets of files that are received and read at a time: each is held in memory, several times over.
static PLACES: Semaphore = Semaphore::const_new(8);

/// Register what files declare: all of it, or nothing
///
/// Nothing is ever deleted, and what is unchanged is left alone. With `dry_run` it is only looked at.
/// `lints` says of each release what in its criteria is probably not meant; they stop nothing.
#[utoipa::path(
    post, path = "/apply", tag = "files", operation_id = "apply",
    request_body(content = ApplyRequest, description = "The files."),
    responses(
        (status = 200, body = AppliedDocument, description = "What became of each declared thing."),
        (status = 409, response = Conflict),
        (status = 422, response = FilesRefused),
    )
)]
pub(super) async fn apply(
    State(service): State<Shared>,
    Who(caller): Who,
    _: NoQuery,
    request: Request,
) -> Result<Json<AppliedDocument>, Refused> {
    let _place = PLACES.acquire().await.map_err(|error| Refused::of(codes::INTERNAL, error.to_string()))?;
    let Json(request) = Json::<ApplyRequest, FILES>::from_request(request, &service).await?;
    Ok(Json(apply::apply(&service.app, &caller, request).await?))
}
