//! Editing a retro: what people wrote is checked as a whole, and all of it is written or nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use yardstick_domain::decision::Signed;
use yardstick_domain::ids::{CriterionId, PersonId, ReleaseSlug, RetroId, TeamKey};
use yardstick_domain::metric::Visibility;
use yardstick_domain::problem::Problem;
use yardstick_domain::retro::{ActionItem, ActionState, Learning, Retro, RetroStatus, Topic, Written};
use yardstick_domain::verdict::VerdictRef;
use yardstick_store::RetroEdit;

use super::texts::{bounded, is_tag, keep, twice};
use crate::error::{AppError, Result};
use crate::texts::{line, said};
use crate::{App, Caller};

/// The most releases, sections, texts of a section, topics, actions, learnings and people of a retro, and tags and
/// evidence of a learning.
const MOST_RELEASES: usize = 50;
const MOST_SECTIONS: usize = 20;
const MOST_TEXTS: usize = 100;
const MOST_TOPICS: usize = 100;
const MOST_ITEMS: usize = 200;
const MOST_TAGS: usize = 20;

/// What people write into a retro.
#[derive(Debug, Clone)]
pub struct RetroWrite {
    /// Where it stands afterwards.
    pub status: RetroStatus,
    /// What it is called.
    pub title: String,
    /// The releases it looks back on.
    pub releases: Vec<ReleaseSlug>,
    /// Who may see it; `None`: as it is.
    pub visibility: Option<Visibility>,
    /// When it takes or took place.
    pub held_at: Option<Timestamp>,
    /// Who leads it.
    pub facilitator: Option<PersonId>,
    /// Who takes part.
    pub attendees: Vec<PersonId>,
    /// Texts by section.
    pub sections: BTreeMap<String, Vec<String>>,
    /// Topics.
    pub topics: Vec<TopicWrite>,
    /// Actions.
    pub actions: Vec<ActionWrite>,
    /// Learnings.
    pub learnings: Vec<LearningWrite>,
}

/// A topic as it shall be.
#[derive(Debug, Clone)]
pub struct TopicWrite {
    /// What it is about.
    pub title: String,
    /// Votes it got.
    pub votes: u32,
    /// What was said.
    pub notes: Option<String>,
    /// What it ends in.
    pub commitment: Option<Commitment>,
}

/// What a topic ends in.
#[derive(Debug, Clone)]
pub enum Commitment {
    /// An action that is there.
    Action(i64),
    /// One that is made by it.
    New(ActionWrite),
}

/// An action as it shall be.
#[derive(Debug, Clone)]
pub struct ActionWrite {
    /// Its number; `None`: a new one.
    pub id: Option<i64>,
    /// What is to be done.
    pub text: String,
    /// Who does it.
    pub owner: PersonId,
    /// By the end of which day.
    pub due: Date,
    /// Where it stands.
    pub state: ActionState,
    /// Why it is dropped.
    pub reason: Option<String>,
    /// Address of its issue.
    pub issue: Option<String>,
}

/// A learning as it shall be.
#[derive(Debug, Clone)]
pub struct LearningWrite {
    /// Its number; `None`: a new one.
    pub id: Option<i64>,
    /// What was learned.
    pub text: String,
    /// Words it is found by.
    pub tags: Vec<String>,
    /// What it rests on.
    pub evidence: Vec<String>,
}

impl App {
    /// Replaces what people wrote into a retro, from the version that was looked at.
    ///
    /// # Errors
    /// [`AppError::Refused`] with everything that is wrong with it; [`AppError::Changed`] when somebody was quicker;
    /// [`AppError::Conflict`] when it is closed.
    pub async fn edit_retro(
        &self,
        caller: &Caller,
        id: &RetroId,
        expected: u32,
        write: &RetroWrite,
    ) -> Result<()> {
        let retro = self.retro_seen(caller, id).await?;
        self.require_member(caller, &retro.team, "write retros of").await?;
        if retro.status == RetroStatus::Closed {
            return Err(AppError::Conflict(format!(
                "retro {id} was closed; its actions go on by themselves: PUT /api/v1/actions/A-…"
            )));
        }
        if retro.version != expected {
            return Err(AppError::Changed(format!(
                "retro {id} was changed since version {expected}: it is at version {}; read it again and change that",
                retro.version
            )));
        }
        self.looked_back_on(caller, &write.releases).await?;
        let own = self.actions_of(&retro).await?;
        let learned = self.learnings_of(&retro).await?;
        let (mut edit, problems) = checked(caller, &retro, &own, &learned, write);
        if !problems.is_empty() {
            return Err(AppError::Refused(problems));
        }
        if edit.status == RetroStatus::Closed {
            edit.evidence = Some(self.frozen(caller, &retro, &edit.releases).await?);
        }
        self.store.edit_retro(&edit).await?;
        Ok(())
    }
}

/// The edit that was asked for, and everything that is wrong with it.
fn checked(
    caller: &Caller,
    retro: &Retro,
    own: &[ActionItem],
    learned: &[Learning],
    write: &RetroWrite,
) -> (RetroEdit, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut new_actions = Vec::new();
    let mut actions = Vec::new();
    bounded("releases", write.releases.len(), 1..=MOST_RELEASES, &mut problems);
    bounded("attendees", write.attendees.len(), 0..=MOST_ITEMS, &mut problems);
    bounded("actions", write.actions.len(), 0..=MOST_ITEMS, &mut problems);
    bounded("learnings", write.learnings.len(), 0..=MOST_ITEMS, &mut problems);
    bounded("topics", write.topics.len(), 0..=MOST_TOPICS, &mut problems);
    for (index, one) in write.actions.iter().enumerate() {
        let field = format!("actions[{index}].");
        let item = action(one, &retro.id, &retro.team, caller, &field, &mut problems);
        match one.id {
            None => new_actions.push(item),
            Some(id) => match own.iter().find(|own| own.id == id) {
                None => problems
                    .push(Problem::new(format!("{field}id"), format!("this retro has no action A-{id}"))),
                Some(before) => actions.extend(changed(before, item)),
            },
        }
    }
    let named: BTreeSet<i64> = write.actions.iter().filter_map(|action| action.id).collect();
    for left_out in own.iter().filter(|own| !named.contains(&own.id)) {
        let message =
            format!("A-{} is left out; drop it with a reason instead: \"state\": \"dropped\"", left_out.id);
        problems.push(Problem::new("actions", message));
    }
    twice("actions", write.actions.iter().map(|action| action.id), "A", &mut problems);
    twice("learnings", write.learnings.iter().map(|learning| learning.id), "L", &mut problems);
    let topics = topics(caller, retro, own, write, &mut new_actions, &mut problems);
    // Those of topics too: what is there once must be named in every edit from then on.
    if write.actions.len() <= MOST_ITEMS {
        bounded("actions", own.len() + new_actions.len(), 0..=MOST_ITEMS, &mut problems);
    }
    let (new_learnings, learnings) = learnings(caller, retro, learned, write, &mut problems);
    let kept: BTreeSet<i64> = write.learnings.iter().filter_map(|learning| learning.id).collect();
    let gone = learned.iter().map(|learning| learning.id).filter(|id| !kept.contains(id)).collect();
    if write.status != RetroStatus::Collecting && write.held_at.is_none() {
        problems.push(Problem::new(
            "held_at",
            format!("is missing; a retro that is {} took place", write.status),
        ));
    }
    let title = keep(line("title", &write.title, 200), &mut problems);
    let written = Written {
        held_at: write.held_at,
        facilitator: write.facilitator.clone(),
        attendees: write.attendees.clone(),
        sections: sections(write, &mut problems),
        topics,
    };
    let edit = RetroEdit {
        id: retro.id.clone(),
        expected: retro.version,
        title,
        status: write.status,
        visibility: write.visibility.unwrap_or(retro.visibility),
        releases: write.releases.clone(),
        written,
        new_actions,
        actions,
        new_learnings,
        learnings,
        gone,
        evidence: None,
        by: Signed { by: caller.actor.clone(), at: caller.now },
    };
    (edit, problems)
}

/// An action that differs from what it was, under its number.
fn changed(before: &ActionItem, after: ActionItem) -> Option<ActionItem> {
    let ended_at = if before.state == after.state { before.ended_at } else { after.ended_at };
    let after =
        ActionItem { id: before.id, version: before.version, made: before.made.clone(), ended_at, ..after };
    (after != *before).then_some(after)
}

/// An action as it shall be; what is wrong with it, by its fields behind `field`.
pub(super) fn action(
    write: &ActionWrite,
    retro: &RetroId,
    team: &TeamKey,
    caller: &Caller,
    field: &str,
    problems: &mut Vec<Problem>,
) -> ActionItem {
    let text = keep(said(&format!("{field}text"), &write.text, 1_000), problems);
    let reason =
        write.reason.as_deref().map(|reason| keep(said(&format!("{field}reason"), reason, 1_000), problems));
    if write.state == ActionState::Dropped && reason.is_none() {
        problems
            .push(Problem::new(format!("{field}reason"), "is missing; an action is dropped for a reason"));
    }
    let issue =
        write.issue.as_deref().map(|issue| keep(line(&format!("{field}issue"), issue, 2_000), problems));
    if issue.as_deref().is_some_and(|issue| !issue.starts_with("https://") && !issue.starts_with("http://")) {
        problems.push(Problem::new(
            format!("{field}issue"),
            "is no address; expected one that begins with https://",
        ));
    }
    if !(1900..=2200).contains(&write.due.year()) {
        problems.push(Problem::new(format!("{field}due"), "expected a year from 1900 to 2200"));
    }
    ActionItem {
        id: 0,
        retro: retro.clone(),
        team: team.clone(),
        version: 1,
        text,
        owner: write.owner.clone(),
        due: write.due,
        state: write.state,
        reason,
        issue,
        made: Signed { by: caller.actor.clone(), at: caller.now },
        ended_at: (write.state != ActionState::Open).then_some(caller.now),
    }
}

fn topics(
    caller: &Caller,
    retro: &Retro,
    own: &[ActionItem],
    write: &RetroWrite,
    new_actions: &mut Vec<ActionItem>,
    problems: &mut Vec<Problem>,
) -> Vec<Topic> {
    let mut topics = Vec::with_capacity(write.topics.len());
    for (index, topic) in write.topics.iter().enumerate() {
        let field = format!("topics[{index}]");
        let commitment = format!("{field}.commitment");
        let ends_in = match &topic.commitment {
            None => {
                if write.status == RetroStatus::Closed {
                    let message =
                        "is missing; a retro closes when each topic ends in an action with an owner";
                    problems.push(Problem::new(commitment, message));
                }
                None
            }
            Some(Commitment::Action(id)) => {
                if !own.iter().any(|own| own.id == *id) {
                    let message = format!("this retro has no action A-{id}");
                    problems.push(Problem::new(format!("{commitment}.action"), message));
                }
                Some(*id)
            }
            Some(Commitment::New(write)) => {
                new_actions.push(action(
                    write,
                    &retro.id,
                    &retro.team,
                    caller,
                    &format!("{commitment}."),
                    problems,
                ));
                // Its place among the new ones, until it has a number.
                Some(-(new_actions.len() as i64))
            }
        };
        let notes =
            topic.notes.as_deref().map(|notes| keep(said(&format!("{field}.notes"), notes, 4_000), problems));
        let title = keep(line(&format!("{field}.title"), &topic.title, 500), problems);
        topics.push(Topic { title, votes: topic.votes, notes, action: ends_in });
    }
    topics
}

fn learnings(
    caller: &Caller,
    retro: &Retro,
    learned: &[Learning],
    write: &RetroWrite,
    problems: &mut Vec<Problem>,
) -> (Vec<Learning>, Vec<Learning>) {
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for (index, one) in write.learnings.iter().enumerate() {
        let field = format!("learnings[{index}]");
        bounded(&format!("{field}.tags"), one.tags.len(), 0..=MOST_TAGS, problems);
        bounded(&format!("{field}.evidence"), one.evidence.len(), 0..=MOST_TAGS, problems);
        for (place, tag) in one.tags.iter().enumerate().filter(|(_, tag)| !is_tag(tag)) {
            let message = format!("{tag:?} is no tag; expected 1 to 40 of a-z 0-9 -");
            problems.push(Problem::new(format!("{field}.tags[{place}]"), message));
        }
        for (place, evidence) in one.evidence.iter().enumerate() {
            if !rests_on(evidence, &write.releases) {
                let message = format!(
                    "{evidence:?} refers to no verdict of this retro's releases; expected such as {}/d28#criterion",
                    write.releases.first().map_or("release", ReleaseSlug::as_str)
                );
                problems.push(Problem::new(format!("{field}.evidence[{place}]"), message));
            }
        }
        let learning = Learning {
            id: one.id.unwrap_or(0),
            retro: retro.id.clone(),
            team: retro.team.clone(),
            text: keep(said(&format!("{field}.text"), &one.text, 2_000), problems),
            tags: one.tags.clone(),
            evidence: one.evidence.clone(),
            made: Signed { by: caller.actor.clone(), at: caller.now },
        };
        match one.id {
            None => new.push(learning),
            Some(id) if learned.iter().any(|known| known.id == id) => changed.push(learning),
            Some(id) => {
                problems
                    .push(Problem::new(format!("{field}.id"), format!("this retro has no learning L-{id}")));
            }
        }
    }
    (new, changed)
}

/// Whether a text such as `release/d28#criterion` refers to a verdict of one of these releases.
fn rests_on(text: &str, releases: &[ReleaseSlug]) -> bool {
    let (at, criterion) = text.split_once('#').map_or((text, None), |(at, criterion)| (at, Some(criterion)));
    let at: std::result::Result<VerdictRef, _> = at.parse();
    at.is_ok_and(|at| releases.contains(&at.release))
        && criterion.is_none_or(|criterion| criterion.parse::<CriterionId>().is_ok())
}

fn sections(write: &RetroWrite, problems: &mut Vec<Problem>) -> BTreeMap<String, Vec<String>> {
    bounded("sections", write.sections.len(), 0..=MOST_SECTIONS, problems);
    let mut sections = BTreeMap::new();
    for (name, texts) in &write.sections {
        let is_name = (1..=40).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !is_name {
            let message = format!("{name:?} is no name of a section; expected 1 to 40 of a-z 0-9 _");
            problems.push(Problem::new("sections", message));
            continue;
        }
        bounded(&format!("sections.{name}"), texts.len(), 0..=MOST_TEXTS, problems);
        let one = |(index, text): (usize, &String)| {
            keep(said(&format!("sections.{name}[{index}]"), text, 2_000), problems)
        };
        sections.insert(name.clone(), texts.iter().enumerate().map(one).collect());
    }
    sections
}
