//! A verdict as Markdown, for a retro, an issue or a chat: the findings as a table, then what is behind them.

use yardstick_client::chart::ChartPart;
use yardstick_client::document::{TablePart, VerdictDocument};

use crate::chart::file_names;
use crate::escape;
use crate::facts::{self, Facts};
use crate::finding::FindingFacts;
use crate::spark;

/// Rows of an evidence table that are shown; the document itself has them all.
const MOST_ROWS: usize = 20;

/// The verdict as GitHub-flavoured Markdown, with a final newline. Charts are a line of blocks; where their files
/// lie in a folder, `pictures`, under the names that [`file_names`] gives, they are pictures instead. What people and guests wrote shows as these
/// very characters: no markup, HTML, link, mention or table cell comes of it.
#[must_use]
pub fn verdict(document: &VerdictDocument, charts: &[ChartPart], pictures: Option<&str>) -> String {
    let facts = Facts::new(document);
    let mut out = heading(&facts);
    if !document.findings.is_empty() {
        out.push_str(&findings(&facts));
        out.push_str("\n### Details\n\n");
        for finding in facts.findings() {
            out.push_str(&details(&finding));
            for (chart, name) in charts.iter().zip(file_names(&document.at, charts)) {
                if chart.criterion == finding.criterion() {
                    out.push_str(&drawn(chart, pictures, &name));
                }
            }
        }
    }
    out.push_str(&notes(&facts));
    for finding in facts.findings() {
        for table in finding.tables().iter().filter(|table| !table.columns.is_empty()) {
            out.push_str(&evidence(finding.criterion(), table));
        }
    }
    out
}

/// A list as a Markdown table: cells show as these very characters. Further cells of a row than there are
/// headers are left out, missing ones are blank.
#[must_use]
pub fn table(headers: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = header(headers.iter().copied());
    for row in rows {
        out.push_str(&cells(
            (0..headers.len()).map(|index| row.get(index).map(|cell| text(cell)).unwrap_or_default()),
        ));
    }
    out
}

fn heading(facts: &Facts<'_>) -> String {
    let release = &facts.document.release;
    let reason = match facts.reason() {
        reason if reason.is_empty() => reason,
        reason => format!(" {reason}"),
    };
    let title = format!("{}{reason} · {} ({})", facts.outcome(), release.name, release.level);
    let mut out = format!("## {}\n\n", text(&title));
    if !facts.document.headline.trim().is_empty() {
        out.push_str(&format!("**{}**\n\n", text(&facts.document.headline)));
    }
    out.push_str(&format!("{} · {}\n\n", text(&facts.standing()), text(&facts.background())));
    if let Some(why) = facts.why() {
        out.push_str(&format!("Why: {}\n\n", text(&why)));
    }
    out
}

fn findings(facts: &Facts<'_>) -> String {
    let mut out = header(["role", "criterion", "outcome", "observed", "target", "p", "n"]);
    for finding in facts.findings() {
        let observed = match finding.instead() {
            Some(words) => words,
            None => finding.observed().unwrap_or_default(),
        };
        let number = |labelled: Option<String>, label: &str| {
            labelled.map(|text| text.trim_start_matches(label).to_owned()).unwrap_or_default()
        };
        out.push_str(&cells([
            text(finding.role()),
            text(finding.criterion()),
            format!("**{}**", text(&finding.outcome())),
            text(&observed),
            text(&number(finding.target(), "target ")),
            text(&number(finding.p(), "p ")),
            text(&number(finding.n(), "n ")),
        ]));
    }
    out
}

fn details(finding: &FindingFacts<'_>) -> String {
    let mut out = format!("- **{}**: {}\n", text(finding.criterion()), text(finding.says()));
    let comparison: Vec<String> = finding.comparison().map(str::to_owned).into_iter().collect();
    for line in [finding.why(), finding.evidence(&comparison)].into_iter().flatten() {
        out.push_str(&format!("  - {}\n", text(&line)));
    }
    for warning in finding.warnings() {
        out.push_str(&format!("  - **Warning**: {}\n", text(warning)));
    }
    out
}

/// A chart as a link to its file in a folder, or as a line of blocks.
fn drawn(chart: &ChartPart, pictures: Option<&str>, name: &str) -> String {
    if let Some(folder) = pictures {
        let path = format!("{}/{name}", folder.trim_end_matches('/'));
        return format!("\n  ![{}]({})\n\n", text(&chart.title), escape::path(&path));
    }
    // Blanks that do not collapse: they are days.
    let line =
        |line: spark::Spark| format!("  - `{}` {}\n", line.cells.replace(' ', "\u{a0}"), text(&line.words));
    spark::lines(chart).into_iter().map(line).collect()
}

fn notes(facts: &Facts<'_>) -> String {
    let document = facts.document;
    let mut out = String::from("\n");
    for (label, words) in [
        ("Evidence", facts.evidence()),
        ("Data", facts.data()),
        ("Changed", facts.revises()),
        ("Expected", facts.expected()),
        ("Decided", facts.decided()),
        ("Asked", facts.asked()),
        ("Reviewed", facts.reviewed()),
        ("Audit", facts.audited()),
    ] {
        if let Some(words) = words {
            out.push_str(&format!("**{label}**: {}\n\n", text(&words)));
        }
    }
    let judged = facts.calendar.moment(&document.judged_at);
    let reference = format!("{}, judged {judged} by {}", document.at, document.judged_by);
    out.push_str(&format!("**Verdict**: {}\n", text(&reference)));
    out
}

fn evidence(criterion: &str, table: &TablePart) -> String {
    let mut out = format!("\n### {}: {}\n\n", text(criterion), text(&table.title));
    out.push_str(&header(table.columns.iter().map(String::as_str)));
    for row in table.rows.iter().take(MOST_ROWS) {
        let cell = |index| match row.get(index) {
            Some(serde_json::Value::String(words)) => text(words),
            Some(serde_json::Value::Number(number)) => text(&facts::number(number)),
            Some(other) => text(&other.to_string()),
            None => String::new(),
        };
        out.push_str(&cells((0..table.columns.len()).map(cell)));
    }
    if let Some(left_out) = table.rows.len().checked_sub(MOST_ROWS).filter(|count| *count > 0) {
        let rows = yardstick_stats::format::counted(left_out as u64, "rows");
        out.push_str(&format!("\nand {rows} more in the JSON document.\n"));
    }
    out
}

/// The first two rows of a table.
fn header<'a>(columns: impl IntoIterator<Item = &'a str>) -> String {
    let columns: Vec<String> = columns.into_iter().map(text).collect();
    let rule = cells(columns.iter().map(|_| "---".to_owned()));
    cells(columns) + &rule
}

/// A row of a table.
fn cells(cells: impl IntoIterator<Item = String>) -> String {
    let mut out = String::from("|");
    for cell in cells {
        out.push_str(&format!(" {cell} |"));
    }
    out.push('\n');
    out
}

fn text(text: &str) -> String {
    escape::markdown(text)
}
