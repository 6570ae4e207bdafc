//! Decisions: what people make of verdicts.

mod approve;
mod approve_amendment;
mod list;
mod make;
mod show;
mod withdraw;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(make::make))
        .routes(routes!(show::show))
        .routes(routes!(approve::approve))
        .routes(routes!(withdraw::withdraw))
        .routes(routes!(approve_amendment::approve_amendment))
}
