//! From nothing to a service that works and ten judges that can be asked, when their compiled code is in the
//! cache.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use tokio::runtime::Runtime;
use yardstick_engine::{Cache, Compiler, Config, Engine, Trust};

use crate::inputs;
use crate::report::{Figure, Section};
use crate::rounds::{self, Candidate};
use crate::samples::{nanos, shown};
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
    let mut child = Command::new(yardstick)
        .arg("--data")
        .arg(home)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env_remove("YARDSTICK_DATABASE")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start yardstick")?;
    let ready = child.stdout.take().context("a process has an output").and_then(until_ready);
    let elapsed = nanos(start.elapsed());
    end(&mut child)?;
    ready.map(|()| elapsed)
}

/// Reads where the service listens, and asks whether it is ready.
fn until_ready(output: ChildStdout) -> Result<()> {
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let address = line.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next());
    let address = address.with_context(|| format!("yardstick serve said {line:?}"))?;
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    ensure!(answer.starts_with("HTTP/1.1 200"), "/health/ready answered {answer:?}");
    Ok(())
}

/// Nothing of it is needed any more.
fn end(child: &mut Child) -> Result<()> {
    child.kill()?;
    child.wait()?;
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
