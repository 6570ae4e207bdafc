//! The few shapes that a chart is made of.

use super::palette::Paint;
use crate::markup::Markup;

/// A length or place in a picture, to a tenth.
pub(crate) fn at(place: f64) -> String {
    let text = format!("{:.1}", if place.is_finite() { place } else { 0.0 });
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Which end of a text its place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hand {
    pub(crate) size: f64,
    pub(crate) paint: Paint,
    pub(crate) anchor: Anchor,
    pub(crate) bold: bool,
}

impl Hand {
    pub(crate) fn new(size: f64, paint: Paint) -> Self {
        Self { size, paint, anchor: Anchor::Start, bold: false }
    }

    pub(crate) fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    pub(crate) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pen {
    pub(crate) paint: Paint,
    pub(crate) width: f64,
    pub(crate) dashes: &'static str,
}

impl Pen {
    pub(crate) fn new(paint: Paint, width: f64) -> Self {
        Self { paint, width, dashes: "" }
    }

    pub(crate) fn dashed(self, dashes: &'static str) -> Self {
        Self { dashes, ..self }
    }
}

pub(crate) fn text(out: &mut Markup, (x, y): (f64, f64), hand: Hand, text: &str) {
    let (x, y, size) = (at(x), at(y), at(hand.size));
    let class = hand.paint.fill_class();
    let mut attributes = vec![
        ("x", x.as_str()),
        ("y", &y),
        ("font-size", &size),
        ("class", &class),
        ("fill", hand.paint.light()),
    ];
    match hand.anchor {
        Anchor::Start => {}
        Anchor::Middle => attributes.push(("text-anchor", "middle")),
        Anchor::End => attributes.push(("text-anchor", "end")),
    }
    if hand.bold {
        attributes.push(("font-weight", "600"));
    }
    out.element("text", &attributes, text);
}

pub(crate) fn line(out: &mut Markup, from: (f64, f64), to: (f64, f64), pen: Pen) {
    path(out, &format!("M{} {}L{} {}", at(from.0), at(from.1), at(to.0), at(to.1)), pen);
}

pub(crate) fn path(out: &mut Markup, shape: &str, pen: Pen) {
    let (class, width) = (pen.paint.stroke_class(), at(pen.width));
    let mut attributes = vec![
        ("d", shape),
        ("fill", "none"),
        ("class", class.as_str()),
        ("stroke", pen.paint.light()),
        ("stroke-width", &width),
        ("stroke-linejoin", "round"),
    ];
    if !pen.dashes.is_empty() {
        attributes.push(("stroke-dasharray", pen.dashes));
    }
    out.empty("path", &attributes);
}

/// A filled area from its upper left to its lower right corner. `opacity` in 0..=1.
pub(crate) fn area(out: &mut Markup, from: (f64, f64), to: (f64, f64), paint: Paint, opacity: f64) {
    let (x, y) = (at(from.0), at(from.1));
    let (width, height) = (at((to.0 - from.0).max(0.0)), at((to.1 - from.1).max(0.0)));
    let (class, opacity) = (paint.fill_class(), format!("{opacity}"));
    let mut attributes = vec![
        ("x", x.as_str()),
        ("y", &y),
        ("width", &width),
        ("height", &height),
        ("class", &class),
        ("fill", paint.light()),
    ];
    if opacity != "1" {
        attributes.push(("fill-opacity", &opacity));
    }
    out.empty("rect", &attributes);
}

pub(crate) fn dot(out: &mut Markup, (x, y): (f64, f64), radius: f64, paint: Paint) {
    let (x, y, radius, class) = (at(x), at(y), at(radius), paint.fill_class());
    out.empty(
        "circle",
        &[("cx", &x), ("cy", &y), ("r", &radius), ("class", &class), ("fill", paint.light())],
    );
}
