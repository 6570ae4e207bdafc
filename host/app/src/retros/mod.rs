//! Retros: opened, written, closed; their actions; what was learned.

mod document;
mod edit;
mod evidence;
mod people;
mod texts;

use jiff::Timestamp;
use jiff::civil::Date;
use yardstick_domain::access::Scope;
use yardstick_domain::decision::Signed;
use yardstick_domain::ids::{PersonId, ReleaseSlug, RetroId, TeamKey};
use yardstick_domain::metric::Visibility;
use yardstick_domain::people::Actor;
use yardstick_domain::problem::Problem;
use yardstick_domain::release::ReleaseFacts;
use yardstick_domain::retro::{ActionItem, ActionState, Learning, Retro, RetroStatus, Template, Written};
use yardstick_domain::time::{day_of, zone};
use yardstick_store::{ActionFilter, LearningFilter, Page, RetroFilter};

use crate::error::{AppError, Result};
use crate::lifecycle::reason_in;
use crate::{App, Caller, PAGE};

pub use edit::{ActionWrite, Commitment, LearningWrite, RetroWrite, TopicWrite};

/// A retro to open.
#[derive(Debug, Clone)]
pub struct OpenRetro {
    /// The releases it looks back on.
    pub releases: Vec<ReleaseSlug>,
    /// Its id; `None`: month and team.
    pub id: Option<RetroId>,
    /// The team whose it is; `None`: the first release's.
    pub team: Option<TeamKey>,
    /// What it is called; `None`: the releases' names.
    pub title: Option<String>,
    /// Which sections it starts with.
    pub template: Template,
    /// Who leads it.
    pub facilitator: Option<PersonId>,
    /// Who may see it; `None`: the team alone where one of its releases is private.
    pub visibility: Option<Visibility>,
}

impl App {
    /// Opens a retro of releases that have launched: its id.
    ///
    /// # Errors
    /// [`AppError::Conflict`] for a release that has not launched and an id that is taken; [`AppError::Forbidden`] for
    /// whoever does not work in the team.
    pub async fn open_retro(&self, caller: &Caller, new: &OpenRetro) -> Result<RetroId> {
        let facts = self.looked_back_on(caller, &new.releases).await?;
        let Some(first) = facts.first() else {
            let message = "is empty; a retro looks back on a release at least";
            return Err(AppError::Refused(vec![Problem::new("releases", message)]));
        };
        let team = new.team.clone().unwrap_or_else(|| first.release.team.clone());
        self.require_member(caller, &team, "open retros of").await?;
        let is_private = |facts: &ReleaseFacts| facts.release.visibility == Visibility::Team;
        let visibility = if facts.iter().any(is_private) { Visibility::Team } else { Visibility::Company };
        let names: Vec<&str> = facts.iter().map(|facts| facts.release.name.as_str()).collect();
        let title: String = names.join(", ").chars().take(200).collect();
        let title = match &new.title {
            Some(title) => crate::texts::line("title", title, 200)?,
            None => title,
        };
        let day = day_of(caller.now, &zone(&self.team(&team).await?.time_zone));
        let id = match &new.id {
            Some(id) => id.clone(),
            None => {
                let text: String =
                    format!("{:04}-{:02}-{team}", day.year(), day.month()).chars().take(70).collect();
                text.parse().map_err(AppError::fault)?
            }
        };
        let sections = new.template.sections().iter().map(|name| ((*name).to_owned(), Vec::new())).collect();
        let retro = Retro {
            id,
            team,
            visibility: new.visibility.unwrap_or(visibility),
            status: RetroStatus::Collecting,
            title,
            version: 1,
            releases: new.releases.clone(),
            written: Written {
                held_at: None,
                facilitator: new.facilitator.clone(),
                attendees: Vec::new(),
                sections,
                topics: Vec::new(),
            },
            evidence: None,
            opened: Signed { by: caller.actor.clone(), at: caller.now },
            closed: None,
        };
        Ok(self.store.open_retro(&retro, new.id.is_some()).await?)
    }

    /// What is known of releases that a retro looks back on: seen by whoever asks, each once, all of them launched.
    pub(crate) async fn looked_back_on(
        &self,
        caller: &Caller,
        releases: &[ReleaseSlug],
    ) -> Result<Vec<ReleaseFacts>> {
        let mut all = Vec::with_capacity(releases.len());
        for (index, slug) in releases.iter().enumerate() {
            if releases.iter().take(index).any(|before| before == slug) {
                let message = format!("{slug} is there twice; keep one");
                return Err(AppError::Refused(vec![Problem::new(format!("releases[{index}]"), message)]));
            }
            let facts = self.visible(caller, slug).await?;
            if facts.launch.is_none() {
                return Err(AppError::Conflict(format!(
                    "{slug} has not launched; there is nothing to look back on yet"
                )));
            }
            all.push(facts);
        }
        Ok(all)
    }

    /// A retro that whoever asks may see.
    pub(crate) async fn retro_seen(&self, caller: &Caller, id: &RetroId) -> Result<Retro> {
        let sees = self.sees(caller).await?;
        if let Some(retro) = self.store.retro(id).await?
            && self.store.shows_retro(&sees, id).await?
        {
            return Ok(retro);
        }
        let filter = RetroFilter { sees, ..RetroFilter::default() };
        let known = self.store.retros(&filter, None, PAGE).await?.items;
        Err(AppError::not_found("retro", id.as_str(), known.iter().map(|retro| retro.id.as_str())))
    }

    /// Retros, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page before gave.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a release that is not there.
    pub async fn retros(
        &self,
        caller: &Caller,
        filter: &RetroFilter,
        before: Option<&(Timestamp, RetroId)>,
        limit: u32,
    ) -> Result<Page<Retro, (Timestamp, RetroId)>> {
        if let Some(slug) = &filter.release {
            self.visible(caller, slug).await?;
        }
        let filter = RetroFilter { sees: self.sees(caller).await?, ..filter.clone() };
        Ok(self.store.retros(&filter, before, limit).await?)
    }

    /// Says that a release that was judged needs no retro.
    ///
    /// # Errors
    /// [`AppError::Conflict`] before its final verdict, or when that was said already.
    pub async fn waive_retro(
        &self,
        caller: &Caller,
        slug: &ReleaseSlug,
        reason: &str,
    ) -> Result<ReleaseFacts> {
        let facts = self.own_release(caller, slug, "waive retros of").await?;
        if !facts.judged_finally {
            return Err(AppError::Conflict(format!(
                "{slug} has no final verdict yet; whether it needs a retro shows then"
            )));
        }
        self.store.waive_retro(slug, &caller.actor, caller.now, reason_in("reason", reason)?).await?;
        self.facts(slug).await
    }

    /// Actions, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn actions(
        &self,
        caller: &Caller,
        filter: &ActionFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<ActionItem, i64>> {
        let filter = ActionFilter { sees: self.sees(caller).await?, ..filter.clone() };
        Ok(self.store.actions(&filter, before, limit).await?)
    }

    /// Today, by the organisation's clocks: what is overdue was due before it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn today(&self, caller: &Caller) -> Result<Date> {
        let company = self.store.organisation().await?.unwrap_or_default();
        Ok(day_of(caller.now, &zone(&company.time_zone)))
    }

    /// An action that whoever asks may see.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub async fn action_seen(&self, caller: &Caller, id: i64) -> Result<ActionItem> {
        let none = || AppError::NotFound { what: format!("action A-{id}"), hint: String::new() };
        let action = self.store.action(id).await?.ok_or_else(none)?;
        if self.store.shows_retro(&self.sees(caller).await?, &action.retro).await? {
            Ok(action)
        } else {
            Err(none())
        }
    }

    /// Changes an action from the version that was looked at: its team and whoever is to do it may, also when its retro is
    /// closed.
    ///
    /// # Errors
    /// [`AppError::Changed`] when it was changed since; [`AppError::Refused`] for one that is dropped without a reason.
    pub async fn edit_action(
        &self,
        caller: &Caller,
        id: i64,
        expected: u32,
        write: &ActionWrite,
    ) -> Result<ActionItem> {
        let action = self.action_seen(caller, id).await?;
        let is_theirs =
            caller.actor == Actor::Person(action.owner.clone()) && caller.scopes.allow(Scope::Write);
        if !is_theirs {
            self.require_member(caller, &action.team, "change actions of").await?;
        }
        let mut problems = Vec::new();
        let mut changed = edit::action(write, &action.retro, &action.team, caller, "", &mut problems);
        if !problems.is_empty() {
            return Err(AppError::Refused(problems));
        }
        changed.id = id;
        changed.version = expected;
        changed.made = action.made.clone();
        if changed.state == action.state && changed.state != ActionState::Open {
            changed.ended_at = action.ended_at;
        }
        self.store.edit_action(&changed, &Signed { by: caller.actor.clone(), at: caller.now }).await?;
        self.action_seen(caller, id).await
    }

    /// Learnings: those with any of the words, the best first; without words the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn learnings(
        &self,
        caller: &Caller,
        filter: &LearningFilter,
        skip: u32,
        limit: u32,
    ) -> Result<Page<Learning, u32>> {
        let filter = LearningFilter { sees: self.sees(caller).await?, ..filter.clone() };
        Ok(self.store.learnings(&filter, skip, limit).await?)
    }
}
