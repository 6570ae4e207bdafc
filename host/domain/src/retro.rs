//! Retros, the actions and the learnings that come of them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::decision::Signed;
use crate::ids::{PersonId, ReleaseSlug, RetroId, TeamKey};
use crate::metric::Visibility;
use crate::people::Actor;
use crate::words::words;

words! {
    /// Where a retro stands.
    RetroStatus, "status of a retro" {
        /// People write down what they saw.
        Collecting = "collecting",
        /// It took place; what was said is written up.
        Held = "held",
        /// It is over: its evidence is kept as it was, and only its actions go on.
        Closed = "closed",
    }
    /// Which sections a retro starts with.
    Template, "template of a retro" {
        /// Went well, did not, learned, differently.
        WentWell = "went-well",
        /// Start, stop, continue.
        StartStopContinue = "start-stop-continue",
    }
    /// Where an action stands.
    ActionState, "state of an action" {
        /// Somebody is to do it.
        Open = "open",
        /// It was done.
        Done = "done",
        /// It is not wanted any more, for a reason.
        Dropped = "dropped",
    }
}

impl Template {
    /// The names of its sections.
    #[must_use]
    pub fn sections(self) -> &'static [&'static str] {
        match self {
            Self::WentWell => &["went_well", "did_not", "learned", "differently"],
            Self::StartStopContinue => &["start", "stop", "continue"],
        }
    }
}

/// A topic of a retro.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// What it is about.
    pub title: String,
    /// Votes it got.
    pub votes: u32,
    /// What was said.
    pub notes: Option<String>,
    /// The number of the action that it ended in; `None`: none yet.
    pub action: Option<i64>,
}

/// What people write into a retro, but its actions and learnings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// When it took place or will.
    pub held_at: Option<Timestamp>,
    /// Who leads it.
    pub facilitator: Option<PersonId>,
    /// Who takes part.
    pub attendees: Vec<PersonId>,
    /// Texts by section.
    pub sections: BTreeMap<String, Vec<String>>,
    /// Topics, in their order.
    pub topics: Vec<Topic>,
}

/// A retro.
#[derive(Debug, Clone, PartialEq)]
pub struct Retro {
    /// Its id, such as `2026-04-batch-changes`.
    pub id: RetroId,
    /// The team whose it is.
    pub team: TeamKey,
    /// Who may see it. Whoever may not see one of its releases does not see it either way.
    pub visibility: Visibility,
    /// Where it stands.
    pub status: RetroStatus,
    /// What it is called.
    pub title: String,
    /// How often it was changed, from 1.
    pub version: u32,
    /// The releases it looks back on, in their order.
    pub releases: Vec<ReleaseSlug>,
    /// What people wrote.
    pub written: Written,
    /// What the host knew when it was closed, a JSON document; `None`: it is open.
    pub evidence: Option<String>,
    /// Who opened it, and when.
    pub opened: Signed<Actor>,
    /// Who closed it, and when.
    pub closed: Option<Signed<Actor>>,
}

/// Something that somebody is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionItem {
    /// Its number; written `A-21`.
    pub id: i64,
    /// The retro that it came of.
    pub retro: RetroId,
    /// The team whose it is.
    pub team: TeamKey,
    /// How often it was changed, from 1.
    pub version: u32,
    /// What is to be done.
    pub text: String,
    /// Who does it.
    pub owner: PersonId,
    /// By the end of which day.
    pub due: Date,
    /// Where it stands.
    pub state: ActionState,
    /// Why it was dropped.
    pub reason: Option<String>,
    /// Address of its issue.
    pub issue: Option<String>,
    /// Who wrote it down, and when.
    pub made: Signed<Actor>,
    /// When it was done or dropped.
    pub ended_at: Option<Timestamp>,
}

/// Something that a team learned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learning {
    /// Its number; written `L-9`.
    pub id: i64,
    /// The retro that it came of.
    pub retro: RetroId,
    /// The team whose it is.
    pub team: TeamKey,
    /// What was learned.
    pub text: String,
    /// Words it is found by.
    pub tags: Vec<String>,
    /// What it rests on, such as `batch-changes-ga/d28#adoption`.
    pub evidence: Vec<String>,
    /// Who wrote it down, and when.
    pub made: Signed<Actor>,
}

/// The words of a question that something may be found by: in lower case, without those that every question has.
#[must_use]
pub fn search_words(question: &str) -> Vec<String> {
    const COMMON: [&str; 40] = [
        "a", "about", "and", "are", "as", "at", "be", "been", "by", "did", "do", "does", "for", "from",
        "had", "has", "have", "how", "i", "in", "is", "it", "learn", "learned", "learnt", "of", "on", "or",
        "our", "that", "the", "this", "to", "us", "was", "we", "were", "what", "when", "with",
    ];
    let words = question.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut found: Vec<String> = Vec::new();
    for word in words.map(str::to_lowercase) {
        if !COMMON.contains(&word.as_str()) && !found.contains(&word) && found.len() < 20 {
            found.push(word);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_found_by_its_own_words() {
        assert_eq!(search_words("What did we learn about onboarding?"), ["onboarding"]);
        assert_eq!(search_words("\"e-mail\" OR 1=1; NEAR(x*)"), ["e", "mail", "1", "near", "x"]);
        assert_eq!(search_words("what did we do"), [""; 0]);
        assert_eq!(search_words("Größe größe"), ["größe"]);
    }
}
