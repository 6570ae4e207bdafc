//! Releases that are expected: imported, and listed.

use jiff::civil::Date;
use yardstick_app::{App, Caller};
use yardstick_client::api::{
    ExpectedDocument, Page, RoadmapImportRequest, RoadmapImportedDocument, RoadmapRequest,
};
use yardstick_domain::ids::ListName;
use yardstick_domain::roadmap::{DEFAULT_LIST, ExpectedRelease};
use yardstick_store::ExpectedFilter;

use super::reading::{Reading, day};
use super::{Error, Result};

/// What stands for no planned day in a cursor.
const NO_DAY: &str = "none";

/// The largest file in bytes: ten thousand rows of some four hundred.
pub(crate) const MOST_BYTES: usize = 4 << 20;

/// Expected releases, the earliest planned day first.
pub(crate) async fn list(
    app: &App,
    caller: &Caller,
    request: &RoadmapRequest,
) -> Result<Page<ExpectedDocument>> {
    let mut reading = Reading::default();
    let filter = ExpectedFilter {
        list: reading.maybe("list", request.list.as_ref()),
        team: reading.maybe("team", request.team.as_ref()),
        registered: request.registered,
        ..ExpectedFilter::default()
    };
    let after = reading.cursor(request.cursor.as_ref(), after);
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.expected_releases(caller, &filter, after, limit).await?;
    let next = page.next.map(|(planned, id)| {
        format!("{}_{id}", planned.map_or_else(|| NO_DAY.to_owned(), |day| day.to_string()))
    });
    Ok(Page { items: page.items.into_iter().map(document).collect(), next })
}

fn after(cursor: &str) -> Option<(Option<Date>, i64)> {
    let (planned, id) = cursor.split_once('_')?;
    let planned = if planned == NO_DAY { None } else { Some(day(planned).ok()?) };
    Some((planned, id.parse().ok()?))
}

/// Imports a list: all of it, or nothing. `name`: what the file is called.
pub(crate) async fn import(
    app: &App,
    caller: &Caller,
    request: &RoadmapImportRequest,
    name: &str,
    file: &[u8],
) -> Result<RoadmapImportedDocument> {
    let mut reading = Reading::default();
    let list: Option<ListName> = reading.must("list", request.list.as_deref().unwrap_or(DEFAULT_LIST));
    let list = reading.all(list)?;
    if file.len() > MOST_BYTES {
        let message = format!("has {} bytes; expected at most {MOST_BYTES}", file.len());
        return Err(Error::malformed("", message));
    }
    match app.import_roadmap(caller, &list, file, request.dry_run).await? {
        Ok(came) => Ok(RoadmapImportedDocument {
            list: list.to_string(),
            written: !request.dry_run,
            new: came.new,
            changed: came.changed,
            unchanged: came.unchanged,
            withdrawn: came.withdrawn,
            registered: came.registered,
        }),
        Err(refused) => Err(Error::Rows { file: name.to_owned(), refused }),
    }
}

fn document(row: ExpectedRelease) -> ExpectedDocument {
    let expected = row.expected;
    ExpectedDocument {
        id: row.id,
        list: row.list.to_string(),
        key: expected.key,
        name: expected.name,
        team: expected.team.map(|team| team.to_string()),
        level: expected.level.map(Into::into),
        planned: expected.planned,
        owner: expected.owner.map(|owner| owner.to_string()),
        issue: expected.issue,
        release: row.release.map(|slug| slug.to_string()),
        imported_at: row.imported_at,
        imported_by: row.imported_by.to_string(),
    }
}
