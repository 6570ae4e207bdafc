//! One chart, drawn.

use yardstick_client::chart::{ChartPart, LinePart};

use super::drawing::{Anchor, Hand, Pen, area, at, dot, line, path, text};
use super::names::words_beside;
use super::palette::Paint;
use super::scale::{Days, Values, tick};
use super::text::{BOLD, bold_width, cut, width, wrapped};
use super::words::{self, Label};
use super::{MOST_DAYS, MOST_LINES, Size};
use crate::markup::Markup;

/// Sizes of letters.
const TITLE: f64 = 14.0;
pub(super) const BODY: f64 = 12.0;
pub(super) const SMALL: f64 = 11.0;
/// Above the days: title, what the values are, names of launch and checkpoints.
const ABOVE: f64 = 68.0;
/// Below them: dates, brackets under baseline and window with their names.
pub(super) const BELOW: f64 = 56.0;
pub(super) const MARGIN: f64 = 14.0;
/// Height of a line of notes above.
const NOTES: f64 = 15.0;
/// Narrower pictures name their levels below the days, not beside them.
const NARROW: f64 = 480.0;
/// Height of a line of names below.
pub(super) const ROW: f64 = 18.0;
/// Height of the days that names below leave.
const LEAST_PLOT: f64 = 100.0;

/// A chart with the places of its parts.
pub(crate) struct Picture<'a> {
    pub(super) chart: &'a ChartPart,
    pub(super) size: Size,
    id: String,
    /// `None`: its days are none.
    days: Option<Days>,
    /// What to know of the values; empty: nothing, or it stands where values would be.
    notes: String,
    pub(super) values: Values,
    left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl<'a> Picture<'a> {
    pub(crate) fn new(chart: &'a ChartPart, size: Size, id: &str) -> Self {
        let size = Size { width: size.width.max(200.0), height: size.height.max(160.0) };
        let days = Days::new(&chart.first_day, &chart.last_day, &chart.launch_day, MOST_DAYS);
        let values = Values::holding(levels(chart));
        let ticks = values.ticks.iter().map(|value| width(&tick(*value, &chart.unit), SMALL));
        let left = ticks.fold(0.0, f64::max).min(size.width * 0.25) + MARGIN + 8.0;
        let labels = words_beside(chart, values.apart);
        let wide = |label: &Label| bold_width(&label.main, BODY).max(width(&label.sub, SMALL));
        let room = labels.iter().map(wide).fold(0.0, f64::max).min(size.width * 0.32);
        let (right, rows) = match size.width < NARROW {
            true => (size.width - MARGIN, labels.len() as f64 * ROW),
            false if room > 0.0 => (size.width - MARGIN - room - 14.0, 0.0),
            false => (size.width - MARGIN, 0.0),
        };
        let speaks = chart.withheld.is_none() && days.as_ref().is_some_and(|days| !is_empty(chart, days));
        let notes = if speaks { words::notes(chart) } else { String::new() };
        let top = if notes.is_empty() { ABOVE } else { ABOVE + NOTES };
        let bottom = (size.height - BELOW - rows).max(top + LEAST_PLOT.min(size.height - top - BELOW));
        Self { chart, size, id: id.to_owned(), days, notes, values, left, right, top, bottom }
    }

    pub(crate) fn draw(&self, out: &mut Markup) {
        let (title, description) = (format!("{}-title", self.id), format!("{}-desc", self.id));
        let family = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";
        let labelled = format!("{title} {description}");
        out.open("g", &[("role", "img"), ("aria-labelledby", &labelled), ("font-family", family)]);
        out.element("title", &[("id", &title)], &self.name());
        let words = match &self.days {
            Some(days) => words::description(self.chart, days, self.values.apart),
            None => self.unreadable(),
        };
        out.element("desc", &[("id", &description)], &cut(&words, 12_000.0, BODY));
        area(out, (0.0, 0.0), (self.size.width, self.size.height), Paint::Ground, 1.0);
        self.heading(out);
        match &self.days {
            Some(days) => self.plot(out, days),
            None => self.message(out, &self.unreadable(), self.left, self.right),
        }
        out.close();
    }

    fn name(&self) -> String {
        let room = 4_000.0;
        format!("{}: {}", cut(&self.chart.criterion, room, BODY), cut(&self.chart.title, room, BODY))
    }

    fn unreadable(&self) -> String {
        "This chart names no days that could be drawn.".to_owned()
    }

    fn heading(&self, out: &mut Markup) {
        let room = self.size.width - 2.0 * MARGIN;
        let title = cut(&self.chart.title, room / BOLD, TITLE);
        text(out, (MARGIN, 24.0), Hand::new(TITLE, Paint::Ink).bold(), &title);
        let subtitle = cut(&words::subtitle(self.chart), room, SMALL);
        text(out, (MARGIN, 40.0), Hand::new(SMALL, Paint::Muted), &subtitle);
        if !self.notes.is_empty() {
            let notes = cut(&self.notes, room, SMALL);
            text(out, (MARGIN, 40.0 + NOTES), Hand::new(SMALL, Paint::Muted), &notes);
        }
    }

    fn plot(&self, out: &mut Markup, days: &Days) {
        self.shades(out, days);
        self.grid(out);
        self.dates(out, days);
        self.brackets(out, days);
        self.marks(out, days);
        self.levels(out, days);
        for (index, line) in self.chart.lines.iter().take(MOST_LINES).enumerate() {
            self.line(out, days, line, index);
        }
        self.last_dot(out, days);
        if self.size.width < NARROW {
            self.below(out);
        } else {
            self.beside(out, days);
        }
        let remarks: Vec<String> = words::remarks(self.chart).collect();
        let nothing = is_empty(self.chart, days);
        if nothing || self.chart.withheld.is_some() {
            let words =
                if remarks.is_empty() { "There are no values yet.".to_owned() } else { remarks.join(" ") };
            let from =
                if nothing { self.left } else { days.launch().map_or(self.left, |day| self.x(days, day)) };
            self.message(out, &words, from, self.right);
        }
    }

    /// Where the middle of a day lies.
    fn x(&self, days: &Days, position: f64) -> f64 {
        self.left + (position + 0.5) / days.count as f64 * (self.right - self.left)
    }

    pub(super) fn y(&self, value: f64) -> f64 {
        self.bottom - self.values.share(value) * (self.bottom - self.top)
    }

    /// The edges of days, the first of one and the last of the other.
    fn edges(&self, days: &Days, (first, last): (f64, f64)) -> (f64, f64) {
        (self.x(days, first - 0.5), self.x(days, last + 0.5))
    }

    fn window(&self, days: &Days) -> Option<(f64, f64)> {
        self.chart.window.as_ref().and_then(|window| days.span(&window.first_day, &window.last_day))
    }

    fn baseline(&self, days: &Days) -> Option<(f64, f64)> {
        self.chart.baseline.as_ref().and_then(|baseline| days.span(&baseline.first_day, &baseline.last_day))
    }

    fn shades(&self, out: &mut Markup, days: &Days) {
        for (span, paint) in [(self.window(days), Paint::Window), (self.baseline(days), Paint::Before)] {
            if let Some(span) = span {
                let (from, to) = self.edges(days, span);
                area(out, (from, self.top), (to, self.bottom), paint, 1.0);
            }
        }
    }

    fn grid(&self, out: &mut Markup) {
        for value in &self.values.ticks {
            let y = self.y(*value);
            line(out, (self.left, y), (self.right, y), Pen::new(Paint::Grid, 1.0));
            let words = cut(&tick(*value, &self.chart.unit), self.left - 8.0, SMALL);
            let hand = Hand::new(SMALL, Paint::Muted).anchored(Anchor::End);
            text(out, (self.left - 7.0, y + 4.0), hand, &words);
        }
    }

    fn dates(&self, out: &mut Markup, days: &Days) {
        line(out, (self.left, self.bottom), (self.right, self.bottom), Pen::new(Paint::Muted, 1.0));
        let most = ((self.right - self.left) / 58.0) as usize;
        for position in days.ticks(most) {
            let x = self.x(days, position as f64);
            line(out, (x, self.bottom), (x, self.bottom + 4.0), Pen::new(Paint::Muted, 1.0));
            let words = days.short(position);
            let half = width(&words, SMALL) / 2.0;
            let x =
                x.clamp((self.left - 8.0 + half).min(self.right), (self.size.width - half).max(self.left));
            let hand = Hand::new(SMALL, Paint::Muted).anchored(Anchor::Middle);
            text(out, (x, self.bottom + 17.0), hand, &words);
        }
    }

    /// Brackets below the dates: which days count, and which they are compared with.
    fn brackets(&self, out: &mut Markup, days: &Days) {
        let window = self.chart.window.as_ref().map(|window| format!("days that count: {}", window.name));
        let short = self.chart.window.as_ref().map(|window| window.name.clone());
        let baseline = Some("baseline".to_owned());
        for (span, words, short) in
            [(self.window(days), window, short), (self.baseline(days), baseline.clone(), baseline)]
        {
            let (Some(span), Some(words), Some(short)) = (span, words, short) else { continue };
            let (from, to) = self.edges(days, span);
            let y = self.bottom + 26.0;
            let shape = format!("M{} {}v4H{}v-4", at(from + 1.0), at(y), at(to - 1.0));
            path(out, &shape, Pen::new(Paint::Muted, 1.0));
            let room = to - from;
            let words = if width(&words, SMALL) <= room { words } else { short };
            let words = cut(&words, room.max(60.0), SMALL);
            let half = width(&words, SMALL) / 2.0;
            let middle = f64::midpoint(from, to).clamp(half, self.size.width - half);
            text(out, (middle, y + 17.0), Hand::new(SMALL, Paint::Muted).anchored(Anchor::Middle), &words);
        }
    }

    /// The launch and the ends of the checkpoints. A name that would cover another is left out; its line stays.
    fn marks(&self, out: &mut Markup, days: &Days) {
        let mut taken: Vec<(f64, f64)> = Vec::new();
        if let Some(launch) = days.launch() {
            let x = self.x(days, launch);
            line(out, (x, self.top - 8.0), (x, self.bottom), Pen::new(Paint::Launch, 1.5));
            let words = format!("launched {}", days.launch_date());
            let short = format!("launch {}", days.short(launch as usize));
            let words = if x - bold_width(&words, SMALL) >= 4.0 { words } else { short };
            let long = bold_width(&words, SMALL);
            let (anchor, from) = if x - long >= 4.0 { (Anchor::End, x - long) } else { (Anchor::Start, x) };
            text(out, (x, self.top - 13.0), Hand::new(SMALL, Paint::Ink).anchored(anchor).bold(), &words);
            taken.push((from - 6.0, from + long + 6.0));
        }
        let mut points: Vec<_> = self.chart.checkpoints.iter().take(12).collect();
        points.sort_by_key(|point| !point.judged);
        for point in points {
            let Some(day) = days.find(&point.day) else { continue };
            let x = self.x(days, day + 0.5);
            let paint = if point.judged { Paint::Ink } else { Paint::Muted };
            line(out, (x, self.top - 8.0), (x, self.bottom), Pen::new(paint, 1.0).dashed("1 3"));
            let words = cut(&point.name, 60.0, SMALL);
            let half = width(&words, SMALL) / 2.0;
            let (from, to) = (x - half - 2.0, x + half + 2.0);
            if taken.iter().all(|(start, end)| to < *start || from > *end) {
                let hand = Hand::new(SMALL, paint).anchored(Anchor::Middle);
                text(out, (x, self.top - 13.0), if point.judged { hand.bold() } else { hand }, &words);
                taken.push((from, to));
            }
        }
    }

    /// Bounds, baseline, and the number that decided with its interval.
    fn levels(&self, out: &mut Markup, days: &Days) {
        let across = |out: &mut Markup, value: f64, pen: Pen| {
            line(out, (self.left, self.y(value)), (self.right, self.y(value)), pen);
        };
        if let Some((from, to)) = self.observed_span(days)
            && let Some(observed) = &self.chart.observed
        {
            if observed.low.is_some() || observed.high.is_some() {
                let high = observed.high.map_or(self.top, |high| self.y(high));
                let low = observed.low.map_or(self.bottom, |low| self.y(low));
                // An interval too narrow to see is still there.
                let (high, low) = if low - high < 2.0 { (high - 1.0, low + 1.0) } else { (high, low) };
                area(out, (from, high), (to, low), Paint::Observed, 0.22);
            }
            let y = self.y(observed.at);
            line(out, (from, y), (to, y), Pen::new(Paint::Observed, 1.5));
        }
        if let Some(mean) = self.baseline_mean() {
            across(out, mean, Pen::new(Paint::Muted, 1.0).dashed("2 4"));
            if let Some(span) = self.baseline(days) {
                let (from, to) = self.edges(days, span);
                line(out, (from, self.y(mean)), (to, self.y(mean)), Pen::new(Paint::Muted, 2.0));
            }
        }
        if let Some(marginal) = &self.chart.marginal {
            across(out, marginal.at, Pen::new(Paint::Target, 1.0).dashed("2 3"));
        }
        if let Some(target) = &self.chart.target {
            across(out, target.at, Pen::new(Paint::Target, 1.5).dashed("7 4"));
        }
    }

    fn baseline_mean(&self) -> Option<f64> {
        self.chart.baseline.as_ref()?.mean.filter(|mean| mean.is_finite())
    }

    /// The days that the observed number is drawn over: as far as there are values. A level is no number of a
    /// span of days, but of its last one.
    fn observed_span(&self, days: &Days) -> Option<(f64, f64)> {
        if self.level_that_decided(days).is_some() {
            return None;
        }
        let (first, last) = self.window(days)?;
        let there = self.chart.lines.iter().filter_map(|line| words::values(&line.values, days.count).last());
        let there = there.map(|(day, _)| day as f64).fold(first, f64::max);
        Some(self.edges(days, (first, last.min(there))))
    }

    /// Where the level lies that decided: on the last day of the window that has a value. `None`: what decided
    /// is no level, but a change, or a number of several days. A quotient of last levels is told from one of
    /// averages or totals by being its last day's value.
    fn level_that_decided(&self, days: &Days) -> Option<(f64, f64)> {
        let (observed, window) = (self.chart.observed.as_ref()?, self.window(days)?);
        let [only] = self.chart.lines.as_slice() else { return None };
        let is_own = observed.said.unit == self.chart.unit && observed.over_days.is_none();
        if !is_own || observed.low.is_some() || observed.high.is_some() {
            return None;
        }
        let inside = |(day, _): &(usize, f64)| (window.0..=window.1).contains(&(*day as f64));
        let (day, value) = words::values(&only.values, days.count).filter(inside).last()?;
        let is_level = match self.chart.kind.as_str() {
            "gauge" => true,
            "quotient" => (value - observed.at).abs() <= 1e-9 * value.abs(),
            _ => false,
        };
        is_level.then_some((day as f64, observed.at))
    }

    fn line(&self, out: &mut Markup, days: &Days, part: &LinePart, index: usize) {
        let paint = Paint::Line(index);
        let mut shape = String::new();
        let mut run: Vec<(f64, f64)> = Vec::new();
        let mut alone = Vec::new();
        let mut flush = |run: &mut Vec<(f64, f64)>| {
            if let [only] = run.as_slice() {
                alone.push(*only);
            } else {
                for (index, (x, y)) in run.iter().enumerate() {
                    shape.push(if index == 0 { 'M' } else { 'L' });
                    shape.push_str(&format!("{} {}", at(*x), at(*y)));
                }
            }
            run.clear();
        };
        let mut next = 0;
        for (day, value) in words::values(&part.values, days.count) {
            if day != next {
                flush(&mut run);
            }
            run.push((self.x(days, day as f64), self.y(value)));
            next = day + 1;
        }
        flush(&mut run);
        if !shape.is_empty() {
            path(out, &shape, Pen::new(paint, 1.8).dashed(paint.dashes()));
        }
        for place in alone {
            dot(out, place, 2.2, paint);
        }
    }

    /// The level that decided, as a point of its line.
    fn last_dot(&self, out: &mut Markup, days: &Days) {
        if let Some((day, level)) = self.level_that_decided(days) {
            dot(out, (self.x(days, day), self.y(level)), 4.0, Paint::Observed);
        }
    }

    /// A text where values would be.
    fn message(&self, out: &mut Markup, words: &str, from: f64, to: f64) {
        let lines = wrapped(words, (to - from - 24.0).max(80.0), BODY, 5);
        let middle = f64::midpoint(from, to);
        let mut y = f64::midpoint(self.top, self.bottom) - 8.0 * (lines.len() as f64 - 1.0);
        for words in lines {
            let hand = Hand::new(BODY, Paint::Muted).anchored(Anchor::Middle);
            text(out, (middle, y), hand, &words);
            y += 16.0;
        }
    }
}

/// Whether no line has a value on any of the days.
fn is_empty(chart: &ChartPart, days: &Days) -> bool {
    chart.lines.iter().all(|line| words::values(&line.values, days.count).next().is_none())
}

/// Everything that must have a place on the axis of values.
fn levels(chart: &ChartPart) -> impl Iterator<Item = f64> {
    let lines = chart.lines.iter().take(MOST_LINES);
    let values = lines.flat_map(|line| words::values(&line.values, MOST_DAYS).map(|(_, value)| value));
    let bounds = [&chart.target, &chart.marginal].into_iter().flatten().map(|level| level.at);
    let observed = chart.observed.iter().flat_map(|part| [Some(part.at), part.low, part.high]).flatten();
    let baseline = chart.baseline.iter().filter_map(|baseline| baseline.mean);
    values.chain(bounds).chain(observed).chain(baseline)
}
