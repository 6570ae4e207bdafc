//! One story, told twice: over a database, and through a service over another one of the same kind.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::same::Blotter;
use super::{Desk, Served, kept, yardstick};

/// What is done, in order, and the exit code where it is not 0. `*`: in every way of writing results.
const STORY: &str = "
    release list*
    metric list*
    verdict list*
    import list*
    release show nothing # 1
    metric show no.thing # 1
    verdict show nothing/d28 # 1
    replay nothing/d7 # 1
    import show 1 # 1
    import undo 1 # 1
    import list --metric no.thing # 1
    check nothing # 1
    seal nothing # 1
    launch nothing # 1
    judge nothing # 1
    release show Bad_Name # 2
    judge nothing --checkpoint soon # 2
    release list --level L9 # 2

    apply -f wrong # 1
    apply -f missing.yaml # 1
    apply -f empty # 1
    apply -f bytes.yaml # 1
    apply -f large.yaml # 1
    apply -f example/releases.yaml # 1
    apply -f example --dry-run*
    apply -f example --check*
    apply -f example --check --dry-run
    release new quick-start --level L1 --to -
    release new Quick_Start # 2
    apply -f example --output json
    apply -f example*
    release list*
    release list --team batch-changes --level L2+
    release list --team nobody
    release show batch-changes-ga*
    metric show batch_changes.mau*
    check batch-changes-ga*

    import usage.csv --metric batch_changes.mau --output json
    import usage.csv --metric batch_changes.mau*
    import usage.csv --metric batch_changes.saturation
    import changesets.ndjson.gz --metric batch_changes.merge_rate
    import searches.csv --metric site.search_error_rate
    import nps.csv --metric batch_changes.nps --output markdown
    import runs.csv --metric batch_changes.server_error_rate --idempotency-key nightly-1
    import runs.csv --metric batch_changes.server_error_rate --idempotency-key nightly-1*
    import nps.csv --metric batch_changes.server_error_rate --idempotency-key nightly-1 # 1
    import template-runs.csv --metric batch_changes.template_runs --complete-through 2026-04-15
    import template-runs.csv --metric batch_changes.template_runs --replace 2026-04-01..2026-04-02
    import wrong.csv --metric batch_changes.mau # 1
    import many-wrong.csv --metric batch_changes.template_runs # 1
    import plain.csv.gz --metric batch_changes.mau # 1
    import torn.csv.gz --metric batch_changes.mau # 1
    import wrong.csv --metric no.thing # 1
    import huge.csv --metric no.thing # 1
    import wrong.csv --metric batch_changes.mau --numerator x --dimension deploymint=y # 1
    import wrong.csv --metric batch_changes.mau --only nothing # 2
    import wrong.csv --metric batch_changes.mau --replace 2026-03-07..2026-03-01 # 1
    import story.txt --metric batch_changes.mau # 2
    import usage.csv --metric batch_changes.mau --format ndjson # 1
    import nowhere.csv --metric batch_changes.mau # 1
    import list*
    import list --metric batch_changes.server_error_rate
    import show 1*
    metric list*
    metric show batch_changes.mau*

    check batch-changes-ga*
    seal batch-changes-ga
    seal batch-changes-ga --output json
    reschedule batch-changes-ga --to 2026-03-04 --reason holiday
    reschedule batch-changes-ga --to 2026-03-03 --reason no-holiday --output json
    reschedule batch-changes-ga --to soon --reason none # 2
    seal batch-changes-ga
    judge batch-changes-ga # 1
    launch batch-changes-ga --at yesterday # 2
    launch batch-changes-ga --at 2036-03-10 # 1
    launch batch-changes-ga --at 2026-03-09
    launch batch-changes-ga --at 2026-03-10 # 1
    launch batch-changes-ga --undo --reason typing-error
    launch batch-changes-ga --at 2026-03-10T16:00:00Z --output json
    launch batch-changes-templates --at 2026-02-17T09:00:00Z
    reschedule batch-changes-ga --to 2026-03-04 --reason late # 1

    judge batch-changes-ga --checkpoint d7 --as-of 2026-03-19T12:00:00Z* # 12
    judge batch-changes-ga --checkpoint d28 --as-of 2026-03-19T12:00:00Z # 12
    judge batch-changes-ga --checkpoint d28 --as-of 2026-04-10 --known-at 2026-04-10 # 12
    judge batch-changes-ga --checkpoint d28 --as-of soon --known-at never # 2
    judge batch-changes-ga --checkpoint d99 # 12
    judge batch-changes-ga --as-of 2026-04-10T12:00:00Z --output html # 12
    import corrections.csv --metric batch_changes.merge_rate
    import late.csv --metric batch_changes.merge_rate
    judge batch-changes-ga --as-of 2026-04-10T12:00:00Z*
    judge batch-changes-templates --checkpoint d7 --as-of 2026-02-26T12:00:00Z # 10
    launch batch-changes-ga --undo --reason too-late # 1
    release show batch-changes-ga*

    apply -f amended.yaml # 1
    apply -f amended.yaml --amend --reason market --dry-run
    apply -f amended.yaml --amend --reason market
    judge batch-changes-ga --as-of 2026-04-10T12:00:00Z
    release show batch-changes-ga*
    verdict list*
    verdict list --looks --limit 2*
    verdict list --release batch-changes-templates
    verdict list --team batch-changes --looks --output json
    verdict show batch-changes-ga/d7*
    verdict show batch-changes-ga/d28 --output html
    verdict show batch-changes-ga/d28 --charts charts --output markdown
    verdict show batch-changes-ga/d28.9 # 1
    verdict show batch-changes-ga # 2
    replay batch-changes-ga/d28*
    replay batch-changes-ga/d28.look-1
    replay batch-changes-ga/d28.9 # 1
    import undo 1 # 1
    import undo 8
    import undo 2 --output json # 1
    import undo 2 # 1

    apply -f other.yaml
    cancel other --reason nobody-wants-it
    cancel other --reason nobody-wants-it --output json # 1
    launch other # 1
    judge other # 1
    release list*
    schema release
    schema relase # 2
    new release again --to again.yaml
    new release again --to again.yaml # 1
";

const OTHER: &str = "
release: other
name: Other
team: batch-changes
owner: ana.lopez@example.com
level: L3
planned: 2026-03-02
goals:
  - id: uses
    says: It is used.
    judge: threshold@1
    metric: batch_changes.template_runs
    with: { at_least: 60 }
";

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/batch-changes")
}

/// The files of the story, right and wrong.
fn fill(desk: &Desk) {
    for folder in ["example", "wrong", "empty"] {
        fs::create_dir(desk.path(folder)).unwrap();
    }
    for name in ["organisation.yaml", "teams.yaml", "metrics.yaml", "releases.yaml"] {
        fs::copy(example().join(name), desk.path(&format!("example/{name}"))).unwrap();
    }
    for entry in fs::read_dir(example().join("data")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, desk.path(path.file_name().unwrap().to_str().unwrap())).unwrap();
    }
    let write = |name: &str, bytes: &[u8]| fs::write(desk.path(name), bytes).unwrap();
    let releases = fs::read_to_string(example().join("releases.yaml")).unwrap();
    write("amended.yaml", releases.replace("at_least: 4000", "at_least: 5000").as_bytes());
    write("other.yaml", OTHER.as_bytes());
    write("wrong/one.yaml", OTHER.replace("level: L3", "level: L4\nlevle: L4").as_bytes());
    write("wrong/two.yaml", b"team: [\n");
    write("bytes.yaml", b"team: \xff");
    write("large.yaml", &vec![b'#'; (4 << 20) + 1]);
    write("wrong.csv", b"day,mau,deployment\n2026-03-01,x,all\n2026-03-99,1,all\n2026-03-02,1,moon\n");
    let many: String = (0..300).map(|row| format!("2026-03-01,row {row}\n")).collect();
    write("many-wrong.csv", format!("day,runs\n{many}").as_bytes());
    write("huge.csv", &b"day,runs\n".repeat(1 << 20));
    write("plain.csv.gz", b"day,mau,deployment\n2026-03-01,1,all\n");
    write("story.txt", b"It was a dark and stormy night.\n");
    let changesets = gzip(ndjson(&example().join("data/changesets.csv")).as_bytes());
    write("changesets.ndjson.gz", &changesets);
    write("torn.csv.gz", &changesets[..changesets.len() / 2]);
}

/// A CSV file of numbers, an object a line.
fn ndjson(csv: &Path) -> String {
    let text = fs::read_to_string(csv).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let object = |line: &str| {
        let cells = names.iter().zip(line.split(','));
        let fields = cells.map(|(name, cell)| match *name {
            "day" => format!("\"{name}\":\"{cell}\""),
            _ => format!("\"{name}\":{cell}"),
        });
        format!("{{{}}}\n", fields.collect::<Vec<_>>().join(","))
    };
    lines.map(object).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// Tells a story over two databases, at desks with these files. Gives both desks.
pub(super) fn tell(story: &str, fill: impl Fn(&Desk), here: &str, there: &str, name: &str) -> [Desk; 2] {
    let data = kept(&format!("remote-{name}"));
    // A server's database is made by this alone.
    for database in [here, there] {
        let mut migrate = yardstick();
        migrate.arg("migrate").env("YARDSTICK_DATABASE", database).env("YARDSTICK_DATA", &data);
        assert!(migrate.output().unwrap().status.success());
    }
    let local =
        Desk::new([("YARDSTICK_DATABASE", here.to_owned()), ("YARDSTICK_DATA", data.display().to_string())]);
    let log = local.path("service.log");
    let service = Served::over(there, &data, &log);
    // A proxy that the environment names is not for this machine.
    let proxy = || "http://127.0.0.1:1".to_owned();
    let remote = Desk::new([
        ("YARDSTICK_SERVER", service.address.clone()),
        ("http_proxy", proxy()),
        ("ALL_PROXY", proxy()),
    ]);
    fill(&local);
    fill(&remote);
    let blotter = Blotter::new();
    for line in story.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (line, code) =
            line.split_once(" # ").map_or((line, 0), |(line, code)| (line, code.parse().unwrap()));
        let ways: &[&str] = match line.ends_with('*') {
            true => &[" --output text", " --output json", " --output markdown"],
            false => &[""],
        };
        for way in ways {
            let words = format!("{}{way}", line.trim_end_matches('*'));
            let (here, there) = (local.run(&words), remote.run(&words));
            let here = blotter.blotted(&here, &service.address);
            let there = blotter.blotted(&there, &service.address);
            assert_eq!((here.code, there.code), (Some(code), Some(code)), "{words}: {here:?} {there:?}");
            same(&words, "standard error", &here.err, &there.err);
            same(&words, "standard output", &here.out, &there.out);
        }
    }
    let log = fs::read_to_string(log).unwrap();
    assert!(!log.contains("panicked") && !log.contains(" 500 "), "{log}");
    [local, remote]
}

/// The long story, and the pictures it leaves.
fn tell_all(here: &str, there: &str, name: &str) {
    let blotter = Blotter::new();
    let [local, remote] = tell(STORY, fill, here, there, name);
    let mut charts: Vec<_> =
        fs::read_dir(local.path("charts")).unwrap().map(|entry| entry.unwrap()).collect();
    charts.sort_by_key(fs::DirEntry::file_name);
    assert!(!charts.is_empty());
    for chart in charts {
        let there = fs::read_to_string(remote.path("charts").join(chart.file_name())).unwrap();
        assert_eq!(blotter.text(&fs::read_to_string(chart.path()).unwrap()), blotter.text(&there));
    }
}

/// Names the first line that differs.
fn same(words: &str, what: &str, here: &str, there: &str) {
    if here != there {
        let lines = here.lines().zip(there.lines()).find(|(here, there)| here != there);
        panic!("{words}: {what} differs at {lines:#?}\n--- here\n{here}\n--- there\n{there}");
    }
}

mod a_service_does_what_a_database_does {
    use super::*;

    #[test]
    fn sqlite() {
        let folder = tempfile::tempdir().unwrap();
        let url = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
        tell_all(&url("here.db"), &url("there.db"), "sqlite");
    }

    #[test]
    fn postgres() {
        if let Some(server) = yardstick_tests::postgres::postgres() {
            tell_all(&server.database(), &server.database(), "postgres");
        }
    }
}
