//! `yardstick plugin list`

use std::process::ExitCode;

use yardstick_client::api::{Channel, PluginSummary};

use crate::cli::context::{Context, Failure};
use crate::cli::output::{Format, json, table};

pub(super) async fn run(context: &Context) -> Result<ExitCode, Failure> {
    let plugins = context.open().await?.plugins().await?;
    if context.output == Format::Json {
        json(&plugins)?;
    } else {
        let rows: Vec<Vec<String>> = plugins.items.iter().map(row).collect();
        table(context.output, &["plugin", "version", "stands", "what it judges"], &rows, "No plugins.");
    }
    Ok(ExitCode::SUCCESS)
}

fn row(plugin: &PluginSummary) -> Vec<String> {
    let stands = match (&plugin.yanked, &plugin.deprecated, plugin.channel) {
        (Some(_), ..) => "yanked",
        (None, Some(_), _) => "deprecated",
        (None, None, Channel::Shadow) => "shadow",
        (None, None, Channel::Current) if plugin.built_in => "built in",
        (None, None, Channel::Current) => "current",
    };
    let version = match plugin.versions {
        0 | 1 => plugin.version.clone(),
        several => format!("{} (of {several})", plugin.version),
    };
    vec![plugin.name.clone(), version, stands.to_owned(), plugin.summary.clone()]
}
