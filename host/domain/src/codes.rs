//! Every code of an undecided outcome: its reason, its one sentence, and who must act.

use serde::{Deserialize, Serialize};

use crate::finding::Reason;

/// Who can do something about an undecided finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Addressee {
    /// The team that owns the plugin.
    PluginTeam,
    /// The release's owner.
    ReleaseOwner,
    /// The metric's owner.
    MetricOwner,
    /// Whoever runs this service.
    Operator,
    /// Nobody: time will tell.
    Nobody,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The code as documents carry it.
    pub code: &'static str,
    /// The reason it belongs to.
    pub reason: Reason,
    /// What people read.
    pub sentence: &'static str,
    /// Who must act.
    pub addressee: Addressee,
}

use Addressee::{MetricOwner, Nobody, Operator, PluginTeam, ReleaseOwner};
use Reason::{Error, Inconclusive, InsufficientData, TooEarly, UntrustedData};

const fn code(code: &'static str, reason: Reason, addressee: Addressee, sentence: &'static str) -> Code {
    Code { code, reason, sentence, addressee }
}

/// The table, by reason and code.
pub const TABLE: &[Code] = &[
    code("not-due", TooEarly, Nobody, "It is too early to say."),
    code(
        "too-few",
        InsufficientData,
        ReleaseOwner,
        "There are fewer observations than the criterion asks for.",
    ),
    code("no-data", InsufficientData, MetricOwner, "There are no values in the window."),
    code("one-value", InsufficientData, ReleaseOwner, "One value has no spread to judge by."),
    code(
        "zero-variance",
        InsufficientData,
        MetricOwner,
        "All values are the same, so their spread is unknown.",
    ),
    code("zero-denominator", InsufficientData, MetricOwner, "The denominator is zero, so there is no rate."),
    code(
        "unmatched-weekday",
        InsufficientData,
        ReleaseOwner,
        "A weekday after the launch does not come in the baseline.",
    ),
    code(
        "baseline-not-positive",
        InsufficientData,
        ReleaseOwner,
        "What a change is relative to is not clearly above zero, so it means nothing.",
    ),
    code(
        "straddles",
        Inconclusive,
        ReleaseOwner,
        "There are enough data, and they fit both meeting and missing the target.",
    ),
    code("gap", UntrustedData, MetricOwner, "Days are missing from the metric."),
    code("stale", UntrustedData, MetricOwner, "The metric is not complete up to the end of the window."),
    code("out-of-range", UntrustedData, MetricOwner, "Values lie outside what the metric can be."),
    code("negative", UntrustedData, MetricOwner, "Amounts are below zero where there can be none."),
    code(
        "part-above-whole",
        UntrustedData,
        MetricOwner,
        "There is more in the numerator than in the whole it is a part of.",
    ),
    code(
        "unpaired",
        UntrustedData,
        MetricOwner,
        "The numerator and the denominator are not of the same days or units.",
    ),
    code(
        "low-coverage",
        UntrustedData,
        MetricOwner,
        "Too few of the instances reported for the rest to speak for all.",
    ),
    code("misplaced", UntrustedData, MetricOwner, "Values are not at the starts of the metric's days."),
    code(
        "metric-changed",
        UntrustedData,
        MetricOwner,
        "The metric means something else than when the criteria were sealed.",
    ),
    code("sample-ratio", UntrustedData, ReleaseOwner, "The variants are not as large as they should be."),
    code(
        "variant-missing",
        UntrustedData,
        ReleaseOwner,
        "A variant that is to be compared is not in the data.",
    ),
    code(
        "variant-unexpected",
        UntrustedData,
        ReleaseOwner,
        "The data have a variant that the criterion does not expect.",
    ),
    code("no-goal", Error, ReleaseOwner, "The release has no goal, so there is nothing to succeed at."),
    code("metric-missing", Error, ReleaseOwner, "The criterion names a metric that does not exist."),
    code(
        "aggregation",
        Error,
        PluginTeam,
        "The plugin asked for an aggregation that the metric's kind does not allow.",
    ),
    code(
        "dimension",
        Error,
        PluginTeam,
        "The plugin asked for a dimension or a value that the metric does not have.",
    ),
    code("too-many-rows", Error, PluginTeam, "The query has more rows than the plugin or the host allows."),
    code("parameters", Error, ReleaseOwner, "The plugin refuses the criterion's parameters."),
    code("source-failed", Error, MetricOwner, "The metric's source could not be read."),
    code("source-timeout", Error, MetricOwner, "The metric's source did not answer in time."),
    code("not-granted", Error, MetricOwner, "The plugin has no leave to read this metric."),
    code("plugin-missing", Error, ReleaseOwner, "No plugin of that name and version is installed."),
    code("plugin-load", Error, PluginTeam, "The plugin could not be loaded."),
    code("plugin-fuel", Error, PluginTeam, "The plugin used up its fuel."),
    code("plugin-deadline", Error, PluginTeam, "The plugin ran out of time."),
    code("plugin-memory", Error, PluginTeam, "The plugin asked for more memory than it may have."),
    code("plugin-table", Error, PluginTeam, "The plugin asked for larger tables than it may have."),
    code("plugin-stack", Error, PluginTeam, "The plugin called itself too deeply."),
    code("plugin-handles", Error, PluginTeam, "The plugin holds too many handles."),
    code("plugin-host-calls", Error, PluginTeam, "The plugin called the host too often."),
    code("plugin-output", Error, PluginTeam, "The plugin's answer is larger than it may be."),
    code("plugin-answer", Error, PluginTeam, "The plugin's answer makes no sense."),
    code("plugin-not-finite", Error, PluginTeam, "The plugin's answer has a number that is not finite."),
    code("plugin-plan", Error, PluginTeam, "The plugin's plan cannot be carried out."),
    code("plugin-frame", Error, PluginTeam, "The plugin misread its data."),
    code("plugin-refused", Error, PluginTeam, "The plugin says that it cannot judge."),
    code("plugin-trap", Error, PluginTeam, "The plugin crashed."),
    code("plugin-suspended", Error, PluginTeam, "The plugin is suspended after repeated crashes."),
    code("host-fault", Error, Operator, "The host could not finish the judgement."),
];

/// The row of this code; `None`: a plugin's own code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Code> {
    TABLE.iter().find(|row| row.code == code)
}

/// The sentence and addressee of a code. A plugin's own code has its reason's: the plugin's team for
/// errors, the metric's owner for untrusted data, the release's owner otherwise.
#[must_use]
pub fn explain(reason: Reason, code: &str) -> (&'static str, Addressee) {
    if let Some(row) = find(code) {
        return (row.sentence, row.addressee);
    }
    match reason {
        TooEarly => ("It is too early to say.", Nobody),
        Inconclusive => ("There are enough data, and they do not decide it.", ReleaseOwner),
        InsufficientData => ("There are too few data to say.", ReleaseOwner),
        UntrustedData => ("The data cannot be trusted.", MetricOwner),
        Error => ("It could not be judged.", PluginTeam),
    }
}

#[cfg(test)]
mod tests {
    use super::TABLE;

    #[test]
    fn codes_are_unique_and_well_formed() {
        for (index, row) in TABLE.iter().enumerate() {
            assert!(row.code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
            assert!(row.sentence.ends_with('.'), "{}", row.code);
            assert!(TABLE[..index].iter().all(|other| other.code != row.code), "{}", row.code);
        }
    }
}
