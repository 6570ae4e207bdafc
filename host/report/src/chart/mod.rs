//! Charts of verdicts as SVG: the metric around the launch, with target, baseline, interval and checkpoints.
//!
//! Written here rather than by a library: these pictures need names and descriptions for those who do not see
//! them, colours that follow the reader's screen, tenths of a pixel and dashes, and labels that give way to each
//! other. What is left for a library to do is to multiply and add.

mod drawing;
mod labels;
mod names;
pub(crate) mod palette;
mod picture;
mod scale;
mod text;
pub(crate) mod words;

use yardstick_client::chart::{ChartDocument, ChartPart};

use crate::markup::Markup;
use palette::DARK;
use picture::Picture;
pub(crate) use scale::{Days, level};

/// The most days that are drawn: three years and some, so that a picture has an end.
pub(crate) const MOST_DAYS: usize = 1_200;
/// The most lines that are drawn: as many as there are colours and dashes.
pub(crate) const MOST_LINES: usize = 8;

/// Width and height of a picture, in its own units: pixels at its usual size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// Width, at least 200.
    pub width: f64,
    /// Height, at least 160.
    pub height: f64,
}

impl Size {
    /// For pages and documents.
    pub const WIDE: Self = Self { width: 720.0, height: 320.0 };
    /// For a telephone.
    pub const NARROW: Self = Self { width: 360.0, height: 340.0 };
}

/// A chart as a file of its own: readable on light and dark screens, without scripts or anything from elsewhere.
#[must_use]
pub fn svg(chart: &ChartPart, size: Size) -> String {
    let mut out = Markup::default();
    start(&mut out, size, size.height);
    Picture::new(chart, size, "chart").draw(&mut out);
    out.finish()
}

/// All charts of a verdict as one file, one below the other.
#[must_use]
pub fn sheet(document: &ChartDocument, size: Size) -> String {
    let height = size.height * document.charts.len().max(1) as f64;
    let mut out = Markup::default();
    start(&mut out, size, height);
    for (index, chart) in document.charts.iter().enumerate() {
        let top = format!("{:.0}", size.height * index as f64);
        out.open("g", &[("transform", &format!("translate(0 {top})"))]);
        Picture::new(chart, size, &format!("chart-{index}")).draw(&mut out);
        out.close();
    }
    if document.charts.is_empty() {
        out.element("title", &[], &format!("{}: no criterion has a chart", document.at));
    }
    out.finish()
}

/// A chart as a part of a page that has the dark colours in its style sheet. `id` is the page's own.
pub(crate) fn inline(out: &mut Markup, chart: &ChartPart, size: Size, id: &str, class: &str) {
    let (width, height) = (format!("{:.0}", size.width), format!("{:.0}", size.height));
    let view = format!("0 0 {width} {height}");
    out.open("svg", &[("class", class), ("viewBox", &view), ("width", &width), ("height", &height)]);
    Picture::new(chart, size, id).draw(out);
    out.close();
}

/// A name for the file of each chart, such as `batch-changes-ga-d28-adoption.svg`: letters, digits and dashes
/// whatever verdict and criterion are called, and none twice.
pub fn file_names(at: &str, charts: &[ChartPart]) -> impl Iterator<Item = String> {
    let stems: Vec<String> = charts.iter().map(|chart| stem(&format!("{at}-{}", chart.criterion))).collect();
    (0..stems.len()).map(move |index| {
        let alike = stems[..index].iter().filter(|stem| **stem == stems[index]).count();
        let number = if alike == 0 { String::new() } else { format!("-{}", alike + 1) };
        format!("{}{number}.svg", stems[index])
    })
}

fn stem(text: &str) -> String {
    let mut stem = String::new();
    for character in text.chars().take(150) {
        if character.is_ascii_alphanumeric() {
            stem.push(character.to_ascii_lowercase());
        } else if !stem.ends_with('-') {
            stem.push('-');
        }
    }
    stem
}

fn start(out: &mut Markup, size: Size, height: f64) {
    let (width, height) = (format!("{:.0}", size.width), format!("{height:.0}"));
    let view = format!("0 0 {width} {height}");
    out.open(
        "svg",
        &[
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("viewBox", &view),
            ("width", &width),
            ("height", &height),
        ],
    );
    out.open("style", &[]);
    out.own(DARK);
    out.close();
}
