//! Reading the texts of requests: each by its own rule, all that is wrong at once.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use yardstick_client::api::{ITEMS, MOST_ITEMS};
use yardstick_domain::level::Level;
use yardstick_domain::nearest;
use yardstick_domain::problem::Problem;
use yardstick_domain::time::{plus_days, start_of_day};

use super::{Error, Result};

/// Reads the texts of a request and keeps what is wrong with them.
#[derive(Debug, Default)]
pub(super) struct Reading {
    problems: Vec<Problem>,
}

/// Which instant a plain day stands for.
#[derive(Debug, Clone, Copy)]
pub(super) enum DayEdge {
    /// Its first instant.
    Start,
    /// Its last: the start of the next day.
    End,
}

/// One text that must be there.
pub(super) fn parse<T: FromStr<Err: Display>>(field: &str, text: &str) -> Result<T> {
    text.parse().map_err(|error: T::Err| Error::malformed(field, error.to_string()))
}

impl Reading {
    /// A text that may be there, read by a rule.
    pub(super) fn with<T, U: ?Sized + AsRef<str>>(
        &mut self,
        field: &str,
        text: Option<&U>,
        rule: impl Fn(&str) -> std::result::Result<T, String>,
    ) -> Option<T> {
        let read = rule(text?.as_ref());
        read.map_err(|message| self.problems.push(Problem::new(field, message))).ok()
    }

    /// A text that must be there, read by its type's rule; [`Reading::all`] gives the values back.
    pub(super) fn must<T: FromStr<Err: Display>>(&mut self, field: &str, text: &str) -> Option<T> {
        self.with(field, Some(text), |text| text.parse().map_err(|error: T::Err| error.to_string()))
    }

    /// A text that may be there, read by its type's rule.
    pub(super) fn maybe<T: FromStr<Err: Display>>(
        &mut self,
        field: &str,
        text: Option<&String>,
    ) -> Option<T> {
        self.with(field, text, |text| text.parse().map_err(|error: T::Err| error.to_string()))
    }

    /// Texts of the form `NAME=VALUE`, each name once: of two, one would be passed over without a word.
    pub(super) fn pairs(&mut self, field: &str, texts: &[String]) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for (index, text) in texts.iter().enumerate() {
            let field = format!("{field}[{index}]");
            let Some((name, value)) = self.with(&field, Some(text), pair) else { continue };
            if found.contains_key(&name) {
                self.problems.push(Problem::new(field, format!("{name:?} is there twice; keep one")));
            }
            found.insert(name, value);
        }
        found
    }

    /// An instant with an offset, or a day in a zone.
    pub(super) fn instant(
        &mut self,
        field: &str,
        text: Option<&String>,
        edge: DayEdge,
        zone: &TimeZone,
    ) -> Option<Timestamp> {
        self.with(field, text, |text| instant(text, edge, zone))
    }

    /// A text that may be there and is one of these, by their names.
    pub(super) fn one_of<T: Copy>(
        &mut self,
        field: &str,
        text: Option<&String>,
        all: &[T],
        name: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        self.with(field, text, |text| {
            let found = all.iter().copied().find(|one| name(*one) == text);
            found.ok_or_else(|| {
                let names: Vec<&str> = all.iter().copied().map(&name).collect();
                format!(
                    "{text:?} is not one of {}{}",
                    names.join(", "),
                    nearest::hint(text, names.iter().copied())
                )
            })
        })
    }

    /// A text that may be there and is looked for: one line of 1 to 200 characters.
    pub(super) fn plain(&mut self, field: &str, text: Option<&String>) -> Option<String> {
        self.with(field, text, |text| {
            let good = (1..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control);
            let bad = || "is looked for as one line of 1 to 200 characters".to_owned();
            good.then(|| text.to_owned()).ok_or_else(bad)
        })
    }

    /// A word that may be there and is looked for, such as `launch` or `too-few`.
    pub(super) fn word(&mut self, field: &str, text: Option<&String>) -> Option<String> {
        self.with(field, text, |text| {
            let is_of_it = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            let good = (1..=80).contains(&text.len()) && !text.starts_with('-') && text.bytes().all(is_of_it);
            let bad = || format!("{text:?} is no word of this kind; expected 1 to 80 of a-z 0-9 -");
            good.then(|| text.to_owned()).ok_or_else(bad)
        })
    }

    /// How many items a page may have.
    pub(super) fn limit(&mut self, limit: Option<u32>) -> u32 {
        let limit = limit.unwrap_or(ITEMS);
        if !(1..=MOST_ITEMS).contains(&limit) {
            let message = format!("{limit} is no length of a page; expected 1 to {MOST_ITEMS}");
            self.problems.push(Problem::new("limit", message));
        }
        limit
    }

    /// Where a page starts, as the page before gave it.
    pub(super) fn cursor<T>(&mut self, text: Option<&String>, rule: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.with("cursor", text, |text| {
            rule(text).ok_or_else(|| format!("{text:?} was given by no page; start without a cursor"))
        })
    }

    /// Ends the reading.
    pub(super) fn end(self) -> Result<()> {
        if self.problems.is_empty() { Ok(()) } else { Err(Error::Malformed(self.problems)) }
    }

    /// Ends the reading with what had to be there: it is, unless something is wrong.
    pub(super) fn all<T>(self, read: Option<T>) -> Result<T> {
        self.end()?;
        read.ok_or_else(|| Error::Malformed(Vec::new()))
    }

    /// Takes in what somebody else found wrong.
    pub(super) fn also(&mut self, problems: Vec<Problem>) {
        self.problems.extend(problems);
    }
}

fn instant(text: &str, edge: DayEdge, zone: &TimeZone) -> std::result::Result<Timestamp, String> {
    if let Ok(day) = day(text) {
        return Ok(match edge {
            DayEdge::Start => start_of_day(day, zone),
            DayEdge::End => start_of_day(plus_days(day, 1), zone),
        });
    }
    text.parse().map_err(|_| {
        format!(
            "{text:?} is neither a day such as 2026-03-10 (in the team's zone) nor an instant with an offset such \
             as 2026-03-10T16:00:00Z"
        )
    })
}

/// A day such as `2026-03-03`, from 1900 to 2200.
pub(crate) fn day(text: &str) -> std::result::Result<Date, String> {
    let well_formed = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date = text.parse().ok().filter(|date: &Date| well_formed && (1900..=2200).contains(&date.year()));
    date.ok_or_else(|| format!("{text:?} is no day; expected year-month-day, such as 2026-03-03"))
}

/// Days such as `2026-03-01..2026-03-07`.
pub(crate) fn days(text: &str) -> std::result::Result<(Date, Date), String> {
    let bad = || format!("{text:?} are no days; expected such as 2026-03-01..2026-03-07");
    let (from, to) = text.split_once("..").ok_or_else(bad)?;
    Ok((day(from).map_err(|_| bad())?, day(to).map_err(|_| bad())?))
}

/// A text such as `deployment=deploy_type`.
pub(crate) fn pair(text: &str) -> std::result::Result<(String, String), String> {
    let (name, value) =
        text.split_once('=').ok_or_else(|| format!("{text:?} has no =; expected NAME=VALUE"))?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Levels such as `L1` or `L2+`.
pub(crate) fn levels(text: &str) -> std::result::Result<Vec<Level>, String> {
    match text.to_ascii_uppercase().as_str() {
        "L1" | "L1+" => Ok(vec![Level::L1]),
        "L2" => Ok(vec![Level::L2]),
        "L2+" => Ok(vec![Level::L1, Level::L2]),
        "L3" => Ok(vec![Level::L3]),
        "L3+" => Ok(vec![Level::L1, Level::L2, Level::L3]),
        _ => Err("expected L1 (the largest), L2, L3, or L2+ for L1 and L2".to_owned()),
    }
}
