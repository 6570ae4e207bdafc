//! Releases.

mod cancel;
mod check;
mod criteria;
mod criteria_version;
mod file;
mod judge;
mod launch;
mod list;
mod put;
mod reschedule;
mod seal;
mod show;
mod undo_launch;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(cancel::cancel))
        .routes(routes!(check::check))
        .routes(routes!(criteria::criteria))
        .routes(routes!(criteria_version::criteria_version))
        .routes(routes!(file::file))
        .routes(routes!(judge::judge))
        .routes(routes!(launch::launch))
        .routes(routes!(list::list))
        .routes(routes!(reschedule::reschedule))
        .routes(routes!(seal::seal))
        .routes(routes!(put::put))
        .routes(routes!(show::show))
        .routes(routes!(undo_launch::undo_launch))
}
