//! Who: teams, persons, the organisation, and whoever acts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::fiscal::YearStart;
use crate::ids::{BadName, PersonId, ServiceKey, TeamKey};
use crate::time::plus_days;

/// What a person may do in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Membership {
    /// Works in it.
    Member,
    /// Answers for it.
    Maintainer,
}

/// When a digest is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SendWhen {
    /// Every time, one line when nothing changed.
    Always,
    /// Only when something changed.
    WhenChanged,
    /// Not at all.
    Never,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Its key.
    pub key: TeamKey,
    /// Its name.
    pub name: String,
    /// IANA name of the zone whose days count for its checkpoints.
    pub time_zone: String,
    /// Its people.
    pub members: BTreeMap<PersonId, Membership>,
    /// Month and day its fiscal year starts, where that is not the organisation's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fiscal_year_starts: Option<YearStart>,
    /// When its digest is sent; `None`: as the organisation's.
    pub digest: Option<Digest>,
    /// Where a failed guardrail goes at once, such as `slack:#channel`.
    pub urgent: Vec<String>,
}

impl Team {
    /// Who answers for it: its maintainers, or whoever is in it where it has none.
    #[must_use]
    pub fn maintainers(&self) -> Vec<PersonId> {
        let of = |role: Option<Membership>| {
            let theirs = self.members.iter().filter(|(_, own)| role.is_none_or(|role| role == **own));
            theirs.map(|(person, _)| person.clone()).collect::<Vec<_>>()
        };
        let maintainers = of(Some(Membership::Maintainer));
        if maintainers.is_empty() { of(None) } else { maintainers }
    }
}

/// When and where a digest goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Weekday and time, such as `Mon 08:00`; `None`: the organisation's.
    pub when: Option<String>,
    /// When it is sent.
    pub send: SendWhen,
    /// Sinks.
    pub to: Vec<String>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Mail address.
    pub id: PersonId,
    /// Name; the address until someone says otherwise.
    pub name: String,
    /// Handles by service, such as `slack`.
    pub handles: BTreeMap<String, String>,
}

/// The organisation: one per service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// IANA name of its zone.
    pub time_zone: String,
    /// Month and day the fiscal year starts, 1-based.
    pub fiscal_year_starts: YearStart,
    /// First and last working day (1 Monday to 7 Sunday), start and end of work.
    pub working_hours: ((i8, i8), (Time, Time)),
    /// Days after the planned date that still count as on time.
    pub on_time_tolerance_days: u32,
    /// The company digest.
    pub digest: Option<Digest>,
    /// Persons who do what operators do: accounts, the organisation, whatever a team cannot do for itself.
    #[serde(default)]
    pub operators: BTreeSet<PersonId>,
}

impl Default for Organisation {
    fn default() -> Self {
        Self {
            name: "Organisation".to_owned(),
            time_zone: "UTC".to_owned(),
            fiscal_year_starts: (1, 1),
            working_hours: ((1, 5), (Time::constant(9, 0, 0, 0), Time::constant(17, 0, 0, 0))),
            on_time_tolerance_days: 0,
            digest: None,
            operators: BTreeSet::new(),
        }
    }
}

impl Organisation {
    /// The first instant from `at` on at which people work, by the clocks of a zone.
    #[must_use]
    pub fn working_from(&self, at: Timestamp, zone: &TimeZone) -> Timestamp {
        let (_, (begins, ends)) = self.working_hours;
        let here = at.to_zoned(zone.clone());
        let mut day = here.date();
        if self.is_working_day(day) && here.time() < ends {
            return if here.time() >= begins { at } else { instant(day, begins, zone).max(at) };
        }
        loop {
            day = plus_days(day, 1);
            // The end of the calendar is a day like any other.
            if self.is_working_day(day) || day == Date::MAX {
                return instant(day, begins, zone).max(at);
            }
        }
    }

    /// The `count`-th working day after a day.
    #[must_use]
    pub fn working_days_after(&self, day: Date, count: u32) -> Date {
        let (mut day, mut left) = (day, count);
        while left > 0 && day < Date::MAX {
            day = plus_days(day, 1);
            left -= u32::from(self.is_working_day(day));
        }
        day
    }

    fn is_working_day(&self, day: Date) -> bool {
        let ((first, last), _) = self.working_hours;
        (first..=last).contains(&day.weekday().to_monday_one_offset())
    }
}

/// An instant by the clocks of a zone; where they skip it, the first after it.
fn instant(day: Date, time: Time, zone: &TimeZone) -> Timestamp {
    day.to_datetime(time).to_zoned(zone.clone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

/// Whoever does something: a person, a service account, the host by itself, or a local user of the command line. Only
/// persons can approve anything.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Actor {
    /// A known person.
    Person(PersonId),
    /// A program's account. Written `service:KEY`.
    Service(ServiceKey),
    /// The host: what was due came due. Written `host`.
    Host,
    /// `local:USER`.
    Local(String),
}

impl FromStr for Actor {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        match text.strip_prefix("local:") {
            Some(user) => Ok(Self::Local(user.to_owned())),
            None if text == "host" => Ok(Self::Host),
            None if text.starts_with("service:") => text["service:".len()..].parse().map(Self::Service),
            None => text.parse().map(Self::Person),
        }
    }
}

impl TryFrom<String> for Actor {
    type Error = BadName;

    fn try_from(text: String) -> Result<Self, BadName> {
        text.parse()
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        actor.to_string()
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(person) => person.fmt(f),
            Self::Service(key) => write!(f, "service:{key}"),
            Self::Host => f.write_str("host"),
            Self::Local(user) => write!(f, "local:{user}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn company() -> Organisation {
        let hours = ((1, 5), (Time::constant(8, 0, 0, 0), Time::constant(18, 0, 0, 0)));
        Organisation { working_hours: hours, ..Organisation::default() }
    }

    #[test]
    fn work_begins_again_on_the_next_working_day() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let table = [
            ("2026-03-10T09:30:00Z", "2026-03-10T09:30:00Z", "while people work"),
            ("2026-03-10T02:00:00Z", "2026-03-10T07:00:00Z", "before they begin"),
            ("2026-03-10T17:00:00Z", "2026-03-11T07:00:00Z", "at the very end of the day"),
            ("2026-03-13T18:00:00Z", "2026-03-16T07:00:00Z", "on Friday evening"),
            ("2026-03-28T12:00:00Z", "2026-03-30T06:00:00Z", "over the change of clocks"),
        ];
        for (at, expected, when) in table {
            let from = company().working_from(at.parse().unwrap(), &berlin);
            assert_eq!(from, expected.parse::<Timestamp>().unwrap(), "{when}");
        }
        let late = company().working_from(Timestamp::MAX, &berlin);
        assert_eq!(late, Timestamp::MAX, "the end of the calendar ends it");
    }

    #[test]
    fn working_days_leave_out_weekends() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let table = [
            ("2026-03-03", 0, "2026-03-03"),
            ("2026-03-03", 1, "2026-03-04"),
            ("2026-03-06", 1, "2026-03-09"),
            ("2026-03-07", 1, "2026-03-09"),
            ("2026-03-03", 7, "2026-03-12"),
        ];
        for (from, count, expected) in table {
            assert_eq!(company().working_days_after(day(from), count), day(expected), "{from} + {count}");
        }
    }
}
