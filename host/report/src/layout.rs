//! Lines of a terminal: pieces side by side, wrapped to a width, coloured where asked.

use unicode_width::UnicodeWidthStr;

use crate::escape;

/// How a piece is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Plain,
    Dim,
    Good,
    Middling,
    Bad,
    Open,
}

impl Ink {
    /// The colour of an outcome word.
    pub(crate) fn of_outcome(outcome: &str) -> Self {
        match outcome {
            "PASS" => Self::Good,
            "MARGINAL" => Self::Middling,
            "FAIL" => Self::Bad,
            _ => Self::Open,
        }
    }

    /// Parameters of the ANSI sequence "select graphic rendition".
    fn parameters(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Dim => Some("2"),
            Self::Good => Some("1;32"),
            Self::Middling => Some("1;33"),
            Self::Bad => Some("1;31"),
            Self::Open => Some("1;36"),
        }
    }
}

/// A text that stays together while there is room, and what keeps it from the one before.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    text: String,
    ink: Ink,
    /// Blanks in front of it, unless it begins a line.
    gap: usize,
}

impl Piece {
    /// The only way in for any text: escaped here.
    pub(crate) fn new(text: &str, ink: Ink) -> Self {
        Self { text: escape::line(text), ink, gap: 1 }
    }

    /// Signs of our own, blanks between them included, that stay together.
    pub(crate) fn drawn(signs: String, ink: Ink) -> Self {
        Self { text: signs, ink, gap: 1 }
    }

    pub(crate) fn after(mut self, gap: usize) -> Self {
        self.gap = gap;
        self
    }

    /// Cells of a terminal.
    pub(crate) fn width(&self) -> usize {
        self.text.width()
    }

    /// Its cells with the blanks in front of it.
    pub(crate) fn span(&self) -> usize {
        self.gap + self.width()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Its words. A sign that belongs to the word beside it stays with that, `64.4 %`, unless nothing else is
    /// left to part.
    fn words(&self) -> Vec<Self> {
        let mut words: Vec<String> = Vec::new();
        for word in self.text.split(' ') {
            match words.last_mut() {
                Some(last) if belongs_before(word) || last.ends_with(ARROW) => {
                    last.push(' ');
                    last.push_str(word);
                }
                _ => words.push(word.to_owned()),
            }
        }
        if words.len() == 1 {
            words = self.text.split(' ').map(str::to_owned).collect();
        }
        let gap = |index| if index == 0 { self.gap } else { 1 };
        let piece = |(index, text)| Self { text, ink: self.ink, gap: gap(index) };
        words.into_iter().enumerate().map(piece).collect()
    }
}

const ARROW: char = '→';
const DOT: &str = "·";

fn belongs_before(word: &str) -> bool {
    matches!(word.trim_end_matches([',', ';', '.']), DOT | "%" | "pp")
}

/// A text in its parts, the first one `gap` blanks away: lines break between parts that a dot separates, and
/// only inside of one that is longer than a line.
pub(crate) fn prose(text: &str, ink: Ink, gap: usize) -> Vec<Piece> {
    let text = escape::line(text);
    let parts: Vec<&str> = text.split(" · ").collect();
    let last = parts.len() - 1;
    let piece = |(index, part): (usize, &str)| Piece {
        text: if index == last { part.to_owned() } else { format!("{part} {DOT}") },
        ink,
        gap: if index == 0 { gap } else { 1 },
    };
    parts.into_iter().enumerate().map(piece).collect()
}

/// A page that is written line by line.
pub(crate) struct Page {
    width: usize,
    colour: bool,
    out: String,
}

impl Page {
    pub(crate) fn new(width: usize, colour: bool) -> Self {
        Self { width, colour, out: String::new() }
    }

    /// Writes pieces on a line that begins after `indent` blanks, and what does not fit on further lines that
    /// begin after `hang`. A line is longer than the width only when it holds a single word that is.
    pub(crate) fn line(&mut self, indent: usize, hang: usize, pieces: impl IntoIterator<Item = Piece>) {
        let mut row = Row { page: self, next: indent, hang, column: None };
        for piece in pieces {
            row.place(&piece);
        }
        self.end_line();
    }

    /// Writes a text behind the start of its line, which may hold columns of its own, and under itself.
    pub(crate) fn hanging(&mut self, start: &str, text: &str) {
        let start = start.split(' ').map(escape::line).collect::<Vec<_>>().join(" ");
        let hang = width(&start);
        let start = Piece { text: start, ink: Ink::Plain, gap: 0 };
        self.line(0, hang, std::iter::once(start).chain(prose(text, Ink::Plain, 0)));
    }

    fn end_line(&mut self) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push('\n');
    }

    /// Cells of a line.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn blank(&mut self) {
        self.out.push('\n');
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }

    fn write(&mut self, blanks: usize, piece: &Piece) {
        self.out.extend(std::iter::repeat_n(' ', blanks));
        match piece.ink.parameters().filter(|_| self.colour) {
            Some(parameters) => self.out.push_str(&format!("\u{1b}[{parameters}m{}\u{1b}[0m", piece.text)),
            None => self.out.push_str(&piece.text),
        }
    }
}

struct Row<'a> {
    page: &'a mut Page,
    /// Where the next line begins.
    next: usize,
    hang: usize,
    /// Cells used on this line; `None`: nothing is on it yet.
    column: Option<usize>,
}

impl Row<'_> {
    fn place(&mut self, piece: &Piece) {
        if piece.is_empty() {
            return;
        }
        let (width, room) = (piece.width(), self.page.width);
        let one_word = !piece.text.contains(' ');
        match self.column {
            Some(column) if column + piece.gap + width <= room => {
                self.page.write(piece.gap, piece);
                self.column = Some(column + piece.gap + width);
            }
            Some(_) if one_word || self.hang + width <= room => {
                self.page.end_line();
                self.next = self.hang;
                self.column = None;
                self.place(piece);
            }
            None if one_word || self.next + width <= room => {
                // A word that is too long gives up its indentation first.
                let indent = self.next.min(room.saturating_sub(width));
                self.page.write(indent, piece);
                self.column = Some(indent + width);
            }
            _ => piece.words().iter().for_each(|word| self.place(word)),
        }
    }
}

/// Cells of a terminal that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}
