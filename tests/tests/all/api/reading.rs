//! What the host knows, read: people, points with their corrections, versions of criteria.

use serde_json::{Value, json};
use yardstick_tests::both;
use yardstick_tests::databases::Database;

use super::Service;
use super::tokens::Guarded;
use crate::app::{SMALL, march};
use crate::cli::Desk;

const COMPANY: &str = "organisation: Example
time_zone: Europe/Berlin
fiscal_year_starts: 02-01
working_hours: Mon-Fri 08:00-18:00
digest: { when: Mon 08:00, send: when-changed, to: [\"slack:#product\", \"slack:https://hooks.example.com/T0/secret\"] }
operators: [ana.lopez@example.com]
---
person: ana.lopez@example.com
name: Ana López
handles: { slack: ana }
";

/// A service over a database with [`COMPANY`] and [`SMALL`] in it, and a desk over the same.
fn company(database: &Database) -> (Service, Desk) {
    let desk = Desk::new(Some(&database.url));
    desk.write("company.yaml", COMPANY);
    desk.write("small.yaml", SMALL);
    desk.must("apply -f company.yaml -f small.yaml");
    (Service::empty(&database.url), desk)
}

/// All items of a list, page by page.
fn walked(service: &Service, path: &str, limit: usize) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let separator = if path.contains('?') { '&' } else { '?' };
        let page = service.get(&format!("{path}{separator}limit={limit}{cursor}")).json();
        let found = page["items"].as_array().unwrap_or_else(|| panic!("{path}: {page}"));
        assert!(found.len() <= limit);
        items.extend(found.iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

both! {
    async fn people_are_read_and_addresses_of_channels_are_not(database: Database) {
        let (service, desk) = company(&database);
        let found = service.get("/api/v1/organisation").json();
        assert_eq!(found["fiscal_year_starts"], "02-01");
        assert_eq!(found["working_hours"], "Mon-Fri 08:00-18:00");
        assert_eq!(found["digest"]["to"], json!(["slack:#product", "slack:…"]));
        let team = service.get("/api/v1/teams/growth").json();
        assert_eq!(team["members"]["ana.lopez@example.com"], "maintainer");
        let teams = service.get("/api/v1/teams").json();
        assert_eq!(teams["items"][0]["maintainers"], json!(["ana.lopez@example.com"]));
        let ana = service.get("/api/v1/persons/ana.lopez@example.com").json();
        assert_eq!((ana["name"].as_str(), ana["operator"].as_bool()), (Some("Ana López"), Some(true)));
        assert_eq!(ana["teams"], json!({ "growth": "maintainer" }));
        assert_eq!(ana["handles"], json!({ "slack": "ana" }));
        let persons = walked(&service, "/api/v1/persons", 2);
        let names: Vec<&str> = persons.iter().map(|person| person["person"].as_str().unwrap()).collect();
        let all = ["ana.lopez@example.com", "ben.okafor@example.com", "ben@example.com", "grace.kim@example.com"];
        assert_eq!(names, all);
        for (path, says) in [
            ("/api/v1/teams/growht", "there is no team growht. Did you mean \"growth\"?"),
            ("/api/v1/persons/anna.lopez@example.com", "Did you mean \"ana.lopez@example.com\"?"),
        ] {
            let problem = service.get(path).problem();
            assert!(problem["detail"].as_str().unwrap().contains(says), "{problem}");
        }
        assert!(desk.must("organisation").contains("fiscal year from  02-01"));
        assert!(desk.must("team list").contains("growth"));
        let shown = desk.must("team show growth");
        let row = shown.lines().find(|line| line.starts_with("ana.lopez@example.com")).unwrap_or(&shown);
        assert!(row.ends_with("maintainer"), "{shown}");
        assert!(desk.must("person list").contains("Ana López"));
        assert!(desk.must("person show ana.lopez@example.com").contains("does what operators do"));
    }

    async fn points_show_what_they_were_before(database: Database) {
        let (service, desk) = company(&database);
        let sliced = SMALL
            .replace("missing: gap", "missing: gap\ndimensions: { plan: [free, paid] }")
            .replace("definition_version: 1", "definition_version: 2");
        desk.write("small.yaml", &sliced);
        desk.must("apply -f small.yaml");
        desk.write("first.csv", "day,plan,value\n2026-03-01,free,1\n2026-03-02,free,2\n2026-03-01,paid,5\n");
        desk.write("second.csv", "day,plan,value\n2026-03-01,free,3\n");
        desk.must("import first.csv --metric app.uses --dimension plan=plan");
        desk.must("import second.csv --metric app.uses --dimension plan=plan");
        let path = "/api/v1/metrics/app.uses/points";
        let all = walked(&service, path, 1);
        let told = |point: &Value| {
            let (plan, day) = (point["dimensions"]["plan"].as_str().unwrap(), point["day"].as_str().unwrap());
            (plan.to_owned(), day.to_owned(), point["now"]["value"].as_f64(), point["corrections"].as_u64().unwrap())
        };
        let point = |plan: &str, day: &str, value: f64, corrections: u64| {
            (plan.to_owned(), day.to_owned(), Some(value), corrections)
        };
        let expected = [
            point("free", "2026-03-01", 3.0, 1),
            point("free", "2026-03-02", 2.0, 0),
            point("paid", "2026-03-01", 5.0, 0),
        ];
        assert_eq!(all.iter().map(told).collect::<Vec<_>>(), expected);
        assert_eq!(all[0]["earlier"][0]["value"], 1.0);
        assert_eq!((&all[0]["earlier"][0]["import"], &all[0]["now"]["import"]), (&json!(1), &json!(2)));
        // As known before the correction was received.
        let before = all[0]["earlier"][0]["received_at"].as_str().unwrap();
        let then = service.get(&format!("{path}?known_at={before}")).json();
        assert_eq!(then["items"][0]["now"]["value"], 1.0);
        assert_eq!(then["items"][0]["corrections"], 0);
        for (query, count) in [
            ("from=2026-03-02", 1),
            ("until=2026-03-01", 2),
            ("dimension=plan%3Dpaid", 1),
            ("dimension=plan%3Dfree&from=2026-03-02&until=2026-03-02", 1),
            ("dimension=plan%3Dfre", 0),
            ("dimension=plan%3D%25", 0),
            ("known_at=2020-01-01", 0),
        ] {
            let found = service.get(&format!("{path}?{query}")).json();
            assert_eq!(found["items"].as_array().unwrap().len(), count, "{query}");
        }
        for (query, status, says) in [
            ("dimension=plam%3Dfree", 422, "the metric has no dimension \"plam\". Did you mean \"plan\"?"),
            ("from=yesterday", 400, "is no day"),
            ("cursor=1_AA", 400, "was given by no page"),
        ] {
            let problem = service.get(&format!("{path}?{query}")).problem();
            assert_eq!(problem["status"], status);
            assert!(problem["detail"].as_str().unwrap().contains(says), "{problem}");
        }
        let printed = desk.must("metric points app.uses --dimension plan=free");
        assert!(printed.contains("plan=free  2026-03-01") && printed.contains("2026-03-02"), "{printed}");
    }

    async fn what_only_a_team_reads_is_not_read_by_others(database: Database) {
        let guarded = Guarded::over(&database);
        guarded.desk.write("revenue.csv", "day,value\n2026-03-01,7\n");
        guarded.desk.must("import revenue.csv --metric app.revenue");
        let points = "/api/v1/metrics/app.revenue/points";
        let omar = guarded.token("omar.said@example.com", "read");
        assert_eq!(guarded.get(&omar, points).json()["items"][0]["now"]["value"], 7.0);
        let eve = guarded.token("eve.moss@example.com", "read");
        let problem = guarded.get(&eve, points).problem();
        assert_eq!(problem["code"], "forbidden");
        assert!(problem["detail"].as_str().unwrap().contains("members of bizops only"), "{problem}");
        // A release that they may not see has no criteria either.
        for path in ["/api/v1/releases/secret-start/criteria", "/api/v1/releases/secret-start/criteria/1", "/api/v1/releases/secret-start/file"] {
            let problem = guarded.get(&eve, path).problem();
            assert_eq!(problem["detail"], "there is no release secret-start", "{path}");
        }
    }

    async fn a_private_retro_is_not_read_edited_exported_or_found_by_others(database: Database) {
        let guarded = Guarded::over(&database);
        guarded.desk.must("launch secret-start");
        let ana = guarded.token("ana.lopez@example.com", "read,write");
        let opened = guarded.post(&ana, "/api/v1/retros", &json!({ "releases": ["secret-start"], "id": "secret-retro" }));
        assert_eq!(opened.status, 200, "{opened:?}");
        let mut retro = opened.json();
        retro["held_at"] = "2026-03-14T15:00:00Z".into();
        retro["status"] = "held".into();
        retro["learnings"] = json!([{ "text": "Posters did nothing", "tags": ["posters"], "evidence": [] }]);
        retro["actions"] = json!([{ "text": "Move it", "owner": "ana.lopez@example.com", "due": "2026-04-01", "state": "open" }]);
        let (bearer, path) = (format!("Bearer {ana}"), "/api/v1/retros/secret-retro");
        let headers = [("Authorization", &*bearer), ("Content-Type", "application/json"), ("If-Match", "\"1\"")];
        assert_eq!(guarded.service.ask("PUT", path, &headers, &retro.to_string()).status, 200);
        assert!(guarded.get(&ana, &format!("{path}/report.md")).body.contains("Posters did nothing"));
        let eve = guarded.token("eve.moss@example.com", "read,write");
        for part in ["", "/report.md", "/report.html", "/report.json", "/report.json?redact=true", "/report.md?redact=true&hide=x"] {
            let problem = guarded.get(&eve, &format!("{path}{part}")).problem();
            assert_eq!((&problem["code"], &problem["detail"]), (&json!("not-found"), &json!("there is no retro secret-retro")), "{part}");
        }
        let bearer = format!("Bearer {eve}");
        let headers = [("Authorization", &*bearer), ("Content-Type", "application/json"), ("If-Match", "\"2\"")];
        let edited = guarded.service.ask("PUT", path, &headers, &retro.to_string());
        assert_eq!(edited.status, 404, "{edited:?}");
        let opened = guarded.post(&eve, "/api/v1/retros", &json!({ "releases": ["secret-start"] }));
        assert_eq!(opened.problem()["detail"], "there is no release secret-start");
        for list in ["retros", "actions", "learnings", "learnings?tag=posters", "learnings?q=what+of+posters", "decisions", "comments", "events"] {
            let found = guarded.get(&eve, &format!("/api/v1/{list}"));
            assert!(!found.body.contains("secret") && !found.body.contains("osters"), "{list}: {found:?}");
            assert_eq!(found.status, 200, "{list}");
        }
        for rows in ["releases", "verdicts", "findings"] {
            let found = guarded.get(&eve, &format!("/api/v1/exports/{rows}"));
            assert!(found.status == 200 && !found.body.contains("secret"), "{rows}: {found:?}");
        }
        // Those that it is for find all of it.
        assert!(guarded.get(&ana, "/api/v1/learnings?tag=posters").body.contains("secret-retro"));
    }

    async fn criteria_have_versions(database: Database) {
        let (service, desk) = company(&database);
        desk.must("seal quick-start");
        desk.write("small.yaml", &SMALL.replace("at_least: 60", "at_least: 70"));
        desk.must("apply -f small.yaml");
        desk.write("march.csv", &march(1, 10, "9"));
        desk.must("import march.csv --metric app.uses");
        desk.must("launch quick-start --at 2026-03-02T10:00:00Z");
        desk.write("small.yaml", &SMALL.replace("at_least: 60", "at_least: 65"));
        let mut amend = desk.command("apply -f small.yaml --amend --reason");
        let amended = Desk::ran(amend.arg("the goal was mistyped"));
        assert_eq!(amended.code, Some(0), "{amended:?}");
        let path = "/api/v1/releases/quick-start/criteria";
        let all = walked(&service, path, 2);
        let told: Vec<_> = all
            .iter()
            .map(|one| (one["version"].as_u64().unwrap(), one["seal"].is_string(), one["amendment"].is_string()))
            .collect();
        assert_eq!(told, [(3, false, true), (2, true, false), (1, true, false)]);
        assert_eq!(all[0]["reason"], "the goal was mistyped");
        let current = all.iter().map(|version| version["current"].as_bool().unwrap());
        assert_eq!(current.collect::<Vec<_>>(), [true, false, false]);
        let first = service.get(&format!("{path}/1")).json();
        assert_eq!(first, all[2]);
        assert_eq!(first["criteria"][0]["with"]["at_least"], 60);
        let problem = service.get(&format!("{path}/4")).problem();
        let detail = "there is no version 4 of the criteria of quick-start. There are 1 to 3";
        assert_eq!(problem["detail"], detail);
        assert_eq!(service.get(&format!("{path}/0")).status, 400);
        let listed = desk.must("release criteria quick-start");
        assert!(listed.lines().nth(1).unwrap().ends_with("the goal was mistyped"), "{listed}");
        assert!(desk.must("release criteria quick-start 1").contains("uses"));
    }
}

#[test]
fn nobody_declared_an_organisation_yet() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::empty(&super::sqlite(folder.path()));
    let problem = service.get("/api/v1/organisation").problem();
    assert_eq!(problem["detail"], "there is no organisation yet. Declare it with an organisation: document");
}
