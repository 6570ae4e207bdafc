//! Applying the files people write.

use std::collections::BTreeSet;

use tokio::task::spawn_blocking;
use yardstick_app::{App, AppError, Applied, Caller, ChangeKind};
use yardstick_client::api::{self, AppliedDocument, AppliedField, AppliedThing, ApplyRequest};
use yardstick_client::files::{self, Declared, FileProblem};
use yardstick_domain::problem::Problem;

use super::{Error, Result, check_document};

/// The most files at a time.
const MOST_FILES: usize = 1_000;
/// The longest name of a file and the largest file, in bytes; far more than anybody writes.
const MOST_NAME: usize = 4_096;
pub(crate) const MOST_TEXT: usize = 4 << 20;
/// The most things that are declared at a time: each is looked up.
const MOST_THINGS: usize = 5_000;
/// The most problems that are listed; nobody reads more, and each carries the name of its file.
const MOST_PROBLEMS: usize = 1_000;

/// Registers what files declare: all of it, or nothing.
pub(crate) async fn apply(app: &App, caller: &Caller, request: ApplyRequest) -> Result<AppliedDocument> {
    // Reading megabytes is work, and whoever shares this thread would wait for it.
    let read = spawn_blocking(move || read(&request).map(|declared| (request, declared)));
    let (request, declared) = read.await.map_err(|error| AppError::Fault(error.to_string()))??;
    let declarations: Vec<_> = declared.iter().map(|(_, found)| found.declaration.clone()).collect();
    match app.apply(caller, &declarations, request.amend.as_deref(), request.dry_run).await? {
        Ok(applied) => Ok(document(applied)),
        Err(problems) => {
            let mut found = Found::default();
            for (index, problem) in problems {
                let (file, declared) = &declared[index];
                found.add(*file, declared.locate(problem));
            }
            Err(found.error(&request))
        }
    }
}

/// Whether the files can be read, before anything is opened or sent.
pub(crate) fn check(request: &ApplyRequest) -> Result<()> {
    read(request).map(drop)
}

/// What the files declare, each with the number of its file; or everything wrong with all of them.
fn read(request: &ApplyRequest) -> Result<Vec<(usize, Declared)>> {
    bounded(request)?;
    let mut declared = Vec::new();
    let mut problems = Found::default();
    for (index, file) in request.files.iter().enumerate() {
        match files::read(&file.text) {
            Ok(found) => declared.extend(found.into_iter().map(|found| (index, found))),
            Err(found) => found.into_iter().for_each(|problem| problems.add(index, problem)),
        }
        if declared.len() > MOST_THINGS {
            let message = format!("declare more than {MOST_THINGS} things; apply them in parts");
            return Err(Error::malformed("files", message));
        }
    }
    if problems.count == 0 { Ok(declared) } else { Err(problems.error(request)) }
}

/// Refuses more than can be read in good time.
fn bounded(request: &ApplyRequest) -> Result<()> {
    let count = request.files.len();
    let mut problems = Vec::new();
    if !(1..=MOST_FILES).contains(&count) {
        problems.push(Problem::new("files", format!("are {count}; expected 1 to {MOST_FILES} at a time")));
    }
    for (index, file) in request.files.iter().enumerate() {
        for (field, bytes, most) in
            [("name", file.name.len(), MOST_NAME), ("text", file.text.len(), MOST_TEXT)]
        {
            if bytes > most {
                let message = format!("has {bytes} bytes; expected at most {most}");
                problems.push(Problem::new(format!("files[{index}].{field}"), message));
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Malformed(problems)) }
}

/// Problems in files: how many, and the first of them, each with the number of its file.
#[derive(Default)]
struct Found {
    kept: Vec<(usize, FileProblem)>,
    count: u64,
    files: BTreeSet<usize>,
}

impl Found {
    fn add(&mut self, file: usize, problem: FileProblem) {
        self.count += 1;
        self.files.insert(file);
        if self.kept.len() < MOST_PROBLEMS {
            self.kept.push((file, problem));
        }
    }

    fn error(self, request: &ApplyRequest) -> Error {
        let name = |file: usize| request.files.get(file).map(|file| file.name.clone()).unwrap_or_default();
        Error::Files {
            problems: self.kept.into_iter().map(|(file, problem)| (name(file), problem)).collect(),
            count: self.count,
            wrong: self.files.len(),
            all: request.files.len(),
        }
    }
}

fn document(applied: Applied) -> AppliedDocument {
    let thing = |change: yardstick_app::Change| AppliedThing {
        name: change.name,
        kind: match change.kind {
            ChangeKind::New => api::ChangeKind::New,
            ChangeKind::Changed => api::ChangeKind::Changed,
            ChangeKind::Unchanged => api::ChangeKind::Unchanged,
        },
        fields: change
            .fields
            .into_iter()
            .map(|field| AppliedField { field: field.field, before: field.before, after: field.after })
            .collect(),
        notes: change.notes,
        lints: change.lints.into_iter().map(check_document::lint).collect(),
    };
    AppliedDocument { written: applied.written, changes: applied.changes.into_iter().map(thing).collect() }
}
