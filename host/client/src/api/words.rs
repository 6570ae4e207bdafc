//! Words that documents use, one list each.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $word:ident = $text:tt),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
            pub enum $name {
                $($(#[$about])* #[serde(rename = $text)] $word),*
            }

            impl $name {
                /// The word as documents have it.
                #[must_use]
                pub fn as_str(self) -> &'static str {
                    match self {
                        $(Self::$word => $text),*
                    }
                }
            }

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(self.as_str())
                }
            }
        )*
    };
}

/// Words that the domain has too, one for one.
macro_rules! same {
    ($($name:ident: $domain:ty { $($word:ident),* })*) => {
        $(impl From<$domain> for $name {
            fn from(word: $domain) -> Self {
                type Domain = $domain;
                match word {
                    $(Domain::$word => Self::$word),*
                }
            }
        })*
    };
}

words! {
    /// What a token may be used for.
    Scope {
        /// Read what its owner may see.
        Read = "read",
        /// Import values, and take imports back.
        Import = "import",
        /// Everything its owner's teams do.
        Write = "write",
        /// What operators do.
        Operate = "operate",
    }
    /// What kind of work a job is.
    JobKind {
        /// Judge a release at a checkpoint.
        Judge = "judge",
        /// Look which verdicts the values of a metric concern, now that some arrived or were taken back.
        Arrived = "arrived",
        /// Take an event to a sink.
        Deliver = "deliver",
    }
    /// Where a job stands.
    JobState {
        /// For its time, and for a worker.
        Waiting = "waiting",
        /// A worker does it.
        Running = "running",
        /// Finished.
        Done = "done",
        /// Given up: every try failed.
        Dead = "dead",
        /// No longer wanted.
        Cancelled = "cancelled",
    }
    /// What kind of event.
    EventKind {
        /// The official verdict of a release's last checkpoint.
        VerdictFinal = "verdict.final",
        /// An official verdict that comes to something else than the one before it.
        VerdictChanged = "verdict.changed",
        /// An official verdict could have been given for a while, and was not.
        VerdictOverdue = "verdict.overdue",
        /// Nobody tries any more to give an official verdict.
        VerdictMissed = "verdict.missed",
        /// Somebody decided what is made of a verdict, or approved that.
        DecisionMade = "decision.made",
        /// Somebody asks about a verdict or criteria, or disputes them.
        CommentOpened = "comment.opened",
        /// A release is planned soon, and nothing says what its success would be.
        NoCriteria = "nudge.no-criteria",
        /// A release is planned soon, and its criteria are not sealed.
        NotSealed = "nudge.not-sealed",
        /// The planned day has passed, and nobody announced the launch.
        NotLaunched = "nudge.not-launched",
        /// A verdict waited for a metric's values for as long as it may.
        DataLate = "nudge.data-late",
        /// A plugin crashed too often.
        PluginSuspended = "nudge.plugin-suspended",
        /// A job was given up.
        JobDead = "nudge.job-dead",
        /// An event could not be delivered.
        Undelivered = "nudge.undelivered",
        /// A request does not say yet what a release needs.
        RequestAsks = "nudge.request-asks",
        /// Somebody tries a sink.
        Test = "test",
    }
    /// What kind of place events go to.
    SinkKind {
        /// Files in a folder of its own below the data folder's `reports`.
        Folder = "folder",
        /// Signed requests to an address (Standard Webhooks).
        WebHook = "web-hook",
    }
    /// How a try of a delivery ended.
    DeliveryOutcome {
        /// The sink has it.
        Taken = "taken",
        /// It does not, and may be tried again.
        Failed = "failed",
        /// It does not want it, or must not have it.
        Refused = "refused",
    }
    /// How big a launch is; `L1` is the largest. Releases of L1 and L2 must be measured.
    Level {
        /// Large.
        L1 = "L1",
        /// Medium.
        L2 = "L2",
        /// Small.
        L3 = "L3",
    }
    /// Where a release stands; computed from what happened, never set.
    Lifecycle {
        /// Registered.
        Draft = "draft",
        /// Criteria sealed, not launched.
        Sealed = "sealed",
        /// Launched, final verdict outstanding.
        Launched = "launched",
        /// The final verdict exists.
        Judged = "judged",
        /// Judged, and looked back on: a retro is closed, or was found not to be needed.
        Closed = "closed",
        /// Cancelled.
        Cancelled = "cancelled",
    }
    /// Where the criteria of a release stand.
    CriteriaState {
        /// There is no goal, so there is nothing to succeed at.
        NoGoal = "no-goal",
        /// Nobody sealed them.
        NotSealed = "not-sealed",
        /// Changed since they were sealed, before the launch.
        ChangedSinceSealed = "changed-since-sealed",
        /// Sealed as they stand.
        Sealed = "sealed",
    }
    /// When criteria were sealed, against the launch.
    SealedWhen {
        /// Before it, as it should be.
        BeforeLaunch = "before-launch",
        /// By the launch itself, because nobody had.
        ByLaunch = "by-launch",
        /// After it.
        AfterLaunch = "after-launch",
    }
    /// What a criterion decides.
    Role {
        /// What the release is for.
        Goal = "goal",
        /// What it must not harm.
        Guardrail = "guardrail",
        /// Shown, never counts.
        Watch = "watch",
    }
    /// How a line of a check reads, from harmless to grave.
    CheckGrade {
        /// In order.
        Ok = "ok",
        /// Worth knowing.
        Note = "note",
        /// It can be sealed, and may not be decided.
        Warn = "warn",
        /// It cannot be sealed.
        Error = "error",
    }
    /// What becomes of a declared thing.
    ChangeKind {
        /// It was not there.
        New = "new",
        /// It differs.
        Changed = "changed",
        /// It is as declared.
        Unchanged = "unchanged",
    }
    /// How a metric's values add up.
    MetricKind {
        /// A level computed elsewhere, never summed.
        Gauge = "gauge",
        /// Amounts that add up.
        Sum = "sum",
        /// Means with n, sum and sum of squares, pooled.
        Mean = "mean",
        /// A sum of numerators over a sum of denominators.
        Ratio = "ratio",
    }
    /// What a verdict comes to.
    Outcome {
        /// It succeeded.
        Pass = "pass",
        /// In part.
        Marginal = "marginal",
        /// It did not.
        Fail = "fail",
        /// Nobody can say, for a reason.
        Undecided = "undecided",
    }
    /// Why a verdict is undecided.
    Reason {
        /// Its time has not come.
        TooEarly = "too-early",
        /// There are too few data.
        InsufficientData = "insufficient-data",
        /// Enough data, and the interval contains the bound.
        Inconclusive = "inconclusive",
        /// The data cannot be trusted.
        UntrustedData = "untrusted-data",
        /// Something failed.
        Error = "error",
    }
    /// Which criteria a version of a plugin is for.
    Channel {
        /// New seals find it.
        Current = "current",
        /// It judges beside the version that decides.
        Shadow = "shadow",
    }
    /// What a person is in a team.
    MemberRole {
        /// Works in it.
        Member = "member",
        /// Answers for it.
        Maintainer = "maintainer",
    }
    /// When a digest is sent.
    SendWhen {
        /// Every time, one line when nothing changed.
        Always = "always",
        /// Only when something changed.
        WhenChanged = "when-changed",
        /// Not at all.
        Never = "never",
    }
    /// Which limits a plugin runs under.
    Profile {
        /// Compiled languages.
        Lean = "lean",
        /// Languages that bring an interpreter.
        Scripted = "scripted",
    }
    /// What a frame holds.
    Shape {
        /// A row per time bucket.
        Series = "series",
        /// A row over the whole window.
        Totals = "totals",
        /// A row per unit, without identifiers.
        Samples = "samples",
    }
    /// How serious a line of a log is.
    LogLevel {
        /// For whoever hunts a fault.
        Debug = "debug",
        /// Worth reading.
        Info = "info",
        /// Worth a thought.
        Warn = "warn",
        /// Something went wrong.
        Error = "error",
    }
    /// What a person holds of a verdict.
    Stance {
        /// It is right.
        Accept = "accept",
        /// Something else is.
        Override = "override",
    }
    /// An outcome that people may put beside a verdict's.
    Settled {
        /// It succeeded.
        Pass = "pass",
        /// It half succeeded.
        Marginal = "marginal",
        /// It did not.
        Fail = "fail",
    }
    /// What becomes of a feature.
    ActionKind {
        /// It stays as it is.
        Keep = "keep",
        /// Work on it goes on.
        Iterate = "iterate",
        /// It is taken back.
        RollBack = "roll-back",
        /// It is let go.
        Retire = "retire",
        /// It is judged at a later checkpoint as well.
        Extend = "extend",
    }
    /// What a decision is worth now.
    DecisionStanding {
        /// It holds.
        Stands = "stands",
        /// An override that nobody else has approved yet.
        WaitsForApproval = "waits-for-approval",
        /// An override whose time is over.
        Expired = "expired",
        /// It was taken back.
        Withdrawn = "withdrawn",
    }
    /// Where a retro stands.
    RetroStatus {
        /// People write down what they saw.
        Collecting = "collecting",
        /// It took place.
        Held = "held",
        /// It is over; only its actions go on.
        Closed = "closed",
    }
    /// Where an action stands.
    ActionState {
        /// Somebody is to do it.
        Open = "open",
        /// It was done.
        Done = "done",
        /// It is not wanted any more.
        Dropped = "dropped",
    }
    /// What a comment wants.
    CommentKind {
        /// To be read.
        Remark = "remark",
        /// An answer.
        Question = "question",
        /// To be put right, or explained.
        Dispute = "dispute",
    }
    /// What a release waits for.
    WaitsFor {
        /// Somebody to say what its success would be.
        Criteria = "criteria",
        /// Somebody to seal what was agreed.
        Seal = "seal",
        /// Somebody to announce the launch: the planned day is over.
        Launch = "launch",
        /// The values that its final verdict needs: its last checkpoint is over.
        Data = "data",
        /// Somebody to decide what is made of its final verdict.
        Decision = "decision",
        /// A retro.
        Retro = "retro",
    }
    /// Who may see something.
    Visibility {
        /// Everyone with an account.
        Company = "company",
        /// The team alone.
        Team = "team",
    }
    /// Where a request stands.
    RequestState {
        /// Something that a release needs is missing.
        Asks = "asks",
        /// It is a release.
        Registered = "registered",
        /// Its issue is closed.
        Closed = "closed",
    }
    /// What a release needs and a request does not say.
    Missing {
        /// How big the launch is.
        Level = "level",
        /// The planned day.
        Planned = "planned",
        /// The one person who answers for it.
        Owner = "owner",
    }
    /// What became of a delivery.
    DeliveredAs {
        /// It asked only whether somebody is there.
        Pong = "pong",
        /// Nothing was done.
        Ignored = "ignored",
        /// It is a request.
        Request = "request",
    }
    /// Whether a verdict counts.
    Standing {
        /// Sealed and due: it counts.
        Official = "official",
        /// A look: kept, never counted.
        AdHoc = "ad-hoc",
    }
}

same! {
    WaitsFor: yardstick_domain::standing::WaitsFor { Criteria, Seal, Launch, Data, Decision, Retro }
    RetroStatus: yardstick_domain::retro::RetroStatus { Collecting, Held, Closed }
    ActionState: yardstick_domain::retro::ActionState { Open, Done, Dropped }
    Visibility: yardstick_domain::metric::Visibility { Company, Team }
    RequestState: yardstick_domain::intake::RequestState { Asks, Registered, Closed }
    Missing: yardstick_domain::intake::Missing { Level, Planned, Owner }
    Settled: yardstick_domain::decision::Settled { Pass, Marginal, Fail }
    ActionKind: yardstick_domain::decision::ActionKind { Keep, Iterate, RollBack, Retire, Extend }
    CommentKind: yardstick_domain::decision::CommentKind { Remark, Question, Dispute }
    DecisionStanding: yardstick_domain::decision::Standing { Stands, WaitsForApproval, Expired, Withdrawn }
    Scope: yardstick_domain::access::Scope { Read, Import, Write, Operate }
    EventKind: yardstick_domain::event::EventKind {
        VerdictFinal, VerdictChanged, VerdictOverdue, VerdictMissed, DecisionMade, CommentOpened, NoCriteria, NotSealed, NotLaunched, DataLate,
        PluginSuspended, JobDead, Undelivered, RequestAsks, Test
    }
    DeliveryOutcome: yardstick_domain::sink::DeliveryOutcome { Taken, Failed, Refused }
    SinkKind: yardstick_domain::sink::SinkKind { Folder, WebHook }
    JobKind: yardstick_domain::job::JobKind { Judge, Arrived, Deliver }
    JobState: yardstick_domain::job::JobState { Waiting, Running, Done, Dead, Cancelled }
    Level: yardstick_domain::level::Level { L1, L2, L3 }
    Lifecycle: yardstick_domain::release::Lifecycle { Draft, Sealed, Launched, Judged, Closed, Cancelled }
    Role: yardstick_domain::question::Role { Goal, Guardrail, Watch }
    MetricKind: yardstick_domain::metric::Kind { Gauge, Sum, Mean, Ratio }
    Standing: yardstick_domain::verdict::Standing { Official, AdHoc }
    Channel: yardstick_domain::plugin::Channel { Current, Shadow }
    MemberRole: yardstick_domain::people::Membership { Member, Maintainer }
    SendWhen: yardstick_domain::people::SendWhen { Always, WhenChanged, Never }
    Profile: yardstick_domain::manifest::Profile { Lean, Scripted }
    Shape: yardstick_domain::frame::Shape { Series, Totals, Samples }
    LogLevel: yardstick_domain::log::Level { Debug, Info, Warn, Error }
    Reason: yardstick_domain::finding::Reason {
        TooEarly, InsufficientData, Inconclusive, UntrustedData, Error
    }
}

impl From<&yardstick_domain::finding::Outcome> for Outcome {
    fn from(outcome: &yardstick_domain::finding::Outcome) -> Self {
        use yardstick_domain::finding::Outcome as Domain;
        match outcome {
            Domain::Pass => Self::Pass,
            Domain::Marginal => Self::Marginal,
            Domain::Fail => Self::Fail,
            Domain::Undecided { .. } => Self::Undecided,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_have_the_words_that_are_said() {
        for (said, written) in [
            (SealedWhen::AfterLaunch.as_str(), serde_json::to_value(SealedWhen::AfterLaunch)),
            (Level::L1.as_str(), serde_json::to_value(Level::L1)),
            (Reason::InsufficientData.as_str(), serde_json::to_value(Reason::InsufficientData)),
        ] {
            assert_eq!(written.unwrap(), said);
        }
        let schema = serde_json::to_value(<Standing as utoipa::PartialSchema>::schema()).unwrap();
        assert_eq!(schema["enum"], serde_json::json!(["official", "ad-hoc"]));
    }
}
