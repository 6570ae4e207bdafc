//! Intakes, and the requests they bring.

use reqwest::header::HeaderName;

use super::{Client, Endpoint, Error};
use crate::api::{
    DeliveredDocument, IntakeDocument, IntakeRequest, Page, RegisterRequest, RequestDocument,
    RequestsRequest, SecretIntakeDocument,
};

static DELIVER: Endpoint = Endpoint::post("/api/v1/intake/github");
static INTAKES: Endpoint = Endpoint::get("/api/v1/intakes");
static ADD: Endpoint = Endpoint::post("/api/v1/intakes");
static REMOVE: Endpoint = Endpoint::post("/api/v1/intakes/{team}/{repository}/remove");
static SECRET: Endpoint = Endpoint::post("/api/v1/intakes/{team}/{repository}/secret");
static REQUESTS: Endpoint = Endpoint::get("/api/v1/requests");
static REQUEST: Endpoint = Endpoint::get("/api/v1/requests/{id}");
static REGISTER: Endpoint = Endpoint::post("/api/v1/requests/{id}/register");

pub(super) static ENDPOINTS: &[&Endpoint] =
    &[&DELIVER, &INTAKES, &ADD, &REMOVE, &SECRET, &REQUESTS, &REQUEST, &REGISTER];

const EVENT: HeaderName = HeaderName::from_static("x-github-event");
const DELIVERY: HeaderName = HeaderName::from_static("x-github-delivery");
const SIGNATURE: HeaderName = HeaderName::from_static("x-hub-signature-256");

/// A delivery as GitHub sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What kind of event, such as `issues`.
    pub event: String,
    /// Its number.
    pub id: String,
    /// `sha256=` and the HMAC-SHA-256 over the body in hexadecimal digits.
    pub signature: String,
    /// The payload.
    pub body: Vec<u8>,
}

/// Every method fails as [`Error`] says.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// Sends a delivery in GitHub's place: for whoever relays, or tries an intake. Its signature says who sends it.
    pub async fn deliver(&self, delivery: &Delivery) -> Result<DeliveredDocument, Error> {
        let question = self.ask(&DELIVER, &[])?.header(EVENT, &delivery.event)?;
        let question = question.header(DELIVERY, &delivery.id)?.header(SIGNATURE, &delivery.signature)?;
        question.body("application/json", delivery.body.clone().into()).document().await
    }

    /// Intakes that whoever asks looks after, by repository.
    pub async fn intakes(&self) -> Result<Page<IntakeDocument>, Error> {
        self.ask(&INTAKES, &[])?.document().await
    }

    /// Adds an intake. Its secret is in this answer and nowhere else.
    pub async fn add_intake(&self, request: &IntakeRequest) -> Result<SecretIntakeDocument, Error> {
        self.ask(&ADD, &[])?.json(request)?.document().await
    }

    /// Removes an intake; its requests stay.
    pub async fn remove_intake(&self, team: &str, repository: &str) -> Result<IntakeDocument, Error> {
        self.ask(&REMOVE, &[team, repository])?.document().await
    }

    /// Gives an intake another secret, which is in this answer and nowhere else.
    pub async fn turn_intake_secret(
        &self,
        team: &str,
        repository: &str,
    ) -> Result<SecretIntakeDocument, Error> {
        self.ask(&SECRET, &[team, repository])?.document().await
    }

    /// A page of the requests, the newest first.
    pub async fn requests(&self, request: &RequestsRequest) -> Result<Page<RequestDocument>, Error> {
        self.ask(&REQUESTS, &[])?.query(request)?.document().await
    }

    /// One request.
    pub async fn request(&self, id: i64) -> Result<RequestDocument, Error> {
        self.ask(&REQUEST, &[&id.to_string()])?.document().await
    }

    /// Registers the release of a request, with what it lacks.
    pub async fn register_request(&self, id: i64, given: &RegisterRequest) -> Result<RequestDocument, Error> {
        self.ask(&REGISTER, &[&id.to_string()])?.json(given)?.document().await
    }
}
