//! The portfolio as a page of its own.

use yardstick_client::api::{FiguresPart, PortfolioDocument};

use super::begin;
use crate::markup::Markup;
use crate::portfolio::{
    beside, both, calibration, measured, quarter, success, tolerance, unmeasured, unregistered,
};

/// The portfolio as an HTML page: the figure with its definition beside it, the releases behind it, teams, quarters
/// before. Nothing in it is fetched, run or linked.
#[must_use]
pub fn portfolio(portfolio: &PortfolioDocument) -> String {
    let whose = portfolio.team.as_deref().map_or("All teams".to_owned(), |team| format!("Team {team}"));
    let mut out = begin(&format!("{} · portfolio · {whose}", portfolio.quarter));
    out.open("header", &[("class", "hero plain")]);
    out.element(
        "p",
        &[("class", "kicker")],
        &format!("{whose} · {} to {}", portfolio.from, last_day(portfolio)),
    );
    out.element("h1", &[], &format!("{}: {}", portfolio.quarter, portfolio.headline));
    out.element("p", &[("class", "headline")], &success(&portfolio.figures));
    out.close();
    out.element("p", &[("class", "print")], &portfolio.definition);
    two_by_two(&mut out, &portfolio.figures);
    out.element("p", &[("class", "print")], &tolerance(portfolio));
    let lines = beside(portfolio);
    if !lines.is_empty() {
        out.element("h2", &[], "Beside the figure");
        out.open("ul", &[]);
        for line in lines {
            out.element("li", &[], &line);
        }
        out.close();
    }
    let rows: Vec<Vec<String>> = portfolio.unmeasured.iter().map(unmeasured).collect();
    table(&mut out, "Due and not measured", &["release", "team", "because", "who can act"], &rows);
    let rows: Vec<Vec<String>> = portfolio.unregistered.iter().map(unregistered).collect();
    table(
        &mut out,
        "Expected, and registered by nobody",
        &["release", "team", "level", "planned", "owner"],
        &rows,
    );
    let row = |team: &yardstick_client::api::TeamFiguresPart| {
        let figures = &team.figures;
        let known = calibration(figures).join("; ");
        vec![team.team.clone(), measured(figures), success(figures), both(figures), known]
    };
    let rows: Vec<Vec<String>> = portfolio.teams.iter().map(row).collect();
    table(
        &mut out,
        "Teams",
        &["team", "measured", "succeeded", "on time and successful", "expected and came"],
        &rows,
    );
    let rows: Vec<Vec<String>> =
        portfolio.history.iter().filter(|quarter| quarter.launched > 0).map(quarter).collect();
    table(
        &mut out,
        "Quarters before",
        &["quarter", "measured", "succeeded", "on time and successful"],
        &rows,
    );
    out.open("footer", &[]);
    out.element("p", &[], &format!("Added up {}", portfolio.as_of));
    out.close();
    out.finish()
}

/// The last day of the quarter.
fn last_day(portfolio: &PortfolioDocument) -> String {
    portfolio.until.yesterday().map_or_else(|_| portfolio.until.to_string(), |day| day.to_string())
}

fn two_by_two(out: &mut Markup, figures: &FiguresPart) {
    let both = &figures.on_time_and_successful;
    let rows = [
        vec!["On time".to_owned(), both.on_time_passed.to_string(), both.on_time_not_passed.to_string()],
        vec!["Late".to_owned(), both.late_passed.to_string(), both.late_not_passed.to_string()],
    ];
    table(out, "On time, and successful", &["measured", "successful", "not"], &rows);
}

/// A heading and a table below it; nothing, if it has no rows.
fn table(out: &mut Markup, title: &str, headers: &[&str], rows: &[Vec<String>]) {
    if rows.is_empty() {
        return;
    }
    out.element("h2", &[], title);
    out.open("div", &[("class", "scroll")]);
    out.open("table", &[]);
    out.open("tr", &[]);
    for header in headers {
        out.element("th", &[], header);
    }
    out.close();
    for row in rows {
        out.open("tr", &[]);
        for cell in row {
            out.element("td", &[], cell);
        }
        out.close();
    }
    out.close();
    out.close();
}
