//! Releases: list, show, check, and what can be done to one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use yardstick_app::{App, Caller};
use yardstick_client::api::{
    CancelRequest, CheckDocument, LaunchRequest, Page, ReleaseDocument, ReleaseSummary, ReleasesRequest,
    RescheduleRequest, UndoLaunchRequest,
};
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::release::{Lifecycle, Stage};
use yardstick_domain::time::zone;
use yardstick_store::{ReleaseCursor, ReleaseCursorAt, ReleaseFilter, ReleaseOrder};

use super::reading::{DayEdge, Reading, day, levels, parse};
use super::release_document::{document, summary};
use super::{Result, check_document};

/// Releases in the order that is asked for, the latest planned day first unless something else is.
pub(crate) async fn list(
    app: &App,
    caller: &Caller,
    request: &ReleasesRequest,
) -> Result<Page<ReleaseSummary>> {
    let mut reading = Reading::default();
    let filter = ReleaseFilter {
        team: reading.maybe("team", request.team.as_ref()),
        levels: reading.with("level", request.level.as_ref(), levels).unwrap_or_default(),
        waits_for: reading.maybe("waits_for", request.waits_for.as_ref()).map(|what| (what, caller.now)),
        lifecycle: reading.one_of(
            "lifecycle",
            request.lifecycle.as_ref(),
            &Lifecycle::ALL,
            Lifecycle::as_str,
        ),
        owner: reading.maybe("owner", request.owner.as_ref()),
        feature: reading.plain("feature", request.feature.as_ref()),
        stage: reading.one_of("stage", request.stage.as_ref(), &Stage::ALL, Stage::as_str),
        planned_from: reading.with("planned_from", request.planned_from.as_ref(), day),
        planned_until: reading.with("planned_until", request.planned_until.as_ref(), day),
        launched_from: reading.instant(
            "launched_from",
            request.launched_from.as_ref(),
            DayEdge::Start,
            &TimeZone::UTC,
        ),
        launched_until: reading.instant(
            "launched_until",
            request.launched_until.as_ref(),
            DayEdge::End,
            &TimeZone::UTC,
        ),
        text: reading.plain("text", request.text.as_ref()),
        order: reading
            .one_of("sort", request.sort.as_ref(), &ReleaseOrder::ALL, ReleaseOrder::as_str)
            .unwrap_or_default(),
        ..ReleaseFilter::default()
    };
    let after = reading.cursor(request.cursor.as_ref(), |text| after(filter.order, text));
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.releases(caller, &filter, after.as_ref(), limit).await?;
    let next = page.next.map(|cursor| text(filter.order, &cursor));
    let slugs: Vec<ReleaseSlug> = page.items.iter().map(|facts| facts.release.slug.clone()).collect();
    let mut waits = app.waits_of(caller, &slugs).await?;
    let items =
        page.items.iter().map(|facts| summary(facts, waits.remove(&facts.release.slug).unwrap_or_default()));
    Ok(Page { items: items.collect(), next })
}

/// A cursor of a list in the order that is asked for: `2026-03-02_quick-start`, and of a list in another order than most
/// with the order before it, so that none is taken for one of another order.
fn text(order: ReleaseOrder, cursor: &ReleaseCursor) -> String {
    let at = match &cursor.at {
        ReleaseCursorAt::Planned(day) => day.to_string(),
        ReleaseCursorAt::Name(name) => BASE64.encode(name),
        ReleaseCursorAt::Changed(at) => at.as_millisecond().to_string(),
    };
    match order {
        ReleaseOrder::LatestPlanned => format!("{at}_{}", cursor.slug),
        other => format!("{}~{at}~{}", other.as_str(), cursor.slug),
    }
}

fn after(order: ReleaseOrder, cursor: &str) -> Option<ReleaseCursor> {
    let (at, slug) = match order {
        ReleaseOrder::LatestPlanned => cursor.split_once('_')?,
        other => cursor.strip_prefix(other.as_str())?.strip_prefix('~')?.split_once('~')?,
    };
    let at = match order {
        ReleaseOrder::LatestPlanned | ReleaseOrder::EarliestPlanned => {
            ReleaseCursorAt::Planned(day(at).ok()?)
        }
        ReleaseOrder::Name | ReleaseOrder::NameBackwards => {
            let name = String::from_utf8(BASE64.decode(at).ok()?).ok()?;
            // No database takes it in a text.
            ReleaseCursorAt::Name(Some(name).filter(|name| !name.contains('\0'))?)
        }
        ReleaseOrder::LatestChanged | ReleaseOrder::EarliestChanged => {
            ReleaseCursorAt::Changed(Timestamp::from_millisecond(at.parse().ok()?).ok()?)
        }
    };
    Some(ReleaseCursor { at, slug: slug.parse().ok()? })
}

/// A release, what happened to it, its verdicts.
pub(crate) async fn show(app: &App, caller: &Caller, release: &str) -> Result<ReleaseDocument> {
    as_it_stands(app, caller, &parse("release", release)?).await
}

async fn as_it_stands(app: &App, caller: &Caller, slug: &ReleaseSlug) -> Result<ReleaseDocument> {
    Ok(document(app.release_detail(caller, slug).await?))
}

/// Whether a release can be decided, and when.
pub(crate) async fn check(app: &App, caller: &Caller, release: &str) -> Result<CheckDocument> {
    Ok(check_document::document(app.check(caller, &parse("release", release)?).await?))
}

/// Seals what was agreed.
pub(crate) async fn seal(app: &App, caller: &Caller, release: &str) -> Result<ReleaseDocument> {
    let slug = parse("release", release)?;
    app.seal(caller, &slug).await?;
    let mut sealed = as_it_stands(app, caller, &slug).await?;
    sealed.warnings.extend(app.seal_warnings(caller, &slug).await?);
    Ok(sealed)
}

/// Announces a launch.
pub(crate) async fn launch(
    app: &App,
    caller: &Caller,
    release: &str,
    request: &LaunchRequest,
) -> Result<ReleaseDocument> {
    let mut reading = Reading::default();
    let slug = reading.must("release", release);
    // Whether it is an instant does not depend on the zone; which one it is, the release must tell.
    reading.instant("at", request.at.as_ref(), DayEdge::Start, &TimeZone::UTC);
    let slug: ReleaseSlug = reading.all(slug)?;
    let team = zone(&app.release_detail(caller, &slug).await?.time_zone);
    let mut reading = Reading::default();
    let at = reading.instant("at", request.at.as_ref(), DayEdge::Start, &team);
    reading.end()?;
    app.launch(caller, &slug, at).await?;
    as_it_stands(app, caller, &slug).await
}

/// Takes a launch back that did not happen.
pub(crate) async fn undo_launch(
    app: &App,
    caller: &Caller,
    release: &str,
    request: &UndoLaunchRequest,
) -> Result<ReleaseDocument> {
    let slug = parse("release", release)?;
    app.undo_launch(caller, &slug, &request.reason).await?;
    as_it_stands(app, caller, &slug).await
}

/// Moves the planned day.
pub(crate) async fn reschedule(
    app: &App,
    caller: &Caller,
    release: &str,
    request: &RescheduleRequest,
) -> Result<ReleaseDocument> {
    let mut reading = Reading::default();
    let read = reading.must("release", release).zip(reading.with("to", Some(&request.to), day));
    let (slug, to) = reading.all(read)?;
    app.reschedule(caller, &slug, to, &request.reason).await?;
    as_it_stands(app, caller, &slug).await
}

/// Ends a release that will not be judged.
pub(crate) async fn cancel(
    app: &App,
    caller: &Caller,
    release: &str,
    request: &CancelRequest,
) -> Result<ReleaseDocument> {
    let slug = parse("release", release)?;
    app.cancel(caller, &slug, &request.reason).await?;
    as_it_stands(app, caller, &slug).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_of_its_own_order() {
        let slug: ReleaseSlug = "quick-start".parse().unwrap();
        let at = |order| match order {
            ReleaseOrder::LatestPlanned | ReleaseOrder::EarliestPlanned => {
                ReleaseCursorAt::Planned("2026-03-02".parse().unwrap())
            }
            ReleaseOrder::Name | ReleaseOrder::NameBackwards => ReleaseCursorAt::Name("Größe~_ 1".to_owned()),
            ReleaseOrder::LatestChanged | ReleaseOrder::EarliestChanged => {
                ReleaseCursorAt::Changed("2026-03-02T10:00:00.123Z".parse().unwrap())
            }
        };
        for order in ReleaseOrder::ALL {
            let cursor = ReleaseCursor { at: at(order), slug: slug.clone() };
            let written = text(order, &cursor);
            for other in ReleaseOrder::ALL {
                let expected = (other == order).then(|| cursor.clone());
                assert_eq!(after(other, &written), expected, "{written} as {}", other.as_str());
            }
        }
        assert_eq!(
            text(ReleaseOrder::LatestPlanned, &ReleaseCursor { at: at(ReleaseOrder::LatestPlanned), slug }),
            "2026-03-02_quick-start"
        );
        for wrong in ["", "_", "name~!~quick-start", "name~AA~quick-start", "name~~", "changed~x~quick-start"]
        {
            for order in ReleaseOrder::ALL {
                assert_eq!(after(order, wrong), None, "{wrong}");
            }
        }
    }
}
