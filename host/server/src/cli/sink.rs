//! `yardstick sink`, `yardstick events`

use std::process::ExitCode;

use yardstick_client::api::{
    DeliveriesRequest, DeliveryDocument, EventDocument, EventsRequest, SecretSinkDocument, SinkDocument,
    SinkRequest,
};
use yardstick_domain::event::EventKind;
use yardstick_domain::ids::{ReleaseSlug, SinkName, TeamKey};

use super::context::{Context, Failure, checked};
use super::output::{Format, json, put, say, table};

/// Items that are listed.
const LISTED: u32 = 100;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Add a sink: files in a folder, or a web hook. A web hook's secret is printed once, on standard output.
    Add {
        /// Its name.
        #[arg(value_parser = checked::<SinkName>)]
        name: String,
        /// Write files into a folder of this name below the data folder's `reports`.
        #[arg(long, conflicts_with = "url", required_unless_present = "url")]
        folder: bool,
        /// Send signed requests to this address.
        #[arg(long)]
        url: Option<String>,
        /// Only this team's events, those of its private releases too.
        #[arg(long, value_parser = checked::<TeamKey>)]
        team: Option<String>,
        /// Only these kinds of events, such as verdict.final,verdict.changed.
        #[arg(long, value_delimiter = ',', value_name = "KINDS", value_parser = checked::<EventKind>)]
        events: Vec<String>,
        /// Let a web hook be on the service's machine or in a private network.
        #[arg(long, requires = "url")]
        private_addresses: bool,
    },
    /// List sinks, by name.
    List,
    /// Remove a sink; the log of what it got stays.
    Remove {
        /// Its name.
        #[arg(value_parser = checked::<SinkName>)]
        name: String,
    },
    /// Give a web hook another secret. The one before signs beside it for a day.
    Secret {
        /// Its name.
        #[arg(value_parser = checked::<SinkName>)]
        name: String,
    },
    /// Send a sink an event that says nothing but that it was sent.
    Try {
        /// Its name.
        #[arg(value_parser = checked::<SinkName>)]
        name: String,
    },
    /// List tries of deliveries, the newest first.
    Deliveries {
        /// Only to this sink.
        #[arg(long, value_parser = checked::<SinkName>)]
        sink: Option<String>,
        /// Only of this event.
        #[arg(long)]
        event: Option<i64>,
        /// How many.
        #[arg(long, default_value_t = LISTED, value_parser = clap::value_parser!(u32).range(1..=500))]
        limit: u32,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Events {
    /// Only of this kind.
    #[arg(long, value_parser = checked::<EventKind>)]
    kind: Option<String>,
    /// Only about this release.
    #[arg(long, value_parser = checked::<ReleaseSlug>)]
    release: Option<String>,
    /// How many.
    #[arg(long, default_value_t = LISTED, value_parser = clap::value_parser!(u32).range(1..=500))]
    limit: u32,
}

pub(super) async fn run(context: &Context, command: Command) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    match command {
        Command::Add { name, folder, url, team, events, private_addresses } => {
            let kind = if folder { "folder" } else { "web-hook" }.to_owned();
            let request = SinkRequest { name, kind, team, kinds: events, url, private_addresses };
            let made = backend.add_sink(&request).await?;
            with_secret(context, &made, "is added")?;
        }
        Command::List => {
            let page = backend.sinks().await?;
            if context.output == Format::Json {
                json(&page)?;
            } else {
                let rows: Vec<Vec<String>> = page.items.iter().map(row).collect();
                table(
                    context.output,
                    &["sink", "kind", "gets", "of", "where"],
                    &rows,
                    "No sinks: nothing is sent.",
                );
            }
        }
        Command::Remove { name } => {
            let removed = backend.remove_sink(&name).await?;
            if context.output == Format::Json {
                json(&removed)?;
            } else {
                put(&format!("{name} is removed\n"));
            }
        }
        Command::Secret { name } => {
            let made = backend.turn_secret(&name).await?;
            with_secret(context, &made, "has another secret; the one before signs beside it for 24 hours")?;
        }
        Command::Try { name } => {
            let tried = backend.try_sink(&name).await?;
            if context.output == Format::Json {
                json(&tried)?;
            } else {
                put(&format!(
                    "event {} is sent to {name} by whichever worker is free\nNext: yardstick sink deliveries --event {}\n",
                    tried.event, tried.event
                ));
            }
        }
        Command::Deliveries { sink, event, limit } => {
            let request = DeliveriesRequest { sink, event, limit: Some(limit), cursor: None };
            let page = backend.deliveries(&request).await?;
            if context.output == Format::Json {
                json(&page)?;
            } else {
                let rows: Vec<Vec<String>> = page.items.iter().map(delivery).collect();
                let headers = ["event", "sink", "tried", "took", "outcome", "what was heard"];
                table(context.output, &headers, &rows, "Nothing was sent yet.");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// `yardstick events`
pub(super) async fn events(context: &Context, arguments: Events) -> Result<ExitCode, Failure> {
    let Events { kind, release, limit } = arguments;
    let request = EventsRequest { kind, release, limit: Some(limit), ..EventsRequest::default() };
    let page = context.open().await?.events(&request).await?;
    if context.output == Format::Json {
        json(&page)?;
    } else {
        let row = |event: &EventDocument| {
            let at = event.at.strftime("%Y-%m-%d %H:%M UTC").to_string();
            vec![event.id.to_string(), at, event.kind.to_string(), event.says.clone(), event.to.join(", ")]
        };
        let rows: Vec<Vec<String>> = page.items.iter().map(row).collect();
        table(context.output, &["event", "when", "kind", "what", "for"], &rows, "Nothing happened yet.");
    }
    Ok(ExitCode::SUCCESS)
}

fn with_secret(context: &Context, made: &SecretSinkDocument, what: &str) -> Result<(), Failure> {
    if context.output == Format::Json {
        return json(made);
    }
    let name = &made.sink.name;
    match &made.secret {
        Some(secret) => {
            say(&format!("{name} {what}. What signs its messages, shown this once:"));
            put(&format!("{secret}\n"));
        }
        None => put(&format!("{name} {what}\nNext: yardstick sink try {name}\n")),
    }
    Ok(())
}

fn row(sink: &SinkDocument) -> Vec<String> {
    let kinds: Vec<&str> = sink.kinds.iter().map(|kind| kind.as_str()).collect();
    vec![
        sink.name.clone(),
        sink.kind.to_string(),
        if kinds.is_empty() { "everything".to_owned() } else { kinds.join(", ") },
        sink.team.clone().unwrap_or_else(|| "everybody".to_owned()),
        sink.url.clone().unwrap_or_else(|| format!("reports/{}", sink.name)),
    ]
}

fn delivery(delivery: &DeliveryDocument) -> Vec<String> {
    vec![
        delivery.event.to_string(),
        delivery.sink.clone(),
        delivery.at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        format!("{} ms", delivery.took_ms),
        delivery.outcome.to_string(),
        delivery.says.clone(),
    ]
}
