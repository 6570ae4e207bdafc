//! `yardstick plugin deprecate`, `yank` and `promote`

use std::process::ExitCode;

use semver::Version;
use yardstick_client::api::{ChangedPluginDocument, ReasonRequest, RunsRequest};
use yardstick_domain::ids::PluginName;

use crate::cli::context::{Context, Failure};
use crate::cli::output::{Format, json, put};

/// A plugin and a version.
#[derive(Debug, Clone)]
pub(super) struct At {
    pub(super) plugin: String,
    pub(super) version: String,
}

/// Reads `team/name@1.2.0`.
pub(super) fn at(text: &str) -> Result<At, String> {
    let (plugin, version) =
        text.split_once('@').ok_or("expected PLUGIN@VERSION, such as growth/merge-rate@1.2.0")?;
    plugin.parse::<PluginName>().map_err(|error| error.to_string())?;
    version.parse::<Version>().map_err(|error| format!("{version:?} is no version: {error}"))?;
    Ok(At { plugin: plugin.to_owned(), version: version.to_owned() })
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct WithReason {
    /// The version, such as `growth/merge-rate@1.2.0`.
    #[arg(value_name = "PLUGIN@VERSION", value_parser = at)]
    at: At,
    /// Why; it is shown to everybody.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Take it back.
    #[arg(long)]
    undo: bool,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Promote {
    /// The version, such as `growth/merge-rate@1.2.0`.
    #[arg(value_name = "PLUGIN@VERSION", value_parser = at)]
    at: At,
}

impl WithReason {
    fn reason(&self) -> Result<ReasonRequest, Failure> {
        match &self.reason {
            Some(reason) => Ok(ReasonRequest { reason: reason.clone() }),
            None => Err(Failure::usage("say why with --reason TEXT; it is shown to everybody")),
        }
    }
}

pub(super) async fn deprecate(context: &Context, arguments: &WithReason) -> Result<ExitCode, Failure> {
    let At { plugin, version } = &arguments.at;
    let (changed, text) = if arguments.undo {
        let changed = context.open().await?.undeprecate_plugin(plugin, version).await?;
        (changed, format!("{plugin} {version} is no longer deprecated"))
    } else {
        let reason = arguments.reason()?;
        let changed = context.open().await?.deprecate_plugin(plugin, version, &reason).await?;
        (changed, format!("{plugin} {version} is deprecated: seals that find it are warned"))
    };
    told(context, &changed, &text)
}

pub(super) async fn yank(context: &Context, arguments: &WithReason) -> Result<ExitCode, Failure> {
    let At { plugin, version } = &arguments.at;
    let reason = arguments.reason()?;
    let (changed, text) = if arguments.undo {
        let changed = context.open().await?.unyank_plugin(plugin, version, &reason).await?;
        (changed, format!("{plugin} {version} is no longer yanked"))
    } else {
        let changed = context.open().await?.yank_plugin(plugin, version, &reason).await?;
        (changed, format!("{plugin} {version} is yanked: no new seal finds it"))
    };
    told(context, &changed, &text)
}

pub(super) async fn promote(context: &Context, arguments: &Promote) -> Result<ExitCode, Failure> {
    let At { plugin, version } = &arguments.at;
    let backend = context.open().await?;
    // What it would have changed, before it changes anything.
    let request = RunsRequest {
        version: Some(version.clone()),
        shadow: true,
        limit: Some(500),
        ..RunsRequest::default()
    };
    let runs = backend.plugin_runs(plugin, &request).await?;
    let changed = backend.promote_plugin(plugin, version).await?;
    if context.output != Format::Json {
        let differs: Vec<String> = runs
            .items
            .iter()
            .filter_map(|run| {
                let shadow = run.shadow.as_ref().filter(|shadow| shadow.differs)?;
                let (verdict, criterion) = run.verdict.as_ref().zip(run.criterion.as_ref())?;
                Some(format!(
                    "  {verdict} {criterion}: {} instead of {}: {}\n",
                    shadow.outcome, shadow.decided, shadow.headline
                ))
            })
            .collect();
        put(&format!(
            "as a shadow it judged {}, {} of them with another outcome\n",
            yardstick_stats::format::counted(runs.items.len() as u64, "times"),
            differs.len()
        ));
        put(&yardstick_report::terminal::escaped(&differs.concat()));
    }
    told(context, &changed, &format!("{plugin} {version} is promoted: new seals find it"))
}

/// Whom it concerns.
fn told(context: &Context, changed: &ChangedPluginDocument, text: &str) -> Result<ExitCode, Failure> {
    if context.output == Format::Json {
        json(changed)?;
        return Ok(ExitCode::SUCCESS);
    }
    put(&format!("{text}\n"));
    match changed.releases.as_slice() {
        [] => put("no release is sealed with it\n"),
        releases => put(&format!(
            "{} sealed with it, judged with it as before: {}\n",
            if releases.len() == 1 {
                "1 release is".to_owned()
            } else {
                format!("{} releases are", releases.len())
            },
            releases.join(", ")
        )),
    }
    Ok(ExitCode::SUCCESS)
}
