//! What commands say, and with which exit code.

use yardstick_client::document;
use yardstick_domain::schema::Schema;

use super::Desk;
use crate::app::{SMALL, march};

fn launched(params: &str) -> Desk {
    let desk = Desk::new(None);
    desk.write("small.yaml", &SMALL.replace("{ at_least: 60 }", params));
    desk.write("march.csv", &march(1, 10, "9"));
    desk.must("apply -f small.yaml");
    desk.must("import march.csv --metric app.uses");
    desk.must("launch quick-start --at 2026-03-02T10:00:00Z");
    desk
}

#[test]
fn the_exit_code_of_judge_is_its_outcome() {
    let table = [
        ("{ at_least: 60 }", "d7", 0, "PASS "),
        ("{ at_least: 80 }", "d7", 10, "FAIL "),
        ("{ at_least: 80, marginal_from: 60 }", "d7", 11, "MARGINAL "),
        ("{ at_least: 60 }", "d2", 12, "UNDECIDED too early "),
    ];
    for (params, checkpoint, code, first) in table {
        let desk = launched(params);
        let ran = desk.run(&format!("judge quick-start --checkpoint {checkpoint}"));
        assert_eq!(ran.code, Some(code), "{params}: {ran:?}");
        assert!(ran.out.starts_with(first), "{params}: {}", ran.out);
        assert!(
            ran.err.starts_with("database sqlite:.yardstick/yardstick.db as local:tester\n"),
            "{}",
            ran.err
        );
    }
    let desk = Desk::new(None);
    assert_eq!(desk.run("judge nothing").code, Some(1));
    assert_eq!(desk.run("judge").code, Some(2));
    assert_eq!(desk.run("judge Bad_Name").code, Some(2));
    assert_eq!(desk.run("jugde x").code, Some(2));
}

#[test]
fn the_json_of_a_verdict_keeps_its_schema() {
    let desk = launched("{ at_least: 60 }");
    desk.must("judge quick-start --checkpoint d7");
    let verdict = desk.json("verdict show quick-start/d7");
    assert_eq!(Schema::new(document::schema()).unwrap().problems(&verdict), vec![]);
    assert_eq!(verdict["yardstick_verdict"], "1");
    assert!(desk.must("verdict show quick-start/d7 --output markdown").contains("| goal |"));
}

#[test]
fn a_verdict_is_a_page_and_its_charts_are_files() {
    let desk = launched("{ at_least: 60 }");
    desk.must("judge quick-start --checkpoint d7");
    let page = desk.must("verdict show quick-start/d7 --output html");
    assert!(page.starts_with("<!doctype html>") && page.contains("uses, total of each day in UTC"), "{page}");
    let text = desk.must("verdict show quick-start/d7");
    assert!(text.contains("▄│▄▄▄▄▄▄▄▄  9 uses, 2 Feb to 9 Mar"), "{text}");
    let linked = desk.must("verdict show quick-start/d7 --output markdown --charts docs/pictures");
    assert!(linked.contains("![Uses](docs/pictures/quick-start-d7-uses.svg)"), "{linked}");
    let picture = std::fs::read_to_string(desk.path("docs/pictures/quick-start-d7-uses.svg")).unwrap();
    assert!(picture.starts_with("<svg xmlns="), "{picture}");
    desk.write("taken", "");
    let refused = desk.run("verdict show quick-start/d7 --charts taken");
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("--charts: cannot write taken: "), "{}", refused.err);
}

#[test]
fn what_new_writes_is_applied_checked_and_sealed() {
    let desk = Desk::new(None);
    let files = [
        "new team my-team",
        "new metric my_feature.mau",
        "new metric my.error_rate",
        "release new my-feature --level L2",
    ];
    for words in files {
        let out = desk.must(words);
        assert!(out.contains("Next: edit it, then yardstick apply -f"), "{out}");
    }
    let again = desk.run("new team my-team");
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("my-team.yaml exists; nothing was written"), "{}", again.err);
    let dry = desk.must("apply -f . --dry-run");
    assert!(dry.ends_with("4 new, 0 changed, 0 unchanged · dry run, nothing was written\n"), "{dry}");
    let looked = desk.must("apply -f . --check");
    assert!(looked.ends_with("4 new, 0 changed, 0 unchanged · 0 lints; nothing was written\n"), "{looked}");
    assert!(desk.must("release list").starts_with("No releases yet."));
    desk.must("apply -f .");
    assert!(desk.must("apply -f .").ends_with("0 new, 0 changed, 4 unchanged\n"));
    let check = desk.must("check my-feature");
    assert!(check.contains("my_feature.mau has no values yet"), "{check}");
    assert!(check.ends_with("Next: yardstick seal my-feature\n"), "{check}");
    assert!(desk.must("seal my-feature").starts_with("my-feature sealed at "));
    assert!(desk.must("seal my-feature").starts_with("my-feature sealed at "), "sealing again is no error");
    assert!(desk.must("release show my-feature").contains("before the launch"));
    assert!(desk.must("cancel my-feature --reason changed-plans").contains("was cancelled"));
}

#[test]
fn what_is_probably_not_meant_is_told_by_apply_check_and_seal() {
    let desk = Desk::new(None);
    let files = SMALL
        .replace("at_least: 60", "at_least: 60 }\n    expected: 50\n    window: d1..d30\n#")
        .replace("#}", "");
    desk.write("small.yaml", &files);
    // However wide the terminal is.
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let looked = desk.must("apply -f small.yaml --check");
    assert!(
        flat(&looked).contains(
            "warn goals[0].expected: 50 is expected, which fails at_least: 60; mend whichever is wrong"
        ),
        "{looked}"
    );
    assert!(flat(&looked).contains("note confidence: nobody says how sure the team is"), "{looked}");
    assert!(looked.ends_with("3 new, 0 changed, 0 unchanged · 5 lints; nothing was written\n"), "{looked}");
    assert!(desk.must("release list").starts_with("No releases yet."));
    let quiet = desk.must("apply -f small.yaml");
    assert!(!quiet.contains("warn"), "{quiet}");
    let json = desk.json("apply -f small.yaml");
    let codes: Vec<&str> = json["changes"][2]["lints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|lint| lint["code"].as_str().unwrap())
        .collect();
    let expected =
        ["no-adoption-or-leads", "no-guardrail", "no-confidence", "window-after-last", "expected-to-fail"];
    assert_eq!(codes, expected);
    let check = desk.must("check quick-start");
    assert!(
        flat(&check)
            .contains("Probably not meant: warn goals: no goal or guardrail is about adoption or leads"),
        "{check}"
    );
    let sealed = desk.run("seal quick-start");
    assert_eq!(sealed.code, Some(0));
    assert!(sealed.err.contains("warning: goals[0].expected: 50 is expected"), "{}", sealed.err);
    assert!(!sealed.err.contains("nobody says how sure"), "notes are no warnings: {}", sealed.err);
    assert!(sealed.out.starts_with("quick-start sealed at "), "{}", sealed.out);
}

/// The example's releases before their launch, with a guardrail that its data cannot show to be kept.
#[test]
fn check_says_what_can_be_decided() {
    let desk = Desk::new(None);
    let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/batch-changes");
    std::fs::create_dir(desk.path("example")).unwrap();
    for name in ["organisation", "teams", "metrics", "releases"] {
        let text = std::fs::read_to_string(example.join(format!("{name}.yaml"))).unwrap();
        desk.write(&format!("example/{name}.yaml"), &text.replace("with: { at_most: 1.5%, max_missing: 10% }", "baseline: 28d\n    with: { worse_by_at_most: 1% }").replace(
            "says: At most 1.5 % of all searches fail.\n    judge: threshold@1",
            "says: Searches fail at most 1 % more often than in the four weeks before.\n    judge: before-after@1",
        ));
    }
    desk.must("apply -f example");
    for (file, metric) in [
        ("usage", "batch_changes.mau"),
        ("usage", "batch_changes.saturation"),
        ("changesets", "batch_changes.merge_rate"),
        ("searches", "site.search_error_rate"),
        ("nps", "batch_changes.nps"),
    ] {
        let path = example.join(format!("data/{file}.csv"));
        desk.must(&format!("import {} --metric {metric}", path.display()));
    }
    let check = desk.must("check batch-changes-ga");
    // How late its data are depends on the day of this test.
    let told = check.split_once("Probably not meant:").unwrap().1;
    insta::assert_snapshot!("check-told", told);
    let sealed = desk.run("seal batch-changes-ga");
    assert_eq!(sealed.code, Some(0), "{sealed:?}");
    let warned =
        "warning: search-errors cannot be decided by d28, the final checkpoint, unless the true value lies";
    assert!(sealed.err.contains(warned), "{}", sealed.err);
}

#[test]
fn problems_in_files_name_file_line_and_column() {
    let desk = Desk::new(None);
    std::fs::create_dir(desk.path("releases")).unwrap();
    desk.write(
        "releases/a.yaml",
        &SMALL.replace("    metric: app.uses", "    metrik: app.uses").replace("level: L2", "level: L4"),
    );
    desk.write("releases/b.yaml", "team: ok\nname: Ok\ntime_zone: UTC\n");
    let ran = desk.run("apply -f releases");
    assert_eq!(ran.code, Some(1));
    assert_eq!(
        ran.err,
        "releases/a.yaml:26:1  level: \"L4\" is not one of L1, L2, L3. Did you mean \"L1\"?\n\
         releases/a.yaml:30:5  goals[0].metric: is missing; name the metric it is judged by\n\
         releases/a.yaml:33:5  goals[0].metrik: unknown field. Did you mean \"metric\"?\n\
         error: 3 problems in 1 of 2 files; nothing was written\n"
            .replace(
                "releases/a.yaml:30:5  goals[0].metric: is missing; name the metric it is judged by\n",
                ""
            )
            .replace("3 problems", "2 problems")
    );
    desk.write("binary.yaml", "\u{0}\u{1}");
    assert_eq!(desk.run("apply -f binary.yaml").code, Some(1));
    assert!(desk.run("apply -f missing.yaml").err.contains("cannot read missing.yaml"));
}

#[test]
fn schemas_are_printed_and_written() {
    let desk = Desk::new(None);
    let release: serde_json::Value = serde_json::from_str(&desk.must("schema release")).unwrap();
    assert!(release["properties"]["level"].is_object());
    desk.must("schema --write .yardstick");
    assert!(desk.path(".yardstick/metric.schema.json").is_file());
    let wrong = desk.run("schema relase");
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("Did you mean \"release\"?"), "{}", wrong.err);
}

#[test]
fn the_demo_tells_its_story() {
    let desk = Desk::new(None);
    let ran = desk.run("demo");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let outcomes: Vec<&str> = ran
        .out
        .lines()
        .filter(|line| ["PASS ", "FAIL ", "UNDECIDED "].iter().any(|word| line.starts_with(word)))
        .map(|line| line.split("  ").next().unwrap())
        .collect();
    assert_eq!(outcomes, ["FAIL", "UNDECIDED too early", "PASS", "FAIL"]);
    assert!(ran.out.contains("5 findings computed again, identical to the bit\n"), "{}", ran.out);
    // The database stays, so that what the demo says to try works.
    let command = ran.err.lines().find(|line| line.contains("--output markdown")).unwrap();
    assert!(desk.must(command.trim().strip_prefix("yardstick ").unwrap()).contains("PASS"));
    let data = command.split_whitespace().nth(2).unwrap();
    assert!(data.contains("yardstick-demo-"), "{data}");
    std::fs::remove_dir_all(data).unwrap();
}

#[test]
fn a_database_that_cannot_be_used_is_named() {
    let desk = Desk::new(None);
    for (database, expected) in [
        ("mysql://x", "mysql"),
        ("sqlite:/nowhere/at/all/x.db", "/nowhere/at/all"),
        ("postgres://nobody:hunter2@127.0.0.1:1/none", "127.0.0.1"),
    ] {
        let ran = desk.run(&format!("--database {database} metric list"));
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.err.contains(expected), "{}", ran.err);
        assert!(!ran.err.contains("hunter2"), "{}", ran.err);
    }
}

#[test]
fn a_database_is_copied_and_the_copy_is_used() {
    let desk = launched("{ at_least: 60 }");
    let old = ".yardstick/yardstick.db";
    let copied = desk.must(&format!("copy --from sqlite:{old} --to sqlite:new.db"));
    let rows = copied.strip_prefix("Copied ").and_then(|rest| rest.split_once(" rows of 53 tables from "));
    let (rows, rest) = rows.unwrap_or_else(|| panic!("{copied}"));
    assert!(rows.parse::<u32>().unwrap() > 10);
    assert_eq!(rest, format!("sqlite:{old} to sqlite:new.db, and compared each\n"));
    let shown = desk.must("release show quick-start");
    assert_eq!(desk.must("--database sqlite:new.db release show quick-start"), shown);
    let again = desk.run(&format!("copy --from sqlite:{old} --to sqlite:new.db"));
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("sqlite:new.db is not empty: there are rows in teams"), "{}", again.err);
    let nowhere = desk.run("copy --from sqlite:gone.db --to sqlite:other.db");
    assert_eq!(nowhere.code, Some(1));
    assert!(nowhere.err.contains("sqlite:gone.db: the file does not exist"), "{}", nowhere.err);
    assert!(!desk.path("other.db").exists());
}

#[test]
fn nothing_people_wrote_steers_the_terminal() {
    let desk = Desk::new(None);
    desk.write("team.yaml", "team: \"gro\\e[31mwth\"\nname: Growth\ntime_zone: UTC\n");
    let refused = desk.run("apply -f team.yaml");
    assert_eq!(refused.code, Some(1));
    assert!(!refused.err.contains('\u{1b}'), "{:?}", refused.err);
    desk.write("small.yaml", &SMALL.replace("level: L2", "level: L2\nbrief: { why: \"\\e]0;title\\a\" }"));
    desk.must("apply -f small.yaml");
    desk.write("small.yaml", SMALL);
    let dry = desk.must("apply -f small.yaml --dry-run");
    assert!(dry.contains("\\u{1b}]0;title\\u{7}") && !dry.contains('\u{1b}'), "{dry:?}");
    let lower = SMALL.replace("at_least: 60", "at_least: 70");
    desk.write("small.yaml", &lower);
    let dry = desk.must("apply -f small.yaml --dry-run");
    assert!(dry.contains("\n             uses.with.at_least: 60 → 70\n"), "{dry}");
}

#[test]
fn status_needs_nobody_where_nothing_is_wrong() {
    let desk = Desk::new(None);
    desk.write("small.yaml", SMALL);
    desk.must("apply -f small.yaml");
    let status = desk.json("status");
    let lines = status["lines"].as_array().unwrap();
    let names: Vec<&str> = lines.iter().map(|line| line["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["jobs", "dead", "verdicts", "events", "metrics", "plugins", "judges", "disk"]);
    assert_eq!(status["ok"], true, "{status}");
}

#[test]
fn arguments_that_are_no_text_are_a_wrong_usage() {
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::new(None);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_yardstick-under-test"));
    command.arg(std::ffi::OsStr::from_bytes(b"\xff")).current_dir(desk.path("."));
    assert_eq!(command.output().unwrap().status.code(), Some(2));
}

#[test]
fn wide_files_bring_their_total_and_wrong_columns_are_named() {
    let desk = Desk::new(None);
    let gauge = SMALL
        .replace("kind: sum", "kind: gauge")
        .replace("missing: gap", "missing: gap\ndimensions: { plan: [free, paid] }");
    desk.write("small.yaml", &gauge);
    desk.must("apply -f small.yaml");
    desk.write("wide.csv", "day,free,paid,all\n2026-03-01,3,4,6\n2026-03-02,3,5,7\n");
    for (flags, expected) in [
        ("--wide plan --total plam=all", "the metric has no dimension \"plam\". Did you mean \"plan\"?"),
        ("--wide plan --numerator x", "a gauge has no numerator"),
        ("--wide plan --total plan=everybody", "the file has no column \"everybody\""),
    ] {
        let ran = desk.run(&format!("import wide.csv --metric app.uses {flags}"));
        assert_eq!(ran.code, Some(1), "{flags}");
        assert!(ran.err.contains(expected), "{flags}: {}", ran.err);
    }
    let batch = desk.json("import wide.csv --metric app.uses --wide plan --total plan=all");
    assert_eq!(batch["import"]["new"], 6);
}

#[test]
fn what_releases_wait_for_is_compiled_before_a_service_is_ready() {
    use crate::app::plugins::{TEAMS, component, release};
    use crate::remote::Served;

    let desk = Desk::new(None);
    desk.write("teams.yaml", TEAMS);
    desk.write(
        "release.yaml",
        release("quick-start", "growth/steered@1", "{ do: pass }").trim_start_matches("---\n"),
    );
    desk.write_bytes("steered.wasm", &component("growth/steered", "1.0.0", ""));
    desk.must("apply -f teams.yaml");
    desk.must("plugin publish steered.wasm");
    let compiled = desk.path(".yardstick/compiled");
    let count = || std::fs::read_dir(&compiled).unwrap().count();
    let database = format!("sqlite:{}", desk.path(".yardstick/yardstick.db").display());
    // As after an upgrade, whose engine compiles otherwise.
    let ready = || {
        std::fs::remove_dir_all(&compiled).unwrap();
        let served = Served::over(&database, &desk.path(".yardstick"), &desk.path("log"));
        drop(served);
        count()
    };
    let built_in = ready();
    desk.must("apply -f release.yaml");
    desk.must("seal quick-start");
    assert_eq!(ready(), built_in + 1);
    desk.must("cancel quick-start --reason no");
    assert_eq!(ready(), built_in, "nobody waits for it");
}
