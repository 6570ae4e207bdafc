//! Exports: what whoever asks may see, a page at a time.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::OwnedSemaphorePermit;
use yardstick_domain::ids::TeamKey;
use yardstick_domain::level::Level;
use yardstick_domain::release::ReleaseFacts;
use yardstick_domain::time::{plus_days, start_of_day};
use yardstick_store::{ExportFilter, ExportedFinding, ExportedVerdict, Page, ReleaseCursor, ReleaseFilter};

use crate::error::Result;
use crate::{App, Caller};

/// Releases or verdicts that are read at a time.
const ROWS: u32 = 200;
/// Findings that are read at a time: each comes with the tables of its evidence.
const FINDINGS: u32 = 100;

/// What to export.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportRequest {
    /// Only of this team's releases.
    pub team: Option<TeamKey>,
    /// Only of releases of these levels now; empty: of any.
    pub levels: Vec<Level>,
    /// From this day on: the planned day, or the day in UTC when it was judged.
    pub since: Option<Date>,
    /// Up to this day, itself among them.
    pub until: Option<Date>,
    /// Of verdicts and findings: looks too.
    pub looks: bool,
}

/// A release, with the zone of its days.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportedRelease {
    /// What is known of it.
    pub facts: ReleaseFacts,
    /// IANA zone of its days: as sealed, the team's before that.
    pub time_zone: String,
}

impl App {
    /// A place for an export, held until the last row was taken; `None`: there is none left. Whoever reads slowly keeps
    /// theirs for long, so nobody waits for one.
    #[must_use]
    pub fn export_place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.exporting).try_acquire_owned().ok()
    }

    /// Releases, the latest planned day first. `after` is the cursor that the page before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn export_releases(
        &self,
        caller: &Caller,
        request: &ExportRequest,
        after: Option<&ReleaseCursor>,
    ) -> Result<Page<ExportedRelease, ReleaseCursor>> {
        let filter = ReleaseFilter {
            team: request.team.clone(),
            levels: request.levels.clone(),
            planned_from: request.since,
            planned_until: request.until,
            ..ReleaseFilter::default()
        };
        let page = self.releases(caller, &filter, after, ROWS).await?;
        let mut items = Vec::with_capacity(page.items.len());
        for facts in page.items {
            let time_zone = match &facts.seal {
                Some(seal) => self.terms(seal.hash).await?.time_zone,
                None => self.team(&facts.release.team).await?.time_zone,
            };
            items.push(ExportedRelease { facts, time_zone });
        }
        Ok(Page { items, next: page.next })
    }

    /// Verdicts, the oldest first. `after` is the cursor that the page before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn export_verdicts(
        &self,
        caller: &Caller,
        request: &ExportRequest,
        after: Option<i64>,
    ) -> Result<Page<ExportedVerdict, i64>> {
        let filter = self.judged(caller, request).await?;
        Ok(self.store.export_verdicts(&filter, after, ROWS).await?)
    }

    /// Findings, those of the oldest verdict first. `after` is the cursor that the page before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn export_findings(
        &self,
        caller: &Caller,
        request: &ExportRequest,
        after: Option<(i64, u32)>,
    ) -> Result<Page<ExportedFinding, (i64, u32)>> {
        let filter = self.judged(caller, request).await?;
        Ok(self.store.export_findings(&filter, after, FINDINGS).await?)
    }

    /// Asked for every page: whoever may no longer see something gets no more of it.
    async fn judged(&self, caller: &Caller, request: &ExportRequest) -> Result<ExportFilter> {
        Ok(ExportFilter {
            team: request.team.clone(),
            levels: request.levels.clone(),
            since: request.since.map(|day| start_of_day(day, &TimeZone::UTC)),
            until: request.until.map(|day| start_of_day(plus_days(day, 1), &TimeZone::UTC)),
            looks: request.looks,
            sees: self.sees(caller).await?,
        })
    }
}
