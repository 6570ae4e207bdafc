//! What GitHub sends, over a real socket to a service that takes tokens from everybody else.

use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use yardstick_domain::intake::signature::Signature;
use yardstick_domain::sink::SigningSecret;
use yardstick_tests::both;

use super::tokens::served;
use super::{Answer, Service, sqlite};
use crate::app::plugins::TEAMS;
use crate::cli::Desk;

const PATH: &str = "/api/v1/intake/github";

/// What is sent with which headers, and the status and code that refuse it.
type Refusal<'a> = (&'a str, &'a [u8], Vec<(&'a str, &'a str)>, u16, &'a str);

/// A service with an intake of `example/product`.
struct Hooked {
    service: Service,
    desk: Desk,
    _data: TempDir,
    secret: SigningSecret,
}

impl Hooked {
    fn over(url: &str) -> Self {
        let data = tempfile::tempdir().unwrap();
        let desk = Desk::new(Some(url));
        desk.write("teams.yaml", TEAMS);
        desk.must("apply -f teams.yaml");
        let secret = desk.must("intake add Example/Product --team growth").trim().to_owned();
        let service = served(url, &data);
        Self { service, desk, _data: data, secret: SigningSecret::of(secret) }
    }

    /// Sends bytes with these headers beside the usual ones.
    fn send(&self, body: &[u8], headers: &[(&str, &str)]) -> Answer {
        let host = self.service.host();
        let mut head = format!("POST {PATH} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("Content-Length: {}\r\n\r\n", body.len());
        self.service.raw(&[head.as_bytes(), body].concat())
    }

    fn signed(&self, event: &str, id: &str, body: &[u8]) -> Answer {
        let signature = Signature::text(&self.secret, body);
        let headers = [
            ("Content-Type", "application/json; charset=utf-8"),
            ("X-GitHub-Event", event),
            ("X-GitHub-Delivery", id),
            ("X-Hub-Signature-256", &signature),
        ];
        self.send(body, &headers)
    }
}

fn payload(title: &str) -> Value {
    json!({
        "action": "opened", "enterprise": {"id": 1},
        "issue": {
            "html_url": "https://github.com/example/product/issues/12", "number": 12, "title": title,
            "body": "### Level\r\n\r\nL2 (Medium)", "labels": [{"name": "urgent"}], "state": "open",
            "updated_at": "2026-02-01T10:00:00Z", "user": {"login": "ana"},
        },
        "repository": {"full_name": "Example/Product"},
    })
}

both! {
    async fn a_signed_issue_is_a_request(database: Database) {
        let hooked = Hooked::over(&database.url);
        let ping = json!({"zen": "Design for failure.", "hook_id": 1, "repository": {"full_name": "Example/Product"}});
        let pong = hooked.signed("ping", "p-1", ping.to_string().as_bytes());
        assert_eq!((pong.status, pong.json()["outcome"].as_str()), (200, Some("pong")), "{pong:?}");
        let body = payload("Faster sign-up").to_string();
        let taken = hooked.signed("issues", "d-1", body.as_bytes());
        assert_eq!(taken.status, 200, "{taken:?}");
        assert_eq!(taken.json(), json!({"outcome": "request", "request": 1, "says": "asks for planned, owner"}));
        for id in ["d-1", "d-2"] {
            assert_eq!(hooked.signed("issues", id, body.as_bytes()).json(), taken.json(), "{id}");
        }
        let push = hooked.signed("push", "d-3", ping.to_string().as_bytes());
        assert_eq!((push.status, push.json()["outcome"].as_str()), (202, Some("ignored")));
        // What is kept is for whoever has a token.
        for path in ["/api/v1/requests", "/api/v1/requests/1", "/api/v1/intakes"] {
            assert_eq!(hooked.service.get(path).status, 401, "{path}");
        }
        let listed = hooked.desk.must("requests --state asks");
        assert!(listed.contains("asks, urgent") && listed.contains("planned, owner"), "{listed}");
        let shown = hooked.desk.must("request show 1");
        assert!(shown.contains("edit https://github.com/example/product/issues/12 and add ### Planned date"), "{shown}");
        let ran = hooked.desk.run("request register 1 --planned 2026-04-20 --owner ana.lopez@example.com");
        assert!(ran.out.starts_with("request 1 is registered as faster-sign-up, a draft\n"), "{ran:?}");
        let again = hooked.desk.run("request register 1");
        assert!(again.err.contains("request 1 is registered already, as faster-sign-up"), "{again:?}");
        let listed = hooked.desk.must("intake list");
        assert!(listed.contains("example/product") && !listed.contains("whsec_"), "{listed}");
        let log = hooked.service.log();
        assert!(!log.contains("whsec_") && !log.contains("Faster"), "{log}");
    }

    async fn what_is_not_signed_or_not_readable_is_refused(database: Database) {
        let hooked = Hooked::over(&database.url);
        let body = payload("Faster sign-up").to_string().into_bytes();
        let good = Signature::text(&hooked.secret, &body);
        let json_type = ("Content-Type", "application/json");
        let issues = ("X-GitHub-Event", "issues");
        let id = ("X-GitHub-Delivery", "d-1");
        let forged = format!("sha256={}", "a".repeat(64));
        let huge = vec![b' '; (1 << 20) + 1];
        let mut latin = body.clone();
        let place = latin.windows(6).position(|six| six == b"Faster").unwrap();
        latin[place] = 0xff;
        let latin_signed = Signature::text(&hooked.secret, &latin);
        let table: Vec<Refusal<'_>> = vec![
            ("no signature", &body, vec![json_type, issues, id], 401, "unauthenticated"),
            ("a bearer's token instead", &body, vec![json_type, issues, id, ("Authorization", "Bearer ysk_1")], 401, "unauthenticated"),
            ("forged", &body, vec![json_type, issues, id, ("X-Hub-Signature-256", &forged)], 401, "unauthenticated"),
            ("two signatures", &body, vec![json_type, issues, id, ("X-Hub-Signature-256", &good), ("X-Hub-Signature-256", &good)], 401, "unauthenticated"),
            ("the old header", &body, vec![json_type, issues, id, ("X-Hub-Signature", &good)], 401, "unauthenticated"),
            ("a form", &body, vec![("Content-Type", "application/x-www-form-urlencoded"), issues, id, ("X-Hub-Signature-256", &good)], 415, "media-type"),
            ("too large", &huge, vec![json_type, issues, id, ("X-Hub-Signature-256", &good)], 413, "too-large"),
            ("not UTF-8", &latin, vec![json_type, issues, id, ("X-Hub-Signature-256", &latin_signed)], 400, "malformed"),
            ("no JSON", b"nothing", vec![json_type, issues, id, ("X-Hub-Signature-256", &good)], 400, "malformed"),
            ("no number", &body, vec![json_type, issues, ("X-Hub-Signature-256", &good)], 400, "malformed"),
            ("another site", &body, vec![json_type, issues, id, ("X-Hub-Signature-256", &good), ("Origin", "https://evil.example")], 403, "foreign-origin"),
        ];
        for (what, body, headers, status, code) in table {
            let problem = hooked.send(body, &headers).problem();
            assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(status.into()), Some(code)), "{what}: {problem}");
        }
        assert_eq!(hooked.desk.must("requests"), "No requests yet.\n");
        let audit = hooked.desk.json("audit list");
        let refused: Vec<&Value> =
            audit["items"].as_array().unwrap().iter().filter(|event| event["outcome"] == "refused").collect();
        assert_eq!(refused.len(), 2, "{audit}");
        assert!(refused.iter().all(|event| event["action"] == "take-delivery"), "{audit}");
        assert!(!audit.to_string().contains("whsec_") && !audit.to_string().contains(&forged), "{audit}");
    }
}

#[test]
fn the_guides_example_is_taken() {
    let has = |name: &str| {
        Command::new(name).arg("version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
    };
    if !has("openssl") || !has("curl") {
        eprintln!("skipped: no openssl or no curl found");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let hooked = Hooked::over(&sqlite(folder.path()));
    let guide = include_str!("../../../../docs/intake.md");
    let script = guide.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    let script = script.replace("http://127.0.0.1:7070", &hooked.service.served.address);
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &script]).env("SECRET", hooked.secret.text());
    let ran = bash.current_dir(hooked.desk.path("")).output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
    let answer = guide.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(String::from_utf8(ran.stdout).unwrap().trim(), answer.trim());
}
