//! `organisation:`, `team:` and `person:` documents.

use std::collections::BTreeMap;

use jiff::civil::Time;
use schemars::JsonSchema;
use serde::Deserialize;
use yardstick_domain::people::{Digest, Membership, Organisation, Person, SendWhen, Team};
use yardstick_domain::problem::Problem;

use super::Declaration;
use super::reading::{Problems, days, parse, text, zone};

/// When something is sent.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum SendWord {
    Always,
    WhenChanged,
    Never,
}

/// What a person may do in a team.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum MemberWord {
    Member,
    Maintainer,
}

/// A weekly digest.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DigestFile {
    /// Weekday and time in the zone, such as `Mon 08:00`.
    when: Option<String>,
    /// always | when-changed | never.
    send: SendWord,
    /// Where to, such as `slack:#product` or `mail:ana@example.com`.
    #[serde(default)]
    to: Vec<String>,
}

/// The organisation: one per service.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Organisation")]
pub(super) struct OrganisationFile {
    /// Its name.
    organisation: String,
    /// IANA time zone, such as America/Los_Angeles.
    time_zone: String,
    /// First month and day of the fiscal year, such as 02-01.
    fiscal_year_starts: Option<String>,
    /// Working days and hours, such as `Mon-Fri 08:00-18:00`.
    working_hours: Option<String>,
    /// Days after the planned one that still count as on time, such as 0d.
    on_time_tolerance: Option<String>,
    /// The company's weekly digest.
    digest: Option<DigestFile>,
    /// Mail addresses of persons who look after the service: accounts, and whatever a team cannot do for itself.
    #[serde(default)]
    operators: Vec<String>,
}

impl OrganisationFile {
    pub(super) fn declare(self, problems: &mut Problems) -> Option<Declaration> {
        let fallback = Organisation::default();
        let name = text("organisation", &self.organisation, 200, problems);
        let time_zone = zone("time_zone", &self.time_zone, problems);
        let fiscal = self.fiscal_year_starts.as_deref().map(|text| month_day(text, problems));
        let hours = self.working_hours.as_deref().map(|text| working_hours(text, problems));
        let tolerance = match self.on_time_tolerance.as_deref() {
            None | Some("0d") => Some(0),
            Some(text) => days("on_time_tolerance", text, problems),
        };
        let digest = self.digest.map(|digest| digest.declare(problems));
        let operators = self.operators.iter().enumerate();
        let operators = operators
            .filter_map(|(index, person)| parse(&format!("operators[{index}]"), person, problems))
            .collect();
        Some(Declaration::Organisation(Organisation {
            name: name?,
            time_zone: time_zone?,
            fiscal_year_starts: fiscal.unwrap_or(Some(fallback.fiscal_year_starts))?,
            working_hours: hours.unwrap_or(Some(fallback.working_hours))?,
            on_time_tolerance_days: tolerance?,
            digest,
            operators,
        }))
    }
}

/// A team.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Team")]
pub(super) struct TeamFile {
    /// Its key: a-z 0-9 -.
    team: String,
    /// Its name.
    name: String,
    /// IANA time zone whose days count for its checkpoints.
    time_zone: String,
    /// Its people by mail address: member or maintainer.
    #[serde(default)]
    members: BTreeMap<String, MemberWord>,
    /// First month and day of its fiscal year, such as 02-01, where that is not the organisation's.
    fiscal_year_starts: Option<String>,
    /// Its weekly digest.
    digest: Option<DigestFile>,
    /// Where a failed guardrail goes at once.
    #[serde(default)]
    urgent: Vec<String>,
}

impl TeamFile {
    pub(super) fn declare(self, problems: &mut Problems) -> Option<Declaration> {
        let key = parse("team", &self.team, problems);
        let name = text("name", &self.name, 200, problems);
        let time_zone = zone("time_zone", &self.time_zone, problems);
        let mut members = BTreeMap::new();
        for (person, word) in &self.members {
            let word = match word {
                MemberWord::Member => Membership::Member,
                MemberWord::Maintainer => Membership::Maintainer,
            };
            if let Some(person) = parse(&format!("members.{person}"), person, problems) {
                members.insert(person, word);
            }
        }
        let fiscal = self.fiscal_year_starts.as_deref().and_then(|text| month_day(text, problems));
        let digest = self.digest.map(|digest| digest.declare(problems));
        for (index, sink) in self.urgent.iter().enumerate() {
            check_sink(&format!("urgent[{index}]"), sink, problems);
        }
        let (key, name, time_zone) = (key?, name?, time_zone?);
        let urgent = self.urgent;
        Some(Declaration::Team(Team {
            key,
            name,
            time_zone,
            members,
            fiscal_year_starts: fiscal,
            digest,
            urgent,
        }))
    }
}

/// A person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Person")]
pub(super) struct PersonFile {
    /// Mail address, lower case.
    person: String,
    /// Name.
    name: String,
    /// Handles by service, such as `slack: ana`.
    #[serde(default)]
    handles: BTreeMap<String, String>,
}

impl PersonFile {
    pub(super) fn declare(self, problems: &mut Problems) -> Option<Declaration> {
        let id = parse("person", &self.person, problems);
        let name = text("name", &self.name, 200, problems);
        Some(Declaration::Person(Person { id: id?, name: name?, handles: self.handles }))
    }
}

impl DigestFile {
    fn declare(self, problems: &mut Problems) -> Digest {
        if let Some(when) = &self.when {
            let good = when
                .split_once(' ')
                .is_some_and(|(day, time)| weekday(day).is_some() && clock(time).is_some());
            if !good {
                let message = format!("{when:?} is no weekday and time; expected such as Mon 08:00");
                problems.push(Problem::new("digest.when", message));
            }
        }
        for (index, sink) in self.to.iter().enumerate() {
            check_sink(&format!("digest.to[{index}]"), sink, problems);
        }
        let send = match self.send {
            SendWord::Always => SendWhen::Always,
            SendWord::WhenChanged => SendWhen::WhenChanged,
            SendWord::Never => SendWhen::Never,
        };
        Digest { when: self.when, send, to: self.to }
    }
}

fn check_sink(field: &str, sink: &str, problems: &mut Problems) {
    let good = sink.split_once(':').is_some_and(|(kind, rest)| {
        !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase()) && !rest.trim().is_empty()
    });
    if !good {
        let message = format!(
            "{sink:?} is no place to send to; expected such as slack:#product or mail:ana@example.com"
        );
        problems.push(Problem::new(field, message));
    }
}

fn month_day(text: &str, problems: &mut Problems) -> Option<(i8, i8)> {
    let read = text.split_once('-').and_then(|(month, day)| {
        let (month, day): (i8, i8) = (month.parse().ok()?, day.parse().ok()?);
        // A leap day would give years without a start.
        jiff::civil::Date::new(2001, month, day).ok().map(|_| (month, day))
    });
    if read.is_none() {
        let message =
            format!("{text:?} is no month and day; expected such as 02-01 for the first of February");
        problems.push(Problem::new("fiscal_year_starts", message));
    }
    read
}

fn weekday(word: &str) -> Option<i8> {
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    (1..).zip(days).find(|(_, day)| *day == word).map(|(number, _)| number)
}

fn clock(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    if hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn working_hours(text: &str, problems: &mut Problems) -> Option<((i8, i8), (Time, Time))> {
    let read = text.split_once(' ').and_then(|(days, hours)| {
        let ((first, last), (start, end)) = (days.split_once('-')?, hours.split_once('-')?);
        let read = ((weekday(first)?, weekday(last)?), (clock(start)?, clock(end)?));
        (read.0.0 <= read.0.1 && read.1.0 < read.1.1).then_some(read)
    });
    if read.is_none() {
        let message = format!("{text:?} are no working hours; expected such as Mon-Fri 08:00-18:00");
        problems.push(Problem::new("working_hours", message));
    }
    read
}
