//! Metrics, and imports of their values.

mod import;
mod imports;
mod list;
mod points;
mod put;
mod show;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(import::import))
        .routes(routes!(imports::imports))
        .routes(routes!(list::list))
        .routes(routes!(points::points))
        .routes(routes!(put::put))
        .routes(routes!(show::show))
}
