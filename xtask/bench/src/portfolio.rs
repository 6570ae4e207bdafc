//! What people look at: the portfolio of a company of ten thousand releases, and lists, from a service on this machine.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use yardstick_client::api::{PortfolioRequest, ReleasesRequest, VerdictsRequest};
use yardstick_client::http::Client;
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::criteria::{Criteria, Criterion, Policy, SealedCriterion, Terms};
use yardstick_domain::digest::Digest;
use yardstick_domain::finding::{Finding, Outcome, Reason};
use yardstick_domain::level::Level;
use yardstick_domain::metric::Visibility;
use yardstick_domain::people::{Actor, Team};
use yardstick_domain::question::Role;
use yardstick_domain::release::{Brief, Launch, Release, Seal, SealedWhen};
use yardstick_domain::verdict::{Judgement, RULES, Seen, Standing, Verdict, VerdictNumber, VerdictRef};
use yardstick_store::{Changes, CriteriaChange, OnSchema, ReleaseChange, Store};

use crate::report::{Figure, Row, Section};
use crate::samples::{Summary, nanos, shown};
use crate::service::Service;
use crate::{Places, Setting};

const ALL: usize = 10_000;
const FINDINGS: usize = 10;
const TEAMS: usize = 40;
/// Releases that are registered in one transaction.
const AT_ONCE: usize = 500;
/// Clients that ask at a time, each the next question when the last is answered.
const CLIENTS: usize = 4;

const PORTFOLIO: &str = "portfolio of a quarter with seven quarters before, all teams";
const LIST: &str = "a page of 50 releases or verdicts, four clients at a time";

/// Measures a service over SQLite.
pub(crate) fn measure(places: &Places, setting: &Setting, runtime: &Runtime) -> Result<Section> {
    let releases = if setting.quick { 200 } else { ALL };
    let folder = tempfile::tempdir()?;
    let database = format!("sqlite:{}", folder.path().join("yardstick.db").display());
    runtime.block_on(fill(&database, releases))?;
    let service = Service::without_work(&places.yardstick, &folder.path().join("data"), &database)?;
    let client = Client::new(&format!("http://{}", service.address))?;
    let portfolio = runtime.block_on(portfolios(&client, if setting.quick { 20 } else { 300 }))?;
    let asked = if setting.quick { 200 } else { 8_000 };
    let began = Instant::now();
    let lists = runtime.block_on(lists(&client, asked))?;
    let per_second = lists.len() as f64 / began.elapsed().as_secs_f64();
    let slowest = |samples: &[u64], share: f64| {
        let mut sorted = samples.to_vec();
        sorted.sort_unstable();
        sorted.get((sorted.len() as f64 * share) as usize).or(sorted.last()).map(|nanos| *nanos as f64)
    };
    let (p95, p99) = (slowest(&portfolio, 0.95), slowest(&lists, 0.99));
    let is_whole = releases == ALL;
    let row = |what: &str, samples: &[u64]| {
        anyhow::Ok(Row { what: what.to_owned(), summary: Summary::of(samples).context("it was taken")? })
    };
    Ok(Section {
        title: "Portfolio and lists",
        about: ABOUT.to_owned(),
        rows: vec![row(PORTFOLIO, &portfolio)?, row(LIST, &lists)?],
        figures: vec![
            Figure {
                what: "portfolio over 10,000 releases and 100,000 findings, p95, SQLite",
                wanted: "≤ 50 ms",
                measured: p95.filter(|_| is_whole).map(shown),
                reached: is_whole && p95.is_some_and(|nanos| nanos <= 50e6),
            },
            Figure {
                what: "list reads, requests per second, the clients on the same two cores",
                wanted: "≥ 500",
                measured: is_whole.then(|| format!("{per_second:.0}")),
                reached: is_whole && per_second >= 500.0,
            },
            Figure {
                what: "… p99",
                wanted: "≤ 20 ms",
                measured: p99.filter(|_| is_whole).map(shown),
                reached: is_whole && p99.is_some_and(|nanos| nanos <= 20e6),
            },
        ],
        notes: Vec::new(),
    })
}

const ABOUT: &str = "\
10,000 releases of 40 teams over two fiscal years, each sealed, launched and judged with ten findings, in SQLite, written by \
the store's own commands. A service without work answers over HTTP on this machine, the clients on the same cores. The \
portfolio is added up anew for each answer: a quarter with all teams, codes, calibration and the releases that were not \
measured, and the figures of the seven quarters before.";

async fn portfolios(client: &Client, count: usize) -> Result<Vec<u64>> {
    let mut samples = Vec::with_capacity(count);
    for round in 0..count + 5 {
        let quarter = Some(["FY25-Q4", "FY26-Q1", "FY26-Q2"][round % 3].to_owned());
        let began = Instant::now();
        let found = client.portfolio(&PortfolioRequest { quarter, ..PortfolioRequest::default() }).await?;
        if round >= 5 {
            samples.push(nanos(began.elapsed()));
        }
        ensure!(found.figures.launched > 0, "there are releases in {}", found.quarter);
    }
    Ok(samples)
}

async fn lists(client: &Client, count: usize) -> Result<Vec<u64>> {
    let mut tasks = JoinSet::new();
    for start in 0..CLIENTS {
        let client = client.clone();
        tasks.spawn(async move {
            let mut samples = Vec::with_capacity(count / CLIENTS);
            for round in 0..count / CLIENTS {
                let began = Instant::now();
                let items = if (round + start).is_multiple_of(2) {
                    let level = (round % 3 == 0).then(|| "L2+".to_owned());
                    client
                        .releases(&ReleasesRequest { level, ..ReleasesRequest::default() })
                        .await?
                        .items
                        .len()
                } else {
                    client.verdicts(&VerdictsRequest::default()).await?.items.len()
                };
                samples.push(nanos(began.elapsed()));
                ensure!(items == 50, "a page has 50 items, not {items}");
            }
            anyhow::Ok(samples)
        });
    }
    let mut all = Vec::with_capacity(count);
    while let Some(samples) = tasks.join_next().await {
        all.extend(samples??);
    }
    Ok(all)
}

/// Writes all releases, their launches and their verdicts.
async fn fill(database: &str, releases: usize) -> Result<()> {
    let store = Store::open(database, OnSchema::Migrate).await?;
    let by: Actor = "ana@example.com".parse().map_err(anyhow::Error::msg)?;
    let first: Timestamp = "2024-01-01T00:00:00Z".parse()?;
    let teams = (0..TEAMS).map(team).collect::<Result<_>>()?;
    store.apply(&Changes { teams, ..Changes::default() }, &by, first).await?;
    let all: Vec<usize> = (0..releases).collect();
    for some in all.chunks(AT_ONCE) {
        let new = |index: &usize| {
            let criteria = CriteriaChange::New { reason: None };
            anyhow::Ok(ReleaseChange { release: release(*index)?, expected_version: None, criteria })
        };
        let changes =
            Changes { releases: some.iter().map(new).collect::<Result<_>>()?, ..Changes::default() };
        store.apply(&changes, &by, first).await?;
    }
    for index in 0..releases {
        judged(&store, index, &by).await?;
    }
    store.close().await;
    Ok(())
}

async fn judged(store: &Store, index: usize, by: &Actor) -> Result<()> {
    let release = release(index)?;
    let at = day(index)?.at(10, 0, 0, 0).to_zoned(TimeZone::UTC)?.timestamp();
    let sealed = |criterion: &Criterion| SealedCriterion { criterion: criterion.clone(), plugin: None };
    let terms = Terms {
        release: release.slug.clone(),
        level: release.level,
        planned: release.planned,
        time_zone: "UTC".to_owned(),
        passes_when: release.criteria.passes_when,
        checkpoints: release.criteria.checkpoints.clone(),
        criteria: release.criteria.list.iter().map(sealed).collect(),
        metrics: BTreeMap::new(),
    };
    let bytes = terms.canonical().map_err(anyhow::Error::msg)?;
    let hash = Digest::of(&bytes);
    let seal = Seal { hash, version: 1, at, by: by.clone(), when: SealedWhen::ByLaunch };
    let launch = Launch { at, recorded_at: at, by: by.clone() };
    store.launch(&release.slug, &launch, Some((&seal, &bytes)), &[]).await?;
    let outcome = match index % 5 {
        0 | 1 => Outcome::Pass,
        2 => Outcome::Marginal,
        3 => Outcome::Fail,
        _ => Outcome::undecided(Reason::UntrustedData, "stale"),
    };
    let judgements = release
        .criteria
        .list
        .iter()
        .map(|criterion| judgement(criterion, &outcome))
        .collect::<Result<_>>()?;
    let judged_at = at.checked_add((24 * 30).hours())?;
    let mut verdict = Verdict {
        at: VerdictRef {
            release: release.slug.clone(),
            checkpoint: Checkpoint::new(28).map_err(anyhow::Error::msg)?,
            number: VerdictNumber::Newest,
        },
        standing: Standing::Official,
        is_final: true,
        outcome,
        headline: "All goals were met".to_owned(),
        launch: at,
        as_of: judged_at,
        known_at: None,
        judged_at,
        judged_by: by.clone(),
        terms: hash,
        rules: RULES,
        judgements,
        seen: Digest::default(),
    };
    verdict.seen = verdict.record().map_err(anyhow::Error::msg)?;
    store.save_verdict(&verdict, Vec::new(), &bytes, &[]).await?;
    Ok(())
}

fn judgement(criterion: &Criterion, outcome: &Outcome) -> Result<Judgement> {
    let mut judgement = Judgement {
        criterion: criterion.clone(),
        plugin: None,
        question: None,
        queries: Vec::new(),
        frames: Vec::new(),
        run: None,
        decided: None,
        complete_through: None,
        finding: Finding::by_host(outcome.clone(), "64.4 % of 9,640, target 60 %".to_owned()),
        seen: Seen::default(),
    };
    judgement.seen = judgement.parts().map_err(anyhow::Error::msg)?;
    Ok(judgement)
}

/// The day on which a release launches, over two years.
fn day(index: usize) -> Result<Date> {
    Ok(date(2024, 9, 1).checked_add(((index * 37) as i64 % 720).days())?)
}

fn team(index: usize) -> Result<Team> {
    Ok(Team {
        key: format!("team-{index}").parse().map_err(anyhow::Error::msg)?,
        name: format!("Team {index}"),
        time_zone: "UTC".to_owned(),
        members: BTreeMap::new(),
        fiscal_year_starts: None,
        digest: None,
        urgent: Vec::new(),
    })
}

fn release(index: usize) -> Result<Release> {
    let criterion = |number: usize| {
        anyhow::Ok(Criterion {
            id: format!("criterion-{number}").parse().map_err(anyhow::Error::msg)?,
            says: "At least 60 % are merged in the first four weeks.".to_owned(),
            role: if number < 5 { Role::Goal } else { Role::Guardrail },
            required: false,
            judge: "threshold@1".parse().map_err(anyhow::Error::msg)?,
            metrics: BTreeMap::new(),
            window: None,
            baseline_days: None,
            params: serde_json::json!({ "at_least": 0.6 }),
            expected: None,
            weight: 1.0,
            due: None,
        })
    };
    Ok(Release {
        slug: format!("release-{index}").parse().map_err(anyhow::Error::msg)?,
        name: format!("Release {index}"),
        feature: None,
        team: format!("team-{}", index % TEAMS).parse().map_err(anyhow::Error::msg)?,
        owner: "ana@example.com".parse().map_err(anyhow::Error::msg)?,
        visibility: Visibility::Company,
        level: if index.is_multiple_of(10) { Level::L1 } else { Level::L2 },
        stage: None,
        planned: day(index)?.checked_sub((index as i64 % 4).days())?,
        deployments: Vec::new(),
        issue: None,
        links: BTreeMap::new(),
        okrs: Vec::new(),
        follows: None,
        brief: Brief::default(),
        confidence: Some(0.7),
        criteria: Criteria {
            checkpoints: vec![Checkpoint::new(28).map_err(anyhow::Error::msg)?],
            passes_when: Policy::All,
            list: (0..FINDINGS).map(criterion).collect::<Result<_>>()?,
        },
    })
}
