//! Why there is no answer.

use std::error::Error as StdError;
use std::fmt::Write;
use std::io;
use std::time::Duration;

use super::ask::Asked;
use super::upload::Unreadable;
use crate::api::Problem;

/// Why something asked over HTTP was not done, or why nobody knows whether it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The service says why, in its own words.
    #[error("{}", said(.problem))]
    Refused {
        /// The status of the answer, in 400..=599.
        status: u16,
        /// What the service says.
        problem: Box<Problem>,
    },
    /// Nobody answered, or not to the end. The sentence names the service and what to do.
    #[error("{0}")]
    NoAnswer(String),
    /// What answered is no Yardstick, or says what this client does not take. The sentence says how it shows.
    #[error("{0}")]
    Foreign(String),
    /// What was to be asked cannot be written as a request.
    #[error("{0}; nothing was asked")]
    Unasked(String),
    /// What arrived could not be written on.
    #[error("cannot write what arrives: {0}; what was written is not whole")]
    Unwritten(#[source] io::Error),
    /// The file to send could not be read to its end. The service was told that it is not whole and wrote
    /// nothing.
    #[error("cannot read the file to send: {0}; nothing was written")]
    File(#[source] io::Error),
}

impl Error {
    /// What the service says, if it does.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Refused { problem, .. } => Some(problem),
            _ => None,
        }
    }

    /// What a failed transport means to whoever asked.
    pub(super) fn transport(asked: &Asked<'_>, error: &reqwest::Error) -> Self {
        let server = asked.client.server();
        if let Some(unreadable) = find::<Unreadable>(error) {
            return Self::File(unreadable.again());
        }
        if error.is_connect() {
            let why = match find::<io::Error>(error).map(io::Error::kind) {
                Some(io::ErrorKind::ConnectionRefused) => "connection refused".to_owned(),
                _ if error.is_timeout() => {
                    format!("no connection within {}", spell(asked.client.limits.connect))
                }
                _ => innermost(error),
            };
            return Self::NoAnswer(format!(
                "no Yardstick answers at {server} ({why}); start one with: yardstick serve"
            ));
        }
        let what = if error.is_timeout() {
            format!("did not answer {} within {}", asked.endpoint, spell(asked.patience))
        } else {
            format!("gave no whole answer to {} ({})", asked.endpoint, innermost(error))
        };
        let then = match asked.endpoint.method() {
            "GET" => "ask again, or look at what the service reports",
            _ => "it may have been done or not: look before you ask again",
        };
        Self::NoAnswer(format!("{server} {what}; {then}"))
    }
}

/// The sentence of a problem; where it is about several fields, a line for each.
fn said(problem: &Problem) -> String {
    let mut text = problem.detail.clone();
    if problem.errors.len() > 1 {
        for error in &problem.errors {
            let colon = if error.field.is_empty() { "" } else { ": " };
            let _ = write!(text, "\n  {}{colon}{}", error.field, error.message);
        }
    }
    text
}

/// The first error of a type among the causes.
fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    causes(error).find_map(|cause| match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        // An io::Error shows what it wraps in place of its own cause.
        Some(inner) => cause.downcast_ref::<E>().or_else(|| inner.downcast_ref::<E>()),
        None => cause.downcast_ref::<E>(),
    })
}

/// What the last of the causes says: the ones around it only say that there was one.
fn innermost(error: &(dyn StdError + 'static)) -> String {
    causes(error).last().map_or_else(String::new, ToString::to_string)
}

fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

/// A time as sentences have it.
fn spell(time: Duration) -> String {
    match (time.as_millis(), time.as_secs()) {
        (millis, 0) => format!("{millis} ms"),
        (_, seconds) if seconds >= 120 && seconds % 60 == 0 => format!("{} min", seconds / 60),
        (_, seconds) => format!("{seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_say_them() {
        for (time, text) in [
            (Duration::from_millis(20), "20 ms"),
            (Duration::from_secs(5), "5 s"),
            (Duration::from_secs(60), "60 s"),
            (Duration::from_secs(1800), "30 min"),
        ] {
            assert_eq!(spell(time), text);
        }
    }
}
