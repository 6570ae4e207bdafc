//! Verdicts.

mod chart;
mod charts;
mod html;
mod inputs;
mod list;
mod markdown;
mod replay;
mod show;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(chart::chart))
        .routes(routes!(charts::charts))
        .routes(routes!(html::html))
        .routes(routes!(inputs::inputs))
        .routes(routes!(list::list))
        .routes(routes!(markdown::markdown))
        .routes(routes!(replay::replay))
        .routes(routes!(show::show))
}
