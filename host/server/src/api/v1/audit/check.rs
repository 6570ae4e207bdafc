use axum::extract::State;
use yardstick_client::api::{AuditCheckDocument, AuditCheckRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::Forbidden;
use crate::api::who::Who;
use crate::operations::audit;

/// Check that nothing was changed since
///
/// For operators. Finds events that were changed, removed or put in another order; with a head that was kept elsewhere
/// also what was cut off at the end, and a chain that was written anew.
#[utoipa::path(
    get, path = "/audit/check", tag = "audit", operation_id = "check_audit",
    params(
        AuditCheckRequest,
    ),
    responses(
        (status = 200, body = AuditCheckDocument, description = "What it came to."),
        (status = 403, response = Forbidden),
    )
)]
pub(super) async fn check(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<AuditCheckRequest>,
) -> Result<Json<AuditCheckDocument>, Refused> {
    Ok(Json(audit::check(&service.app, &caller, &request).await?))
}
