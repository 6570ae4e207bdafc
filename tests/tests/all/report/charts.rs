//! Charts as SVG: what they look like, and what holds whatever they are drawn from.

use insta::assert_snapshot;
use proptest::prelude::*;
use yardstick_client::chart::{
    BaselinePart, ChartDocument, ChartPart, CheckpointPart, DaysPart, LevelPart, LinePart, ObservedPart,
};
use yardstick_client::document::EstimatePart;
use yardstick_report::chart::{Size, file_names, sheet, svg};
use yardstick_report::markdown;
use yardstick_report::terminal::{self, Style};
use yardstick_tests::charts::{adoption, search_errors, total_so_far, variants, withheld};

use super::pages::{only_known_markup, parsed};
use super::{HOSTILE, samples};

fn all() -> Vec<(&'static str, ChartPart)> {
    let nothing = ChartPart { lines: Vec::new(), observed: None, ..adoption() };
    let dateless = ChartPart { first_day: "soon".to_owned(), ..adoption() };
    vec![
        ("adoption", adoption()),
        ("search-errors", search_errors()),
        ("variants", variants()),
        ("withheld", withheld()),
        ("total-so-far", total_so_far()),
        ("nothing", nothing),
        ("dateless", dateless),
        ("hostile", hostile()),
    ]
}

/// A chart in which everything a person can write tries to leave its place.
fn hostile() -> ChartPart {
    let mut chart = variants();
    chart.target = adoption().target;
    for text in [
        &mut chart.criterion,
        &mut chart.title,
        &mut chart.unit,
        &mut chart.kind,
        &mut chart.time_zone,
        &mut chart.checkpoints[1].name,
    ] {
        *text = HOSTILE.to_owned();
    }
    chart.window.as_mut().unwrap().name = HOSTILE.to_owned();
    chart.lines[0].label = Some(HOSTILE.to_owned());
    chart.notes = vec![HOSTILE.to_owned()];
    chart
}

#[test]
fn charts_as_pictures() {
    for (name, chart) in all() {
        assert_snapshot!(format!("chart-{name}"), svg(&chart, Size::WIDE));
    }
    assert_snapshot!("chart-narrow", svg(&search_errors(), Size::NARROW));
}

#[test]
fn charts_hold_nothing_but_shapes_and_texts() {
    for (name, chart) in all() {
        for size in [Size::WIDE, Size::NARROW] {
            let text = svg(&chart, size);
            only_known_markup(&parsed(&text));
            assert_eq!(text, svg(&chart, size), "{name}: the same bytes again");
        }
    }
}

#[test]
fn a_gap_is_a_gap() {
    let text = svg(&adoption(), Size::WIDE);
    let document = parsed(&text);
    let line = document.descendants().find(|node| node.attribute("class") == Some("s-l0")).unwrap();
    // Three runs and, between two gaps of one day, none that is drawn as a line.
    assert_eq!(line.attribute("d").unwrap().matches('M').count(), 3);
    let mut lonely = adoption();
    lonely.lines[0].values = vec![None, Some(5.0), None];
    assert!(svg(&lonely, Size::WIDE).contains("<circle"), "a single day is a dot");
}

#[test]
fn nothing_is_drawn_that_is_withheld() {
    let text = svg(&withheld(), Size::WIDE);
    let document = parsed(&text);
    let launch = document.descendants().find(|node| node.attribute("class") == Some("s-launch")).unwrap();
    let at = |shape: &str| shape.trim_start_matches('M').split(' ').next().unwrap().parse::<f64>().unwrap();
    let launch = at(launch.attribute("d").unwrap());
    let line = document.descendants().find(|node| node.attribute("class") == Some("s-l0")).unwrap();
    let places = line.attribute("d").unwrap().split(['M', 'L']).filter(|place| !place.is_empty());
    assert!(places.map(at).all(|x| x < launch));
}

#[test]
fn only_a_level_that_decided_is_a_dot() {
    let dots = |chart: &ChartPart| svg(chart, Size::WIDE).matches("<circle").count();
    assert_eq!(dots(&adoption()), 1);
    let mut sampled = adoption();
    sampled.observed.as_mut().unwrap().low = Some(4_000.0);
    assert_eq!(dots(&sampled), 0, "an interval");
    let mut compared = adoption();
    compared.observed.as_mut().unwrap().said.unit = "relative".to_owned();
    assert_eq!(dots(&compared), 0, "a change");
    let mut quotient = ChartPart { kind: "quotient".to_owned(), ..adoption() };
    assert_eq!(dots(&quotient), 0, "a number of all days");
    let last = quotient.lines[0].values.iter().rev().find_map(|value| *value).unwrap();
    quotient.observed.as_mut().unwrap().at = last;
    assert_eq!(dots(&quotient), 1, "the last day's value");
}

#[test]
fn notes_stand_beside_lines() {
    let chart = ChartPart { notes: vec!["3 variants are not drawn; <b>&".to_owned()], ..variants() };
    for size in [Size::WIDE, Size::NARROW] {
        let text = svg(&chart, size);
        let document = parsed(&text);
        let mut texts = document.descendants().filter(|node| node.has_tag_name("text"));
        assert!(texts.any(|node| node.text() == Some("3 variants are not drawn; <b>&.")), "{text}");
    }
}

#[test]
fn those_who_do_not_see_it_are_told() {
    let text = svg(&search_errors(), Size::WIDE);
    let document = parsed(&text);
    let told = document.descendants().find(|node| node.has_tag_name("desc")).unwrap().text().unwrap();
    assert_eq!(
        told,
        "Failed searches (per cent, rate of each day in UTC) from Tue 10 Feb 2026 to Tue 7 Apr 2026; launched on \
         10 Mar 2026. 1.120 % on 10 Feb, 1.170 % on 7 Apr. Baseline 1.170 %. at most 1.229 % +5 % on before. \
         observed 1.146 % \u{2212}2.0 % [\u{2212}3.4, \u{2212}0.7]."
    );
    let group = document.descendants().find(|node| node.attribute("role") == Some("img")).unwrap();
    for id in group.attribute("aria-labelledby").unwrap().split(' ') {
        assert!(document.descendants().any(|node| node.attribute("id") == Some(id)), "{id}");
    }
}

#[test]
fn a_sheet_holds_all_charts_of_a_verdict() {
    let document = |charts| ChartDocument {
        yardstick_chart: "1".to_owned(),
        at: "batch-changes-ga/d28".to_owned(),
        known_at: "2026-04-09T10:05:00Z".to_owned(),
        charts,
    };
    let text = sheet(&document(vec![adoption(), search_errors()]), Size::WIDE);
    let parsed = parsed(&text);
    assert_eq!(parsed.root_element().attribute("viewBox"), Some("0 0 720 640"));
    assert_eq!(parsed.descendants().filter(|node| node.attribute("role") == Some("img")).count(), 2);
    assert!(sheet(&document(Vec::new()), Size::WIDE).contains("no criterion has a chart"));
}

#[test]
fn names_of_files_stay_in_their_folder() {
    let evil = ChartPart { criterion: "../../etc/passwd\0".to_owned(), ..adoption() };
    let charts = [adoption(), adoption(), evil];
    let names: Vec<String> = file_names("batch-changes-ga/d28", &charts).collect();
    assert_eq!(
        names,
        [
            "batch-changes-ga-d28-adoption.svg",
            "batch-changes-ga-d28-adoption-2.svg",
            "batch-changes-ga-d28-etc-passwd-.svg"
        ]
    );
}

#[test]
fn charts_in_text() {
    let charts = [adoption(), search_errors(), ChartPart { criterion: "nps".to_owned(), ..variants() }];
    let document = samples::pass();
    assert_snapshot!("terminal-charts", terminal::verdict(&document, &charts, Style::default()));
    assert_snapshot!("markdown-charts", markdown::verdict(&document, &charts, None));
    let linked = markdown::verdict(&document, &charts, Some("my charts/"));
    let link = "![Batch Changes monthly active users](my%20charts/batch-changes-ga-d28-adoption.svg)";
    assert!(linked.contains(link), "{linked}");
}

fn number() -> BoxedStrategy<f64> {
    let extreme = vec![0.0, -0.0, 1e-12, 1e300, -1e300, f64::MAX, f64::MIN_POSITIVE, 5e-324, f64::NAN];
    prop_oneof![any::<f64>(), -10.0..10.0, Just(1.0), prop::sample::select(extreme)].boxed()
}

fn text() -> BoxedStrategy<String> {
    let known = vec!["share", "pp", "relative", "users", "gauge", "sum", "at-most", "d28", "2026-03-01"];
    prop_oneof![
        "\\PC{0,30}",
        "[\u{0}-\u{20}\u{202e}\u{fffe}\u{ffff}<>&\"'/x]{0,60}",
        prop::sample::select(known).prop_map(str::to_owned),
        Just("long ".repeat(400)),
    ]
    .boxed()
}

fn day() -> BoxedStrategy<String> {
    prop_oneof![
        4 => (2023i16..2027, 1i8..13, 1i8..29).prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}")),
        1 => prop::sample::select(vec!["-009999-01-01", "9999-12-31", "", "2026-02-30"]).prop_map(str::to_owned),
    ]
    .boxed()
}

fn line() -> BoxedStrategy<LinePart> {
    let values = prop_oneof![
        prop::collection::vec(prop::option::of(number()), 0..60),
        number().prop_map(|value| vec![Some(value); 2_000]),
    ];
    (prop::option::of(text()), values).prop_map(|(label, values)| LinePart { label, values }).boxed()
}

prop_compose! {
    fn level()(at in number(), value in number(), unit in text(), over_days in any::<Option<u32>>(),
               bound in prop::option::of(text())) -> LevelPart {
        LevelPart { at, value, unit, over_days, bound }
    }
}

prop_compose! {
    fn observed()(at in number(), ends in prop::array::uniform4(prop::option::of(number())), value in number(),
                  unit in text(), over_days in any::<Option<u32>>(), so_far in any::<bool>()) -> ObservedPart {
        let [low, high, said_low, said_high] = ends;
        let said = EstimatePart {
            name: unit.clone(), unit, value, low: said_low, high: said_high, confidence: None, n: None, log10_p: None,
        };
        ObservedPart { at, low, high, said, over_days, so_far }
    }
}

prop_compose! {
    fn any_chart()(
        texts in prop::array::uniform5(text()),
        days in prop::array::uniform8(day()),
        lines in prop::collection::vec(line(), 0..11),
        levels in (prop::option::of(level()), prop::option::of(level()), prop::option::of(observed())),
        mean in prop::option::of(number()),
        parts in prop::array::uniform3(any::<bool>()),
    ) -> ChartPart {
        let [criterion, title, unit, kind, note] = texts;
        let [first_day, last_day, launch_day, from, to, before, since, point] = days;
        ChartPart {
            criterion,
            title,
            metrics: Vec::new(),
            unit,
            kind,
            time_zone: "UTC".to_owned(),
            first_day,
            last_day,
            launch_day,
            lines,
            window: parts[0].then(|| DaysPart { first_day: from, last_day: to, name: note.clone() }),
            baseline: parts[1].then_some(BaselinePart { first_day: before, last_day: since, mean }),
            target: levels.0,
            marginal: levels.1,
            observed: levels.2,
            checkpoints: vec![CheckpointPart { name: note.clone(), day: point, judged: true }],
            withheld: parts[2].then(|| note.clone()),
            notes: vec![note],
        }
    }
}

proptest! {
    #[test]
    fn any_chart_is_a_picture(chart in any_chart(), width in 0.0f64..2_000.0, height in 0.0f64..2_000.0) {
        for size in [Size::WIDE, Size::NARROW, Size { width, height }] {
            let text = svg(&chart, size);
            prop_assert!(text.len() < 400_000, "{}", text.len());
            let document = parsed(&text);
            only_known_markup(&document);
            for node in document.descendants() {
                for attribute in node.attributes() {
                    let is_text = matches!(attribute.name(), "class" | "id" | "aria-labelledby" | "font-family");
                    let value = attribute.value();
                    prop_assert!(is_text || !(value.contains("NaN") || value.contains("inf")), "{value}");
                }
            }
        }
    }

    #[test]
    fn any_chart_is_a_line_of_text(chart in any_chart(), width in 1usize..140) {
        let mut document = samples::pass();
        document.findings.truncate(1);
        let chart = ChartPart { criterion: "adoption".to_owned(), ..chart };
        let charts = [chart];
        let text = terminal::verdict(&document, &charts, Style { colour: false, width });
        for line in text.lines() {
            use unicode_width::UnicodeWidthStr;
            let one_word = line.split_whitespace().count() <= 1;
            prop_assert!(line.width() <= width || one_word, "{width}: {line:?}");
            prop_assert!(!line.chars().any(char::is_control));
        }
        let _ = markdown::verdict(&document, &charts, None);
    }
}
