//! Comments, and sign-offs by peers.

use yardstick_domain::access::Scope;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::criteria::Criterion;
use yardstick_domain::decision::{Addressee, Comment, CommentKind, Review, Reviewed, Signed};
use yardstick_domain::event::{EventKind, NewEvent};
use yardstick_domain::ids::{CriterionId, PersonId, ReleaseSlug};
use yardstick_domain::people::Actor;
use yardstick_domain::problem::Problem;
use yardstick_domain::release::ReleaseFacts;
use yardstick_domain::verdict::{VerdictNumber, VerdictRef};
use yardstick_store::{CommentFilter, Page};

use crate::error::{AppError, Result};
use crate::texts::said;
use crate::{App, Caller};

/// The longest text of a comment, in characters.
const MOST_TEXT: usize = 4_000;

/// A comment to be.
#[derive(Debug, Clone)]
pub struct NewComment {
    /// The release.
    pub release: ReleaseSlug,
    /// The verdict it is about; `None`: what was agreed.
    pub about: Option<(Checkpoint, VerdictNumber)>,
    /// The criterion it is about; `None`: all of it.
    pub criterion: Option<CriterionId>,
    /// What it wants.
    pub kind: CommentKind,
    /// Whom it asks; `None`: the metrics' owners where it names a criterion, the release's owner otherwise.
    pub to: Option<Addressee>,
    /// What it says.
    pub text: String,
}

/// A sign-off to be.
#[derive(Debug, Clone)]
pub struct NewReview {
    /// The release.
    pub release: ReleaseSlug,
    /// The verdict that was looked at; `None`: the criteria.
    pub about: Option<(Checkpoint, VerdictNumber)>,
    /// Whether whoever looked agrees.
    pub agrees: bool,
    /// What they say to it.
    pub text: Option<String>,
}

impl App {
    /// Says something about a verdict or about criteria. A question or a dispute is addressed to somebody and open until
    /// it is answered. Everybody who sees the release may.
    ///
    /// # Errors
    /// [`AppError::Refused`] for an unknown criterion or a text that will not do; [`AppError::Forbidden`] for a token that
    /// only reads.
    pub async fn comment(&self, caller: &Caller, new: &NewComment) -> Result<Comment> {
        let facts = self.visible(caller, &new.release).await?;
        may_write(caller, "comment")?;
        let verdict = match new.about {
            None => None,
            Some(about) => self.looked_at(&new.release, Some(about)).await?.map(|verdict| verdict.at),
        };
        let criteria = match &verdict {
            Some(at) => {
                self.verdict_named(at).await?.judgements.into_iter().map(|one| one.criterion).collect()
            }
            None => facts.release.criteria.list.clone(),
        };
        let text = said("text", &new.text, MOST_TEXT)?;
        let criterion = match &new.criterion {
            None => None,
            Some(id) => Some(named(&criteria, id)?),
        };
        let asks = new.kind != CommentKind::Remark;
        let to = if asks { self.asked(&facts, criterion, new.to).await? } else { Vec::new() };
        let comment = Comment {
            id: 0,
            release: new.release.clone(),
            verdict,
            criterion: new.criterion.clone(),
            kind: new.kind,
            text,
            to,
            made: Signed { by: caller.actor.clone(), at: caller.now },
            is_open: asks,
            answer: None,
        };
        let id = self.store.put_comment(&comment, |id| opened(id, &facts, &comment)).await?;
        Ok(Comment { id, ..comment })
    }

    /// Whom a comment asks.
    async fn asked(
        &self,
        facts: &ReleaseFacts,
        criterion: Option<&Criterion>,
        to: Option<Addressee>,
    ) -> Result<Vec<PersonId>> {
        let owner = || vec![facts.release.owner.clone()];
        let to = to.unwrap_or(if criterion.is_some() { Addressee::Metric } else { Addressee::Owner });
        let (Some(criterion), false) = (criterion, to == Addressee::Owner) else {
            if to == Addressee::Owner {
                return Ok(owner());
            }
            let message = format!("a comment to the {to} needs the criterion that it is about");
            return Err(AppError::Refused(vec![Problem::new("criterion", message)]));
        };
        let mut asked = Vec::new();
        if to == Addressee::Metric {
            for key in criterion.metrics.values() {
                if let Some(metric) = self.store.metric(key).await? {
                    asked.push(metric.owner);
                }
            }
        } else if let Some(team) = criterion.judge.name.team() {
            asked.extend(self.team(&team).await?.maintainers());
        } else {
            // What is built in, operators answer for.
            asked.extend(self.operators().await?);
        }
        asked.sort();
        asked.dedup();
        Ok(if asked.is_empty() { owner() } else { asked })
    }

    /// Answers a comment, which closes it: whom it asks, the release's team, and whoever made it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for others; [`AppError::Conflict`] when nobody waits for an answer.
    pub async fn answer_comment(&self, caller: &Caller, id: i64, answer: &str) -> Result<Comment> {
        let none = || AppError::NotFound { what: format!("comment {id}"), hint: String::new() };
        let comment = self.store.comment(id).await?.ok_or_else(none)?;
        if !self.is_visible(&self.sees(caller).await?, &comment.release).await? {
            return Err(none());
        }
        may_write(caller, "answer comments")?;
        let is_asked = match &caller.actor {
            Actor::Person(person) => comment.to.contains(person) || comment.made.by == caller.actor,
            _ => false,
        };
        if !is_asked {
            self.own_release(caller, &comment.release, "answer comments of").await?;
        }
        let answer = said("answer", answer, MOST_TEXT)?;
        self.store.answer_comment(id, &answer, &caller.actor, caller.now).await?;
        self.store.comment(id).await?.ok_or_else(none)
    }

    /// Comments, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page before gave.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a release that is not there.
    pub async fn comments(
        &self,
        caller: &Caller,
        filter: &CommentFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<Comment, i64>> {
        let filter = self.comments_seen(caller, filter).await?;
        Ok(self.store.comments(&filter, before, limit).await?)
    }

    /// Signs criteria or a verdict off, or says what is wrong with it. A peer does: neither the owner nor whoever
    /// registered what is looked at.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for them and for programs; [`AppError::Refused`] for an objection without a word.
    pub async fn review(&self, caller: &Caller, new: &NewReview) -> Result<Review> {
        let slug = &new.release;
        let facts = self.visible(caller, slug).await?;
        may_write(caller, "review")?;
        let Actor::Person(by) = &caller.actor else {
            return Err(AppError::Forbidden(format!(
                "only a person signs anything off, with a token of their own; {} is none",
                caller.actor
            )));
        };
        let wrote = new.about.is_none() && self.author(&facts).await?.as_ref() == Some(&caller.actor);
        let own = facts.release.owner == *by || wrote;
        if own {
            self.refused(caller, "review", &format!("release {slug}")).await?;
            return Err(AppError::Forbidden(format!(
                "{slug} is your own; a peer reviews it, so ask somebody who neither owns nor wrote it"
            )));
        }
        let text = new.text.as_deref().map(|text| said("text", text, MOST_TEXT)).transpose()?;
        if !new.agrees && text.is_none() {
            let message = "is missing; whoever does not agree says with what";
            return Err(AppError::Refused(vec![Problem::new("text", message)]));
        }
        let of = match new.about {
            None => Reviewed::Criteria(facts.version),
            Some(about) => {
                let verdict = self.looked_at(slug, Some(about)).await?;
                Reviewed::Verdict(verdict.ok_or_else(|| AppError::fault("a verdict is gone"))?.at)
            }
        };
        let made = Signed { by: by.clone(), at: caller.now };
        let review = Review { id: 0, release: slug.clone(), of, made, agrees: new.agrees, text };
        let id = self.store.put_review(&review).await?;
        Ok(Review { id, ..review })
    }

    /// Who wrote a release's criteria: registered the first of the versions that say the same as the newest. Whoever moved
    /// the planned day since wrote none.
    async fn author(&self, facts: &ReleaseFacts) -> Result<Option<Actor>> {
        let versions = self.store.criteria_versions(&facts.release.slug).await?;
        let same =
            versions.into_iter().rev().take_while(|version| version.criteria == facts.release.criteria);
        Ok(same.last().map(|version| version.created_by))
    }

    /// Sign-offs, the newest first, a page of at most `limit` at a time. `before` is the cursor that the page before gave.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a release that is not there.
    pub async fn reviews(
        &self,
        caller: &Caller,
        filter: &CommentFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<Review, i64>> {
        let filter = self.comments_seen(caller, filter).await?;
        Ok(self.store.reviews(&filter, before, limit).await?)
    }

    async fn comments_seen(&self, caller: &Caller, filter: &CommentFilter) -> Result<CommentFilter> {
        if let Some(slug) = &filter.release {
            self.visible(caller, slug).await?;
        }
        Ok(CommentFilter { sees: self.sees(caller).await?, ..filter.clone() })
    }
}

/// Refuses a token that only reads.
fn may_write(caller: &Caller, what: &str) -> Result<()> {
    if caller.scopes.allow(Scope::Write) {
        return Ok(());
    }
    Err(AppError::Forbidden(format!("a token without the scope write cannot {what}; make one that has it")))
}

fn named<'a>(criteria: &'a [Criterion], id: &CriterionId) -> Result<&'a Criterion> {
    criteria.iter().find(|criterion| criterion.id == *id).ok_or_else(|| {
        let hint = yardstick_domain::nearest::hint(id.as_str(), criteria.iter().map(|one| one.id.as_str()));
        AppError::Refused(vec![Problem::new("criterion", format!("there is no criterion {id}{hint}"))])
    })
}

fn opened(id: i64, facts: &ReleaseFacts, comment: &Comment) -> NewEvent {
    let about =
        comment.verdict.as_ref().map_or(format!("the criteria of {}", comment.release), VerdictRef::numbered);
    let criterion = comment.criterion.as_ref().map_or(String::new(), |id| format!(" ({id})"));
    let does = if comment.kind == CommentKind::Dispute { "disputes" } else { "asks about" };
    let mut text: String = comment.text.chars().take(200).collect();
    if text.len() < comment.text.len() {
        text.push('…');
    }
    NewEvent {
        kind: EventKind::CommentOpened,
        key: id.to_string(),
        at: comment.made.at,
        team: Some(facts.release.team.clone()),
        release: Some(comment.release.clone()),
        verdict: comment.verdict.clone(),
        urgent: false,
        says: format!("{} {does} {about}{criterion}: {text}", comment.made.by),
        advice: Some(format!("Answer it: yardstick comment answer {id} \"…\"")),
        to: comment.to.clone(),
    }
}
