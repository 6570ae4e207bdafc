//! Comments and sign-offs.

use yardstick_app::{App, Caller, NewComment, NewReview};
use yardstick_client::api::{
    AnswerRequest, CommentDocument, CommentRequest, CommentsRequest, Page, ReviewDocument, ReviewRequest,
    ReviewsRequest,
};
use yardstick_domain::decision::{Comment, Review, Reviewed};
use yardstick_domain::verdict::VerdictRef;
use yardstick_store::CommentFilter;

use super::Result;
use super::decisions::about;
use super::reading::{Reading, parse};

/// Comments, the newest first.
pub(crate) async fn list(
    app: &App,
    caller: &Caller,
    request: &CommentsRequest,
) -> Result<Page<CommentDocument>> {
    let mut reading = Reading::default();
    let filter = CommentFilter {
        release: reading.maybe("release", request.release.as_ref()),
        team: reading.maybe("team", request.team.as_ref()),
        only_open: request.open,
        to: reading.maybe("to", request.to.as_ref()),
        ..CommentFilter::default()
    };
    let before = reading.cursor(request.cursor.as_ref(), |text| text.parse().ok());
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.comments(caller, &filter, before, limit).await?;
    Ok(Page { items: page.items.iter().map(document).collect(), next: page.next.map(|id| id.to_string()) })
}

/// Comments on a verdict, a criterion or what was agreed.
pub(crate) async fn comment(
    app: &App,
    caller: &Caller,
    release: &str,
    request: &CommentRequest,
) -> Result<CommentDocument> {
    let mut reading = Reading::default();
    let read = reading.must("release", release).zip(reading.must("kind", &request.kind));
    let about = reading.with("verdict", request.verdict.as_ref(), about);
    let criterion = reading.maybe("criterion", request.criterion.as_ref());
    let to = reading.maybe("to", request.to.as_ref());
    let (release, kind) = reading.all(read)?;
    let new = NewComment { release, about, criterion, kind, to, text: request.text.clone() };
    Ok(document(&app.comment(caller, &new).await?))
}

/// Answers a comment.
pub(crate) async fn answer(
    app: &App,
    caller: &Caller,
    id: &str,
    request: &AnswerRequest,
) -> Result<CommentDocument> {
    Ok(document(&app.answer_comment(caller, parse("id", id)?, &request.answer).await?))
}

/// Sign-offs, the newest first.
pub(crate) async fn reviews(
    app: &App,
    caller: &Caller,
    request: &ReviewsRequest,
) -> Result<Page<ReviewDocument>> {
    let mut reading = Reading::default();
    let filter = CommentFilter {
        release: reading.maybe("release", request.release.as_ref()),
        team: reading.maybe("team", request.team.as_ref()),
        ..CommentFilter::default()
    };
    let before = reading.cursor(request.cursor.as_ref(), |text| text.parse().ok());
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.reviews(caller, &filter, before, limit).await?;
    Ok(Page { items: page.items.iter().map(signed).collect(), next: page.next.map(|id| id.to_string()) })
}

/// Signs criteria or a verdict off, or objects.
pub(crate) async fn review(
    app: &App,
    caller: &Caller,
    release: &str,
    request: &ReviewRequest,
) -> Result<ReviewDocument> {
    let mut reading = Reading::default();
    let release = reading.must("release", release);
    let about = reading.with("verdict", request.verdict.as_ref(), about);
    let release = reading.all(release)?;
    let new = NewReview { release, about, agrees: request.agrees, text: request.text.clone() };
    Ok(signed(&app.review(caller, &new).await?))
}

/// A comment as a document.
pub(crate) fn document(comment: &Comment) -> CommentDocument {
    CommentDocument {
        id: comment.id,
        release: comment.release.to_string(),
        verdict: comment.verdict.as_ref().map(VerdictRef::numbered),
        criterion: comment.criterion.as_ref().map(ToString::to_string),
        kind: comment.kind.into(),
        text: comment.text.clone(),
        to: comment.to.iter().map(ToString::to_string).collect(),
        open: comment.is_open,
        at: comment.made.at,
        by: comment.made.by.to_string(),
        answer: comment.answer.as_ref().map(|(_, text)| text.clone()),
        answered_at: comment.answer.as_ref().map(|(signed, _)| signed.at),
        answered_by: comment.answer.as_ref().map(|(signed, _)| signed.by.to_string()),
    }
}

fn signed(review: &Review) -> ReviewDocument {
    let (version, verdict) = match &review.of {
        Reviewed::Criteria(version) => (Some(*version), None),
        Reviewed::Verdict(at) => (None, Some(at.numbered())),
    };
    ReviewDocument {
        id: review.id,
        release: review.release.to_string(),
        version,
        verdict,
        at: review.made.at,
        by: review.made.by.to_string(),
        agrees: review.agrees,
        text: review.text.clone(),
    }
}
