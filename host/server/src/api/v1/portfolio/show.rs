use axum::extract::State;
use yardstick_client::api::{PortfolioDocument, PortfolioRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::NotFound;
use crate::api::who::Who;
use crate::operations::portfolio;

/// Are L1 and L2 releases measured, and how many succeeded?
///
/// For a fiscal quarter, by team and in all, with the quarters before. What is counted is said beside the figures, which
/// are the same for everybody: private releases are in none, unless `private=true` adds those that whoever asks may see.
#[utoipa::path(
    get, path = "/portfolio", tag = "portfolio", operation_id = "portfolio",
    params(
        PortfolioRequest,
    ),
    responses(
        (status = 200, body = PortfolioDocument, description = "The portfolio."),
        (status = 404, response = NotFound),
    )
)]
pub(super) async fn show(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<PortfolioRequest>,
) -> Result<Json<PortfolioDocument>, Refused> {
    Ok(Json(portfolio::show(&service.app, &caller, &request).await?))
}
