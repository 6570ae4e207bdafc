//! Comments: questions and disputes, open until they are answered.

mod answer;
mod list;
mod make;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(make::make))
        .routes(routes!(answer::answer))
}
