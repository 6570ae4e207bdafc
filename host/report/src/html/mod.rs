//! A verdict as a page of its own: one file without scripts and without anything from elsewhere, for light and
//! dark screens, telephones and paper. Somebody who was sent it needs nothing else to read it.
//!
//! Written with the builder that writes the charts, not with templates: texts get in through one function that
//! escapes them, and a page has no more to it than a few lists.

mod criterion;
mod retro;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use yardstick_client::chart::ChartPart;
use yardstick_client::document::VerdictDocument;
use yardstick_domain::digest::Digest;
use yardstick_stats::format;

use crate::dates;
use crate::facts::Facts;
use crate::markup::Markup;

pub use retro::retro;

/// The page's own rules and the dark colours of its charts.
const STYLE: &str = concat!(include_str!("page.css"), include_str!("../chart/dark.css"));

/// The verdict as an HTML page. Charts of criteria that it does not have are left out. What people and guests
/// wrote shows as these very characters, and nothing in it is fetched, run or linked.
#[must_use]
pub fn verdict(document: &VerdictDocument, charts: &[ChartPart]) -> String {
    let facts = Facts::new(document);
    let name = &document.release.name;
    let mut out = begin(&format!("{} · {name} · {}", facts.outcome(), document.checkpoint));
    hero(&mut out, &facts);
    release(&mut out, &facts);
    undecided(&mut out, &facts);
    if !document.findings.is_empty() {
        out.element("h2", &[], "What was agreed, and what came of it");
    }
    for (index, finding) in facts.findings().enumerate() {
        let own = charts.iter().filter(|chart| chart.criterion == finding.criterion());
        criterion::card(&mut out, &finding, &document.findings[index], own, index);
    }
    notes(&mut out, &facts);
    footer(&mut out, &facts);
    out.finish()
}

/// What a page may load and run (Content-Security-Policy): the source of everything is its own file, no other is
/// asked for, whatever a text might bring along. The one style sheet is named by its hash.
#[must_use]
pub fn policy() -> String {
    let hash = STANDARD.encode(Digest::of(STYLE.as_bytes()).as_bytes());
    format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'")
}

/// A page of this title up to where its content begins.
fn begin(title: &str) -> Markup {
    let policy = policy();
    let mut out = Markup::default();
    out.own("<!doctype html>\n");
    out.open("html", &[("lang", "en")]);
    out.open("head", &[]);
    out.empty("meta", &[("charset", "utf-8")]);
    out.empty("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &policy)]);
    out.empty("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
    out.empty("meta", &[("name", "color-scheme"), ("content", "light dark")]);
    out.element("title", &[], title);
    out.open("style", &[]);
    out.own(STYLE);
    out.close();
    out.close();
    out.open("body", &[]);
    out.open("main", &[]);
    out
}

fn hero(out: &mut Markup, facts: &Facts<'_>) {
    let document = facts.document;
    out.open("header", &[("class", &format!("hero {}", tone(&document.outcome)))]);
    let kicker =
        format!("{} · team {} · {}", document.release.level, document.release.team, facts.standing());
    out.element("p", &[("class", "kicker")], &kicker);
    out.element("h1", &[], &document.release.name);
    out.within("p", &[("class", "outcome")], |inside| {
        inside.text(&facts.outcome());
        let reason = facts.reason();
        if !reason.is_empty() {
            inside.own(" ");
            inside.element("small", &[], &reason);
        }
    });
    if !document.headline.trim().is_empty() {
        out.element("p", &[("class", "headline")], &document.headline);
    }
    if let Some(why) = facts.why() {
        out.element("p", &[("class", "why")], &why);
    }
    out.close();
}

fn release(out: &mut Markup, facts: &Facts<'_>) {
    let release = &facts.document.release;
    let planned = release.planned.parse::<Date>().map_or_else(|_| release.planned.clone(), dates::full);
    let launched = facts.calendar.launch().unwrap_or_else(|| release.launched_at.clone());
    let confidence = release.confidence.map(|share| format!("{} sure", format::confidence(share)));
    let rows = [
        ("Launched", Some(format!("{launched}, {}", dates::lateness(release.days_late)))),
        ("Planned", Some(planned)),
        ("What was agreed", Some(capitalised(&facts.sealed()))),
        ("It passes when", Some(facts.document.policy.clone())),
        ("Owner", Some(release.owner.clone())),
        ("Before the launch, the team was", confidence),
        ("Judged", Some(facts.calendar.moment(&facts.document.judged_at))),
    ];
    out.open("dl", &[("class", "facts")]);
    for (name, value) in rows {
        if let Some(value) = value {
            out.open("div", &[]);
            out.element("dt", &[], name);
            out.element("dd", &[], &value);
            out.close();
        }
    }
    out.close();
}

/// What is open, why, and who can do something about it.
fn undecided(out: &mut Markup, facts: &Facts<'_>) {
    let open: Vec<_> = facts.findings().filter(|finding| finding.outcome() == "UNDECIDED").collect();
    if open.is_empty() {
        return;
    }
    out.element("h2", &[], "Still open");
    out.open("section", &[("class", "open")]);
    out.open("ul", &[]);
    for finding in open {
        out.open("li", &[]);
        out.element("b", &[], finding.criterion());
        let words = finding.open_because();
        out.text(&format!(": {words}"));
        out.close();
    }
    out.close();
    out.close();
}

fn notes(out: &mut Markup, facts: &Facts<'_>) {
    let notes = [
        ("How far the evidence reaches", facts.evidence()),
        ("The data", facts.data()),
        ("What changed", facts.revises()),
        ("What the team expected", facts.expected()),
        ("What people decided", facts.decided()),
        ("What is asked", facts.asked()),
        ("What peers found", facts.reviewed()),
        ("In the audit", facts.audited()),
    ];
    let notes: Vec<_> = notes.into_iter().filter_map(|(name, words)| Some((name, words?))).collect();
    if notes.is_empty() {
        return;
    }
    out.element("h2", &[], "Behind the numbers");
    out.open("dl", &[("class", "notes")]);
    for (name, words) in notes {
        out.element("dt", &[], name);
        out.element("dd", &[], &capitalised(&words));
    }
    out.close();
}

fn footer(out: &mut Markup, facts: &Facts<'_>) {
    let document = facts.document;
    out.open("footer", &[]);
    let judged = format!("{}, judged by {}", document.at, document.judged_by);
    for (name, value) in [
        ("Verdict ", judged),
        ("What was agreed, by its hash: ", document.seal.terms.clone()),
        ("Compute it again: ", format!("yardstick replay {}", document.at)),
    ] {
        out.open("p", &[]);
        out.text(name);
        out.own(" ");
        out.element("code", &[], &value);
        out.close();
    }
    out.close();
}

/// Class of an outcome; a word that this version does not know is as open as an undecided one.
fn tone(outcome: &str) -> &'static str {
    match outcome {
        "pass" => "pass",
        "marginal" => "marginal",
        "fail" => "fail",
        _ => "undecided",
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + characters.as_str()
}
