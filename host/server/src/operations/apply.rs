//! Applying the files people write.

use yardstick_app::{App, Applied, Caller, ChangeKind};
use yardstick_client::api::{self, AppliedDocument, AppliedField, AppliedThing, ApplyRequest};
use yardstick_client::files::{self, Declared};

use super::{Error, Result};

/// Registers what files declare: all of it, or nothing.
pub(crate) async fn apply(app: &App, caller: &Caller, request: &ApplyRequest) -> Result<AppliedDocument> {
    let count = request.files.len();
    let declared = read(request)?;
    let declarations: Vec<_> = declared.iter().map(|(_, found)| found.declaration.clone()).collect();
    match app.apply(caller, &declarations, request.amend.as_deref(), request.dry_run).await? {
        Ok(applied) => Ok(document(applied)),
        Err(found) => {
            let located = found.into_iter().map(|(index, problem)| {
                let (name, declared) = &declared[index];
                ((*name).to_owned(), declared.locate(problem))
            });
            Err(Error::Files(located.collect(), count))
        }
    }
}

/// Whether the files can be read, before anything is opened or sent.
pub(crate) fn check(request: &ApplyRequest) -> Result<()> {
    read(request).map(drop)
}

/// What the files declare, each with the name of its file; or everything wrong with all of them.
fn read(request: &ApplyRequest) -> Result<Vec<(&str, Declared)>> {
    let mut declared = Vec::new();
    let mut problems = Vec::new();
    for file in &request.files {
        match files::read(&file.text) {
            Ok(found) => declared.extend(found.into_iter().map(|found| (file.name.as_str(), found))),
            Err(found) => problems.extend(found.into_iter().map(|problem| (file.name.clone(), problem))),
        }
    }
    if problems.is_empty() { Ok(declared) } else { Err(Error::Files(problems, request.files.len())) }
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
    };
    AppliedDocument { written: applied.written, changes: applied.changes.into_iter().map(thing).collect() }
}
