//! From nothing to ten judges that can be asked, when their compiled code is in the cache.

use std::time::Instant;

use anyhow::Result;
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
const CACHED: &str = "**engine started, ten judges loaded from the cache**";
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
    let rows = rounds::run(
        vec![
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
    let cached = section.median(CACHED);
    section.figures.push(Figure {
        what: "ready with ten cached judges",
        wanted: "< 300 ms",
        measured: cached.map(shown),
        reached: cached.is_some_and(|nanos| nanos < 300e6),
    });
    Ok(section)
}

const ABOUT: &str = "\
An engine is started (both profiles, their address space reserved, two threads) and ten different judges are \
loaded: each is inspected, its compiled code read, its seal checked, its imports linked, and it is asked once \
what it is.";

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
