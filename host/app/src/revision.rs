//! What changed between two revisions of an official verdict: outcomes, and the values they rest on.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use yardstick_client::document::RevisesPart;
use yardstick_domain::finding::Outcome;
use yardstick_domain::frame::{Column, Frame, Value};
use yardstick_domain::time::{day_of, zone};
use yardstick_domain::verdict::{Judgement, Standing, Verdict, VerdictNumber, VerdictRef};
use yardstick_stats::format;

use crate::App;
use crate::error::Result;

/// Values of one query that are named; further ones are counted.
const NAMED: usize = 3;

impl App {
    /// What a revision changed; `None`: it is the first, or no official verdict.
    pub(crate) async fn revises(&self, verdict: &Verdict) -> Result<Option<RevisesPart>> {
        let VerdictNumber::Revision(number) = verdict.at.number else { return Ok(None) };
        if verdict.standing != Standing::Official || number < 2 {
            return Ok(None);
        }
        let before = VerdictRef { number: VerdictNumber::Revision(number - 1), ..verdict.at.clone() };
        let Some(before) = self.store.verdict(&before).await? else { return Ok(None) };
        let mut changes = Vec::new();
        for now in &verdict.judgements {
            let same = |then: &&Judgement| then.criterion.id == now.criterion.id;
            let Some(then) = before.judgements.iter().find(same) else { continue };
            if then.finding.outcome != now.finding.outcome {
                let (then, now_is) = (told(&then.finding.outcome), told(&now.finding.outcome));
                changes.push(format!("{}: {then} → {now_is}", now.criterion.id));
            }
            for text in self.values_changed(then, now).await? {
                changes.push(format!("{}: {text}", now.criterion.id));
            }
        }
        Ok(Some(RevisesPart { revision: number - 1, outcome: told(&before.outcome), changes }))
    }

    /// Values that differ, by metric: of its days where a plugin was given days, otherwise in all.
    async fn values_changed(&self, then: &Judgement, now: &Judgement) -> Result<Vec<String>> {
        let mut by_metric: BTreeMap<String, (Vec<String>, Vec<String>)> = BTreeMap::new();
        for used in &now.frames {
            let Some(before) = then.frames.iter().find(|before| before.key == used.key) else { continue };
            if before.digest == used.digest {
                continue;
            }
            let (Some(before), Some(after)) =
                (self.frame(before.digest).await?, self.frame(used.digest).await?)
            else {
                continue;
            };
            let query = now.queries.iter().find(|query| query.key == used.key);
            let metric = query.and_then(|query| now.criterion.metrics.get(&query.metric));
            let Some(key) = metric else { continue };
            let days = self.store.metric(key).await?.map_or(TimeZone::UTC, |metric| zone(&metric.time_zone));
            let found = by_metric.entry(key.to_string()).or_default();
            let list = if after.column("time").is_some() { &mut found.0 } else { &mut found.1 };
            for text in differences(&before, &after, &days) {
                let text = format!("{key} {text}");
                if !list.contains(&text) {
                    list.push(text);
                }
            }
        }
        let texts = by_metric.into_values().map(|(days, all)| if days.is_empty() { all } else { days });
        Ok(texts.flat_map(shortened).collect())
    }

    async fn frame(&self, digest: yardstick_domain::digest::Digest) -> Result<Option<Frame>> {
        Ok(self.store.frame(digest).await?.and_then(|bytes| Frame::decode(&bytes).ok()))
    }
}

fn shortened(mut texts: Vec<String>) -> Vec<String> {
    if texts.len() > NAMED + 1 {
        let more = texts.len() - NAMED;
        texts.truncate(NAMED);
        texts.push(format!("and {more} more values"));
    }
    texts
}

fn told(outcome: &Outcome) -> String {
    match outcome.reason() {
        Some(reason) => format!("{} ({})", outcome.as_str(), reason.as_str().replace('-', " ")),
        None => outcome.as_str().to_owned(),
    }
}

/// A row of a frame: what it is about, and its value, null as NaN.
struct Known {
    about: String,
    value: f64,
}

/// Rows by day and labels.
fn rows<'a>(frame: &'a Frame, zone: &TimeZone) -> BTreeMap<(i64, Vec<&'a str>), Known> {
    let mut found = BTreeMap::new();
    for row in 0..frame.rows() {
        let (mut time, mut labels, mut value) = (None, Vec::new(), f64::NAN);
        for (name, column) in frame.columns() {
            match column {
                Column::S64(times) if name == "time" => time = Some(times[row]),
                Column::Codes { codes, labels: known } => labels.push(known[codes[row] as usize].as_str()),
                Column::F64(values) if name == "value" => value = values[row],
                Column::S64(_) | Column::F64(_) => {}
            }
        }
        let mut about = match time.map(Timestamp::from_millisecond) {
            Some(Ok(at)) => format!("of {}", day_of(at, zone)),
            _ => "in all".to_owned(),
        };
        if !labels.is_empty() {
            about += &format!(" ({})", labels.join(", "));
        }
        found.insert((time.unwrap_or(0), labels), Known { about, value });
    }
    found
}

/// `of 2026-03-05 was 9 uses and is 2 uses (−77.8 %)` for each row that differs.
fn differences(before: &Frame, after: &Frame, zone: &TimeZone) -> Vec<String> {
    let unit = match after.fact("unit") {
        Some(Value::Text(unit)) => unit.as_str(),
        _ => "",
    };
    let shown = |value: f64| if value.is_nan() { "missing".to_owned() } else { format::value(value, unit) };
    let (then, now) = (rows(before, zone), rows(after, zone));
    let keys: BTreeSet<_> = then.keys().chain(now.keys()).collect();
    let mut texts = Vec::new();
    for key in keys {
        let (was, is) = (then.get(key), now.get(key));
        let about = was.or(is).map_or("", |known| known.about.as_str());
        let value = |known: Option<&Known>| known.map_or(f64::NAN, |known| known.value);
        let (was, is) = (value(was), value(is));
        if was.to_bits() == is.to_bits() || (was.is_nan() && is.is_nan()) {
            continue;
        }
        let change = (is - was) / was.abs();
        let change = if change.is_finite() {
            format!(" ({})", format::value(change, "relative"))
        } else {
            String::new()
        };
        texts.push(format!("{about} was {} and is {}{change}", shown(was), shown(is)));
    }
    texts
}
