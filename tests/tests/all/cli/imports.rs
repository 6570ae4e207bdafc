//! `yardstick import`: formats, standard input, keys, and how much memory it takes.

use std::fs::File;
use std::io::Write;
use std::process::Stdio;

use flate2::Compression;
use flate2::write::GzEncoder;
use yardstick_tests::both;

use super::Desk;
use crate::app::{SMALL, march};

pub(super) fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn desk(database: Option<&str>) -> Desk {
    let desk = Desk::new(database);
    desk.write("small.yaml", SMALL);
    desk.must("apply -f small.yaml");
    desk
}

#[test]
fn standard_input_and_pipes_are_imported() {
    let desk = desk(None);
    desk.write("march.csv", &march(1, 10, "9"));
    let from = |words: &str| {
        let file = File::open(desk.path("march.csv")).unwrap();
        Desk::ran(desk.command(words).stdin(file))
    };
    let ran = from("import - --metric app.uses --format csv --output json");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let imported: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((imported["import"]["new"].as_u64(), &imported["replayed"]), (Some(10), &false.into()));
    assert_eq!(imported["import"]["origin"], "standard input");
    assert!(from("import /dev/stdin --metric app.uses --format csv").out.contains("0 new · 10 unchanged"));
    let mut piped = desk.command("import - --metric app.uses --format csv --idempotency-key piped");
    let mut piped =
        piped.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    piped.stdin.take().unwrap().write_all(&gzip(&march(1, 10, "8"))).unwrap();
    assert!(piped.wait().unwrap().success());
    let replayed = desk.must("import march.csv --metric app.uses --idempotency-key other");
    assert!(replayed.contains("10 corrected"), "{replayed}");
}

#[test]
fn what_the_options_say_is_checked() {
    let desk = desk(None);
    desk.write("march.txt", &march(1, 10, "9"));
    desk.write_bytes("cut.csv.gz", &gzip(&march(1, 10, "9"))[..30]);
    for (words, code, expected) in [
        ("march.txt", 2, "march.txt: its name does not tell how rows are written; say --format csv or"),
        ("-", 2, "say --format csv or --format ndjson"),
        ("march.txt --format json", 2, "\"json\" is no format; expected csv or ndjson"),
        ("march.txt --format ndjson", 1, "line 1: expected value (column 1); expected one JSON object"),
        ("march.txt --format csv --idempotency-key ü", 2, "expected 1 to 255 visible ASCII characters"),
        ("cut.csv.gz", 1, "the gzip data end too early: the file is cut off"),
    ] {
        let ran = desk.run(&format!("import {words} --metric app.uses"));
        assert_eq!(ran.code, Some(code), "{words}: {ran:?}");
        assert!(ran.err.contains(expected), "{words}: {}", ran.err);
    }
    assert_eq!(desk.json("import list")["items"].as_array().unwrap().len(), 0);
}

#[test]
fn an_import_under_a_key_is_done_once() {
    let desk = desk(None);
    let words = "import march.csv --metric app.uses --idempotency-key run-7";
    desk.write("march.csv", &march(1, 10, "9"));
    assert!(!desk.must(words).contains("done before"));
    let again = desk.must(words);
    assert!(again.ends_with("10 new · 0 unchanged · 0 corrected · 0 withdrawn\ndone before under this key; nothing was written\n"), "{again}");
    desk.must("import undo 1");
    let undone = desk.must(words);
    assert!(undone.contains("it was undone at ") && undone.ends_with("use another key\n"), "{undone}");
    desk.write("march.csv", &march(1, 10, "8"));
    let other = desk.run(words);
    assert_eq!(other.code, Some(1));
    assert!(
        other.err.contains("the idempotency key \"run-7\" was used by local:tester for import 1"),
        "{}",
        other.err
    );
    assert_eq!(desk.json("import list")["items"].as_array().unwrap().len(), 1);
}

/// The dimensions of heavy rows.
const DIMENSIONS: [&str; 6] = ["one", "two", "three", "four", "five", "six"];

/// Eight rows a day with six long dimensions: 1.3 KB each as JSON, and more as points.
fn heavy(days: i32) -> String {
    let first: jiff::civil::Date = "1990-01-01".parse().unwrap();
    let mut lines = String::new();
    for day in 0..days {
        let day = yardstick_domain::time::plus_days(first, day);
        for letter in ["a", "b", "c", "d", "e", "f", "g", "h"] {
            let text = letter.repeat(200);
            let fields = DIMENSIONS.map(|name| format!(",\"{name}\":\"{text}\"")).concat();
            lines += &format!("{{\"day\":\"{day}\",\"value\":1{fields}}}\n");
        }
    }
    lines
}

both! {
    async fn memory_does_not_grow_with_the_file(database: Database) {
        let desk = desk(Some(&database.url));
        let dimensions = format!("missing: gap\ndimensions: {{ {}: [] }}", DIMENSIONS.join(": [], "));
        desk.write("small.yaml", &SMALL.replace("missing: gap", &dimensions).replace("app.uses", "app.heavy"));
        desk.must("apply -f small.yaml");
        let peak = |days: i32| {
            desk.write_bytes("heavy.ndjson.gz", &gzip(&heavy(days)));
            let mut command = desk.command("import heavy.ndjson.gz --metric app.heavy --output json");
            let ran = Desk::ran(command.env("YARDSTICK_PEAK_TO", desk.path("peak")));
            assert_eq!(ran.code, Some(0), "{ran:?}");
            std::fs::read_to_string(desk.path("peak")).ok().map(|kib| kib.parse::<u64>().unwrap())
        };
        // Where the system tells. The larger file has 18 MB more than the smaller one.
        if let (Some(small), Some(large)) = (peak(250), peak(2_000)) {
            assert!(large < small + 12 * 1024, "{small} KiB for 2,000 rows, {large} KiB for 16,000");
        }
        let metric = desk.json("metric show app.heavy");
        assert_eq!(metric["coverage"]["buckets"].as_u64(), Some(2_000), "{metric}");
    }
}
