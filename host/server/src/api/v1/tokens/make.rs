use axum::Extension;
use axum::extract::State;
use yardstick_client::api::{MadeTokenDocument, TokenRequest};

use crate::api::Shared;
use crate::api::body::Json;
use crate::api::keyed::Confidential;
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::{Conflict, Forbidden, NotFound, Unprocessable};
use crate::api::who::Who;
use crate::operations::access;

/// Make a token
///
/// A person makes their own; for a service account whoever could make the account; an operator for anybody. Its secret
/// is in this answer and nowhere else.
#[utoipa::path(
    post, path = "/tokens", tag = "access", operation_id = "make_token",
    request_body = TokenRequest,
    responses(
        (status = 200, body = MadeTokenDocument, description = "The token, with its secret."),
        (status = 403, response = Forbidden),
        (status = 404, response = NotFound),
        (status = 409, response = Conflict),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn make(
    State(service): State<Shared>,
    Who(caller): Who,
    _: NoQuery,
    Json(request): Json<TokenRequest>,
) -> Result<(Extension<Confidential>, Json<MadeTokenDocument>), Refused> {
    Ok((Extension(Confidential), Json(access::make_token(&service.app, &caller, &request).await?)))
}
