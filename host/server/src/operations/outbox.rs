//! What goes out: events, sinks, and the log of what was delivered.

use jiff::Timestamp;
use yardstick_app::{App, Caller, NewSink};
use yardstick_client::api::{
    DeliveriesRequest, DeliveryDocument, EventDocument, EventsRequest, Page, SecretSinkDocument,
    SinkDocument, SinkRequest, TriedSinkDocument,
};
use yardstick_domain::event::{Event, EventKind};
use yardstick_domain::sink::{Delivery, Sink};
use yardstick_store::{DeliveryFilter, EventFilter};

use super::reading::{Reading, parse};
use super::{Error, Result};
use crate::ambient;

/// Events, the newest first.
pub(crate) async fn events(
    app: &App,
    caller: &Caller,
    request: &EventsRequest,
) -> Result<Page<EventDocument>> {
    let mut reading = Reading::default();
    let filter = EventFilter {
        kind: reading.maybe("kind", request.kind.as_ref()),
        team: reading.maybe("team", request.team.as_ref()),
        release: reading.maybe("release", request.release.as_ref()),
        ..EventFilter::default()
    };
    let before = reading.cursor(request.cursor.as_ref(), |text| text.parse().ok());
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.events(caller, &filter, before, limit).await?;
    Ok(Page { items: page.items.iter().map(event).collect(), next: page.next.map(|id| id.to_string()) })
}

/// Tries of deliveries, the newest first.
pub(crate) async fn deliveries(
    app: &App,
    caller: &Caller,
    request: &DeliveriesRequest,
) -> Result<Page<DeliveryDocument>> {
    let mut reading = Reading::default();
    let sink = reading.maybe("sink", request.sink.as_ref());
    let before = reading.cursor(request.cursor.as_ref(), |text| text.parse().ok());
    let limit = reading.limit(request.limit);
    reading.end()?;
    let filter =
        DeliveryFilter { sinks: sink.map(|sink| vec![(sink, Timestamp::MIN)]), event: request.event };
    let page = app.deliveries(caller, &filter, before, limit).await?;
    Ok(Page {
        items: page.items.into_iter().map(delivery).collect(),
        next: page.next.map(|id| id.to_string()),
    })
}

/// Sinks that whoever asks looks after, by name.
pub(crate) async fn sinks(app: &App, caller: &Caller) -> Result<Page<SinkDocument>> {
    Ok(Page { items: app.sinks(caller).await?.into_iter().map(sink).collect(), next: None })
}

/// Adds a sink.
pub(crate) async fn add(app: &App, caller: &Caller, request: &SinkRequest) -> Result<SecretSinkDocument> {
    let mut reading = Reading::default();
    let name = reading.must("name", &request.name);
    let kind = reading.with("kind", Some(&request.kind), str::parse);
    let team = reading.maybe("team", request.team.as_ref());
    let named = request.kinds.iter().enumerate();
    let kinds: Vec<Option<EventKind>> =
        named.map(|(index, text)| reading.maybe(&format!("kinds[{index}]"), Some(text))).collect();
    let (name, kind) = reading.all(name.zip(kind))?;
    let mut kinds: Vec<EventKind> = kinds.into_iter().flatten().collect();
    kinds.sort_unstable();
    kinds.dedup();
    let new = NewSink {
        name,
        kind,
        team,
        kinds,
        url: request.url.clone(),
        private_addresses: request.private_addresses,
    };
    let (added, secret) = app.add_sink(caller, &new, random()?).await?;
    Ok(SecretSinkDocument { sink: sink(added), secret: secret.map(|secret| secret.text().to_owned()) })
}

/// Removes a sink.
pub(crate) async fn remove(app: &App, caller: &Caller, name: &str) -> Result<SinkDocument> {
    Ok(sink(app.remove_sink(caller, &parse("sink", name)?).await?))
}

/// Gives a web hook another secret.
pub(crate) async fn turn_secret(app: &App, caller: &Caller, name: &str) -> Result<SecretSinkDocument> {
    let (found, secret) = app.turn_secret(caller, &parse("sink", name)?, random()?).await?;
    Ok(SecretSinkDocument { sink: sink(found), secret: Some(secret.text().to_owned()) })
}

/// Sends a sink an event that says nothing but that it was sent.
pub(crate) async fn try_out(app: &App, caller: &Caller, name: &str) -> Result<TriedSinkDocument> {
    let event = app.try_sink(caller, &parse("sink", name)?).await?;
    Ok(TriedSinkDocument { sink: name.to_owned(), event })
}

fn random() -> Result<[u8; 32]> {
    ambient::secret().map_err(|error| Error::App(yardstick_app::AppError::Fault(error.to_string())))
}

/// An event as a document.
pub(crate) fn event(event: &Event) -> EventDocument {
    let message_id = event.message_id();
    let (id, event) = (event.id, &event.event);
    EventDocument {
        id,
        message_id,
        kind: event.kind.into(),
        at: event.at,
        team: event.team.as_ref().map(ToString::to_string),
        release: event.release.as_ref().map(ToString::to_string),
        verdict: event.verdict.as_ref().map(ToString::to_string),
        urgent: event.urgent,
        says: event.says.clone(),
        advice: event.advice.clone(),
        to: event.to.iter().map(ToString::to_string).collect(),
    }
}

fn sink(sink: Sink) -> SinkDocument {
    SinkDocument {
        name: sink.name.to_string(),
        kind: sink.kind.into(),
        team: sink.team.map(|team| team.to_string()),
        kinds: sink.kinds.into_iter().map(Into::into).collect(),
        url: sink.url,
        private_addresses: sink.private_addresses,
        created_at: sink.created_at,
        created_by: sink.created_by.to_string(),
        rests_until: sink.rests_until,
    }
}

fn delivery(delivery: Delivery) -> DeliveryDocument {
    DeliveryDocument {
        id: delivery.id,
        event: delivery.event,
        sink: delivery.sink.to_string(),
        at: delivery.at,
        took_ms: delivery.took_ms,
        outcome: delivery.outcome.into(),
        status: delivery.answer.status,
        says: delivery.answer.says,
    }
}
