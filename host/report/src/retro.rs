//! A retro as Markdown, for the document that people write on.

use yardstick_client::api::{
    EvidenceCriterionPart, ReleaseEvidencePart, RetroActionPart, RetroDocument, TopicPart,
};
use yardstick_stats::format;

use crate::dates;
use crate::escape;
use crate::facts::quantity;

/// The retro as GitHub-flavoured Markdown, with a final newline. What people wrote shows as these very characters.
#[must_use]
pub fn markdown(retro: &RetroDocument) -> String {
    let mut out = format!("# {}\n\n{}\n\n", text(&retro.title), text(&about(retro)));
    if !retro.previous_actions.is_empty() {
        out += "## Actions from before\n\n";
        for action in &retro.previous_actions {
            out += &format!("- {}\n", text(&action_line(action)));
        }
        out.push('\n');
    }
    for release in &retro.evidence.releases {
        out += &evidence(release);
    }
    for (name, texts) in &retro.sections {
        out += &format!("## {}\n\n", text(&heading(name)));
        for one in texts {
            out += &format!("- {}\n", text(one));
        }
        out.push('\n');
    }
    if !retro.topics.is_empty() {
        out += "## Topics\n\n";
        for topic in &retro.topics {
            out += &format!("- **{}**{}\n", text(&topic.title), text(&topic_line(topic)));
            if let Some(notes) = &topic.notes {
                out += &format!("  - {}\n", text(notes));
            }
        }
        out.push('\n');
    }
    if !retro.actions.is_empty() {
        out += "## Actions\n\n";
        for action in &retro.actions {
            out += &format!("- {}\n", text(&action_line(action)));
        }
        out.push('\n');
    }
    if !retro.learnings.is_empty() {
        out += "## What was learned\n\n";
        for learning in &retro.learnings {
            let tags = if learning.tags.is_empty() {
                String::new()
            } else {
                format!(" ({})", learning.tags.join(", "))
            };
            out += &format!("- {}{}\n", text(&learning.text), text(&tags));
        }
        out.push('\n');
    }
    out += &format!("**Retro**: {}\n", text(&reference(retro)));
    out
}

/// `team growth · held 14 Apr 2026 15:00 UTC, led by …`.
pub(crate) fn about(retro: &RetroDocument) -> String {
    let zone = jiff::tz::TimeZone::UTC;
    let mut parts = vec![format!("team {}", retro.team), retro.status.to_string()];
    if let Some(at) = retro.held_at {
        parts.push(format!("held {}", dates::moment(at, &zone)));
    }
    if let Some(facilitator) = &retro.facilitator {
        parts.push(format!("led by {facilitator}"));
    }
    if !retro.attendees.is_empty() {
        parts.push(format!("with {}", retro.attendees.join(", ")));
    }
    parts.join(" · ")
}

/// `2026-04-growth, version 3, evidence as of …`.
pub(crate) fn reference(retro: &RetroDocument) -> String {
    let taken = dates::moment(retro.evidence.taken_at, &jiff::tz::TimeZone::UTC);
    let kept = if retro.evidence.frozen { "kept as of" } else { "as of" };
    format!("{}, version {}, evidence {kept} {taken}", retro.id, retro.version)
}

/// `went_well` as people read it.
pub(crate) fn heading(section: &str) -> String {
    let words = section.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// `A-21 Licence test in the checklist → ben, by 2026-05-01: open`.
pub(crate) fn action_line(action: &RetroActionPart) -> String {
    let why = action.reason.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
    let issue = action.issue.as_ref().map(|issue| format!(" · {issue}")).unwrap_or_default();
    format!(
        "{} {} → {}, by {}: {}{why}{issue}",
        action.id, action.text, action.owner, action.due, action.state
    )
}

/// `, 7 votes → A-21`.
pub(crate) fn topic_line(topic: &TopicPart) -> String {
    let votes = if topic.votes == 0 {
        String::new()
    } else {
        format!(", {}", format::counted(topic.votes.into(), "votes"))
    };
    let ends_in = topic.commitment.as_ref().map(|commitment| format!(" → {}", commitment.action));
    votes + &ends_in.unwrap_or_default()
}

/// `L2 · planned 3 Mar 2026 · launched …, 7 days late · sealed`.
pub(crate) fn release_line(release: &ReleaseEvidencePart) -> String {
    let mut parts = vec![release.level.to_string(), format!("planned {}", release.planned)];
    if let Some(at) = release.launched_at {
        let late = release.days_late.map(|days| format!(", {}", dates::lateness(days))).unwrap_or_default();
        parts.push(format!("launched {}{late}", dates::moment(at, &jiff::tz::TimeZone::UTC)));
    }
    let amended = match release.seal.amendments {
        0 => String::new(),
        count => format!(", {}", format::counted(count.into(), "amendments")),
    };
    parts.push(format!("{}{amended}", release.seal.state.replace('-', " ")));
    if let Some(confidence) = release.confidence_then {
        parts.push(format!("confidence {}", format::confidence(confidence)));
    }
    parts.join(" · ")
}

/// `d28.1 PASS (final), d7.1 UNDECIDED too early`.
pub(crate) fn verdicts_line(release: &ReleaseEvidencePart) -> Option<String> {
    let one = |verdict: &yardstick_client::api::EvidenceVerdictPart| {
        let reason = verdict
            .reason
            .map(|reason| format!(" {}", reason.as_str().replace('-', " ")))
            .unwrap_or_default();
        let last = if verdict.is_final { " (final)" } else { "" };
        format!("{} {}{reason}{last}", verdict.at, verdict.outcome.as_str().to_uppercase())
    };
    let all: Vec<String> = release.verdicts.iter().map(one).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// What was expected, observed and agreed of a criterion, as people read numbers.
pub(crate) fn numbers(criterion: &EvidenceCriterionPart) -> [String; 3] {
    let unit = criterion.unit.as_deref().unwrap_or_default();
    let value = |value: Option<f64>| value.map(|value| format::value(value, unit)).unwrap_or_default();
    let interval = criterion
        .low
        .zip(criterion.high)
        .map(|(low, high)| format!(" [{}, {}]", format::value(low, unit), format::value(high, unit)));
    let expected = criterion.expected.as_deref().map(|text| quantity(text, unit)).unwrap_or_default();
    [expected, value(criterion.observed) + &interval.unwrap_or_default(), value(criterion.target)]
}

fn evidence(release: &ReleaseEvidencePart) -> String {
    let mut out = format!(
        "## {} ({})\n\n{}\n\n",
        text(&release.name),
        text(&release.release),
        text(&release_line(release))
    );
    if let Some(verdicts) = verdicts_line(release) {
        out += &format!("**Verdicts**: {}\n\n", text(&verdicts));
    }
    if !release.criteria.is_empty() {
        out += "| role | criterion | outcome | expected | observed | target |\n| --- | --- | --- | --- | --- | --- |\n";
        for criterion in &release.criteria {
            let [expected, observed, target] = numbers(criterion);
            out += &format!(
                "| {} | {} | **{}** | {} | {} | {} |\n",
                text(criterion.role.as_str()),
                text(&criterion.says),
                text(&criterion.outcome.as_str().to_uppercase()),
                text(&expected),
                text(&observed),
                text(&target)
            );
        }
        out.push('\n');
    }
    let lists = [("Data", &release.data_caveats), ("Decided", &release.decisions)];
    for (label, texts) in lists.into_iter().filter(|(_, texts)| !texts.is_empty()) {
        out += &format!("**{label}**: {}\n\n", text(&texts.join(" · ")));
    }
    if let Some(since) = &release.revised_since {
        out += &format!("**Since then**: {}\n\n", text(&since.join(" · ")));
    }
    out
}

fn text(text: &str) -> String {
    escape::markdown(text)
}
