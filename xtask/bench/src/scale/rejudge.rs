//! Verdicts given anew because values arrived late, worked off from the database by the binary that ships.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use yardstick_client::api::{ImportRequest, LaunchRequest};
use yardstick_client::http::{Client, Format, Upload};
use yardstick_domain::finding::Outcome;
use yardstick_domain::verdict::VerdictRef;
use yardstick_store::{OnSchema, Store};

use super::world::{COMPANY, CRITERIA, World, metric, slug};
use crate::service::{Service, apply};
use crate::watched::{self, Watched};

/// Metrics and releases that are declared at a time.
const AT_ONCE: usize = 1_000;

/// A database with all that was declared, and the folder of the service that works on it.
pub(super) struct Database<'a> {
    yardstick: &'a Path,
    runtime: &'a Runtime,
    world: World,
    url: String,
    home: TempDir,
    /// The newest revision of each release's verdict.
    revisions: Vec<u32>,
}

/// A part of the releases, judged again.
#[derive(Debug)]
pub(super) struct Again {
    pub(super) releases: usize,
    pub(super) took: Watched,
}

impl<'a> Database<'a> {
    /// With all metrics, their values and all releases, each judged once. `url`: `None` for a file of its own.
    pub(super) fn new(
        yardstick: &'a Path,
        runtime: &'a Runtime,
        world: World,
        url: Option<String>,
    ) -> Result<Self> {
        let home = tempfile::tempdir()?;
        let url = url.unwrap_or_else(|| format!("sqlite:{}", home.path().join("bench.db").display()));
        let mut database = Self { yardstick, runtime, world, url, home, revisions: vec![0; world.releases] };
        watched::run(database.command().arg("migrate"), "yardstick migrate")?;
        database.served(|client| async move {
            declare(&client, &world).await?;
            launch(&client, &world).await
        })?;
        database.work_off()?;
        database.check(world.releases)?;
        Ok(database)
    }

    /// Brings late values of the metrics of the first releases, and has all that come of it worked off. `round`: how
    /// often that was done before.
    pub(super) fn again(&mut self, releases: usize, round: u32) -> Result<Again> {
        let world = self.world;
        let metrics = world.metrics * releases / world.releases;
        self.served(|client| async move {
            for index in 0..metrics {
                import(&client, &world, index, world.corrections(index, round)?).await?;
            }
            Ok(())
        })?;
        let took = self.work_off()?;
        self.check(releases)?;
        Ok(Again { releases, took })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(self.yardstick);
        command.args(["--database", &self.url, "--data"]).arg(self.data());
        command
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// Does something by a service that leaves the work that comes due.
    fn served<F: Future<Output = Result<()>>>(&self, what: impl FnOnce(Client) -> F) -> Result<()> {
        let service = Service::without_work(self.yardstick, &self.data(), &self.url)?;
        let client = Client::new(&format!("http://{}", service.address))?;
        self.runtime.block_on(what(client))
    }

    fn work_off(&self) -> Result<Watched> {
        watched::run(self.command().args(["work", "--once"]), "yardstick work --once")
    }

    /// The first releases have a further revision and the others have not, and every criterion of the last of them was
    /// decided, or found inconclusive, from frames.
    fn check(&mut self, releases: usize) -> Result<()> {
        self.runtime.block_on(async {
            let store = Store::open(&self.url, OnSchema::Refuse).await?;
            for (index, revision) in self.revisions.iter_mut().enumerate() {
                let at: VerdictRef = format!("{}/d28", slug(index)).parse()?;
                let found = store.newest_revision(&at.release, at.checkpoint).await?.unwrap_or(0);
                // A judge that the wall clock stopped on a busy machine is asked again, which is one revision more.
                let fits = if index < releases { found > *revision } else { found == *revision };
                ensure!(fits, "{at} was at revision {revision} and is at {found}");
                *revision = found;
            }
            let at: VerdictRef = format!("{}/d28", slug(releases - 1)).parse()?;
            let verdict = store.verdict(&at).await?.with_context(|| format!("{at} was judged"))?;
            ensure!(verdict.judgements.len() == CRITERIA, "{at} has {} findings", verdict.judgements.len());
            for judgement in &verdict.judgements {
                let (finding, frames) = (&judgement.finding, &judgement.frames);
                let judged = match &finding.outcome {
                    Outcome::Undecided { code, .. } => code == "straddles",
                    _ => true,
                };
                ensure!(judged && !frames.is_empty(), "{at} was not judged: {finding:?}");
            }
            store.close().await;
            Ok(())
        })
    }
}

async fn declare(client: &Client, world: &World) -> Result<()> {
    apply(client, COMPANY).await?;
    for from in (0..world.metrics).step_by(AT_ONCE) {
        apply(client, &World::metric_documents(from..world.metrics.min(from + AT_ONCE))).await?;
    }
    for index in 0..world.metrics {
        import(client, world, index, world.values(index)?).await?;
    }
    for from in (0..world.releases).step_by(AT_ONCE) {
        apply(client, &world.release_documents(from..world.releases.min(from + AT_ONCE))?).await?;
    }
    Ok(())
}

async fn import(client: &Client, world: &World, index: usize, values: String) -> Result<()> {
    let request =
        ImportRequest { complete_through: Some(world.last_day()?.to_string()), ..Default::default() };
    let file = Upload::new(Format::Csv, Cursor::new(values.into_bytes()));
    client.import(&metric(index), &request, file).await?;
    Ok(())
}

async fn launch(client: &Client, world: &World) -> Result<()> {
    for index in 0..world.releases {
        client.launch(&slug(index), &LaunchRequest { at: Some(world.launched_at(index)?) }).await?;
    }
    Ok(())
}
