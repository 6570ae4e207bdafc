//! The audit: list, check, forget names.

use jiff::tz::TimeZone;
use yardstick_app::{App, AuditCheck, Caller};
use yardstick_client::api::{
    AuditCheckDocument, AuditCheckRequest, AuditEventDocument, AuditRequest, ForgetRequest,
    ForgottenDocument, Page,
};
use yardstick_domain::audit::{AuditEvent, AuditOutcome, Head};
use yardstick_domain::people::Actor;
use yardstick_store::AuditFilter;

use super::Result;
use super::reading::{DayEdge, Reading, parse};

/// Events, the newest first.
pub(crate) async fn list(
    app: &App,
    caller: &Caller,
    request: &AuditRequest,
) -> Result<Page<AuditEventDocument>> {
    let mut reading = Reading::default();
    let filter = AuditFilter {
        subject: reading.plain("subject", request.subject.as_ref()),
        action: reading.word("action", request.action.as_ref()),
        outcome: reading.one_of(
            "outcome",
            request.outcome.as_ref(),
            &AuditOutcome::ALL,
            AuditOutcome::as_str,
        ),
        since: reading.instant("since", request.since.as_ref(), DayEdge::Start, &TimeZone::UTC),
        until: reading.instant("until", request.until.as_ref(), DayEdge::End, &TimeZone::UTC),
    };
    let before = reading.cursor(request.cursor.as_ref(), |text| text.parse().ok());
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.audit_events(caller, Some(&filter), before, limit).await?;
    let items = page.items.into_iter().map(event).collect();
    Ok(Page { items, next: page.next.map(|id| id.to_string()) })
}

/// Checks the chain.
pub(crate) async fn check(
    app: &App,
    caller: &Caller,
    request: &AuditCheckRequest,
) -> Result<AuditCheckDocument> {
    let mut reading = Reading::default();
    let kept: Option<Head> = reading.maybe("head", request.head.as_ref());
    reading.end()?;
    let checked = app.check_audit(caller, kept).await?;
    Ok(AuditCheckDocument {
        ok: checked.problems.is_empty(),
        limits: limits(&checked),
        events: checked.events,
        loose: checked.loose,
        head: checked.head.map(|head| head.to_string()),
        kept: checked.kept.map(|head| head.to_string()),
        problems: checked.problems,
    })
}

fn limits(checked: &AuditCheck) -> Vec<String> {
    let mut limits = Vec::new();
    match checked.kept {
        None => limits.push(
            "without a head that was kept elsewhere, events that were cut off at the end, and a chain that was written \
             anew as a whole, cannot be found"
                .to_owned(),
        ),
        Some(kept) if checked.head.is_some_and(|head| head.seq > kept.seq) => limits.push(format!(
            "the head that was kept is of event {}: what was written anew or cut off after it cannot be found; keep \
             the new one",
            kept.seq
        )),
        Some(_) => {}
    }
    if checked.loose > 0 {
        limits.push(format!("{} events are not chained yet, and could be changed unseen", checked.loose));
    }
    limits
}

/// Erases the name behind somebody's events.
pub(crate) async fn forget(app: &App, caller: &Caller, request: &ForgetRequest) -> Result<ForgottenDocument> {
    let who: Actor = parse("who", &request.who)?;
    app.forget_in_audit(caller, &who).await?;
    Ok(ForgottenDocument { forgotten: true })
}

fn event(event: AuditEvent) -> AuditEventDocument {
    AuditEventDocument {
        at: event.at,
        actor: event.actor,
        name: event.name,
        action: event.action,
        subject: event.subject,
        outcome: event.outcome.as_str().to_owned(),
        detail: event.detail,
        head: event.link.map(|link| link.to_string()),
    }
}
