//! Two thousand verdicts that are due, three workers that die at random, a server that goes away, a receiver that is slow,
//! tired or deaf: nothing is lost, and nothing is done twice. The same in every run.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use yardstick_client::api::LaunchRequest;
use yardstick_client::http::Client;
use yardstick_tests::both;
use yardstick_tests::databases::Database;

use super::receiver::{Received, Receiver, Reply, TAKEN};
use crate::app::tamper::{behind, count};
use crate::app::{SMALL, march};
use crate::cli::Desk;
use crate::remote::Served;

const RELEASES: usize = 1_000;
const WORKERS: usize = 3;
const POINTS: [&str; 9] = [
    "job-claimed",
    "criterion-judged",
    "verdict-concluded",
    "verdict-saved",
    "job-worked",
    "job-ended",
    "delivery-begun",
    "delivered",
    "delivery-logged",
];

/// A sequence that looks like chance (Numerical Recipes' generator).
struct Chance(u32);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 16) as usize % end
    }
}

/// What the receiver does with its `number`-th message.
fn reply(number: usize) -> Reply {
    match number {
        5 | 105 | 205 => Reply::Says("429 Too Many Requests", "retry-after: 1\r\n", ""),
        20 | 120 | 220 => Reply::Says("500 Internal Server Error", "", "no"),
        40 | 140 => Reply::Closes,
        60 => Reply::Hangs,
        80 | 180 | 280 => {
            // Nobody ever sends: it takes its time.
            let (_kept, never) = mpsc::channel::<()>();
            let _ = never.recv_timeout(Duration::from_millis(400));
            TAKEN
        }
        _ => TAKEN,
    }
}

/// All launched long ago, with the values that decide them.
async fn launched(database: &Database, desk: &Desk) {
    let (declared, release) = SMALL.split_at(SMALL.find("---\nrelease:").unwrap());
    desk.write("declared.yaml", declared);
    let releases: String =
        (0..RELEASES).map(|index| release.replace("quick-start", &format!("start-{index}"))).collect();
    desk.write("releases.yaml", releases.trim_start_matches("---\n"));
    desk.must("apply -f declared.yaml -f releases.yaml");
    desk.write("march.csv", &march(1, 10, "9"));
    desk.must("import march.csv --metric app.uses");
    let served = Served::over(&database.url, &desk.path("served"), &desk.path("served.log"));
    let client = Client::new(&served.address).unwrap();
    for index in 0..RELEASES {
        let request = LaunchRequest { at: Some("2026-03-02T10:00:00Z".to_owned()) };
        client.launch(&format!("start-{index}"), &request).await.unwrap();
    }
}

fn worker(desk: &Desk, chance: &mut Chance) -> Child {
    let crash = format!("{}:{}", POINTS[chance.below(POINTS.len())], 1 + chance.below(400));
    let mut command = desk.command("work --once");
    command.env("YARDSTICK_CRASH_AT", crash).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

fn open(desk: &Desk) -> bool {
    let some = |state: &str| {
        !desk.json(&format!("jobs list --limit 1 --state {state}"))["items"].as_array().unwrap().is_empty()
    };
    some("waiting") || some("running")
}

both! {
    async fn nothing_is_lost_or_done_twice_whatever_goes_away(database: Database) {
        let receiver = Receiver::new(|number, _| reply(number));
        let desk = Desk::new(Some(&database.url));
        launched(&database, &desk).await;
        desk.must(&format!("sink add hook --url {} --private-addresses", receiver.url()));
        desk.must("sink add archive --folder --events verdict.final");

        let (mut chance, mut rounds, mut ended_early) = (Chance(20_260_302), 0, 0);
        while open(&desk) {
            rounds += 1;
            assert!(rounds < 80, "the workers get nowhere");
            let workers: Vec<Child> = (0..WORKERS).map(|_| worker(&desk, &mut chance)).collect();
            if rounds % 4 == 2 {
                database.restart();
            }
            for mut worker in workers {
                ended_early += usize::from(!worker.wait().unwrap().success());
            }
            if open(&desk) {
                // They are known to be gone, so nobody waits for their leases, nor for the time after a try that failed.
                let lapsed = "UPDATE jobs SET state = 'waiting', worker = NULL, lease_until = NULL, due_at = 0, \
                              attempts = 0 WHERE state IN ('running', 'waiting')";
                behind(&database, lapsed).await;
                behind(&database, "UPDATE sinks SET rests_until = NULL").await;
            }
        }
        assert!(ended_early >= 5, "{ended_early} workers were killed in {rounds} rounds");

        let numbers = async |sql: &'static str| usize::try_from(count(&database, sql).await).unwrap();
        assert_eq!(numbers("SELECT COUNT(*) FROM verdicts WHERE standing = 'official' AND number = 1").await, 2 * RELEASES);
        assert_eq!(numbers("SELECT COUNT(*) FROM verdicts").await, 2 * RELEASES, "of each one revision, and no look");
        assert_eq!(numbers("SELECT COUNT(*) FROM outbox").await, RELEASES, "each final verdict is told of");
        assert_eq!(numbers("SELECT COUNT(*) FROM deliveries WHERE outcome = 'taken'").await, 2 * RELEASES);
        assert_eq!(numbers("SELECT COUNT(*) FROM jobs WHERE state <> 'done'").await, 0);
        let came = receiver.came();
        let ids: BTreeSet<&str> = came.iter().map(Received::id).collect();
        assert_eq!(ids.len(), RELEASES, "each once to whoever remembers");
        assert!(came.len() > RELEASES, "and at least once otherwise");
        let folders = std::fs::read_dir(desk.path(".yardstick/reports/archive")).unwrap().count();
        assert_eq!(folders, RELEASES);
        let audit = desk.json("audit verify");
        assert_eq!((audit["ok"].as_bool(), audit["loose"].as_u64()), (Some(true), Some(0)), "{audit}");
        assert_eq!(numbers("SELECT COUNT(*) FROM audit_events WHERE action = 'judge'").await, 2 * RELEASES);
    }
}
