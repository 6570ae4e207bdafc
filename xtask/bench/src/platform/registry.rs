//! A service with many judges, and an engine that loads one.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow};
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use tokio::runtime::Runtime;
use yardstick_client::api::PublishRequest;
use yardstick_client::http::Client;
use yardstick_engine::{Cache, Compiler, Config, Engine, Trust};

use super::{LOAD, PUBLISH};
use crate::inputs::renamed;
use crate::report::Row;
use crate::samples::{Summary, nanos};
use crate::service::{Service, apply};

/// What many judges take.
pub(super) struct Registry {
    /// Publishing each.
    pub(super) row: Row,
    /// Memory of the service, in bytes, with all of them.
    pub(super) memory: u64,
}

/// Publishes this many judges, all different to the service: each has another name.
pub(super) fn measure(
    yardstick: &Path,
    runtime: &Runtime,
    component: &[u8],
    count: usize,
) -> Result<Registry> {
    let home = tempfile::tempdir()?;
    let service = Service::start(yardstick, home.path())?;
    let client = Client::new(&format!("http://{}", service.address))?;
    runtime.block_on(apply(&client, TEAM))?;
    let publish = |index| {
        let component = renamed(component, &format!("bench/judge-{index}"), "1.0.0")?;
        let start = Instant::now();
        runtime.block_on(client.publish_plugin(&PublishRequest { shadow: false }, component))?;
        Ok(nanos(start.elapsed()))
    };
    let samples = (0..count).map(publish).collect::<Result<Vec<_>>>()?;
    let summary = Summary::of(&samples).context("some were published")?;
    Ok(Registry { row: Row { what: PUBLISH.to_owned(), summary }, memory: service.memory()? })
}

/// A team that may publish `bench/…`.
pub(super) const TEAM: &str = "
team: bench
name: Bench
time_zone: UTC
members: { ana.lopez@example.com: maintainer }
";

/// Loads it this many times into an engine that runs, from a cache that has it.
pub(super) fn loads(component: &[u8], count: usize) -> Result<Row> {
    let folder = tempfile::tempdir()?;
    let dir = Dir::open_ambient_dir(folder.path(), ambient_authority())?;
    let cache = Some(Cache { dir, key: [7; 32] });
    let engine = Engine::new(Config { threads: 2, queue: 8, cache, compiler: Compiler::InProcess })?;
    let load = || engine.load(component, Trust::Uploaded).map_err(|refusal| anyhow!("{refusal}"));
    load()?;
    let timed = |_| {
        let start = Instant::now();
        let plugin = load()?;
        let elapsed = nanos(start.elapsed());
        drop(plugin);
        Ok(elapsed)
    };
    let samples = (0..count).map(timed).collect::<Result<Vec<_>>>()?;
    Ok(Row { what: LOAD.to_owned(), summary: Summary::of(&samples).context("it was loaded")? })
}
