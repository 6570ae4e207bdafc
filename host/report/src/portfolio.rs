//! A portfolio in words, the same on a terminal and on a page.

use yardstick_client::api::{FiguresPart, PortfolioDocument, QuarterPart, UnmeasuredPart, UnregisteredPart};
use yardstick_stats::format;

/// The figure's own lines, and what is worth knowing beside it.
#[must_use]
pub fn lines(portfolio: &PortfolioDocument) -> Vec<String> {
    let figures = &portfolio.figures;
    let mut lines = vec![success(figures), on_time(figures), tolerance(portfolio)];
    lines.extend(beside(portfolio));
    lines
}

/// What is told apart, each only where there is some of it.
fn apart(portfolio: &PortfolioDocument) -> impl Iterator<Item = String> {
    let figures = &portfolio.figures;
    let undecided: Vec<String> =
        portfolio.undecided.iter().map(|part| format!("{} {}", part.releases, part.code)).collect();
    let agreement = &figures.agreement;
    let told = [
        (figures.undecided, format!("undecided: {}", undecided.join(", "))),
        (figures.missing, format!("due without a verdict: {}", figures.missing)),
        (
            figures.late_verdicts,
            format!("verdicts that came late, or have not come: {}", figures.late_verdicts),
        ),
        (figures.without_criteria, format!("launched without criteria: {}", figures.without_criteria)),
        (
            figures.sealed_by_launch + figures.sealed_late,
            format!("sealed by the launch: {}, after it: {}", figures.sealed_by_launch, figures.sealed_late),
        ),
        (
            figures.amended,
            format!("amended: {}, of which count: {}", figures.amended, figures.amended_counting),
        ),
        (
            agreement.objected + agreement.disputed,
            format!(
                "peers objected to: {}, disputes that are open: {}",
                agreement.objected, agreement.disputed
            ),
        ),
    ];
    told.into_iter().filter(|(count, _)| *count > 0).map(|(_, line)| line)
}

/// `7 of 9 due, 3 pending`.
#[must_use]
pub fn measured(figures: &FiguresPart) -> String {
    format!("{} of {} due, {} pending", figures.measured, figures.due, figures.pending)
}

/// `4 succeeded (57 %) · 1 marginal · 2 failed`.
#[must_use]
pub fn success(figures: &FiguresPart) -> String {
    let share = figures.success.map(|share| format!(" ({})", format::confidence(share))).unwrap_or_default();
    format!("{} succeeded{share} · {} marginal · {} failed", figures.passed, figures.marginal, figures.failed)
}

/// `on time and successful: 3 · on time, not: 1 · late and successful: 1 · late, not: 2`.
#[must_use]
pub fn on_time(figures: &FiguresPart) -> String {
    let both = &figures.on_time_and_successful;
    format!(
        "on time and successful: {} · on time, not: {} · late and successful: {} · late, not: {}",
        both.on_time_passed, both.on_time_not_passed, both.late_passed, both.late_not_passed
    )
}

/// `3 of 7 measured`.
#[must_use]
pub fn both(figures: &FiguresPart) -> String {
    format!("{} of {} measured", figures.on_time_and_successful.on_time_passed, figures.measured)
}

/// `On time counts up to 2 days after the planned day`.
#[must_use]
pub fn tolerance(portfolio: &PortfolioDocument) -> String {
    let days = format::counted(portfolio.on_time_tolerance_days.into(), "days");
    format!("On time counts up to {days} after the planned day")
}

/// What else is worth knowing, a line each.
#[must_use]
pub fn beside(portfolio: &PortfolioDocument) -> Vec<String> {
    let figures = &portfolio.figures;
    let mut lines = Vec::new();
    if figures.after_overrides.overridden > 0 {
        let after = &figures.after_overrides;
        lines.push(format!(
            "after {} of verdicts by people: {} succeeded · {} marginal · {} failed",
            format::counted(after.overridden, "overrides"),
            after.passed,
            after.marginal,
            after.failed
        ));
    }
    lines.extend(apart(portfolio));
    lines.extend(calibration(figures));
    if portfolio.private {
        lines.push("private releases that you may see are in it".to_owned());
    }
    lines
}

/// How sure teams were and what they expected, against what came.
#[must_use]
pub fn calibration(figures: &FiguresPart) -> Vec<String> {
    let (sure, expected) = (&figures.confidence, &figures.expectations);
    let mut lines = Vec::new();
    if let (Some(mean), Some(passed), Some(brier)) = (sure.mean, sure.passed, sure.brier) {
        lines.push(format!(
            "teams were {} sure of {}, and {} passed (Brier score {brier:.2})",
            format::confidence(mean),
            format::counted(sure.releases, "releases"),
            format::confidence(passed)
        ));
    }
    if expected.goals > 0 {
        let deviation = expected
            .mean_deviation
            .map(|share| format!(", on average {} what was expected", format::value(share, "relative")));
        lines.push(format!(
            "{} of {} came up to what was expected{}",
            expected.met,
            format::counted(expected.goals, "goals"),
            deviation.unwrap_or_default()
        ));
    }
    lines
}

/// A release that was not measured, as cells: name, team, why, whom.
#[must_use]
pub fn unmeasured(release: &UnmeasuredPart) -> Vec<String> {
    let why = release.code.clone().unwrap_or_else(|| "no verdict".to_owned());
    vec![format!("{} ({})", release.name, release.release), release.team.clone(), why, release.owner.clone()]
}

/// An expected release that nobody has registered, as cells: name, team, level, day, whom.
#[must_use]
pub fn unregistered(release: &UnregisteredPart) -> Vec<String> {
    vec![
        release.name.clone(),
        release.team.clone().unwrap_or_default(),
        release.level.map(|level| level.to_string()).unwrap_or_default(),
        release.planned.map(|day| day.to_string()).unwrap_or_default(),
        release.owner.clone().unwrap_or_default(),
    ]
}

/// A quarter, as cells: name, measured, succeeded, on time and successful.
#[must_use]
pub fn quarter(quarter: &QuarterPart) -> Vec<String> {
    let share = quarter.success.map(|share| format!(" ({})", format::confidence(share))).unwrap_or_default();
    vec![
        quarter.quarter.clone(),
        format!("{} of {} due", quarter.measured, quarter.due),
        format!("{}{share}", quarter.passed),
        quarter.on_time_passed.to_string(),
    ]
}
