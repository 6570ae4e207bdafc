//! `examples/batch-changes`: its files are accepted, its data fit its metrics, its numbers are what its
//! README says.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use yardstick_client::document::{FindingPart, VerdictDocument};
use yardstick_client::files::{self, Declaration, check_quantities};
use yardstick_domain::metric::Metric;
use yardstick_domain::point::{Dimensions, Measure};
use yardstick_domain::release::Release;
use yardstick_domain::schema::Schema;
use yardstick_domain::time::day_of;
use yardstick_metrics::import::{Format, Mapping, Rows};
use yardstick_tests::readme::Reader;

/// Which metrics each file of data/ is imported into.
const IMPORTS: &[(&str, &[&str])] = &[
    ("usage.csv", &["batch_changes.mau", "batch_changes.eligible", "batch_changes.saturation"]),
    ("changesets.csv", &["batch_changes.merge_rate"]),
    ("late.csv", &["batch_changes.merge_rate"]),
    ("corrections.csv", &["batch_changes.merge_rate"]),
    ("searches.csv", &["site.search_error_rate"]),
    ("nps.csv", &["batch_changes.nps"]),
    ("runs.csv", &["batch_changes.server_error_rate"]),
    ("template-runs.csv", &["batch_changes.template_runs"]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn folder() -> PathBuf {
    root().join("examples/batch-changes")
}

fn declarations() -> Vec<Declaration> {
    ["organisation.yaml", "teams.yaml", "metrics.yaml", "releases.yaml"]
        .into_iter()
        .flat_map(|name| {
            let text = fs::read_to_string(folder().join(name)).unwrap();
            let read = files::read(&text);
            read.unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
        })
        .map(|declared| declared.declaration)
        .collect()
}

fn metrics() -> BTreeMap<String, Metric> {
    let declared = declarations().into_iter();
    declared
        .filter_map(|declaration| match declaration {
            Declaration::Metric(metric) => Some((metric.key.to_string(), metric)),
            _ => None,
        })
        .collect()
}

fn releases() -> Vec<Release> {
    let declared = declarations().into_iter();
    declared
        .filter_map(|declaration| match declaration {
            Declaration::Release(release) => Some(release),
            _ => None,
        })
        .collect()
}

/// What a file says of a metric, by day and dimensions; a file must not say it twice.
fn values(file: &str, metric: &Metric) -> BTreeMap<(Date, Dimensions), Measure> {
    let now: Timestamp = "2026-04-21T06:00:00Z".parse().unwrap();
    let zone = TimeZone::get(&metric.time_zone).unwrap();
    let mapping = Mapping { columns: metric.import.clone(), ..Mapping::default() };
    let bytes = fs::read(folder().join("data").join(file)).unwrap();
    let mut rows = Rows::open(Format::Csv, bytes.as_slice(), metric, &zone, &mapping, now)
        .unwrap_or_else(|problems| panic!("{file}: {problems:?}"));
    let mut values = BTreeMap::new();
    while let Some(row) = rows.next_row() {
        for point in row.unwrap_or_else(|problem| panic!("{file}: {problem}")) {
            let key = (day_of(point.bucket, &zone), point.dimensions);
            let earlier = values.insert(key.clone(), point.measure);
            assert_eq!(earlier, None, "{file}: {key:?}");
        }
    }
    values
}

/// A metric's totals as they stand once all files have been imported, in order.
fn imported(metric: &Metric) -> BTreeMap<Date, Measure> {
    let files = IMPORTS.iter().filter(|(_, metrics)| metrics.contains(&metric.key.as_str()));
    files
        .flat_map(|(file, _)| values(file, metric))
        .filter(|((_, dimensions), _)| dimensions.is_empty())
        .map(|((day, _), measure)| (day, measure))
        .collect()
}

fn days(from: &str, to: &str) -> Vec<Date> {
    let (from, to): (Date, Date) = (from.parse().unwrap(), to.parse().unwrap());
    from.series(jiff::Span::new().days(1)).take_while(|day| *day <= to).collect()
}

/// Sums of numerators and denominators over the days that are there, and how many are not.
fn pooled(metric: &Metric, from: &str, to: &str) -> (f64, f64, usize) {
    let values = imported(metric);
    let days = days(from, to);
    let found: Vec<&Measure> = days.iter().filter_map(|day| values.get(day)).collect();
    let sum = found.iter().map(|measure| measure.sum).sum();
    let n = found.iter().filter_map(|measure| measure.n).sum();
    (sum, n, days.len() - found.len())
}

#[test]
fn every_file_is_accepted_and_every_name_in_it_is_defined() {
    let names: Vec<String> = declarations().iter().map(Declaration::name).collect();
    for release in releases() {
        assert!(names.contains(&format!("team {}", release.team)), "{}", release.slug);
        assert!(names.contains(&format!("person {}", release.owner)), "{}", release.slug);
        for criterion in &release.criteria.list {
            for key in criterion.metrics.values() {
                assert!(names.contains(&format!("metric {key}")), "{}: {key}", release.slug);
            }
        }
    }
    for metric in metrics().values() {
        assert!(names.contains(&format!("team {}", metric.team)), "{}", metric.key);
        assert!(names.contains(&format!("person {}", metric.owner)), "{}", metric.key);
        assert!(
            IMPORTS.iter().any(|(_, metrics)| metrics.contains(&metric.key.as_str())),
            "{}: no file has it",
            metric.key
        );
    }
}

#[test]
fn every_criterion_has_parameters_that_its_judge_accepts() {
    let text = include_str!("../../../../plugins/threshold/params.schema.json");
    let schema = Schema::new(serde_json::from_str(text).unwrap()).unwrap();
    let metrics = metrics();
    for release in releases() {
        for criterion in &release.criteria.list {
            let at = format!("{}, {}", release.slug, criterion.id);
            assert_eq!(criterion.judge.name.as_str(), "threshold", "{at}");
            assert_eq!(schema.problems(&criterion.params), [], "{at}");
            let unit = &metrics[criterion.metrics["metric"].as_str()].unit;
            assert_eq!(check_quantities(&criterion.params, schema.json(), unit), [], "{at}");
        }
    }
}

#[test]
fn every_row_of_the_data_is_a_value_of_its_metrics() {
    let metrics = metrics();
    for (file, keys) in IMPORTS {
        for key in *keys {
            assert!(!values(file, &metrics[*key]).is_empty(), "{file}: {key}");
        }
    }
}

#[test]
fn saturation_is_mau_over_eligible_of_the_same_day_and_deployment() {
    let metrics = metrics();
    let read = |key: &str| values("usage.csv", &metrics[key]);
    let (users, eligible) = (read("batch_changes.mau"), read("batch_changes.eligible"));
    for (key, saturation) in read("batch_changes.saturation") {
        let quotient = users[&key].sum / eligible[&key].sum;
        assert!((quotient - saturation.sum).abs() <= 5e-7, "{key:?}: {} is not {quotient}", saturation.sum);
    }
}

#[test]
fn people_with_two_deployments_count_once_in_the_total() {
    let users = values("usage.csv", &metrics()["batch_changes.mau"]);
    let (mut totals, mut parts) = (0.0, BTreeMap::<Date, f64>::new());
    for ((day, dimensions), measure) in &users {
        if dimensions.is_empty() {
            totals += measure.sum;
        } else {
            *parts.entry(*day).or_default() += measure.sum;
        }
    }
    assert!(parts.values().sum::<f64>() > totals);
}

#[test]
fn the_late_days_and_the_corrected_days_are_what_the_readme_says() {
    let metric = &metrics()["batch_changes.merge_rate"];
    let first = values("changesets.csv", metric);
    let days_of =
        |file: &str| -> Vec<String> { values(file, metric).keys().map(|(day, _)| day.to_string()).collect() };
    assert_eq!(days_of("late.csv"), ["2026-04-05", "2026-04-06"]);
    assert!(values("late.csv", metric).keys().all(|key| !first.contains_key(key)));
    assert_eq!(days_of("corrections.csv"), ["2026-03-12", "2026-03-13"]);
    for (key, corrected) in values("corrections.csv", metric) {
        assert_eq!(first[&key].n, corrected.n, "{key:?}");
        assert!(first[&key].sum < corrected.sum, "{key:?}");
    }
}

#[test]
fn the_numbers_are_what_the_readme_says() {
    let metrics = metrics();
    let level = |key: &str, day: &str| imported(&metrics[key])[&day.parse::<Date>().unwrap()].sum;
    let of = |key: &str, from: &str, to: &str| pooled(&metrics[key], from, to);

    assert_eq!(level("batch_changes.mau", "2026-03-17"), 2359.0);
    assert_eq!(level("batch_changes.mau", "2026-04-07"), 4424.0);
    assert_eq!(level("batch_changes.eligible", "2026-04-07"), 46178.0);
    assert_eq!(level("batch_changes.saturation", "2026-04-07"), 0.095803);

    assert_eq!(of("batch_changes.merge_rate", "2026-03-11", "2026-04-07"), (7071.0, 11026.0, 0));
    let (errors, searches, missing) = of("site.search_error_rate", "2026-03-11", "2026-04-07");
    assert!(errors / searches < 0.0115 && missing == 1, "{errors} of {searches}, {missing} missing");
    assert_eq!(of("site.search_error_rate", "2026-03-11", "2026-03-17").2, 0);
    let (score, answers, _) = of("batch_changes.nps", "2026-03-11", "2026-04-07");
    assert_eq!((score, answers), (2100.0, 36.0));

    assert_eq!(of("batch_changes.server_error_rate", "2026-02-18", "2026-02-24"), (515.0, 13925.0, 0));
    assert_eq!(of("batch_changes.template_runs", "2026-02-18", "2026-03-17").0, 2315.0);
}

fn reader(data: &Path) -> Reader {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_yardstick-under-test"));
    Reader { program, root: root(), data: data.to_path_buf() }
}

/// Outcome and reason of each finding.
fn findings(verdict: &VerdictDocument) -> Vec<(&str, &str, Option<&str>)> {
    let mut findings = Vec::new();
    for FindingPart { criterion, outcome, reason, .. } in &verdict.findings {
        findings.push((criterion.as_str(), outcome.as_str(), reason.as_deref()));
    }
    findings
}

#[test]
fn the_commands_of_the_readme_give_the_verdicts_it_promises() {
    let data = tempfile::tempdir().unwrap();
    let reader = reader(data.path());
    reader.follow(&folder().join("README.md"));

    let templates = reader.verdict("batch-changes-templates/d7");
    assert_eq!(templates.outcome, "fail");
    let too_early = Some("too-early");
    assert_eq!(findings(&templates), [("uptake", "undecided", too_early), ("run-errors", "fail", None)]);

    let early = reader.verdict("batch-changes-ga/d7");
    assert_eq!((early.outcome.as_str(), early.reason.as_deref()), ("undecided", too_early));
    let expected = [
        ("adoption", "undecided", too_early),
        ("saturation", "undecided", too_early),
        ("merge-rate", "undecided", too_early),
        ("search-errors", "pass", None),
        ("nps", "undecided", too_early),
    ];
    assert_eq!(findings(&early), expected);
    assert!(early.findings[0].headline.starts_with("2,359 of 4,000 users so far"), "{:?}", early.findings[0]);

    let look = reader.verdict("batch-changes-ga/d28.look-1");
    assert_eq!((look.standing.as_str(), look.reason.as_deref()), ("ad-hoc", Some("untrusted-data")));
    assert_eq!(look.findings[2].code.as_deref(), Some("stale"));

    let last = reader.verdict("batch-changes-ga/d28");
    assert_eq!((last.outcome.as_str(), last.is_final, last.revision), ("pass", true, Some(1)));
    let expected = [
        ("adoption", "pass", None),
        ("saturation", "pass", None),
        ("merge-rate", "pass", None),
        ("search-errors", "pass", None),
        ("nps", "undecided", Some("insufficient-data")),
    ];
    assert_eq!(findings(&last), expected);
    let merged = last.findings[2].observed.as_ref().unwrap();
    assert_eq!((merged.value, merged.n), (7071.0 / 11026.0, Some(11026)));
    assert_eq!(last.findings[2].corrections, 2);
    assert!(
        last.findings[3].warnings.iter().any(|warning| warning.contains("29 Mar")),
        "{:?}",
        last.findings[3]
    );
    assert_eq!((last.release.days_late, last.release.planned.as_str()), (7, "2026-03-03"));
}

/// A text with the hash of the seal blotted out: it changes whenever a judge does.
fn without_hash(text: &str) -> String {
    let (before, after) = text.split_once("sealed 2 Mar (").unwrap();
    let (_, after) = after.split_once(')').unwrap();
    format!("{before}sealed 2 Mar (…){after}")
}

#[test]
fn the_verdict_in_the_readme_is_what_the_demo_prints() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let shown = readme.split("```").find(|block| block.starts_with("\nPASS ")).unwrap().trim();
    let temporary = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_yardstick-under-test"))
        .arg("demo")
        .env("TMPDIR", temporary.path())
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let from = printed.find(shown.lines().next().unwrap()).unwrap();
    let printed = without_hash(&printed[from..]);
    assert!(printed.starts_with(&without_hash(shown)), "the demo prints now:\n{printed}");
}
