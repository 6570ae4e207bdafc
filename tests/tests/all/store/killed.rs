//! A process killed by SIGKILL while it imports: all of the import is there afterwards, or nothing.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use yardstick_domain::digest::Digest;
use yardstick_domain::ids::IdempotencyKey;
use yardstick_domain::point::Point;
use yardstick_store::{OnSchema, Store};

use super::samples::{ana, begin, day, days, hour, point, register};
use super::{block_on, both};

const ROWS: usize = 10_000;

fn key() -> IdempotencyKey {
    "nightly".parse().unwrap()
}

fn rows() -> Vec<Point> {
    let ids = 0..i64::try_from(ROWS).unwrap();
    // Every second day is known already, so that all of an import's ways are walked.
    ids.map(|id| point(1 + id / 4, &[("plan", ["free", "paid", "team", "all"][(id % 4) as usize])], 2.0))
        .collect()
}

/// Says that it got this far, and waits to be killed if that is the place.
fn reached(place: &str, stop: &str) {
    if place == stop {
        let mut out = std::io::stdout();
        out.write_all(b"\nreached\n").and_then(|()| out.flush()).unwrap();
        line();
    }
}

/// A line from whoever started this process.
fn line() -> String {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

#[test]
#[ignore = "started, and killed, by the other tests of this module"]
fn victim() {
    let (url, stop) = (line(), line());
    block_on(async {
        let store = Store::open(&url, OnSchema::Refuse).await.unwrap();
        let mut running = begin(&store).await;
        reached("begun", &stop);
        let rows = rows();
        for (index, chunk) in rows.chunks(ROWS / 4).enumerate() {
            running.push(chunk).await.unwrap();
            reached(&format!("pushed {index}"), &stop);
        }
        running.replace(days(1, 100_000));
        running.keep_under(
            &ana(),
            &key(),
            serde_json::json!({ "format": "csv" }),
            Some((day(1), day(2_500))),
        );
        reached("all pushed", &stop);
        running.finish(Digest::of(b"file"), None, hour(2)).await.unwrap();
        reached("finished", &stop);
    });
}

fn run_and_kill(url: &str, stop: &str) {
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::killed::victim", "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = victim.stdin.take().unwrap();
    stdin.write_all(format!("{url}\n{stop}\n").as_bytes()).unwrap();
    let mut lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "reached"), "the victim never got to {stop:?}");
    victim.kill().unwrap();
    victim.wait().unwrap();
}

both! {
    async fn an_import_killed_anywhere_is_whole_or_not_there(database: Database) {
        register(&database.store).await;
        let mut before = begin(&database.store).await;
        // Something to correct, something to repeat, something to withdraw.
        let mut known: Vec<Point> = rows().into_iter().step_by(3).collect();
        known[0].measure.sum = 1.0;
        known.push(point(90_000, &[], 3.0));
        before.push(&known).await.unwrap();
        before.finish(Digest::of(b"before"), None, hour(1)).await.unwrap();
        let metric = "site.mau".parse().unwrap();

        for stop in ["begun", "pushed 0", "pushed 2", "all pushed", "finished"] {
            run_and_kill(&database.url, stop);
            let store = database.again().await;
            let points = store.points(&metric, days(1, 100_000), None).await.unwrap();
            let batches = store.imports(None, None, 10).await.unwrap().items;
            let kept = store.import_under(&metric, &ana(), &key()).await.unwrap();
            assert_eq!(kept.map(|kept| kept.batch.id), (stop == "finished").then(|| batches[0].id), "{stop}");
            if stop == "finished" {
                assert_eq!((points.len(), batches.len()), (ROWS, 2), "killed when {stop}");
                let (new, unchanged) = (ROWS - ROWS.div_ceil(3), ROWS.div_ceil(3) - 1);
                let batch = &batches[0];
                assert_eq!((batch.new, batch.unchanged), (new as u64, unchanged as u64));
                assert_eq!((batch.corrected, batch.withdrawn), (1, 1));
            } else {
                assert_eq!((points.len(), batches.len()), (known.len(), 1), "killed when {stop}");
            }
            store.close().await;
        }
    }
}
