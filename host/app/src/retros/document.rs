//! A retro as a document.

use yardstick_client::api::{CommitmentPart, RetroActionPart, RetroDocument, RetroLearningPart, TopicPart};
use yardstick_domain::ids::RetroId;
use yardstick_domain::retro::{ActionItem, Learning, Retro, Topic};
use yardstick_store::{ActionFilter, LearningFilter};

use super::evidence::Frozen;
use crate::error::{AppError, Result};
use crate::{App, Caller};

/// The most actions and learnings of a retro: more than an edit lets it have.
const MOST: u32 = 500;

impl App {
    /// A retro that whoever asks may see, with what the host knows of its releases.
    ///
    /// # Errors
    /// [`AppError::NotFound`] with the nearest known id.
    pub async fn retro_document(&self, caller: &Caller, id: &RetroId) -> Result<RetroDocument> {
        let retro = self.retro_seen(caller, id).await?;
        let (evidence, previous_actions) = match &retro.evidence {
            Some(kept) => {
                let kept: Frozen = serde_json::from_str(kept).map_err(AppError::fault)?;
                let mut evidence = kept.evidence;
                self.revised_since(&mut evidence).await?;
                (evidence, kept.previous_actions)
            }
            None => (self.evidence(caller, &retro.releases).await?, self.previous_actions(&retro).await?),
        };
        let mut actions = self.actions_of(&retro).await?;
        actions.sort_by_key(|action| action.id);
        let mut learnings = self.learnings_of(&retro).await?;
        learnings.sort_by_key(|learning| learning.id);
        Ok(RetroDocument {
            id: retro.id.to_string(),
            version: retro.version,
            status: retro.status.into(),
            title: retro.title,
            team: retro.team.to_string(),
            visibility: retro.visibility.as_str().to_owned(),
            releases: retro.releases.iter().map(ToString::to_string).collect(),
            held_at: retro.written.held_at,
            facilitator: retro.written.facilitator.map(|person| person.to_string()),
            attendees: retro.written.attendees.iter().map(ToString::to_string).collect(),
            opened_at: retro.opened.at,
            opened_by: retro.opened.by.to_string(),
            closed_at: retro.closed.as_ref().map(|closed| closed.at),
            closed_by: retro.closed.as_ref().map(|closed| closed.by.to_string()),
            evidence,
            previous_actions,
            sections: retro.written.sections,
            topics: retro.written.topics.iter().map(topic).collect(),
            actions: actions.iter().map(action_part).collect(),
            learnings: learnings.iter().map(learning_part).collect(),
        })
    }

    pub(super) async fn actions_of(&self, retro: &Retro) -> Result<Vec<ActionItem>> {
        let filter = ActionFilter { retro: Some(retro.id.clone()), ..ActionFilter::default() };
        Ok(self.store.actions(&filter, None, MOST).await?.items)
    }

    pub(super) async fn learnings_of(&self, retro: &Retro) -> Result<Vec<Learning>> {
        let filter = LearningFilter { retro: Some(retro.id.clone()), ..LearningFilter::default() };
        Ok(self.store.learnings(&filter, 0, MOST).await?.items)
    }
}

fn topic(topic: &Topic) -> TopicPart {
    TopicPart {
        title: topic.title.clone(),
        votes: topic.votes,
        notes: topic.notes.clone(),
        commitment: topic.action.map(|id| CommitmentPart { action: format!("A-{id}") }),
    }
}

/// An action as a retro shows it.
pub(super) fn action_part(action: &ActionItem) -> RetroActionPart {
    RetroActionPart {
        id: format!("A-{}", action.id),
        text: action.text.clone(),
        owner: action.owner.to_string(),
        due: action.due,
        state: action.state.into(),
        reason: action.reason.clone(),
        issue: action.issue.clone(),
    }
}

fn learning_part(learning: &Learning) -> RetroLearningPart {
    RetroLearningPart {
        id: format!("L-{}", learning.id),
        text: learning.text.clone(),
        tags: learning.tags.clone(),
        evidence: learning.evidence.clone(),
    }
}
