//! Examples of the OpenAPI document: taken from a story that is told here, and of the schemas that stand beside them.
//!
//! `YARDSTICK_EXAMPLES=write cargo nextest run -p yardstick-tests examples` tells the story and keeps what was asked and
//! answered; whatever differs from telling to telling (instants, hashes, secrets) is of that telling.

mod people;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use yardstick_domain::schema::Schema;

use super::{Answer, Service, sqlite};
use crate::app::march;
use crate::app::plugins::{TEAMS, component, release};

const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../host/server/src/api/examples.json");
/// Characters that are kept of what is no JSON.
const TEXT: usize = 400;

/// What was asked and answered, by operation.
struct Story {
    service: Service,
    folder: tempfile::TempDir,
    told: BTreeMap<String, Value>,
}

impl Story {
    fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let service = Service::empty(&sqlite(folder.path()));
        Self { service, folder, told: BTreeMap::new() }
    }

    /// Asks and keeps; what is asked with no example is `null`.
    fn tell(&mut self, operation: &str, method: &str, path: &str, request: Value) -> Value {
        let headers = [("Content-Type", "application/json")];
        let headers: &[(&str, &str)] = if request.is_null() { &[] } else { &headers };
        let body = if request.is_null() { String::new() } else { request.to_string() };
        let answer = self.service.ask(method, path, headers, &body);
        self.keep(operation, request, &answer)
    }

    fn get(&mut self, operation: &str, path: &str) -> Value {
        self.tell(operation, "GET", path, Value::Null)
    }

    fn post(&mut self, operation: &str, path: &str, request: Value) -> Value {
        self.tell(operation, "POST", path, request)
    }

    fn put(&mut self, operation: &str, path: &str, content: Value) {
        let headers = [("Content-Type", "application/json"), ("If-None-Match", "*")];
        let answer = self.service.ask("PUT", path, &headers, &content.to_string());
        self.keep(operation, content, &answer);
    }

    /// Replaces the first version of what is there.
    fn edit(&mut self, operation: &str, path: &str, content: Value) {
        let headers = [("Content-Type", "application/json"), ("If-Match", "\"1\"")];
        let answer = self.service.ask("PUT", path, &headers, &content.to_string());
        self.keep(operation, content, &answer);
    }

    fn keep(&mut self, operation: &str, request: Value, answer: &Answer) -> Value {
        assert!((200..300).contains(&answer.status), "{operation}: {answer:?}");
        let found = match answer.head.contains("content-type: application/json") {
            true => answer.json(),
            false => json!(answer.body.chars().take(TEXT).collect::<String>()),
        };
        let mut kept = json!({ "answer": self.neutral(found.clone()) });
        if !request.is_null() {
            kept["request"] = self.neutral(request);
        }
        self.told.insert(operation.to_owned(), kept);
        found
    }

    /// Without secrets, and without where and by whom the story was told.
    fn neutral(&self, value: Value) -> Value {
        match value {
            Value::String(text) => {
                let path = self.folder.path().display().to_string();
                let text = text.replace(&path, "/var/lib/yardstick").replace("local:tester", "local:ana");
                let secret =
                    ["ysk_", "whsec_"].into_iter().find(|begins| text.starts_with(begins) && text.len() > 20);
                match secret {
                    Some(begins) => json!(format!("{begins}{}", "0".repeat(text.len() - begins.len()))),
                    None => json!(text),
                }
            }
            Value::Array(list) => list.into_iter().map(|value| self.neutral(value)).collect(),
            Value::Object(map) => map.into_iter().map(|(name, value)| (name, self.neutral(value))).collect(),
            other => other,
        }
    }
}

fn told() -> Story {
    let mut story = Story::begin();
    declared(&mut story);
    launched(&mut story);
    looked_after(&mut story);
    people::argued(&mut story);
    people::looked_back_on(&mut story);
    people::asked_for(&mut story);
    story
}

/// What is declared, and read again.
fn declared(story: &mut Story) {
    let release = release("quick-start", "threshold@1", "{ at_least: 60 }");
    let files = json!([
        { "name": "teams.yaml", "text": TEAMS.trim_start() },
        { "name": "release.yaml", "text": release.trim_start() },
    ]);
    story.post("apply", "/api/v1/apply", json!({ "files": files, "dry_run": false }));
    let company = json!({
        "organisation": "Example", "time_zone": "Europe/Berlin", "fiscal_year_starts": "02-01",
        "working_hours": "Mon-Fri 08:00-18:00", "operators": ["omar.said@example.com"],
    });
    story.put("put_organisation", "/api/v1/organisation", company);
    story.get("show_organisation", "/api/v1/organisation");
    let team = json!({
        "team": "search", "name": "Search", "time_zone": "Europe/Berlin",
        "members": { "zoe.hahn@example.com": "maintainer" }, "urgent": ["slack:#search"],
    });
    story.put("put_team", "/api/v1/teams/search", team);
    story.get("list_teams", "/api/v1/teams?limit=2");
    story.get("show_team", "/api/v1/teams/growth");
    let person =
        json!({ "person": "ada.berg@example.com", "name": "Ada Berg", "handles": { "slack": "ada" } });
    story.put("put_person", "/api/v1/persons/ada.berg@example.com", person);
    story.get("list_persons", "/api/v1/persons?limit=2");
    story.get("show_person", "/api/v1/persons/ana.lopez@example.com");
    let metric = json!({
        "metric": "search.queries", "title": "Queries", "owner": "zoe.hahn@example.com", "team": "search",
        "definition": "Queries that somebody typed.", "definition_version": 1, "kind": "sum", "unit": "queries",
        "better": "higher", "grain": "day", "time_zone": "UTC", "missing": "gap", "fresh_within": "24h", "source": "points",
    });
    story.put("put_metric", "/api/v1/metrics/search.queries", metric);
    let put = json!({
        "release": "faster-search", "name": "Faster search", "team": "search", "owner": "zoe.hahn@example.com",
        "level": "L3", "planned": "2026-04-01", "goals": [{
            "id": "queries", "says": "At least 1,000 queries are typed.", "judge": "threshold@1",
            "metric": "search.queries", "with": { "at_least": 1000 },
        }],
    });
    story.put("put_release", "/api/v1/releases/faster-search", put);
    let values = march(1, 10, "9");
    let imports = "/api/v1/metrics/app.uses/imports";
    let headers = [("Content-Type", "text/csv")];
    let path = format!("{imports}?origin=uses.csv&complete_through=2026-03-10");
    let answer = story.service.ask("POST", &path, &headers, &values);
    story.keep("import", json!(values), &answer);
    let correction = "day,value\n2026-03-05,12\n";
    let corrected = story.service.ask("POST", imports, &headers, correction);
    assert_eq!(corrected.status, 201, "{corrected:?}");
    story.get("list_points", "/api/v1/metrics/app.uses/points?from=2026-03-04&until=2026-03-05");
    story.post("undo_import", "/api/v1/imports/2/undo", Value::Null);
    story.get("list_imports", "/api/v1/imports");
    story.get("list_imports_of_metric", "/api/v1/metrics/app.uses/imports");
    story.get("show_import", "/api/v1/imports/1");
    story.get("list_metrics", "/api/v1/metrics?text=app");
    story.get("show_metric", "/api/v1/metrics/app.uses");
    story.get("list_schemas", "/api/v1/schemas");
    story.get("show_schema", "/api/v1/schemas/person");
}

/// What happens to releases.
fn launched(story: &mut Story) {
    let of = |slug: &str, verb: &str| format!("/api/v1/releases/{slug}/{verb}");
    story.get("check_release", &of("quick-start", "check"));
    story.post(
        "reschedule_release",
        &of("faster-search", "reschedule"),
        json!({ "to": "2026-04-15", "reason": "a dependency is late" }),
    );
    story.post("cancel_release", &of("faster-search", "cancel"), json!({ "reason": "nobody asked for it" }));
    story.post("seal_release", &of("quick-start", "seal"), Value::Null);
    let at = || json!({ "at": "2026-03-02T10:00:00Z" });
    story.post("launch_release", &of("quick-start", "launch"), at());
    story.post(
        "undo_launch",
        &of("quick-start", "undo-launch"),
        json!({ "reason": "it was rolled back the same hour" }),
    );
    story.post("launch_release", &of("quick-start", "launch"), at());
    let jobs = story.get("list_jobs", "/api/v1/jobs?kind=judge&state=waiting");
    let id = jobs["items"][0]["id"].as_i64().unwrap();
    story.get("show_job", &format!("/api/v1/jobs/{id}"));
    story.post("cancel_job", &format!("/api/v1/jobs/{id}/cancel"), Value::Null);
    story.post("retry_job", &format!("/api/v1/jobs/{id}/retry"), Value::Null);
    let sink = json!({ "name": "archive", "kind": "folder", "kinds": [] });
    story.post("add_sink", "/api/v1/sinks", sink);
    story.post("judge_release", &of("quick-start", "judge"), json!({ "checkpoint": "d7" }));
    story.get("list_releases", "/api/v1/releases?sort=name");
    story.get("show_release", "/api/v1/releases/quick-start");
    story.get("show_release_file", &of("quick-start", "file"));
    story.get("list_criteria_versions", &of("quick-start", "criteria"));
    story.get("show_criteria_version", &of("quick-start", "criteria/1"));
    story.get("list_verdicts", "/api/v1/verdicts?level=L2%2B");
    for (operation, part) in [
        ("show_verdict", ""),
        ("show_charts", "/charts"),
        ("draw_chart", "/chart.svg"),
        ("report_html", "/report.html"),
        ("report_markdown", "/report.md"),
        ("replay_verdict", "/replay"),
        ("show_inputs", "/inputs?criterion=uses"),
    ] {
        story.get(operation, &format!("/api/v1/verdicts/quick-start/d7{part}"));
    }
    story.get("list_events", "/api/v1/events");
}

/// Plugins, sinks, tokens, the audit, the service.
fn looked_after(story: &mut Story) {
    let plugin = "/api/v1/plugins/growth%2Fsteered";
    for (version, query) in [("1.0.0", ""), ("1.1.0", "?shadow=true")] {
        let component = component("growth/steered", version, "");
        let head = format!(
            "POST /api/v1/plugins{query} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/wasm\r\n\
             Content-Length: {}\r\n\r\n",
            story.service.host(),
            component.len()
        );
        let answer = story.service.raw(&[head.as_bytes(), &component].concat());
        story.keep("publish_plugin", Value::Null, &answer);
    }
    story.get("list_plugins", "/api/v1/plugins");
    let leave = || json!({ "metric": "app.revenue", "samples": false });
    story.post("grant_plugin", &format!("{plugin}/grants"), leave());
    story.post("revoke_plugin", &format!("{plugin}/grants/revoke"), leave());
    let why = |reason: &str| json!({ "reason": reason });
    let version = |verb: &str| format!("{plugin}/versions/1.0.0/{verb}");
    story.post("promote_plugin", &format!("{plugin}/versions/1.1.0/promote"), Value::Null);
    story.post("deprecate_plugin", &version("deprecate"), why("1.1.0 counts days better"));
    story.post("undeprecate_plugin", &version("undeprecate"), Value::Null);
    story.post("yank_plugin", &version("yank"), why("it counts the launch day"));
    story.post("unyank_plugin", &version("unyank"), why("it did not, after all"));
    story.get("show_plugin", plugin);
    story.get("list_runs_of_plugin", "/api/v1/plugins/threshold/runs?limit=1");
    let judge = story.service.get("/api/v1/plugins/threshold").json();
    let newest = judge["versions"][0]["version"].as_str().unwrap().to_owned();
    story.get("backtest_plugin", &format!("/api/v1/plugins/threshold/versions/{newest}/backtest"));

    let hook = json!({ "name": "growth-hook", "kind": "web-hook", "team": "growth", "url": "https://hooks.example.com/yardstick", "kinds": ["verdict.final"] });
    let made = story.service.post("/api/v1/sinks", &hook.to_string());
    story.keep("add_sink", hook, &made);
    story.post("turn_secret", "/api/v1/sinks/growth-hook/secret", Value::Null);
    story.post("remove_sink", "/api/v1/sinks/growth-hook/remove", Value::Null);
    story.post("try_sink", "/api/v1/sinks/archive/try", Value::Null);
    story.get("list_sinks", "/api/v1/sinks");
    story.get("list_deliveries", "/api/v1/deliveries");

    let account = json!({ "key": "growth-ci", "name": "Pipeline of the team", "team": "growth" });
    story.post("make_service_account", "/api/v1/service-accounts", account);
    let token = json!({ "name": "nightly import", "owner": "service:growth-ci", "scopes": ["read", "import"], "days": 30 });
    story.post("make_token", "/api/v1/tokens", token);
    story.get("list_tokens", "/api/v1/tokens");
    story.post("revoke_token", "/api/v1/tokens/1/revoke", Value::Null);
    story.post("retire_service_account", "/api/v1/service-accounts/growth-ci/retire", Value::Null);
    story.get("list_service_accounts", "/api/v1/service-accounts");
    story.get("whoami", "/api/v1/whoami");
    story.get("list_audit", "/api/v1/audit?limit=3");
    story.get("check_audit", "/api/v1/audit/check");
    story.post("forget_in_audit", "/api/v1/audit/forget", json!({ "who": "local:tester" }));
    story.get("status", "/api/v1/status");
    story.get("live", "/health/live");
    story.get("ready", "/health/ready");
}

/// What is wrong with an example by a schema of the document.
#[track_caller]
fn check(document: &Value, at: &str, schema: &Value, example: &Value) {
    let mut schema = schema.clone();
    schema["components"] = document["components"].clone();
    let problems = Schema::new(schema).unwrap_or_else(|error| panic!("{at}: {error}")).problems(example);
    assert_eq!(problems, [], "{at}: {example}");
}

/// Operations with what they are asked and answer in media types, by their ids.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let items = document["paths"].as_object().unwrap().values();
    let all = items.flat_map(|item| item.as_object().unwrap().values());
    all.map(|operation| (operation["operationId"].as_str().unwrap().to_owned(), operation)).collect()
}

#[test]
fn every_operation_has_examples_of_its_schemas() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::empty(&sqlite(folder.path()));
    let document = service.get("/api/v1/openapi.json").json();
    let mut count = 0;
    for (id, operation) in operations(&document) {
        let mut contents: Vec<(String, &Value)> = Vec::new();
        contents
            .extend(operation.get("requestBody").map(|body| (format!("{id}, request"), &body["content"])));
        let answers =
            operation["responses"].as_object().unwrap().iter().filter(|(status, _)| status.starts_with('2'));
        contents.extend(answers.map(|(status, answer)| (format!("{id}, {status}"), &answer["content"])));
        for (at, content) in contents {
            for (media, part) in content.as_object().into_iter().flatten() {
                // Bytes are nothing to show, and one way of writing values is enough.
                if ["application/wasm", "application/octet-stream", "application/x-ndjson"]
                    .contains(&media.as_str())
                {
                    continue;
                }
                let example = part.get("example").unwrap_or_else(|| panic!("{at}, {media}: no example"));
                check(&document, &at, &part["schema"], example);
                count += 1;
            }
        }
    }
    assert!(count > 120, "{count}");
}

#[test]
fn the_story_of_the_examples_is_told_and_answered_by_the_schemas() {
    let story = told();
    let document = story.service.get("/api/v1/openapi.json").json();
    let mut ids: Vec<String> = operations(&document).into_iter().map(|(id, _)| id).collect();
    ids.sort();
    assert_eq!(story.told.keys().cloned().collect::<Vec<_>>(), ids, "an operation is not part of the story");
    for (id, operation) in operations(&document) {
        let answers = operation["responses"].as_object().unwrap();
        let (_, answer) = answers.iter().find(|(status, _)| status.starts_with('2')).unwrap();
        if let Some(schema) = answer["content"]["application/json"].get("schema") {
            check(&document, &id, schema, &story.told[&id]["answer"]);
        }
    }
    #[expect(clippy::disallowed_methods, reason = "a developer asks by it")]
    let write = std::env::var_os("YARDSTICK_EXAMPLES").is_some_and(|what| what == "write");
    if write {
        let text = serde_json::to_string_pretty(&story.told).unwrap();
        std::fs::write(KEPT, text + "\n").unwrap();
    }
}
