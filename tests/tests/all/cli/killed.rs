//! A process killed with SIGKILL during an import and during a judge run: afterwards no half import, no
//! duplicate, no verdict lost.

use super::Desk;
use super::imports::gzip;
use crate::app::SMALL;
use yardstick_tests::both;
use yardstick_tests::databases::Database;

const KILLED: Option<i32> = Some(9);
const ROWS: u64 = 5_000;

fn desk(database: &Database) -> Desk {
    let desk = Desk::new(Some(&database.url));
    desk.write("small.yaml", SMALL);
    desk.must("apply -f small.yaml");
    desk
}

/// A value a day since 2011, so that several chunks are written.
fn long() -> String {
    let first: jiff::civil::Date = "2011-01-01".parse().unwrap();
    let row = |index: u64| {
        format!("{},1\n", yardstick_domain::time::plus_days(first, i32::try_from(index).unwrap()))
    };
    format!("day,value\n{}", (0..ROWS).map(row).collect::<String>())
}

both! {
    async fn an_import_is_whole_or_not_there(database: Database) {
        let desk = desk(&database);
        desk.write("long.csv", &long());
        let mut done = 0;
        for point in ["import-begun", "import-chunk:1", "import-chunk:2", "import-written", "import-committed"] {
            let ran = desk.run_at("import long.csv --metric app.uses", Some(point));
            assert_eq!(ran.signal, KILLED, "{point}: {ran:?}");
            let committed = u64::from(point == "import-committed");
            let batches = desk.json("import list");
            assert_eq!(batches["items"].as_array().unwrap().len() as u64, done + committed, "{point}");
            done += committed;
        }
        let again = desk.json("import long.csv --metric app.uses");
        assert_eq!((again["import"]["new"].as_u64(), again["import"]["unchanged"].as_u64()), (Some(0), Some(ROWS)));
        let metric = desk.json("metric show app.uses");
        assert_eq!(metric["coverage"]["buckets"].as_u64(), Some(ROWS));
    }

    async fn an_interrupted_import_leaves_its_key_free(database: Database) {
        let desk = desk(&database);
        let line = |row: &str| format!("{{\"value\":1,\"day\":\"{}\"}}\n", row.trim_end_matches(",1"));
        desk.write_bytes("long.ndjson.gz", &gzip(&long().lines().skip(1).map(line).collect::<String>()));
        let words = "import long.ndjson.gz --metric app.uses --idempotency-key nightly";
        for point in ["import-begun", "import-chunk:2", "import-written"] {
            assert_eq!(desk.run_at(words, Some(point)).signal, KILLED, "{point}");
            assert_eq!(desk.json("import list")["items"].as_array().unwrap().len(), 0, "{point}");
        }
        // Killed after it was written, before it could say so: what a key is for.
        assert_eq!(desk.run_at(words, Some("import-committed")).signal, KILLED);
        let again = desk.json(words);
        assert_eq!((again["import"]["new"].as_u64(), again["replayed"].as_bool()), (Some(ROWS), Some(true)));
        assert_eq!(desk.json("import list")["items"].as_array().unwrap().len(), 1);
        let metric = desk.json("metric show app.uses");
        assert_eq!(metric["coverage"]["buckets"].as_u64(), Some(ROWS));
    }

    async fn a_verdict_is_whole_or_not_there_and_never_twice(database: Database) {
        let desk = desk(&database);
        desk.write("march.csv", &crate::app::march(1, 10, "9"));
        desk.must("import march.csv --metric app.uses");
        desk.must("launch quick-start --at 2026-03-02T10:00:00Z");
        for point in ["criterion-judged", "verdict-concluded", "verdict-saved"] {
            let ran = desk.run_at("judge quick-start --checkpoint d7", Some(point));
            assert_eq!(ran.signal, KILLED, "{point}: {ran:?}");
            let saved = usize::from(point == "verdict-saved");
            assert_eq!(desk.json("verdict list --looks")["items"].as_array().unwrap().len(), saved, "{point}");
        }
        let ran = desk.run("judge quick-start --checkpoint d7");
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let verdicts = desk.json("verdict list --looks");
        assert_eq!(verdicts["items"].as_array().unwrap().len(), 1, "{verdicts}");
        assert_eq!(verdicts["items"][0]["at"], "quick-start/d7");
        assert!(desk.must("replay quick-start/d7").starts_with("SAME  quick-start/d7"));
    }

    async fn a_worker_killed_anywhere_leaves_each_verdict_given_once(database: Database) {
        let desk = desk(&database);
        desk.write("march.csv", &crate::app::march(1, 10, "9"));
        desk.must("import march.csv --metric app.uses");
        desk.must("work --once");
        desk.must("launch quick-start --at 2026-03-02T10:00:00Z");
        let points = ["job-claimed", "criterion-judged", "verdict-concluded", "verdict-saved", "job-worked", "job-ended"];
        for point in points {
            let ran = desk.run_at("work --once", Some(point));
            assert_eq!(ran.signal, KILLED, "{point}: {ran:?}");
            // Nobody waits for the lease of somebody who is known to be gone.
            let lapsed = "UPDATE jobs SET lease_until = 0, due_at = 0 WHERE state IN ('running', 'waiting')";
            crate::app::tamper::behind(&database, lapsed).await;
            // Two may have been claimed by then: one of them goes on at once, the others a little later, as all that lapse.
            let one = "UPDATE jobs SET state = 'waiting', worker = NULL, lease_until = NULL WHERE state = 'waiting' OR \
                       (NOT EXISTS (SELECT 1 FROM jobs WHERE state = 'waiting') AND id = \
                       (SELECT MAX(id) FROM jobs WHERE state = 'running'))";
            crate::app::tamper::behind(&database, one).await;
        }
        let ran = desk.must("work --once");
        assert!(ran.ends_with(" done\n"), "{ran}");
        // The lapsed ones count as tried and are due a little later.
        let at_once = "UPDATE jobs SET due_at = 0 WHERE state = 'waiting'";
        if desk.json("jobs list --state waiting")["items"].as_array().is_some_and(|items| !items.is_empty()) {
            crate::app::tamper::behind(&database, at_once).await;
            desk.must("work --once");
        }
        let verdicts = desk.json("verdict list --looks");
        let at: Vec<&str> =
            verdicts["items"].as_array().unwrap().iter().map(|item| item["at"].as_str().unwrap()).collect();
        assert_eq!(at.len(), 2, "{at:?}");
        for jobs in ["waiting", "running", "dead"] {
            let left = desk.json(&format!("jobs list --state {jobs}"));
            assert_eq!(left["items"].as_array().unwrap().len(), 0, "{left}");
        }
        for at in ["quick-start/d2", "quick-start/d7"] {
            let replay = desk.run(&format!("replay {at}"));
            assert_eq!(replay.code, Some(0), "{replay:?}");
        }
    }
}
