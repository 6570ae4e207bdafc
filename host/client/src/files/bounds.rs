//! What no file may make of this machine: tests of the bounds of reading, with files that go beyond them.

use super::read;

fn refused(text: &str) -> String {
    let problems = read(text).expect_err("a bound");
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
}

#[test]
fn names_paths_and_values_have_bounds() {
    let name = "n".repeat(201);
    assert!(refused(&format!("{name}: 1\n")).contains("the name of a field has more than 200 bytes"));
    assert!(
        refused(&format!("team: a\n? {name}\n: 1\n")).contains("the name of a field has more than 200 bytes")
    );
    let deep = (0..20).fold("1".to_owned(), |inner, _| format!("{{{}: {inner}}}", "n".repeat(200)));
    let problem = refused(&deep);
    assert!(problem.contains("have more than 1000 bytes together") && problem.len() < 300, "{problem}");
    let many = format!("team: a\nname: [{}]\n", "1, ".repeat(100_001));
    assert!(refused(&many).contains("the file has more than 100000 values"));
    let documents = "team: a\n---\n".repeat(60_000);
    assert!(refused(&documents).contains("the file has more than 100000 values"));
}

#[test]
fn a_long_list_of_values_is_compared_once_each() {
    let values: Vec<String> = (0..90_000).map(|index| format!("v{index}")).collect();
    let metric = |values: &str| {
        format!(
            "metric: app.uses\ntitle: Uses\nowner: grace.kim@example.com\nteam: growth\ndefinition: Uses.\n\
             definition_version: 1\nkind: sum\nunit: uses\nbetter: higher\ngrain: day\ntime_zone: UTC\n\
             missing: gap\nfresh_within: 24h\nsource: points\ndimensions: {{ plan: [{values}] }}\n"
        )
    };
    assert_eq!(read(&metric(&values.join(", "))).expect("a metric").len(), 1);
    assert_eq!(refused(&metric("a, b, c, b")), "15:31  dimensions.plan[3]: \"b\" is there twice");
}

#[test]
fn a_feature_is_a_plain_name() {
    let release = |feature: &str| {
        format!(
            "release: quick-start\nname: Quick start\nteam: growth\nowner: ana.lopez@example.com\nlevel: L3\n\
             planned: 2026-03-02\nfeature: {feature}\n"
        )
    };
    assert!(read(&release("quick-start")).is_ok());
    assert!(refused(&release("\"a\\0b\"")).contains("feature: has control characters"));
}
