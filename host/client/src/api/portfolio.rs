//! The portfolio: are L1 and L2 releases measured, and how many succeeded?

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::words::Level;

/// Which portfolio.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PortfolioRequest {
    /// The fiscal quarter, such as `FY27-Q1`; none: the one that today is in, by the team's fiscal year where one is asked
    /// for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "FY27-Q1", pattern = "^FY[0-9]{2}-Q[1-4]$")]
    pub quarter: Option<String>,
    /// Only of this team.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "batch-changes", pattern = "^[a-z0-9][a-z0-9-]{0,79}$")]
    pub team: Option<String>,
    /// Quarters before it whose figures are told too, at most 40; 7 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(maximum = 40)]
    pub history: Option<u32>,
    /// Count private releases too that whoever asks may see. Without it the figures are the same for everybody.
    #[serde(default)]
    pub private: bool,
}

/// The portfolio of a fiscal quarter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PortfolioDocument {
    /// The fiscal quarter, named by the calendar year in which the fiscal year ends.
    pub quarter: String,
    /// Its first day, by the fiscal year of the team that is asked for, or else the organisation's.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The first day after it.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
    /// When it was added up: what is due was due by then.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Timestamp,
    /// The team; none: all of them.
    pub team: Option<String>,
    /// Whether private releases are in it that whoever asked may see.
    pub private: bool,
    /// What is counted, in words.
    pub definition: String,
    /// The figure in a sentence, such as `7 of 9 due measured, 3 pending`.
    pub headline: String,
    /// Days after the planned one that still count as on time.
    pub on_time_tolerance_days: u32,
    /// All of it.
    pub figures: FiguresPart,
    /// By team, by key.
    pub teams: Vec<TeamFiguresPart>,
    /// Releases that are due and undecided, by code.
    pub undecided: Vec<UndecidedPart>,
    /// Releases that are due and were not measured, at most 100.
    pub unmeasured: Vec<UnmeasuredPart>,
    /// Releases on a roadmap that are expected in the quarter and that nobody has registered, at most 100: L1, L2 or of no
    /// level that is known.
    pub unregistered: Vec<UnregisteredPart>,
    /// The quarters before, the latest first.
    pub history: Vec<QuarterPart>,
}

/// Figures of releases. Each counts releases; shares are in 0..=1.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FiguresPart {
    /// Launched in the quarter, not cancelled.
    pub launched: u64,
    /// Due to be measured.
    pub due: u64,
    /// Due, with a final official verdict of pass, marginal or fail.
    pub measured: u64,
    /// Launched, not due yet.
    pub pending: u64,
    /// Measured: passed.
    pub passed: u64,
    /// Measured: half passed.
    pub marginal: u64,
    /// Measured: failed.
    pub failed: u64,
    /// Due, and undecided.
    pub undecided: u64,
    /// Due, without a final verdict.
    pub missing: u64,
    /// Passed, of those measured; none: nothing was.
    pub success: Option<f64>,
    /// With what two people hold instead of verdicts, now.
    pub after_overrides: AfterPart,
    /// Due, and their verdict was given later than it was due, or not yet.
    pub late_verdicts: u64,
    /// Launched without a goal.
    pub without_criteria: u64,
    /// Launched, and sealed by the launch itself.
    pub sealed_by_launch: u64,
    /// Launched, and sealed afterwards.
    pub sealed_late: u64,
    /// Launched, and amended since.
    pub amended: u64,
    /// Launched, with an amendment that counts.
    pub amended_counting: u64,
    /// Measured ones: on time or late, successful or not.
    pub on_time_and_successful: TwoByTwoPart,
    /// How sure teams had been, and what came.
    pub confidence: ConfidencePart,
    /// What was expected of goals, and what was observed.
    pub expectations: ExpectationsPart,
    /// How far people agree.
    pub agreement: AgreementPart,
}

/// Figures with what people hold instead of verdicts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AfterPart {
    /// Due, and held for something else.
    pub overridden: u64,
    /// As `passed`.
    pub passed: u64,
    /// As `marginal`.
    pub marginal: u64,
    /// As `failed`.
    pub failed: u64,
    /// As `success`.
    pub success: Option<f64>,
}

/// On time against successful, of measured releases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TwoByTwoPart {
    /// On time, and passed.
    pub on_time_passed: u64,
    /// On time, and not passed.
    pub on_time_not_passed: u64,
    /// Late, and passed.
    pub late_passed: u64,
    /// Late, and not passed.
    pub late_not_passed: u64,
}

/// How sure teams had been, and what came, of measured releases.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConfidencePart {
    /// Releases whose team had said how sure it was.
    pub releases: u64,
    /// How sure on average, in 0..=1.
    pub mean: Option<f64>,
    /// How many of those passed, in 0..=1.
    pub passed: Option<f64>,
    /// Brier score: 0 is right every time, 0.25 what saying "50 %" every time gives.
    pub brier: Option<f64>,
}

/// What was expected of goals of releases that are due, and what was observed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ExpectationsPart {
    /// Goals of which both are known.
    pub goals: u64,
    /// Those that were met.
    pub met: u64,
    /// How far on average what was observed is from what was expected, as a share of that; negative: below.
    pub mean_deviation: Option<f64>,
}

/// How far people agree with verdicts, of releases that are due.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AgreementPart {
    /// Verdicts that people said are right.
    pub accepted: u64,
    /// Verdicts that two people held for something else, also where the time of that is over.
    pub overridden: u64,
    /// Overridden, of both together, in 0..=1; none: nobody took a stance.
    pub disagreement: Option<f64>,
    /// Releases of which a peer objected to a verdict.
    pub objected: u64,
    /// Releases with a dispute that nobody has answered.
    pub disputed: u64,
}

/// Figures of a team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TeamFiguresPart {
    /// The team's key.
    pub team: String,
    /// Its figures.
    pub figures: FiguresPart,
}

/// Undecided releases of one code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UndecidedPart {
    /// The code.
    pub code: String,
    /// It, as a sentence; none: it is a plugin's own.
    pub sentence: Option<String>,
    /// How many.
    pub releases: u64,
}

/// A release that is due and was not measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnmeasuredPart {
    /// Its slug.
    pub release: String,
    /// Its name.
    pub name: String,
    /// The team's key.
    pub team: String,
    /// Who answers for it.
    pub owner: String,
    /// The code of its verdict; none: there is none.
    pub code: Option<String>,
}

/// An expected release that nobody has registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnregisteredPart {
    /// Its name on the roadmap.
    pub name: String,
    /// The team's key; none: nobody has said.
    pub team: Option<String>,
    /// How big the launch is; none: nobody has said.
    pub level: Option<Level>,
    /// The planned day.
    #[schema(value_type = Option<String>, format = Date)]
    pub planned: Option<Date>,
    /// Who answers for it; none: nobody has said.
    pub owner: Option<String>,
}

/// Figures of an earlier quarter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QuarterPart {
    /// The quarter.
    pub quarter: String,
    /// Launched.
    pub launched: u64,
    /// Due.
    pub due: u64,
    /// Measured.
    pub measured: u64,
    /// Passed.
    pub passed: u64,
    /// Passed, of those measured.
    pub success: Option<f64>,
    /// On time and passed.
    pub on_time_passed: u64,
}
