//! Guests that mean harm, written in Rust. Each is stopped with its own code, and the next call on the same
//! thread is unaffected.

use super::support::{assert_unaffected, code, engine, frames, load, told, upload};
use yardstick_tests::guests;

/// The guest, what it is told, the code, and words of the message.
const EVALUATE: [(&str, &str, &str, &str); 8] = [
    ("endless_evaluate", "", "plugin-fuel", "used up its 50000000 units of fuel in evaluate"),
    ("recursion", "", "plugin-stack", "recursion::deeper"),
    ("memory_bomb", "", "plugin-memory", "33554432 are allowed"),
    ("copy_storm", "", "plugin-fuel", "in evaluate"),
    ("host_call_flood", "", "plugin-host-calls", "more than 10000 times"),
    ("panics", "evaluate", "plugin-trap", "panics::divide_the_undividable"),
    ("unreachable", "", "plugin-trap", "in evaluate"),
    ("exits", "", "plugin-trap", "called exit"),
];

#[tokio::test]
async fn evaluate_is_stopped_and_the_next_call_is_unaffected() {
    let engine = engine();
    let benign = load(&engine, "benign");
    for (name, what, expected, words) in EVALUATE {
        let plugin = load(&engine, name);
        let run = engine.evaluate(&plugin, &told(what), frames(&[1.0])).await;
        assert_eq!(code(&run), expected, "{name}: {:?}", run.result);
        let failure = run.result.unwrap_err();
        assert!(failure.message.contains(words), "{name}: {}", failure.message);
        assert!(failure.replayable, "{name}");
        assert!(run.usage.memory_peak <= run.usage.memory_limit, "{name}");
        assert_unaffected(&engine, &benign).await;
    }
}

#[tokio::test]
async fn plan_is_stopped_and_the_next_call_is_unaffected() {
    let engine = engine();
    let benign = load(&engine, "benign");
    let cases = [
        ("endless_plan", "", "plugin-fuel", "in plan"),
        ("panics", "plan", "plugin-trap", "in plan"),
        ("many_queries", "65", "plugin-output", "queries: 65 of them, 64 are allowed"),
        ("many_queries", "1000000", "plugin-memory", "bytes of memory"),
        ("many_queries", "20000", "plugin-output", "more than 1048576 bytes at once in plan"),
    ];
    for (name, what, expected, words) in cases {
        let plugin = load(&engine, name);
        let run = engine.plan(&plugin, &told(what)).await;
        assert_eq!(code(&run), expected, "{name} {what}: {:?}", run.result);
        let message = run.result.unwrap_err().message;
        assert!(message.contains(words), "{name} {what}: {message}");
        assert_unaffected(&engine, &benign).await;
    }
}

#[tokio::test]
async fn describe_is_stopped_when_the_plugin_is_loaded() {
    let engine = engine();
    let refusal = upload(&engine, &guests::load("endless_describe")).unwrap_err();
    assert_eq!(refusal.code(), "plugin-describe");
    assert!(refusal.to_string().contains("used up its 10000000 units of fuel in describe"), "{refusal}");
    let refusal = upload(&engine, &guests::load("odd_descriptions")).unwrap_err();
    assert_eq!(refusal.code(), "plugin-schema");
    assert!(refusal.to_string().contains("leads back to itself"), "{refusal}");
    assert_unaffected(&engine, &load(&engine, "benign")).await;
}

#[tokio::test]
async fn a_stopped_call_says_what_it_used() {
    let engine = engine();
    let plugin = load(&engine, "endless_evaluate");
    let usage = engine.evaluate(&plugin, &told(""), frames(&[1.0])).await.usage;
    assert_eq!((usage.fuel, usage.fuel_limit), (50_000_000, 50_000_000));
    let plugin = load(&engine, "host_call_flood");
    let usage = engine.evaluate(&plugin, &told(""), frames(&[1.0])).await.usage;
    assert_eq!((usage.host_calls, usage.host_call_limit), (10_001, 10_000));
}

#[tokio::test]
async fn a_flood_of_log_lines_is_counted_and_dropped() {
    let engine = engine();
    let plugin = load(&engine, "log_flood");
    let run = engine.evaluate(&plugin, &told(""), frames(&[1.0])).await;
    assert!(run.result.is_ok());
    // 50 lines of 1 KiB leave room for 150 short ones.
    assert_eq!((run.log.lines.len(), run.log.dropped_lines), (200, 850));
    assert!(run.log.lines.iter().all(|line| line.message.len() <= 1_024));
    assert!(run.log.dropped_bytes > 50 * 976);
    assert_eq!(run.log.lines[50].message, "short\\u{1b}[2J");
}

#[tokio::test]
async fn data_read_against_their_description_stop_the_guest() {
    let engine = engine();
    let plugin = load(&engine, "misreads");
    let cases = [
        ("column", "column 99 was read, and there are 3 columns"),
        ("type", "column 0 (\"time\") was read as f64, and holds whole numbers"),
        ("labels", "column 1 (\"value\") was read as labels, and holds numbers"),
        ("codes", "was read as codes"),
        ("s64s", "was read as s64"),
        ("chunk", "65537 values were asked for at once, 65536 are allowed"),
        ("moments", "column 0 (\"time\")"),
        ("many-quantiles", "65 quantiles"),
        ("quantile", "the quantile 1.5"),
        ("nan-quantile", "the quantile NaN"),
    ];
    for (what, words) in cases {
        let run = engine.evaluate(&plugin, &told(what), frames(&[1.0, 2.0])).await;
        assert_eq!(code(&run), "plugin-frame", "{what}");
        let message = run.result.unwrap_err().message;
        assert!(message.contains(words) && message.contains("frame \"totals\""), "{what}: {message}");
    }
    let run = engine.evaluate(&plugin, &told("past-the-end"), frames(&[1.0, 2.0])).await;
    assert_eq!(run.result.unwrap().headline, "0 1");
}

#[tokio::test]
async fn frames_beyond_the_limits_are_not_even_given() {
    let engine = engine();
    let plugin = load(&engine, "benign");
    let run = engine.evaluate(&plugin, &told(""), frames(&vec![1.0; 1_000_001])).await;
    assert_eq!(code(&run), "too-many-rows");
    assert_eq!(run.usage.fuel, 0);
}

#[tokio::test]
async fn nothing_of_one_instance_is_seen_by_the_next() {
    let engine = engine();
    let plugin = load(&engine, "canary");
    for _ in 0..3 {
        let run = engine.evaluate(&plugin, &told("write"), frames(&[1.0])).await;
        assert_eq!(run.result.unwrap().headline, "written");
        assert!(run.usage.memory_peak > 16 << 20);
        let run = engine.evaluate(&plugin, &told("look"), frames(&[1.0])).await;
        assert!(run.usage.memory_peak > 16 << 20, "it looks where the other wrote");
        assert_eq!(run.result.unwrap().headline, "found 0");
    }
}
