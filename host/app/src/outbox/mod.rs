//! What goes out: sinks, what is delivered to them, and what nobody causes but time.

mod deliver;
mod nudges;
mod sinks;
mod watch;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use yardstick_domain::event::Event;
use yardstick_domain::sink::{Delivered, Delivery, SigningSecret, Sink};
use yardstick_store::{DeliveryFilter, EventFilter, Page};

use crate::error::Result;
use crate::{App, Caller};

pub use sinks::NewSink;
pub(crate) use watch::OVERDUE;

/// An event on its way to a sink.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// What happened.
    pub event: Event,
    /// Where it goes.
    pub sink: Sink,
    /// What signs it, the newest first.
    pub secrets: Vec<SigningSecret>,
    /// When it is sent.
    pub now: Timestamp,
}

/// Takes an event to a sink. What is inside knows how messages look and how they are sent; use cases do not.
pub type Courier = Arc<dyn for<'a> Fn(&'a App, &'a Outgoing) -> BoxFuture<'a, Delivered> + Send + Sync>;

impl App {
    /// Lets this process deliver, by this courier. Without one it leaves deliveries to others.
    #[must_use]
    pub fn with_courier(self, courier: Courier) -> Self {
        Self { courier: Some(courier), ..self }
    }

    /// Events, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn events(
        &self,
        caller: &Caller,
        filter: &EventFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<Event, i64>> {
        let filter = EventFilter { sees: self.sees(caller).await?, ..filter.clone() };
        Ok(self.store.events(&filter, before, limit).await?)
    }

    /// Tries of deliveries to sinks that whoever asks looks after, the newest first.
    ///
    /// # Errors
    /// When the database fails; [`crate::AppError::NotFound`] for a sink that is none of theirs.
    pub async fn deliveries(
        &self,
        caller: &Caller,
        filter: &DeliveryFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<Delivery, i64>> {
        let mut filter = filter.clone();
        if !self.sees_everything(caller).await? {
            let named = filter.sinks.take();
            let own = match named {
                None => self.sinks(caller).await?,
                Some(named) => {
                    let mut own = Vec::new();
                    for (name, _) in named {
                        own.push(self.own_sink(caller, &name).await?);
                    }
                    own
                }
            };
            // What one of the same name got before is not theirs.
            filter.sinks = Some(own.into_iter().map(|sink| (sink.name, sink.created_at)).collect());
        } else if let Some([(name, _)]) = filter.sinks.as_deref()
            && self.store.sink(name).await?.is_none()
        {
            // Those that were removed have a log too.
            self.own_sink(caller, name).await?;
        }
        Ok(self.store.deliveries(&filter, before, limit).await?)
    }
}
