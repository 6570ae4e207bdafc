//! What takes events to their sinks: the documents of a message are made here, and sent by `yardstick-report`.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use yardstick_app::{App, AppError, Caller, Courier, Outgoing};
use yardstick_domain::people::Actor;
use yardstick_domain::sink::{Answer, Delivered, Sink, SinkKind};
use yardstick_report::sinks::web_hook::WebHooks;
use yardstick_report::sinks::{Message, folder};

use crate::{operations, wiring};

/// A courier whose folders lie in the data folder.
pub(crate) fn courier(data: &Path) -> Courier {
    let (hooks, reports) = (WebHooks::default(), Arc::<Path>::from(data.join("reports")));
    Arc::new(move |app, outgoing| {
        let (hooks, reports) = (hooks.clone(), Arc::clone(&reports));
        Box::pin(async move { deliver(app, outgoing, &hooks, &reports).await })
    })
}

async fn deliver(app: &App, outgoing: &Outgoing, hooks: &WebHooks, reports: &Path) -> Delivered {
    let message = match message(app, outgoing).await {
        Ok(message) => message,
        // What failed inside is for whoever runs the service.
        Err(error) => {
            tracing::error!(event = outgoing.event.id, "a message cannot be made: {error}");
            return failed("the message cannot be made; the service's log says more".to_owned());
        }
    };
    match outgoing.sink.kind {
        SinkKind::WebHook => hooks.send(&outgoing.sink, &outgoing.secrets, &message, outgoing.now).await,
        SinkKind::Folder => {
            let place = reports.join(outgoing.sink.name.as_str());
            let written = tokio::task::spawn_blocking(move || write(&place, &message)).await;
            match written.unwrap_or_else(|error| Err(io::Error::other(error))) {
                Ok(count) => Delivered::Taken(Answer {
                    status: None,
                    says: format!("wrote {}", yardstick_stats::format::counted(count as u64, "files")),
                }),
                Err(error) => failed(format!("the files cannot be written: {error}")),
            }
        }
    }
}

fn failed(says: String) -> Delivered {
    Delivered::Failed { answer: Answer { status: None, says }, rest_until: None }
}

fn write(place: &PathBuf, message: &Message) -> io::Result<usize> {
    wiring::folder(place).map_err(io::Error::other)?;
    folder::write(&Dir::open_ambient_dir(place, ambient_authority())?, message)
}

/// Everything a message may show, as the host sees it: to whom it may go was decided before.
async fn message(app: &App, outgoing: &Outgoing) -> Result<Message, AppError> {
    let caller = Caller::here(Actor::Host, outgoing.now);
    let event = operations::outbox::event(&outgoing.event);
    let Some(at) = &outgoing.event.event.verdict else { return Ok(Message { event, verdict: None }) };
    let document = app.verdict_document(&caller, at).await?;
    let charts = match outgoing.sink {
        Sink { kind: SinkKind::Folder, .. } => app.verdict_chart(&caller, at, None).await?.charts,
        Sink { kind: SinkKind::WebHook, .. } => Vec::new(),
    };
    Ok(Message { event, verdict: Some((document, charts)) })
}
