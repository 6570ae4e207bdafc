//! The portfolio: added up by fiscal quarter, each team by its own fiscal year.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use yardstick_domain::fiscal::{FiscalQuarter, YearStart};
use yardstick_domain::ids::{ReleaseSlug, TeamKey};
use yardstick_domain::level::Level;
use yardstick_domain::people::{Organisation, Team};
use yardstick_domain::portfolio::{Expectations, Figures};
use yardstick_domain::roadmap::ExpectedRelease;
use yardstick_domain::standing::WaitsFor;
use yardstick_domain::time::{day_of, zone};
use yardstick_store::{ExpectedFilter, PortfolioFilter, Sees, Unmeasured};

use crate::error::Result;
use crate::{App, Caller, PAGE};

/// Releases that are listed because they were not measured.
const LISTED: u32 = 100;

/// Which portfolio.
#[derive(Debug, Clone, Default)]
pub struct PortfolioRequest {
    /// The fiscal quarter; `None`: the one that today is in.
    pub quarter: Option<FiscalQuarter>,
    /// Of this team only.
    pub team: Option<TeamKey>,
    /// Quarters before it.
    pub history: u32,
    /// Private releases too that whoever asks may see.
    pub private: bool,
}

/// Everything of a team.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TeamFigures {
    /// Its figures.
    pub figures: Figures,
    /// What was expected of goals, and what was observed.
    pub expectations: Expectations,
    /// Releases of which a peer objected to a verdict.
    pub objected: u64,
    /// Releases with a dispute that nobody has answered.
    pub disputed: u64,
}

impl TeamFigures {
    /// Adds another's up with these.
    pub fn add(&mut self, other: &Self) {
        self.figures.add(&other.figures);
        self.expectations.add(&other.expectations);
        self.objected += other.objected;
        self.disputed += other.disputed;
    }
}

/// The portfolio of a fiscal quarter.
#[derive(Debug, Clone, PartialEq)]
pub struct QuarterPortfolio {
    /// The quarter.
    pub quarter: FiscalQuarter,
    /// Its days, by the fiscal year of the team that is asked for, or else the organisation's.
    pub days: (Date, Date),
    /// Days after the planned one that still count as on time.
    pub tolerance_days: u32,
    /// By team.
    pub teams: BTreeMap<TeamKey, TeamFigures>,
    /// Undecided ones by code.
    pub undecided: BTreeMap<String, u64>,
    /// Due and not measured, at most 100.
    pub unmeasured: Vec<Unmeasured>,
    /// Expected in the quarter, L1, L2 or of no level that is known, and registered by nobody; at most 100.
    pub unregistered: Vec<ExpectedRelease>,
    /// Figures of the quarters before, the latest first.
    pub history: Vec<(FiscalQuarter, Figures)>,
}

/// Teams that share a fiscal year.
struct Year {
    starts: YearStart,
    only: Option<Vec<TeamKey>>,
    but: Vec<TeamKey>,
}

impl App {
    /// The portfolio of a fiscal quarter. A release is in the quarter of its launch by its team's fiscal year. Without
    /// `private` it is the same for everybody: what is private is in no figure.
    ///
    /// # Errors
    /// [`crate::AppError::NotFound`] for a team that is not there.
    pub async fn portfolio(&self, caller: &Caller, request: &PortfolioRequest) -> Result<QuarterPortfolio> {
        let company = self.store.organisation().await?.unwrap_or_default();
        if let Some(team) = &request.team {
            self.team(team).await?;
        }
        let years = years(&company, &self.store.teams().await?, request.team.as_ref());
        // The team's own where one is asked for, and the organisation's otherwise.
        let starts = years.first().map_or(company.fiscal_year_starts, |year| year.starts);
        let today = day_of(caller.now, &zone(&company.time_zone));
        let quarter = request.quarter.unwrap_or_else(|| FiscalQuarter::of(today, starts));
        let private = if request.private { Some(self.sees(caller).await?) } else { None };
        let filters =
            |quarter: FiscalQuarter| self.filters(caller, &company, &years, quarter, private.as_ref());
        let mut portfolio = QuarterPortfolio {
            quarter,
            days: quarter.days(starts),
            tolerance_days: company.on_time_tolerance_days,
            teams: BTreeMap::new(),
            undecided: BTreeMap::new(),
            unmeasured: Vec::new(),
            unregistered: Vec::new(),
            history: Vec::new(),
        };
        for filter in filters(quarter) {
            self.add_up(&filter, &mut portfolio).await?;
        }
        portfolio.unmeasured.truncate(LISTED as usize);
        for year in &years {
            let found = self.unregistered(caller, quarter.days(year.starts), year).await?;
            portfolio.unregistered.extend(found);
        }
        portfolio.unregistered.sort_by_key(|expected| (expected.expected.planned, expected.id));
        portfolio.unregistered.truncate(LISTED as usize);
        let mut before = quarter;
        for _ in 0..request.history {
            before = before.before();
            let mut figures = Figures::default();
            for filter in filters(before) {
                figures.add(&self.store.figures_in_short(&filter).await?);
            }
            portfolio.history.push((before, figures));
        }
        Ok(portfolio)
    }

    /// What is expected within these days of teams with one fiscal year, and nobody has registered. What has no team is by
    /// the organisation's.
    async fn unregistered(
        &self,
        caller: &Caller,
        (from, until): (Date, Date),
        year: &Year,
    ) -> Result<Vec<ExpectedRelease>> {
        let is_theirs = |team: Option<&TeamKey>| match (&year.only, team) {
            (Some(only), team) => team.is_some_and(|team| only.contains(team)),
            (None, team) => team.is_none_or(|team| !year.but.contains(team)),
        };
        let is_meant = |release: &ExpectedRelease| {
            let level = release.expected.level;
            level.is_none_or(Level::must_be_measured) && is_theirs(release.expected.team.as_ref())
        };
        let filter = ExpectedFilter {
            team: match year.only.as_deref() {
                Some([one]) => Some(one.clone()),
                _ => None,
            },
            planned: (Some(from), until.yesterday().ok()),
            registered: Some(false),
            ..ExpectedFilter::default()
        };
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = self.expected_releases(caller, &filter, after, PAGE).await?;
            found.extend(page.items.into_iter().filter(is_meant));
            after = page.next;
            if after.is_none() || found.len() >= LISTED as usize {
                return Ok(found);
            }
        }
    }

    fn filters(
        &self,
        caller: &Caller,
        company: &Organisation,
        years: &[Year],
        quarter: FiscalQuarter,
        private: Option<&Sees>,
    ) -> Vec<PortfolioFilter> {
        let filter = |year: &Year| {
            let (from, until) = quarter.days(year.starts);
            PortfolioFilter {
                from,
                until,
                only: year.only.clone(),
                but: year.but.clone(),
                private: private.cloned(),
                now: caller.now,
                tolerance_days: company.on_time_tolerance_days,
            }
        };
        years.iter().map(filter).collect()
    }

    async fn add_up(&self, filter: &PortfolioFilter, portfolio: &mut QuarterPortfolio) -> Result<()> {
        let found = self.store.portfolio(filter).await?;
        for (team, figures) in found.teams {
            portfolio.teams.entry(team).or_default().figures.add(&figures);
        }
        for (code, count) in found.undecided {
            *portfolio.undecided.entry(code).or_default() += count;
        }
        for (team, expectations) in self.store.expectations(filter).await? {
            portfolio.teams.entry(team).or_default().expectations.add(&expectations);
        }
        for (team, (objected, disputed)) in self.store.disagreement(filter).await? {
            let of_team = portfolio.teams.entry(team).or_default();
            of_team.objected += objected;
            of_team.disputed += disputed;
        }
        portfolio.unmeasured.extend(self.store.unmeasured(filter, LISTED).await?);
        Ok(())
    }

    /// What releases wait for, and for whom: each with the instant from which on it does.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waits_of(
        &self,
        caller: &Caller,
        releases: &[ReleaseSlug],
    ) -> Result<BTreeMap<ReleaseSlug, Vec<Wait>>> {
        let mut waits: BTreeMap<ReleaseSlug, Vec<Wait>> = BTreeMap::new();
        for (slug, what, since) in self.store.waits_of(releases).await? {
            if since.is_some_and(|since| since > caller.now) {
                continue;
            }
            let whom = match what {
                WaitsFor::Data => self.owners_of_late_data(&slug).await?,
                _ => BTreeSet::new(),
            };
            waits.entry(slug).or_default().push(Wait { what, since, whom });
        }
        Ok(waits)
    }

    /// Whoever answers for the metrics whose values do not reach the end of a release's last checkpoint.
    async fn owners_of_late_data(&self, slug: &ReleaseSlug) -> Result<BTreeSet<String>> {
        let mut owners = BTreeSet::new();
        let facts = self.facts(slug).await?;
        let (Some(launch), Some(counts)) = (&facts.launch, facts.counts()) else { return Ok(owners) };
        let terms = self.terms(counts).await?;
        let Some(last) = facts.last_checkpoint(&terms) else { return Ok(owners) };
        let end = last.end(launch.at, &zone(&terms.time_zone));
        for key in terms.metrics.keys() {
            if let Some((metric, complete)) = self.store.metric_with_watermark(key, None).await?
                && complete.is_none_or(|complete| complete < end)
            {
                owners.insert(metric.owner.to_string());
            }
        }
        Ok(owners)
    }
}

/// Something that a release waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// What.
    pub what: WaitsFor,
    /// Since when; `None`: since it was registered.
    pub since: Option<jiff::Timestamp>,
    /// For whom; empty: for the release's owner.
    pub whom: BTreeSet<String>,
}

/// Teams by their fiscal year: first all that have the organisation's, then those that have one of their own. Of one team:
/// its own alone.
fn years(company: &Organisation, teams: &[Team], only: Option<&TeamKey>) -> Vec<Year> {
    let own = |team: &Team| team.fiscal_year_starts.filter(|starts| *starts != company.fiscal_year_starts);
    if let Some(only) = only {
        let starts = teams.iter().find(|team| team.key == *only).and_then(own);
        let starts = starts.unwrap_or(company.fiscal_year_starts);
        return vec![Year { starts, only: Some(vec![only.clone()]), but: Vec::new() }];
    }
    let mut by_start: BTreeMap<YearStart, Vec<TeamKey>> = BTreeMap::new();
    for team in teams {
        if let Some(starts) = own(team) {
            by_start.entry(starts).or_default().push(team.key.clone());
        }
    }
    let but = by_start.values().flatten().cloned().collect();
    let others = Year { starts: company.fiscal_year_starts, only: None, but };
    let own = by_start.into_iter().map(|(starts, teams)| Year { starts, only: Some(teams), but: Vec::new() });
    std::iter::once(others).chain(own).collect()
}
