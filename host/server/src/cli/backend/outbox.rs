//! What goes out: events, sinks, deliveries.

use yardstick_client::api::{
    DeliveriesRequest, DeliveryDocument, EventDocument, EventsRequest, Page, SecretSinkDocument,
    SinkDocument, SinkRequest, TriedSinkDocument,
};

use super::{Backend, Result};
use crate::operations::outbox;

impl Backend {
    pub(in crate::cli) async fn events(&self, request: &EventsRequest) -> Result<Page<EventDocument>> {
        match self {
            Self::Here(app, caller) => Ok(outbox::events(app, caller, request).await?),
            Self::There(client) => Ok(client.events(request).await?),
        }
    }

    pub(in crate::cli) async fn deliveries(
        &self,
        request: &DeliveriesRequest,
    ) -> Result<Page<DeliveryDocument>> {
        match self {
            Self::Here(app, caller) => Ok(outbox::deliveries(app, caller, request).await?),
            Self::There(client) => Ok(client.deliveries(request).await?),
        }
    }

    pub(in crate::cli) async fn sinks(&self) -> Result<Page<SinkDocument>> {
        match self {
            Self::Here(app, caller) => Ok(outbox::sinks(app, caller).await?),
            Self::There(client) => Ok(client.sinks().await?),
        }
    }

    pub(in crate::cli) async fn add_sink(&self, request: &SinkRequest) -> Result<SecretSinkDocument> {
        match self {
            Self::Here(app, caller) => Ok(outbox::add(app, caller, request).await?),
            Self::There(client) => Ok(client.add_sink(request).await?),
        }
    }

    pub(in crate::cli) async fn remove_sink(&self, sink: &str) -> Result<SinkDocument> {
        match self {
            Self::Here(app, caller) => Ok(outbox::remove(app, caller, sink).await?),
            Self::There(client) => Ok(client.remove_sink(sink).await?),
        }
    }

    pub(in crate::cli) async fn turn_secret(&self, sink: &str) -> Result<SecretSinkDocument> {
        match self {
            Self::Here(app, caller) => Ok(outbox::turn_secret(app, caller, sink).await?),
            Self::There(client) => Ok(client.turn_secret(sink).await?),
        }
    }

    pub(in crate::cli) async fn try_sink(&self, sink: &str) -> Result<TriedSinkDocument> {
        match self {
            Self::Here(app, caller) => Ok(outbox::try_out(app, caller, sink).await?),
            Self::There(client) => Ok(client.try_sink(sink).await?),
        }
    }
}
