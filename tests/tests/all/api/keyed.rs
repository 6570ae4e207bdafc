//! Requests with an idempotency key: done once, however often they are sent.

use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;

use serde_json::{Value, json};
use yardstick_tests::both;
use yardstick_tests::databases::Database;

use super::tokens::Guarded;
use super::{Answer, Service};
use crate::app::SMALL;
use crate::app::tamper::count;
use crate::cli::Desk;
use crate::remote::{Served, kept, yardstick};

fn registered(database: &Database) -> Service {
    let desk = Desk::new(Some(&database.url));
    desk.write("small.yaml", SMALL);
    desk.must("apply -f small.yaml");
    Service::empty(&database.url)
}

impl Service {
    fn post_keyed(&self, path: &str, key: &str, body: &Value) -> Answer {
        let headers = [("Content-Type", "application/json"), ("Idempotency-Key", key)];
        self.ask("POST", path, &headers, &body.to_string())
    }
}

fn is_replayed(answer: &Answer) -> bool {
    answer.head.contains("idempotency-replayed: true")
}

/// How many events of the audit have this action.
fn done(service: &Service, action: &str) -> usize {
    let audit = service.get("/api/v1/audit?limit=500").json();
    let items = audit["items"].as_array().unwrap().iter();
    items.filter(|event| event["action"] == action && event["outcome"] == "done").count()
}

both! {
    async fn the_same_again_is_answered_and_not_done_again(database: Database) {
        let service = registered(&database);
        let launch = "/api/v1/releases/quick-start/launch";
        let body = json!({ "at": "2026-03-02T10:00:00Z" });
        let first = service.post_keyed(launch, "k-1", &body);
        assert!(first.status == 200 && !is_replayed(&first), "{first:?}");
        for key in ["k-1", "\"k-1\""] {
            let again = service.post_keyed(launch, key, &body);
            assert!(again.status == 200 && is_replayed(&again), "{again:?}");
            assert_eq!(again.json(), first.json());
            assert!(again.head.contains("content-type: application/json"), "{again:?}");
        }
        assert_eq!(done(&service, "launch"), 1);
        // What it stands for is all of the request.
        for (path, body) in [
            (launch, json!({ "at": "2026-03-02T11:00:00Z" })),
            ("/api/v1/releases/quick-start/cancel", json!({ "reason": "x" })),
        ] {
            let problem = service.post_keyed(path, "k-1", &body).problem();
            assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(422), Some("key-reused")));
        }
        // A refusal is kept like any answer, under the new request's id.
        let refused = service.post_keyed(launch, "k-2", &body).problem();
        assert_eq!(refused["code"], "conflict");
        let again = service.post_keyed(launch, "k-2", &body);
        assert!(is_replayed(&again), "{again:?}");
        assert_eq!(again.problem()["detail"], refused["detail"]);
        assert_ne!(again.problem()["instance"], refused["instance"]);
        for wrong in ["", "two words", "\"open"] {
            let problem = service.post_keyed(launch, wrong, &body).problem();
            assert_eq!((problem["status"].as_u64(), problem["errors"][0]["field"].as_str()), (Some(400), Some("Idempotency-Key")));
        }
        // Whoever only reads needs no key, and one is no harm.
        let read = service.ask("GET", "/api/v1/releases", &[("Idempotency-Key", "k-1")], "");
        assert!(read.status == 200 && !is_replayed(&read));
    }

    async fn of_many_at_once_one_is_done(database: Database) {
        let service = registered(&database);
        let body = json!({ "at": "2026-03-02T10:00:00Z" });
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let ask = || service.post_keyed("/api/v1/releases/quick-start/launch", "k", &body);
            let asking: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
            asking.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        let first: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200 && !is_replayed(answer)).collect();
        assert_eq!(first.len(), 1, "{answers:?}");
        for other in answers.iter().filter(|answer| answer.status != 200) {
            assert_eq!(other.problem()["code"], "key-running");
            assert!(other.head.contains("retry-after: "), "{other:?}");
        }
        assert_eq!(done(&service, "launch"), 1);
    }

    async fn a_key_is_its_callers_own_and_secrets_are_not_kept(database: Database) {
        let guarded = Guarded::over(&database);
        let (ana, ben) = (
            guarded.token("ana.lopez@example.com", "read,write"),
            guarded.token("ben.okafor@example.com", "read,write"),
        );
        let ask = |token: &str| {
            let authorization = format!("Bearer {token}");
            let headers = [
                ("Authorization", authorization.as_str()), ("Content-Type", "application/json"), ("Idempotency-Key", "k"),
            ];
            guarded.service.ask("POST", "/api/v1/tokens", &headers, r#"{ "name": "x", "scopes": ["read"] }"#)
        };
        let (of_ana, of_ben) = (ask(&ana), ask(&ben));
        assert_eq!((of_ana.status, of_ben.status), (200, 200), "{of_ana:?} {of_ben:?}");
        assert_ne!(of_ana.json()["secret"], of_ben.json()["secret"]);
        let secret = of_ana.json()["secret"].as_str().unwrap().to_owned();
        let again = ask(&ana);
        assert!(is_replayed(&again) && !again.body.contains(&secret), "{again:?}");
        let problem = again.problem();
        assert_eq!(problem["code"], "answer-not-kept");
        assert!(problem["detail"].as_str().unwrap().contains("its secret was shown once"), "{problem}");
        // Nor is it anywhere in the database.
        assert_eq!(count(&database, "SELECT count(*) FROM answers WHERE withheld = 'secret'").await, 2);
        assert_eq!(count(&database, "SELECT count(*) FROM answers WHERE body IS NOT NULL").await, 0);
        // A token of theirs that allows less does not get what another was answered.
        let narrow = guarded.token("ana.lopez@example.com", "read");
        assert_eq!(ask(&narrow).problem()["code"], "key-reused");
    }

    async fn what_a_crash_cut_off_is_not_done_again(database: Database) {
        for (point, was_done) in [("answer-reserved", false), ("answer-kept", true)] {
            let desk = Desk::new(Some(&database.url));
            desk.write("team.yaml", SMALL.split("---").next().unwrap().trim_start());
            desk.must("apply -f team.yaml");
            let log = tempfile::tempdir().unwrap();
            let account = json!({ "key": format!("bot-{was_done}"), "name": "x" });
            let ask = |service: &Service| service.post_keyed("/api/v1/service-accounts", point, &account);
            let dying = Served::crashing(point, &database.url, &kept("api"), &log.path().join("log"));
            let mut dying = Service { served: dying, folder: log };
            let cut = ask(&dying);
            assert_eq!(cut.status, 0, "{cut:?}");
            assert_eq!(dying.served.process.wait().unwrap().signal(), Some(9));
            let service = Service::empty(&database.url);
            for _ in 0..2 {
                let problem = ask(&service).problem();
                assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(409), Some("key-uncertain")));
            }
            let accounts = service.get("/api/v1/service-accounts").json();
            assert_eq!(accounts.to_string().contains(&format!("bot-{was_done}")), was_done, "{point}");
            // After a look, with another key.
            let again = service.post_keyed("/api/v1/service-accounts", &format!("{point}-2"), &account);
            assert_eq!(again.status, if was_done { 409 } else { 200 }, "{again:?}");
        }
    }

    async fn whoever_goes_away_finds_the_answer(database: Database) {
        let service = registered(&database);
        let body = json!({ "at": "2026-03-02T10:00:00Z" }).to_string();
        let request = format!(
            "POST /api/v1/releases/quick-start/launch HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Idempotency-Key: k\r\nContent-Length: {}\r\n\r\n{body}",
            service.host(),
            body.len()
        );
        let mut stream = std::net::TcpStream::connect(service.host()).unwrap();
        std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
        // Gone before its answer, while it was written, or before its request was read.
        drop(stream);
        let body: Value = serde_json::from_str(&body).unwrap();
        loop {
            let again = service.post_keyed("/api/v1/releases/quick-start/launch", "k", &body);
            if again.status == 409 {
                assert_eq!(again.problem()["code"], "key-running", "{again:?}");
                continue;
            }
            assert_eq!(again.status, 200, "{again:?}");
            break;
        }
        assert_eq!(done(&service, "launch"), 1);
    }
}

impl Served {
    /// Starts one that is killed where it passes a named point.
    fn crashing(point: &str, database: &str, data: &std::path::Path, log: &std::path::Path) -> Self {
        let mut command = yardstick();
        command.args(["serve", "--listen", "127.0.0.1:0", "--access", "local", "--no-work"]);
        command
            .env("YARDSTICK_DATABASE", database)
            .env("YARDSTICK_DATA", data)
            .env("YARDSTICK_CRASH_AT", point);
        command.stdout(Stdio::piped()).stderr(std::fs::File::create(log).unwrap());
        Self::started(command, log)
    }
}
