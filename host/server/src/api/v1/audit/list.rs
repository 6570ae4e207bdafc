use axum::extract::State;
use yardstick_client::api::{AuditEventDocument, AuditRequest, Page};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::query::Query;
use crate::api::refused::Refused;
use crate::api::responses::Forbidden;
use crate::api::who::Who;
use crate::operations::audit;

/// List what was done, the newest first
///
/// For operators. Attempts that were refused are among it.
#[utoipa::path(
    get, path = "/audit", tag = "audit", operation_id = "list_audit",
    params(
        AuditRequest,
    ),
    responses(
        (status = 200, body = Page<AuditEventDocument>, description = "A page of events."),
        (status = 403, response = Forbidden),
    )
)]
pub(super) async fn list(
    State(service): State<Shared>,
    Who(caller): Who,
    Query(request): Query<AuditRequest>,
) -> Result<Json<Page<AuditEventDocument>>, Refused> {
    Ok(Json(audit::list(&service.app, &caller, &request).await?))
}
