//! `yardstick plugin grant` and `revoke`

use std::process::ExitCode;

use yardstick_client::api::{GrantRequest, PluginDocument};
use yardstick_domain::ids::{MetricKey, PluginName};

use crate::cli::context::{Context, Failure, checked};
use crate::cli::output::{Format, json, put};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The plugin's name.
    #[arg(value_parser = checked::<PluginName>)]
    plugin: String,
    /// The metric.
    #[arg(long, value_name = "KEY", value_parser = checked::<MetricKey>)]
    metric: String,
    /// Single values, without identifiers; otherwise aggregates only.
    #[arg(long)]
    samples: bool,
}

impl Arguments {
    fn request(&self) -> GrantRequest {
        GrantRequest { metric: self.metric.clone(), samples: self.samples }
    }

    fn what(&self) -> String {
        if self.samples { format!("single values of {}", self.metric) } else { self.metric.clone() }
    }
}

pub(super) async fn grant(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let plugin = context.open().await?.grant(&arguments.plugin, &arguments.request()).await?;
    told(context, &plugin, &format!("{} may read {}", arguments.plugin, arguments.what()))
}

pub(super) async fn revoke(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let plugin = context.open().await?.revoke(&arguments.plugin, &arguments.request()).await?;
    let text = format!(
        "{} may no longer read {}; verdicts that stand are not touched",
        arguments.plugin,
        arguments.what()
    );
    told(context, &plugin, &text)
}

fn told(context: &Context, plugin: &PluginDocument, text: &str) -> Result<ExitCode, Failure> {
    if context.output == Format::Json {
        json(plugin)?;
    } else {
        put(&format!("{text}\n"));
    }
    Ok(ExitCode::SUCCESS)
}
