//! One criterion of a page.

use serde_json::Value;
use yardstick_client::chart::ChartPart;
use yardstick_client::document::{FindingPart, TablePart};
use yardstick_stats::format;

use super::tone;
use crate::chart::{self, Size};
use crate::facts;
use crate::finding::FindingFacts;
use crate::markup::Markup;

/// Rows of an evidence table that are shown; the document itself has them all.
const MOST_ROWS: usize = 20;

/// A card: what was agreed, what was seen, the chart, the small print. `index` makes ids of the page's own.
pub(super) fn card<'a>(
    out: &mut Markup,
    facts: &FindingFacts<'_>,
    finding: &FindingPart,
    charts: impl Iterator<Item = &'a ChartPart>,
    index: usize,
) {
    out.open("article", &[("class", &format!("card {}", tone(&finding.outcome)))]);
    heading(out, facts, finding);
    numbers(out, facts);
    for warning in facts.warnings() {
        out.within("p", &[("class", "warning")], |inside| {
            inside.element("b", &[], "Warning:");
            inside.own(" ");
            inside.text(warning);
        });
    }
    for (number, part) in charts.enumerate() {
        out.open("figure", &[]);
        chart::inline(out, part, Size::WIDE, &format!("c{index}-{number}"), "wide");
        chart::inline(out, part, Size::NARROW, &format!("c{index}-{number}-narrow"), "narrow");
        out.close();
    }
    for table in facts.tables().iter().filter(|table| !table.columns.is_empty()) {
        evidence(out, table);
    }
    small_print(out, facts, finding);
    out.close();
}

fn heading(out: &mut Markup, facts: &FindingFacts<'_>, finding: &FindingPart) {
    out.open("header", &[]);
    out.open("div", &[]);
    let role = match (finding.role.as_str(), finding.required) {
        ("goal", true) => "required goal",
        ("watch", _) => "watched, does not count",
        (role, _) => role,
    };
    out.element("p", &[("class", "role")], &format!("{role} · {}", facts.criterion()));
    out.element("h3", &[], facts.says());
    out.close();
    out.element("span", &[("class", "badge")], &facts.outcome());
    out.close();
}

fn numbers(out: &mut Markup, facts: &FindingFacts<'_>) {
    if let Some(words) = facts.instead() {
        out.element("p", &[("class", "instead")], &words);
        return;
    }
    let bare = |text: Option<String>, label: &str| text.map(|text| text.trim_start_matches(label).to_owned());
    let target = facts.target();
    out.open("dl", &[("class", "numbers")]);
    for (name, value, class) in [
        ("Observed", facts.observed(), ""),
        ("Target", bare(target, "target "), ""),
        ("Expected", facts.expected(), "small"),
        ("p", bare(facts.p(), "p "), "small"),
        ("n", bare(facts.n(), "n "), "small"),
    ] {
        if let Some(value) = value {
            out.open("div", &[("class", class)]);
            out.element("dt", &[], name);
            out.element("dd", &[], &value);
            out.close();
        }
    }
    out.close();
}

/// Method, flip, expectation, data and who judged: what a reader looks up, not what they read first.
fn small_print(out: &mut Markup, facts: &FindingFacts<'_>, finding: &FindingPart) {
    let comparison: Vec<String> = facts.comparison().map(str::to_owned).into_iter().collect();
    let metrics: Vec<&str> = finding.metrics.values().map(String::as_str).collect();
    let judged_by = finding.plugin.as_ref().map(|plugin| format!("{plugin} from {}", metrics.join(", ")));
    let lines = [
        ("Why open", facts.why()),
        ("How", facts.how(&comparison)),
        ("What would change it", facts.flip().map(str::to_owned)),
        ("Expected", facts.expected().filter(|_| facts.instead().is_some())),
        ("Judged by", judged_by),
    ];
    for (name, words) in lines {
        if let Some(words) = words {
            out.within("p", &[("class", "print")], |inside| {
                inside.element("b", &[], &format!("{name}:"));
                inside.own(" ");
                inside.text(&words);
            });
        }
    }
}

fn evidence(out: &mut Markup, table: &TablePart) {
    out.open("div", &[("class", "scroll")]);
    out.open("table", &[]);
    out.element("caption", &[], &table.title);
    out.open("thead", &[]);
    out.open("tr", &[]);
    for column in &table.columns {
        out.element("th", &[("scope", "col")], column);
    }
    out.close();
    out.close();
    out.open("tbody", &[]);
    for row in table.rows.iter().take(MOST_ROWS) {
        out.open("tr", &[]);
        for index in 0..table.columns.len() {
            match row.get(index) {
                Some(Value::String(words)) => out.element("td", &[], words),
                Some(Value::Number(number)) => {
                    out.element("td", &[("class", "number")], &facts::number(number));
                }
                Some(other) => out.element("td", &[], &other.to_string()),
                None => out.element("td", &[], ""),
            }
        }
        out.close();
    }
    out.close();
    out.close();
    if let Some(left_out) = table.rows.len().checked_sub(MOST_ROWS).filter(|count| *count > 0) {
        let rows = format::counted(left_out as u64, "rows");
        out.element("p", &[("class", "print")], &format!("and {rows} more in the JSON document."));
    }
    out.close();
}
