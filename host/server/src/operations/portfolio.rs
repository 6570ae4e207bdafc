//! The portfolio.

use yardstick_app::{App, Caller, PortfolioRequest, QuarterPortfolio, TeamFigures};
use yardstick_client::api::{
    self, AfterPart, AgreementPart, ConfidencePart, ExpectationsPart, FiguresPart, PortfolioDocument,
    QuarterPart, TeamFiguresPart, TwoByTwoPart, UndecidedPart, UnmeasuredPart, UnregisteredPart,
};
use yardstick_domain::codes;
use yardstick_domain::fiscal::FiscalQuarter;
use yardstick_domain::portfolio::{DEFINITION, Figures};
use yardstick_domain::problem::Problem;
use yardstick_domain::roadmap::ExpectedRelease;
use yardstick_report::html;
use yardstick_stats::format;

use super::Result;
use super::reading::Reading;

/// Quarters before that are told unless said otherwise, and at most.
const HISTORY: u32 = 7;
const MOST_HISTORY: u32 = 40;

/// The portfolio of a fiscal quarter.
pub(crate) async fn show(
    app: &App,
    caller: &Caller,
    request: &api::PortfolioRequest,
) -> Result<PortfolioDocument> {
    let mut reading = Reading::default();
    let quarter = reading.maybe("quarter", request.quarter.as_ref());
    let team = reading.maybe("team", request.team.as_ref());
    let history = request.history.unwrap_or(HISTORY);
    if history > MOST_HISTORY {
        let message = format!("{history} are more quarters than are told; expected 0 to {MOST_HISTORY}");
        reading.also(vec![Problem::new("history", message)]);
    }
    reading.end()?;
    let asked = PortfolioRequest { quarter, team, history, private: request.private };
    Ok(document(app.portfolio(caller, &asked).await?, caller, request))
}

/// As [`show`], as a page of its own.
pub(crate) async fn page(app: &App, caller: &Caller, request: &api::PortfolioRequest) -> Result<String> {
    Ok(html::portfolio(&show(app, caller, request).await?))
}

fn document(
    portfolio: QuarterPortfolio,
    caller: &Caller,
    request: &api::PortfolioRequest,
) -> PortfolioDocument {
    let mut all = TeamFigures::default();
    portfolio.teams.values().for_each(|team| all.add(team));
    let figures = &all.figures;
    let headline = format!(
        "{} of {} due measured, {} pending",
        format::count(figures.measured()),
        format::count(figures.due),
        format::count(figures.pending)
    );
    let team = |(team, figures): (&yardstick_domain::ids::TeamKey, &TeamFigures)| TeamFiguresPart {
        team: team.to_string(),
        figures: part(figures),
    };
    PortfolioDocument {
        quarter: portfolio.quarter.to_string(),
        from: portfolio.days.0,
        until: portfolio.days.1,
        as_of: caller.now,
        team: request.team.clone(),
        private: request.private,
        definition: DEFINITION.to_owned(),
        headline,
        on_time_tolerance_days: portfolio.tolerance_days,
        figures: part(&all),
        teams: portfolio.teams.iter().map(team).collect(),
        undecided: portfolio.undecided.into_iter().map(undecided).collect(),
        unmeasured: portfolio
            .unmeasured
            .into_iter()
            .map(|release| UnmeasuredPart {
                release: release.release.to_string(),
                name: release.name,
                team: release.team.to_string(),
                owner: release.owner,
                code: release.code,
            })
            .collect(),
        unregistered: portfolio.unregistered.into_iter().map(unregistered).collect(),
        history: portfolio.history.iter().map(quarter).collect(),
    }
}

fn undecided((code, releases): (String, u64)) -> UndecidedPart {
    let sentence = codes::find(&code).map(|row| row.sentence.to_owned());
    UndecidedPart { code, sentence, releases }
}

fn unregistered(release: ExpectedRelease) -> UnregisteredPart {
    let expected = release.expected;
    UnregisteredPart {
        name: expected.name,
        team: expected.team.map(|team| team.to_string()),
        level: expected.level.map(Into::into),
        planned: expected.planned,
        owner: expected.owner.map(|owner| owner.to_string()),
    }
}

fn quarter((quarter, figures): &(FiscalQuarter, Figures)) -> QuarterPart {
    QuarterPart {
        quarter: quarter.to_string(),
        launched: figures.launched,
        due: figures.due,
        measured: figures.measured(),
        passed: figures.passed,
        success: figures.success(),
        on_time_passed: figures.on_time_passed,
    }
}

fn part(all: &TeamFigures) -> FiguresPart {
    let figures = &all.figures;
    let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
    FiguresPart {
        launched: figures.launched,
        due: figures.due,
        measured: figures.measured(),
        pending: figures.pending,
        passed: figures.passed,
        marginal: figures.marginal,
        failed: figures.failed,
        undecided: figures.undecided,
        missing: figures.missing,
        success: figures.success(),
        after_overrides: AfterPart {
            overridden: figures.overridden,
            passed: figures.passed_after,
            marginal: figures.marginal_after,
            failed: figures.failed_after,
            success: figures.success_after(),
        },
        late_verdicts: figures.late_verdicts,
        without_criteria: figures.without_criteria,
        sealed_by_launch: figures.sealed_by_launch,
        sealed_late: figures.sealed_late,
        amended: figures.amended,
        amended_counting: figures.amended_counting,
        on_time_and_successful: TwoByTwoPart {
            on_time_passed: figures.on_time_passed,
            on_time_not_passed: figures.on_time_not,
            late_passed: figures.late_passed,
            late_not_passed: figures.late_not,
        },
        confidence: ConfidencePart {
            releases: figures.sure,
            mean: figures.confidence(),
            passed: share(figures.sure_passed, figures.sure),
            brier: figures.brier(),
        },
        expectations: ExpectationsPart {
            goals: all.expectations.goals,
            met: all.expectations.met,
            mean_deviation: all.expectations.deviation(),
        },
        agreement: AgreementPart {
            accepted: figures.accepted,
            overridden: figures.disagreed,
            disagreement: share(figures.disagreed, figures.accepted + figures.disagreed),
            objected: all.objected,
            disputed: all.disputed,
        },
    }
}
