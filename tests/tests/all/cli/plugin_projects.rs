//! From nothing to a judging plugin, with the compiler that authors use.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::{Desk, Ran};
use crate::app::march;
use crate::app::plugins::{TEAMS, release};

/// A desk whose commands find Rust, and build without asking a network: with the packages and the versions that this
/// workspace is built with.
pub(super) struct Workshop(Desk);

impl Workshop {
    pub(super) fn new() -> Self {
        Self(Desk::new(None))
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    /// Runs a command that may build.
    pub(super) fn prepared(&self, command: &mut Command) -> Ran {
        for name in ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"] {
            #[expect(clippy::disallowed_methods, reason = "where Rust is is said by the environment")]
            let value = std::env::var_os(name);
            command.envs(value.map(|value| (name, value)));
        }
        let built = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugin-projects");
        command.env("CARGO_TARGET_DIR", built).env("CARGO_NET_OFFLINE", "true");
        Desk::ran(command)
    }

    fn run(&self, words: &str) -> Ran {
        self.prepared(&mut self.0.command(words))
    }

    fn must(&self, words: &str) -> String {
        let ran = self.run(words);
        assert_eq!(ran.code, Some(0), "{words}: {}\n{}", ran.out, ran.err);
        ran.out
    }

    /// A new project in Rust, in this folder.
    fn project(&self, name: &str, folder: &str) -> PathBuf {
        self.must(&format!("plugin new {name} --to {folder}"));
        let project = self.0.path(folder);
        self.pin(&project);
        project
    }

    /// Has a project in Rust use the packages of this workspace.
    pub(super) fn pin(&self, project: &Path) {
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        fs::copy(lock, project.join("Cargo.lock")).unwrap();
    }

    /// A new project in another language, with this tool of it at hand; `None`: `.ci/run` did not install it.
    fn scripted(&self, language: &str) -> Option<String> {
        #[expect(clippy::disallowed_methods, reason = "where tools are is said by the environment")]
        let home = PathBuf::from(std::env::var_os("HOME")?);
        let (tools, place) = match language {
            "python" => (home.join(".cache/yardstick-componentize-py"), ".venv"),
            _ => (home.join(".cache/yardstick-componentize-js/node_modules"), "node_modules"),
        };
        if !tools.is_dir() {
            #[expect(clippy::print_stderr, reason = "the runner shows it")]
            {
                eprintln!("skipped: {} is not there (.ci/run installs it)", tools.display());
            }
            return None;
        }
        self.must(&format!("plugin new growth/finish-rate --lang {language} --to {language}"));
        std::os::unix::fs::symlink(tools, self.0.path(language).join(place)).unwrap();
        Some(self.must(&format!("plugin test {language}")))
    }

    fn cargo_test(&self, folder: &Path) -> Output {
        let mut command = Command::new("cargo");
        command.args(["test", "--quiet"]).current_dir(folder).env("CARGO_NET_OFFLINE", "true");
        command.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugin-projects"));
        command.output().unwrap()
    }
}

/// The last word of what `plugin build` says: the beginning of the digest.
fn digest(told: &str) -> String {
    told.lines().next().unwrap().rsplit(' ').next().unwrap().to_owned()
}

#[test]
fn a_new_project_builds_tests_publishes_and_judges_as_it_is() {
    let shop = Workshop::new();
    let project = shop.project("growth/finish-rate", "finish-rate");
    let judge = fs::read_to_string(project.join("src/lib.rs")).unwrap();
    assert!(judge.lines().count() < 60, "a real plugin in under 60 lines: {}", judge.lines().count());

    let told = shop.must("plugin test finish-rate");
    assert!(told.starts_with("growth/finish-rate 0.1.0 · rust, lean · "), "{told}");
    for line in [
        "  ok    passes-at-64-percent.yaml  ",
        "  ok    too-few-to-say.yaml  ",
        "used at most  limit",
        "all 3 cases passed",
    ] {
        assert!(told.contains(line), "{line:?} in {told}");
    }
    let native = shop.cargo_test(&project);
    assert!(native.status.success(), "{}", String::from_utf8_lossy(&native.stdout));

    // The same source in another folder is the same component.
    let first = digest(&shop.must("plugin build finish-rate"));
    shop.project("growth/finish-rate", "deep/er/elsewhere");
    assert_eq!(digest(&shop.must("plugin build deep/er/elsewhere")), first);

    let told = shop.must("plugin check finish-rate");
    assert!(told.contains("ok  plain component, contract 1.0") && !told.contains("warn"), "{told}");
    let told = shop.must("plugin bench finish-rate");
    assert!(told.contains("passes-at-64-percent.yaml") && told.contains("median"), "{told}");
    let told = shop.must("plugin inspect finish-rate/dist/finish-rate-0.1.0.wasm");
    assert!(told.contains("It cannot reach files, network"), "{told}");

    shop.0.write("teams.yaml", TEAMS);
    shop.must("apply -f teams.yaml");
    let told = shop.must("plugin publish finish-rate");
    assert_eq!(
        told,
        "growth/finish-rate 0.1.0 is published (3 cases passed). Criteria use it by  judge: growth/finish-rate@0.1\n"
    );
    let told = shop.must("plugin publish finish-rate");
    assert_eq!(told, "growth/finish-rate 0.1.0 is published already with these bytes; nothing to do\n");

    // It judges a release, and what it was judged from becomes a case of the working copy.
    let metrics = "metrics: { done: app.uses, all: app.revenue }";
    let text = release("quick-start", "growth/finish-rate@0.1", "{ at_least: 60%, min_n: 10 }");
    shop.0.write("release.yaml", &text.replace("metric: app.uses", metrics));
    shop.must("apply -f release.yaml");
    shop.must("plugin grant growth/finish-rate --metric app.revenue");
    shop.0.write("uses.csv", &march(1, 10, "72"));
    shop.0.write("all.csv", &march(1, 10, "100"));
    shop.must("import uses.csv --metric app.uses");
    shop.must("import all.csv --metric app.revenue");
    shop.must("launch quick-start --at 2026-03-02T10:00:00Z");
    shop.must("judge quick-start --checkpoint d7 --as-of 2026-03-11T12:00:00Z");
    let again = "plugin test finish-rate --verdict quick-start/d7 --criterion uses";
    let told = shop.must(&format!("{again} --save-case first-week"));
    assert!(told.contains("  the same   pass: 504 of 700 are done: 72.0 %"), "{told}");
    assert!(told.contains("saved cases/first-week.yaml"), "{told}");

    // Fuel here is fuel there, to the unit.
    let runs: serde_json::Value =
        serde_json::from_str(&shop.must("plugin logs growth/finish-rate --output json")).unwrap();
    let cases: serde_json::Value =
        serde_json::from_str(&shop.must("plugin test finish-rate --output json")).unwrap();
    let case =
        cases["cases"].as_array().unwrap().iter().find(|case| case["file"] == "first-week.yaml").unwrap();
    assert_eq!(case["passed"], true, "{case}");
    for fuel in ["plan_fuel", "evaluate_fuel"] {
        assert_eq!(runs["items"][0]["cost"][fuel], case["cost"][fuel], "{fuel}");
        assert!(case["cost"][fuel].as_u64().unwrap() > 1_000);
    }

    // A change of mind shows as a difference, and as a failing case in words.
    fs::write(project.join("src/lib.rs"), judge.replace("bounds.call(interval)", "bounds.call_point(0.1)"))
        .unwrap();
    let ran = shop.run(again);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("  outcome    - pass\n             + fail\n"), "{}", ran.out);
    let ran = shop.run("plugin test finish-rate");
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("  FAIL  passes-at-64-percent.yaml"), "{}", ran.out);
    assert!(ran.out.contains("outcome   expected pass, found fail: 6,212 of 9,640 are done"), "{}", ran.out);
    assert!(ran.out.ends_with("2 of 4 cases failed\n"), "{}", ran.out);
    let ran = shop.run("plugin publish finish-rate");
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("the case first-week.yaml fails: outcome   expected pass"), "{}", ran.err);
}

/// The same cases as in Rust, by an interpreter.
mod a_project_in_another_language_passes_the_same_cases {
    use super::*;

    fn passes(language: &str) {
        let shop = Workshop::new();
        let Some(told) = shop.scripted(language) else { return };
        assert!(told.starts_with(&format!("growth/finish-rate 0.1.0 · {language}, scripted · ")), "{told}");
        assert!(told.ends_with("all 3 cases passed\n"), "{told}");
    }

    #[test]
    fn python() {
        passes("python");
    }

    #[test]
    fn js() {
        passes("js");
    }
}

#[test]
fn what_is_wrong_with_a_project_is_said_in_its_words() {
    let shop = Workshop::new();
    let project = shop.project("growth/odd", "odd");
    let manifest = fs::read_to_string(project.join("plugin.toml")).unwrap();
    let table = [
        (
            "name = \"growth/odd\"",
            "name = \"odd\"",
            "plugin.name is \"odd\"; a plugin of a team is called team/name",
        ),
        ("version = \"0.1.0\"", "version = \"one\"", "plugin.toml is not right"),
        (
            "language = \"rust\"",
            "language = \"cobol\"",
            "build.language is \"cobol\" in plugin.toml; expected rust, python or js",
        ),
        (
            "cases = \"cases\"",
            "cases = \"/etc\"",
            "test.cases is \"/etc\" in plugin.toml; name a folder from there",
        ),
        ("[test]", "[tests]", "tests"),
    ];
    for (from, to, says) in table {
        assert!(manifest.contains(from), "{from}");
        fs::write(project.join("plugin.toml"), manifest.replace(from, to)).unwrap();
        let ran = shop.run("plugin test odd");
        assert_eq!(ran.code, Some(1), "{to}: {ran:?}");
        assert!(ran.err.contains(says), "{to}: {}", ran.err);
    }
    fs::write(project.join("plugin.toml"), &manifest).unwrap();

    // Files that travel are what lies there, and not what a link leads to.
    fs::create_dir(project.join("assets")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", project.join("assets/words.txt")).unwrap();
    let ran = shop.run("plugin build odd");
    assert!(ran.err.contains("assets/words.txt is a link; put the file itself there"), "{}", ran.err);
    fs::remove_file(project.join("assets/words.txt")).unwrap();
    fs::write(project.join("assets/two\\words.txt"), "x").unwrap();
    let ran = shop.run("plugin check odd");
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("plugin-assets: the embedded file"), "{}", ran.err);
    fs::remove_dir_all(project.join("assets")).unwrap();

    // What does not compile is the compiler's to say; what is ours comes after.
    fs::write(project.join("src/lib.rs"), "pub fn judge() { nothing() }\n").unwrap();
    let ran = shop.run("plugin build odd");
    assert!(ran.err.contains("cannot find function `nothing`"), "{}", ran.err);
    assert!(
        ran.err.ends_with("error: cargo could not build the plugin; what is wrong stands above\n"),
        "{}",
        ran.err
    );
    fs::write(project.join("src/lib.rs"), "pub fn judge() {}\n").unwrap();
    let ran = shop.run("plugin check odd");
    assert!(ran.err.contains("plugin-contract: "), "{}", ran.err);

    let ran = shop.run("plugin new growth/odd --to odd");
    assert!(ran.err.contains("odd is there already and not empty; nothing was written"), "{}", ran.err);
    let ran = shop.run("plugin new odd");
    assert!(ran.err.contains("a plugin belongs to a team; call it team/odd"), "{}", ran.err);
    fs::remove_file(project.join("vendor/YARDSTICK.txt")).unwrap();
    let ran = shop.run("plugin sdk update odd");
    assert!(
        ran.err.contains("is not what yardstick wrote (YARDSTICK.txt is missing); move it away"),
        "{}",
        ran.err
    );
}
