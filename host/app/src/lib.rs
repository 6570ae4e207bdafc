//! Use cases: load, decide, save. No HTTP, no CLI, no SQL.

mod access;
mod accounts;
mod answers;
mod apply;
mod audit;
mod chart;
mod check;
mod clock;
mod conclusion;
mod crash;
mod decisions;
mod error;
mod export;
mod fetch;
mod host_findings;
mod import;
mod intake;
mod jobs;
mod judge;
mod judging;
mod lifecycle;
mod outbox;
mod people;
mod plugins;
mod points;
mod portfolio;
mod question;
mod read;
mod replay;
mod retros;
mod revision;
mod roadmap;
mod seal;
mod status;
mod terms;
mod texts;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use lru::LruCache;
use tokio::sync::Semaphore;
use yardstick_domain::access::Scopes;
use yardstick_domain::ids::{MetricKey, ReleaseSlug, TeamKey};
use yardstick_domain::metric::Metric;
use yardstick_domain::people::{Actor, Team};
use yardstick_domain::release::ReleaseFacts;
use yardstick_engine::Engine;
use yardstick_store::{ReleaseFilter, Store};

pub use accounts::{MadeToken, NewServiceAccount, TokenRequest};
pub use answers::Keyed;
pub use apply::{Applied, Change, ChangeKind, FieldChange, Precondition, Put};
pub use audit::AuditCheck;
pub use check::{Check, CheckLine, Grade as CheckGrade, Prospect, ProspectLook, Way};
pub use clock::{Clock, SetClock};
pub use crash::crash_at;
pub use decisions::{DecideRequest, NewComment, NewReview, StanceRequest};
pub use error::{AppError, Result};
pub use export::{ExportRequest, ExportedRelease};
pub use import::{FileRefused, ImportRequest, Imported};
pub use intake::{GivenByHand, IncomingDelivery, NewIntake, NotTaken, Taken};
pub use judge::{JudgeRequest, Judged};
pub use outbox::{Courier, NewSink, Outgoing};
pub use people::PersonDetail;
pub use plugins::{
    Backtest, BacktestRequest, BuiltIn, CaseFiles, CaseRun, ChangedFinding, LeftOut, PluginDetail,
    PluginSummary, PublishRequest, Published, Refused, RunShown, TurnedVerdict, Uses, VerdictInputs,
    run_cases,
};
pub use points::PointsWanted;
pub use portfolio::{PortfolioRequest, QuarterPortfolio, TeamFigures, Wait};
pub use read::{MetricDetail, ReleaseDetail};
pub use replay::{Difference, Replay};
pub use retros::{ActionWrite, Commitment, LearningWrite, OpenRetro, RetroWrite, TopicWrite};
pub use status::{LateMetric, Status};

/// Most rows of a list that are read at once.
pub const PAGE: u32 = 200;

/// Imports that have begun at a time, fewer than the database has connections: others ask meanwhile.
const IMPORTS: usize = 4;
/// Verdicts whose charts are read at a time: each may take a million points to draw a line of them.
const CHARTS: usize = 4;

/// Exports that have begun at a time: each goes through whole tables.
pub const EXPORTS: usize = 4;

/// Refused attempts that are known to be in the audit already.
const REFUSALS: NonZeroUsize = NonZeroUsize::new(1_024).unwrap();

/// Whoever asks, and when: what is decided is decided at this instant, however long it takes.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub actor: Actor,
    /// When.
    pub now: Timestamp,
    /// What a token allows; of whoever sits at the machine, everything.
    pub scopes: Scopes,
}

impl Caller {
    /// Whoever sits at the machine, or the host itself: nothing narrows what they may do.
    #[must_use]
    pub fn here(actor: Actor, now: Timestamp) -> Self {
        Self { actor, now, scopes: Scopes::ALL }
    }
}

/// Everything the use cases work with.
pub struct App {
    store: Store,
    engine: Engine,
    plugins: plugins::Plugins,
    clock: Clock,
    /// When this process began.
    began: Timestamp,
    /// What takes events to their sinks; `None`: this process delivers nothing.
    courier: Option<Courier>,
    /// Jobs that run in this process.
    running: Mutex<BTreeMap<i64, u32>>,
    /// Uses of tokens that are not written down yet, by token.
    uses: Mutex<BTreeMap<i64, Timestamp>>,
    /// When an attempt was last refused: who, what, and of what.
    refused: Mutex<LruCache<(String, String, String), Timestamp>>,
    /// How the service fared when somebody last watched it, and when that was.
    watched: tokio::sync::Mutex<Option<(Timestamp, Status)>>,
    /// A place for every import that has begun.
    importing: Semaphore,
    /// A place for every verdict whose charts are read.
    drawing: Semaphore,
    /// A place for every export that has begun.
    exporting: Arc<Semaphore>,
}

impl App {
    /// The use cases over a store and an engine, with the judges this build brings along.
    ///
    /// # Errors
    /// When a built-in judge carries no readable manifest.
    pub fn new(store: Store, engine: Engine, built_in: &[BuiltIn], clock: Clock) -> Result<Self> {
        let plugins = plugins::Plugins::new(built_in)?;
        Ok(Self {
            store,
            engine,
            plugins,
            began: clock(),
            courier: None,
            clock,
            running: Mutex::default(),
            uses: Mutex::default(),
            refused: Mutex::new(LruCache::new(REFUSALS)),
            watched: tokio::sync::Mutex::default(),
            importing: Semaphore::new(IMPORTS),
            drawing: Semaphore::new(CHARTS),
            exporting: Arc::new(Semaphore::new(EXPORTS)),
        })
    }

    /// The store, for messages that name the database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn reach(&self) -> Result<()> {
        self.store.organisation().await?;
        Ok(())
    }

    /// What is known of a release, with its seal read against its launch.
    pub(crate) async fn facts(&self, slug: &ReleaseSlug) -> Result<ReleaseFacts> {
        match self.store.release(slug).await? {
            Some(facts) => Ok(facts),
            None => {
                let all = self.store.releases(&ReleaseFilter::default(), None, PAGE).await?;
                let known = all.items.iter().map(|facts| facts.release.slug.as_str());
                Err(AppError::not_found("release", slug.as_str(), known))
            }
        }
    }

    pub(crate) async fn team(&self, key: &TeamKey) -> Result<Team> {
        match self.store.team(key).await? {
            Some(team) => Ok(team),
            None => {
                let teams = self.store.teams().await?;
                Err(AppError::not_found("team", key.as_str(), teams.iter().map(|team| team.key.as_str())))
            }
        }
    }

    pub(crate) async fn metric_named(&self, key: &MetricKey) -> Result<Metric> {
        match self.store.metric(key).await? {
            Some(metric) => Ok(metric),
            None => {
                let metrics = self.store.metrics().await?;
                let known = metrics.iter().map(|metric| metric.key.as_str());
                Err(AppError::not_found("metric", key.as_str(), known))
            }
        }
    }
}
