use std::fmt::Write as _;

use jiff::SignedDuration;
use proptest::prelude::*;
use yardstick_domain::metric::{Basis, Better, Grain, Kind, Missing, Visibility};
use yardstick_domain::point::Measure;

use super::*;

fn metric(kind: Kind) -> Metric {
    Metric {
        key: "app.uses".parse().expect("a key"),
        title: "Uses".into(),
        owner: "grace.kim@example.com".parse().expect("a person"),
        team: "bizops".parse().expect("a team"),
        definition: "Uses.".into(),
        definition_version: 1,
        kind,
        unit: "uses".into(),
        better: Better::Higher,
        basis: Basis::Recorded,
        sampled: false,
        covers_days: None,
        grain: Grain::Day,
        time_zone: "UTC".into(),
        missing: Missing::Gap,
        fresh_within: SignedDuration::from_hours(24),
        visibility: Visibility::Company,
        dimensions: BTreeMap::from([("plan".into(), vec!["free".into(), "paid".into()])]),
        unit_dimension: None,
        source: "points".into(),
        import: ImportColumns::default(),
        links: BTreeMap::new(),
    }
}

/// How most files here are read: plans in their column, `all` for the total.
fn long() -> Mapping {
    let total = BTreeMap::from([("plan".to_owned(), "all".to_owned())]);
    Mapping { columns: ImportColumns { total, ..ImportColumns::default() }, ..Mapping::default() }
}

fn wide() -> Mapping {
    Mapping { wide: Some("plan".to_owned()), ..long() }
}

/// Reads a file to its end: its points, or what is wrong with it.
fn read(
    format: Format,
    file: &[u8],
    metric: &Metric,
    mapping: &Mapping,
) -> Result<Vec<(u64, Point)>, Vec<String>> {
    let now = "2026-04-01T00:00:00Z".parse().expect("an instant");
    let told = |problems: Vec<RowProblem>| problems.iter().map(ToString::to_string).collect::<Vec<_>>();
    let zone = TimeZone::UTC;
    let mut rows = Rows::open(format, file, metric, &zone, mapping, now).map_err(told)?;
    let (mut points, mut problems) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next_row() {
        match row {
            Ok(found) => points.extend(found.into_iter().map(|point| (rows.line(), point))),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(points) } else { Err(told(problems)) }
}

fn ndjson(text: &str, kind: Kind, mapping: &Mapping) -> Result<Vec<(u64, Point)>, Vec<String>> {
    read(Format::Ndjson, text.as_bytes(), &metric(kind), mapping)
}

fn refused<T: fmt::Debug>(read: Result<T, Vec<String>>) -> String {
    read.expect_err("something is wrong").join(" | ")
}

#[test]
fn a_name_tells_the_format() {
    for (name, expected) in [
        ("usage.csv", Some(Format::Csv)),
        ("usage.CSV.gz", Some(Format::Csv)),
        ("usage.2026.ndjson", Some(Format::Ndjson)),
        ("usage.jsonl.gz", Some(Format::Ndjson)),
        ("usage.json", None),
        ("usage.gz", None),
        ("csv", None),
        ("-", None),
        ("", None),
        ("ü.gz", None),
    ] {
        assert_eq!(Format::of_name(name), expected, "{name}");
    }
    assert!(named_gzip("a.GZ") && named_gzip(".gz"));
    assert!(!named_gzip("gz") && !named_gzip("ü") && !named_gzip(""));
    for format in Format::ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    assert_eq!("json".parse::<Format>(), Err("\"json\" is no format; expected csv or ndjson".to_owned()));
}

#[test]
fn missing_is_missing_however_it_is_written() {
    let text = "\u{feff}{\"day\":\"2026-03-01\",\"plan\":\"free\",\"value\":1}\r\n\r\n\
                {\"day\":\"2026-03-02\",\"plan\":\"free\",\"value\":null}\n\
                {\"day\":\"2026-03-03\",\"plan\":\"free\"}\n\
                {\"value\":-2.5e1,\"plan\":\"all\",\"day\":\"2026-03-04\",\"note\":[{\"a\":1}]}";
    let points = ndjson(text, Kind::Sum, &long()).expect("rows");
    let found: Vec<(u64, f64, usize)> =
        points.iter().map(|(line, point)| (*line, point.measure.sum, point.dimensions.len())).collect();
    assert_eq!(found, [(1, 1.0, 1), (5, -25.0, 0)]);
    let text = "{\"day\":\"2026-03-01\",\"free\":3}\n{\"day\":\"2026-03-02\",\"free\":null,\"all\":7}\n";
    let points = ndjson(text, Kind::Gauge, &wide()).expect("rows");
    let found: Vec<f64> = points.iter().map(|(_, point)| point.measure.sum).collect();
    assert_eq!(found, [3.0, 7.0]);
    let text = "{\"day\":\"2026-03-01\",\"plan\":\"free\",\"sum\":3,\"n\":2,\"sum_sq\":5}";
    let points = ndjson(text, Kind::Mean, &long()).expect("rows");
    assert_eq!(points[0].1.measure, Measure { sum: 3.0, n: Some(2.0), sum_sq: Some(5.0) });
}

#[test]
fn lines_that_are_no_rows_are_named() {
    let day = "\"day\":\"2026-03-01\",\"plan\":\"free\"";
    for (line, expected) in [
        (
            format!("{{{day},\"value\":\"5\"}}"),
            "line 1, value: \"5\" is a text; write a number without quotes",
        ),
        (format!("{{{day},\"value\":true}}"), "line 1, value: is true; expected a number"),
        (format!("{{{day},\"value\":[1]}}"), "line 1, value: is a list; expected a number"),
        (format!("{{{day},\"value\":{{\"n\":1}}}}"), "line 1, value: is an object; expected a number"),
        (format!("{{{day},\"value\":1,\"value\":2}}"), "line 1: the field \"value\" is there twice (column"),
        (format!("{{{day},\"value\":1e999}}"), "line 1: number out of range"),
        (format!("{{{day},\"value\":NaN}}"), "line 1: expected value"),
        (format!("{{{day},\"value\":1"), "line 1: EOF while parsing an object"),
        (format!("{{{day},\"value\":1}} {{}}"), "line 1: trailing characters"),
        (format!("[{{{day},\"value\":1}}]"), "line 1: invalid type: sequence, expected an object"),
        ("\"value\"".to_owned(), "expected an object"),
        (
            "{\"day\":20260301,\"value\":1}".to_owned(),
            "line 1, day: 20260301 is a number; write it as a text",
        ),
        ("{\"value\":1}".to_owned(), "line 1, day: \"\" is no day"),
        ("{\"day\":\"2026-05-01\",\"value\":1}".to_owned(), "line 1, day: 2026-05-01 is in the future"),
        ("{\"day\":\"2026-03-01\",\"value\":1}".to_owned(), "plan: is empty; expected a plan, or \"all\""),
        ("{\"day\":\"2026-03-01\",\"plan\":\"fre\",\"value\":1}".to_owned(), "Did you mean \"free\"?"),
    ] {
        let problems = refused(ndjson(&line, Kind::Sum, &long()));
        assert!(problems.contains(expected), "{line}: {problems}");
    }
    let text = format!("{{{day},\"value\":x}}\n{{{day},\"value\":1}}\n{{{day}}}\n{{{day},\"value\":\"\"}}\n");
    let problems = ndjson(&text, Kind::Sum, &long()).expect_err("two bad rows");
    assert_eq!(problems.len(), 2);
    assert!(problems[1].starts_with("line 4, value: \"\" is a text"), "{problems:?}");
    let partial = format!("{{{day},\"numerator\":1}}");
    let problems = refused(ndjson(&partial, Kind::Ratio, &long()));
    assert!(problems.contains("denominator: is empty, but the row has other values"), "{problems}");
    let deep = format!("{{{day},\"value\":1,\"note\":{}}}", "[".repeat(100_000));
    assert!(refused(ndjson(&deep, Kind::Sum, &long())).contains("line 1: expected value"));
}

#[test]
fn fields_that_no_row_has_are_named() {
    let text = "{\"day\":\"2026-03-01\",\"plan\":\"free\",\"valeu\":1}\n";
    assert_eq!(
        refused(ndjson(text, Kind::Sum, &long())),
        "line 1: the file has no field \"value\" for the value. Did you mean \"valeu\"?; it has day, plan, valeu"
    );
    let only = Mapping { only: BTreeMap::from([("kind".into(), "uses".into())]), ..long() };
    let text = text.replace("valeu", "value");
    let problems = refused(ndjson(&text, Kind::Sum, &only));
    assert_eq!(problems, "line 1: the file has no field \"kind\" for choosing rows; it has day, plan, value");
    assert!(
        refused(ndjson(&text, Kind::Gauge, &wide())).contains("no field \"free\" for a value of the wide")
    );
    assert!(refused(ndjson(&text, Kind::Mean, &wide())).contains("a mean has several numbers a row"));
    for empty in ["", "\n\r\n"] {
        assert_eq!(
            refused(ndjson(empty, Kind::Sum, &long())),
            "line 1: the file is empty; expected a JSON object in every line"
        );
    }
    let null = text.replace(":1", ":null");
    assert_eq!(ndjson(&null, Kind::Sum, &long()).expect("a row without a value"), []);
}

#[test]
fn csv_is_read_line_by_line() {
    let read = |bytes: &[u8]| read(Format::Csv, bytes, &metric(Kind::Sum), &long());
    let points =
        read(b"day,plan,\"va\"\"lue\",value\r\n2026-03-01,\"free\",\"a, b\",1\r\n\r\n2026-03-02,all,,2");
    let points = points.expect("rows");
    assert_eq!(points.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 4]);
    let problems = read(b"day,plan,value\n2026-03-01,\"free,1\n2026-03-02,free\n2026-03-03,free,3\n");
    let problems = problems.expect_err("two bad rows");
    assert_eq!(
        problems,
        [
            "line 2: \"free,1\" goes over several lines; is a quote not closed?",
            "line 3: 2 cells; the header has 3"
        ]
    );
    let endless = [b"day,plan,value\n\"", vec![b'x'; 2 * LONGEST_LINE].as_slice()].concat();
    let problems = read(&endless);
    assert!(refused(problems).starts_with("line 2: longer than 1048576 bytes"));
    let problems = read(b"day,plan,value\n\xff\n");
    assert_eq!(refused(problems), "line 2: not UTF-8; save the file as UTF-8");
    assert!(refused(read(b"day,day,value\n")).contains("two columns \"day\""));
    assert!(refused(read(b"\n")).contains("the file is empty; expected a header"));
}

#[test]
fn messages_are_short_whatever_the_file_holds() {
    let long = |format: Format, text: &str, mapping: &Mapping| {
        let problems = read(format, text.as_bytes(), &metric(Kind::Sum), mapping).expect_err("no rows");
        assert!(problems.len() <= 100, "{}", problems.len());
        for problem in problems {
            assert!(problem.len() < 2_000, "{} bytes: {}", problem.len(), shown(&problem));
        }
    };
    let (much, mapping) = ("x".repeat(LONGEST_LINE / 2), self::long());
    long(Format::Ndjson, &format!("\"{much}\""), &mapping);
    long(Format::Ndjson, &format!("{{\"day\":\"{much}\"}}"), &mapping);
    long(Format::Ndjson, &format!("{{\"day\":\"2026-03-01\",\"plan\":\"{much}\",\"value\":1}}"), &mapping);
    long(Format::Csv, &format!("day,plan,value\n2026-03-01,\"{much}"), &mapping);
    long(Format::Csv, &format!("{much},plan,value\n"), &mapping);
    long(Format::Csv, &"a,".repeat(LONGEST_LINE / 4), &mapping);
}

#[test]
fn a_wide_file_of_thousands_of_columns_is_read_and_lacks_a_hundred_at_most() {
    let values: Vec<String> = (0..20_000).map(|index| format!("plan-{index}")).collect();
    let metric =
        Metric { dimensions: BTreeMap::from([("plan".into(), values.clone())]), ..metric(Kind::Gauge) };
    let file =
        |names: &[String]| format!("day,all,{}\n2026-03-01,9{}\n", names.join(","), ",1".repeat(names.len()));
    let points = read(Format::Csv, file(&values).as_bytes(), &metric, &wide()).expect("rows");
    assert_eq!(points.len(), 20_001);
    let others: Vec<String> = values.iter().map(|name| name.replace('-', "_")).collect();
    let problems = read(Format::Csv, file(&others).as_bytes(), &metric, &wide()).expect_err("no columns");
    assert_eq!(problems.len(), 100);
    let row = format!("{{\"day\":\"2026-03-01\",\"all\":9,\"{}\":1}}", values.join("\":1,\""));
    let points = read(Format::Ndjson, row.as_bytes(), &metric, &wide()).expect("a row");
    assert_eq!(points.len(), 20_001);
}

/// A row: day of March, plan, numerator and denominator.
type Sample = (u8, &'static str, Option<(f64, f64)>);

fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let number = prop_oneof![Just(0.0), -1e6..1e6, any::<i32>().prop_map(f64::from), 1e-300..1e300];
    let denominator = prop_oneof![Just(0.0), 0.0..1e9, any::<u32>().prop_map(f64::from)];
    let plan = prop_oneof![Just("free"), Just("paid"), Just("all")];
    let row = (1_u8..=31, plan, proptest::option::of((number, denominator)));
    proptest::collection::vec(row, 1..30)
}

proptest! {
    #[test]
    fn the_same_rows_are_the_same_points_in_both_formats(rows in samples()) {
        let (mut csv, mut ndjson) = ("note,day,plan,numerator,denominator\n".to_owned(), String::new());
        // The first line always has all fields, so that none is unknown.
        ndjson += "{\"numerator\":null,\"denominator\":null,\"day\":\"2026-03-01\",\"plan\":\"all\"}\n";
        csv += ",2026-03-01,all,,\n";
        for (day, plan, numbers) in rows {
            let (numerator, denominator) =
                numbers.map_or(<(String, String)>::default(), |(a, b)| (a.to_string(), format!("{b:e}")));
            writeln!(csv, "\"a \"\"b\"\"\",2026-03-{day:02},{plan},{numerator},{denominator}").expect("text");
            let numbers = numbers.map_or(String::new(), |(a, b)| format!(",\"numerator\":{a:e},\"denominator\":{b}"));
            writeln!(ndjson, "{{\"plan\":\"{plan}\",\"day\":\"2026-03-{day:02}\"{numbers}}}").expect("text");
        }
        let metric = metric(Kind::Ratio);
        let csv = read(Format::Csv, csv.as_bytes(), &metric, &long()).expect("rows");
        let ndjson = read(Format::Ndjson, ndjson.as_bytes(), &metric, &long()).expect("rows");
        let points = |rows: Vec<(u64, Point)>| rows.into_iter().map(|(_, point)| point).collect::<Vec<_>>();
        prop_assert_eq!(points(csv), points(ndjson));
    }

    #[test]
    fn no_bytes_make_it_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        csv in any::<bool>(),
        kind in prop_oneof![Just(Kind::Gauge), Just(Kind::Mean), Just(Kind::Ratio)],
    ) {
        let format = if csv { Format::Csv } else { Format::Ndjson };
        let _ = read(format, &bytes, &metric(kind), &long());
    }

    #[test]
    fn no_text_makes_it_panic(
        text in "(day|plan|value|free|2026-03-0[1-9]|[\\[\\]{}\",:\\\\ 0-9e.\r\n\u{e4}-]){0,60}",
        is_wide in any::<bool>(),
    ) {
        let mapping = if is_wide { wide() } else { long() };
        let header = format!("day,plan,value,free,paid,all\n{text}");
        let _ = read(Format::Csv, header.as_bytes(), &metric(Kind::Gauge), &mapping);
        let _ = read(Format::Ndjson, text.as_bytes(), &metric(Kind::Gauge), &mapping);
    }
}
