//! Requests that become draft releases, by what applying a release file does.

use std::collections::BTreeMap;

use jiff::civil::Date;
use yardstick_client::files::Declaration;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::criteria::{Criteria, Policy};
use yardstick_domain::ids::{PersonId, ReleaseSlug};
use yardstick_domain::intake::{KeptRequest, Missing, Request, slug_of};
use yardstick_domain::level::Level;
use yardstick_domain::problem::Problem;
use yardstick_domain::release::{Lifecycle, Release, ReleaseFacts};
use yardstick_store::{Changes, RequestChange};

use crate::error::{AppError, Result};
use crate::{App, Caller};

/// Slugs that are tried for a title.
const SLUGS: u32 = 100;

/// What somebody gives that a request lacks; what is not given is the request's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GivenByHand {
    /// How big the launch is.
    pub level: Option<Level>,
    /// The planned day.
    pub planned: Option<Date>,
    /// Who answers for it.
    pub owner: Option<PersonId>,
    /// The release's slug; `None`: made of the title.
    pub slug: Option<ReleaseSlug>,
}

impl App {
    /// Registers the release of a request, with what is given by hand: a member of its team.
    ///
    /// # Errors
    /// [`AppError::Refused`] for what is still missing or a slug that is taken, [`AppError::Conflict`] when it is a
    /// release or its issue is closed.
    pub async fn register_request(
        &self,
        caller: &Caller,
        id: i64,
        given: &GivenByHand,
    ) -> Result<KeptRequest> {
        let kept = self.request(caller, id).await?;
        let mut request = kept.request;
        self.require_member(caller, &request.team, "register requests of").await?;
        if let Some(release) = &request.release {
            return Err(AppError::Conflict(format!("request {id} is registered already, as {release}")));
        }
        if request.closed {
            return Err(AppError::Conflict(format!("the issue of request {id} is closed; reopen it first")));
        }
        let wanted = &mut request.wanted;
        wanted.level = given.level.or(wanted.level);
        wanted.planned = given.planned.or(wanted.planned);
        wanted.owner = given.owner.clone().or(wanted.owner.take());
        wanted.notes.clear();
        let missing = request.missing();
        if !missing.is_empty() {
            let problem = |what: Missing| {
                Problem::new(
                    what.as_str(),
                    format!("request {id} does not say it; give it with this request"),
                )
            };
            return Err(AppError::Refused(missing.into_iter().map(problem).collect()));
        }
        let slug = match &given.slug {
            Some(slug) if self.store.release(slug).await?.is_some() => {
                let message = format!("the name {slug} is taken; choose another");
                return Err(AppError::Refused(vec![Problem::new("slug", message)]));
            }
            Some(slug) => slug.clone(),
            None => self.free_slug(&request, id.unsigned_abs()).await?,
        };
        let changes = self.registering(caller, &mut request, slug).await?;
        let change = RequestChange {
            action: "register-request",
            request,
            expected: Some((id, kept.revision)),
            changes,
            event: None,
            delivery: None,
        };
        self.store.put_request(&change, &caller.actor, caller.now).await?;
        self.request(caller, id).await
    }

    /// A slug of a request's title that no release has.
    pub(super) async fn free_slug(&self, request: &Request, number: u64) -> Result<ReleaseSlug> {
        for attempt in 0..SLUGS {
            let Some(slug) = slug_of(&request.wanted.title, number, attempt) else { break };
            if self.store.release(&slug).await?.is_none() {
                return Ok(slug);
            }
        }
        Err(AppError::Conflict(format!(
            "too many releases are called {:?}; register it by hand with a slug of its own",
            request.wanted.title
        )))
    }

    /// What registers the release of a request that says all it needs.
    pub(super) async fn registering(
        &self,
        caller: &Caller,
        request: &mut Request,
        slug: ReleaseSlug,
    ) -> Result<Changes> {
        let wanted = &request.wanted;
        let (Some(level), Some(planned), Some(owner)) = (wanted.level, wanted.planned, wanted.owner.clone())
        else {
            return Err(AppError::Fault("a request that lacks something is registered".to_owned()));
        };
        let release = Release {
            slug: slug.clone(),
            name: wanted.title.clone(),
            feature: wanted.feature.clone(),
            team: request.team.clone(),
            owner,
            visibility: request.visibility,
            level,
            stage: None,
            planned,
            deployments: Vec::new(),
            issue: Some(request.issue.clone()),
            links: BTreeMap::new(),
            okrs: Vec::new(),
            follows: None,
            brief: wanted.brief.clone(),
            confidence: None,
            criteria: Criteria {
                checkpoints: Checkpoint::defaults(level),
                passes_when: Policy::All,
                list: Vec::new(),
            },
        };
        let changes = self.declared(caller, release).await?;
        request.release = Some(slug);
        request.made = true;
        Ok(changes)
    }

    /// What an edit of the issue changes in the release that was made of it: its name and brief, and its level and planned
    /// day while nothing is sealed or launched. Only what differs from what the issue said before: what people changed
    /// since stays. What is no longer said stays as it was.
    pub(super) async fn followed(
        &self,
        caller: &Caller,
        before: &Request,
        request: &mut Request,
    ) -> Result<Changes> {
        let wanted = &mut request.wanted;
        wanted.level = wanted.level.or(before.wanted.level);
        wanted.planned = wanted.planned.or(before.wanted.planned);
        wanted.owner = wanted.owner.take().or(before.wanted.owner.clone());
        let Some(slug) = before.release.as_ref().filter(|_| before.made) else {
            return Ok(Changes::default());
        };
        let Some(facts) = self.store.release(slug).await? else { return Ok(Changes::default()) };
        if facts.lifecycle() == Lifecycle::Cancelled {
            wanted.notes.push(format!("{slug} was cancelled and does not change"));
            return Ok(Changes::default());
        }
        let (mut release, old, new) = (facts.release.clone(), &before.wanted, &request.wanted);
        if old.title != new.title {
            release.name = new.title.clone();
        }
        for (old, new, part) in [
            (&old.brief.problem, &new.brief.problem, &mut release.brief.problem),
            (&old.brief.end_state, &new.brief.end_state, &mut release.brief.end_state),
            (&old.brief.why, &new.brief.why, &mut release.brief.why),
            (&old.brief.timeline, &new.brief.timeline, &mut release.brief.timeline),
            (&old.brief.people, &new.brief.people, &mut release.brief.people),
        ] {
            if old != new {
                part.clone_from(new);
            }
        }
        if let Some(note) =
            replanned(&facts, &mut release, (old.level, old.planned), (new.level, new.planned))
        {
            request.wanted.notes.push(note);
        }
        if release == facts.release { Ok(Changes::default()) } else { self.declared(caller, release).await }
    }

    /// What declaring a release writes.
    async fn declared(&self, caller: &Caller, release: Release) -> Result<Changes> {
        let declarations = [Declaration::Release(release)];
        match self.planned(caller, &declarations, (None, false)).await? {
            Ok((_, plan)) => Ok(plan.changes),
            Err(problems) => {
                Err(AppError::Refused(problems.into_iter().map(|(_, problem)| problem).collect()))
            }
        }
    }
}

/// Takes over another level and planned day; gives a sentence where that cannot be done any more.
fn replanned(
    facts: &ReleaseFacts,
    release: &mut Release,
    old: (Option<Level>, Option<Date>),
    new: (Option<Level>, Option<Date>),
) -> Option<String> {
    if old == new {
        return None;
    }
    if facts.lifecycle() != Lifecycle::Draft {
        return Some(format!("the level and planned day of {} are sealed and do not change", release.slug));
    }
    if let Some(level) = new.0.filter(|level| old.0 != Some(*level)) {
        // Checkpoints that nobody has chosen are those of the level.
        if release.criteria.checkpoints == Checkpoint::defaults(release.level) {
            release.criteria.checkpoints = Checkpoint::defaults(level);
        }
        release.level = level;
    }
    if let Some(planned) = new.1.filter(|planned| old.1 != Some(*planned)) {
        release.planned = planned;
    }
    None
}
