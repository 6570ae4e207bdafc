//! Whether the service works.

pub(super) mod live;
pub(super) mod ready;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Shared;

/// Where it is asked: these are answered however much there is to do.
pub(super) const PATHS: [&str; 4] = ["/health/live", "/health/ready", "/livez", "/readyz"];

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(live::live)).routes(routes!(ready::ready))
}
