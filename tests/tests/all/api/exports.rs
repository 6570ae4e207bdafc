//! Exports: whole, in pieces, for those who may see what is in them.

use std::collections::BTreeSet;

use serde_json::Value;
use tempfile::TempDir;
use yardstick_domain::level::Level;
use yardstick_store::{ExportFilter, Sees};
use yardstick_tests::both;

use super::tokens::served;
use super::{Answer, Service};
use crate::app::{SMALL, march};
use crate::cli::Desk;

/// A stranger's team, and a release that only its own team may see.
const FURTHER: &str = "
team: rivals
name: Rivals
time_zone: UTC
members: { eve.moss@example.com: maintainer }
---
release: secret-start
name: Secret start
team: growth
owner: ana.lopez@example.com
visibility: team
level: L1
planned: 2026-03-02
follows: quick-start
checkpoints: [d7]
goals:
  - { id: uses, says: Used., judge: threshold@1, metric: app.uses, with: { at_least: 60 } }
---
release: open-start
name: Follows in the open
team: growth
owner: ana.lopez@example.com
level: L3
planned: 2026-09-01
follows: secret-start
";

/// A service that takes tokens, over judged releases.
struct Judged {
    service: Service,
    desk: Desk,
    _data: TempDir,
}

impl Judged {
    fn over(url: &str) -> Self {
        let data = tempfile::tempdir().unwrap();
        let desk = Desk::new(Some(url));
        let small = SMALL
            .replace("name: Quick start", "name: \"=1+1, \\\"Größe\\\"\"")
            .replace("at least 60", "-1 or");
        desk.write("small.yaml", &small);
        desk.write("further.yaml", FURTHER);
        desk.write("march.csv", &march(1, 10, "9"));
        desk.must("apply -f small.yaml -f further.yaml");
        desk.must("import march.csv --metric app.uses");
        for release in ["quick-start", "secret-start"] {
            desk.must(&format!("launch {release} --at 2026-03-02T10:00:00Z"));
            desk.must(&format!("judge {release} --checkpoint d7"));
        }
        assert_eq!(
            desk.run("judge quick-start --checkpoint d7 --known-at 2026-03-03T00:00:00Z").code,
            Some(12)
        );
        // A correction revises what was given.
        desk.write("march.csv", &march(1, 10, "9.5"));
        desk.must("import march.csv --metric app.uses");
        desk.must("judge quick-start --checkpoint d7");
        let service = served(url, &data);
        Self { service, desk, _data: data }
    }

    fn get(&self, who: &str, path: &str) -> Answer {
        let token = self.desk.must(&format!("token create --name test --for {who}"));
        self.service.ask("GET", path, &[("Authorization", &format!("Bearer {}", token.trim()))], "")
    }
}

impl Answer {
    /// The body of an answer that was sent in pieces.
    fn joined(&self) -> String {
        assert!(self.head.contains("transfer-encoding: chunked"), "{self:?}");
        let (mut rest, mut whole) = (self.body.as_bytes(), Vec::new());
        loop {
            let end = rest.windows(2).position(|two| two == b"\r\n").unwrap();
            let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
            if size == 0 {
                return String::from_utf8(whole).unwrap();
            }
            whole.extend_from_slice(&rest[end + 2..end + 2 + size]);
            rest = &rest[end + 2 + size + 2..];
        }
    }
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

both! {
    async fn what_somebody_may_not_see_is_in_no_export(database: Database) {
        let judged = Judged::over(&database.url);
        for what in ["releases", "verdicts", "findings"] {
            for format in ["csv", "json"] {
                let path = format!("/api/v1/exports/{what}?format={format}&looks=true");
                let own = judged.get("ana.lopez@example.com", &path);
                assert_eq!(own.status, 200, "{own:?}");
                assert!(own.joined().contains("secret-start"), "{what} {format}");
                let strangers = judged.get("eve.moss@example.com", &path);
                let text = strangers.joined();
                assert!(text.contains("quick-start") && !text.to_lowercase().contains("secret"), "{what} {format}: {text}");
            }
        }
        assert_eq!(judged.service.get("/api/v1/exports/releases").status, 401);
    }

    async fn rows_have_their_columns_and_formulas_are_text(database: Database) {
        let judged = Judged::over(&database.url);
        let answer = judged.get("eve.moss@example.com", "/api/v1/exports/releases?level=L2");
        assert!(answer.head.contains("content-type: text/csv; charset=utf-8"), "{answer:?}");
        assert!(answer.head.contains("content-disposition: attachment; filename=\"yardstick-releases.csv\""), "{answer:?}");
        let text = answer.joined();
        assert!(text.starts_with("release,name,team,owner,level,must_be_measured,stage,feature,lifecycle,criteria,planned,launched_at,days_late,"), "{text}");
        assert!(text.contains("\nquick-start,\"'=1+1, \"\"Größe\"\"\",growth,ana.lopez@example.com,L2,true,,,judged,sealed,2026-03-02,2026-03-02T10:00:00Z,0,Europe/Berlin,1,0,0,d2 d7,"), "{text}");

        let path = "/api/v1/exports/verdicts?format=json";
        let answer = judged.get("eve.moss@example.com", path);
        assert!(answer.head.contains("content-type: application/x-ndjson"), "{answer:?}");
        assert!(answer.head.contains("filename=\"yardstick-verdicts.ndjson\""), "{answer:?}");
        let rows = lines(&answer.joined());
        let told = |row: &Value| {
            format!("{} {} {} {}", row["verdict"].as_str().unwrap(), row["standing"].as_str().unwrap(), row["newest"] == row["counts"] && row["newest"] == true, row["outcome"].as_str().unwrap())
        };
        let official = ["quick-start/d7.1 official false pass", "quick-start/d7.2 official true pass"];
        assert_eq!(rows.iter().map(told).collect::<Vec<_>>(), official);
        assert_eq!((rows[0]["name"].as_str(), rows[0]["checkpoint_days"].as_u64()), (Some("=1+1, \"Größe\""), Some(7)));
        let looks = lines(&judged.get("eve.moss@example.com", &format!("{path}&looks=true")).joined());
        assert_eq!(looks.iter().map(told).collect::<Vec<_>>(), [official[0], "quick-start/d7.look-1 ad-hoc false undecided", official[1]]);

        let rows = lines(&judged.get("eve.moss@example.com", "/api/v1/exports/findings?format=json&team=growth").joined());
        let newest = rows.iter().find(|row| row["newest"] == true).unwrap();
        assert_eq!((newest["criterion"].as_str(), newest["judge"].as_str(), newest["metrics"].as_str()), (Some("uses"), Some("threshold"), Some("app.uses")));
        assert_eq!((newest["value"].as_f64(), newest["target"].as_f64(), newest["unit"].as_str()), (Some(66.5), Some(60.0), Some("uses")));
        // Every field is there, and CSV has them in the same order.
        let text = judged.get("eve.moss@example.com", "/api/v1/exports/findings").joined();
        let columns: BTreeSet<&str> = text.lines().next().unwrap().split(',').collect();
        let fields: BTreeSet<&str> = newest.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(columns, fields);
        let row = judged.get("eve.moss@example.com", "/api/v1/exports/findings?since=2000-01-01").joined();
        assert!(row.contains(",uses,66.5,,,,7,,60,"), "{row}");
        // Filters, and what is no filter.
        for (query, count) in [("since=2100-01-01", 0), ("until=2000-01-01", 0), ("level=L1", 0), ("level=L2%2B", 2), ("team=rivals", 0)] {
            let found = lines(&judged.get("eve.moss@example.com", &format!("{path}&{query}")).joined());
            assert_eq!(found.len(), count, "{query}");
        }
        for (query, field) in [("format=xml", "format"), ("since=March", "since"), ("level=L9", "level"), ("since=2026-02-01&until=2026-01-01", "until"), ("filename=x", "filename")] {
            let problem = judged.get("eve.moss@example.com", &format!("/api/v1/exports/verdicts?{query}")).problem();
            assert_eq!((problem["code"].as_str(), problem["errors"][0]["field"].as_str()), (Some("malformed"), Some(field)), "{problem}");
        }
        for path in ["/api/v1/exports/people", "/api/v1/exports/..%2f..%2fetc%2fpasswd", "/api/v1/exports/"] {
            assert_eq!(judged.get("eve.moss@example.com", path).status, 404, "{path}");
        }
    }

    async fn many_rows_come_in_pieces_and_each_once(database: Database) {
        let desk = Desk::new(Some(&database.url));
        let mut text = SMALL.to_owned();
        for number in 0..450 {
            text += &format!("---\nrelease: r-{number:03}\nname: Größe {number}\nteam: growth\nowner: ana.lopez@example.com\nlevel: L3\nplanned: 2026-04-{:02}\n", number % 28 + 1);
        }
        desk.write("many.yaml", &text);
        desk.must("apply -f many.yaml");
        let all = desk.must("export releases");
        let slugs: BTreeSet<&str> = all.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
        assert_eq!((all.lines().count(), slugs.len()), (452, 451));
        let april = desk.must("export releases --format json --since 2026-04-02 --until 2026-04-03");
        let rows = lines(&april);
        assert_eq!(rows.len(), 33);
        assert!(rows.iter().all(|row| ["2026-04-02", "2026-04-03"].contains(&row["planned"].as_str().unwrap())));
        // A service sends the same bytes.
        let service = Service::empty(&database.url);
        let sent = desk.must(&format!("--server {} export releases", service.served.address));
        assert_eq!(sent, all);
    }

    async fn verdicts_and_findings_go_on_where_a_page_ended(database: Database) {
        let _judged = Judged::over(&database.url);
        let store = &database.store;
        let filter = ExportFilter { looks: true, ..ExportFilter::default() };
        let (mut verdicts, mut after) = (Vec::new(), None);
        loop {
            let page = store.export_verdicts(&filter, after, 1).await.unwrap();
            verdicts.extend(page.items.into_iter().map(|found| found.verdict.at.numbered()));
            after = page.next;
            if after.is_none() { break; }
        }
        assert_eq!(verdicts, ["quick-start/d7.1", "secret-start/d7.1", "quick-start/d7.look-1", "quick-start/d7.2"]);
        let (mut findings, mut after) = (Vec::new(), None);
        loop {
            let page = store.export_findings(&filter, after, 1).await.unwrap();
            findings.extend(page.items.into_iter().map(|found| (found.verdict.verdict.at.numbered(), found.position)));
            after = page.next;
            if after.is_none() { break; }
        }
        assert_eq!(findings, verdicts.into_iter().map(|at| (at, 0)).collect::<Vec<_>>());
        let narrow = ExportFilter {
            levels: vec![Level::L1], sees: Sees::OfTeams(Vec::new()), ..ExportFilter::default()
        };
        assert_eq!(store.export_verdicts(&narrow, None, 10).await.unwrap().items, []);
    }
}

#[test]
fn a_file_is_there_whole_or_not_at_all_and_where_it_may_be() {
    let desk = Desk::new(None);
    desk.write("small.yaml", SMALL);
    desk.must("apply -f small.yaml");
    let printed = desk.must("export releases");
    let ran = desk.run("export releases --to releases.csv");
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{ran:?}");
    assert!(ran.err.contains("releases.csv is written, "), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(desk.path("releases.csv")).unwrap(), printed);
    std::fs::create_dir(desk.path("reports")).unwrap();
    desk.must("export verdicts --format json --to reports/verdicts.ndjson");
    let outside = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), desk.path("away")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("target"), desk.path("dangling.csv")).unwrap();
    let elsewhere = outside.path().join("x.csv").display().to_string();
    for (to, says) in [
        ("releases.csv", "releases.csv exists; --force replaces it"),
        ("dangling.csv", "dangling.csv exists; --force replaces it"),
        ("../x.csv", "../x.csv is outside the current folder; --force writes it there"),
        ("reports/../../x.csv", "is outside the current folder"),
        ("away/x.csv", "away/x.csv is outside the current folder"),
        (&elsewhere, "is outside the current folder"),
        ("nowhere/x.csv", "--to: nowhere: No such file"),
        ("reports", "reports is no name of a file"),
        ("..", ".. is no name of a file"),
    ] {
        let ran = desk.run(&format!("export releases --to {to}"));
        assert!(ran.code != Some(0) && ran.err.contains(says), "{to}: {ran:?}");
    }
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
    // What cannot be exported leaves what was there, and nothing beside it.
    let ran = desk.run("--database sqlite:nowhere/x.db export releases --to releases.csv --force");
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(std::fs::read_to_string(desk.path("releases.csv")).unwrap(), printed);
    let left = std::fs::read_dir(desk.path("")).unwrap().filter(|entry| {
        entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".yardstick-export")
    });
    assert_eq!(left.count(), 0);
    desk.write("releases.csv", "old");
    desk.must("export releases --to releases.csv --force");
    assert_eq!(std::fs::read_to_string(desk.path("releases.csv")).unwrap(), printed);
    desk.must(&format!("export releases --force --to {elsewhere}"));
    assert_eq!(std::fs::read_to_string(&elsewhere).unwrap(), printed);
    assert_eq!(desk.run("export people").code, Some(2));
    assert_eq!(desk.run("export releases --format xlsx").code, Some(2));
}
