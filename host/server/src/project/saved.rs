//! A real verdict's inputs as a test case.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result, ensure};
use yardstick_domain::frame::{Attrs, Frame, Shape, Value};
use yardstick_domain::metric::Better;
use yardstick_domain::question::{Question, Role};
use yardstick_domain::time::{Window, day_of, days_between, zone};
use yardstick_metrics::frame_csv;

use super::Project;

/// Writes a case of this name with its frames beside it: what was asked and given, and what was found. Gives the names
/// of the files.
///
/// # Errors
/// When a file of that name is there already, or cannot be written.
pub(crate) fn save_case(
    project: &Project,
    name: &str,
    from: &str,
    question: &Question,
    frames: &[(String, Frame)],
    found: &yardstick_domain::finding::Finding,
) -> Result<Vec<String>> {
    let folder = project.root.join(&project.manifest.test.cases);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut files = vec![(format!("{name}.yaml"), case(name, from, question, frames, found)?)];
    for (key, frame) in frames {
        files.push((csv_name(name, key), frame_csv::write(frame)));
    }
    for (file, _) in &files {
        let path = folder.join(file);
        ensure!(!path.exists(), "{} is there already; choose another name", path.display());
    }
    for (file, content) in &files {
        let path = folder.join(file);
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(files.into_iter().map(|(file, _)| file).collect())
}

fn csv_name(name: &str, key: &str) -> String {
    let key: String = key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("{name}.{key}.csv")
}

fn case(
    name: &str,
    from: &str,
    question: &Question,
    frames: &[(String, Frame)],
    found: &yardstick_domain::finding::Finding,
) -> Result<String> {
    let team = zone(&question.time_zone);
    let launch = day_of(question.launch, &team);
    let days = |window: Window| {
        let from = days_between(launch, day_of(window.start, &team));
        let to = days_between(launch, day_of(window.end, &team)) - 1;
        (from, to)
    };
    let (first, last) = days(question.window);
    let mut out = String::new();
    let mut line = |text: String| {
        let _ = writeln!(out, "{text}");
    };
    line(format!("case: {}", text(&format!("{name}, saved from {from}"))?));
    line("criterion:".to_owned());
    line(format!("  id: {}", text(&question.id)?));
    line(format!(
        "  role: {}",
        match question.role {
            Role::Goal => "goal",
            Role::Guardrail => "guardrail",
            Role::Watch => "watch",
        }
    ));
    line(format!("  launch: {}", question.launch));
    line(format!("  checkpoint: d{}", question.checkpoint));
    line(format!("  final: {}", question.is_final));
    let looks: Vec<String> = question.looks.iter().map(|look| format!("d{look}")).collect();
    line(format!("  looks: [{}]", looks.join(", ")));
    line(format!("  window: d{first}..d{last}"));
    if let Some(baseline) = question.baseline {
        line(format!("  baseline: {}d", -days(baseline).0));
    }
    line(format!("  as_of: {}", question.as_of));
    line(format!("  time_zone: {}", question.time_zone));
    if let Some(state) = &question.state {
        line(format!("  state: {}", text(state)?));
    }
    line("  metrics:".to_owned());
    for metric in &question.metrics {
        let better = match metric.better {
            Better::Higher => "higher",
            Better::Lower => "lower",
            Better::Neither => "neither",
        };
        let complete = metric.complete_through.map_or("never".to_owned(), |instant| instant.to_string());
        line(format!("    {}:", text(&metric.name)?));
        line(format!("      key: {}", text(&metric.key)?));
        line(format!("      kind: {}", text(&metric.kind)?));
        line(format!("      unit: {}", text(&metric.unit)?));
        line(format!("      better: {better}"));
        line(format!("      complete_through: {complete}"));
        if !metric.more.is_empty() {
            line(format!("      more: {}", facts(&metric.more)?));
        }
    }
    // JSON is YAML.
    line(format!("  with: {}", serde_json::to_string(&question.params)?));
    line("frames:".to_owned());
    for (key, frame) in frames {
        let shape = match frame.shape() {
            Shape::Series => "series",
            Shape::Totals => "totals",
            Shape::Samples => "samples",
        };
        line(format!("  {}:", text(key)?));
        line(format!("    shape: {shape}"));
        line(format!("    csv: {}", csv_name(name, key)));
        line(format!("    about: {}", facts(frame.about())?));
    }
    line("expect:".to_owned());
    line(format!("  outcome: {}", found.outcome.as_str()));
    if let (Some(reason), Some(code)) = (found.outcome.reason(), found.outcome.code()) {
        line(format!("  reason: {}", reason.as_str()));
        line(format!("  code: {code}"));
    }
    if let Some(primary) = &found.primary {
        let bounds = [("low", primary.low), ("high", primary.high)];
        let bounds = bounds.iter().filter_map(|(name, bound)| Some(format!(", {name}: {}", (*bound)?)));
        line(format!("  observed: {{ value: {}{} }}", primary.value, bounds.collect::<String>()));
    }
    line(format!("  headline_has: {}", text(&found.headline)?));
    Ok(out)
}

/// A text in quotes.
fn text(text: &str) -> Result<String> {
    Ok(serde_json::to_string(text)?)
}

fn facts(facts: &Attrs) -> Result<String> {
    let pairs: Result<Vec<String>> = facts
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Value::Text(value) => text(value)?,
                other => serde_json::to_string(other)?,
            };
            Ok(format!("{}: {value}", text(name)?))
        })
        .collect();
    Ok(format!("{{ {} }}", pairs?.join(", ")))
}
