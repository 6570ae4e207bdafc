//! Exports, sent while they are read.

mod findings;
mod releases;
mod verdicts;

use std::io;

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yardstick_app::Caller;
use yardstick_client::api::{ExportRequest, Exported};

use crate::api::Shared;
use crate::api::refused::Refused;
use crate::operations::Error;
use crate::operations::exports::Export;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(releases::releases))
        .routes(routes!(verdicts::verdicts))
        .routes(routes!(findings::findings))
}

/// Answers with an export. Its first rows are read before anything is answered, so that what cannot be read is refused;
/// what fails later cuts the answer off, and whoever asked sees that it is not whole.
async fn answer(
    service: Shared,
    caller: Caller,
    what: Exported,
    request: &ExportRequest,
) -> Result<Response, Refused> {
    let mut export = Export::begin(&service.app, what, request)?;
    let format = export.format();
    let mut first = Vec::new();
    for _ in 0..2 {
        first.extend(export.piece(&service.app, &caller).await?.unwrap_or_default());
    }
    let rest = (Some(first), export, service, caller);
    let pieces = try_unfold(rest, async |(first, mut export, service, caller)| {
        let piece = match first {
            Some(first) => Some(first),
            None => export.piece(&service.app, &caller).await.map_err(|error| cut_off(&error))?,
        };
        Ok::<_, io::Error>(piece.map(|piece| (piece, (None, export, service, caller))))
    });
    // Never of what was asked: the name of a file is nobody else's to choose.
    let name = format!("attachment; filename=\"yardstick-{}.{}\"", what.as_str(), format.ending());
    let headers = [(CONTENT_TYPE, format!("{}; charset=utf-8", format.media())), (CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

fn cut_off(error: &Error) -> io::Error {
    let problem = error.problem();
    tracing::error!("an export was cut off: {}", problem.detail);
    io::Error::other(problem.detail)
}
