//! Events that the store itself is the first to know of: verdicts that are news, jobs that were given up, plugins that
//! were suspended.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use semver::Version;
use yardstick_domain::event::{Before, EventKind, NewEvent};
use yardstick_domain::ids::{PersonId, PluginName, ReleaseSlug, TeamKey};
use yardstick_domain::job::{Job, JobKind, Priority};
use yardstick_domain::time::day_of;
use yardstick_domain::verdict::VerdictRef;

use crate::database::Tx;
use crate::error::{Result, StoreError};
use crate::rows::values;
use crate::verdicts::outcome;

impl Tx {
    /// The official verdict that one at this address follows; `None`: it is the release's first.
    pub(crate) async fn verdict_before(&mut self, at: &VerdictRef) -> Result<Option<Before>> {
        let sql = "SELECT id, checkpoint, outcome, reason, code FROM verdicts \
                   WHERE release = $1 AND standing = 'official' AND checkpoint <= $2 \
                   ORDER BY checkpoint DESC, number DESC LIMIT 1";
        let days = at.checkpoint.days();
        let Some(row) = self.optional(sql, values![at.release.as_str(), days]).await? else {
            return Ok(None);
        };
        let sql =
            "SELECT criterion FROM findings WHERE verdict = $1 AND role = 'guardrail' AND outcome = 'fail'";
        let failed = self.all(sql, values![row.get::<i64>("id")?]).await?;
        Ok(Some(Before {
            same_checkpoint: row.count::<u32>("checkpoint")? == days,
            outcome: outcome(&row, &format!("a verdict of release {}", at.release))?,
            failed: failed.iter().map(|row| row.parse("criterion")).collect::<Result<_>>()?,
        }))
    }

    /// A job was given up: of a verdict that is missed, of a delivery that is not made, or any other.
    pub(crate) async fn given_up(&mut self, job: &Job, now: Timestamp) -> Result<()> {
        let why = job.error.as_deref().unwrap_or("no try said why");
        let advice = |what: &str| Some(format!("{what}, then: yardstick jobs retry {}", job.id));
        let mut event = NewEvent {
            kind: EventKind::JobDead,
            key: format!("{} {}", job.id, now.as_millisecond()),
            at: now,
            team: job.team.clone(),
            release: job.release.clone(),
            verdict: None,
            urgent: false,
            says: format!("Job {} ({} {}) was given up: {why}", job.id, job.kind.as_str(), job.key),
            advice: advice("see what it failed by"),
            to: self.operators().await?,
        };
        let mut except = None;
        match job.kind {
            JobKind::Judge if job.priority > Priority::DUE => {
                event.says =
                    format!("Late values of the verdict {} are not looked at, so it stands: {why}", job.key);
            }
            JobKind::Judge => {
                event.kind = EventKind::VerdictMissed;
                event.says = format!("The verdict {} was not given, and is no longer tried: {why}", job.key);
            }
            JobKind::Arrived => {}
            JobKind::Deliver => {
                let named = || StoreError::corrupt(format!("{:?} is no key of a delivery", job.key));
                let (lost, sink) = job.delivery().ok_or_else(named)?;
                // What tells of a sink that takes nothing is not told of again.
                let sql = "SELECT kind FROM outbox WHERE id = $1";
                let kind: String = self.one(sql, values![lost]).await?.get("kind")?;
                if kind == EventKind::Undelivered.as_str() || kind == EventKind::Test.as_str() {
                    return Ok(());
                }
                event.kind = EventKind::Undelivered;
                // Once a day, however many do not.
                event.key = format!("{sink} {}", day_of(now, &TimeZone::UTC));
                event.says =
                    format!("Event {lost} ({kind}) did not get to the sink {sink}, and maybe others");
                event.advice = advice(&format!("see yardstick sink deliveries --sink {sink}"));
                except = Some(sink);
            }
        }
        self.put_event(&event, except.as_ref()).await.map(drop)
    }

    /// A plugin was suspended.
    pub(crate) async fn suspended(
        &mut self,
        name: &PluginName,
        version: Option<&Version>,
        crashes: u32,
        (code, at): (&str, Timestamp),
    ) -> Result<()> {
        let team = name.team();
        let to = match &team {
            Some(team) => self.maintainers(team).await?,
            None => self.operators().await?,
        };
        let version = version.map_or(String::new(), |version| format!(" {version}"));
        let event = NewEvent {
            kind: EventKind::PluginSuspended,
            key: format!("{name} {}", at.as_millisecond()),
            at,
            team,
            release: None,
            verdict: None,
            urgent: false,
            says: format!(
                "The plugin {name}{version} is suspended: it crashed {crashes} times in a row, at last with {code}; \
                 what it judges is undecided meanwhile"
            ),
            advice: Some(format!("see yardstick plugin logs {name}, publish a version that answers")),
            to,
        };
        self.put_event(&event, None).await.map(drop)
    }

    async fn operators(&mut self) -> Result<Vec<PersonId>> {
        let company = self.organisation().await?.unwrap_or_default();
        Ok(company.operators.into_iter().collect())
    }

    async fn maintainers(&mut self, team: &TeamKey) -> Result<Vec<PersonId>> {
        Ok(self.team(team).await?.map_or(Vec::new(), |team| team.maintainers()))
    }

    /// Nobody tries any more to give a release's verdict: somebody took its job out of line.
    pub(crate) async fn verdict_cancelled(
        &mut self,
        job: &Job,
        release: &ReleaseSlug,
        now: Timestamp,
    ) -> Result<()> {
        let event = NewEvent {
            kind: EventKind::VerdictMissed,
            key: format!("{} {}", job.id, now.as_millisecond()),
            at: now,
            team: job.team.clone(),
            release: Some(release.clone()),
            verdict: None,
            urgent: false,
            says: format!("The verdict {} will not be given: somebody took it out of line", job.key),
            advice: Some(format!("if it should be, then: yardstick jobs retry {}", job.id)),
            to: self.operators().await?,
        };
        self.put_event(&event, None).await.map(drop)
    }
}
