//! A frame that was recorded is saved beside a case and read again to the bit; what is no frame is refused in words.

use jiff::tz::TimeZone;
use proptest::prelude::*;
use yardstick_domain::frame::{Attrs, Column, Frame, Shape, Value};
use yardstick_domain::metric::Better;
use yardstick_domain::question::{AskedMetric, Bucket, Query};
use yardstick_domain::time::Window;
use yardstick_metrics::frame_csv::{self, Told};

const NUMBERS: [&str; 6] = ["value", "n", "sum", "sum_sq", "buckets", "expected"];

fn metric() -> AskedMetric {
    AskedMetric {
        name: "metric".into(),
        key: "app.uses".into(),
        kind: "sum".into(),
        unit: "uses".into(),
        better: Better::Higher,
        complete_through: None,
        more: Vec::new(),
    }
}

fn query(shape: Shape, splits: &[&str]) -> Query {
    Query {
        key: "metric".into(),
        metric: "metric".into(),
        shape,
        window: Window {
            start: "2026-03-01T00:00:00Z".parse().unwrap(),
            end: "2026-03-04T00:00:00Z".parse().unwrap(),
        },
        bucket: (shape == Shape::Series).then_some(Bucket::Day),
        filters: Vec::new(),
        splits: splits.iter().map(|split| (*split).to_owned()).collect(),
        max_rows: 1_000,
        more: Vec::new(),
    }
}

fn read(shape: Shape, splits: &[&str], about: &Attrs, csv: &str) -> Result<Frame, Vec<String>> {
    let (query, metric) = (query(shape, splits), metric());
    frame_csv::read(
        &Told { shape, query: &query, metric: &metric, zone: &TimeZone::UTC, about },
        csv.as_bytes(),
    )
}

/// Any finite number to the bit, and null.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => any::<f64>().prop_map(|number| if number.is_finite() { number } else { f64::NAN }),
        1 => Just(f64::NAN),
        1 => prop::sample::select(vec![0.0, -0.0, 0.1, f64::MAX, f64::MIN_POSITIVE, 5e-324]),
    ]
}

/// What people call a segment, and whatever else fits into a text.
fn label() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,6}", ".{0,12}", "[ \t\r\n\",;\u{0}\u{feff}]{0,6}"]
}

/// A frame as a source gives it: labels in order, each used, and facts of its own.
fn frame() -> impl Strategy<Value = (Shape, usize, Frame)> {
    let shape = prop::sample::select(vec![Shape::Series, Shape::Totals, Shape::Samples]);
    (shape, 0..3_usize, 0..12_usize).prop_flat_map(|(shape, splits, rows)| {
        let numbers = prop::collection::vec(prop::collection::vec(number(), rows), NUMBERS.len());
        let texts = prop::collection::vec(prop::collection::vec(label(), rows), splits);
        let times = prop::collection::vec(-30_610_224_000_000_i64..253_402_207_200_000, rows);
        (numbers, texts, times).prop_map(move |(numbers, texts, times)| {
            let mut columns = Vec::new();
            if shape == Shape::Series {
                columns.push(("time".to_owned(), Column::S64(times)));
            }
            let kept = match shape {
                Shape::Samples => 1,
                Shape::Series => 4,
                Shape::Totals => 6,
            };
            for (name, values) in NUMBERS.into_iter().zip(numbers).take(kept) {
                columns.push((name.to_owned(), Column::F64(values)));
            }
            for (index, texts) in texts.into_iter().enumerate() {
                let mut labels = texts.clone();
                labels.sort_unstable();
                labels.dedup();
                let codes = texts.iter().map(|text| labels.binary_search(text).unwrap() as u32).collect();
                columns.push((format!("split{index}"), Column::Codes { codes, labels }));
            }
            let about =
                vec![("window-start".to_owned(), Value::Integer(1)), ("late".to_owned(), Value::Integer(7))];
            (shape, splits, Frame::new(shape, columns, about).unwrap())
        })
    })
}

/// Frames in which a null equals a null, and 0 does not equal -0.
fn bits(frame: &Frame) -> Vec<(String, Vec<String>)> {
    let cells = |column: &Column| match column {
        Column::F64(values) => values
            .iter()
            .map(|value| if value.is_nan() { "null".to_owned() } else { format!("{:x}", value.to_bits()) })
            .collect(),
        Column::S64(values) => values.iter().map(ToString::to_string).collect(),
        Column::Codes { codes, labels } => codes.iter().map(|code| labels[*code as usize].clone()).collect(),
    };
    frame.columns().iter().map(|(name, column)| (name.clone(), cells(column))).collect()
}

proptest! {
    #[test]
    fn what_is_written_is_read_again_to_the_bit((shape, splits, frame) in frame()) {
        let names: Vec<String> = (0..splits).map(|index| format!("split{index}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let about = vec![("window-start".to_owned(), Value::Integer(1)), ("late".to_owned(), Value::Integer(7))];
        let written = frame_csv::write(&frame);
        let again = read(shape, &names, &about, &written).map_err(|problems| {
            TestCaseError::fail(format!("{problems:?} in {written:?}"))
        })?;
        prop_assert_eq!(bits(&again), bits(&frame), "{}", written);
        prop_assert_eq!(again.about(), frame.about());
    }

    #[test]
    fn rubbish_is_refused_and_never_panics(csv in prop_oneof![".{0,200}", "[a-z,\n\"0-9]{0,200}"]) {
        for shape in [Shape::Series, Shape::Totals, Shape::Samples] {
            if let Err(problems) = read(shape, &["split0"], &Vec::new(), &csv) {
                prop_assert!(!problems.is_empty() && problems.len() <= 20);
            }
        }
    }
}

#[test]
fn what_is_no_frame_is_said_with_its_line() {
    let table: [(&str, Shape, &[&str], &[&str]); 9] = [
        ("", Shape::Totals, &[], &["there is no column of numbers; expected some of value, n, sum"]),
        ("sum\nnine\n", Shape::Totals, &[], &["line 2: sum: \"nine\" is no number; expected such as 0.25"]),
        ("sum\n1e999\n", Shape::Totals, &[], &["line 2: sum: \"1e999\" is no number"]),
        ("sum\nNaN\n", Shape::Totals, &[], &["line 2: sum: \"NaN\" is no number"]),
        ("sum,sum\n1,2\n", Shape::Totals, &[], &["the column \"sum\" is there twice"]),
        (
            "summ\n1\n",
            Shape::Totals,
            &[],
            &["the column \"summ\" is none of a frame of totals: value, n, sum", "no column of numbers"],
        ),
        ("value\n1\n", Shape::Series, &["plan"], &["\"plan\" is missing", "\"time\" is missing"]),
        ("time,value\n2026-03-32,1\n", Shape::Series, &[], &["line 2: time: \"2026-03-32\" is no day"]),
        ("sum,n\n1\n", Shape::Totals, &[], &["line: 2"]),
    ];
    for (csv, shape, splits, says) in table {
        let problems = read(shape, splits, &Vec::new(), csv).unwrap_err();
        assert_eq!(problems.len(), says.len(), "{csv:?}: {problems:?}");
        for (problem, words) in problems.iter().zip(says) {
            assert!(problem.contains(words), "{csv:?}: {problem}");
        }
    }
    let many = format!("sum\n{}", "x\n".repeat(100));
    assert_eq!(read(Shape::Totals, &[], &Vec::new(), &many).unwrap_err().len(), 20);
}
