//! `yardstick plugin show`

use std::process::ExitCode;

use yardstick_client::api::{Channel, PluginDocument, PluginVersionPart};
use yardstick_domain::ids::PluginName;

use super::inspect;
use crate::cli::context::{Context, Failure, checked};
use crate::cli::output::{Format, fields, json, put, table};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// Its name.
    #[arg(value_parser = checked::<PluginName>)]
    plugin: String,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let plugin = context.open().await?.plugin(&arguments.plugin).await?;
    if context.output == Format::Json {
        json(&plugin)?;
    } else {
        show(context.output, &plugin);
    }
    Ok(ExitCode::SUCCESS)
}

fn show(format: Format, plugin: &PluginDocument) {
    if let Some(newest) = plugin.versions.first() {
        fields(format, &inspect::published(&plugin.name, newest));
    }
    put("\n");
    let rows: Vec<Vec<String>> = plugin.versions.iter().map(row).collect();
    table(format, &["version", "hash", "published", "stands"], &rows, "");
    if !plugin.grants.is_empty() {
        put("\n");
        let rows: Vec<Vec<String>> = plugin
            .grants
            .iter()
            .map(|grant| {
                let what = if grant.samples { "single values" } else { "aggregates" };
                vec![
                    grant.metric.clone(),
                    what.to_owned(),
                    format!("{:.0}", grant.given_at),
                    grant.given_by.clone(),
                ]
            })
            .collect();
        table(format, &["may read", "as", "since", "by"], &rows, "");
    }
    if !plugin.events.is_empty() {
        put("\n");
        let rows: Vec<Vec<String>> = plugin
            .events
            .iter()
            .map(|event| {
                let version = event.version.clone().unwrap_or_default();
                vec![
                    format!("{:.0}", event.at),
                    event.by.clone(),
                    event.kind.clone(),
                    version,
                    event.detail.clone(),
                ]
            })
            .collect();
        table(format, &["when", "who", "what", "version", ""], &rows, "");
    }
}

fn row(version: &PluginVersionPart) -> Vec<String> {
    let mut stands = Vec::new();
    if version.channel == Channel::Shadow {
        stands.push("shadow".to_owned());
    }
    if let Some(mark) = &version.deprecated {
        stands.push(format!("deprecated: {}", mark.reason));
    }
    if let Some(mark) = &version.yanked {
        stands.push(format!("yanked: {}", mark.reason));
    }
    if let Some(health) = &version.health {
        stands.push(match health.suspended_at {
            Some(since) => format!("SUSPENDED since {since:.0}: {} {}", health.code, health.message),
            None => format!("crashed {} times in a row: {}", health.crashes, health.code),
        });
    }
    if stands.is_empty() {
        stands.push("current".to_owned());
    }
    let published = version.published_at.map_or("built in".to_owned(), |at| format!("{at:.0}"));
    let hash = version.hash.strip_prefix("sha256:").unwrap_or(&version.hash);
    vec![version.version.clone(), hash.chars().take(12).collect(), published, stands.join("; ")]
}
