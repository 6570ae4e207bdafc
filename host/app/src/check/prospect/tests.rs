//! What each judge will be able to tell, from pasts that are made up.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use yardstick_domain::checkpoint::Checkpoint;
use yardstick_domain::criteria::{Criteria, Criterion, Policy};
use yardstick_domain::metric::{Basis, Better, Grain, ImportColumns, Kind, Metric, Missing, Visibility};
use yardstick_domain::question::Role;
use yardstick_stats::daily::Day;

use super::past::Past;
use super::{Prospect, Way, reckon};

fn metric(kind: Kind, unit: &str) -> Metric {
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
        import: ImportColumns::default(),
        links: BTreeMap::new(),
    }
}

/// A number between 0 and 1 that differs from day to day and has no pattern.
fn noise(day: usize) -> f64 {
    ((day + 1) as f64 * 0.618_033_988_749_894_9).fract()
}

/// Days up to 1 March 2026, by their numbers.
fn past(metric: Metric, days: usize, day: impl Fn(usize) -> Day) -> Past {
    Past {
        metric,
        days: (0..days).map(day).collect(),
        squares: vec![f64::NAN; days],
        newest: "2026-03-01".parse().expect("a day"),
    }
}

/// So many units a day, of which about this share did it.
fn share(n: f64, share: f64) -> Past {
    past(metric(Kind::Ratio, "share"), 84, |day| Day {
        n,
        sum: (n * share + n.sqrt() * (noise(day) - 0.5)).round(),
    })
}

fn criterion(judge: &str, params: Value) -> Criterion {
    Criterion {
        id: "one".parse().expect("an id"),
        says: "It goes well.".to_owned(),
        role: Role::Goal,
        required: false,
        judge: judge.parse().expect("a judge"),
        metrics: BTreeMap::from([("metric".to_owned(), "a.b".parse().expect("a key"))]),
        window: None,
        baseline_days: None,
        params,
        expected: None,
        weight: 1.0,
        due: None,
    }
}

fn of(criterion: &Criterion, pasts: Vec<(&str, Past)>) -> Prospect {
    let checkpoints: Vec<Checkpoint> = ["d7", "d28"].map(|at| at.parse().expect("a checkpoint")).to_vec();
    let criteria = Criteria { checkpoints, passes_when: Policy::All, list: vec![criterion.clone()] };
    let pasts = pasts.into_iter().map(|(name, past)| (name.to_owned(), past)).collect();
    let launch = "2026-03-02".parse().expect("a day");
    Prospect { due: criteria.last(), ..reckon::prospect(criterion, &criteria, &pasts, launch) }
}

#[expect(clippy::needless_pass_by_value, reason = "what is made up for a case is used up by it")]
fn one(criterion: Criterion, past: Past) -> Prospect {
    of(&criterion, vec![("metric", past)])
}

/// The minimum detectable effect at d28.
fn detectable(prospect: &Prospect) -> f64 {
    prospect.looks.last().and_then(|look| look.detectable).unwrap_or_else(|| panic!("{prospect:?}"))
}

fn close(found: f64, expected: f64, within: f64) {
    assert!((found / expected - 1.0).abs() < within, "{found} is not {expected}");
}

#[test]
fn a_guardrail_has_its_error_rate_split_over_its_looks() {
    let goal = criterion("threshold@1", json!({ "at_least": "60%" }));
    let guardrail = Criterion { role: Role::Guardrail, ..goal.clone() };
    let (goal, guardrail) = (one(goal, share(1000.0, 0.62)), one(guardrail, share(1000.0, 0.62)));
    let decides = |prospect: &Prospect| prospect.looks.iter().map(|look| look.decides).collect::<Vec<_>>();
    assert_eq!((decides(&goal), decides(&guardrail)), (vec![false, true], vec![true, true]));
    // 97.5 % rather than 95 %: 2.24 and 0.84 standard errors rather than 1.96 and 0.84.
    close(detectable(&guardrail) / detectable(&goal), (2.2414 + 0.8416) / (1.96 + 0.8416), 0.01);
    // A criterion may say another.
    let surer =
        one(criterion("threshold@1", json!({ "at_least": "60%", "confidence": "99%" })), share(1000.0, 0.62));
    close(detectable(&surer) / detectable(&goal), (2.5758 + 0.8416) / (1.96 + 0.8416), 0.01);
}

#[test]
fn what_is_expected_is_told_from_the_target_else_what_is_there() {
    let params = json!({ "at_least": "60%" });
    let plain = one(criterion("threshold@1", params.clone()), share(1000.0, 0.602));
    assert_eq!((plain.decided, plain.assumed), (Some(false), plain.baseline));
    assert!(
        plain.would_take.starts_with("cannot be decided by d28, the final checkpoint, unless"),
        "{}",
        plain.would_take
    );
    assert!(plain.warning().is_some_and(|text| text.starts_with("one cannot be decided by d28")));
    let sure = Criterion { expected: Some("65%".to_owned()), ..criterion("threshold@1", params.clone()) };
    let sure = one(sure, share(1000.0, 0.602));
    assert_eq!((sure.decided, sure.assumed, sure.warning()), (Some(true), Some(0.65), None));
    assert!(sure.days_needed.is_some_and(|days| days < 7), "{sure:?}");
    // Watched, it is only noted.
    let watch = Criterion { role: Role::Watch, ..criterion("threshold@1", params) };
    let watch = one(watch, share(1000.0, 0.602));
    assert_eq!((watch.decided, watch.grade(), watch.warning()), (Some(false), super::Grade::Note, None));
}

#[test]
fn few_events_are_told_by_exact_limits() {
    // One in every twenty days.
    let rarely = |day: usize| Day { n: 10.0, sum: if day.is_multiple_of(20) { 1.0 } else { 0.0 } };
    let past = past(metric(Kind::Ratio, "share"), 84, rarely);
    let rare = one(criterion("threshold@1", json!({ "at_most": "1%" })), past);
    let look = rare.looks.last().expect("a look");
    assert_eq!(look.n, Some(280.0));
    // 280 trials tell 1 % from no smaller share at all, and from a larger one only far away.
    assert!(look.low.is_none() && look.high.is_some_and(|high| (0.03..0.06).contains(&high)), "{look:?}");
    assert!(rare.says.contains("or more alone"), "{}", rare.says);
}

#[test]
fn a_mean_is_told_by_the_larger_of_its_errors() {
    // 100 units a day of standard deviation 10, whose days differ by no more than that makes them.
    let units = |spread: f64| {
        let mut past = past(metric(Kind::Mean, "ms"), 84, |day| Day {
            n: 100.0,
            sum: 100.0 * (50.0 + spread * (noise(day) - 0.5)),
        });
        past.squares =
            past.days.iter().map(|day| 100.0 * (100.0 + (day.sum / 100.0) * (day.sum / 100.0))).collect();
        one(criterion("threshold@1", json!({ "at_least": 52 })), past)
    };
    let alike = units(0.01);
    close(detectable(&alike), 2.8 * 10.0 / 2800.0_f64.sqrt(), 0.01);
    // Where days differ by more, they tell the error: 12 / sqrt(12) is the standard deviation of a day.
    let uneven = units(12.0);
    assert!(detectable(&uneven) > 2.8 * 12.0 / 12.0_f64.sqrt() / 28.0_f64.sqrt() * 0.9, "{uneven:?}");
    assert_eq!(uneven.unit, "ms");
}

#[test]
fn a_ratio_is_counted_unless_its_interval_decides() {
    let sums = |unit: &str, level: f64| {
        past(metric(Kind::Sum, unit), 84, |day| Day {
            n: 1.0,
            sum: (level * (1.0 + 0.2 * (noise(day) - 0.5))).round(),
        })
    };
    let names = || vec![("numerator", sums("merged", 600.0)), ("denominator", sums("published", 1000.0))];
    let ratio = |params: Value| of(&criterion("ratio@1", params), names());
    let counted = ratio(json!({ "at_least": "60%" }));
    assert_eq!((counted.way, counted.decided, counted.unit.as_str()), (Way::Counted, None, "share"));
    close(counted.baseline.expect("a ratio"), 0.6, 0.01);
    let decided = ratio(json!({ "at_least": "50%", "decide_by": "interval" }));
    assert_eq!((decided.way, decided.decided), (Way::Sampled, Some(true)));
    close(decided.baseline.expect("a ratio"), 0.6, 0.01);
    let units = ratio(json!({ "at_least": "50%", "unit": "instance" }));
    assert_eq!((units.way, units.decided), (Way::Unknown, None));
    assert!(units.says.contains("over units rather than days"), "{}", units.says);
}

#[test]
fn daily_over_monthly_users_is_put_as_the_judge_puts_it() {
    let gauge = |level: f64, covers: Option<u32>| {
        let metric = Metric { covers_days: covers, ..metric(Kind::Gauge, "users") };
        past(metric, 56, |day| Day { n: 1.0, sum: level + day as f64 })
    };
    let names = vec![("numerator", gauge(100.0, None)), ("denominator", gauge(1000.0, Some(28)))];
    let found = of(&criterion("ratio@1", json!({ "at_least": "20%" })), names);
    // The average of the last 28 days, 141.5, over the last level, 1,055.
    close(found.baseline.expect("a ratio"), 141.5 / 1055.0, 1e-9);
    let names = vec![("numerator", gauge(100.0, None)), ("denominator", gauge(1000.0, None))];
    let found = of(&criterion("ratio@1", json!({ "at_least": "20%" })), names);
    close(found.baseline.expect("a ratio"), 155.0 / 1055.0, 1e-9);
}

#[test]
fn a_change_is_told_from_its_bound_against_its_baseline() {
    let gauge = || {
        past(metric(Kind::Gauge, "points"), 182, |day| Day {
            n: 1.0,
            sum: 1000.0 + 60.0 * (noise(day) - 0.5),
        })
    };
    let change = |params: Value, days: u32| Criterion {
        baseline_days: Some(days),
        ..criterion("before-after@1", params)
    };
    let relative = one(change(json!({ "worse_by_at_most": "5%" }), 28), gauge());
    assert_eq!((relative.way, relative.target_unit.as_str()), (Way::Compared, "relative"));
    assert_eq!((relative.target, relative.assumed, relative.decided), (Some(-0.05), Some(0.0), Some(true)));
    let absolute = one(change(json!({ "worse_by_at_most": 50 }), 28), gauge());
    assert_eq!((absolute.target, absolute.target_unit.as_str()), (Some(-50.0), "points"));
    close(detectable(&absolute) / 1000.0, detectable(&relative), 0.05);
    // A longer baseline tells more; an improvement that is expected is told from less.
    let longer = one(change(json!({ "worse_by_at_most": "5%" }), 84), gauge());
    assert!(detectable(&longer) < detectable(&relative));
    let improves =
        Criterion { expected: Some("4%".to_owned()), ..change(json!({ "better_by_at_least": "3.9%" }), 28) };
    let improves = one(improves, gauge());
    assert_eq!((improves.target, improves.assumed, improves.decided), (Some(0.039), Some(0.04), Some(false)));
    assert!(
        improves.would_take.contains("to tell the 0.10 % between what is expected and the bound"),
        "{}",
        improves.would_take
    );
    let bare = one(criterion("before-after@1", json!({ "worse_by_at_most": "5%" })), gauge());
    assert_eq!((bare.way, bare.says.as_str()), (Way::Unknown, "it names no baseline to compare with"));
}

#[test]
fn a_metric_of_which_less_is_better_is_bound_the_other_way() {
    let metric = Metric { better: Better::Lower, ..metric(Kind::Gauge, "ms") };
    let gauge = past(metric, 182, |day| Day { n: 1.0, sum: 1000.0 + 60.0 * (noise(day) - 0.5) });
    let criterion = Criterion {
        baseline_days: Some(28),
        expected: Some("10%".to_owned()),
        ..criterion("before-after@1", json!({ "better_by_at_least": "5%" }))
    };
    let found = one(criterion, gauge);
    assert_eq!((found.target, found.assumed, found.decided), (Some(-0.05), Some(-0.1), Some(true)));
}

#[test]
fn an_experiment_has_the_units_of_its_arms() {
    let experiment = |params: Value| one(criterion("experiment@1", params), share(1000.0, 0.2));
    let even = experiment(json!({ "control": "a", "better_by_at_least": "1pp" }));
    assert_eq!((even.way, even.target_unit.as_str(), even.target), (Way::Variants, "pp", Some(0.01)));
    assert_eq!(even.looks.last().and_then(|look| look.n), Some(28_000.0));
    // Two arms of 14,000: 2.8 standard errors of the difference of two shares.
    close(detectable(&even), 2.8 * (2.0 * 0.2 * 0.8 / 14_000.0_f64).sqrt(), 0.06);
    // Fewer units in an arm, more variants to decide, and a second side tell less.
    let uneven =
        experiment(json!({ "control": "a", "better_by_at_least": "1pp", "weights": { "a": 9, "b": 1 } }));
    let many =
        experiment(json!({ "control": "a", "better_by_at_least": "1pp", "variants": ["b", "c", "d"] }));
    let ships = experiment(
        json!({ "control": "a", "better_by_at_least": "1pp", "variants": ["b", "c", "d"], "ships": "b" }),
    );
    let side = experiment(json!({ "control": "a", "better_by_at_least": "1pp", "sides": "one" }));
    assert!(detectable(&uneven) > detectable(&even) && detectable(&many) > detectable(&ships));
    assert!(detectable(&ships) > detectable(&even) && detectable(&side) < detectable(&even));
    // Without a bound any improvement passes.
    let any = experiment(json!({ "control": "a" }));
    assert_eq!((any.target, any.decided), (Some(0.0), None));
    assert!(any.says.contains("It stands at the target now, and is decided unless"), "{}", any.says);
}

#[test]
fn a_relative_change_of_means_is_told_by_their_units() {
    let mut past = past(metric(Kind::Mean, "ms"), 56, |_| Day { n: 100.0, sum: 5000.0 });
    past.squares = vec![100.0 * (50.0 * 50.0 + 100.0); 56];
    let found = one(criterion("experiment@1", json!({ "control": "a", "worse_by_at_most": "5%" })), past);
    assert_eq!((found.target, found.target_unit.as_str()), (Some(-0.05), "relative"));
    let (control, variant) = (0.95 * 10.0, 10.0);
    let error = ((control * control + variant * variant) / 1400.0_f64).sqrt() / 50.0;
    close(detectable(&found), 2.8 * error, 0.01);
}

#[test]
fn what_has_no_bound_or_a_gap_is_said_to_have_none() {
    let neither = Metric { better: Better::Neither, ..metric(Kind::Gauge, "points") };
    let gauge = past(neither, 60, |day| Day { n: 1.0, sum: 1000.0 + noise(day) });
    let change = Criterion {
        baseline_days: Some(28),
        ..criterion("before-after@1", json!({ "worse_by_at_most": "5%" }))
    };
    let found = one(change, gauge);
    assert_eq!((found.decided, found.target), (None, None));
    assert!(
        found.says.starts_with("cannot be told: its parameters and its metric give no bound"),
        "{}",
        found.says
    );
    // A total of 28 days, one of which is missing.
    let gap = |day: usize| if day == 50 { Day::MISSING } else { Day { n: 1.0, sum: 10.0 } };
    let total = || criterion("threshold@1", json!({ "at_least": 300 }));
    let found = one(total(), past(metric(Kind::Sum, "uses"), 60, gap));
    assert_eq!((found.way, found.baseline), (Way::Counted, None));
    assert!(found.says.contains("too few or have gaps"), "{}", found.says);
    // Ten days are no total of 28, and no trend.
    let found = one(total(), past(metric(Kind::Sum, "uses"), 10, |_| Day { n: 1.0, sum: 10.0 }));
    assert_eq!((found.baseline, found.trend_per_week), (None, None));
}

#[test]
fn days_without_a_spread_tell_nothing_and_warn_of_nothing() {
    let flat = past(metric(Kind::Gauge, "points"), 60, |_| Day { n: 1.0, sum: 1000.0 });
    let criterion = Criterion {
        baseline_days: Some(28),
        ..criterion("before-after@1", json!({ "worse_by_at_most": "5%" }))
    };
    let found = one(criterion, flat);
    assert_eq!((found.decided, found.grade(), found.warning()), (None, super::Grade::Note, None));
    assert!(
        found.says.contains("What 28 days will tell cannot be told from them: all values are the same"),
        "{}",
        found.says
    );
}
