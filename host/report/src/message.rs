//! Events as messages: what a web hook gets, and as Markdown.

use serde::de::DeserializeOwned;
use yardstick_client::api::{
    EventDocument, MessageDocument, MessageFindingPart, MessagePart, MessageVerdictPart, Outcome, Role,
};
use yardstick_client::document::VerdictDocument;

use crate::escape;

/// The message of an event, with the verdict it is about in short.
#[must_use]
pub fn document(event: &EventDocument, verdict: Option<&VerdictDocument>) -> MessageDocument {
    MessageDocument {
        kind: event.kind,
        timestamp: event.at,
        data: MessagePart { event: event.clone(), verdict: verdict.map(in_short) },
    }
}

fn in_short(verdict: &VerdictDocument) -> MessageVerdictPart {
    let finding = |finding: &yardstick_client::document::FindingPart| MessageFindingPart {
        criterion: finding.criterion.clone(),
        role: word(&finding.role).unwrap_or(Role::Watch),
        outcome: outcome(&finding.outcome),
        code: finding.code.clone(),
        headline: finding.headline.clone(),
    };
    MessageVerdictPart {
        at: verdict.exactly(),
        outcome: outcome(&verdict.outcome),
        reason: verdict.reason.as_deref().and_then(word),
        code: verdict.code.clone(),
        is_final: verdict.is_final,
        headline: verdict.headline.clone(),
        findings: verdict.findings.iter().map(finding).collect(),
    }
}

/// A word of the verdict document; `None`: it is none of those.
fn word<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(text.into()).ok()
}

/// Nothing passes because its word is not known.
fn outcome(text: &str) -> Outcome {
    word(text).unwrap_or(Outcome::Undecided)
}

/// An event as Markdown, with a final newline. What people wrote shows as these very characters.
#[must_use]
pub fn markdown(event: &EventDocument) -> String {
    let text = escape::markdown;
    let mut out = format!("## {}\n", text(&event.says));
    if let Some(advice) = &event.advice {
        out += &format!("\n**What to do**: {}\n", text(advice));
    }
    if !event.to.is_empty() {
        out += &format!("\n**For**: {}\n", text(&event.to.join(", ")));
    }
    let about = [
        event.release.as_deref().map(|release| format!("release {release}")),
        event.verdict.as_deref().map(|verdict| format!("verdict {verdict}")),
        event.team.as_deref().map(|team| format!("team {team}")),
    ];
    let about: Vec<String> = about.into_iter().flatten().collect();
    out += &format!("\n**Event**: {}, {}", text(event.kind.as_str()), text(&event.at.to_string()));
    if !about.is_empty() {
        out += &format!(", {}", text(&about.join(", ")));
    }
    out.push('\n');
    out
}
