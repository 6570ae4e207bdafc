//! Why an operation did not do what was asked, and the problem document that says so.

use yardstick_app::{AppError, FileRefused, Refused};
use yardstick_client::api;
use yardstick_client::files::FileProblem;
use yardstick_domain::digest::Digest;
use yardstick_domain::problem::Problem;
use yardstick_stats::format::counted;
use yardstick_store::StoreError;

use super::codes::{self, Code};

/// Why an operation did not do what was asked.
#[derive(Debug)]
pub(crate) enum Error {
    /// Texts of the request are not of the form they must have: all of them.
    Malformed(Vec<Problem>),
    /// Nobody knows who sent it; why, a sentence.
    Unsigned(&'static str),
    /// Too much is being done at the moment; what, a sentence.
    Busy(String),
    /// The use case did not do it.
    App(AppError),
    /// Files of declarations are wrong.
    Files {
        /// The first of the problems, each with the name of its file.
        problems: Vec<(String, FileProblem)>,
        /// How many there are.
        count: u64,
        /// Files that have any, and all files.
        wrong: usize,
        all: usize,
    },
    /// A component is not taken as a plugin.
    Plugin(Refused),
    /// Rows of a file cannot be imported.
    Rows {
        /// What the file is called.
        file: String,
        /// Its rows.
        refused: FileRefused,
    },
}

/// A result of an operation.
pub(crate) type Result<T> = std::result::Result<T, Error>;

impl From<AppError> for Error {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl Error {
    /// One text that is not of the form it must have.
    pub(crate) fn malformed(field: &str, message: impl Into<String>) -> Self {
        Self::Malformed(vec![Problem::new(field, message)])
    }

    /// The state of what was to be changed, where it is not the one that was named.
    pub(crate) fn state(&self) -> Option<Digest> {
        match self {
            Self::App(AppError::Stale { state, .. }) => *state,
            _ => None,
        }
    }

    /// What is answered. The detail of an internal problem is for whoever runs the service, never for a client.
    pub(crate) fn problem(&self) -> api::Problem {
        match self {
            Self::Malformed(problems) => fields(codes::MALFORMED, problems),
            Self::Unsigned(why) => problem(codes::UNAUTHENTICATED, *why),
            Self::Busy(what) => problem(codes::BUSY, what.as_str()),
            Self::App(AppError::Refused(problems)) => fields(codes::REFUSED, problems),
            Self::App(error) => problem(code(error), error.to_string()),
            Self::Files { problems, count, wrong, all } => {
                let (problem, file) = (counted(*count, "problems"), counted(*all as u64, "files"));
                files(problems, *count, &format!("{problem} in {wrong} of {file}; nothing was written"))
            }
            Self::Plugin(refused) => plugin(refused),
            Self::Rows { file, refused } => rows(file, refused),
        }
    }
}

/// A problem that is not about fields.
pub(crate) fn problem(code: Code, detail: impl Into<String>) -> api::Problem {
    api::Problem {
        kind: format!("/api/problems#{}", code.code),
        title: code.title.to_owned(),
        status: code.status,
        detail: detail.into(),
        instance: None,
        code: code.code.to_owned(),
        errors: Vec::new(),
        error_count: 0,
    }
}

fn code(error: &AppError) -> Code {
    match error {
        AppError::Refused(_) => codes::REFUSED,
        AppError::NotFound { .. } => codes::NOT_FOUND,
        AppError::Conflict(_) => codes::CONFLICT,
        AppError::Stale { .. } => codes::CHANGED_MEANWHILE,
        AppError::Unconditional(_) => codes::PRECONDITION_REQUIRED,
        AppError::Changed(_) => codes::CHANGED_MEANWHILE,
        AppError::Forbidden(_) => codes::FORBIDDEN,
        AppError::Store(StoreError::Busy) => codes::BUSY,
        AppError::Store(_) | AppError::Fault(_) => codes::INTERNAL,
    }
}

fn fields(code: Code, problems: &[Problem]) -> api::Problem {
    let detail = match problems {
        [only] => only.to_string(),
        several => format!("{} problems; nothing was written", several.len()),
    };
    let error = |problem: &Problem| api::FieldProblem {
        file: None,
        line: None,
        column: None,
        field: problem.field.clone(),
        message: problem.message.clone(),
    };
    with(problem(code, detail), problems.iter().map(error).collect(), problems.len() as u64)
}

fn files(problems: &[(String, FileProblem)], count: u64, detail: &str) -> api::Problem {
    let mut problems = problems.to_vec();
    problems.sort();
    let error = |(name, problem): &(String, FileProblem)| api::FieldProblem {
        file: Some(name.clone()),
        line: Some(problem.line as u64),
        column: Some(problem.column as u64),
        field: problem.field.clone(),
        message: problem.message.clone(),
    };
    with(problem(codes::FILES_REFUSED, detail), problems.iter().map(error).collect(), count)
}

/// The step that a component did not pass is the field; particulars follow.
fn plugin(refused: &Refused) -> api::Problem {
    let field = |field: &str, message: &str| api::FieldProblem {
        file: None,
        line: None,
        column: None,
        field: field.to_owned(),
        message: message.to_owned(),
    };
    let mut errors = vec![field(refused.code, &refused.sentence)];
    errors.extend(refused.problems.iter().map(|problem| field(&problem.field, &problem.message)));
    let count = errors.len() as u64;
    with(problem(codes::PLUGIN_REFUSED, format!("{}: {}", refused.code, refused.sentence)), errors, count)
}

fn rows(file: &str, refused: &FileRefused) -> api::Problem {
    let what = if refused.rows.iter().all(|row| row.line <= 1) {
        "the file cannot be imported as it is".to_owned()
    } else {
        format!("{} cannot be imported", counted(refused.count, "rows"))
    };
    let errors = refused.rows.iter().map(|row| api::FieldProblem {
        file: Some(file.to_owned()),
        line: Some(row.line),
        column: None,
        field: row.column.clone(),
        message: row.message.clone(),
    });
    let problem = problem(codes::ROWS_REFUSED, format!("{what}; nothing was written"));
    with(problem, errors.collect(), refused.count)
}

fn with(problem: api::Problem, errors: Vec<api::FieldProblem>, error_count: u64) -> api::Problem {
    api::Problem { errors, error_count, ..problem }
}
