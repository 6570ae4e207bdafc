//! What must be the same, and what cannot be: when something was recorded, and where.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use yardstick_report::dates;

use crate::cli::Ran;

/// Zones of the teams and metrics in the story.
const ZONES: [&str; 4] = ["UTC", "Europe/Berlin", "America/Los_Angeles", "America/New_York"];

/// Blots out what is recorded while a test runs.
pub(super) struct Blotter {
    started: Timestamp,
}

impl Blotter {
    #[expect(clippy::disallowed_methods, reason = "the programs under test read the same clock")]
    pub(super) fn new() -> Self {
        Self { started: Timestamp::now() - 1.second() }
    }

    /// What a command did, without instants since the start of the test and without where it was done.
    pub(super) fn blotted(&self, ran: &Ran, server: &str) -> Ran {
        let mut err: Vec<&str> = ran.err.lines().collect();
        err.retain(|line| !line.starts_with("database ") && *line != format!("server {server}"));
        Ran {
            code: ran.code,
            signal: ran.signal,
            out: self.text(&ran.out.replacen(&format!(" · server {server}\n"), "\n", 1)),
            err: self.text(&err.join("\n")),
        }
    }

    pub(super) fn text(&self, text: &str) -> String {
        let mut text = self.instants(text);
        for moment in self.moments() {
            text = text.replace(&moment, "JUST NOW");
        }
        text.lines().map(|line| timeless(line) + "\n").collect()
    }

    #[expect(clippy::disallowed_methods, reason = "the programs under test read the same clock")]
    fn is_now(&self, instant: Timestamp) -> bool {
        (self.started..=Timestamp::now()).contains(&instant)
    }

    /// Instants as documents write them: `2026-11-22T06:12:33.123Z`.
    fn instants(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(end) = rest.find('Z') {
            let (before, after) = rest.split_at(end + 1);
            let start = before.trim_end_matches(|c: char| c.is_ascii_digit() || "-:.TZ".contains(c)).len();
            let found = before[start..].parse::<Timestamp>();
            match found {
                Ok(instant) if self.is_now(instant) => {
                    out.push_str(&before[..start]);
                    out.push_str("NOW");
                }
                _ => out.push_str(before),
            }
            rest = after;
        }
        out + rest
    }

    /// The minutes since the start, as people read them: `22 Nov 2026 06:12 UTC`.
    #[expect(clippy::disallowed_methods, reason = "the programs under test read the same clock")]
    fn moments(&self) -> Vec<String> {
        let zones: Vec<TimeZone> = ZONES.iter().map(|zone| TimeZone::get(zone).unwrap()).collect();
        let minutes = std::iter::successors(Some(self.started), |at| Some(*at + 1.minute()));
        let minutes = minutes.take_while(|at| self.is_now(*at)).chain([Timestamp::now()]);
        minutes.flat_map(|at| zones.iter().map(move |zone| dates::moment(at, zone))).collect()
    }
}

/// A line without the time that a run took: `0.31 ms` at its end, or `"micros": 310`.
fn timeless(line: &str) -> String {
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if let Some((before, time)) = line.rsplit_once(", ")
        && time.strip_suffix(" ms").is_some_and(number)
    {
        return format!("{before}, SOME TIME");
    }
    match line.split_once("\"micros\": ") {
        Some((before, time)) if number(time.trim_end_matches(',')) => format!("{before}\"micros\": SOME"),
        _ => line.to_owned(),
    }
}
