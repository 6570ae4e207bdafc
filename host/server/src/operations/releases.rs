//! Releases: list, show, check, and what can be done to one.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use yardstick_app::{App, Caller};
use yardstick_client::api::{
    CancelRequest, CheckDocument, LaunchRequest, Page, ReleaseDocument, ReleaseSummary, ReleasesRequest,
    RescheduleRequest, UndoLaunchRequest,
};
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::time::zone;
use yardstick_store::ReleaseFilter;

use super::reading::{DayEdge, Reading, day, levels, parse};
use super::release_document::{document, summary};
use super::{Result, check_document};

/// Releases, the latest planned day first.
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
        ..ReleaseFilter::default()
    };
    let after = reading.cursor(request.cursor.as_ref(), after);
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.releases(caller, &filter, after.as_ref(), limit).await?;
    let next = page.next.map(|(planned, slug)| format!("{planned}_{slug}"));
    let slugs: Vec<ReleaseSlug> = page.items.iter().map(|facts| facts.release.slug.clone()).collect();
    let mut waits = app.waits_of(caller, &slugs).await?;
    let items =
        page.items.iter().map(|facts| summary(facts, waits.remove(&facts.release.slug).unwrap_or_default()));
    Ok(Page { items: items.collect(), next })
}

fn after(cursor: &str) -> Option<(Date, ReleaseSlug)> {
    let (planned, slug) = cursor.split_once('_')?;
    Some((day(planned).ok()?, slug.parse().ok()?))
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
