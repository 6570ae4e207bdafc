//! Each lint by a release that has it, and one that has none.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::subject::{self, Subject};
use super::{Code, Grade, Known, Lint, lint};
use crate::checkpoint::Checkpoint;
use crate::criteria::{Criteria, Criterion, Policy};
use crate::level::Level;
use crate::metric::{Basis, Better, Grain, Kind, Metric, Missing, Visibility};
use crate::question::Role;
use crate::release::{Brief, Release};

/// A goal of the judge `threshold` on `a.b`.
pub(crate) fn criterion(id: &str, params: Value) -> Criterion {
    Criterion {
        id: id.parse().expect("an id"),
        says: "It goes well.".to_owned(),
        role: Role::Goal,
        required: false,
        judge: "threshold@1".parse().expect("a judge"),
        metrics: BTreeMap::from([("metric".to_owned(), "a.b".parse().expect("a key"))]),
        window: None,
        baseline_days: None,
        params,
        expected: None,
        weight: 1.0,
        due: None,
    }
}

fn guardrail(id: &str, judge: &str, params: Value) -> Criterion {
    Criterion { role: Role::Guardrail, judge: judge.parse().expect("a judge"), ..criterion(id, params) }
}

pub(crate) fn metric(kind: Kind, unit: &str) -> Metric {
    Metric {
        key: "a.b".parse().expect("a key"),
        title: "A".to_owned(),
        owner: "ana.lopez@example.com".parse().expect("a person"),
        team: "growth".parse().expect("a team"),
        definition: "What it is.".to_owned(),
        definition_version: 1,
        kind,
        unit: unit.to_owned(),
        better: Better::Higher,
        basis: Basis::Recorded,
        sampled: matches!(kind, Kind::Ratio | Kind::Mean),
        grain: Grain::Day,
        time_zone: "UTC".to_owned(),
        missing: Missing::Gap,
        fresh_within: jiff::SignedDuration::from_hours(24),
        visibility: Visibility::Company,
        covers_days: None,
        dimensions: BTreeMap::new(),
        unit_dimension: None,
        source: "points".to_owned(),
        import: crate::metric::ImportColumns::default(),
        links: BTreeMap::new(),
    }
}

fn release(level: Level, list: Vec<Criterion>) -> Release {
    Release {
        slug: "a-b".parse().expect("a slug"),
        name: "A".to_owned(),
        feature: None,
        team: "growth".parse().expect("a team"),
        owner: "ana.lopez@example.com".parse().expect("a person"),
        visibility: Visibility::Company,
        level,
        stage: None,
        planned: "2026-03-03".parse().expect("a day"),
        deployments: Vec::new(),
        issue: None,
        links: BTreeMap::new(),
        okrs: Vec::new(),
        follows: None,
        brief: Brief::default(),
        confidence: Some(0.75),
        criteria: Criteria { checkpoints: Checkpoint::defaults(level), passes_when: Policy::All, list },
    }
}

fn known(metric: Metric) -> Known {
    Known { metrics: BTreeMap::from([(metric.key.clone(), metric)]), today: BTreeMap::new() }
}

/// Code and field of each lint.
fn found(lints: &[Lint]) -> Vec<(&'static str, &str)> {
    lints.iter().map(|lint| (lint.code.as_str(), lint.field.as_str())).collect()
}

/// An L2 goal and guardrail that no lint is of, and the metric of both.
fn clean() -> (Release, Known) {
    let goal = criterion("adoption", json!({ "at_least": 4000 }));
    let guard = guardrail("errors", "before-after@1", json!({ "worse_by_at_most": "5%" }));
    (release(Level::L2, vec![goal, guard]), known(metric(Kind::Gauge, "users")))
}

#[test]
fn what_is_in_order_has_no_lint() {
    let (release, known) = clean();
    assert_eq!(lint(&release, &known), []);
}

#[test]
fn codes_are_words_of_their_own() {
    let words: std::collections::BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(words.len(), Code::ALL.len());
    assert!(words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
}

#[test]
fn the_guide_lists_each_code_with_its_grade() {
    let guide = include_str!("../../../../docs/check.md");
    let grade = |code: Code| if code.grade() == Grade::Warn { "warn" } else { "note" };
    let lines: Vec<String> =
        Code::ALL.iter().map(|code| format!("| `{}` | {} | ", code.as_str(), grade(*code))).collect();
    let listed: Vec<&str> =
        guide.lines().filter(|line| line.contains("` | warn | ") || line.contains("` | note | ")).collect();
    assert_eq!(listed.len(), lines.len());
    for (listed, line) in listed.iter().zip(&lines) {
        assert!(listed.starts_with(line), "{listed} is not {line}");
    }
}

#[test]
fn a_level_is_goaled_on_what_it_is_for() {
    let with = |level: Level, unit: &str, kind: Kind| {
        let mut release = release(level, vec![criterion("one", json!({ "at_least": 1 }))]);
        let guard = guardrail("guard", "threshold@1", json!({ "at_most": 10 }));
        release.criteria.list.push(Criterion {
            metrics: BTreeMap::from([("metric".to_owned(), "c.d".parse().expect("a key"))]),
            ..guard
        });
        found(&lint(&release, &known(metric(kind, unit)))).iter().map(|(code, _)| *code).collect::<Vec<_>>()
    };
    for (level, unit, kind, lints) in [
        (Level::L1, "USD", Kind::Sum, vec![]),
        (Level::L1, "users", Kind::Gauge, vec![]),
        (Level::L1, "searches", Kind::Sum, vec!["no-revenue-or-adoption"]),
        (Level::L1, "leads", Kind::Sum, vec!["no-revenue-or-adoption"]),
        (Level::L2, "users", Kind::Gauge, vec![]),
        (Level::L2, "leads", Kind::Sum, vec![]),
        (Level::L2, "USD", Kind::Sum, vec!["no-adoption-or-leads"]),
        (Level::L2, "searches", Kind::Sum, vec!["no-adoption-or-leads"]),
        (Level::L3, "users", Kind::Gauge, vec![]),
        (Level::L3, "things", Kind::Sum, vec![]),
        (Level::L3, "ms", Kind::Mean, vec!["no-adoption-or-usage"]),
        (Level::L3, "USD", Kind::Sum, vec!["no-adoption-or-usage"]),
    ] {
        assert_eq!(with(level, unit, kind), lints, "{level} {unit}");
    }
    // What does not have to be measured is only noted.
    assert_eq!(Code::NoAdoptionOrUsage.grade(), Grade::Note);
    assert_eq!(Code::NoAdoptionOrLeads.grade(), Grade::Warn);
}

#[test]
fn a_watch_is_nothing_a_launch_is_for_and_a_guardrail_is_nothing_a_large_one_is_for() {
    let guard = guardrail("adoption", "threshold@1", json!({ "at_least": 10 }));
    let goal =
        Criterion { id: "speed".parse().expect("an id"), ..criterion("speed", json!({ "at_least": 1 })) };
    let known = known(metric(Kind::Mean, "ms"));
    let with = |level, list: Vec<Criterion>| lint(&release(level, list), &known);
    assert_eq!(found(&with(Level::L2, vec![goal.clone(), guard.clone()])), []);
    assert_eq!(
        found(&with(Level::L1, vec![goal.clone(), guard.clone()])),
        [("no-revenue-or-adoption", "goals")]
    );
    let watch = Criterion { role: Role::Watch, ..guard };
    let lints = with(Level::L2, vec![goal, watch]);
    assert_eq!(found(&lints), [("no-adoption-or-leads", "goals"), ("no-guardrail", "guardrails")]);
    assert!(
        lints[0].text.contains("what an L2 launch is for") && lints[0].text.contains("leads or sign-ups")
    );
}

#[test]
fn words_say_what_a_criterion_is_about() {
    let about = |id: &str, says: &str, metric: Option<&Metric>| {
        let criterion = Criterion { says: says.to_owned(), ..criterion(id, json!({})) };
        let key = "a.b".parse().expect("a key");
        subject::of(&criterion, [(&key, metric)].into_iter()).into_iter().collect::<Vec<_>>()
    };
    assert_eq!(about("one", "New ARR of half a million.", None), [Subject::Revenue]);
    assert_eq!(about("one", "Sign-ups double.", None), [Subject::Leads]);
    assert_eq!(about("sign-ups", "They double.", None), [Subject::Leads]);
    assert_eq!(about("one", "More active people.", None), [Subject::Adoption]);
    // A sentence that leads somewhere, or in which somebody uses something, says nothing.
    assert_eq!(about("one", "It leads_to one lead, used by users.", None), [Subject::Leads]);
    assert_eq!(about("one", "A lead is used by users.", None), []);
    let money = Metric { title: "New bookings".to_owned(), ..metric(Kind::Sum, "k EUR") };
    assert_eq!(about("one", "It sells.", Some(&money)), [Subject::Revenue]);
    let errors = Metric { better: Better::Lower, ..metric(Kind::Sum, "active users with errors") };
    assert_eq!(about("adoption", "Few fail.", Some(&errors)), []);
}

#[test]
fn what_must_be_measured_has_a_goal_a_guardrail_and_a_guess() {
    let bare = Release { confidence: None, ..release(Level::L1, Vec::new()) };
    let lints = lint(&bare, &Known::default());
    let codes = [("no-goal", "goals"), ("no-guardrail", "guardrails"), ("no-confidence", "confidence")];
    assert_eq!(found(&lints), codes);
    let small = Release { confidence: None, ..release(Level::L3, Vec::new()) };
    assert_eq!(found(&lint(&small, &Known::default())), [("no-adoption-or-usage", "goals")]);
}

#[test]
fn each_criterion_is_looked_at() {
    let judge = |text: &str| text.parse().expect("a judge");
    type Change = fn(&mut Criterion);
    let cases: [(usize, Change, &str, &str); 9] = [
        (
            1,
            |guard| guard.params = json!({ "worse_by_at_most": "0%" }),
            "no-margin",
            "guardrails[0].with.worse_by_at_most",
        ),
        (1, |guard| guard.params = json!({}), "no-margin", "guardrails[0].with"),
        (0, |goal| goal.due = Some("d90".parse().expect("d90")), "due-after-last", "goals[0].due"),
        (
            0,
            |goal| goal.window = Some("d1..d90".parse().expect("days")),
            "window-after-last",
            "goals[0].window",
        ),
        (
            1,
            |guard| guard.window = Some("d25..d28".parse().expect("days")),
            "short-window",
            "guardrails[0].window",
        ),
        (0, |goal| goal.expected = Some("4000".to_owned()), "expected-is-target", "goals[0].expected"),
        (0, |goal| goal.expected = Some("3000".to_owned()), "expected-to-fail", "goals[0].expected"),
        (
            0,
            |goal| goal.params = json!({ "better_by_at_least": 0 }),
            "target-is-baseline",
            "goals[0].with.better_by_at_least",
        ),
        (
            0,
            |goal| goal.params = json!({ "worse_by_at_most": "0%" }),
            "target-is-baseline",
            "goals[0].with.worse_by_at_most",
        ),
    ];
    for (index, change, code, field) in cases {
        let (mut release, known) = clean();
        change(&mut release.criteria.list[index]);
        assert_eq!(found(&lint(&release, &known)), [(code, field)]);
    }
    // A margin of a judge that nobody here knows is its own matter.
    let (mut release, known) = clean();
    release.criteria.list[1].params = json!({});
    release.criteria.list[1].judge = judge("growth/own@1");
    assert_eq!(found(&lint(&release, &known)), []);
}

#[test]
fn values_of_before_are_no_success_of_the_launch() {
    let (mut release, mut known) = clean();
    known.metrics.get_mut(&"a.b".parse().expect("a key")).expect("a metric").covers_days = Some(28);
    assert_eq!(found(&lint(&release, &known)), []);
    release.criteria.list[0].due = Some("d7".parse().expect("d7"));
    let lints = lint(&release, &known);
    assert_eq!(found(&lints), [("looks-back", "goals[0].due")]);
    assert!(lints[0].text.contains("at d7 it still holds 21 days from before"), "{}", lints[0].text);
    release.criteria.list[0].due = None;
    known.today.insert("adoption".parse().expect("an id"), 4000.0);
    let lints = lint(&release, &known);
    assert_eq!(found(&lints), [("met-already", "goals[0].with.at_least")]);
    assert!(lints[0].text.contains("at 4,000 users before the launch, which meets at least 4,000 users"));
    known.today.insert("adoption".parse().expect("an id"), 3999.0);
    assert_eq!(found(&lint(&release, &known)), []);
}

#[test]
fn what_cannot_both_pass_is_told_once() {
    let pair = |one: Value, other: Value| {
        let mut release = release(Level::L3, vec![criterion("one", one), criterion("other", other)]);
        release.criteria.list[0].says = "Adoption.".to_owned();
        release
    };
    let known = known(metric(Kind::Gauge, "users"));
    let lints = lint(&pair(json!({ "at_least": 50 }), json!({ "at_most": 40 })), &known);
    assert_eq!(found(&lints), [("contradiction", "goals[1].with.at_most")]);
    assert!(
        lints[0].text.contains("one asks for at least 50 users, the other for at most 40 users"),
        "{}",
        lints[0].text
    );
    for (one, other) in [
        (json!({ "at_least": 40 }), json!({ "at_most": 50 })),
        (json!({ "at_least": 50 }), json!({ "at_least": 40 })),
        (json!({ "at_least": 50 }), json!({ "at_most": 50 })),
    ] {
        assert_eq!(found(&lint(&pair(one.clone(), other), &known)), [], "{one}");
    }
    // Of other days, or of another metric, both may be.
    let mut apart = pair(json!({ "at_least": 50 }), json!({ "at_most": 40 }));
    apart.criteria.list[0].window = Some("d1..d14".parse().expect("days"));
    assert_eq!(found(&lint(&apart, &known)), []);
}

#[test]
fn a_change_contradicts_a_level_as_the_metric_is_today() {
    let mut release = release(
        Level::L3,
        vec![
            criterion("one", json!({ "at_most": 40 })),
            criterion("more", json!({ "better_by_at_least": "10%" })),
        ],
    );
    release.criteria.list[1].judge = "before-after@1".parse().expect("a judge");
    let mut known = known(metric(Kind::Gauge, "users"));
    assert_eq!(found(&lint(&release, &known)), []);
    known.today.insert("more".parse().expect("an id"), 38.0);
    assert_eq!(found(&lint(&release, &known)), [("contradiction", "goals[1].with.better_by_at_least")]);
    known.today.insert("more".parse().expect("an id"), 30.0);
    assert_eq!(found(&lint(&release, &known)), []);
}
