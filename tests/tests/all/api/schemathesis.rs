//! Requests that a machine derives from the OpenAPI document: no failure inside, nothing outside the document.

use std::path::PathBuf;
use std::process::Command;

use yardstick_tests::databases::{Database, on_sqlite};

use super::Service;
use crate::cli::Desk;

/// Where `.ci/run` installs it; in the path otherwise.
fn program() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "where programs are is said by the environment")]
    let (home, path) = (std::env::var_os("HOME"), std::env::var_os("PATH"));
    let installed = home.map(|home| PathBuf::from(home).join(".cache/yardstick-schemathesis/bin"));
    let folders = path.iter().flat_map(std::env::split_paths).chain(installed);
    folders.map(|folder| folder.join("schemathesis")).find(|program| program.is_file())
}

#[test]
fn nothing_is_answered_outside_the_document() {
    let Some(program) = program() else {
        eprintln!("skipped: schemathesis is not installed (.ci/run does it)");
        return;
    };
    on_sqlite(async |database: Database| {
        drop(Service::judged(&database));
        // As a company has it: with tokens, and with one that may do everything.
        let data = tempfile::tempdir().unwrap();
        // The first token is one that may be revoked on the way: it is not the one that is asked with.
        Desk::new(Some(&database.url)).must("token create --name first --for ana.lopez@example.com");
        let many = ["--failures-per-second", "100000"];
        let service = super::tokens::served_with(&many, &database.url, &data);
        let token = std::fs::read_to_string(data.path().join("operator.token")).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let configuration = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/api/schemathesis.toml");
        let ran = Command::new(&program)
            .args(["--config-file", configuration, "run"])
            .args(["--header", &format!("Authorization: Bearer {}", token.trim())])
            .arg(format!("{}/api/v1/openapi.json", service.served.address))
            .current_dir(folder.path())
            .output()
            .unwrap();
        let out = String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success(), "{out}\n{}", String::from_utf8_lossy(&ran.stderr));
        assert!(!service.log().contains("ERROR"), "{}", service.log());
    });
}
