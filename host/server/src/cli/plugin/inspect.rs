//! `yardstick plugin inspect`

use std::path::Path;
use std::process::ExitCode;

use yardstick_client::api::PluginVersionPart;
use yardstick_domain::ids::PluginName;
use yardstick_engine::Plugin;

use super::sandbox;
use crate::cli::context::{Context, Failure};
use crate::cli::output::{Format, fields, json, put};
use crate::project::Built;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// A component's file (`*.wasm`), or the name of a published plugin.
    what: String,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    if arguments.what.ends_with(".wasm") {
        let built = sandbox::read(Path::new(&arguments.what))?;
        let (_, plugin) = sandbox::load(&built).await?;
        return local(context, &plugin, &built);
    }
    let name: PluginName =
        arguments.what.parse().map_err(|error| Failure::usage(format!("{error}; a file ends with .wasm")))?;
    let plugin = context.open().await?.plugin(name.as_str()).await?;
    if context.output == Format::Json {
        json(&plugin)?;
        return Ok(ExitCode::SUCCESS);
    }
    let Some(newest) = plugin.versions.first() else { return Ok(ExitCode::SUCCESS) };
    fields(context.output, &published(name.as_str(), newest));
    put(CANNOT);
    Ok(ExitCode::SUCCESS)
}

/// What no plugin can do, whatever it is.
const CANNOT: &str = "\nIt cannot reach files, network, environment, processes, a real clock or real random numbers. \
                      It gets its\nparameters, the frames it asked for, its own files and a log; every call starts \
                      afresh, under limits on\nfuel, time, memory and output (docs/limits.md).\n";

fn local(context: &Context, plugin: &Plugin, built: &Built) -> Result<ExitCode, Failure> {
    let manifest = plugin.manifest();
    if context.output == Format::Json {
        json(&serde_json::json!({
            "manifest": manifest, "description": plugin.description(), "hash": built.digest.to_string(),
            "bytes": built.component.len(), "contract": plugin.contract(), "imports": plugin.imports(),
            "files": plugin.files(),
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let shapes: Vec<&str> = manifest.asks.shapes.iter().map(|shape| shape.as_str()).collect();
    let metrics: Vec<String> = plugin
        .description()
        .metrics
        .iter()
        .map(|metric| expected(&metric.name, &metric.about, &metric.kinds, metric.optional))
        .collect();
    let files = plugin.files();
    fields(
        context.output,
        &[
            ("plugin", format!("{} {}", manifest.plugin.name, manifest.plugin.version)),
            ("summary", plugin.description().summary.clone()),
            ("hash", built.digest.to_string()),
            ("size", sandbox::bytes(built.component.len() as u64)),
            ("contract", plugin.contract().to_owned()),
            ("limits", manifest.build.profile.as_str().to_owned()),
            ("asks for", format!("metrics {}; shapes {}", list(&manifest.asks.metrics), list(&shapes))),
            ("expects", list(&metrics)),
            ("imports", imports(plugin)),
            ("own files", if files.is_empty() { "none".to_owned() } else { files.join(", ") }),
        ],
    );
    put(CANNOT);
    Ok(ExitCode::SUCCESS)
}

/// What it imports, in a few words: `log, frames; 13 of WASI, which give nothing`.
pub(super) fn imports(plugin: &Plugin) -> String {
    let imports = plugin.imports();
    let wasi = imports.iter().filter(|name| name.starts_with("wasi:")).count();
    let own: Vec<&str> = imports
        .iter()
        .filter_map(|name| name.strip_prefix("yardstick:judge/")?.split('@').next())
        .filter(|name| *name != "types")
        .collect();
    let rest = match wasi {
        0 => String::new(),
        wasi => format!("; {wasi} of WASI, which give nothing"),
    };
    format!("{}{rest}", list(&own))
}

/// `"done" (how many are done; sum)`.
fn expected(name: &str, about: &str, kinds: &[String], optional: bool) -> String {
    let kinds = if kinds.is_empty() { "any kind".to_owned() } else { kinds.join(" or ") };
    let optional = if optional { ", may be left out" } else { "" };
    let about = if about.is_empty() { String::new() } else { format!("{about}; ") };
    format!("{name} ({about}{kinds}{optional})")
}

fn list<T: AsRef<str>>(texts: &[T]) -> String {
    if texts.is_empty() {
        return "none".to_owned();
    }
    texts.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ")
}

/// What is known of a published version.
pub(super) fn published(name: &str, version: &PluginVersionPart) -> Vec<(&'static str, String)> {
    let shapes: Vec<&str> = version.asks_shapes.iter().map(|shape| shape.as_str()).collect();
    let metrics: Vec<String> = version
        .metrics
        .iter()
        .map(|metric| expected(&metric.name, &metric.about, &metric.kinds, metric.optional))
        .collect();
    let since = match (&version.published_at, &version.published_by) {
        (Some(at), Some(by)) => format!("{at:.0} by {by}"),
        _ => "built in".to_owned(),
    };
    vec![
        ("plugin", format!("{name} {}", version.version)),
        ("summary", version.summary.clone()),
        ("hash", version.hash.clone()),
        ("size", sandbox::bytes(version.size)),
        ("contract", version.contract.clone()),
        ("limits", version.profile.to_string()),
        ("published", since),
        ("asks for", format!("metrics {}; shapes {}", list(&version.asks_metrics), list(&shapes))),
        ("expects", list(&metrics)),
    ]
}
