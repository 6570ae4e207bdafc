//! `yardstick plugin test --verdict`: the working copy on what a real verdict was judged from.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use yardstick_client::api::{InputsDocument, InputsRequest};
use yardstick_domain::finding::{Finding, Outcome};
use yardstick_domain::frame::Frame;
use yardstick_domain::plugin::Cost;
use yardstick_domain::question::{Query, Question};

use super::{build, sandbox};
use crate::cli::context::{Context, Failure};
use crate::cli::output::{Format, json, put, say};
use crate::project::{Project, save_case};

pub(super) async fn run(
    context: &Context,
    project: &Project,
    at: &str,
    criterion: &str,
    save: Option<&str>,
) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    let request = InputsRequest { criterion: criterion.to_owned() };
    let inputs = backend.verdict_inputs(at, &request).await?;
    let (question, queries, frames, then) = read(&inputs)?;
    let built = project.build()?;
    let (engine, plugin) = sandbox::load(&built).await?;
    let params = plugin.check_params(&question.params);
    if let [first, ..] = params.as_slice() {
        return Err(Failure::could(format!(
            "the parameters of {criterion} do not fit this plugin: with.{first}"
        )));
    }
    let planned = engine.plan(&plugin, &question).await;
    let plan = planned.result.map_err(|failure| Failure::could(format!("plan: {}", failure.message)))?;
    if plan != queries {
        return Err(Failure::could(format!(
            "this plugin asks for other data than was recorded: it plans {}, and {at} has {}",
            keys(&plan),
            keys(&queries)
        )));
    }
    let given = frames.iter().map(|(key, frame)| (key.clone(), Arc::new(frame.clone()))).collect();
    let found = engine.evaluate(&plugin, &question, given).await;
    let cost = Cost {
        plan_fuel: planned.usage.fuel,
        evaluate_fuel: found.usage.fuel,
        fuel_limit: found.usage.fuel_limit,
        memory_peak: found.usage.memory_peak.max(planned.usage.memory_peak),
        memory_limit: found.usage.memory_limit,
        host_calls: found.usage.host_calls.max(planned.usage.host_calls),
        host_call_limit: found.usage.host_call_limit,
        micros: u64::try_from((found.usage.wall + planned.usage.wall).as_micros()).unwrap_or(u64::MAX),
    };
    let now = found.result.map_err(|failure| Failure::could(format!("evaluate: {}", failure.message)))?;
    let same = then == now;
    if context.output == Format::Json {
        json(
            &serde_json::json!({ "at": inputs.at, "criterion": criterion, "same": same, "then": then, "now": now }),
        )?;
    } else {
        put(&format!("{}\n{} {criterion}\n", build::line(project, &built), inputs.at));
        put(&told(&then, &now)?);
        put(&format!("\n{}", sandbox::table(&cost, plugin.deadline_ms())));
    }
    if let Some(name) = save {
        let files =
            save_case(project, name, &format!("{} {criterion}", inputs.at), &question, &frames, &now)?;
        let folder = &project.manifest.test.cases;
        let files: Vec<String> = files.into_iter().map(|file| format!("{folder}/{file}")).collect();
        let saved = format!("saved {} (they hold real values and travel with the plugin)", files.join(", "));
        if context.output == Format::Json { say(&saved) } else { put(&format!("{saved}\n")) }
    }
    Ok(if same { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

type Read = (Question, Vec<Query>, Vec<(String, Frame)>, Finding);

fn read(inputs: &InputsDocument) -> Result<Read, Failure> {
    let question = serde_json::from_value(inputs.question.clone())?;
    let queries = inputs.queries.iter().cloned().map(serde_json::from_value).collect::<Result<_, _>>()?;
    let finding = serde_json::from_value(inputs.finding.clone())?;
    let mut frames = Vec::new();
    for part in &inputs.frames {
        let bytes = BASE64.decode(&part.content).context("a frame is no base64")?;
        let frame =
            Frame::decode(&bytes).map_err(|error| Failure::could(format!("{}: {error}", part.key)))?;
        frames.push((part.key.clone(), frame));
    }
    Ok((question, queries, frames, finding))
}

fn keys(queries: &[Query]) -> String {
    let keys: Vec<String> = queries
        .iter()
        .map(|query| format!("{} ({} of {})", query.key, query.shape.as_str(), query.metric))
        .collect();
    if keys.is_empty() { "nothing".to_owned() } else { keys.join(", ") }
}

/// Field by field, what was found and what is found now.
fn told(then: &Finding, now: &Finding) -> Result<String, Failure> {
    let word = |finding: &Finding| match &finding.outcome {
        Outcome::Undecided { reason, code } => format!("undecided ({}, {code})", reason.as_str()),
        other => other.as_str().to_owned(),
    };
    if then == now {
        let text = format!("  the same   {}: {}\n", word(then), then.headline);
        return Ok(yardstick_report::terminal::escaped(&text));
    }
    let mut text = String::new();
    let mut line = |name: &str, then: &str, now: &str| {
        if then != now {
            text.push_str(&format!("  {name:<10} - {then}\n  {:<10} + {now}\n", ""));
        }
    };
    line("outcome", &word(then), &word(now));
    line("headline", &then.headline, &now.headline);
    line("method", &then.method, &now.method);
    line("flip", then.flip.as_deref().unwrap_or("none"), now.flip.as_deref().unwrap_or("none"));
    let (then, now) = (serde_json::to_value(then)?, serde_json::to_value(now)?);
    for field in ["target", "primary", "others", "warnings", "tables", "state", "more"] {
        line(field, &then[field].to_string(), &now[field].to_string());
    }
    Ok(yardstick_report::terminal::escaped(&text))
}
