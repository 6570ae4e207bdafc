//! What a field of a row may hold, whatever the format.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use yardstick_domain::metric::{Kind, Metric};
use yardstick_domain::nearest;
use yardstick_domain::point::Measure;
use yardstick_domain::time::start_of_day;

use super::plan::{MOST_COMPARED, MOST_NAMES};
use super::shown;

/// Reads the fields of a metric's rows.
#[derive(Debug)]
pub(super) struct Cells<'a> {
    metric: &'a Metric,
    zone: &'a TimeZone,
    now: Timestamp,
    last_day: Option<(Date, Timestamp)>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(metric: &'a Metric, zone: &'a TimeZone, now: Timestamp) -> Self {
        Self { metric, zone, now, last_day: None }
    }

    /// The start of the day a field names, in the metric's zone.
    pub(super) fn bucket(&mut self, text: &str) -> Result<Timestamp, String> {
        let well_formed = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let date =
            text.parse::<Date>().ok().filter(|date| well_formed && (1990..=2200).contains(&date.year()));
        let date = date.ok_or_else(|| {
            format!("{:?} is no day; expected year-month-day, such as 2026-03-03", shown(text))
        })?;
        if let Some((_, start)) = self.last_day.filter(|(day, _)| *day == date) {
            return Ok(start);
        }
        let start = start_of_day(date, self.zone);
        if start > self.now {
            return Err(format!("{date} is in the future"));
        }
        self.last_day = Some((date, start));
        Ok(start)
    }

    /// A finite number; `None` for an empty cell.
    pub(super) fn number(text: &str) -> Result<Option<f64>, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            Ok(_) => Err(format!(
                "{:?} is not a finite number; leave the cell empty when the value is unknown",
                shown(text)
            )),
            Err(_) if text.contains(',') => Err(format!(
                "{:?} is no number; write it without thousands separators, with a point for decimals",
                shown(text)
            )),
            Err(_) => Err(format!("{:?} is no number", shown(text))),
        }
    }

    /// The measure of these cells; `None` when all are empty: missing, never zero.
    pub(super) fn measure(
        &self,
        cells: [(&str, Option<f64>); 3],
    ) -> Result<Option<Measure>, (String, String)> {
        let wanted: &[usize] = match self.metric.kind {
            Kind::Gauge | Kind::Sum => &[0],
            Kind::Ratio => &[0, 1],
            Kind::Mean => &[0, 1, 2],
        };
        if wanted.iter().all(|index| cells[*index].1.is_none()) {
            return Ok(None);
        }
        for index in wanted {
            let (name, cell) = cells[*index];
            if cell.is_none() {
                return Err((
                    name.to_owned(),
                    "is empty, but the row has other values; leave all of them empty or none".to_owned(),
                ));
            }
        }
        let used = |index: usize| wanted.contains(&index).then(|| cells[index].1).flatten();
        let measure = Measure { sum: used(0).unwrap_or_default(), n: used(1), sum_sq: used(2) };
        measure.check(self.metric.kind).map_err(|bad| {
            let index = ["sum", "n", "sum_sq"].iter().position(|name| *name == bad.field);
            let column = match bad.field {
                "denominator" => cells[1].0,
                "value" | "numerator" => cells[0].0,
                _ => index.map_or("", |index| cells[index].0),
            };
            (column.to_owned(), format!("{} {}", bad.found, bad.expected))
        })?;
        Ok(Some(measure))
    }

    /// Checks a value of a dimension; `None`: it marks the total.
    pub(super) fn dimension(
        &self,
        name: &str,
        text: &str,
        total: Option<&String>,
    ) -> Result<Option<String>, String> {
        let text = text.trim();
        if total.is_some_and(|total| total == text) {
            return Ok(None);
        }
        if text.is_empty() {
            return Err(match total {
                Some(total) => format!("is empty; expected a {name}, or {total:?} for the total"),
                None => format!("is empty; expected a {name}"),
            });
        }
        let known = self.metric.dimensions.get(name).map_or(&[][..], Vec::as_slice);
        if !known.is_empty() && !known.iter().any(|value| value == text) {
            let hint = nearest::hint(text, known.iter().take(MOST_COMPARED).map(String::as_str));
            let more = if known.len() > MOST_NAMES { ", …" } else { "" };
            return Err(format!(
                "{:?} is no {name} of {}; expected one of {}{more}{hint}",
                shown(text),
                self.metric.key,
                known[..known.len().min(MOST_NAMES)].join(", ")
            ));
        }
        if text.len() > 200 || text.chars().any(char::is_control) {
            return Err("has control characters or more than 200 bytes".to_owned());
        }
        Ok(Some(text.to_owned()))
    }
}
