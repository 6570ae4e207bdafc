//! The HTTP interface over a real socket: what it answers, what it refuses, how it ends. That it gives the same
//! documents as the command line is tested by `remote`.

mod documentation;
mod edits;
mod ending;
mod examples;
mod exports;
mod guide;
mod hostile;
mod imports;
mod intake;
mod keyed;
mod limits;
mod lists;
mod reading;
mod refusals;
mod roadmap;
mod rubbish;
mod schemathesis;
mod tokens;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;
use yardstick_tests::databases::Database;

use crate::app::{SMALL, march};
use crate::cli::Desk;
use crate::remote::{Served, kept};

/// A service over a database, with the small release in it: launched, and judged at d7.
struct Service {
    served: Served,
    folder: TempDir,
}

/// What was answered.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Service {
    /// Over an empty database.
    fn empty(url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let served = Served::over(url, &kept("api"), &folder.path().join("log"));
        Self { served, folder }
    }

    /// Over a database in which [`SMALL`] has been judged.
    fn judged(database: &Database) -> Self {
        let desk = Desk::new(Some(&database.url));
        desk.write("small.yaml", SMALL);
        desk.write("march.csv", &march(1, 10, "9"));
        desk.must("apply -f small.yaml");
        desk.must("import march.csv --metric app.uses");
        desk.must("launch quick-start --at 2026-03-02T10:00:00Z");
        desk.must("judge quick-start --checkpoint d7");
        Self::empty(&database.url)
    }

    /// Where it listens, such as `127.0.0.1:41234`.
    fn host(&self) -> &str {
        self.served.address.strip_prefix("http://").unwrap()
    }

    /// A file of its own.
    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "")
    }

    /// Sends a JSON document.
    fn post(&self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, &[("Content-Type", "application/json")], body)
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.host());
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() || method == "POST" {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        self.raw(format!("{head}\r\n{body}").as_bytes())
    }

    /// Sends these bytes and nothing else, and reads what is answered until the connection ends.
    fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.host()).unwrap();
        stream.write_all(bytes).unwrap();
        Answer::read(&mut stream)
    }
}

impl Answer {
    fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Self { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The problem document it must be.
    #[track_caller]
    fn problem(&self) -> Value {
        assert!(self.head.contains("content-type: application/problem+json"), "{self:?}");
        let problem = self.json();
        assert_eq!(problem["status"], self.status, "{problem}");
        let id = problem["instance"].as_str().unwrap();
        assert!(self.head.contains(&format!("x-request-id: {id}")), "{self:?}");
        problem
    }
}

/// A SQLite database of its own in this folder, for what does not depend on the database.
fn sqlite(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("yardstick.db").display())
}
