//! Retros.

mod edit;
mod html;
mod json;
mod list;
mod markdown;
mod open;
mod show;
mod waive;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list, open::open))
        .routes(routes!(show::show, edit::edit))
        .routes(routes!(markdown::markdown))
        .routes(routes!(html::html))
        .routes(routes!(json::json))
        .routes(routes!(waive::waive))
}
