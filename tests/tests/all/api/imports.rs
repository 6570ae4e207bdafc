//! Files of values over HTTP: formats, compression, keys.

use std::process::{Command, Stdio};

use serde_json::json;
use yardstick_tests::both;

use super::{Answer, Service};

const CSV: (&str, &str) = ("Content-Type", "text/csv");
const PATH: &str = "/api/v1/metrics/app.uses/imports";

fn import(service: &Service, query: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    service.ask("POST", &format!("{PATH}{query}"), headers, body)
}

both! {
    async fn rows_come_in_whichever_way_they_are_written(database: Database) {
        let service = Service::judged(&database);
        let csv = import(&service, "?origin=later.csv", &[CSV], "day,value\n2026-03-11,9\n2026-03-12,8\n");
        assert_eq!(csv.status, 201, "{csv:?}");
        let csv = csv.json();
        assert_eq!((&csv["import"]["new"], &csv["import"]["origin"]), (&json!(2), &json!("later.csv")));
        assert_eq!((&csv["first_day"], &csv["last_day"]), (&json!("2026-03-11"), &json!("2026-03-12")));
        let lines = "{\"day\":\"2026-03-12\",\"value\":8}\n{\"day\":\"2026-03-13\",\"value\":7}\n";
        let lines = import(&service, "", &[("Content-Type", "application/x-ndjson")], lines).json();
        assert_eq!((&lines["import"]["new"], &lines["import"]["unchanged"]), (&json!(1), &json!(1)));
        let columns = "when,uses,what\n2026-03-14,6,app\n2026-03-14,5,web\n";
        let mapped = import(&service, "?time=when&value=uses&only=what%3Dapp", &[CSV], columns).json();
        assert_eq!(mapped["import"]["new"], 1, "{mapped}");
        let undone = service.ask("POST", &format!("/api/v1/imports/{}/undo", mapped["import"]["id"]), &[], "");
        assert!(undone.json()["undone_at"].is_string(), "{undone:?}");
        let list = service.get(&format!("{PATH}?limit=2")).json();
        assert_eq!(list["items"].as_array().unwrap().len(), 2);
        assert!(list["next"].is_string());
    }

    async fn a_key_makes_an_import_happen_once(database: Database) {
        let service = Service::judged(&database);
        let headers = [CSV, ("Idempotency-Key", "\"night-11\"")];
        let body = "day,value\n2026-03-11,9\n";
        let first = import(&service, "", &headers, body);
        let again = import(&service, "", &headers, body);
        assert_eq!((first.status, again.status), (201, 200));
        assert_eq!(first.json()["import"], again.json()["import"]);
        assert_eq!(again.json()["replayed"], true);
        let other = import(&service, "", &headers, "day,value\n2026-03-11,8\n").problem();
        assert_eq!(other["code"], "conflict");
        let bad = import(&service, "", &[CSV, ("Idempotency-Key", "a b")], body).problem();
        assert_eq!((&bad["code"], &bad["errors"][0]["field"]), (&json!("malformed"), &json!("Idempotency-Key")));
    }

    async fn bad_files_are_refused_whole(database: Database) {
        let service = Service::judged(&database);
        let rows = import(&service, "?origin=a.csv", &[CSV], "day,value\n2026-03-11,9\n2026-03-12,many\n").problem();
        assert_eq!((&rows["status"], &rows["code"]), (&json!(422), &json!("rows-refused")));
        assert_eq!(rows["detail"], "1 row cannot be imported; nothing was written");
        assert_eq!((&rows["errors"][0]["line"], &rows["errors"][0]["file"]), (&json!(3), &json!("a.csv")));
        for (headers, query, status, code, detail) in [
            (vec![("Content-Type", "application/json")], "", 415, "media-type", "Content-Type is \"application/json\"; expected text/csv or application/x-ndjson"),
            (vec![], "", 415, "media-type", "Content-Type is \"\"; expected text/csv or application/x-ndjson"),
            (vec![CSV, ("Content-Encoding", "br")], "", 415, "media-type", "Content-Encoding is \"br\"; expected gzip, or none"),
            (vec![CSV, ("Content-Encoding", "gzip")], "", 422, "rows-refused", "the file cannot be imported as it is; nothing was written"),
            (vec![CSV], "?only=x", 400, "malformed", "only[0]: \"x\" has no =; expected NAME=VALUE"),
            (vec![CSV], "?complete_through=2099-01-01", 422, "refused", "complete_through: 2099-01-01 has not ended yet in UTC; name a day that has"),
            (vec![CSV], "?colum=x", 400, "malformed", "colum: unknown field"),
        ] {
            let problem = import(&service, query, &headers, "day,value\n2026-03-11,9\n").problem();
            let found = (&problem["status"], &problem["code"], &problem["detail"]);
            assert_eq!(found, (&json!(status), &json!(code), &json!(detail)), "{headers:?} {query}");
        }
        assert_eq!(service.get(PATH).json()["items"].as_array().unwrap().len(), 1, "nothing was written");
    }
}

#[test]
fn everything_wrong_with_a_request_is_told_before_its_file_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::empty(&super::sqlite(folder.path()));
    let query = "complete_through=soon&only=x&total=plan%3Da&total=plan%3Db";
    let request = format!(
        "POST /api/v1/metrics/App/imports?{query} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
         Content-Type: text/csv\r\nIdempotency-Key: a b\r\nContent-Length: 1000000\r\n\r\n",
        service.host()
    );
    let problem = service.raw(request.as_bytes()).problem();
    let fields: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["Idempotency-Key", "metric", "total[1]", "only[0]", "complete_through"], "{problem}");
    assert_eq!(problem["status"], 400);
}

#[test]
fn gzipped_files_are_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::empty(&super::sqlite(folder.path()));
    let small = json!({ "files": [{ "name": "small.yaml", "text": crate::app::SMALL }] });
    assert_eq!(service.post("/api/v1/apply", &small.to_string()).status, 200);
    let path = folder.path().join("march.csv");
    std::fs::write(&path, crate::app::march(1, 10, "9")).unwrap();
    let gzip = Command::new("gzip").arg("-c").arg(&path).stdout(Stdio::piped()).output().unwrap();
    let mut request = format!(
        "POST {PATH} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: text/csv\r\n\
         Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        service.host(),
        gzip.stdout.len()
    )
    .into_bytes();
    request.extend(gzip.stdout);
    let answer = service.raw(&request);
    assert_eq!((answer.status, &answer.json()["import"]["new"]), (201, &json!(10)), "{answer:?}");
}
