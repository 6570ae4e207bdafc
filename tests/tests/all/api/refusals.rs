//! What is refused: with which status, which code, and the sentence of the command line.

use serde_json::json;
use yardstick_tests::both;

use super::Service;
use crate::app::{SMALL, tamper};

both! {
    async fn each_refusal_has_its_status_code_and_sentence(database: Database) {
        let service = Service::judged(&database);
        let table = [
            ("GET", "/api/v1/releases/quick-strat", "", 404, "not-found", "there is no release quick-strat. Did you mean \"quick-start\"?"),
            ("GET", "/api/v1/releases/Quick", "", 400, "malformed", "release: \"Quick\" is no release slug; expected 1 to 80 of a-z 0-9 -, first a letter or digit"),
            ("GET", "/api/v1/releases?level=L4", "", 400, "malformed", "level: expected L1 (the largest), L2, L3, or L2+ for L1 and L2"),
            ("GET", "/api/v1/releases?lvl=L1", "", 400, "malformed", "lvl: unknown field. Did you mean \"level\"?"),
            ("GET", "/api/v1/releases?cursor=x", "", 400, "malformed", "cursor: \"x\" was given by no page; start without a cursor"),
            ("GET", "/api/v1/releases/quick-start?x=1", "", 400, "malformed", "x: unknown field"),
            ("GET", "/api/v1/releases/%ff", "", 400, "malformed", "release: is not UTF-8"),
            ("GET", "/api/v1/metrics/app.use", "", 404, "not-found", "there is no metric app.use. Did you mean \"app.uses\"?"),
            ("GET", "/api/v1/imports/9", "", 404, "not-found", "there is no import 9"),
            ("GET", "/api/v1/imports/first", "", 400, "malformed", "id: \"first\" is no number of an import; expected such as 17"),
            ("GET", "/api/v1/verdicts/quick-start/d28", "", 404, "not-found", "there is no verdict quick-start/d28. There are quick-start/d7"),
            ("GET", "/api/v1/verdicts/quick-start/28", "", 400, "malformed", "verdict: \"quick-start/28\" refers to no verdict; expected release/d28, release/d28.2 (a revision) or release/d28.look-1"),
            ("GET", "/api/v1/verdicts/quick-start/d7/chart.svg?criterion=use", "", 404, "not-found", "there is no criterion of quick-start/d7 use. Did you mean \"uses\"?"),
            ("GET", "/api/v1/schemas/relase", "", 404, "not-found", "there is no schema relase. Did you mean \"release\"?"),
            ("GET", "/api/v1/nothing", "", 404, "no-address", "there is nothing at /api/v1/nothing; see /api"),
            ("PUT", "/api/v1/releases", "", 405, "method", "The address does not take this method"),
            ("POST", "/api/v1/releases/quick-start/seal", "", 409, "conflict", "quick-start has launched, and criteria are sealed before a launch; a change now is an amendment: apply -f FILE --amend --reason \"why\""),
            ("POST", "/api/v1/releases/quick-start/seal", "{}", 400, "malformed", "this address takes no body"),
            ("POST", "/api/v1/releases/quick-start/cancel", "{\"reason\":\"no\"}", 409, "conflict", "quick-start has its final verdict; it cannot be cancelled any more"),
            ("POST", "/api/v1/releases/quick-start/launch", "{\"at\":\"tomorrow\"}", 400, "malformed", "at: \"tomorrow\" is neither a day such as 2026-03-10 (in the team's zone) nor an instant with an offset such as 2026-03-10T16:00:00Z"),
            ("POST", "/api/v1/releases/quick-start/judge", "{\"as_of\":\"2026-03-01\"}", 422, "refused", "as_of: 2026-03-01T23:00:00Z is before the launch at 2026-03-02T10:00:00Z"),
            ("POST", "/api/v1/releases/quick-start/judge", "{\"as-of\":\"2026-03-01\"}", 400, "malformed", "as-of: unknown field. Did you mean \"as_of\"?"),
        ];
        for (method, path, body, status, code, detail) in table {
            let headers: &[_] = if body.is_empty() { &[] } else { &[("Content-Type", "application/json")] };
            let answer = service.ask(method, path, headers, body);
            let problem = answer.problem();
            let expected = (json!(status), json!(code), json!(detail), json!(format!("/api/problems#{code}")));
            let found = [&problem["status"], &problem["code"], &problem["detail"], &problem["type"]];
            assert_eq!(found, [&expected.0, &expected.1, &expected.2, &expected.3], "{method} {path} {body}");
        }
    }

    async fn every_offending_field_is_told_at_once_wherever_it_is(database: Database) {
        let service = Service::judged(&database);
        for (path, body, expected) in [
            ("releases/Quick/judge", "{\"checkpoint\":\"28\",\"as_of\":\"soon\"}", vec!["release", "checkpoint", "as_of"]),
            ("releases/quick-start/judge", "{\"checkpoint\":\"28\",\"as_off\":1}", vec!["as_off", "checkpoint"]),
            ("releases/Quick/launch", "{\"at\":\"soon\"}", vec!["release", "at"]),
            ("releases/Quick/reschedule", "{\"to\":\"soon\",\"reason\":\"x\"}", vec!["release", "to"]),
            ("plugins/No/grants", "{\"metric\":\"No\"}", vec!["plugin", "metric"]),
            ("plugins/No/versions/1/yank", "{\"reason\":\"x\"}", vec!["plugin", "version"]),
        ] {
            let problem = service.post(&format!("/api/v1/{path}"), body).problem();
            let errors = problem["errors"].as_array().unwrap();
            let fields: Vec<&str> = errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
            assert_eq!((problem["status"].as_u64(), fields), (Some(400), expected), "{path} {body}: {problem}");
        }
    }

    async fn every_problem_of_files_is_told_with_its_place(database: Database) {
        let service = Service::judged(&database);
        let broken = SMALL.replace("level: L2", "level: L4").replace("    metric: app.uses", "    metrik: app.uses");
        let files = json!({ "files": [
            { "name": "a.yaml", "text": broken },
            { "name": "b.yaml", "text": "team: ok\nname: Ok\ntime_zone: UTC\n" },
        ]});
        let problem = service.post("/api/v1/apply", &files.to_string()).problem();
        assert_eq!(problem["code"], "files-refused");
        assert_eq!(problem["detail"], "2 problems in 1 of 2 files; nothing was written");
        assert_eq!(
            problem["errors"][0],
            json!({ "file": "a.yaml", "line": 26, "column": 1, "field": "level",
                    "message": "\"L4\" is not one of L1, L2, L3. Did you mean \"L1\"?" })
        );
        assert_eq!(problem["error_count"], 2);
        assert_eq!(service.get("/api/v1/metrics").json()["items"].as_array().unwrap().len(), 1);
    }

    async fn what_fails_inside_is_logged_and_not_told(database: Database) {
        let service = Service::judged(&database);
        tamper::behind(&database, "UPDATE verdicts SET outcome = 'fail'").await;
        let problem = service.get("/api/v1/verdicts/quick-start/d7").problem();
        assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(500), Some("internal")));
        assert!(!problem.to_string().contains("another outcome"), "{problem}");
        let id = problem["instance"].as_str().unwrap();
        let log = service.log();
        let line = log.lines().find(|line| line.contains("ERROR") && line.contains(id)).expect(&log);
        assert!(line.contains("is listed with another outcome than it has"), "{line}");
    }

    async fn lists_are_read_page_by_page(database: Database) {
        let service = Service::judged(&database);
        for _ in 0..3 {
            let looked = service.post("/api/v1/releases/quick-start/judge", "{\"known_at\":\"2026-11-01\"}");
            assert_eq!(looked.status, 200, "{looked:?}");
        }
        for (path, expected) in [
            ("verdicts?looks=true&", vec!["quick-start/d7.look-3", "quick-start/d7.look-2", "quick-start/d7.look-1", "quick-start/d7"]),
            ("releases?", vec!["quick-start"]),
        ] {
            let (mut found, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = service.get(&format!("/api/v1/{path}limit=1{cursor}")).json();
                let item = &page["items"][0];
                let name = item["at"].as_str().or(item["slug"].as_str()).unwrap();
                found.push(name.to_owned());
                match page["next"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            assert_eq!(found, expected);
        }
    }
}
