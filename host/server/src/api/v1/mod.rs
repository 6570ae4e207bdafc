//! Version 1. One folder per resource, one file per verb.

mod apply;
mod imports;
mod jobs;
mod metrics;
mod plugins;
mod releases;
mod schemas;
mod status;
mod verdicts;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(apply::apply))
        .merge(imports::routes())
        .merge(jobs::routes())
        .merge(metrics::routes())
        .merge(plugins::routes())
        .merge(releases::routes())
        .merge(schemas::routes())
        .routes(routes!(status::status))
        .merge(verdicts::routes())
}
