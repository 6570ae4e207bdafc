//! `case:` documents: what a plugin is asked, what it is given, and what it must find.

mod declare;
mod file;

use std::collections::BTreeMap;

use serde_json::Value as Json;
use yardstick_domain::finding::Reason;
use yardstick_domain::frame::{Attrs, Shape};
use yardstick_domain::problem::Problem;
use yardstick_domain::question::Question;
use yardstick_domain::schema::Schema;

use super::reading::normalised;
use super::{FileProblem, json_schema, yaml};
use file::CaseFile;

/// A case: a question, frames and an expectation.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// One sentence that says what it shows.
    pub name: String,
    /// What is asked. A metric's kind and unit are empty where the case leaves them to the plugin.
    pub question: Question,
    /// What is given, by the keys of the plan.
    pub frames: BTreeMap<String, CaseFrame>,
    /// What must be found.
    pub expect: Expect,
}

/// A frame of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFrame {
    /// What it holds.
    pub shape: Shape,
    /// The file beside the case that holds its rows.
    pub csv: String,
    /// Facts that are known of it, beside those that follow from its rows and window.
    pub about: Attrs,
}

/// What a plugin must find.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expect {
    /// `pass`, `marginal`, `fail` or `undecided`; `None`: it must fail, see `error_has`.
    pub outcome: Option<String>,
    /// The reason of an undecided outcome.
    pub reason: Option<Reason>,
    /// Its code.
    pub code: Option<String>,
    /// The primary estimate.
    pub observed: Option<Observed>,
    /// Texts that the headline contains.
    pub headline_has: Vec<String>,
    /// Texts, each of which some warning contains.
    pub warns: Vec<String>,
    /// A text that the error contains, of a plugin that says it cannot judge.
    pub error_has: Option<String>,
}

/// An expected number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observed {
    /// Its value.
    pub value: f64,
    /// Lower bound of its interval; `None`: not looked at.
    pub low: Option<f64>,
    /// Upper bound.
    pub high: Option<f64>,
    /// How far each number may be off.
    pub within: f64,
}

/// The JSON Schema of a case.
#[must_use]
pub fn schema() -> Json {
    json_schema::<CaseFile>()
}

/// Reads a file that holds one case.
///
/// # Errors
/// Everything that is wrong with it, by line and column.
pub fn read(content: &str) -> Result<Case, Vec<FileProblem>> {
    let documents = yaml::documents(content).map_err(|problem| vec![problem])?;
    let [document] = documents.as_slice() else {
        let message = format!("{} documents; a case has a file of its own", documents.len());
        return Err(vec![FileProblem { line: 1, column: 1, field: String::new(), message }]);
    };
    let place = |problem: Problem| {
        let (line, column) = document.position(&problem.field);
        FileProblem { line, column, field: problem.field, message: problem.message }
    };
    let value = normalised(&document.value);
    let mut problems = match Schema::new(schema()) {
        Ok(schema) => schema.problems(&value),
        Err(error) => vec![Problem::new("", error.to_string())],
    };
    let case = if problems.is_empty() {
        match serde_json::from_value::<CaseFile>(value) {
            Ok(file) => file.declare(&mut problems),
            Err(error) => {
                problems.push(Problem::new("", error.to_string()));
                None
            }
        }
    } else {
        None
    };
    match case {
        Some(case) if problems.is_empty() => Ok(case),
        _ => Err(problems.into_iter().map(place).collect()),
    }
}
