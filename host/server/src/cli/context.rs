//! What every command needs: where it is carried out, and how to say what went wrong.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use yardstick_app::{AppError, Caller};
use yardstick_client::api::{FieldProblem, Problem};
use yardstick_client::http::{self, Client};

use super::backend::Backend;
use super::output::{Format, say};
use super::place::Place;
use crate::operations::{self, codes};
use crate::{ambient, wiring};

/// Options of every command.
pub(super) struct Context {
    pub(super) place: Place,
    pub(super) database: Option<String>,
    pub(super) data: PathBuf,
    pub(super) output: Format,
    /// The file that holds the token for a service.
    pub(super) token_file: Option<PathBuf>,
}

impl Context {
    /// Where commands are carried out. Says which database and as whom, or which service, beside the result,
    /// not in it.
    pub(super) async fn open(&self) -> Result<Backend, Failure> {
        match &self.place {
            Place::Database => {
                let app = wiring::app(&self.database(), &self.data, Arc::new(ambient::now)).await?;
                let caller = Caller::here(ambient::user(), ambient::now());
                say(&format!("database {} as {}", app.store().name(), caller.actor));
                Ok(Backend::Here(Box::new(app), caller))
            }
            Place::Server(server) => {
                let mut client = Client::new(server).map_err(|error| Failure::usage(error.to_string()))?;
                if let Some(token) = token(self.token_file.as_deref())? {
                    client = client.token(&token).map_err(|error| Failure::usage(error.to_string()))?;
                }
                say(&format!("server {}", client.server()));
                Ok(Backend::There(client))
            }
            Place::Unclear(why) => Err(Failure::usage(*why)),
        }
    }

    /// The database's URL.
    pub(super) fn database(&self) -> String {
        self.database.clone().unwrap_or_else(|| wiring::default_database(&self.data))
    }
}

/// The token for a service: from the file, or from the environment; `None`: there is none. Never from an argument, which
/// other users of the machine can see.
fn token(file: Option<&Path>) -> Result<Option<String>, Failure> {
    let Some(file) = file.filter(|file| !file.as_os_str().is_empty()) else {
        return Ok(ambient::variable("YARDSTICK_TOKEN").filter(|token| !token.trim().is_empty()));
    };
    match std::fs::read_to_string(file) {
        Ok(token) => Ok(Some(token)),
        Err(error) => Err(Failure::usage(format!("cannot read the token in {}: {error}", file.display()))),
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// It could not: exit code 1.
    Could(String),
    /// It was asked wrongly: exit code 2.
    Usage(String),
    /// The operation did not do it: exit code 2 for what cannot be read, 1 for everything else.
    Problem(Box<Problem>),
}

impl Failure {
    /// Says it on standard error.
    pub(super) fn report(&self) -> ExitCode {
        match self {
            Self::Could(text) => {
                say(&format!("error: {text}"));
                ExitCode::from(1)
            }
            Self::Usage(text) => {
                say(&format!("error: {text}"));
                ExitCode::from(2)
            }
            Self::Problem(problem) => {
                say(&told(problem));
                ExitCode::from(if problem.code == codes::MALFORMED.code { 2 } else { 1 })
            }
        }
    }

    pub(super) fn could(text: impl Into<String>) -> Self {
        Self::Could(text.into())
    }

    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }
}

/// A problem in lines: what is wrong in files first, each with its place, then the sentence, then what is wrong
/// with the request where that is more than the sentence says.
fn told(problem: &Problem) -> String {
    let (placed, plain): (Vec<_>, Vec<_>) = problem.errors.iter().partition(|error| error.file.is_some());
    let mut lines: Vec<String> = placed.into_iter().map(place).collect();
    let unlisted = problem.error_count.saturating_sub(problem.errors.len() as u64);
    if unlisted > 0 {
        lines.push(format!("… and {} more", yardstick_stats::format::count(unlisted)));
    }
    lines.push(format!("error: {}", problem.detail));
    if plain.len() > 1 {
        lines.extend(plain.into_iter().map(|error| match error.field.as_str() {
            "" => format!("  {}", error.message),
            field => format!("  {field}: {}", error.message),
        }));
    }
    lines.join("\n")
}

/// One thing that is wrong in a file: of declarations by line and column, of values by line.
fn place(error: &FieldProblem) -> String {
    let FieldProblem { file, line, column, field, message } = error;
    let file = file.as_deref().unwrap_or_default();
    let line = line.unwrap_or(1);
    match (column, field.as_str()) {
        (Some(column), "") => format!("{file}:{line}:{column}  {message}"),
        (Some(column), field) => format!("{file}:{line}:{column}  {field}: {message}"),
        (None, "") => format!("{file}: line {line}: {message}"),
        (None, field) => format!("{file}: line {line}, {field}: {message}"),
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Could(text) | Self::Usage(text) => f.write_str(text),
            Self::Problem(problem) => f.write_str(&problem.detail),
        }
    }
}

impl From<operations::Error> for Failure {
    fn from(error: operations::Error) -> Self {
        Self::Problem(Box::new(error.problem()))
    }
}

impl From<http::Error> for Failure {
    fn from(error: http::Error) -> Self {
        match error {
            http::Error::Refused { problem, .. } => Self::Problem(problem),
            error => Self::Could(error.to_string()),
        }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        operations::Error::from(error).into()
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Could(format!("{error:#}"))
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Could(format!("internal fault: {error}"))
    }
}

/// Parses a name or number given on the command line; a wrong one is a wrong usage.
pub(super) fn parsed<T: std::str::FromStr<Err: fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// The text itself, once it is known to be such a name; a wrong one is a wrong usage.
pub(super) fn checked<T: std::str::FromStr<Err: fmt::Display>>(text: &str) -> Result<String, String> {
    parsed::<T>(text).map(|_| text.to_owned())
}
