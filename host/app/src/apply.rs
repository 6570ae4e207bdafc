//! Applying files: check everything, show what changes, write all of it or nothing.

use std::collections::HashSet;

use yardstick_client::files::Declaration;
use yardstick_domain::criteria::{ResolvedPlugin, Terms, metric_hash};
use yardstick_domain::ids::TeamKey;
use yardstick_domain::lint::{self, Lint};
use yardstick_domain::metric::Metric;
use yardstick_domain::problem::Problem;
use yardstick_domain::release::{Amendment, Lifecycle, Release, ReleaseFacts};
use yardstick_store::{Amended, Changes, CriteriaChange, Expected, ReleaseChange};

use crate::check::Before;
use crate::error::{AppError, Result};
use crate::lifecycle::reason_in;
use crate::{App, Caller};

mod allowed;
mod changed;
mod compare;
mod put;

pub use changed::{Applied, Change, ChangeKind, FieldChange};
use compare::{as_written, compare};
pub use put::{Precondition, Put};

/// What applying comes to, so far.
pub(crate) struct Plan<'a> {
    all: &'a [Declaration],
    /// The reason of an amendment.
    amend: Option<&'a str>,
    /// Nothing is written.
    dry_run: bool,
    /// What is to be written.
    pub(crate) changes: Changes,
    /// Judges that amendments rely on.
    judges: Vec<ResolvedPlugin>,
    /// Of the declaration at hand.
    problems: Vec<Problem>,
}

impl App {
    /// Applies declarations. Nothing is deleted; what is unchanged is left alone. `amend`: the reason for
    /// changing criteria after the launch. `dry_run`: only look.
    ///
    /// # Errors
    /// The outer error is the store's; the inner one lists problems by the index of their declaration.
    pub async fn apply(
        &self,
        caller: &Caller,
        declarations: &[Declaration],
        amend: Option<&str>,
        dry_run: bool,
    ) -> Result<std::result::Result<Applied, Vec<(usize, Problem)>>> {
        self.applied(caller, declarations, amend, dry_run, None).await
    }

    /// As [`App::apply`], if one of the things is as it is expected when it is written.
    async fn applied(
        &self,
        caller: &Caller,
        declarations: &[Declaration],
        amend: Option<&str>,
        dry_run: bool,
        expected: Option<Expected>,
    ) -> Result<std::result::Result<Applied, Vec<(usize, Problem)>>> {
        let amend = amend.map(str::trim).filter(|reason| !reason.is_empty());
        let amend = amend.map(|reason| reason_in("amend", reason)).transpose()?;
        let (shown, mut plan) = match self.planned(caller, declarations, (amend, dry_run)).await? {
            Ok(planned) => planned,
            Err(problems) => return Ok(Err(problems)),
        };
        if !dry_run && shown.iter().any(|change| change.kind != ChangeKind::Unchanged) {
            self.keep_judges(&plan.judges, caller).await?;
            plan.changes.expected = expected;
            self.store.apply(&plan.changes, &caller.actor, caller.now).await?;
        }
        Ok(Ok(Applied { changes: shown, written: !dry_run }))
    }

    /// What applying declarations would do, or everything that is wrong with them; nothing is written.
    pub(crate) async fn planned<'a>(
        &self,
        caller: &Caller,
        declarations: &'a [Declaration],
        (amend, dry_run): (Option<&'a str>, bool),
    ) -> Result<std::result::Result<(Vec<Change>, Plan<'a>), Vec<(usize, Problem)>>> {
        let mut problems = twice(declarations);
        let mut plan = Plan {
            all: declarations,
            amend,
            dry_run,
            changes: Changes::default(),
            judges: Vec::new(),
            problems: Vec::new(),
        };
        let mut shown = Vec::new();
        for (index, declaration) in declarations.iter().enumerate() {
            let change = self.one(caller, declaration, &mut plan).await?;
            if change.kind != ChangeKind::Unchanged {
                self.may_declare(caller, declaration, &plan).await?;
            }
            problems.extend(plan.problems.drain(..).map(|problem| (index, problem)));
            shown.push(change);
        }
        if problems.is_empty() { Ok(Ok((shown, plan))) } else { Ok(Err(problems)) }
    }

    async fn one(&self, caller: &Caller, declaration: &Declaration, plan: &mut Plan<'_>) -> Result<Change> {
        let name = declaration.name();
        Ok(match declaration {
            Declaration::Organisation(organisation) => {
                let change = compare(name, self.store.organisation().await?.as_ref(), organisation)?;
                if change.kind != ChangeKind::Unchanged {
                    plan.changes.organisation = Some(organisation.clone());
                }
                change
            }
            Declaration::Team(team) => {
                let before = self.store.team(&team.key).await?;
                let mut change = compare(name, before.as_ref(), team)?;
                if before.is_some_and(|before| before.time_zone != team.time_zone) {
                    change.notes.push("checkpoints of releases not yet sealed move with its zone".to_owned());
                }
                if change.kind != ChangeKind::Unchanged {
                    plan.changes.teams.push(team.clone());
                }
                change
            }
            Declaration::Person(person) => {
                let change = compare(name, self.store.person(&person.id).await?.as_ref(), person)?;
                if change.kind != ChangeKind::Unchanged {
                    plan.changes.persons.push(person.clone());
                }
                change
            }
            Declaration::Metric(metric) => {
                self.known_team(&metric.team, plan).await?;
                let before = self.store.metric(&metric.key).await?;
                let mut change = compare(name, before.as_ref(), metric)?;
                if let Some(before) = &before {
                    self.redefined(before, metric, &mut change, plan).await?;
                }
                if change.kind != ChangeKind::Unchanged {
                    plan.changes.metrics.push(metric.clone());
                }
                change
            }
            Declaration::Release(release) => self.release(caller, release, plan).await?,
        })
    }

    /// What a metric may change: anything while it has no values; afterwards its meaning only with a new version,
    /// and never its kind or whose days its values are.
    async fn redefined(
        &self,
        before: &Metric,
        metric: &Metric,
        change: &mut Change,
        plan: &mut Plan<'_>,
    ) -> Result<()> {
        if metric_hash(before).map_err(AppError::fault)? == metric_hash(metric).map_err(AppError::fault)? {
            return Ok(());
        }
        let versions = (before.definition_version, metric.definition_version);
        if versions.1 <= versions.0 {
            let fields = change.fields.iter().map(|change| change.field.as_str());
            let fields: Vec<&str> = fields.filter(|field| *field != "definition_version").collect();
            let message = format!(
                "{} changes what {} means; raise definition_version from {} to {}",
                fields.join(", "),
                metric.key,
                versions.0,
                versions.0.saturating_add(1)
            );
            plan.problems.push(Problem::new("definition_version", message));
        }
        let moved =
            [("kind", before.kind != metric.kind), ("time_zone", before.time_zone != metric.time_zone)];
        if moved.iter().any(|(_, moved)| *moved) && self.store.coverage(&metric.key, None).await?.buckets > 0
        {
            for (field, _) in moved.iter().filter(|(_, moved)| *moved) {
                let message = format!(
                    "{} has values already, which a new {field} would misread; define another metric",
                    metric.key
                );
                plan.problems.push(Problem::new(*field, message));
            }
        }
        change
            .notes
            .push("criteria sealed with its earlier meaning are undecided until they are amended".to_owned());
        Ok(())
    }

    async fn release(&self, caller: &Caller, release: &Release, plan: &mut Plan<'_>) -> Result<Change> {
        self.known_team(&release.team, plan).await?;
        let before = self.store.release(&release.slug).await?;
        let sees = self.sees(caller).await?;
        if before.as_ref().is_some_and(|facts| !sees.shows(&facts.release)) {
            let message = format!("the name {} is taken; choose another", release.slug);
            plan.problems.push(Problem::new("release", message));
            let name = format!("release {}", release.slug);
            let (fields, notes, lints) = (Vec::new(), Vec::new(), Vec::new());
            return Ok(Change { name, kind: ChangeKind::Unchanged, fields, notes, lints });
        }
        let mut change = compare(
            format!("release {}", release.slug),
            before.as_ref().map(|facts| &facts.release),
            release,
        )?;
        for field in &mut change.fields {
            field.field = as_written(&field.field, release, before.as_ref().map(|facts| &facts.release));
        }
        if release.level.must_be_measured() && !release.criteria.has_goal() {
            change.notes.push(format!(
                "a draft: {} releases must be measured, and this one has no goal yet; add one before the launch",
                release.level
            ));
        }
        change.lints = self.lints(caller, release, before.as_ref(), plan).await?;
        if let Some(follows) = &release.follows {
            let declared = plan
                .all
                .iter()
                .any(|other| matches!(other, Declaration::Release(other) if other.slug == *follows));
            if *follows == release.slug {
                plan.problems.push(Problem::new("follows", "a release cannot follow itself"));
            } else if !declared && !self.is_visible(&sees, follows).await? {
                plan.problems.push(Problem::new("follows", format!("there is no release {follows}")));
            }
        }
        if change.kind == ChangeKind::Unchanged {
            return Ok(change);
        }
        let criteria = match &before {
            Some(before) => self.criteria_change(caller, before, release, &mut change, plan).await?,
            None => CriteriaChange::New { reason: None },
        };
        plan.changes.releases.push(ReleaseChange {
            release: release.clone(),
            expected_version: before.map(|facts| facts.version),
            criteria,
        });
        Ok(change)
    }

    /// Lints of a release as declared, among what is declared with it. What its metrics come to today is looked at
    /// where nothing is written alone: whoever applies a thousand files does not want to wait for it.
    async fn lints(
        &self,
        caller: &Caller,
        release: &Release,
        before: Option<&ReleaseFacts>,
        plan: &Plan<'_>,
    ) -> Result<Vec<Lint>> {
        let metrics = self.metrics_of(&release.criteria, plan.all).await?;
        if !plan.dry_run {
            return Ok(lint::lint(release, &lint::Known { metrics, ..lint::Known::default() }));
        }
        let declared = plan.all.iter().find_map(|declaration| match declaration {
            Declaration::Team(team) if team.key == release.team => Some(team.time_zone.clone()),
            _ => None,
        });
        let stored = self.store.team(&release.team).await?.map(|team| team.time_zone);
        let time_zone = declared.or(stored).unwrap_or_else(|| "UTC".to_owned());
        let launch = before.and_then(|facts| facts.launch.as_ref()).map(|launch| launch.at);
        let before = Before { caller, launch, metrics: &metrics };
        Ok(self.outlook(&before, release, &time_zone, false).await?.lints)
    }

    async fn criteria_change(
        &self,
        caller: &Caller,
        before: &ReleaseFacts,
        release: &Release,
        change: &mut Change,
        plan: &mut Plan<'_>,
    ) -> Result<CriteriaChange> {
        let old = &before.release;
        let same =
            old.criteria == release.criteria && old.level == release.level && old.planned == release.planned;
        if before.lifecycle() == Lifecycle::Cancelled {
            plan.problems
                .push(Problem::new("release", "it was cancelled; register a new release that follows it"));
        }
        if same {
            return Ok(CriteriaChange::Same);
        }
        if before.launch.is_none() {
            if before.seal.is_some() {
                change.notes.push(
                    "the seal no longer covers its criteria; seal it again before the launch".to_owned(),
                );
            }
            return Ok(CriteriaChange::New { reason: plan.amend.map(str::to_owned) });
        }
        let Some(reason) = plan.amend else {
            let field = if old.level != release.level {
                "level"
            } else if old.planned != release.planned {
                "planned"
            } else {
                "goals"
            };
            plan.problems.push(Problem::new(
                field,
                "it has launched: what was agreed before is sealed. A change is an amendment; apply it with --amend --reason \"why\"",
            ));
            return Ok(CriteriaChange::Same);
        };
        let resolved = self.resolve_with(release, plan.all).await?;
        plan.problems.extend(resolved.problems);
        let terms = resolved.terms.canonical().map_err(AppError::fault)?;
        plan.judges.extend(used(&resolved.terms));
        change.notes.push(
            "an amendment: the sealed criteria still count, the amended ones are judged beside them"
                .to_owned(),
        );
        let amendment = Amendment {
            hash: yardstick_domain::digest::Digest::of(&terms),
            version: before.version + 1,
            at: caller.now,
            by: caller.actor.clone(),
            reason: reason.to_owned(),
            approved_by: None,
        };
        Ok(CriteriaChange::Amended(Box::new(Amended { amendment, terms })))
    }

    async fn known_team(&self, key: &TeamKey, plan: &mut Plan<'_>) -> Result<()> {
        let declared = plan.all.iter().filter_map(|other| match other {
            Declaration::Team(team) => Some(&team.key),
            _ => None,
        });
        if declared.clone().any(|declared| declared == key) || self.store.team(key).await?.is_some() {
            return Ok(());
        }
        let teams = self.store.teams().await?;
        let known = teams.iter().map(|team| team.key.as_str()).chain(declared.map(TeamKey::as_str));
        let hint = yardstick_domain::nearest::hint(key.as_str(), known);
        plan.problems.push(Problem::new(
            "team",
            format!("there is no team {key}{hint}. Declare it with a team: document"),
        ));
        Ok(())
    }
}

/// The judges of these terms.
pub(crate) fn used(terms: &Terms) -> Vec<ResolvedPlugin> {
    terms.criteria.iter().filter_map(|sealed| sealed.plugin.clone()).collect()
}

/// Things that are declared more than once.
fn twice(declarations: &[Declaration]) -> Vec<(usize, Problem)> {
    let name = |declaration: &Declaration| match declaration {
        // There is one, whatever it is called.
        Declaration::Organisation(_) => "the organisation".to_owned(),
        other => other.name(),
    };
    let mut before = HashSet::new();
    let again = declarations.iter().map(name).enumerate().filter(|(_, name)| !before.insert(name.clone()));
    again
        .map(|(index, name)| (index, Problem::new("", format!("{name} is declared twice; keep one"))))
        .collect()
}
