//! Who may ask, and how much.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::{Answer, Service, sqlite};

fn service() -> (tempfile::TempDir, Service) {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::empty(&sqlite(folder.path()));
    (folder, service)
}

#[test]
fn pages_of_other_sites_are_turned_away_everywhere() {
    let (_folder, service) = service();
    let own = service.host().to_owned();
    let port = own.split(':').nth(1).unwrap();
    for path in
        ["/", "/api", "/api/docs/", "/api/v1/openapi.json", "/api/v1/releases", "/health/live", "/nothing"]
    {
        for (host, origin, expected) in [
            ("evil.example".to_owned(), None, (421, "misdirected")),
            (format!("evil.example:{port}"), None, (421, "misdirected")),
            ("localhost".to_owned(), None, (421, "misdirected")),
            (own.clone(), Some("http://evil.example"), (403, "foreign-origin")),
            (own.clone(), Some("null"), (403, "foreign-origin")),
        ] {
            let origin = origin.map_or(String::new(), |origin| format!("Origin: {origin}\r\n"));
            let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{origin}Connection: close\r\n\r\n");
            let problem = service.raw(request.as_bytes()).problem();
            let found = (problem["status"].as_u64().unwrap(), problem["code"].as_str().unwrap());
            assert_eq!(found, expected, "{path} {host} {origin}");
        }
    }
    let own_page = format!("http://localhost:{port}");
    assert_eq!(service.ask("GET", "/api/v1/releases", &[("Origin", &own_page)], "").status, 200);
}

#[test]
fn nothing_is_embedded_elsewhere_and_links_may_be_followed() {
    let (_folder, service) = service();
    for (method, path, mode, destination, expected) in [
        ("GET", "/api/v1/releases", "no-cors", "image", 403),
        ("GET", "/api/v1/verdicts/a/d7/replay", "no-cors", "script", 403),
        ("POST", "/api/v1/releases/a/seal", "navigate", "document", 403),
        ("GET", "/api/v1/releases", "navigate", "document", 200),
    ] {
        let fetch =
            [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", destination)];
        let answer = service.ask(method, path, &fetch, "");
        assert_eq!(answer.status, expected, "{path} {mode}: {answer:?}");
        assert!(answer.head.contains("cross-origin-resource-policy: same-origin"), "{answer:?}");
    }
}

#[test]
fn a_form_of_another_type_changes_nothing() {
    let (_folder, service) = service();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
        let answer = service.ask("POST", "/api/v1/apply", &[("Content-Type", kind)], "{\"files\":[]}");
        assert_eq!((answer.status, answer.problem()["code"].as_str()), (415, Some("media-type")), "{kind}");
    }
}

#[test]
fn bodies_and_addresses_have_bounds() {
    let (_folder, service) = service();
    let host = service.host();
    let head = |length: &str| {
        format!(
            "POST /api/v1/apply HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
             Connection: close\r\n{length}\r\n\r\n"
        )
    };
    let announced = service.raw(head("Content-Length: 999999999").as_bytes());
    assert_eq!((announced.status, announced.problem()["code"].as_str()), (413, Some("too-large")));
    let mut chunked = head("Transfer-Encoding: chunked").into_bytes();
    let chunk = vec![b' '; 1 << 20];
    for _ in 0..17 {
        chunked.extend(format!("{:x}\r\n", chunk.len()).bytes());
        chunked.extend(&chunk);
        chunked.extend(b"\r\n");
    }
    chunked.extend(b"0\r\n\r\n");
    let unannounced = service.raw(&chunked);
    assert_eq!((unannounced.status, unannounced.problem()["code"].as_str()), (413, Some("too-large")));
    let question = format!("{{\"reason\":\"{}\"}}", "x".repeat(70_000));
    let large = service.post("/api/v1/releases/a/cancel", &question).problem();
    assert_eq!((&large["status"], &large["code"]), (&413.into(), &"too-large".into()));
    let many = service.post("/api/v1/apply", &format!("[{}1]", "{\"a\":1},".repeat(100_000))).problem();
    assert_eq!(many["detail"], "the body has more than 20000 values; send less at a time");
    let packed = [("Content-Type", "application/json"), ("Content-Encoding", "gzip")];
    let packed = service.ask("POST", "/api/v1/apply", &packed, "{}").problem();
    assert_eq!((&packed["status"], &packed["code"]), (&415.into(), &"media-type".into()));
    let deep = service.post("/api/v1/apply", &"[".repeat(1_000_000)).problem();
    assert_eq!(deep["detail"], "the JSON is nested more than 16 deep");
    let long = service.get(&format!("/api/v1/releases?team={}", "x".repeat(9_000)));
    assert_eq!((long.status, long.problem()["code"].as_str()), (414, Some("long-address")));
    let file = format!(
        "POST /api/v1/metrics/a/imports HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/csv\r\n\
         Connection: close\r\nContent-Length: 99999999999\r\n\r\n"
    );
    assert_eq!(service.raw(file.as_bytes()).problem()["code"], "too-large");
}

#[test]
fn a_crowd_is_told_to_come_again() {
    let (_folder, service) = service();
    // Requests whose body never comes, each holding its place: it is asked for its body once it has one.
    let head = format!(
        "POST /api/v1/releases/a/judge HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\
         Expect: 100-continue\r\nConnection: close\r\n\r\n",
        service.host()
    );
    let go_on = b"HTTP/1.1 100 Continue\r\n\r\n";
    let crowd: Vec<TcpStream> = (0..64)
        .map(|_| {
            let mut stream = TcpStream::connect(service.host()).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            let mut asked = [0; 25];
            stream.read_exact(&mut asked).unwrap();
            assert_eq!(&asked, go_on);
            stream
        })
        .collect();
    let refused = service.get("/api/v1/schemas");
    assert_eq!((refused.status, refused.problem()["code"].as_str()), (503, Some("busy")));
    assert!(refused.head.contains("retry-after: 1"), "{refused:?}");
    assert_eq!(service.get("/health/live").status, 200, "who watches is let in");
    for mut stream in crowd {
        stream.write_all(b"not json!").unwrap();
        assert_eq!(Answer::read(&mut stream).status, 400);
    }
    assert_eq!(service.get("/api/v1/schemas").status, 200);
}

#[test]
fn browsers_are_kept_honest() {
    let (_folder, service) = service();
    for path in ["/api/v1/releases", "/api/v1/nothing", "/health/live", "/api/problems"] {
        let answer = service.get(path);
        for header in [
            "x-content-type-options: nosniff",
            "content-security-policy: default-src 'none'",
            "cache-control: no-",
            "referrer-policy: no-referrer",
        ] {
            assert!(answer.head.contains(header), "{path}: {header} in {}", answer.head);
        }
        assert!(!answer.head.contains("server:"), "{}", answer.head);
    }
}

#[test]
fn files_of_declarations_have_bounds() {
    let (_folder, service) = service();
    let apply = |files: serde_json::Value| {
        service.post("/api/v1/apply", &serde_json::json!({ "files": files }).to_string()).problem()
    };
    let bad = "team: a\n---\n".repeat(700);
    let file = |name: &str, text: &str| serde_json::json!({ "name": name, "text": text });
    let listed = apply(serde_json::json!([file("a.yaml", &bad), file("b.yaml", &bad)]));
    assert_eq!(
        (&listed["code"], listed["errors"].as_array().unwrap().len()),
        (&"files-refused".into(), 1_000)
    );
    assert!(listed["error_count"].as_u64().unwrap() >= 1_400, "{}", listed["error_count"]);
    let named =
        apply(serde_json::json!([file(&"n".repeat(5_000), "team: a"), file("b", &" ".repeat(5 << 20))]));
    let fields = named["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap());
    assert_eq!(fields.collect::<Vec<_>>(), ["files[0].name", "files[1].text"], "{named}");
    let people: String =
        (0..5_001).map(|index| format!("person: p{index}@example.com\nname: P\n---\n")).collect();
    let many = apply(serde_json::json!([file("people.yaml", &people)]));
    assert_eq!(many["detail"], "files: declare more than 5000 things; apply them in parts");
    assert_eq!(apply(serde_json::json!([]))["status"], 400);
}
