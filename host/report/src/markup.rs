//! Writing SVG and HTML. Every text comes in through here and is escaped on its way: no template that could be
//! handed a raw one, and no way to write markup from a text.

use std::fmt::Write as _;

use crate::escape;

/// Attributes of an element. Names and values that people wrote come in as values only.
pub(crate) type Attributes<'a> = &'a [(&'static str, &'a str)];

/// Elements being written, well-formed as XML and readable as HTML.
#[derive(Debug, Default)]
pub(crate) struct Markup {
    out: String,
    open: Vec<&'static str>,
}

impl Markup {
    pub(crate) fn open(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.start(tag, attributes);
        self.out.push('>');
        self.open.push(tag);
    }

    /// Closes what was opened last. A line ends behind it, unless it stands within a sentence, where the end of a
    /// line would be a blank.
    pub(crate) fn close(&mut self) {
        if let Some(tag) = self.open.pop() {
            let end = if matches!(tag, "b" | "code" | "small" | "span") { "" } else { "\n" };
            let _ = write!(self.out, "</{tag}>{end}");
        }
    }

    /// Opens, lets the content be written, closes.
    pub(crate) fn within(
        &mut self,
        tag: &'static str,
        attributes: Attributes<'_>,
        content: impl FnOnce(&mut Self),
    ) {
        self.open(tag, attributes);
        content(self);
        self.close();
    }

    /// An element that holds a text.
    pub(crate) fn element(&mut self, tag: &'static str, attributes: Attributes<'_>, text: &str) {
        self.within(tag, attributes, |inside| inside.text(text));
    }

    /// An element that holds nothing.
    pub(crate) fn empty(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.start(tag, attributes);
        self.out.push_str("/>\n");
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.out.push_str(&escape::markup(text));
    }

    /// A text that is part of this program, such as a style sheet, as it is.
    pub(crate) fn own(&mut self, text: &'static str) {
        self.out.push_str(text);
    }

    /// Everything, with what is open closed.
    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn start(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            let _ = write!(self.out, " {name}=\"{}\"", escape::markup(value));
        }
    }
}
