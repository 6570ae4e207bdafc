//! Codes of lints. A code never changes its meaning.

/// How much a lint matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Worth knowing.
    Note,
    /// Probably not meant, or regretted later.
    Warn,
}

/// What a lint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// A release that must be measured has no goal.
    NoGoal,
    /// An L1 without a goal about revenue or adoption.
    NoRevenueOrAdoption,
    /// An L2 without a goal or guardrail about adoption or leads.
    NoAdoptionOrLeads,
    /// An L3 without a goal or guardrail about adoption or usage.
    NoAdoptionOrUsage,
    /// An L1 or L2 that nothing keeps from doing harm.
    NoGuardrail,
    /// An L1 or L2 whose team does not say how sure it is.
    NoConfidence,
    /// A guardrail that allows no worsening at all.
    NoMargin,
    /// A goal that asks for no more than there was before.
    TargetIsBaseline,
    /// A goal that is met before the launch.
    MetAlready,
    /// A team that expects its bound exactly.
    ExpectedIsTarget,
    /// A team that expects to fail.
    ExpectedToFail,
    /// Fewer days than a week decide.
    ShortWindow,
    /// Due after the last checkpoint.
    DueAfterLast,
    /// A window that runs beyond the checkpoint that decides.
    WindowAfterLast,
    /// Decided while values still look back before the launch.
    LooksBack,
    /// Two criteria that cannot both pass.
    Contradiction,
}

impl Code {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::NoGoal,
        Self::NoRevenueOrAdoption,
        Self::NoAdoptionOrLeads,
        Self::NoAdoptionOrUsage,
        Self::NoGuardrail,
        Self::NoConfidence,
        Self::NoMargin,
        Self::TargetIsBaseline,
        Self::MetAlready,
        Self::ExpectedIsTarget,
        Self::ExpectedToFail,
        Self::ShortWindow,
        Self::DueAfterLast,
        Self::WindowAfterLast,
        Self::LooksBack,
        Self::Contradiction,
    ];

    /// The word in documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoGoal => "no-goal",
            Self::NoRevenueOrAdoption => "no-revenue-or-adoption",
            Self::NoAdoptionOrLeads => "no-adoption-or-leads",
            Self::NoAdoptionOrUsage => "no-adoption-or-usage",
            Self::NoGuardrail => "no-guardrail",
            Self::NoConfidence => "no-confidence",
            Self::NoMargin => "no-margin",
            Self::TargetIsBaseline => "target-is-baseline",
            Self::MetAlready => "met-already",
            Self::ExpectedIsTarget => "expected-is-target",
            Self::ExpectedToFail => "expected-to-fail",
            Self::ShortWindow => "short-window",
            Self::DueAfterLast => "due-after-last",
            Self::WindowAfterLast => "window-after-last",
            Self::LooksBack => "looks-back",
            Self::Contradiction => "contradiction",
        }
    }

    /// How much it matters.
    #[must_use]
    pub fn grade(self) -> Grade {
        match self {
            // A small release may go without being measured.
            Self::NoAdoptionOrUsage | Self::NoGuardrail | Self::NoConfidence | Self::ExpectedIsTarget => {
                Grade::Note
            }
            _ => Grade::Warn,
        }
    }
}
