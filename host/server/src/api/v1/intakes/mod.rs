//! Intakes.

mod add;
mod list;
mod remove;
mod turn_secret;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list, add::add))
        .routes(routes!(remove::remove))
        .routes(routes!(turn_secret::turn_secret))
}
