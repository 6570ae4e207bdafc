//! `yardstick apply`

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use yardstick_client::api::{AppliedDocument, AppliedThing, ApplyRequest, ChangeKind, LintPart, NamedFile};
use yardstick_report::terminal;
use yardstick_stats::format::counted;

use super::context::{Context, Failure};
use super::output::{Format, WIDTH, json, put};
use crate::operations::apply::{self, MOST_TEXT};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files, or folders of .yaml files.
    #[arg(short = 'f', long = "file", required = true, num_args = 1.., value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Only show what would change.
    #[arg(long)]
    dry_run: bool,
    /// As --dry-run, with lints: what in a release's criteria is probably not meant. They stop nothing.
    #[arg(long)]
    check: bool,
    /// Change the criteria of a launched release, with a reason: the sealed ones still count.
    #[arg(long, requires = "reason")]
    amend: bool,
    /// Why, for an amendment.
    #[arg(long, value_name = "TEXT", requires = "amend")]
    reason: Option<String>,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut files = Vec::new();
    for path in expand(&arguments.files)? {
        files.push(NamedFile { name: path.display().to_string(), text: read(&path)? });
    }
    let amend = arguments.reason.clone().filter(|_| arguments.amend);
    let request = ApplyRequest { files, dry_run: arguments.dry_run || arguments.check, amend };
    apply::check(&request)?;
    let applied = context.open().await?.apply(&request).await?;
    if context.output == Format::Json {
        json(&applied)?;
    } else {
        put(&terminal::escaped(&text(&applied, arguments.check)));
    }
    Ok(ExitCode::SUCCESS)
}

/// The files themselves, and the .yaml files of folders, in order.
fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let cannot =
            |error: std::io::Error| Failure::could(format!("cannot read {}: {error}", path.display()));
        let mut found: Vec<PathBuf> = fs::read_dir(path)
            .map_err(cannot)?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| {
                path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
            })
            .collect();
        found.sort();
        if found.is_empty() {
            return Err(Failure::could(format!("{} holds no .yaml files", path.display())));
        }
        files.extend(found);
    }
    Ok(files)
}

fn read(path: &Path) -> Result<String, Failure> {
    let cannot = |why: String| Failure::could(format!("cannot read {}: {why}", path.display()));
    let size = fs::metadata(path).map_err(|error| cannot(error.to_string()))?.len();
    if size > MOST_TEXT as u64 {
        return Err(cannot(format!("it has {size} bytes, expected at most {MOST_TEXT}")));
    }
    let bytes = fs::read(path).map_err(|error| cannot(error.to_string()))?;
    String::from_utf8(bytes).map_err(|_| cannot("it is not UTF-8; save it as UTF-8".to_owned()))
}

fn text(applied: &AppliedDocument, check: bool) -> String {
    let mut out = String::new();
    for change in &applied.changes {
        out.push_str(&one(change));
        let lints = if check { change.lints.as_slice() } else { &[] };
        lints.iter().for_each(|lint| out.push_str(&linted(lint, "           ")));
    }
    let count = |kind: ChangeKind| applied.changes.iter().filter(|change| change.kind == kind).count();
    let (new, changed, same) =
        (count(ChangeKind::New), count(ChangeKind::Changed), count(ChangeKind::Unchanged));
    let lints: usize = applied.changes.iter().map(|change| change.lints.len()).sum();
    let tail = match (applied.written, check) {
        (true, _) => String::new(),
        (false, false) => " · dry run, nothing was written".to_owned(),
        (false, true) => format!(" · {}; nothing was written", counted(lints as u64, "lints")),
    };
    out.push_str(&format!("{new} new, {changed} changed, {same} unchanged{tail}\n"));
    out
}

fn one(change: &AppliedThing) -> String {
    let mut out = format!("{:<10} {}\n", change.kind.as_str(), change.name);
    for field in &change.fields {
        let line = match (&field.before, &field.after) {
            (Some(before), Some(after)) => format!("{}: {before} → {after}", field.field),
            (None, Some(after)) => format!("{}: + {after}", field.field),
            (Some(before), None) => format!("{}: - {before}", field.field),
            (None, None) => continue,
        };
        out.push_str(&format!("             {line}\n"));
    }
    for note in &change.notes {
        out.push_str(&format!("           note: {note}\n"));
    }
    out
}

/// A lint on lines of its own.
pub(super) fn linted(lint: &LintPart, indent: &str) -> String {
    let start = format!("{indent}{:<5} ", lint.grade.as_str());
    terminal::hanging(&start, &format!("{}: {} ({})", lint.field, lint.text, lint.code), WIDTH)
}
