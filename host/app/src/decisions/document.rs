//! What people made of a verdict, in its document.

use yardstick_client::document::{CommentPart, DecisionPart, ReviewPart, VerdictDocument};
use yardstick_domain::decision::{Action, Comment, Decision, Review, Reviewed, Stance, Standing};
use yardstick_domain::verdict::{VerdictNumber, VerdictRef};
use yardstick_store::{CommentFilter, DecisionFilter};

use crate::error::Result;
use crate::{App, Caller, PAGE};

impl App {
    /// Puts into the document of a verdict what people made of this very revision, and what they asked of earlier ones of its
    /// checkpoint, or of what was agreed, and nobody has answered.
    pub(crate) async fn with_people(
        &self,
        caller: &Caller,
        at: &VerdictRef,
        document: &mut VerdictDocument,
    ) -> Result<()> {
        let release = Some(at.release.clone());
        let filter = DecisionFilter { release: release.clone(), ..DecisionFilter::default() };
        let decisions = self.store.decisions(&filter, None, PAGE).await?.items;
        let own = decisions.iter().filter(|decision| decision.verdict.as_ref() == Some(at));
        document.decisions = own.map(|own| decision(own, caller)).collect();
        let filter = CommentFilter { release, ..CommentFilter::default() };
        let comments = self.store.comments(&filter, None, PAGE).await?.items;
        let concerns = |comment: &&Comment| match &comment.verdict {
            Some(about) if about == at => true,
            Some(about) => comment.is_open && about.checkpoint == at.checkpoint && is_earlier(about, at),
            None => comment.is_open,
        };
        document.comments = comments.iter().filter(concerns).map(|one| comment(one, at)).collect();
        let reviews = self.store.reviews(&filter, None, PAGE).await?.items;
        let of = Reviewed::Verdict(at.clone());
        document.reviews = reviews.iter().filter(|own| own.of == of).map(review).collect();
        Ok(())
    }
}

fn decision(decision: &Decision, caller: &Caller) -> DecisionPart {
    let (outcome, until) = decision.stance.and_then(Stance::overrides).unzip();
    DecisionPart {
        id: decision.id,
        standing: match decision.standing(caller.now) {
            Standing::Stands => "stands",
            Standing::WaitsForApproval => "waits-for-approval",
            Standing::Expired => "expired",
            Standing::Withdrawn => "withdrawn",
        }
        .to_owned(),
        stance: decision.stance.map(|stance| stance.as_str().to_owned()),
        outcome: outcome.map(|outcome| outcome.to_string()),
        until: until.map(|until| until.to_string()),
        action: decision.action.map(|action| action.kind().to_string()),
        extend_to: decision.action.and_then(Action::extends_to).map(|to| to.to_string()),
        reason: decision.reason.clone(),
        at: decision.made.at.to_string(),
        by: decision.made.by.to_string(),
        approved_by: decision.approved.as_ref().map(|signed| signed.by.to_string()),
    }
}

/// Whether one revision is before another one.
fn is_earlier(one: &VerdictRef, other: &VerdictRef) -> bool {
    match (one.number, other.number) {
        (VerdictNumber::Revision(one), VerdictNumber::Revision(other)) => one < other,
        _ => false,
    }
}

fn comment(comment: &Comment, at: &VerdictRef) -> CommentPart {
    let about = match &comment.verdict {
        Some(about) if about == at => None,
        Some(about) => Some(about.numbered()),
        None => Some("criteria".to_owned()),
    };
    CommentPart {
        id: comment.id,
        about,
        criterion: comment.criterion.as_ref().map(ToString::to_string),
        kind: comment.kind.to_string(),
        text: comment.text.clone(),
        to: comment.to.iter().map(ToString::to_string).collect(),
        open: comment.is_open,
        at: comment.made.at.to_string(),
        by: comment.made.by.to_string(),
        answer: comment.answer.as_ref().map(|(_, text)| text.clone()),
    }
}

fn review(review: &Review) -> ReviewPart {
    ReviewPart {
        agrees: review.agrees,
        text: review.text.clone(),
        at: review.made.at.to_string(),
        by: review.made.by.to_string(),
    }
}
