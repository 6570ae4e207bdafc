//! A retro as a page of its own.

use yardstick_client::api::{ReleaseEvidencePart, RetroDocument};

use super::begin;
use crate::markup::Markup;
use crate::retro::{
    about, action_line, heading, numbers, reference, release_line, topic_line, verdicts_line,
};

/// The retro as an HTML page. What people wrote shows as these very characters, and nothing in it is fetched, run or
/// linked.
#[must_use]
pub fn retro(retro: &RetroDocument) -> String {
    let mut out = begin(&format!("{} · retro", retro.title));
    out.open("header", &[("class", "hero")]);
    out.element("p", &[("class", "kicker")], &format!("Retro {}", retro.id));
    out.element("h1", &[], &retro.title);
    out.element("p", &[("class", "headline")], &about(retro));
    out.close();
    list(&mut out, "Actions from before", retro.previous_actions.iter().map(action_line));
    for release in &retro.evidence.releases {
        evidence(&mut out, release);
    }
    for (name, texts) in &retro.sections {
        list(&mut out, &heading(name), texts.iter().cloned());
    }
    if !retro.topics.is_empty() {
        out.element("h2", &[], "Topics");
        out.open("ul", &[]);
        for topic in &retro.topics {
            out.open("li", &[]);
            out.element("b", &[], &topic.title);
            out.text(&topic_line(topic));
            if let Some(notes) = &topic.notes {
                out.element("p", &[], notes);
            }
            out.close();
        }
        out.close();
    }
    list(&mut out, "Actions", retro.actions.iter().map(action_line));
    list(&mut out, "What was learned", retro.learnings.iter().map(|learning| learning.text.clone()));
    out.open("footer", &[]);
    out.element("p", &[], &reference(retro));
    out.close();
    out.finish()
}

/// A heading and a list below it; nothing, if there is nothing in it.
fn list(out: &mut Markup, title: &str, texts: impl IntoIterator<Item = String>) {
    let mut texts = texts.into_iter().peekable();
    if texts.peek().is_none() {
        return;
    }
    out.element("h2", &[], title);
    out.open("ul", &[]);
    for text in texts {
        out.element("li", &[], &text);
    }
    out.close();
}

fn evidence(out: &mut Markup, release: &ReleaseEvidencePart) {
    out.element("h2", &[], &format!("{} ({})", release.name, release.release));
    out.element("p", &[], &release_line(release));
    if let Some(verdicts) = verdicts_line(release) {
        out.element("p", &[], &format!("Verdicts: {verdicts}"));
    }
    if !release.criteria.is_empty() {
        out.open("table", &[]);
        out.open("tr", &[]);
        for name in ["role", "criterion", "outcome", "expected", "observed", "target"] {
            out.element("th", &[], name);
        }
        out.close();
        for criterion in &release.criteria {
            let [expected, observed, target] = numbers(criterion);
            out.open("tr", &[]);
            out.element("td", &[], criterion.role.as_str());
            out.element("td", &[], &criterion.says);
            out.element("td", &[], &criterion.outcome.as_str().to_uppercase());
            for number in [expected, observed, target] {
                out.element("td", &[("class", "number")], &number);
            }
            out.close();
        }
        out.close();
    }
    let since = release.revised_since.clone().unwrap_or_default();
    for (label, texts) in
        [("Data", &release.data_caveats), ("Decided", &release.decisions), ("Since then", &since)]
    {
        if !texts.is_empty() {
            out.element("p", &[], &format!("{label}: {}", texts.join(" · ")));
        }
    }
}
