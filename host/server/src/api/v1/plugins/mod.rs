//! Plugins.

mod backtest;
mod deprecate;
mod grant;
mod list;
mod promote;
mod publish;
mod revoke;
mod runs;
mod show;
mod undeprecate;
mod unyank;
mod yank;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(backtest::backtest))
        .routes(routes!(deprecate::deprecate))
        .routes(routes!(grant::grant))
        .routes(routes!(list::list))
        .routes(routes!(promote::promote))
        .routes(routes!(publish::publish))
        .routes(routes!(revoke::revoke))
        .routes(routes!(runs::runs))
        .routes(routes!(show::show))
        .routes(routes!(undeprecate::undeprecate))
        .routes(routes!(unyank::unyank))
        .routes(routes!(yank::yank))
}
