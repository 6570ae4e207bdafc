//! All SQL of Yardstick: SQLite by default, PostgreSQL by URL.
//!
//! One [`Store`] over either database. The same SQL text runs on both (`$1` placeholders, portable column
//! types); where they differ, a `match` on the pool says so in place. Every write is one transaction: a
//! process killed at any instant leaves either all of it or nothing. Time and randomness come in as
//! arguments; instants are kept to the millisecond.
//!
//! Where two writers could race, the later one waits: on SQLite a write transaction holds the one write lock
//! from its first statement, on PostgreSQL it first takes an advisory lock on what it is about to decide on
//! (a release, a metric's points, the register). Rather that than SERIALIZABLE, under which a minute's import
//! could fail at its end and would have to be read again.

mod access;
mod actions;
mod alarms;
mod answers;
mod audit;
mod changes;
mod comments;
mod copy;
mod database;
mod decisions;
mod error;
mod events;
mod exports;
mod frames;
mod grants;
mod import;
mod imports;
mod intakes;
mod job_causes;
mod job_tries;
mod jobs;
mod launches;
mod metric_list;
mod metrics;
mod open;
mod outbox;
mod page;
mod people;
mod plugin_health;
mod plugin_runs;
mod plugins;
mod point_history;
mod points;
mod portfolio;
mod release_list;
mod releases;
mod requests;
mod retros;
mod roadmap;
mod rows;
mod schema;
mod seals;
mod sinks;
mod standings;
mod states;
mod terms;
mod verdict_list;
mod verdicts;
mod waker;
mod watch;

pub use access::NewToken;
pub use actions::{ActionFilter, BeforeRetro, LearningFilter};
pub use answers::{KeptAnswer, KeyedRequest, Reserved, Withheld};
pub use audit::AuditFilter;
pub use changes::{Amended, Changes, CriteriaChange, ReleaseChange};
pub use comments::CommentFilter;
pub use copy::Copied;
pub use database::Store;
pub use decisions::{DecisionFilter, NewDecision};
pub use error::{Result, StoreError};
pub use events::ReleaseEvent;
pub use exports::{ExportFilter, ExportedFinding, ExportedVerdict};
pub use import::{Import, KeyedImport, NewBatch};
pub use job_causes::JudgedWith;
pub use job_tries::Clock;
pub use jobs::{JobCounts, JobFilter};
pub use metric_list::MetricFilter;
pub use open::OnSchema;
pub use outbox::EventFilter;
pub use page::Page;
pub use plugin_runs::RunFilter;
pub use plugins::{NewPlugin, VersionChange};
pub use point_history::{PointCursor, PointFilter, PointHistory, PointValue};
pub use portfolio::{PortfolioFilter, Unmeasured};
pub use release_list::{ReleaseCursor, ReleaseCursorAt, ReleaseFilter, ReleaseOrder};
pub use releases::{CriteriaVersion, Sees};
pub use requests::{NewRequestDelivery, RequestChange, RequestDelivery, RequestFilter};
pub use retros::{RetroEdit, RetroFilter};
pub use roadmap::{ExpectedFilter, RoadmapImport, RoadmapImported, Unregistered};
pub use sinks::DeliveryFilter;
pub use states::{Expected, Thing};
pub use verdict_list::VerdictFilter;
pub use verdicts::VerdictSummary;
pub use waker::Waker;
pub use watch::Stale;
