//! `examples/cookie-cats`: the published figures, from its files to the verdict through the built judge.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use yardstick_client::document::{FindingPart, VerdictDocument};
use yardstick_client::files::{self, Declaration, check_quantities};
use yardstick_domain::schema::Schema;
use yardstick_tests::readme::Reader;

/// Players, back after one day, back after seven, as published.
const PUBLISHED: [(&str, [u64; 3]); 2] =
    [("gate_30", [44_700, 20_034, 8_502]), ("gate_40", [45_489, 20_119, 8_279])];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn folder() -> PathBuf {
    root().join("examples/cookie-cats")
}

fn reader(data: &Path) -> Reader {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_yardstick-under-test"));
    Reader { program, root: root(), data: data.to_path_buf() }
}

#[test]
fn the_days_add_up_to_the_published_totals() {
    let text = std::fs::read_to_string(folder().join("data/players.csv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("day,variant,players,back_after_1_day,back_after_7_days"));
    let mut totals: BTreeMap<&str, [u64; 3]> = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let sums = totals.entry(cells[1]).or_default();
        for (sum, cell) in sums.iter_mut().zip(&cells[2..]) {
            *sum += cell.parse::<u64>().unwrap();
        }
    }
    assert_eq!(totals, BTreeMap::from(PUBLISHED));
}

#[test]
fn every_criterion_has_parameters_that_its_judge_accepts() {
    let text = include_str!("../../../../plugins/experiment/params.schema.json");
    let schema = Schema::new(serde_json::from_str(text).unwrap()).unwrap();
    let releases = std::fs::read_to_string(folder().join("releases.yaml")).unwrap();
    let mut criteria = 0;
    for declared in files::read(&releases).unwrap() {
        let Declaration::Release(release) = declared.declaration else { panic!("releases only") };
        for criterion in &release.criteria.list {
            assert_eq!(criterion.judge.name.as_str(), "experiment");
            assert_eq!(schema.problems(&criterion.params), []);
            assert_eq!(check_quantities(&criterion.params, schema.json(), "share"), []);
            criteria += 1;
        }
    }
    assert_eq!(criteria, 2);
}

fn finding<'a>(verdict: &'a VerdictDocument, criterion: &str) -> &'a FindingPart {
    verdict.findings.iter().find(|finding| finding.criterion == criterion).unwrap()
}

/// The finding's number, its interval and its p-value are the published ones.
fn is_published(finding: &FindingPart, value: f64, low: f64, high: f64, p: f64) {
    let observed = finding.observed.as_ref().unwrap();
    let close = |found: f64, published: f64| (found - published).abs() <= 5e-5;
    assert!(close(observed.value, value), "{observed:?}");
    assert!(close(observed.low.unwrap(), low) && close(observed.high.unwrap(), high), "{observed:?}");
    let found = libm::pow(10.0, observed.log10_p.unwrap());
    assert!((found - p).abs() <= 0.005 * p, "{found} is not {p}");
    assert_eq!((finding.grade.as_str(), observed.unit.as_str()), ("randomised", "pp"));
    assert_eq!((observed.n, finding.bound.as_deref()), (Some(90_189), Some("above")));
    let [warning] = finding.warnings.as_slice() else { panic!("{:?}", finding.warnings) };
    assert!(warning.contains("with p 0.00861"), "{warning}");
}

#[test]
fn the_commands_of_the_readme_give_the_published_figures() {
    let data = tempfile::tempdir().unwrap();
    let reader = reader(data.path());
    reader.follow(&folder().join("README.md"));

    let early = reader.verdict("gate-40/d7");
    assert_eq!((early.outcome.as_str(), early.reason.as_deref()), ("undecided", Some("too-early")));
    for finding in &early.findings {
        // How much there is, never how it looks.
        assert!(
            finding.headline.starts_with("45,094 players so far; the comparison is not looked at"),
            "{}",
            finding.headline
        );
        assert!(finding.observed.is_none() && finding.tables.is_empty() && finding.warnings.is_empty());
        assert!(finding.detail.is_none() && finding.flip.is_none() && finding.others.is_empty());
    }

    let last = reader.verdict("gate-40/d14");
    assert_eq!((last.outcome.as_str(), last.is_final), ("fail", true));
    let day_7 = finding(&last, "retention-7");
    assert_eq!((day_7.outcome.as_str(), day_7.required), ("fail", true));
    is_published(day_7, -0.0082, -0.0133, -0.0031, 0.00155);
    let day_1 = finding(&last, "retention-1");
    assert_eq!((day_1.reason.as_deref(), day_1.code.as_deref()), (Some("inconclusive"), Some("straddles")));
    is_published(day_1, -0.0059, -0.0124, 0.0006, 0.0744);
    let rows: Vec<&serde_json::Value> = day_7.tables[0].rows.iter().map(|row| &row[0]).collect();
    assert_eq!(rows, ["gate_30 (control)", "gate_40"]);
}
