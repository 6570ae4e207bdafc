use axum::body::Body;
use axum::extract::State;
use axum::http::header::HeaderName;
use axum::http::{HeaderMap, StatusCode};
use yardstick_app::IncomingDelivery;
use yardstick_client::api::{DeliveredAs, DeliveredDocument};

use crate::api::Shared;
use crate::api::body::{self, Json, only};
use crate::api::query::NoQuery;
use crate::api::refused::Refused;
use crate::api::responses::Unprocessable;
use crate::operations::intake;

const EVENT: HeaderName = HeaderName::from_static("x-github-event");
const DELIVERY: HeaderName = HeaderName::from_static("x-github-delivery");
const SIGNATURE: HeaderName = HeaderName::from_static("x-hub-signature-256");

/// Take what a web hook of GitHub sends
///
/// An issue becomes a request, and a draft release once it says all that one needs. No token is asked for: the signature
/// over the body says who sends it. The same delivery, or the same body, does nothing the second time.
#[utoipa::path(
    post, path = "/intake/github", tag = "intake", operation_id = "deliver",
    params(
        ("X-GitHub-Event" = Option<String>, Header, example = "issues",
         description = "What kind of event: `issues` and `ping` are taken, others ignored."),
        ("X-GitHub-Delivery" = Option<String>, Header, example = "72d3162e-cc78-11e3-81ab-4c9367dc0958",
         description = "The delivery's number, at most 100 bytes."),
        ("X-Hub-Signature-256" = Option<String>, Header,
         description = "`sha256=` and the HMAC-SHA-256 over the body with the intake's secret, 64 hexadecimal digits."),
    ),
    request_body(
        description = "GitHub's payload, at most 1 MiB.", content_type = "application/json", content = Object
    ),
    responses(
        (status = 200, body = DeliveredDocument, description = "It is a request, or asked whether somebody is there."),
        (status = 202, body = DeliveredDocument, description = "It was signed, and nothing was done."),
        (status = 422, response = Unprocessable),
    )
)]
pub(super) async fn github(
    State(service): State<Shared>,
    _: NoQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<DeliveredDocument>), Refused> {
    let body = body::payload(&headers, body).await?;
    let delivery = IncomingDelivery {
        event: only(&headers, &EVENT).unwrap_or_default(),
        id: only(&headers, &DELIVERY).unwrap_or_default(),
        signature: only(&headers, &SIGNATURE),
        body: &body,
    };
    let now = (service.surroundings.clock)();
    let taken = intake::deliver(&service.app, delivery, now).await?;
    let status = match taken.outcome {
        DeliveredAs::Ignored => StatusCode::ACCEPTED,
        DeliveredAs::Pong | DeliveredAs::Request => StatusCode::OK,
    };
    Ok((status, Json(taken)))
}
