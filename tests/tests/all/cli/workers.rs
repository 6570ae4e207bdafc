//! Several workers on one database, killed again and again: nothing is lost, and nothing is done twice.

use std::process::Stdio;

use super::Desk;
use crate::app::tamper::behind;
use crate::app::{SMALL, march};
use yardstick_tests::both;

const RELEASES: usize = 12;
const WORKERS: usize = 3;
const POINTS: [&str; 6] =
    ["job-claimed", "criterion-judged", "verdict-concluded", "verdict-saved", "job-worked", "job-ended"];

/// A sequence that looks like chance, the same in every run (Numerical Recipes' generator).
fn next(seed: &mut u32) -> usize {
    *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    (*seed >> 16) as usize
}

fn open(desk: &Desk) -> usize {
    let count =
        |state: &str| desk.json(&format!("jobs list --state {state}"))["items"].as_array().unwrap().len();
    count("waiting") + count("running")
}

both! {
    async fn workers_that_are_killed_at_random_give_each_verdict_once(database: Database) {
        let desk = Desk::new(Some(&database.url));
        let (declared, release) = SMALL.split_at(SMALL.find("---\nrelease:").unwrap());
        desk.write("declared.yaml", declared);
        let releases: String =
            (0..RELEASES).map(|index| release.replace("quick-start", &format!("start-{index}"))).collect();
        desk.write("releases.yaml", releases.trim_start_matches("---\n"));
        desk.must("apply -f declared.yaml -f releases.yaml");
        desk.write("march.csv", &march(1, 10, "9"));
        desk.must("import march.csv --metric app.uses");
        for index in 0..RELEASES {
            desk.must(&format!("launch start-{index} --at 2026-03-02T10:00:00Z"));
        }
        assert_eq!(open(&desk), 2 * RELEASES + 1, "a job for each checkpoint, and one for the values");

        let (mut seed, mut rounds, mut killed) = (20_260_302, 0, 0);
        while open(&desk) > 0 {
            rounds += 1;
            assert!(rounds < 60, "the workers get nowhere");
            let workers: Vec<_> = (0..WORKERS)
                .map(|_| {
                    let crash = format!("{}:{}", POINTS[next(&mut seed) % POINTS.len()], 1 + next(&mut seed) % 3);
                    let mut command = desk.command("work --once");
                    command.env("YARDSTICK_CRASH_AT", crash).stdout(Stdio::null()).stderr(Stdio::null());
                    command.spawn().unwrap()
                })
                .collect();
            for mut worker in workers {
                killed += usize::from(!worker.wait().unwrap().success());
            }
            // They are known to be gone, so nobody waits for their leases, nor for the time after a try that failed.
            if open(&desk) > 0 {
                let lapsed = "UPDATE jobs SET lease_until = 0, due_at = 0, attempts = 0 \
                              WHERE state IN ('running', 'waiting')";
                behind(&database, lapsed).await;
            }
        }
        assert!(killed >= 5, "{killed} workers were killed in {rounds} rounds");
        let verdicts = desk.json("verdict list --limit 500");
        let mut at: Vec<&str> =
            verdicts["items"].as_array().unwrap().iter().map(|item| item["at"].as_str().unwrap()).collect();
        at.sort_unstable();
        let mut expected: Vec<String> =
            (0..RELEASES).flat_map(|index| ["d2", "d7"].map(|day| format!("start-{index}/{day}"))).collect();
        expected.sort_unstable();
        assert_eq!(at, expected, "one of each, and of each one revision");
        let dead = desk.json("jobs list --state dead");
        assert_eq!(dead["items"].as_array().unwrap().len(), 0, "{dead}");
        let audit = desk.json("audit verify");
        assert_eq!((audit["ok"].as_bool(), audit["loose"].as_u64()), (Some(true), Some(0)), "{audit}");
        let judged = desk.json("audit list --limit 500");
        let judged = judged["items"].as_array().unwrap().iter().filter(|event| event["action"] == "judge").count();
        assert_eq!(judged, expected.len(), "each is in the audit once");
    }
}
