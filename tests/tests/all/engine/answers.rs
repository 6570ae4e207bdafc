//! What guests answer, in the host's nouns, and what is refused of it.

use yardstick_domain::finding::{Grade, Outcome, Reason};
use yardstick_domain::frame::{Shape, Value};
use yardstick_domain::question::Bucket;

use super::support::{code, engine, frames, load, told};

#[tokio::test]
async fn a_guest_that_behaves_is_heard_completely() {
    let engine = engine();
    let plugin = load(&engine, "benign");
    assert_eq!(plugin.contract(), "1.0");
    assert_eq!(plugin.manifest().plugin.name.as_str(), "tests/benign");
    assert_eq!(plugin.description().summary, "A guest of the tests");
    assert_eq!(plugin.description().metric_names().collect::<Vec<_>>(), ["metric"]);

    let plan = engine.plan(&plugin, &told("")).await.result.unwrap();
    assert_eq!(plan.len(), 2);
    assert_eq!((plan[0].key.as_str(), plan[0].shape, plan[0].max_rows), ("totals", Shape::Totals, 1));
    assert_eq!((plan[1].shape, plan[1].bucket), (Shape::Series, Some(Bucket::Day)));
    assert_eq!(plan[1].max_rows, 1_000_000, "the host's own bound");
    assert_eq!(plan[1].filters, [("plan".to_owned(), "enterprise".to_owned())]);
    assert_eq!(plan[1].window, told("").window);

    let run = engine.evaluate(&plugin, &told(""), frames(&[1.0, 2.0, 3.0])).await;
    let finding = run.result.unwrap();
    assert_eq!((finding.outcome, finding.grade), (Outcome::Pass, Grade::TargetOnly));
    let primary = finding.primary.unwrap();
    assert_eq!((primary.value, primary.low, primary.high), (2.0, Some(1.0), Some(3.0)));
    assert_eq!((primary.n, primary.confidence, primary.log10_p), (Some(3), Some(0.95), Some(-2.5)));
    assert_eq!(finding.others[0].value, 6.0);
    assert_eq!(finding.tables[0].rows.len(), 3);
    assert_eq!(finding.warnings, ["as of 1774936800000"]);
    assert_eq!(finding.more, [("rows".to_owned(), Value::Integer(3))]);
    assert_eq!(run.log.lines[0].message, "judging");
    assert!(run.usage.fuel > 1_000 && run.usage.fuel < 1_000_000, "{:?}", run.usage);
    assert_eq!(run.usage.host_calls, 6, "columns, f64s, moments, log, rows and the frame's drop");
    assert!(run.usage.memory_peak >= 65_536 && run.usage.memory_peak <= run.usage.memory_limit);
}

#[tokio::test]
async fn every_number_of_a_finding_must_be_finite() {
    let engine = engine();
    let plugin = load(&engine, "odd_findings");
    let places = [
        ("target", "target"),
        ("value", "primary (observed).value"),
        ("low", "primary (observed).low"),
        ("high", "primary (observed).high"),
        ("confidence", "primary (observed).confidence"),
        ("log10-p", "primary (observed).log10-p"),
        ("estimate-more", "primary (observed).more[0] (fact)"),
        ("other", "others[0] (other).value"),
        ("more", "more[0] (fact)"),
        ("cell", "tables[0].rows[0]"),
    ];
    for (place, field) in places {
        for number in ["nan", "inf", "-inf"] {
            let run = engine.evaluate(&plugin, &told(&format!("{place}={number}")), frames(&[1.0])).await;
            assert_eq!(code(&run), "plugin-not-finite", "{place}={number}");
            let message = run.result.unwrap_err().message;
            assert!(message.contains(field), "{place}: {message}");
        }
    }
}

#[tokio::test]
async fn findings_that_break_a_rule_are_refused_by_field() {
    let engine = engine();
    let plugin = load(&engine, "odd_findings");
    let cases = [
        ("empty-headline", "plugin-answer", "headline: it is empty"),
        ("long-headline", "plugin-output", "headline: 501 characters, 500 are allowed"),
        ("huge-headline", "plugin-output", "more than 1048576 bytes"),
        ("long-method", "plugin-output", "method: 201 characters"),
        ("backward-interval", "plugin-answer", "primary (observed): its interval starts at 2 and ends at 1"),
        ("unnamed-estimate", "plugin-answer", "primary.name: it is empty"),
        ("confidence=2", "plugin-answer", "primary (observed).confidence: 2"),
        ("confidence=-2", "plugin-answer", "primary (observed).confidence: -2"),
        ("log10-p=2", "plugin-answer", "primary (observed).log10-p: 2"),
        ("empty-code", "plugin-answer", "outcome.code"),
        ("odd-code", "plugin-answer", "outcome.code: \"Not A Code\""),
        ("long-code", "plugin-answer", "outcome.code"),
        ("borrowed-code", "plugin-answer", "\"plugin-fuel\" belongs to error, not to too-early"),
        ("many-others", "plugin-output", "others: 65 of them, 64 are allowed"),
        ("many-facts", "plugin-output", "more: 65 of them"),
        ("many-warnings", "plugin-output", "warnings: 33 of them"),
        ("many-tables", "plugin-output", "tables: 17 of them"),
        ("many-columns", "plugin-output", "tables[0].columns: 33 of them"),
        ("many-rows", "plugin-output", "tables[0].rows: 1001 of them"),
        ("narrow-row", "plugin-answer", "tables[0].rows[0]: 1 cells under 2 columns"),
        ("large-in-all", "plugin-output", "65536 bytes"),
    ];
    for (what, expected, words) in cases {
        let run = engine.evaluate(&plugin, &told(what), frames(&[1.0])).await;
        assert_eq!(code(&run), expected, "{what}");
        let failure = run.result.unwrap_err();
        assert!(failure.replayable, "{what}");
        assert!(failure.message.contains(words), "{what}: {}", failure.message);
    }
}

#[tokio::test]
async fn findings_at_the_edge_of_a_rule_are_taken() {
    let engine = engine();
    let plugin = load(&engine, "odd_findings");
    let run = engine.evaluate(&plugin, &told("longest-headline"), frames(&[1.0])).await;
    assert_eq!(run.result.unwrap().headline.chars().count(), 500);
    let run = engine.evaluate(&plugin, &told("control-headline"), frames(&[1.0])).await;
    assert_eq!(run.result.unwrap().headline, "red\\u{1b}[31m\\nalert");
    let run = engine.evaluate(&plugin, &told("own-code"), frames(&[1.0])).await;
    assert_eq!(run.result.unwrap().outcome, Outcome::undecided(Reason::UntrustedData, "seasonal-shift"));
}

#[tokio::test]
async fn plans_that_cannot_be_carried_out_are_refused_by_field() {
    let engine = engine();
    let plugin = load(&engine, "odd_plans");
    let cases = [
        ("same-key", "plugin-plan", "queries[1].key: \"totals\" is the key of another query too"),
        ("empty-key", "plugin-answer", "queries[0].key: it is empty"),
        ("long-key", "plugin-output", "queries[0].key: 81 characters, 80 are allowed"),
        (
            "unknown-metric",
            "plugin-plan",
            "\"metrc\" is none of the criterion's metrics (metric). Did you mean",
        ),
        ("empty-window", "plugin-plan", "queries[0] (totals).window: it starts at"),
        ("backward-window", "plugin-plan", "queries[0] (totals).window: it starts at"),
        ("long-window", "plugin-plan", "is longer than 7305 days"),
        ("impossible-window", "plugin-plan", "is no span of unix milliseconds"),
        ("bucket-of-totals", "plugin-plan", "bucket: only a series has buckets"),
        ("no-bucket", "plugin-plan", "bucket: a series needs one"),
        ("odd-bucket", "plugin-plan", "bucket: \"month\", and buckets are \"day\" or \"week\""),
        ("no-rows", "plugin-plan", "max-rows: 0"),
        ("twice-split", "plugin-plan", "splits: \"region\" is named twice"),
        ("many-splits", "plugin-output", "splits: 9 of them, 8 are allowed"),
        ("many-filters", "plugin-output", "filters: 33 of them"),
        ("not-finite", "plugin-not-finite", "more[0] (weight): NaN"),
        ("refuse", "parameters", "target: must lie above\\n0, found -1"),
    ];
    for (what, expected, words) in cases {
        let run = engine.plan(&plugin, &told(what)).await;
        assert_eq!(code(&run), expected, "{what}");
        let message = run.result.unwrap_err().message;
        assert!(message.contains(words), "{what}: {message}");
    }
    assert_eq!(engine.plan(&plugin, &told("nothing")).await.result.unwrap().len(), 1);
}

#[tokio::test]
async fn a_guest_may_say_that_it_cannot_judge() {
    let engine = engine();
    let plugin = load(&engine, "refuses");
    let cases = [
        ("", "the series\\nhas \\u{1b}[31mno days".to_owned()),
        ("silently", "(it gave no reason)".to_owned()),
        ("long", format!("{}…", "x".repeat(500))),
    ];
    for (what, words) in cases {
        let run = engine.evaluate(&plugin, &told(what), frames(&[1.0])).await;
        assert_eq!(code(&run), "plugin-refused");
        assert_eq!(run.result.unwrap_err().message, words);
    }
}

#[tokio::test]
async fn parameters_are_checked_by_the_guests_schema() {
    let plugin = load(&engine(), "benign");
    assert_eq!(plugin.check_params(&serde_json::json!({ "do": "it" })), []);
    let problems = plugin.check_params(&serde_json::json!({ "do": 1 }));
    assert_eq!((problems.len(), problems[0].field.as_str()), (1, "do"));
}
