//! Whether the service works.

mod live;
mod ready;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(live::live)).routes(routes!(ready::ready))
}
