//! Processes killed between an event and its acknowledgement: a receiver that remembers ids has each event once.

use std::collections::BTreeSet;

use super::judged;
use super::receiver::{Received, Receiver};
use crate::app::tamper::behind;
use yardstick_tests::both;

const KILLED: Option<i32> = Some(9);

both! {
    async fn an_event_is_delivered_whenever_a_worker_dies(database: Database) {
        let receiver = Receiver::taking();
        let hook = format!("hook --url {} --private-addresses", receiver.url());
        let desk = judged(Some(&database.url), &[&hook, "archive --folder"]);
        // They are known to be gone, so nobody waits for their leases, nor for the time after a try that failed.
        let lapsed = "UPDATE jobs SET state = 'waiting', worker = NULL, lease_until = NULL, due_at = 0, attempts = 0 \
                      WHERE state IN ('running', 'waiting')";
        let points = [
            "verdict-concluded", "verdict-saved", "job-ended", "delivery-begun", "delivered", "delivery-logged",
            "job-worked",
        ];
        for point in points {
            // It is refused while the one before is still on its way.
            desk.run("sink try hook");
            let ran = desk.run_at("work --once", Some(point));
            assert_eq!(ran.signal, KILLED, "{point}: {ran:?}");
            let open = |state: &str| !desk.json(&format!("jobs list --state {state}"))["items"].as_array().unwrap().is_empty();
            if open("waiting") || open("running") {
                behind(&database, lapsed).await;
            }
        }
        desk.must("work --once");
        let events = desk.json("events");
        let known: BTreeSet<&str> =
            events["items"].as_array().unwrap().iter().map(|event| event["message_id"].as_str().unwrap()).collect();
        assert!(known.len() >= 2, "{events}");
        let came = receiver.came();
        let ids: BTreeSet<&str> = came.iter().map(Received::id).collect();
        assert_eq!(ids, known, "each once to whoever remembers");
        assert!(came.len() > known.len(), "at least once otherwise: {}", came.len());
        // However often, the same was said.
        for id in ids {
            let bodies: BTreeSet<&str> =
                came.iter().filter(|message| message.id() == id).map(|message| message.body.as_str()).collect();
            assert_eq!(bodies.len(), 1, "{id}");
        }
        for state in ["waiting", "running", "dead"] {
            let left = desk.json(&format!("jobs list --state {state}"));
            assert_eq!(left["items"].as_array().unwrap().len(), 0, "{left}");
        }
        let log = desk.json("sink deliveries");
        let taken = log["items"].as_array().unwrap().iter().filter(|line| line["outcome"] == "taken").count();
        assert_eq!(taken, 1 + known.len(), "each sink has each of its events once: {log}");
        let audit = desk.json("audit verify");
        assert_eq!(audit["ok"], true, "{audit}");
    }
}
