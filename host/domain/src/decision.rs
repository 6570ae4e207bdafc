//! What people make of verdicts: decisions, comments, reviews. None of them changes a verdict.

use jiff::Timestamp;

use crate::checkpoint::Checkpoint;
use crate::finding::Outcome;
use crate::ids::{CriterionId, PersonId, ReleaseSlug};
use crate::people::Actor;
use crate::verdict::VerdictRef;
use crate::words::words;

words! {
    /// An outcome that people may put in the place of a verdict's. Undecided is none: that is what a machine says.
    Settled, "outcome of an override" {
        /// It succeeded.
        Pass = "pass",
        /// It half succeeded.
        Marginal = "marginal",
        /// It did not.
        Fail = "fail",
    }
    /// What kind of action a decision is.
    ActionKind, "action" {
        /// Leave the feature as it is.
        Keep = "keep",
        /// Go on working on it.
        Iterate = "iterate",
        /// Take it back.
        RollBack = "roll-back",
        /// Let it go.
        Retire = "retire",
        /// Judge it at another, later checkpoint as well.
        Extend = "extend",
    }
    /// What a comment wants.
    CommentKind, "kind of comment" {
        /// To be read.
        Remark = "remark",
        /// An answer.
        Question = "question",
        /// To be put right, or explained.
        Dispute = "dispute",
    }
    /// Whom a comment asks.
    Addressee, "addressee" {
        /// Whoever answers for the criterion's metrics.
        Metric = "metric",
        /// Whoever answers for the plugin that judges the criterion.
        Plugin = "plugin",
        /// Whoever answers for the release.
        Owner = "owner",
    }
}

impl Settled {
    /// As a verdict's outcome.
    #[must_use]
    pub fn outcome(self) -> Outcome {
        match self {
            Self::Pass => Outcome::Pass,
            Self::Marginal => Outcome::Marginal,
            Self::Fail => Outcome::Fail,
        }
    }
}

/// What a person holds of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    /// It is right.
    Accept,
    /// Something else is, until an instant: shown beside it once another person has approved.
    Override {
        /// What.
        outcome: Settled,
        /// Until then; afterwards the verdict stands alone again.
        until: Timestamp,
    },
}

impl Stance {
    /// As it is written down: `accept` or `override`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Override { .. } => "override",
        }
    }

    /// Of an override what the verdict is held for instead, and until when; `None`: it overrides nothing.
    #[must_use]
    pub fn overrides(self) -> Option<(Settled, Timestamp)> {
        match self {
            Self::Accept => None,
            Self::Override { outcome, until } => Some((outcome, until)),
        }
    }
}

/// What becomes of the feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Leave it as it is.
    Keep,
    /// Go on working on it.
    Iterate,
    /// Take it back.
    RollBack,
    /// Let it go.
    Retire,
    /// Judge it at another checkpoint as well. No amendment: what was agreed is judged over more days.
    Extend {
        /// The checkpoint, later than the sealed ones.
        to: Checkpoint,
        /// Whether its verdict is the one that counts: the sealed final one was undecided when this was decided.
        counts: bool,
    },
}

impl Action {
    /// Its kind.
    #[must_use]
    pub fn kind(self) -> ActionKind {
        match self {
            Self::Keep => ActionKind::Keep,
            Self::Iterate => ActionKind::Iterate,
            Self::RollBack => ActionKind::RollBack,
            Self::Retire => ActionKind::Retire,
            Self::Extend { .. } => ActionKind::Extend,
        }
    }

    /// The checkpoint that it adds; `None`: it adds none.
    #[must_use]
    pub fn extends_to(self) -> Option<Checkpoint> {
        match self {
            Self::Extend { to, .. } => Some(to),
            Self::Keep | Self::Iterate | Self::RollBack | Self::Retire => None,
        }
    }
}

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<T> {
    /// Who.
    pub by: T,
    /// When.
    pub at: Timestamp,
}

/// A decision: an attributed record beside a verdict, of two independent parts. It has one of them at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its number.
    pub id: i64,
    /// The release.
    pub release: ReleaseSlug,
    /// The revision it takes a stance on, or was made over; `None`: none had been given.
    pub verdict: Option<VerdictRef>,
    /// Who made it, and when.
    pub made: Signed<Actor>,
    /// What they hold of the verdict.
    pub stance: Option<Stance>,
    /// What becomes of the feature.
    pub action: Option<Action>,
    /// Why; of an override always there.
    pub reason: Option<String>,
    /// The second person, of an override.
    pub approved: Option<Signed<PersonId>>,
    /// Who took it back, and why.
    pub withdrawn: Option<(Signed<Actor>, String)>,
}

/// What a decision is worth now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Stands,
    /// An override that nobody else has approved yet.
    WaitsForApproval,
    /// An override whose time is over.
    Expired,
    /// It was taken back.
    Withdrawn,
}

impl Decision {
    /// What it is worth at an instant. Of one that waits for approval only the stance does: its action holds.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        if self.withdrawn.is_some() {
            return Standing::Withdrawn;
        }
        match self.stance {
            Some(Stance::Override { until, .. }) if until <= now => Standing::Expired,
            Some(Stance::Override { .. }) if self.approved.is_none() => Standing::WaitsForApproval,
            _ => Standing::Stands,
        }
    }
}

/// What is said of a verdict, a criterion or a release's criteria.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its number.
    pub id: i64,
    /// The release.
    pub release: ReleaseSlug,
    /// The revision it is about; `None`: about what was agreed.
    pub verdict: Option<VerdictRef>,
    /// The criterion it is about; `None`: about all of it.
    pub criterion: Option<CriterionId>,
    /// What it wants.
    pub kind: CommentKind,
    /// What it says.
    pub text: String,
    /// Whom it asks; nobody for a remark.
    pub to: Vec<PersonId>,
    /// Who said it, and when.
    pub made: Signed<Actor>,
    /// Whether an answer is waited for.
    pub is_open: bool,
    /// The answer, from whom and when.
    pub answer: Option<(Signed<Actor>, String)>,
}

/// What a review looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reviewed {
    /// This version of the criteria.
    Criteria(u32),
    /// This revision of a verdict.
    Verdict(VerdictRef),
}

/// A person's sign-off on criteria or on a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Its number.
    pub id: i64,
    /// The release.
    pub release: ReleaseSlug,
    /// What they looked at.
    pub of: Reviewed,
    /// Who did, and when.
    pub made: Signed<PersonId>,
    /// Whether they agree.
    pub agrees: bool,
    /// What they say to it; of one who does not agree always there.
    pub text: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_override_holds_once_approved_until_its_time_is_over() {
        let made = Signed { by: "ana@example.com".parse().unwrap(), at: at("2026-04-10T00:00:00Z") };
        let stance = Stance::Override { outcome: Settled::Pass, until: at("2026-07-01T00:00:00Z") };
        let plain = Decision {
            id: 1,
            release: "r".parse().unwrap(),
            verdict: "r/d28.1".parse().ok(),
            made: made.clone(),
            stance: Some(stance),
            action: None,
            reason: Some("bots".to_owned()),
            approved: None,
            withdrawn: None,
        };
        let approved = Signed { by: "ben@example.com".parse().unwrap(), at: at("2026-04-11T00:00:00Z") };
        let approved = Decision { approved: Some(approved), ..plain.clone() };
        let withdrawn = Decision { withdrawn: Some((made, "no".to_owned())), ..approved.clone() };
        let accepted = Decision { stance: Some(Stance::Accept), ..plain.clone() };
        let action = Decision { stance: None, action: Some(Action::Keep), ..plain.clone() };
        let (during, after) = ("2026-06-30T23:59:59Z", "2026-07-01T00:00:00Z");
        for (decision, now, expected) in [
            (&plain, during, Standing::WaitsForApproval),
            (&plain, after, Standing::Expired),
            (&approved, during, Standing::Stands),
            (&approved, after, Standing::Expired),
            (&withdrawn, during, Standing::Withdrawn),
            (&accepted, after, Standing::Stands),
            (&action, after, Standing::Stands),
        ] {
            assert_eq!(decision.standing(at(now)), expected, "{decision:?} at {now}");
        }
    }

    #[test]
    fn a_word_that_is_not_known_is_refused_with_those_that_are() {
        assert_eq!("roll-back".parse(), Ok(ActionKind::RollBack));
        let refused = "rollback".parse::<ActionKind>().unwrap_err();
        assert!(refused.contains("keep, iterate, roll-back, retire, extend"), "{refused}");
    }
}
