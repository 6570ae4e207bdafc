//! What goes out: events, sinks, and the log of what was delivered.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::words::{DeliveryOutcome, EventKind, Outcome, Reason, Role, SinkKind};

/// Which events to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventsRequest {
    /// Only of this kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "verdict.final", pattern = "^[a-z]+(\\.[a-z-]+)?$")]
    pub kind: Option<String>,
    /// Only about this release.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes-ga", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub release: Option<String>,
    /// Only those that concern this team.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub team: Option<String>,
    /// Items of the page, 1 to 500; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Something that happened and somebody should hear of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EventDocument {
    /// Its number.
    pub id: i64,
    /// What receivers know it by: the same however often it is sent.
    pub message_id: String,
    /// What kind.
    pub kind: EventKind,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The team it concerns; none: the service itself.
    pub team: Option<String>,
    /// The release it is about; none: no single one.
    pub release: Option<String>,
    /// The verdict it is about, such as `batch-changes-ga/d28`; none: no verdict.
    pub verdict: Option<String>,
    /// Whether it must not wait: a guardrail failed.
    pub urgent: bool,
    /// One sentence.
    pub says: String,
    /// What to do; none: nothing.
    pub advice: Option<String>,
    /// Mail addresses of those who should do it.
    pub to: Vec<String>,
}

/// A sink to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SinkRequest {
    /// Its name.
    #[schema(example = "growth-hook", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub name: String,
    /// `folder` or `web-hook`.
    #[schema(example = "web-hook", pattern = "^(folder|web-hook)$")]
    pub kind: String,
    /// The team whose events it gets, those of private releases too; none: everybody's, but those of private ones.
    #[serde(default)]
    #[schema(example = "growth", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub team: Option<String>,
    /// Kinds of events it gets; none: all.
    #[serde(default)]
    #[schema(max_items = 20, example = json!(["verdict.final", "verdict.changed"]))]
    pub kinds: Vec<String>,
    /// Of a web hook: its address.
    #[serde(default)]
    #[schema(example = "https://example.com/yardstick", max_length = 2000)]
    pub url: Option<String>,
    /// Of a web hook: whether it may be on the service's machine or in a private network. An operator's to say.
    #[serde(default)]
    pub private_addresses: bool,
}

/// A place that events go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SinkDocument {
    /// Its name.
    pub name: String,
    /// What kind.
    pub kind: SinkKind,
    /// The team whose events it gets; none: everybody's.
    pub team: Option<String>,
    /// Kinds of events it gets; none: all.
    pub kinds: Vec<EventKind>,
    /// Of a web hook: its address.
    pub url: Option<String>,
    /// Whether it may be on the service's machine or in a private network.
    pub private_addresses: bool,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Who added it.
    pub created_by: String,
    /// Until when it is left alone, because it said so or did not answer; none: it was not, or long ago.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub rests_until: Option<Timestamp>,
}

/// A sink, with the secret that signs what it gets: shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SecretSinkDocument {
    /// The sink.
    pub sink: SinkDocument,
    /// `whsec_` and 32 bytes in base64 (Standard Webhooks); none: it signs nothing.
    pub secret: Option<String>,
}

/// What trying a sink made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TriedSinkDocument {
    /// The sink's name.
    pub sink: String,
    /// The number of the event that is sent.
    pub event: i64,
}

/// Which tries of deliveries to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveriesRequest {
    /// Only to this sink.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "growth-hook", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub sink: Option<String>,
    /// Only of this event.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = 1, minimum = 1)]
    pub event: Option<i64>,
    /// Items of the page, 1 to 500; 50 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A try of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeliveryDocument {
    /// Its number.
    pub id: i64,
    /// The event's number.
    pub event: i64,
    /// Where it went.
    pub sink: String,
    /// When it was tried.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// How long that took, in milliseconds.
    pub took_ms: u64,
    /// How it ended.
    pub outcome: DeliveryOutcome,
    /// The status of the HTTP answer; none: there was none.
    pub status: Option<u16>,
    /// What was heard, a sentence.
    pub says: String,
}

/// What a web hook gets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MessageDocument {
    /// What kind of event.
    #[serde(rename = "type")]
    pub kind: EventKind,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    pub timestamp: Timestamp,
    /// What happened.
    pub data: MessagePart,
}

/// What happened, with the verdict it is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MessagePart {
    /// The event.
    pub event: EventDocument,
    /// The verdict; none: it is about none.
    pub verdict: Option<MessageVerdictPart>,
}

/// A verdict in short; the whole of it is at `/api/v1/verdicts/{at}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MessageVerdictPart {
    /// Where it is found, with its revision, such as `batch-changes-ga/d28.1`.
    pub at: String,
    /// What it comes to.
    pub outcome: Outcome,
    /// Of an undecided one.
    pub reason: Option<Reason>,
    /// Of an undecided one: the precise code.
    pub code: Option<String>,
    /// Whether its checkpoint is the release's last.
    pub is_final: bool,
    /// One sentence.
    pub headline: String,
    /// Its findings.
    pub findings: Vec<MessageFindingPart>,
}

/// What was found of one criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MessageFindingPart {
    /// The criterion's id.
    pub criterion: String,
    /// What it decides.
    pub role: Role,
    /// What it comes to.
    pub outcome: Outcome,
    /// Of an undecided one: the precise code.
    pub code: Option<String>,
    /// One sentence with the numbers that decide.
    pub headline: String,
}
