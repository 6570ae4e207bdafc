//! From nothing to a service that works and ten judges that can be asked, when their compiled code is in the
//! cache.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use tokio::runtime::Runtime;
use yardstick_engine::{Cache, Compiler, Config, Engine, Trust};

use crate::inputs;
use crate::report::{Figure, Section};
use crate::rounds::{self, Candidate};
use crate::samples::{nanos, shown};
use crate::service::Service;
use crate::{Places, Setting};

const JUDGES: usize = 10;
const SERVE: &str = "`yardstick serve`, from its start to ready, its own judges cached";
const CACHED: &str = "engine started, ten judges loaded from the cache";
const COMPILED: &str = "engine started, ten judges compiled";

/// Measures loading with and without a cache.
pub(crate) fn measure(places: &Places, setting: &Setting, _: &Runtime) -> Result<Section> {
    let judge = inputs::read(&places.judge)?;
    let judges = inputs::components(&judge, JUDGES)?;
    let folder = tempfile::tempdir()?;
    let cached = || {
        let dir = Dir::open_ambient_dir(folder.path(), ambient_authority())?;
        anyhow::Ok(Some(Cache { dir, key: [7; 32] }))
    };
    load(&judges, cached()?)?;
    let home = tempfile::tempdir()?;
    serve(&places.yardstick, home.path())?;
    let rows = rounds::run(
        vec![
            Candidate::new(SERVE, 5, |count| {
                (0..count).map(|_| serve(&places.yardstick, home.path())).collect()
            }),
            Candidate::new(CACHED, 5, |count| (0..count).map(|_| load(&judges, cached()?)).collect()),
            Candidate::new(COMPILED, 1, |count| (0..count).map(|_| load(&judges, None)).collect()),
        ],
        if setting.quick { 1 } else { 5 },
    )?;
    let mut section = Section {
        title: "Ready with ten judges",
        about: ABOUT.to_owned(),
        rows,
        figures: Vec::new(),
        notes: Vec::new(),
    };
    // More than it will be: both start an engine, and the service brings some of the ten along.
    let both = section.median(SERVE).zip(section.median(CACHED)).map(|(serve, load)| serve + load);
    section.figures.push(Figure {
        what: "`serve` ready with ten cached judges, at most",
        wanted: "< 300 ms",
        measured: both.map(shown),
        reached: both.is_some_and(|nanos| nanos < 300e6),
    });
    Ok(section)
}

const ABOUT: &str = "\
The service is the binary that ships, started on a database that exists, until `/health/ready` answers 200: \
database opened, engine started, built-in judges loaded. An engine alone is started (both profiles, their \
address space reserved, two threads) and ten different judges are loaded: each is inspected, its compiled code \
read, its seal checked, its imports linked, and it is asked once what it is.";

/// Starts the service and waits until it works; gives how long that took.
fn serve(yardstick: &Path, home: &Path) -> Result<u64> {
    let start = Instant::now();
    let service = Service::start(yardstick, home)?;
    until_ready(&service.address)?;
    Ok(nanos(start.elapsed()))
}

/// Asks whether the service is ready.
fn until_ready(address: &str) -> Result<()> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    ensure!(answer.starts_with("HTTP/1.1 200"), "/health/ready answered {answer:?}");
    Ok(())
}

fn load(judges: &[Vec<u8>], cache: Option<Cache>) -> Result<u64> {
    let start = Instant::now();
    let engine = Engine::new(Config { threads: 2, queue: 8, cache, compiler: Compiler::InProcess })?;
    for judge in judges {
        engine.load(judge, Trust::Uploaded).map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    }
    let elapsed = nanos(start.elapsed());
    drop(engine);
    Ok(elapsed)
}
