//! What goes out: events, sinks, deliveries.

use super::{Client, Endpoint, Error};
use crate::api::{
    DeliveriesRequest, DeliveryDocument, EventDocument, EventsRequest, Page, SecretSinkDocument,
    SinkDocument, SinkRequest, TriedSinkDocument,
};

static EVENTS: Endpoint = Endpoint::get("/api/v1/events");
static DELIVERIES: Endpoint = Endpoint::get("/api/v1/deliveries");
static SINKS: Endpoint = Endpoint::get("/api/v1/sinks");
static ADD: Endpoint = Endpoint::post("/api/v1/sinks");
static REMOVE: Endpoint = Endpoint::post("/api/v1/sinks/{sink}/remove");
static SECRET: Endpoint = Endpoint::post("/api/v1/sinks/{sink}/secret");
static TRY: Endpoint = Endpoint::post("/api/v1/sinks/{sink}/try");

pub(super) static ENDPOINTS: &[&Endpoint] = &[&EVENTS, &DELIVERIES, &SINKS, &ADD, &REMOVE, &SECRET, &TRY];

/// Every method fails as [`Error`] says.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// A page of the events, the newest first.
    pub async fn events(&self, request: &EventsRequest) -> Result<Page<EventDocument>, Error> {
        self.ask(&EVENTS, &[])?.query(request)?.document().await
    }

    /// A page of tries of deliveries, the newest first.
    pub async fn deliveries(&self, request: &DeliveriesRequest) -> Result<Page<DeliveryDocument>, Error> {
        self.ask(&DELIVERIES, &[])?.query(request)?.document().await
    }

    /// Sinks that whoever asks looks after, by name.
    pub async fn sinks(&self) -> Result<Page<SinkDocument>, Error> {
        self.ask(&SINKS, &[])?.document().await
    }

    /// Adds a sink. The secret of a web hook is in this answer and nowhere else.
    pub async fn add_sink(&self, request: &SinkRequest) -> Result<SecretSinkDocument, Error> {
        self.ask(&ADD, &[])?.json(request)?.document().await
    }

    /// Removes a sink.
    pub async fn remove_sink(&self, sink: &str) -> Result<SinkDocument, Error> {
        self.ask(&REMOVE, &[sink])?.document().await
    }

    /// Gives a web hook another secret, which is in this answer and nowhere else.
    pub async fn turn_secret(&self, sink: &str) -> Result<SecretSinkDocument, Error> {
        self.ask(&SECRET, &[sink])?.document().await
    }

    /// Sends a sink an event that says nothing but that it was sent.
    pub async fn try_sink(&self, sink: &str) -> Result<TriedSinkDocument, Error> {
        self.ask(&TRY, &[sink])?.document().await
    }
}
