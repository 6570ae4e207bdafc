//! The files people write: organisation, teams, metrics and releases as YAML documents whose first key says
//! what they are.

pub mod case;
mod criterion;
mod metric;
mod organisation;
mod quantities;
mod reading;
mod release;
pub mod templates;
pub mod written;
mod yaml;

#[cfg(test)]
mod bounds;

use std::fmt;
use std::sync::OnceLock;

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::Value;
use yardstick_domain::metric::Metric;
use yardstick_domain::nearest;
use yardstick_domain::people::{Organisation, Person, Team};
use yardstick_domain::problem::Problem;
use yardstick_domain::release::Release;
use yardstick_domain::schema::{NotASchema, Schema};

pub use quantities::check_quantities;
pub use release::ReleaseFile;

/// What a document declares.
#[derive(Debug, Clone, PartialEq)]
pub enum Declaration {
    /// The organisation.
    Organisation(Organisation),
    /// A team.
    Team(Team),
    /// A person.
    Person(Person),
    /// A metric.
    Metric(Metric),
    /// A release.
    Release(Release),
}

impl Declaration {
    /// What it is and its key, such as `release batch-changes-ga`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Organisation(organisation) => format!("organisation {}", organisation.name),
            Self::Team(team) => format!("team {}", team.key),
            Self::Person(person) => format!("person {}", person.id),
            Self::Metric(metric) => format!("metric {}", metric.key),
            Self::Release(release) => format!("release {}", release.slug),
        }
    }
}

/// A declaration, and where in its file it stands.
#[derive(Debug)]
pub struct Declared {
    /// What is declared.
    pub declaration: Declaration,
    document: yaml::Document,
}

impl Declared {
    /// Where a field of it is, for problems found later.
    #[must_use]
    pub fn locate(&self, problem: Problem) -> FileProblem {
        let (line, column) = self.document.position(&problem.field);
        FileProblem { line, column, field: problem.field, message: problem.message }
    }
}

/// Something wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileProblem {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// The field; empty for the whole document.
    pub field: String,
    /// What was found, what was expected, what to do.
    pub message: String,
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}  ", self.line, self.column)?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)
    }
}

/// Kinds of documents by their first key.
pub const KINDS: [&str; 5] = ["organisation", "team", "person", "metric", "release"];

/// The JSON Schema of a kind; `None`: no such kind.
#[must_use]
pub fn schema(kind: &str) -> Option<Value> {
    Some(match kind {
        "organisation" => json_schema::<organisation::OrganisationFile>(),
        "team" => json_schema::<organisation::TeamFile>(),
        "person" => json_schema::<organisation::PersonFile>(),
        "metric" => json_schema::<metric::MetricFile>(),
        "release" => json_schema::<ReleaseFile>(),
        _ => return None,
    })
}

fn json_schema<T: JsonSchema>() -> Value {
    let schema: SchemaGenerator = SchemaSettings::draft2020_12().into_generator();
    schema.into_root_schema_for::<T>().to_value()
}

/// Reads all documents of a file, and everything wrong with them.
///
/// # Errors
/// When the text is no YAML as we accept it, a document is of no known kind, or fields are wrong: all of them.
pub fn read(text: &str) -> Result<Vec<Declared>, Vec<FileProblem>> {
    let documents = yaml::documents(text).map_err(|problem| vec![problem])?;
    let mut declared = Vec::new();
    let mut problems = Vec::new();
    for document in documents {
        match declare(&document) {
            Ok(declaration) => declared.push(Declared { declaration, document }),
            Err(found) => problems.extend(found.into_iter().map(|problem| {
                let (line, column) = document.position(&problem.field);
                FileProblem { line, column, field: problem.field, message: problem.message }
            })),
        }
    }
    problems.sort();
    problems.dedup();
    if problems.is_empty() { Ok(declared) } else { Err(problems) }
}

/// The schemas of all kinds, each made once: that takes longer than most documents take to check.
fn compiled(kind: &str) -> Option<&'static Result<Schema, NotASchema>> {
    static SCHEMAS: [OnceLock<Result<Schema, NotASchema>>; KINDS.len()] =
        [const { OnceLock::new() }; KINDS.len()];
    let known = KINDS.iter().zip(&SCHEMAS).find(|(known, _)| **known == kind)?.1;
    Some(known.get_or_init(|| Schema::new(schema(kind).unwrap_or_default())))
}

/// Reads one declaration of a kind from JSON: exactly what a file of that kind holds, its fields in any order.
///
/// # Errors
/// When there is no such kind, or fields are wrong: all of them.
pub fn read_json(kind: &str, value: &Value) -> Result<Declaration, Vec<Problem>> {
    declare_as(kind, value)
}

fn declare(document: &yaml::Document) -> Result<Declaration, Vec<Problem>> {
    declare_as(document.first_key.as_deref().unwrap_or_default(), &document.value)
}

fn declare_as(kind: &str, value: &Value) -> Result<Declaration, Vec<Problem>> {
    let Some(schema) = compiled(kind) else {
        let hint = nearest::hint(kind, KINDS);
        let message = format!(
            "a document starts with what it is: {}; this one starts with {kind:?}{hint}",
            KINDS.map(|kind| format!("{kind}:")).join(" ")
        );
        return Err(vec![Problem::new("", message)]);
    };
    let value = reading::normalised(value);
    let schema = schema.as_ref().map_err(|error| vec![Problem::new("", error.to_string())])?;
    let mut problems = schema.problems(&value);
    let read = match kind {
        "organisation" => reading::typed(&value, organisation::OrganisationFile::declare, &mut problems),
        "team" => reading::typed(&value, organisation::TeamFile::declare, &mut problems),
        "person" => reading::typed(&value, organisation::PersonFile::declare, &mut problems),
        "metric" => reading::typed(&value, metric::MetricFile::declare, &mut problems),
        _ => reading::typed(&value, ReleaseFile::declare, &mut problems),
    };
    match read {
        Some(declaration) if problems.is_empty() => Ok(declaration),
        _ => Err(problems),
    }
}
