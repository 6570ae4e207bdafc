//! How a service starts and ends.

use std::io::{Read, Write};
use std::net::TcpStream;

use rustix::process::{Pid, Signal, kill_process};

use super::{Answer, Service, sqlite};
use crate::cli::Desk;

const BODY: &str = "day,value\n2026-03-11,9\n";

fn judged() -> (tempfile::TempDir, Service) {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::empty(&sqlite(folder.path()));
    let small = serde_json::json!({ "files": [{ "name": "small.yaml", "text": crate::app::SMALL }] });
    assert_eq!(service.post("/api/v1/apply", &small.to_string()).status, 200);
    (folder, service)
}

#[test]
fn running_requests_are_finished_and_new_ones_are_not_taken() {
    for signal in [Signal::TERM, Signal::INT] {
        let (folder, mut service) = judged();
        let head = format!(
            "POST /api/v1/metrics/app.uses/imports HTTP/1.1\r\nHost: {}\r\nContent-Type: text/csv\r\n\
             Content-Length: {}\r\n\r\n",
            service.host(),
            BODY.len()
        );
        let mut stream = TcpStream::connect(service.host()).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&BODY.as_bytes()[..5]).unwrap();
        // An answer to a later request says that the earlier one has been seen.
        assert_eq!(service.get("/health/live").status, 200);
        kill_process(Pid::from_child(&service.served.process), signal).unwrap();
        while TcpStream::connect(service.host()).is_ok() {}
        stream.write_all(&BODY.as_bytes()[5..]).unwrap();
        assert_eq!(Answer::read(&mut stream).status, 201);
        assert_eq!(service.served.process.wait().unwrap().code(), Some(0));
        let desk = Desk::new(Some(&sqlite(folder.path())));
        assert_eq!(desk.json("metric show app.uses")["coverage"]["buckets"], 1);
        assert!(service.log().contains("ending: running requests are finished"), "{}", service.log());
    }
}

#[test]
fn an_idle_connection_does_not_keep_it() {
    let (_folder, mut service) = judged();
    let mut idle = TcpStream::connect(service.host()).unwrap();
    let request = format!("GET /health/live HTTP/1.1\r\nHost: {}\r\n\r\n", service.host());
    idle.write_all(request.as_bytes()).unwrap();
    let mut first = [0; 12];
    idle.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    kill_process(Pid::from_child(&service.served.process), Signal::TERM).unwrap();
    assert_eq!(service.served.process.wait().unwrap().code(), Some(0));
}

#[test]
fn without_tokens_it_listens_on_this_machine_only() {
    let desk = Desk::new(None);
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let ran = desk.run(&format!("serve --access local --listen {address}"));
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.err.contains("use --access tokens, or listen on 127.0.0.1 or [::1]"), "{}", ran.err);
    }
    assert_eq!(desk.run("serve --listen somewhere").code, Some(2));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let ran = desk.run(&format!("serve --access local --listen {}", taken.local_addr().unwrap()));
    assert!(ran.err.contains("cannot listen on 127.0.0.1:"), "{}", ran.err);
}

#[test]
fn one_line_per_request_has_its_id() {
    let (_folder, service) = judged();
    let answer = service.get("/api/v1/releases?limit=1");
    let id = answer.head.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap().to_owned();
    let log = service.log();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains(&id)).collect();
    assert_eq!(lines.len(), 1, "{log}");
    assert!(lines[0].contains("GET \"/api/v1/releases\" 200"), "{}", lines[0]);
}
