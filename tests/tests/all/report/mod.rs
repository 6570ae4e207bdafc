//! How verdicts and lists read.

mod charts;
mod lists;
mod pages;
mod properties;
mod samples;

use insta::assert_snapshot;
use yardstick_client::document::VerdictDocument;
use yardstick_report::terminal::Style;
use yardstick_report::{dates, json, markdown, terminal};

/// A text that tries to leave its place, whatever that is.
pub(crate) const HOSTILE: &str = "\u{1b}[2J\u{202e}@everyone </style></title><script>alert(1)</script>\n\n\u{fffe}]]>--><img \
                                  src=http://evil.example/x onerror=alert(1)>\"'><a href='javascript:alert(1)'>x";

#[test]
fn verdicts_in_a_terminal() {
    for (name, document) in samples::all() {
        assert_snapshot!(format!("terminal-{name}"), terminal::verdict(&document, &[], Style::default()));
    }
}

#[test]
fn a_verdict_in_colour() {
    let style = Style { colour: true, width: 100 };
    assert_snapshot!("terminal-coloured", terminal::verdict(&samples::pass(), &[], style));
}

#[test]
fn a_verdict_in_a_narrow_terminal() {
    let style = Style { colour: false, width: 48 };
    assert_snapshot!("terminal-narrow", terminal::verdict(&samples::pass(), &[], style));
}

#[test]
fn verdicts_in_markdown() {
    for (name, document) in samples::all() {
        assert_snapshot!(format!("markdown-{name}"), markdown::verdict(&document, &[], None));
    }
}

#[test]
fn verdicts_in_json() {
    assert_snapshot!("json-pass", json::verdict(&samples::pass()).unwrap());
    assert_snapshot!("json-hostile", json::verdict(&samples::hostile()).unwrap());
    for (name, document) in samples::all() {
        let text = json::verdict(&document).unwrap();
        let read: VerdictDocument = serde_json::from_str(&text).unwrap();
        assert_eq!(read, document, "{name}");
    }
}

/// A document of a server that does not know the fields that came later.
#[test]
fn documents_without_later_fields_are_read() {
    let mut value = serde_json::to_value(samples::pass()).unwrap();
    value.as_object_mut().unwrap().remove("metric_owners");
    for finding in value["findings"].as_array_mut().unwrap() {
        finding.as_object_mut().unwrap().remove("bound");
    }
    let document: VerdictDocument = serde_json::from_value(value).unwrap();
    let text = terminal::verdict(&document, &[], Style::default());
    assert!(text.contains("target 4,000\n"), "{text}");
}

#[test]
fn days_as_people_write_them() {
    let day = "2026-03-10".parse().unwrap();
    assert_eq!(dates::full(day), "Tue 10 Mar 2026");
    assert_eq!(dates::short(day, "2026-04-07".parse().unwrap()), "10 Mar");
    assert_eq!(dates::short(day, "2025-12-31".parse().unwrap()), "10 Mar 2026");
    let berlin = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    let moment = dates::moment("2026-04-07T22:00:00Z".parse().unwrap(), &berlin);
    assert_eq!(moment, "8 Apr 2026 00:00 CEST");
    for (days, text) in [
        (0, "on the planned day"),
        (1, "1 day late"),
        (7, "7 days late"),
        (-1, "1 day early"),
        (-2, "2 days early"),
        (i32::MIN, "2147483648 days early"),
    ] {
        assert_eq!(dates::lateness(days), text);
    }
}
