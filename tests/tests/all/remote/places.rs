//! Which service is asked, and what is said when none can be.

use std::net::TcpListener;

use serde_json::Value;

use super::{Desk, serve};

/// An address at which nobody listens.
fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[test]
fn what_is_typed_goes_before_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let service = serve(&folder);
    let (here, nowhere) = (&service.address, nowhere());
    let name = |name: &'static str, value: &str| (name, value.to_owned());
    let (asked, database) = (format!("server {here}\n"), "database sqlite:".to_owned());
    let nobody = format!("error: no Yardstick answers at {nowhere} (connection refused)");
    let table = [
        (vec![], format!("--server {here}"), 0, &asked),
        (vec![name("YARDSTICK_SERVER", here)], String::new(), 0, &asked),
        (vec![name("YARDSTICK_SERVER", &nowhere)], format!("--server {here}/"), 0, &asked),
        (vec![name("YARDSTICK_SERVER", &nowhere)], String::new(), 1, &nobody),
        (vec![name("YARDSTICK_SERVER", &nowhere)], "--database sqlite:own.db".to_owned(), 0, &database),
        (vec![name("YARDSTICK_SERVER", &nowhere)], "--data own".to_owned(), 0, &database),
        (vec![name("YARDSTICK_SERVER", "")], String::new(), 0, &database),
        (vec![name("YARDSTICK_DATABASE", "sqlite:own.db")], format!("--server {here}"), 0, &asked),
    ];
    for (environment, options, code, expected) in table {
        let desk = Desk::new(environment);
        let ran = desk.run(&format!("metric list {options}"));
        assert_eq!(ran.code, Some(code), "{options}: {ran:?}");
        assert!(ran.err.contains(expected.as_str()), "{options}: {}", ran.err);
        assert!(!desk.path(".yardstick").exists() || expected == &database, "{options}");
    }
}

#[test]
fn two_places_at_once_are_a_wrong_usage() {
    let named = || ("YARDSTICK_SERVER", "http://127.0.0.1:1".to_owned());
    for (environment, words, expected) in [
        (vec![], "metric list --server http://127.0.0.1:1 --database sqlite:own.db", "leave out --database"),
        (vec![], "--data own metric list --server http://127.0.0.1:1", "leave out --database and --data"),
        (
            vec![named(), ("YARDSTICK_DATABASE", "sqlite:own.db".to_owned())],
            "metric list",
            "YARDSTICK_DATABASE",
        ),
        (vec![named(), ("YARDSTICK_DATA", "own".to_owned())], "metric list", "say which one is meant"),
        (vec![], "demo --server http://127.0.0.1:1", "a temporary database of its own"),
        (vec![], "serve --server http://127.0.0.1:1", "serve is the service itself"),
        (vec![], "metric list --server https://127.0.0.1:1", "does not speak"),
        (vec![], "metric list --server http://10.1.2.3", "is another machine"),
        (vec![], "metric list --server 127.0.0.1:7070", "is no address of a service"),
    ] {
        let desk = Desk::new(environment);
        let ran = desk.run(words);
        assert_eq!(ran.code, Some(2), "{words}: {ran:?}");
        assert!(ran.err.starts_with("error: ") && ran.err.contains(expected), "{words}: {}", ran.err);
        assert_eq!(ran.out, "", "{words}");
        assert!(std::fs::read_dir(desk.path(".")).unwrap().next().is_none(), "{words} left something");
    }
}

#[test]
fn who_answers_something_else_is_no_service() {
    let desk = Desk::new([]);
    let ran = desk.run(&format!("seal quick-start --server {}", nowhere()));
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.ends_with("(connection refused); start one with: yardstick serve\n"), "{}", ran.err);
    let folder = tempfile::tempdir().unwrap();
    let service = serve(&folder);
    // A service that lives below its root only.
    let ran = desk.run(&format!("metric list --server {}/elsewhere", service.address));
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("there is nothing at /elsewhere/api/v1/metrics"), "{}", ran.err);
}

#[test]
fn check_says_which_service_it_asked() {
    let folder = tempfile::tempdir().unwrap();
    let service = serve(&folder);
    let desk = Desk::new([("YARDSTICK_SERVER", service.address.clone())]);
    std::fs::write(desk.path("small.yaml"), crate::app::SMALL).unwrap();
    assert_eq!(desk.run("apply -f small.yaml").code, Some(0));
    let check = desk.run("check quick-start").out;
    let head = check.lines().next().unwrap();
    assert_eq!(
        head,
        format!("Quick start · L2 · planned Mon 2 Mar 2026 · draft · server {}", service.address)
    );
}

#[test]
fn lists_longer_than_a_page_are_fetched_to_their_end() {
    let folder = tempfile::tempdir().unwrap();
    let service = serve(&folder);
    let desk = Desk::new([("YARDSTICK_SERVER", service.address.clone())]);
    let (team, metric) = crate::app::SMALL.split_once("---\n").unwrap();
    let metric = metric.split("---\n").next().unwrap();
    let metrics = (0..501).map(|number| metric.replace("app.uses", &format!("app.uses_{number:03}")));
    std::fs::write(
        desk.path("many.yaml"),
        [team.to_owned()].into_iter().chain(metrics).collect::<Vec<_>>().join("---\n"),
    )
    .unwrap();
    let applied = desk.run("apply -f many.yaml");
    assert!(applied.out.ends_with("502 new, 0 changed, 0 unchanged\n"), "{applied:?}");
    let list: Value = serde_json::from_str(&desk.run("metric list --output json").out).unwrap();
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 501);
    assert_eq!((&items[500]["key"], &list["next"]), (&"app.uses_500".into(), &Value::Null));
}
