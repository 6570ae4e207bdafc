//! Version 1. One folder per resource, one file per verb.

mod actions;
mod apply;
mod audit;
mod comments;
mod decisions;
mod deliveries;
mod events;
mod exports;
mod imports;
mod intake;
mod intakes;
mod jobs;
mod learnings;
mod metrics;
mod organisation;
mod persons;
mod plugins;
mod portfolio;
mod releases;
mod requests;
mod retros;
mod reviews;
mod roadmap;
mod schemas;
mod service_accounts;
mod sinks;
mod status;
mod teams;
mod tokens;
mod verdicts;
mod whoami;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .merge(actions::routes())
        .routes(routes!(apply::apply))
        .merge(audit::routes())
        .merge(comments::routes())
        .merge(decisions::routes())
        .routes(routes!(deliveries::deliveries))
        .routes(routes!(events::events))
        .merge(exports::routes())
        .merge(imports::routes())
        .merge(intake::routes())
        .merge(intakes::routes())
        .merge(jobs::routes())
        .merge(learnings::routes())
        .merge(metrics::routes())
        .merge(organisation::routes())
        .merge(persons::routes())
        .merge(plugins::routes())
        .merge(portfolio::routes())
        .merge(releases::routes())
        .merge(retros::routes())
        .merge(reviews::routes())
        .merge(requests::routes())
        .merge(roadmap::routes())
        .merge(schemas::routes())
        .merge(service_accounts::routes())
        .merge(sinks::routes())
        .routes(routes!(status::status))
        .merge(teams::routes())
        .merge(tokens::routes())
        .routes(routes!(whoami::whoami))
        .merge(verdicts::routes())
}
