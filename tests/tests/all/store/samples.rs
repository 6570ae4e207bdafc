//! Nouns to store.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::json;
use yardstick_domain::criteria::{Criteria, Criterion, Policy, metric_hash};
use yardstick_domain::digest::Digest;
use yardstick_domain::finding::{Estimate, Finding, Outcome};
use yardstick_domain::level::Level;
use yardstick_domain::metric::{Basis, Better, Grain, ImportColumns, Kind, Metric, Missing, Visibility};
use yardstick_domain::people::{Actor, Membership, Team};
use yardstick_domain::point::{Dimensions, Measure, Point};
use yardstick_domain::question::Role;
use yardstick_domain::release::{Brief, Launch, Release, Seal, SealedWhen};
use yardstick_domain::time::Window;
use yardstick_domain::verdict::{Judgement, RULES, Seen, Standing, Verdict};
use yardstick_store::{Changes, CriteriaChange, Import, NewBatch, ReleaseChange, Store};

pub(super) fn ana() -> Actor {
    "ana@example.com".parse().unwrap()
}

/// So many hours into the story.
pub(super) fn hour(hours: i64) -> Timestamp {
    Timestamp::from_second(1_772_400_000 + 3_600 * hours).unwrap()
}

/// Start of a day in March 2026; days beyond the month go on.
pub(super) fn day(day: i64) -> Timestamp {
    let first: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
    first.checked_add((24 * (day - 1)).hours()).unwrap()
}

pub(super) fn days(first: i64, end: i64) -> Window {
    Window { start: day(first), end: day(end) }
}

pub(super) fn team(key: &str) -> Team {
    Team {
        key: key.parse().unwrap(),
        name: format!("Team {key}"),
        time_zone: "Europe/Berlin".to_owned(),
        members: BTreeMap::from([("ben@example.com".parse().unwrap(), Membership::Member)]),
        fiscal_year_starts: None,
        digest: None,
        urgent: vec!["slack:#urgent".to_owned()],
    }
}

pub(super) fn metric(key: &str) -> Metric {
    Metric {
        key: key.parse().unwrap(),
        title: "Monthly active users".to_owned(),
        owner: "grace@example.com".parse().unwrap(),
        team: "growth".parse().unwrap(),
        definition: "Whoever does anything.".to_owned(),
        definition_version: 1,
        kind: Kind::Ratio,
        unit: "share".to_owned(),
        better: Better::Higher,
        basis: Basis::Recorded,
        sampled: true,
        grain: Grain::Day,
        time_zone: "UTC".to_owned(),
        missing: Missing::Gap,
        fresh_within: SignedDuration::from_hours(36),
        visibility: Visibility::Company,
        covers_days: Some(28),
        unit_dimension: None,
        dimensions: BTreeMap::from([("plan".to_owned(), vec!["free".to_owned(), "paid".to_owned()])]),
        source: "points".to_owned(),
        import: ImportColumns::default(),
        links: BTreeMap::new(),
    }
}

pub(super) fn criterion(id: &str, role: Role) -> Criterion {
    Criterion {
        id: id.parse().unwrap(),
        says: "At least 60 % are merged".to_owned(),
        role,
        required: false,
        judge: "threshold@1".parse().unwrap(),
        metrics: BTreeMap::from([("metric".to_owned(), "site.mau".parse().unwrap())]),
        window: None,
        baseline_days: Some(28),
        params: json!({ "at_least": 0.1 + 0.2 }),
        expected: Some("65%".to_owned()),
        weight: 1.0,
        due: None,
    }
}

pub(super) fn release(slug: &str) -> Release {
    Release {
        slug: slug.parse().unwrap(),
        name: "Batch Changes".to_owned(),
        feature: Some("batch-changes".to_owned()),
        team: "growth".parse().unwrap(),
        owner: "ana@example.com".parse().unwrap(),
        visibility: Visibility::Company,
        level: Level::L2,
        stage: None,
        planned: "2026-03-03".parse().unwrap(),
        deployments: vec!["cloud".to_owned()],
        issue: None,
        links: BTreeMap::new(),
        okrs: vec!["KR-1".to_owned()],
        follows: None,
        brief: Brief { problem: Some("Many repositories".to_owned()), ..Brief::default() },
        confidence: Some(0.75),
        criteria: Criteria {
            checkpoints: vec!["d7".parse().unwrap(), "d28".parse().unwrap()],
            passes_when: Policy::All,
            list: vec![criterion("adoption", Role::Goal), criterion("errors", Role::Guardrail)],
        },
    }
}

pub(super) fn new_release(release: Release) -> ReleaseChange {
    ReleaseChange { release, expected_version: None, criteria: CriteriaChange::New { reason: None } }
}

/// Registers the team `growth`, the metric `site.mau` and the release `ga`.
pub(super) async fn register(store: &Store) {
    let changes = Changes {
        teams: vec![team("growth")],
        metrics: vec![metric("site.mau")],
        releases: vec![new_release(release("ga"))],
        ..Changes::default()
    };
    store.apply(&changes, &ana(), hour(0)).await.unwrap();
}

pub(super) fn point(at: i64, dimensions: &[(&str, &str)], sum: f64) -> Point {
    let dimensions: Dimensions =
        dimensions.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Point { bucket: day(at), dimensions, measure: Measure { sum, n: Some(10.0), sum_sq: None } }
}

pub(super) async fn begin(store: &Store) -> Import {
    let batch = NewBatch {
        metric: "site.mau".parse().unwrap(),
        definition: metric_hash(&metric("site.mau")).unwrap(),
        origin: "mau.csv".to_owned(),
        by: ana(),
    };
    store.begin_import(batch).await.unwrap()
}

/// Imports totals by day.
pub(super) async fn import(store: &Store, received: i64, totals: &[(i64, f64)], through: Option<i64>) -> i64 {
    let mut import = begin(store).await;
    let points: Vec<Point> = totals.iter().map(|(at, sum)| point(*at, &[], *sum)).collect();
    import.push(&points).await.unwrap();
    import.finish(Digest::of(b"file"), through.map(day), hour(received)).await.unwrap().id
}

/// A seal with terms that only differ by this text.
pub(super) fn seal(version: u32, text: &str) -> (Seal, Vec<u8>) {
    let terms = format!("{{\"terms\":\"{text}\"}}").into_bytes();
    let seal =
        Seal { hash: Digest::of(&terms), version, at: hour(1), by: ana(), when: SealedWhen::BeforeLaunch };
    (seal, terms)
}

pub(super) fn launch() -> Launch {
    Launch { at: hour(24), recorded_at: hour(25), by: ana() }
}

/// A verdict of `ga` with this value in its finding, and the bytes of its terms.
pub(super) fn verdict(at: &str, standing: Standing, value: f64) -> (Verdict, Vec<u8>) {
    let (seal, terms) = seal(1, "verdict");
    let mut finding = Finding::by_host(Outcome::Pass, "64.4 % are merged".to_owned());
    finding.primary = Some(Estimate {
        name: "observed".to_owned(),
        unit: "share".to_owned(),
        value,
        low: Some(f64::MIN_POSITIVE),
        high: None,
        confidence: Some(0.95),
        n: Some(u64::from(u32::MAX) + 1),
        log10_p: Some(-12.345_678_901_234_567),
        more: Vec::new(),
    });
    let mut judgement = Judgement {
        criterion: criterion("adoption", Role::Goal),
        plugin: None,
        question: None,
        queries: Vec::new(),
        frames: Vec::new(),
        run: None,
        decided: None,
        complete_through: Some(day(8)),
        seen: Seen::default(),
        finding,
    };
    judgement.seen = judgement.parts().unwrap();
    let undecided = Judgement { criterion: criterion("errors", Role::Guardrail), ..judgement.clone() };
    let at: yardstick_domain::verdict::VerdictRef = at.parse().unwrap();
    let verdict = Verdict {
        is_final: at.checkpoint.days() == 28,
        at,
        standing,
        outcome: Outcome::undecided(yardstick_domain::finding::Reason::TooEarly, "not-due"),
        headline: "Too early to say".to_owned(),
        launch: launch().at,
        as_of: day(10),
        known_at: None,
        judged_at: hour(300),
        judged_by: ana(),
        terms: seal.hash,
        rules: RULES,
        judgements: vec![judgement, undecided],
        seen: Digest::default(),
    };
    (verdict, terms)
}
