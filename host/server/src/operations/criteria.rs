//! The versions that a release's criteria have had: list and show.

use yardstick_app::{App, Caller};
use yardstick_client::api::{CriteriaVersionDocument, Page, PageRequest};
use yardstick_domain::ids::ReleaseSlug;
use yardstick_store::CriteriaVersion;

use super::Result;
use super::reading::Reading;
use super::release_document::criterion;

/// Versions of a release's criteria, the newest first.
pub(crate) async fn list(
    app: &App,
    caller: &Caller,
    release: &str,
    request: &PageRequest,
) -> Result<Page<CriteriaVersionDocument>> {
    let mut reading = Reading::default();
    let slug = reading.must("release", release);
    let before = reading.cursor(request.cursor.as_ref(), |text| text.parse().ok());
    let limit = reading.limit(request.limit);
    let slug = reading.all(slug)?;
    let (page, current) = app.criteria(caller, &slug, before, limit).await?;
    let items = page.items.into_iter().map(|version| document(&slug, version, current)).collect();
    Ok(Page { items, next: page.next.map(|version| version.to_string()) })
}

/// A version of a release's criteria.
pub(crate) async fn show(
    app: &App,
    caller: &Caller,
    release: &str,
    version: &str,
) -> Result<CriteriaVersionDocument> {
    let mut reading = Reading::default();
    let read = reading.must("release", release).zip(reading.with("version", Some(version), number));
    let (slug, version) = reading.all(read)?;
    let (found, current) = app.criteria_version(caller, &slug, version).await?;
    Ok(document(&slug, found, current))
}

fn number(text: &str) -> std::result::Result<u32, String> {
    let bad = || format!("{text:?} is no version of criteria; expected a number from 1");
    text.parse().ok().filter(|version| *version > 0).ok_or_else(bad)
}

fn document(slug: &ReleaseSlug, version: CriteriaVersion, current: u32) -> CriteriaVersionDocument {
    CriteriaVersionDocument {
        release: slug.to_string(),
        version: version.version,
        current: version.version == current,
        level: version.level.into(),
        planned: version.planned,
        policy: version.criteria.passes_when.to_string(),
        checkpoints: version.criteria.checkpoints.iter().map(ToString::to_string).collect(),
        criteria: version.criteria.list.into_iter().map(criterion).collect(),
        created_at: version.created_at,
        created_by: version.created_by.to_string(),
        reason: version.reason,
        seal: version.seal.map(|hash| hash.to_string()),
        amendment: version.amendment.map(|hash| hash.to_string()),
    }
}
