//! The guide's commands, run as they stand there.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{Service, sqlite};

/// Blocks of shell in a guide.
fn blocks_of(guide: &str) -> Vec<String> {
    guide.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_commands_of_the_guide_do_what_it_says() {
    if Command::new("curl").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("skipped: no curl found");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let service = Service::empty(&sqlite(folder.path()));
    let blocks = blocks_of(include_str!("../../../../docs/api.md"));
    assert!(blocks.len() >= 5);
    for block in blocks.iter().filter(|block| !block.contains("yardstick serve")) {
        run(block, &service, Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")));
    }
    // They told a whole story.
    assert_eq!(service.get("/api/v1/verdicts/quick-start/d7").json()["outcome"], "pass");
    // And the guide to retros goes on with it.
    let own = tempfile::tempdir().unwrap();
    let retros = blocks_of(include_str!("../../../../docs/retros.md"));
    assert!(retros.len() >= 6);
    for block in &retros {
        run(block, &service, own.path());
    }
    assert_eq!(service.get("/api/v1/releases/quick-start").json()["lifecycle"], "closed");
    assert_eq!(service.get("/api/v1/actions/A-1").json()["state"], "done");
}

/// Runs a block of shell against a service, in a folder.
fn run(block: &str, service: &Service, folder: &Path) {
    let script = block.replace("http://127.0.0.1:7070", &service.served.address);
    let mut bash = Command::new("bash");
    let ran = bash.args(["-euo", "pipefail", "-c", &script]).current_dir(folder).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{block}\n{out}\n{err}");
}
