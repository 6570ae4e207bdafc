//! Files in a folder, and what commands say of sinks.

use std::fs;

use super::judged;
use super::receiver::Receiver;

#[test]
fn a_verdict_is_written_as_files_and_once() {
    let desk = judged(None, &["archive --folder"]);
    let ran = desk.must("work --once");
    assert!(ran.ends_with(" done\n"), "{ran}");
    let folder = desk.path(".yardstick/reports/archive/quick-start");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["d7.1.html", "d7.1.json", "d7.1.md", "quick-start-d7-uses.svg"]);
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let document: serde_json::Value = serde_json::from_str(&read("d7.1.json")).unwrap();
    assert_eq!(
        (document["at"].as_str(), document["outcome"].as_str()),
        (Some("quick-start/d7"), Some("pass"))
    );
    assert!(read("d7.1.md").contains("(./quick-start-d7-uses.svg)"), "{}", read("d7.1.md"));
    roxmltree::Document::parse(&read("quick-start-d7-uses.svg")).unwrap();
    assert!(read("d7.1.html").starts_with("<!doctype html>"));

    let events = desk.json("events --kind verdict.final");
    assert_eq!(events["items"].as_array().unwrap().len(), 1);
    let log = desk.json("sink deliveries --sink archive");
    assert_eq!(log["items"][0]["says"], "wrote 4 files");
    desk.must("work --once");
    assert_eq!(desk.json("sink deliveries")["items"].as_array().unwrap().len(), 1);
}

#[test]
fn commands_say_what_goes_where() {
    let receiver = Receiver::taking();
    let url = receiver.url();
    let desk = judged(None, &["archive --folder --events verdict.final,test"]);
    let refused = desk.run(&format!("sink add hook --url {url}"));
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("is for private networks only"), "{}", refused.err);
    let added = desk.run(&format!("sink add hook --url {url} --private-addresses"));
    assert!(added.out.starts_with("whsec_") && added.err.contains("shown this once"), "{added:?}");
    let secret = added.out.trim().to_owned();
    let listed = desk.must("sink list");
    assert!(!listed.contains(&secret));
    let listed = listed.replace(&url, "http://127.0.0.1:PORT/hook");
    insta::assert_snapshot!("sink-list", listed);
    desk.must("sink try hook");
    desk.must("work --once");
    let came: Vec<String> =
        receiver.came().iter().map(|message| message.json()["type"].as_str().unwrap().to_owned()).collect();
    assert!(came.contains(&"test".to_owned()) && came.contains(&"verdict.final".to_owned()), "{came:?}");
    let log = desk.json("sink deliveries --sink hook");
    assert_eq!(log["items"][0]["status"], 204);
    let turned = desk.run("sink secret hook");
    assert!(turned.out.starts_with("whsec_") && turned.out.trim() != secret, "{turned:?}");
    assert_eq!(desk.must("sink remove hook"), "hook is removed\n");
    let gone = desk.run("sink try hook");
    assert!(gone.err.contains("there is no sink hook"), "{}", gone.err);
    // Neither what is logged, nor the audit, nor a file tells a secret.
    let audit = desk.must("audit list --output json");
    assert!(audit.contains("add-sink") && !audit.contains("whsec_") && !audit.contains("/hook"), "{audit}");
}

#[test]
fn a_folder_that_cannot_be_written_is_tried_again() {
    let desk = judged(None, &["archive --folder"]);
    // A file is where the folder should be.
    desk.write(".yardstick/reports", "in the way");
    desk.must("work --once");
    let log = desk.json("sink deliveries");
    assert_eq!(log["items"][0]["outcome"], "failed");
    let waiting = desk.json("jobs list --state waiting");
    assert_eq!(waiting["items"][0]["kind"], "deliver", "{waiting}");
}
