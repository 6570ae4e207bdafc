//! Lists over HTTP: filters and orders, each from a closed list.

use serde_json::Value;
use yardstick_tests::both;

use super::Service;
use crate::app::SMALL;
use crate::app::tamper::count;
use crate::cli::Desk;

fn slugs(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["slug"].as_str().unwrap()).collect()
}

both! {
    async fn lists_are_filtered_and_sorted_by_known_words_only(database: Database) {
        drop(Service::judged(&database));
        let desk = Desk::new(Some(&database.url));
        let third = SMALL.split("---").nth(2).unwrap().trim_start();
        let other = |slug: &str, name: &str, planned: &str, stage: &str| {
            third
                .replace("quick-start", slug)
                .replace("Quick start", name)
                .replace("planned: 2026-03-02", &format!("planned: {planned}\nstage: {stage}\nfeature: search"))
        };
        desk.write("a.yaml", &other("zebra", "Alpha", "2026-05-01", "beta"));
        desk.write("b.yaml", &other("yak", "Beta 100%", "2026-04-01", "ga"));
        desk.must("apply -f a.yaml -f b.yaml");
        let service = Service::empty(&database.url);
        for (query, expected) in [
            ("", vec!["zebra", "yak", "quick-start"]),
            ("?sort=planned", vec!["quick-start", "yak", "zebra"]),
            ("?sort=name", vec!["zebra", "yak", "quick-start"]),
            ("?sort=-name", vec!["quick-start", "yak", "zebra"]),
            ("?lifecycle=judged", vec!["quick-start"]),
            ("?lifecycle=draft", vec!["zebra", "yak"]),
            ("?stage=ga", vec!["yak"]),
            ("?feature=search&planned_until=2026-04-30", vec!["yak"]),
            ("?planned_from=2026-04-01&sort=planned", vec!["yak", "zebra"]),
            ("?owner=ana.lopez@example.com&team=growth&level=L2%2B", vec!["zebra", "yak", "quick-start"]),
            ("?owner=nobody@example.com", vec![]),
            ("?launched_from=2026-03-02&launched_until=2026-03-02", vec!["quick-start"]),
            ("?launched_from=2026-03-03", vec![]),
            ("?text=ALPHA", vec!["zebra"]),
            ("?text=100%25", vec!["yak"]),
            ("?text=%25", vec!["yak"]),
            ("?text=%27%20OR%201%3D1%20--", vec![]),
            ("?feature=%27%3B%20DROP%20TABLE%20releases%3B%20--", vec![]),
        ] {
            let page = service.get(&format!("/api/v1/releases{query}")).json();
            assert_eq!(slugs(&page), expected, "{query}");
        }
        // Page by page, each cursor of its own order.
        let first = service.get("/api/v1/releases?sort=name&limit=2").json();
        let next = first["next"].as_str().unwrap();
        let second = service.get(&format!("/api/v1/releases?sort=name&limit=2&cursor={next}")).json();
        assert_eq!(slugs(&second), ["quick-start"]);
        let problem = service.get(&format!("/api/v1/releases?sort=changed&cursor={next}")).problem();
        assert_eq!(problem["errors"][0]["field"], "cursor", "{problem}");
        for (path, field, says) in [
            ("releases?sort=planed", "sort", "Did you mean \"planned\"?"),
            ("releases?sort=name%3B%20DROP%20TABLE%20releases", "sort", "is not one of -planned, planned, name"),
            ("releases?sort=r.name", "sort", "is not one of"),
            ("releases?sort=NAME", "sort", "is not one of"),
            ("releases?lifecycle=launch", "lifecycle", "Did you mean \"launched\"?"),
            ("releases?stage=gaa", "stage", "Did you mean \"ga\"?"),
            ("releases?planned_from=soon", "planned_from", "is no day"),
            ("releases?launched_from=soon", "launched_from", "nor an instant"),
            ("releases?text=%00", "text", "one line of 1 to 200 characters"),
            ("releases?owner=ana", "owner", "is no person"),
            ("releases?ordre=name", "ordre", "unknown field"),
            ("verdicts?outcome=failed", "outcome", "Did you mean \"fail\"?"),
            ("verdicts?reason=no-data", "reason", "is not one of too-early"),
            ("verdicts?final=maybe", "final", "expected true or false"),
            ("metrics?kind=sums", "kind", "Did you mean \"sum\"?"),
            ("jobs?kind=juge", "kind", "Did you mean \"judge\"?"),
            ("audit?outcome=don", "outcome", "Did you mean \"done\"?"),
        ] {
            let problem = service.get(&format!("/api/v1/{path}")).problem();
            assert_eq!((problem["status"].as_u64(), problem["errors"][0]["field"].as_str()), (Some(400), Some(field)), "{path}");
            assert!(problem["errors"][0]["message"].as_str().unwrap().contains(says), "{path}: {problem}");
        }
        assert_eq!(count(&database, "SELECT count(*) FROM releases").await, 3);
        for (path, expected) in [
            ("verdicts?outcome=pass", 1),
            ("verdicts?outcome=fail", 0),
            ("verdicts?final=true&level=L2", 1),
            ("verdicts?final=false", 0),
            ("verdicts?level=L3", 0),
            ("verdicts?reason=too-early&code=not-due&looks=true", 0),
            ("verdicts?judged_since=2026-03-01", 1),
            ("verdicts?judged_until=2026-03-01", 0),
            ("metrics?team=growth&owner=grace.kim@example.com&kind=sum&text=uSeS", 1),
            ("metrics?kind=gauge", 0),
            ("metrics?text=nothing", 0),
            ("jobs?kind=deliver", 0),
            ("events?team=rivals", 0),
            ("audit?action=launch&outcome=done&since=2026-01-01", 1),
            ("audit?action=launch&until=2026-01-01", 0),
        ] {
            let page = service.get(&format!("/api/v1/{path}")).json();
            assert_eq!(page["items"].as_array().unwrap().len(), expected, "{path}: {page}");
        }
        let listed = desk.must("release list --sort -name --lifecycle draft");
        let rows: Vec<&str> = listed.lines().skip(1).map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(rows, ["yak", "zebra"]);
        assert!(desk.must("metric list --kind sum --text uses").contains("app.uses"));
        assert!(desk.must("verdict list --outcome fail").starts_with("No verdicts yet"));
    }
}
