//! Sinks at work: real receivers on loopback, real folders, processes that are killed.

mod folder;
mod killed;
mod receiver;
mod seeded;
mod web_hook;

use crate::app::{SMALL, march};
use crate::cli::Desk;

/// A desk on which a release was judged finally, seen by nobody yet: a sink that is added now hears of what comes.
fn judged(database: Option<&str>, sinks: &[&str]) -> Desk {
    let desk = Desk::new(database);
    desk.write("small.yaml", SMALL);
    desk.must("apply -f small.yaml");
    for sink in sinks {
        desk.must(&format!("sink add {sink}"));
    }
    desk.write("march.csv", &march(1, 10, "9"));
    desk.must("import march.csv --metric app.uses");
    desk.must("launch quick-start --at 2026-03-02T10:00:00Z");
    desk
}
