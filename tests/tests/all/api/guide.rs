//! The guide's commands, run as they stand there.

use std::process::{Command, Stdio};

use super::{Service, sqlite};

/// Blocks of shell in the guide.
fn blocks() -> Vec<String> {
    let guide = include_str!("../../../../docs/api.md");
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
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let blocks = blocks();
    assert!(blocks.len() >= 5);
    for block in blocks.iter().filter(|block| !block.contains("yardstick serve")) {
        let script = block.replace("http://127.0.0.1:7070", &service.served.address);
        let mut bash = Command::new("bash");
        let ran = bash.args(["-euo", "pipefail", "-c", &script]).current_dir(root).output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        assert!(ran.status.success(), "{block}\n{out}\n{err}");
    }
    // They told a whole story.
    assert_eq!(service.get("/api/v1/verdicts/quick-start/d7").json()["outcome"], "pass");
}
