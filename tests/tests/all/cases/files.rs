//! What is wrong with a case is said by line and field, all of it at once.

use yardstick_client::files::case;

const CASE: &str = "\
case: 6,212 of 9,640 done
criterion:
  launch: 2026-03-10T16:00:00Z
  checkpoint: d28
  metrics: { done: app.done, all: { key: app.all, kind: sum } }
  with: { at_least: 60% }
frames:
  done: { shape: totals, csv: done.csv }
  all: { shape: totals, csv: all.csv, about: { corrections: 2 } }
expect:
  outcome: pass
  observed: { value: 64.4%, low: 0.63, within: 0.001 }
";

fn problems(text: &str) -> Vec<String> {
    let told = |problem: &yardstick_client::files::FileProblem| {
        format!("{}:{} {}: {}", problem.line, problem.column, problem.field, problem.message)
    };
    case::read(text).map_or_else(|problems| problems.iter().map(told).collect(), |_| Vec::new())
}

#[test]
fn a_case_that_is_right_is_read_as_it_says() {
    let case = case::read(CASE).unwrap();
    assert_eq!(case.name, "6,212 of 9,640 done");
    let question = &case.question;
    assert_eq!((question.id.as_str(), question.checkpoint, question.is_final), ("case", 28, true));
    assert_eq!(question.window.start.to_string(), "2026-03-11T00:00:00Z");
    assert_eq!(question.as_of, question.window.end);
    assert_eq!(question.looks, [28]);
    let kinds: Vec<_> =
        question.metrics.iter().map(|metric| (metric.name.as_str(), metric.kind.as_str())).collect();
    assert_eq!(kinds, [("all", "sum"), ("done", "")]);
    let observed = case.expect.observed.unwrap();
    assert_eq!(
        (observed.value, observed.low, observed.high, observed.within),
        (0.644, Some(0.63), None, 0.001)
    );
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let table: [(&str, &str, &[&str]); 15] = [
        (
            "case: 6,212",
            "cas: 6,212",
            &["1:1 cas: unknown field. Did you mean \"case\"?", "1:1 case: is missing"],
        ),
        (
            "2026-03-10T16:00:00Z",
            "soon",
            &["3:3 criterion.launch: \"soon\" is no instant; expected one with"],
        ),
        ("checkpoint: d28", "checkpoint: d731", &["4:3 criterion.checkpoint: \"d731\" is no checkpoint"]),
        (
            "t: d28",
            "t: d28\n  time_zone: Mars/Olympus",
            &["5:3 criterion.time_zone: \"Mars/Olympus\" is no known"],
        ),
        ("t: d28", "t: d28\n  window: d9..d2", &["5:3 criterion.window: \"d9..d2\" is no window of days"]),
        (
            "t: d28",
            "t: d28\n  baseline: short",
            &["5:3 criterion.baseline: \"short\" is no number of whole days"],
        ),
        ("t: d28", "t: d28\n  as_of: then", &["5:3 criterion.as_of: \"then\" is no instant"]),
        ("t: d28", "t: d28\n  looks: [d7, x]", &["5:15 criterion.looks[1]: \"x\" is no checkpoint"]),
        (
            "  with:",
            "  metric: app.all\n  with:",
            &["6:3 criterion.metric: write metric or metrics, not both"],
        ),
        (
            "  metrics: { done: app.done, all: { key: app.all, kind: sum } }\n",
            "",
            &["2:1 criterion.metric: is missing; name the metric"],
        ),
        (
            "shape: totals, csv: done",
            "shape: total, csv: done",
            &["8:11 frames.done.shape: \"total\" is not one of"],
        ),
        ("corrections: 2", "corrections: [2]", &["9:48 frames.all.about.corrections: [2] is no fact"]),
        ("outcome: pass", "outcome: won", &["11:3 expect.outcome: \"won\" is not one of pass, marginal"]),
        (
            "outcome: pass",
            "outcome: pass\n  reason: too-early",
            &["12:3 expect.reason: only an undecided outcome"],
        ),
        ("value: 64.4%", "value: most", &["12:15 expect.observed.value: \"most\" is not a number"]),
    ];
    for (from, to, says) in table {
        assert!(CASE.contains(from), "{from}");
        let found = problems(&CASE.replacen(from, to, 1));
        assert_eq!(found.len(), says.len(), "{to}: {found:#?}");
        for (problem, words) in found.iter().zip(says) {
            assert!(problem.starts_with(words), "{to}: {problem}");
        }
    }
}

#[test]
fn several_problems_are_told_at_once() {
    let text = CASE
        .replace("2026-03-10T16:00:00Z", "soon")
        .replace("corrections: 2", "corrections: {}")
        .replace("value: 64.4%", "value: most");
    let found = problems(&text);
    assert_eq!(found.len(), 3, "{found:#?}");
    assert_eq!(problems(&format!("{CASE}---\n{CASE}")), ["1:1 : 2 documents; a case has a file of its own"]);
    assert!(!problems("").is_empty() && !problems("- case").is_empty() && !problems("a: [").is_empty());
    let neither = problems(&CASE.replace("  outcome: pass\n", ""));
    assert!(
        neither[0]
            .contains("expect.outcome: name the outcome (pass, marginal, fail or undecided), or error_has")
    );
    let without = problems(
        "case: x\ncriterion: { launch: 2026-03-10T16:00:00Z, checkpoint: d28, metric: a.b }\nexpect: { error_has: cannot }\n",
    );
    assert_eq!(without, Vec::<String>::new());
}
