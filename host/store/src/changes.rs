//! Applying files: any mix of definitions, all or nothing.

use jiff::Timestamp;
use serde_json::json as object;
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::metric::Metric;
use yardstick_domain::people::{Actor, Organisation, Person, Team};
use yardstick_domain::release::{Amendment, Release, Stage};

use crate::audit::Act;
use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::rows::{json, values};
use crate::states::Expected;

/// What to write. Nothing is ever deleted by it.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// The organisation.
    pub organisation: Option<Organisation>,
    /// Teams, new or changed. Their members exist afterwards.
    pub teams: Vec<Team>,
    /// Persons, new or changed.
    pub persons: Vec<Person>,
    /// Metrics, new or changed. Their teams must exist afterwards; their owners do.
    pub metrics: Vec<Metric>,
    /// Releases, new or changed. Their teams must exist afterwards; their owners do.
    pub releases: Vec<ReleaseChange>,
    /// What one of them must be until now; `None`: whoever applies files has not said.
    pub expected: Option<Expected>,
}

impl Changes {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { organisation, teams, persons, metrics, releases, expected: _ } = self;
        organisation.is_none()
            && teams.is_empty()
            && persons.is_empty()
            && metrics.is_empty()
            && releases.is_empty()
    }
}

/// The address of an issue as it is looked for: a slash at its end makes it no other.
pub(crate) fn same_issue(issue: &str) -> &str {
    issue.trim_end_matches('/')
}

/// A release to register or change.
#[derive(Debug, Clone)]
pub struct ReleaseChange {
    /// The release as it shall be.
    pub release: Release,
    /// The version of its criteria the caller decided on; `None`: it was not registered.
    pub expected_version: Option<u32>,
    /// What this does to its criteria.
    pub criteria: CriteriaChange,
}

/// What a change of a release does to what it is judged by: criteria, level, planned day, the team's zone.
#[derive(Debug, Clone)]
pub enum CriteriaChange {
    /// Nothing.
    Same,
    /// A new version of the criteria: the first one, or a change before the launch.
    New {
        /// Why, where a reason was asked for.
        reason: Option<String>,
    },
    /// A new version after the launch. Its number must be the next one.
    Amended(Box<Amended>),
}

/// An amendment with what it is taken over.
#[derive(Debug, Clone)]
pub struct Amended {
    /// The amendment.
    pub amendment: Amendment,
    /// Its canonical terms.
    pub terms: Vec<u8>,
}

impl Store {
    /// Writes all of these changes, or none.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when something is not as it is expected; [`StoreError::Conflict`] when a release is no longer as the caller saw it, or its criteria would
    /// change after the launch without an amendment; [`StoreError::NotFound`] when a named team does not
    /// exist.
    pub async fn apply(&self, changes: &Changes, by: &Actor, at: Timestamp) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Register).await?;
        if let Some(expected) = &changes.expected {
            tx.expect(expected).await?;
        }
        tx.apply(changes, by, at).await?;
        tx.commit().await
    }
}

impl Tx {
    /// As [`Store::apply`], within a transaction that holds the register.
    pub(crate) async fn apply(&mut self, changes: &Changes, by: &Actor, at: Timestamp) -> Result<()> {
        if let Actor::Person(person) = by {
            self.ensure_persons([person]).await?;
        }
        if let Some(organisation) = &changes.organisation {
            self.put_organisation(organisation, by, at).await?;
        }
        for team in &changes.teams {
            self.put_team(team, by, at).await?;
        }
        for person in &changes.persons {
            self.put_person(person).await?;
        }
        for metric in &changes.metrics {
            self.put_metric(metric, by, at).await?;
        }
        // Always in this order, so that nobody waits in a circle.
        let mut releases: Vec<&ReleaseChange> = changes.releases.iter().collect();
        releases.sort_by(|one, other| one.release.slug.cmp(&other.release.slug));
        for change in releases {
            self.put_release(change, by, at).await?;
            self.stand(&change.release.slug).await?;
        }
        let detail = self.declared(changes).await?;
        self.audit(Act { action: "apply", subject: "declarations".to_owned(), detail, by, at }).await
    }

    /// What was declared, for the audit: things by their keys, persons by what stands for them.
    async fn declared(&mut self, changes: &Changes) -> Result<serde_json::Value> {
        let mut persons = Vec::new();
        for person in &changes.persons {
            persons.push(self.audit_name(&Actor::Person(person.id.clone())).await?);
        }
        let mut teams = Vec::new();
        for team in &changes.teams {
            let mut members = std::collections::BTreeMap::new();
            for (person, role) in &team.members {
                members.insert(self.audit_name(&Actor::Person(person.clone())).await?, *role);
            }
            teams.push(object!({ "team": team.key, "members": members }));
        }
        let mut operators = Vec::new();
        for person in changes.organisation.iter().flat_map(|organisation| &organisation.operators) {
            operators.push(self.audit_name(&Actor::Person(person.clone())).await?);
        }
        let metrics: Vec<_> = changes
            .metrics
            .iter()
            .map(|metric| object!({ "metric": metric.key, "definition_version": metric.definition_version }))
            .collect();
        let releases: Vec<_> = changes
            .releases
            .iter()
            .map(|change| object!({ "release": change.release.slug, "amended": matches!(change.criteria, CriteriaChange::Amended(_)) }))
            .collect();
        Ok(object!({
            "organisation": changes.organisation.as_ref().map(|_| object!({ "operators": operators })),
            "teams": teams, "persons": persons, "metrics": metrics, "releases": releases,
        }))
    }

    async fn put_release(&mut self, change: &ReleaseChange, by: &Actor, at: Timestamp) -> Result<()> {
        let release = &change.release;
        let slug = &release.slug;
        self.lock(Lock::Release(slug)).await?;
        self.require_team(&release.team, &format!("release {slug}")).await?;
        self.ensure_persons([&release.owner]).await?;
        let known = self.release(slug).await?;
        let found = known.as_ref().map(|facts| facts.version);
        if found != change.expected_version {
            return Err(moved(slug));
        }
        let next = found.unwrap_or(0) + 1;
        let launched = known.as_ref().is_some_and(|facts| facts.launch.is_some());
        match (&change.criteria, &known) {
            (CriteriaChange::Same, Some(facts)) => {
                let now = &facts.release;
                let same = (&now.criteria, now.level, now.planned)
                    == (&release.criteria, release.level, release.planned);
                if !same {
                    return Err(StoreError::conflict(format!(
                        "the criteria, level or planned day of {slug} changed, which needs a new version"
                    )));
                }
                self.upsert_release(release, facts.version, by, at).await
            }
            (CriteriaChange::Same, None) => Err(moved(slug)),
            (CriteriaChange::New { .. }, _) if launched => Err(StoreError::conflict(format!(
                "{slug} has been launched: what it is judged by changes only by an amendment with a reason"
            ))),
            (CriteriaChange::New { reason }, _) => {
                self.upsert_release(release, next, by, at).await?;
                self.criteria_version(release, next, by, at, reason.as_deref()).await?;
                let kind = if known.is_none() { "registered" } else { "criteria-changed" };
                self.event(slug, at, by, kind, object!({ "version": next, "reason": reason })).await
            }
            (CriteriaChange::Amended(amended), _) => {
                if amended.amendment.version != next {
                    return Err(moved(slug));
                }
                self.upsert_release(release, next, by, at).await?;
                let reason = &amended.amendment.reason;
                self.criteria_version(release, next, by, at, Some(reason)).await?;
                self.amend(slug, amended).await
            }
        }
    }

    pub(crate) async fn upsert_release(
        &mut self,
        release: &Release,
        version: u32,
        by: &Actor,
        at: Timestamp,
    ) -> Result<()> {
        let sql = "INSERT INTO releases (slug, team, owner, name, level, feature, planned, version, \
                   document, registered_at, registered_by, changed_at, changed_by, visibility, issue, stage) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10, $11, $12, $13, $14) \
                   ON CONFLICT (slug) DO UPDATE SET team = excluded.team, owner = excluded.owner, \
                   name = excluded.name, level = excluded.level, feature = excluded.feature, \
                   planned = excluded.planned, visibility = excluded.visibility, issue = excluded.issue, \
                   stage = excluded.stage, \
                   version = excluded.version, document = excluded.document, \
                   changed_at = excluded.changed_at, changed_by = excluded.changed_by";
        let values = values![
            release.slug.as_str(),
            release.team.as_str(),
            release.owner.as_str(),
            release.name.as_str(),
            release.level.as_str(),
            release.feature.clone(),
            release.planned.to_string(),
            version,
            json(release)?,
            at,
            by,
            release.visibility.as_str(),
            release.issue.as_deref().map(same_issue),
            release.stage.map(Stage::as_str),
        ];
        self.execute(sql, values).await?;
        self.was_expected(release).await
    }

    pub(crate) async fn criteria_version(
        &mut self,
        release: &Release,
        version: u32,
        by: &Actor,
        at: Timestamp,
        reason: Option<&str>,
    ) -> Result<()> {
        let sql = "INSERT INTO criteria_versions \
                   (release, version, criteria, level, planned, created_at, created_by, reason) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = values![
            release.slug.as_str(),
            version,
            json(&release.criteria)?,
            release.level.as_str(),
            release.planned.to_string(),
            at,
            by,
            reason,
        ];
        self.execute(sql, values).await?;
        Ok(())
    }

    async fn amend(&mut self, slug: &ReleaseSlug, amended: &Amended) -> Result<()> {
        let Some(launch) = self.standing_launch(slug).await? else {
            return Err(StoreError::conflict(format!(
                "{slug} has not been launched: change its criteria and seal it again, without an amendment"
            )));
        };
        let Amended { amendment, terms } = amended;
        self.put_terms(amendment.hash, terms).await?;
        let sql = "INSERT INTO amendments \
                   (release, version, hash, amended_at, actor, reason, approved_by, launch) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = values![
            slug.as_str(),
            amendment.version,
            amendment.hash,
            amendment.at,
            &amendment.by,
            amendment.reason.as_str(),
            amendment.approved_by.as_ref().map(AsRef::<str>::as_ref),
            launch,
        ];
        self.execute(sql, values).await?;
        let detail = object!({
            "version": amendment.version, "hash": amendment.hash, "reason": amendment.reason,
            "approved_by": amendment.approved_by,
        });
        self.event(slug, amendment.at, &amendment.by, "amended", detail).await
    }
}

/// Somebody else was quicker.
pub(crate) fn moved(slug: &ReleaseSlug) -> StoreError {
    StoreError::conflict(format!("{slug} was changed by somebody else meanwhile; look at it and try again"))
}
