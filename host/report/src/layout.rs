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

    pub(crate) fn after(mut self, gap: usize) -> Self {
        self.gap = gap;
        self
    }

    /// Cells of a terminal.
    pub(crate) fn width(&self) -> usize {
        self.text.width()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    fn words(&self) -> impl Iterator<Item = Self> + '_ {
        self.text.split(' ').enumerate().map(|(index, word)| Self {
            text: word.to_owned(),
            ink: self.ink,
            gap: if index == 0 { self.gap } else { 1 },
        })
    }
}

/// The words of a text, the first one `gap` blanks away. A sign that belongs to the word before it stays
/// with that: `64.4 %`, and the dot between two parts.
pub(crate) fn prose(text: &str, ink: Ink, gap: usize) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for word in escape::line(text).split(' ').filter(|word| !word.is_empty()) {
        match pieces.last_mut() {
            Some(last) if matches!(word.trim_end_matches([',', ';', '.']), "·" | "%" | "pp") => {
                last.text.push(' ');
                last.text.push_str(word);
            }
            last => {
                let gap = if last.is_none() { gap } else { 1 };
                pieces.push(Piece { text: word.to_owned(), ink, gap });
            }
        }
    }
    pieces
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
        self.out.push('\n');
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
                self.page.out.push('\n');
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
            _ => piece.words().for_each(|word| self.place(&word)),
        }
    }
}

/// Cells of a terminal that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}
