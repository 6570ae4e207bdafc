//! Wire types of the HTTP interface: what requests ask and what answers hold. The command line prints the same
//! types, so a document is the same whichever way it was asked for.
//!
//! Instants are RFC 3339 texts in UTC, days are `YYYY-MM-DD`. A field without a value is `null`, never missing.
//! Requests refuse fields they do not know; answers may gain fields, and readers skip those they do not know.

mod access;
mod actions;
mod apply;
mod audit;
mod checks;
mod criteria;
mod decisions;
mod exports;
mod health;
mod imports;
mod intake;
mod jobs;
mod metrics;
mod outbox;
mod people;
mod plugin_runs;
mod plugins;
mod points;
mod portfolio;
mod problem;
mod releases;
mod retro_requests;
mod retros;
mod roadmap;
mod verdicts;
mod words;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use access::{
    MadeTokenDocument, ServiceAccountDocument, ServiceAccountRequest, TokenDocument, TokenRequest,
    WhoDocument,
};
pub use actions::{ActionDocument, ActionRequest, ActionsRequest, LearningDocument, LearningsRequest};
pub use apply::{AppliedDocument, AppliedField, AppliedThing, ApplyRequest, NamedFile};
pub use audit::{
    AuditCheckDocument, AuditCheckRequest, AuditEventDocument, AuditRequest, ForgetRequest, ForgottenDocument,
};
pub use checks::{CheckDocument, CheckedCriterion, CheckedLine, CheckedLook, LintPart};
pub use criteria::CriteriaVersionDocument;
pub use decisions::{
    AnswerRequest, CommentDocument, CommentRequest, CommentsRequest, DecisionDocument, DecisionRequest,
    DecisionsRequest, ReviewDocument, ReviewRequest, ReviewsRequest,
};
pub use exports::{Cell, ExportRequest, ExportRow, Exported, FindingRow, ReleaseRow, VerdictRow};
pub use health::{Health, HealthCheck};
pub use imports::{ImportDocument, ImportRequest, ImportedDocument, ImportsRequest};
pub use intake::{
    DeliveredDocument, IntakeDocument, IntakeRequest, RegisterRequest, RequestDocument, RequestsRequest,
    SecretIntakeDocument,
};
pub use jobs::{JobDocument, JobsRequest, StatusDocument, StatusLine};
pub use metrics::{CoveragePart, MetricDocument, MetricSummary, MetricsRequest};
pub use outbox::{
    DeliveriesRequest, DeliveryDocument, EventDocument, EventsRequest, MessageDocument, MessageFindingPart,
    MessagePart, MessageVerdictPart, SecretSinkDocument, SinkDocument, SinkRequest, TriedSinkDocument,
};
pub use people::{
    DigestPart, OrganisationDocument, PersonDocument, PersonSummary, TeamDocument, TeamSummary,
};
pub use plugin_runs::{
    BacktestDocument, BacktestRequest, ChangedFindingPart, CostPart, FailurePart, FramePart, InputsDocument,
    InputsRequest, LeftOutPart, LogLinePart, RunDocument, RunsRequest, ShadowPart, TurnedVerdictPart,
};
pub use plugins::{
    ChangedPluginDocument, ExpectedMetricPart, GrantPart, GrantRequest, HealthPart, MarkPart, PluginDocument,
    PluginEventPart, PluginSummary, PluginVersionPart, PublishRequest, PublishedDocument, ReasonRequest,
};
pub use points::{PointDocument, PointValuePart, PointsRequest};
pub use portfolio::{
    AfterPart, AgreementPart, ConfidencePart, ExpectationsPart, FiguresPart, PortfolioDocument,
    PortfolioRequest, QuarterPart, TeamFiguresPart, TwoByTwoPart, UndecidedPart, UnmeasuredPart,
    UnregisteredPart,
};
pub use problem::{FieldProblem, Problem};
pub use releases::{
    AmendmentPart, BriefPart, CancelRequest, CancelledPart, CheckpointPart, CriterionPart, EventPart,
    LaunchPart, LaunchRequest, PutReleaseRequest, ReleaseDocument, ReleaseSeal, ReleaseSummary,
    ReleasesRequest, RescheduleRequest, UndoLaunchRequest, WaitPart,
};
pub use retro_requests::{
    ActionPartRequest, CommitmentRequest, LearningPartRequest, OpenRetroRequest, RetroRequest, TopicRequest,
};
pub use retros::{
    CommitmentPart, EvidenceCriterionPart, EvidencePart, EvidenceSealPart, EvidenceVerdictPart,
    ReleaseEvidencePart, RetroActionPart, RetroDocument, RetroLearningPart, RetroReportRequest, RetroSummary,
    RetrosRequest, TopicPart,
};
pub use roadmap::{ExpectedDocument, RoadmapImportRequest, RoadmapImportedDocument, RoadmapRequest};
pub use verdicts::{
    ChartsRequest, DifferencePart, JudgeRequest, JudgedDocument, ReplayDocument, VerdictSummary,
    VerdictsRequest,
};
pub use words::{
    ActionKind, ActionState, ChangeKind, Channel, CheckGrade, CommentKind, CriteriaState, DecisionStanding,
    DeliveredAs, DeliveryOutcome, EventKind, JobKind, JobState, Level, Lifecycle, LogLevel, MemberRole,
    MetricKind, Missing, Outcome, Profile, Reason, RequestState, RetroStatus, Role, Scope, SealedWhen,
    SendWhen, Settled, Shape, SinkKind, Stance, Standing, Visibility, WaitsFor,
};

/// Most items of a page.
pub const MOST_ITEMS: u32 = 500;
/// Items of a page when none are asked for.
pub const ITEMS: u32 = 50;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// Its items.
    pub items: Vec<T>,
    /// Give it as `cursor` for the next page; none: this is the last one.
    pub next: Option<String>,
}

/// Which page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageRequest {
    /// At most so many; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
