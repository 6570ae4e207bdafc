//! Retros, their actions, and the library of learnings.

use jiff::Timestamp;
use jiff::civil::Date;
use yardstick_app::{ActionWrite, App, Caller, Commitment, LearningWrite, OpenRetro, RetroWrite, TopicWrite};
use yardstick_client::api::{
    ActionDocument, ActionPartRequest, ActionRequest, ActionsRequest, CommitmentRequest, LearningDocument,
    LearningsRequest, OpenRetroRequest, Page, ReasonRequest, ReleaseDocument, RetroDocument,
    RetroReportRequest, RetroRequest, RetroSummary, RetrosRequest,
};
use yardstick_domain::ids::{PersonId, ReleaseSlug, RetroId};
use yardstick_domain::metric::Visibility;
use yardstick_domain::problem::Problem;
use yardstick_domain::retro::{ActionItem, ActionState, Learning, Retro, Template, search_words};
use yardstick_report::redact::Redaction;
use yardstick_report::{html, retro as report};
use yardstick_store::{ActionFilter, LearningFilter, RetroFilter};

use super::reading::{Reading, day, parse};
use super::{Error, Result, releases};

/// Characters of a question to the library, at most.
const LONGEST_QUESTION: usize = 1_000;

/// Retros, the newest first.
pub(crate) async fn list(app: &App, caller: &Caller, request: &RetrosRequest) -> Result<Page<RetroSummary>> {
    let mut reading = Reading::default();
    let filter = RetroFilter {
        team: reading.maybe("team", request.team.as_ref()),
        release: reading.maybe("release", request.release.as_ref()),
        status: reading.maybe("status", request.status.as_ref()),
        ..RetroFilter::default()
    };
    let before = reading.cursor(request.cursor.as_ref(), |text| {
        let (at, id) = text.split_once('_')?;
        Some((Timestamp::from_millisecond(at.parse().ok()?).ok()?, id.parse::<RetroId>().ok()?))
    });
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.retros(caller, &filter, before.as_ref(), limit).await?;
    let next = page.next.map(|(at, id)| format!("{}_{id}", at.as_millisecond()));
    Ok(Page { items: page.items.iter().map(summary).collect(), next })
}

/// A retro, with what the host knows of its releases.
pub(crate) async fn show(app: &App, caller: &Caller, id: &str) -> Result<RetroDocument> {
    Ok(app.retro_document(caller, &parse("retro", id)?).await?)
}

/// Opens a retro.
pub(crate) async fn open(app: &App, caller: &Caller, request: &OpenRetroRequest) -> Result<RetroDocument> {
    let mut reading = Reading::default();
    let releases = slugs(&mut reading, &request.releases);
    let id = reading.maybe("id", request.id.as_ref());
    let team = reading.maybe("team", request.team.as_ref());
    let template = reading.maybe("template", request.template.as_ref()).unwrap_or(Template::WentWell);
    let facilitator = reading.maybe("facilitator", request.facilitator.as_ref());
    let visibility = reading.with("visibility", request.visibility.as_ref(), visibility);
    reading.end()?;
    let new =
        OpenRetro { releases, id, team, title: request.title.clone(), template, facilitator, visibility };
    let id = app.open_retro(caller, &new).await?;
    Ok(app.retro_document(caller, &id).await?)
}

/// Replaces what people wrote into a retro.
pub(crate) async fn edit(
    app: &App,
    caller: &Caller,
    id: &str,
    version: u32,
    request: &RetroRequest,
) -> Result<RetroDocument> {
    let mut reading = Reading::default();
    let id = reading.must::<RetroId>("retro", id);
    if let (Some(id), Some(said)) = (&id, &request.id)
        && id.as_str() != said
    {
        reading.also(vec![Problem::new("id", format!("{said:?} is another retro than {id}"))]);
    }
    let write = written(&mut reading, request);
    let id = reading.all(id)?;
    let Some(write) = write else { return Err(Error::Malformed(Vec::new())) };
    app.edit_retro(caller, &id, version, &write).await?;
    Ok(app.retro_document(caller, &id).await?)
}

/// What people wrote; `None`: something is wrong with it.
fn written(reading: &mut Reading, request: &RetroRequest) -> Option<RetroWrite> {
    let status = reading.must("status", &request.status);
    let releases = slugs(reading, &request.releases);
    let visibility = reading.with("visibility", request.visibility.as_ref(), visibility);
    let held_at = reading.with("held_at", request.held_at.as_ref(), |text| {
        text.parse()
            .map_err(|_| format!("{text:?} is no instant with an offset, such as 2026-04-14T15:00:00Z"))
    });
    let facilitator = reading.maybe("facilitator", request.facilitator.as_ref());
    let people = request.attendees.iter().enumerate();
    let attendees: Vec<Option<PersonId>> =
        people.map(|(index, person)| reading.must(&format!("attendees[{index}]"), person)).collect();
    let mut topics = Vec::with_capacity(request.topics.len());
    for (index, topic) in request.topics.iter().enumerate() {
        let field = format!("topics[{index}].commitment");
        let commitment =
            topic.commitment.as_ref().and_then(|commitment| committed(reading, &field, commitment));
        topics.push(TopicWrite {
            title: topic.title.clone(),
            votes: topic.votes,
            notes: topic.notes.clone().filter(|notes| !notes.trim().is_empty()),
            commitment,
        });
    }
    let mut actions = Vec::with_capacity(request.actions.len());
    for (index, action) in request.actions.iter().enumerate() {
        actions.extend(acted(reading, &format!("actions[{index}]."), action));
    }
    let mut learnings = Vec::with_capacity(request.learnings.len());
    for (index, learning) in request.learnings.iter().enumerate() {
        let id =
            reading.with(&format!("learnings[{index}].id"), learning.id.as_ref(), |text| number("L-", text));
        let (text, tags, evidence) =
            (learning.text.clone(), learning.tags.clone(), learning.evidence.clone());
        learnings.push(LearningWrite { id, text, tags, evidence });
    }
    Some(RetroWrite {
        status: status?,
        title: request.title.clone(),
        releases,
        visibility,
        held_at,
        facilitator,
        attendees: attendees.into_iter().flatten().collect(),
        sections: request.sections.clone(),
        topics,
        actions,
        learnings,
    })
}

fn slugs(reading: &mut Reading, texts: &[String]) -> Vec<ReleaseSlug> {
    let named = texts.iter().enumerate();
    let slugs: Vec<Option<ReleaseSlug>> =
        named.map(|(index, text)| reading.must(&format!("releases[{index}]"), text)).collect();
    slugs.into_iter().flatten().collect()
}

fn visibility(text: &str) -> std::result::Result<Visibility, String> {
    match text {
        "company" => Ok(Visibility::Company),
        "team" => Ok(Visibility::Team),
        _ => Err(format!("{text:?} is nobody; expected company or team")),
    }
}

/// A number behind the letter of its kind, such as `A-21`.
fn number(letter: &str, text: &str) -> std::result::Result<i64, String> {
    let digits = text.strip_prefix(letter).filter(|digits| !digits.starts_with(['0', '+', '-']));
    digits
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| format!("{text:?} is no id; expected such as {letter}21"))
}

fn committed(reading: &mut Reading, field: &str, commitment: &CommitmentRequest) -> Option<Commitment> {
    let CommitmentRequest { action, text, owner, due } = commitment;
    if let Some(action) = action {
        return reading
            .with(&format!("{field}.action"), Some(action), |text| number("A-", text))
            .map(Commitment::Action);
    }
    let (Some(text), Some(owner), Some(due)) = (text, owner, due) else {
        let message = "expected the action of this retro, such as {\"action\": \"A-21\"}, or a new one's text, owner and due";
        reading.also(vec![Problem::new(field, message)]);
        return None;
    };
    let new = ActionPartRequest {
        text: text.clone(),
        owner: owner.clone(),
        due: due.clone(),
        ..ActionPartRequest::default()
    };
    acted(reading, &format!("{field}."), &new).map(Commitment::New)
}

fn acted(reading: &mut Reading, field: &str, action: &ActionPartRequest) -> Option<ActionWrite> {
    let id = reading.with(&format!("{field}id"), action.id.as_ref(), |text| number("A-", text));
    let owner = reading.must(&format!("{field}owner"), &action.owner);
    let due: Option<Date> = reading.with(&format!("{field}due"), Some(&action.due), day);
    let state = match &action.state {
        Some(state) => reading.must(&format!("{field}state"), state),
        None => Some(ActionState::Open),
    };
    let (text, reason, issue) = (action.text.clone(), action.reason.clone(), action.issue.clone());
    Some(ActionWrite { id, text, owner: owner?, due: due?, state: state?, reason, issue })
}

/// Says that a release needs no retro.
pub(crate) async fn waive(
    app: &App,
    caller: &Caller,
    release: &str,
    request: &ReasonRequest,
) -> Result<ReleaseDocument> {
    app.waive_retro(caller, &parse("release", release)?, &request.reason).await?;
    releases::show(app, caller, release).await
}

/// A retro to be sent out, names and figures hidden where that is asked for.
pub(crate) async fn report(
    app: &App,
    caller: &Caller,
    id: &str,
    request: &RetroReportRequest,
) -> Result<RetroDocument> {
    let retro = show(app, caller, id).await?;
    if !request.redact && request.hide.is_none() {
        return Ok(retro);
    }
    let hide = request.hide.as_deref().unwrap_or_default();
    if hide.chars().count() > 2_000 {
        return Err(Error::malformed("hide", "is longer than 2,000 characters"));
    }
    let hide: Vec<String> =
        hide.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect();
    let people = app.people_named(&retro).await?;
    Ok(Redaction::new(&people, &hide).of(retro))
}

/// As [`report`], as Markdown.
pub(crate) async fn report_markdown(
    app: &App,
    caller: &Caller,
    id: &str,
    request: &RetroReportRequest,
) -> Result<String> {
    Ok(report::markdown(&report(app, caller, id, request).await?))
}

/// As [`report`], as a page of its own.
pub(crate) async fn report_html(
    app: &App,
    caller: &Caller,
    id: &str,
    request: &RetroReportRequest,
) -> Result<String> {
    Ok(html::retro(&report(app, caller, id, request).await?))
}

/// Actions, the newest first.
pub(crate) async fn actions(
    app: &App,
    caller: &Caller,
    request: &ActionsRequest,
) -> Result<Page<ActionDocument>> {
    let mut reading = Reading::default();
    let today = app.today(caller).await?;
    let filter = ActionFilter {
        team: reading.maybe("team", request.team.as_ref()),
        owner: reading.maybe("owner", request.owner.as_ref()),
        retro: reading.maybe("retro", request.retro.as_ref()),
        state: reading.maybe("state", request.state.as_ref()),
        due_before: request.overdue.then_some(today),
        ..ActionFilter::default()
    };
    let before = reading.cursor(request.cursor.as_ref(), |text| text.parse().ok());
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.actions(caller, &filter, before, limit).await?;
    let items = page.items.iter().map(|item| document(item, today)).collect();
    Ok(Page { items, next: page.next.map(|id| id.to_string()) })
}

/// An action.
pub(crate) async fn action(app: &App, caller: &Caller, id: &str) -> Result<ActionDocument> {
    let id = number("A-", id).map_err(|message| Error::malformed("action", message))?;
    Ok(document(&app.action_seen(caller, id).await?, app.today(caller).await?))
}

/// Changes an action.
pub(crate) async fn edit_action(
    app: &App,
    caller: &Caller,
    id: &str,
    version: u32,
    request: &ActionRequest,
) -> Result<ActionDocument> {
    let id = number("A-", id).map_err(|message| Error::malformed("action", message))?;
    let mut reading = Reading::default();
    let part = ActionPartRequest {
        id: None,
        text: request.text.clone(),
        owner: request.owner.clone(),
        due: request.due.clone(),
        state: Some(request.state.clone()),
        reason: request.reason.clone(),
        issue: request.issue.clone(),
    };
    let write = acted(&mut reading, "", &part);
    let write = reading.all(write)?;
    Ok(document(&app.edit_action(caller, id, version, &write).await?, app.today(caller).await?))
}

/// Learnings that have any of the words of a question.
pub(crate) async fn learnings(
    app: &App,
    caller: &Caller,
    request: &LearningsRequest,
) -> Result<Page<LearningDocument>> {
    let mut reading = Reading::default();
    let words = reading.with("q", request.q.as_ref(), |text| {
        if text.chars().count() > LONGEST_QUESTION {
            return Err(format!("is longer than {LONGEST_QUESTION} characters; ask a shorter question"));
        }
        let words = search_words(text);
        match words.is_empty() && !text.trim().is_empty() {
            true => Err(format!("{text:?} has no word to look for; ask such as: onboarding")),
            false => Ok(words),
        }
    });
    let tag = reading.with("tag", request.tag.as_ref(), |text| {
        let fits = (1..=40).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if fits {
            Ok(text.to_owned())
        } else {
            Err(format!("{text:?} is no tag; expected 1 to 40 of a-z 0-9 -"))
        }
    });
    let filter = LearningFilter {
        team: reading.maybe("team", request.team.as_ref()),
        tag,
        words: words.unwrap_or_default(),
        ..LearningFilter::default()
    };
    // Far enough for whoever reads on and on, and no farther.
    let skip =
        reading.cursor(request.cursor.as_ref(), |text| text.parse().ok().filter(|skip| *skip <= 100_000));
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.learnings(caller, &filter, skip.unwrap_or(0), limit).await?;
    Ok(Page {
        items: page.items.iter().map(learning).collect(),
        next: page.next.map(|skip| skip.to_string()),
    })
}

fn summary(retro: &Retro) -> RetroSummary {
    RetroSummary {
        id: retro.id.to_string(),
        status: retro.status.into(),
        title: retro.title.clone(),
        team: retro.team.to_string(),
        releases: retro.releases.iter().map(ToString::to_string).collect(),
        opened_at: retro.opened.at,
        held_at: retro.written.held_at,
        closed_at: retro.closed.as_ref().map(|closed| closed.at),
    }
}

fn document(action: &ActionItem, today: Date) -> ActionDocument {
    ActionDocument {
        id: format!("A-{}", action.id),
        version: action.version,
        retro: action.retro.to_string(),
        team: action.team.to_string(),
        text: action.text.clone(),
        owner: action.owner.to_string(),
        due: action.due,
        overdue: action.state == ActionState::Open && action.due < today,
        state: action.state.into(),
        reason: action.reason.clone(),
        issue: action.issue.clone(),
        made_at: action.made.at,
        made_by: action.made.by.to_string(),
        ended_at: action.ended_at,
    }
}

fn learning(learning: &Learning) -> LearningDocument {
    LearningDocument {
        id: format!("L-{}", learning.id),
        retro: learning.retro.to_string(),
        team: learning.team.to_string(),
        text: learning.text.clone(),
        tags: learning.tags.clone(),
        evidence: learning.evidence.clone(),
        at: learning.made.at,
        by: learning.made.by.to_string(),
    }
}
