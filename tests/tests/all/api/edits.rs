//! Changing what was read: by whoever has seen what it is, and nobody overwrites what they have not seen.

use serde_json::{Value, json};
use yardstick_client::api::PutReleaseRequest;
use yardstick_client::http::{Client, Error, Expect};
use yardstick_tests::both;
use yardstick_tests::databases::Database;

use super::tokens::Guarded;
use super::{Answer, Service};
use crate::app::SMALL;
use crate::cli::Desk;

fn release(at_least: u32) -> Value {
    json!({
        // Not in the order of files, which JSON has none of.
        "goals": [{
            "id": "uses", "says": "It is used at least 60 times in the first week.", "judge": "threshold@1",
            "metric": "app.uses", "with": { "at_least": at_least },
        }],
        "release": "quick-start", "name": "Quick start", "team": "growth", "owner": "ana.lopez@example.com",
        "level": "L2", "planned": "2026-03-02", "checkpoints": ["d2", "d7"],
    })
}

fn team(name: &str) -> Value {
    json!({
        "team": "growth", "name": name, "time_zone": "Europe/Berlin",
        "members": { "ana.lopez@example.com": "maintainer", "ben.okafor@example.com": "member", "ben@example.com": "member" },
    })
}

fn registered(database: &Database) -> (Service, Desk) {
    let desk = Desk::new(Some(&database.url));
    desk.write("small.yaml", SMALL);
    desk.must("apply -f small.yaml");
    (Service::empty(&database.url), desk)
}

impl Service {
    fn put(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let headers = [&[("Content-Type", "application/json")], headers].concat();
        self.ask("PUT", path, &headers, &body.to_string())
    }
}

impl Answer {
    fn etag(&self) -> String {
        let line = self.head.lines().find_map(|line| line.strip_prefix("etag: "));
        line.unwrap_or_else(|| panic!("no ETag: {self:?}")).to_owned()
    }
}

const RELEASE: &str = "/api/v1/releases/quick-start";

both! {
    async fn a_release_is_read_as_its_file_changed_and_put_back(database: Database) {
        let (service, desk) = registered(&database);
        let read = service.get(&format!("{RELEASE}/file"));
        let etag = read.etag();
        let mut file = read.json();
        // Put back as it is, it changes nothing.
        let same = service.put(RELEASE, &[("If-Match", &etag)], &file);
        assert_eq!((same.status, same.json()["version"].as_u64()), (200, Some(1)), "{same:?}");
        assert_eq!(service.ask("GET", &format!("{RELEASE}/file"), &[("If-None-Match", &etag)], "").status, 304);
        file["goals"][0]["with"]["at_least"] = 70.into();
        assert_eq!(service.put(RELEASE, &[("If-Match", &etag)], &file).status, 200);
        assert_eq!(service.get(&format!("{RELEASE}/file")).json(), file);
        assert_eq!(service.put(RELEASE, &[("If-Match", &etag)], &file).status, 412, "that was another state");
        // The command line prints the same as people write it.
        let printed = desk.must("release file quick-start");
        assert!(printed.contains("with: { at_least: 70 }"), "{printed}");
        desk.write("again.yaml", &printed);
        desk.must("apply -f again.yaml");
        assert_eq!(service.get(RELEASE).json()["version"], 2, "nothing has changed");
    }

    async fn what_was_read_is_changed_and_what_was_not_is_kept(database: Database) {
        let (service, _desk) = registered(&database);
        let read = service.get(RELEASE);
        let etag = read.etag();
        // Read again only when it has changed.
        let again = service.ask("GET", RELEASE, &[("If-None-Match", &etag)], "");
        assert_eq!((again.status, again.body.as_str(), again.etag()), (304, "", etag.clone()));
        let problem = service.put(RELEASE, &[], &release(70)).problem();
        assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(428), Some("precondition-required")));
        let changed = service.put(RELEASE, &[("If-Match", &etag)], &release(70));
        assert_eq!(changed.status, 200, "{changed:?}");
        assert_eq!(changed.json()["criteria"][0]["with"]["at_least"], 70);
        assert_eq!(changed.json()["version"], 2);
        assert_eq!(service.get(RELEASE).etag(), changed.etag());
        assert_eq!(service.ask("GET", RELEASE, &[("If-None-Match", &etag)], "").status, 200);
        // Whoever has not seen that change does not undo it, and learns how it is now.
        let stale = service.put(RELEASE, &[("If-Match", &etag)], &release(80));
        let now = stale.etag();
        let problem = stale.problem();
        assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(412), Some("changed-meanwhile")));
        assert_eq!(service.get(RELEASE).json()["criteria"][0]["with"]["at_least"], 70);
        assert_eq!(service.put(RELEASE, &[("If-Match", &now)], &release(80)).status, 200);
        // The same again changes nothing, in whatever state it is known.
        let etag = service.get(RELEASE).etag();
        let same = service.put(RELEASE, &[("If-Match", &etag)], &release(80));
        assert_eq!((same.status, same.json()["version"].as_u64()), (200, Some(3)));
        // What happens to a release is no change of what it declares, but of what is shown.
        assert_eq!(service.post(&format!("{RELEASE}/seal"), "").status, 200);
        assert_eq!(service.ask("GET", RELEASE, &[("If-None-Match", &etag)], "").status, 200);
        assert_eq!(service.put(RELEASE, &[("If-Match", &etag)], &release(90)).status, 200);
        for (headers, status) in [
            (vec![("If-None-Match", "*")], 412),
            (vec![("If-Match", "*")], 200),
            (vec![("If-Match", "W/\"00000000000000000000000000000000\"")], 412),
            (vec![("If-Match", "quick")], 400),
            (vec![("If-Match", "*"), ("If-None-Match", "*")], 400),
        ] {
            let answer = service.put(RELEASE, &headers, &release(90));
            assert_eq!(answer.status, status, "{headers:?} {answer:?}");
        }
    }

    async fn what_is_new_is_made_and_what_is_wrong_is_named(database: Database) {
        let (service, _desk) = registered(&database);
        let company = json!({ "organisation": "Example", "time_zone": "Europe/Berlin" });
        let person = json!({ "person": "zoe@example.com", "name": "Zoe", "handles": { "slack": "zoe" } });
        let metric = json!({
            "metric": "app.visits", "title": "Visits", "owner": "grace.kim@example.com", "team": "growth",
            "definition": "Visits of the app.", "definition_version": 1, "kind": "sum", "unit": "visits",
            "better": "higher", "grain": "day", "time_zone": "UTC", "missing": "gap", "fresh_within": "24h", "source": "points",
        });
        let next = json!({ "team": "next", "name": "Next", "time_zone": "UTC" });
        for (path, content) in [
            ("/api/v1/organisation", &company),
            ("/api/v1/persons/zoe@example.com", &person),
            ("/api/v1/metrics/app.visits", &metric),
            ("/api/v1/teams/next", &next),
        ] {
            let problem = service.put(path, &[("If-Match", "\"00000000000000000000000000000000\"")], content).problem();
            assert_eq!(problem["status"], 412, "{path}");
            let made = service.put(path, &[("If-None-Match", "*")], content);
            assert_eq!(made.status, 201, "{path} {made:?}");
            assert_eq!(service.get(path).json(), made.json());
            assert_eq!(service.get(path).etag(), made.etag());
            assert_eq!(service.put(path, &[("If-Match", &made.etag())], content).status, 200);
            assert_eq!(service.put(path, &[], content).status, 428);
            assert_eq!(service.put(path, &[("If-None-Match", "*")], content).status, 412);
        }
        let etag = service.get(RELEASE).etag();
        let wrong = |change: &dyn Fn(&mut Value)| {
            let mut content = release(60);
            change(&mut content);
            service.put(RELEASE, &[("If-Match", &etag)], &content).problem()
        };
        for (problem, field, says) in [
            (wrong(&|content| content["level"] = json!("L4")), "level", "Did you mean \"L1\"?"),
            (wrong(&|content| content["levl"] = json!("L1")), "levl", "unknown field"),
            (wrong(&|content| content["release"] = json!("quick-end")), "release", "a name never changes"),
            (wrong(&|content| content["team"] = json!("growht")), "team", "Did you mean \"growth\"?"),
        ] {
            assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(422), Some("refused")));
            assert_eq!(problem["errors"][0]["field"], field, "{problem}");
            assert!(problem["errors"][0]["message"].as_str().unwrap().contains(says), "{problem}");
        }
        for (body, says) in [
            ("{\"release\": \"a\", \"release\": \"b\"}", "is there twice"),
            ("[]", "a JSON object was expected"),
            ("{", "not readable as JSON"),
        ] {
            let headers = [("Content-Type", "application/json"), ("If-Match", etag.as_str())];
            let problem = service.ask("PUT", RELEASE, &headers, body).problem();
            assert_eq!(problem["status"], 400);
            assert!(problem["detail"].as_str().unwrap().contains(says), "{problem}");
        }
    }

    async fn of_two_who_change_the_same_one_is_told(database: Database) {
        let (service, _desk) = registered(&database);
        let path = "/api/v1/teams/growth";
        for round in 0..5 {
            for (path, content) in [
                (path, (&|who: u32| team(&format!("Growth {round} {who}"))) as &(dyn Fn(u32) -> Value + Sync)),
                (RELEASE, &|who: u32| release(60 + 10 * round + who)),
            ] {
                let etag = service.get(path).etag();
                let answers: Vec<Answer> = std::thread::scope(|scope| {
                    let put = |who: u32| service.put(path, &[("If-Match", &etag)], &content(who));
                    let puts: Vec<_> = (1..5).map(|who| scope.spawn(move || put(who))).collect();
                    puts.into_iter().map(|put| put.join().unwrap()).collect()
                });
                let done: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
                assert_eq!(done.len(), 1, "{answers:?}");
                for other in answers.iter().filter(|answer| answer.status != 200) {
                    assert_eq!(other.problem()["code"], "changed-meanwhile");
                }
                assert_eq!(service.get(path).etag(), done[0].etag());
            }
        }
        let versions = service.get(&format!("{RELEASE}/criteria")).json();
        assert_eq!(versions["items"][0]["version"], 6, "one of each five, and the first");
    }

    async fn after_the_launch_it_takes_a_reason(database: Database) {
        let (service, desk) = registered(&database);
        desk.must("launch quick-start --at 2026-03-02T10:00:00Z");
        let client = Client::new(&service.served.address).unwrap();
        let read = client.release_tagged("quick-start").await.unwrap();
        let expect = Expect::Etag(read.etag.as_deref().unwrap());
        let put = async |reason: Option<&str>| {
            let request = PutReleaseRequest { reason: reason.map(str::to_owned) };
            client.put_release("quick-start", &release(50), &request, expect).await
        };
        let refused = put(None).await.unwrap_err();
        assert!(refused.to_string().contains("A change is an amendment"), "{refused}");
        let amended = put(Some("the goal was mistyped")).await.unwrap();
        assert_eq!(amended.document.amendments[0].reason, "the goal was mistyped");
        let stale = put(Some("once more")).await.unwrap_err();
        assert!(matches!(&stale, Error::Refused { status: 412, problem } if problem.code == "changed-meanwhile"), "{stale}");
        // Under a key it is done once, whatever it is asked.
        let once = client.once("edit-1").unwrap();
        let etag = amended.etag.unwrap();
        for _ in 0..2 {
            let request = PutReleaseRequest { reason: Some("again".to_owned()) };
            let done = once.put_release("quick-start", &release(55), &request, Expect::Etag(&etag)).await.unwrap();
            assert_eq!(done.document.version, 3);
        }
        assert!(client.once("two words").is_err());
    }

    async fn whoever_may_not_change_or_see_it_does_neither(database: Database) {
        let guarded = Guarded::over(&database);
        let eve = guarded.token("eve.moss@example.com", "read,write");
        let ask = |method: &str, path: &str, more: &[(&str, &str)], body: &Value| {
            let authorization = format!("Bearer {eve}");
            let headers = [&[("Authorization", authorization.as_str()), ("Content-Type", "application/json")], more].concat();
            let body = if method == "GET" { String::new() } else { body.to_string() };
            guarded.service.ask(method, path, &headers, &body)
        };
        let path = "/api/v1/teams/growth";
        let etag = ask("GET", path, &[], &json!(null)).etag();
        let problem = ask("PUT", path, &[("If-Match", &etag)], &team("Mine")).problem();
        assert_eq!(problem["code"], "forbidden", "{problem}");
        // A release that is not there for them has no state either, and its name is taken.
        let mut content = release(60);
        content["release"] = json!("secret-start");
        content["team"] = json!("rivals");
        let path = "/api/v1/releases/secret-start";
        assert_eq!(ask("GET", path, &[], &json!(null)).status, 404);
        for more in [vec![], vec![("If-None-Match", "*")], vec![("If-Match", "*")], vec![("If-Match", "\"00000000000000000000000000000000\"")]] {
            let answer = ask("PUT", path, &more, &content);
            assert!(!answer.head.contains("etag"), "{answer:?}");
            let problem = answer.problem();
            assert_eq!(problem["status"], 422);
            assert_eq!(problem["detail"], "release: the name secret-start is taken; choose another", "{more:?}");
        }
    }
}
