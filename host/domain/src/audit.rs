//! Who did what, in a chain of hashes: whoever keeps the chain's head elsewhere can tell that nothing before it was
//! changed, removed or put in another order since.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::criteria::{NotCanonical, canonical};
use crate::digest::Digest;

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuditOutcome {
    /// It was done.
    Done,
    /// It was not theirs to do.
    Refused,
}

impl AuditOutcome {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Done, Self::Refused];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEvent {
    /// When.
    pub at: Timestamp,
    /// Who: an id that says nothing by itself, `service:KEY`, or `host`.
    pub actor: String,
    /// The name behind the id; `None`: it has none, or it was erased. Not part of the chain.
    pub name: Option<String>,
    /// What was done, such as `launch`.
    pub action: String,
    /// To what, such as `release batch-changes-ga`.
    pub subject: String,
    /// How it ended.
    pub outcome: AuditOutcome,
    /// Particulars, an object.
    pub detail: Value,
    /// Its place in the chain; `None`: it is not chained yet.
    pub link: Option<Head>,
}

impl AuditEvent {
    /// The hash of this event as the one of this number, after the one with this hash.
    ///
    /// # Errors
    /// When its particulars have a number that is not finite.
    pub fn hash(&self, seq: u64, previous: Option<Digest>) -> Result<Digest, NotCanonical> {
        let event = (&self.actor, &self.action, &self.subject, self.outcome, &self.detail);
        let all = ("yardstick-audit-1", seq, previous, self.at.as_millisecond(), event);
        Ok(Digest::of(&canonical(&all)?))
    }
}

/// A chain up to one of its events: the event's number, and the hash over it and all before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Head {
    /// From 1.
    pub seq: u64,
    /// The hash.
    pub hash: Digest,
}

/// A text that is no head.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no head of an audit; expected its number and hash, such as 1204:sha256:8f3c…")]
pub struct BadHead(String);

impl FromStr for Head {
    type Err = BadHead;

    fn from_str(text: &str) -> Result<Self, BadHead> {
        let bad = || BadHead(text.to_owned());
        let (seq, hash) = text.split_once(':').ok_or_else(bad)?;
        let seq = seq.parse().ok().filter(|seq| *seq > 0).ok_or_else(bad)?;
        Ok(Self { seq, hash: hash.parse().map_err(|_| bad())? })
    }
}

impl TryFrom<String> for Head {
    type Error = BadHead;

    fn try_from(text: String) -> Result<Self, BadHead> {
        text.parse()
    }
}

impl From<Head> for String {
    fn from(head: Head) -> Self {
        head.to_string()
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

/// A chain that is checked event by event, in order.
#[derive(Debug, Clone, Default)]
pub struct Checking {
    /// The last event that was looked at, as it is recorded.
    last: Option<Head>,
    /// What is wrong, a sentence each; the first few.
    pub problems: Vec<String>,
}

/// Problems that are told.
const MOST_PROBLEMS: usize = 20;

impl Checking {
    /// Looks at the next event.
    ///
    /// # Errors
    /// When its particulars have a number that is not finite.
    pub fn next(&mut self, event: &AuditEvent) -> Result<(), NotCanonical> {
        let Some(link) = event.link else { return Ok(()) };
        let expected = self.last.map_or(1, |last| last.seq + 1);
        if link.seq != expected {
            let missing = if link.seq == expected + 1 {
                format!("event {expected} was removed")
            } else {
                format!("events {expected} to {} were removed", link.seq.saturating_sub(1))
            };
            self.told(missing);
        }
        let previous = self.last.map(|last| last.hash);
        // After a gap nothing is known of what came before; the gap itself has been told.
        if link.seq == expected && event.hash(link.seq, previous)? != link.hash {
            self.told(format!(
                "event {} ({} {}) is not as it was written, or not where it was written",
                link.seq, event.action, event.subject
            ));
        }
        self.last = Some(link);
        Ok(())
    }

    /// Ends the checking against a head that was kept elsewhere; `None`: none was. Gives the head that was found.
    pub fn end(&mut self, kept: Option<Head>, at_kept: Option<Digest>) -> Option<Head> {
        if let Some(kept) = kept {
            match at_kept {
                Some(found) if found == kept.hash => {}
                Some(found) => self.told(format!(
                    "event {} has the hash {found}, and {} was kept: the chain was written anew",
                    kept.seq, kept.hash
                )),
                None => self.told(format!(
                    "event {} was kept, and the chain ends with event {}: its end was cut off",
                    kept.seq,
                    self.last.map_or(0, |last| last.seq)
                )),
            }
        }
        self.last
    }

    fn told(&mut self, problem: String) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(number: u64) -> AuditEvent {
        AuditEvent {
            at: Timestamp::from_second(1_772_000_000 + number as i64).unwrap(),
            actor: format!("p-{}", number % 3),
            name: None,
            action: "launch".into(),
            subject: format!("release r-{number}"),
            outcome: AuditOutcome::Done,
            detail: serde_json::json!({ "n": number }),
            link: None,
        }
    }

    fn chain(length: u64) -> Vec<AuditEvent> {
        let mut events: Vec<AuditEvent> = (1..=length).map(event).collect();
        let mut previous = None;
        for (seq, event) in (1..).zip(&mut events) {
            let hash = event.hash(seq, previous).unwrap();
            event.link = Some(Head { seq, hash });
            previous = Some(hash);
        }
        events
    }

    fn problems(events: &[AuditEvent], kept: Option<Head>) -> Vec<String> {
        let mut checking = Checking::default();
        events.iter().for_each(|event| checking.next(event).unwrap());
        let at = |seq: u64| events.iter().filter_map(|event| event.link).find(|link| link.seq == seq);
        checking.end(kept, kept.and_then(|kept| at(kept.seq)).map(|link| link.hash));
        checking.problems
    }

    proptest! {
        #[test]
        fn whatever_is_done_to_a_chain_is_found(length in 2_u64..12, at in 0_usize..12, what in 0..6) {
            let events = chain(length);
            let head = events.last().unwrap().link;
            prop_assert_eq!(problems(&events, head), Vec::<String>::new());
            let mut changed = events.clone();
            let at = at % changed.len();
            match what {
                0 => changed[at].detail = serde_json::json!({ "n": -1 }),
                1 => changed[at].actor = "p-9".into(),
                2 => changed[at].at = Timestamp::UNIX_EPOCH,
                // Cut out, or cut off: the end is missed by whoever kept the head alone.
                3 => drop(changed.remove(at)),
                4 => changed.truncate(at),
                _ => {
                    let other = (at + 1) % changed.len();
                    let (one, two) = (changed[at].link, changed[other].link);
                    changed.swap(at, other);
                    changed[at].link = one;
                    changed[other].link = two;
                }
            }
            prop_assert!(!problems(&changed, head).is_empty());
            if what == 4 {
                prop_assert_eq!(problems(&changed, None), Vec::<String>::new());
            }
            // Written anew from there on, which nobody can see who kept no head.
            let mut anew = events;
            anew[at].subject = "release other".into();
            let mut previous = at.checked_sub(1).and_then(|before| anew[before].link).map(|link| link.hash);
            for (seq, event) in (at as u64 + 1..).zip(&mut anew[at..]) {
                let hash = event.hash(seq, previous).unwrap();
                event.link = Some(Head { seq, hash });
                previous = Some(hash);
            }
            prop_assert_eq!(problems(&anew, None), Vec::<String>::new());
            prop_assert_eq!(problems(&anew, head).len(), 1);
        }
    }

    #[test]
    fn a_head_is_written_as_it_is_read() {
        let head = chain(3)[2].link.unwrap();
        assert_eq!(head.to_string().parse(), Ok(head));
        for bad in ["", "3", "0:sha256:00", "x:sha256:00", ":", "3:sha256:xyz"] {
            assert!(bad.parse::<Head>().is_err(), "{bad:?}");
        }
    }
}
