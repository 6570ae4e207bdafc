//! Roadmaps over HTTP and on the command line.

use serde_json::Value;
use yardstick_tests::both;

use super::Service;
use crate::app::SMALL;
use crate::cli::Desk;

const PLAN: &str = "Title,Team,Level,Planned date,Release\nQuick start,growth,L2,2026-03-02,quick-start\n\
                    Größe,growth,L1,2026-05-04,\nRumour,,,,\n";

impl Service {
    fn import(&self, query: &str, media: &str, file: &str) -> super::Answer {
        self.ask("POST", &format!("/api/v1/roadmap{query}"), &[("Content-Type", media)], file)
    }
}

both! {
    async fn a_list_is_imported_and_listed(database: Database) {
        let desk = Desk::new(Some(&database.url));
        desk.write("small.yaml", SMALL);
        desk.must("apply -f small.yaml");
        let service = Service::empty(&database.url);
        let dry = service.import("?dry_run=true", "text/csv", PLAN).json();
        assert_eq!((dry["written"].as_bool(), dry["new"].as_u64(), dry["registered"].as_u64()), (Some(false), Some(3), Some(1)));
        let came = service.import("", "text/csv; charset=utf-8", PLAN).json();
        assert_eq!((came["list"].as_str(), came["written"].as_bool(), came["new"].as_u64()), (Some("roadmap"), Some(true), Some(3)));
        let names = |path: &str| -> Vec<String> {
            let page = service.get(path).json();
            page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names("/api/v1/roadmap"), ["Quick start", "Größe", "Rumour"]);
        assert_eq!(names("/api/v1/roadmap?registered=true"), ["Quick start"]);
        assert_eq!(names("/api/v1/roadmap?registered=false&team=growth"), ["Größe"]);
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = service.get(&format!("/api/v1/roadmap?limit=1{cursor}")).json();
            all.push(page["items"][0]["name"].as_str().unwrap().to_owned());
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(all, ["Quick start", "Größe", "Rumour"]);
        // The command line says the same, here and there.
        let listed = desk.must("roadmap list --unregistered");
        assert!(listed.contains("2026-05-04  Größe") && listed.contains("not registered") && !listed.contains("Quick"), "{listed}");
        let there = format!("--server {} ", service.served.address);
        assert_eq!(desk.must(&format!("{there}roadmap list --unregistered")), listed);
        desk.write("plan.csv", "name\nQuick start\n");
        for (place, says) in [
            ("", "roadmap: 1 new, 0 changed, 0 unchanged, 3 withdrawn; 0 are registered\nNothing was written.\n"),
            (there.as_str(), "roadmap: 1 new, 0 changed, 0 unchanged, 3 withdrawn; 0 are registered\nNothing was written.\n"),
        ] {
            assert_eq!(desk.must(&format!("{place}roadmap import plan.csv --dry-run")), says);
        }
        assert!(desk.must("roadmap import plan.csv --list next").ends_with("Next: yardstick roadmap list --unregistered\n"));
    }

    async fn what_cannot_be_imported_is_told_by_line(database: Database) {
        let desk = Desk::new(Some(&database.url));
        desk.write("small.yaml", SMALL);
        desk.must("apply -f small.yaml");
        let service = Service::empty(&database.url);
        let problem = service.import("", "text/csv", "name,team\nA,growht\nB,growth\n").problem();
        assert_eq!((problem["code"].as_str(), problem["error_count"].as_u64()), (Some("rows-refused"), Some(1)));
        assert_eq!((problem["errors"][0]["line"].as_u64(), problem["errors"][0]["field"].as_str()), (Some(2), Some("team")));
        let many: String = (0..200).map(|number| format!("R{number},nowhere\n")).collect();
        let problem = service.import("", "text/csv", &format!("name,team\n{many}")).problem();
        assert_eq!((problem["error_count"].as_u64(), problem["errors"].as_array().map(Vec::len)), (Some(200), Some(100)));
        for (query, media, file, code) in [
            ("", "application/json", "{}", "media-type"),
            ("?list=No%20List", "text/csv", "name\n", "malformed"),
            ("?lists=x", "text/csv", "name\n", "malformed"),
        ] {
            assert_eq!(service.import(query, media, file).problem()["code"], code, "{query} {media}");
        }
        let huge = format!("name\n{}", "x,".repeat(2 << 20));
        assert_eq!(service.import("", "text/csv", &huge).problem()["code"], "too-large");
        assert_eq!(service.get("/api/v1/roadmap").json()["items"], Value::Array(Vec::new()));
        assert_eq!(service.get("/api/v1/roadmap?registered=perhaps").problem()["errors"][0]["field"], "registered");
        desk.write("plan.csv", "name,team\nA,growht\n");
        let ran = desk.run("roadmap import plan.csv");
        assert_eq!(ran.code, Some(1));
        assert!(ran.err.contains("plan.csv: line 2, team: there is no team \"growht\". Did you mean \"growth\"?"), "{}", ran.err);
        assert!(desk.run("roadmap import nowhere.csv").err.contains("cannot read nowhere.csv"));
    }
}
