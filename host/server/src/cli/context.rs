//! What every command needs: the database, the person it acts as, and how to say what went wrong.

use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use yardstick_app::{App, AppError, Caller};
use yardstick_domain::time::{plus_days, start_of_day};

use super::output::{Format, say};
use crate::{ambient, wiring};

/// Options of every command.
pub(super) struct Context {
    pub(super) database: Option<String>,
    pub(super) data: PathBuf,
    pub(super) output: Format,
}

impl Context {
    /// The use cases and who calls them. Says which database and as whom, beside the result, not in it.
    pub(super) async fn open(&self) -> Result<(App, Caller), Failure> {
        let database = self.database.clone().unwrap_or_else(|| wiring::default_database(&self.data));
        let app = wiring::app(&database, &self.data).await?;
        let caller = Caller { actor: ambient::user(), now: ambient::now() };
        say(&format!("database {} as {}", app.store().name(), caller.actor));
        Ok((app, caller))
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// It could not: exit code 1.
    Could(String),
    /// It was asked wrongly: exit code 2.
    Usage(String),
}

impl Failure {
    /// Says it on standard error.
    pub(super) fn report(&self) -> ExitCode {
        let (text, code) = match self {
            Self::Could(text) => (text, 1),
            Self::Usage(text) => (text, 2),
        };
        say(&format!("error: {text}"));
        ExitCode::from(code)
    }

    pub(super) fn could(text: impl Into<String>) -> Self {
        Self::Could(text.into())
    }

    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Could(text) | Self::Usage(text) => f.write_str(text),
        }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Refused(problems) if problems.len() > 1 => {
                let lines: Vec<String> = problems.iter().map(|problem| format!("  {problem}")).collect();
                Self::Could(format!("{} problems; nothing was written\n{}", problems.len(), lines.join("\n")))
            }
            error => Self::Could(error.to_string()),
        }
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

/// Which instant a plain day stands for.
#[derive(Debug, Clone, Copy)]
pub(super) enum DayEdge {
    /// Its first instant.
    Start,
    /// Its last: the start of the next day.
    End,
}

/// An instant with an offset, such as 2026-03-10T16:00:00Z, or a day in the team's zone.
pub(super) fn instant(name: &str, text: &str, edge: DayEdge, zone: &TimeZone) -> Result<Timestamp, Failure> {
    if text.len() == 10
        && let Ok(day) = text.parse::<jiff::civil::Date>()
    {
        return Ok(match edge {
            DayEdge::Start => start_of_day(day, zone),
            DayEdge::End => start_of_day(plus_days(day, 1), zone),
        });
    }
    text.parse::<Timestamp>().map_err(|_| {
        Failure::usage(format!(
            "--{name}: {text:?} is neither a day such as 2026-03-10 (in the team's zone) nor an instant with an \
             offset such as 2026-03-10T16:00:00Z"
        ))
    })
}
