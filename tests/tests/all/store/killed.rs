//! A process killed by SIGKILL while it imports: all of the import is there afterwards, or nothing.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use yardstick_domain::digest::Digest;
use yardstick_domain::point::Point;
use yardstick_store::{OnSchema, Store};

use super::samples::{begin, days, point, register};
use super::{block_on, both};

const DATABASE: &str = "YARDSTICK_TEST_VICTIM_DATABASE";
const STOP: &str = "YARDSTICK_TEST_VICTIM_STOP";
const ROWS: usize = 10_000;

fn rows() -> Vec<Point> {
    let ids = 0..i64::try_from(ROWS).unwrap();
    // Every second day is known already, so that all of an import's ways are walked.
    ids.map(|id| point(1 + id / 4, &[("plan", ["free", "paid", "team", "all"][(id % 4) as usize])], 2.0))
        .collect()
}

/// Says that it got this far, and waits to be killed if that is the place.
fn reached(place: &str) {
    if std::env::var(STOP).is_ok_and(|stop| stop == place) {
        let mut out = std::io::stdout();
        out.write_all(b"\nreached\n").and_then(|()| out.flush()).unwrap();
        std::io::stdin().read_line(&mut String::new()).unwrap();
    }
}

#[test]
#[ignore = "started, and killed, by the other tests of this module"]
fn victim() {
    let url = std::env::var(DATABASE).unwrap();
    block_on(async {
        let store = Store::open(&url, OnSchema::Refuse).await.unwrap();
        let mut running = begin(&store, 2).await;
        reached("begun");
        let rows = rows();
        for (index, chunk) in rows.chunks(ROWS / 4).enumerate() {
            running.push(chunk).await.unwrap();
            reached(&format!("pushed {index}"));
        }
        running.replace(days(1, 100_000));
        reached("all pushed");
        running.finish(Digest::of(b"file"), None).await.unwrap();
        reached("finished");
    });
}

fn run_and_kill(url: &str, stop: &str) {
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::killed::victim", "--ignored", "--nocapture"])
        .envs([(DATABASE, url), (STOP, stop)])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "reached"), "the victim never got to {stop:?}");
    victim.kill().unwrap();
    victim.wait().unwrap();
}

both! {
    async fn an_import_killed_anywhere_is_whole_or_not_there(database: Database) {
        register(&database.store).await;
        let mut before = begin(&database.store, 1).await;
        // Something to correct, something to repeat, something to withdraw.
        let mut known: Vec<Point> = rows().into_iter().step_by(3).collect();
        known[0].measure.sum = 1.0;
        known.push(point(90_000, &[], 3.0));
        before.push(&known).await.unwrap();
        before.finish(Digest::of(b"before"), None).await.unwrap();
        let metric = "site.mau".parse().unwrap();

        for stop in ["begun", "pushed 0", "pushed 2", "all pushed", "finished"] {
            run_and_kill(&database.url, stop);
            let store = database.again().await;
            let points = store.points(&metric, days(1, 100_000), None).await.unwrap();
            let batches = store.imports(None, 10).await.unwrap();
            if stop == "finished" {
                assert_eq!((points.len(), batches.len()), (ROWS, 2), "killed when {stop}");
                let (new, unchanged) = (ROWS - ROWS.div_ceil(3), ROWS.div_ceil(3) - 1);
                let counts = (batches[0].new, batches[0].unchanged, batches[0].corrected, batches[0].withdrawn);
                assert_eq!(counts, (new as u64, unchanged as u64, 1, 1));
            } else {
                assert_eq!((points.len(), batches.len()), (known.len(), 1), "killed when {stop}");
            }
            store.close().await;
        }
    }
}
