//! Names of levels and variants: to the right of the days where there is room, below them where not.

use yardstick_client::chart::ChartPart;

use super::drawing::{Hand, Pen, line, text};
use super::labels::{Beside, arrange};
use super::palette::Paint;
use super::picture::{BELOW, BODY, MARGIN, Picture, ROW, SMALL};
use super::scale::Days;
use super::text::{BOLD, bold_width, cut};
use super::words::{self, Label};
use super::{MOST_LINES, level};
use crate::markup::Markup;

impl Picture<'_> {
    /// Names of levels and variants, to the right of the days.
    pub(super) fn beside(&self, out: &mut Markup, days: &Days) {
        let mut labels = Vec::new();
        for (label, paint, value) in named_levels(self.chart, self.values.apart) {
            labels.push(Beside::new(label, paint, self.y(value)));
        }
        for (index, part) in self.chart.lines.iter().take(MOST_LINES).enumerate() {
            let last = words::values(&part.values, days.count).last();
            if let (Some(name), Some((_, value))) = (&part.label, last) {
                let label = Label { main: name.clone(), sub: String::new() };
                labels.push(Beside::new(label, Paint::Line(index), self.y(value)));
            }
        }
        arrange(&mut labels, self.top - 6.0, self.bottom + 20.0);
        let room = self.size.width - MARGIN - self.right - 12.0;
        for label in labels {
            let (x, y) = (self.right + 14.0, label.middle());
            let leader = [(self.right + 2.0, label.at), (self.right + 11.0, y)];
            line(out, leader[0], leader[1], Pen::new(label.paint, 1.0));
            let main = cut(&label.label.main, room / BOLD, BODY);
            text(out, (x, y + 4.0), Hand::new(BODY, label.paint).bold(), &main);
            if !label.label.sub.is_empty() {
                let sub = cut(&label.label.sub, room, SMALL);
                text(out, (x, y + 17.0), Hand::new(SMALL, Paint::Muted), &sub);
            }
        }
    }

    /// Names of levels and variants in lines below the days, as far as there is room.
    pub(super) fn below(&self, out: &mut Markup) {
        let levels = named_levels(self.chart, self.values.apart).into_iter();
        let lines = self.chart.lines.iter().take(MOST_LINES).enumerate().filter_map(|(index, part)| {
            let label = Label { main: part.label.clone()?, sub: String::new() };
            Some((label, Paint::Line(index), f64::NAN))
        });
        let mut y = self.bottom + BELOW + 4.0;
        for (label, paint, _) in levels.chain(lines) {
            if y > self.size.height - 4.0 {
                break;
            }
            let pen = Pen::new(paint, 2.0).dashed(paint.dashes());
            line(out, (MARGIN, y - 4.0), (MARGIN + 18.0, y - 4.0), pen);
            let room = self.size.width - 2.0 * MARGIN - 26.0;
            let main = cut(&label.main, room / BOLD, BODY);
            text(out, (MARGIN + 26.0, y), Hand::new(BODY, paint).bold(), &main);
            let from = bold_width(&main, BODY) + 8.0;
            if !label.sub.is_empty() && from < room {
                let place = (MARGIN + 26.0 + from, y);
                text(out, place, Hand::new(SMALL, Paint::Muted), &cut(&label.sub, room - from, SMALL));
            }
            y += ROW;
        }
    }
}

/// Levels that have a name: what it is, its colour, where it lies. `apart`: the distance of grid lines.
fn named_levels(chart: &ChartPart, apart: f64) -> Vec<(Label, Paint, f64)> {
    let unit = chart.unit.as_str();
    let mut levels = Vec::new();
    if let Some(target) = &chart.target {
        levels.push((words::bound(target, unit, apart, false), Paint::Target, target.at));
    }
    if let Some(marginal) = &chart.marginal {
        levels.push((words::bound(marginal, unit, apart, true), Paint::Target, marginal.at));
    }
    if let Some(observed) = &chart.observed {
        levels.push((words::observed(observed, unit, apart), Paint::Observed, observed.at));
    }
    if let Some(mean) = chart.baseline.as_ref().and_then(|baseline| baseline.mean) {
        let main = format!("baseline {}", level(mean, unit, apart));
        levels.push((Label { main, sub: String::new() }, Paint::Muted, mean));
    }
    levels
}

/// All names of levels and variants.
pub(super) fn words_beside(chart: &ChartPart, apart: f64) -> Vec<Label> {
    let levels = named_levels(chart, apart).into_iter().map(|(label, ..)| label);
    let names = chart.lines.iter().take(MOST_LINES).filter_map(|line| line.label.clone());
    levels.chain(names.map(|main| Label { main, sub: String::new() })).collect()
}
