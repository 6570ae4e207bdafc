//! Plain tables for lists.

use unicode_width::UnicodeWidthChar;

use crate::escape;
use crate::layout::width;
use crate::terminal;

const GAP: usize = 2;
const CUT: &str = "…";
/// Cells that prose keeps while other columns can still give way.
const LEAST_PROSE: usize = 16;
/// Cells that names and numbers keep while the first column can still give way.
const LEAST_WORD: usize = 8;

/// What is said of a list without rows.
pub const EMPTY: &str = "Nothing here yet.";

/// Rows under their headers in aligned columns, with a final newline; [`EMPTY`] without rows. Where a line
/// would be longer than `width` cells, the widest columns are cut, prose first and the first column last, with
/// `…` where something is missing; only more columns than can have one cell each exceed it. Further cells of a row than there are headers are left
/// out, missing ones are blank.
#[must_use]
pub fn table(headers: &[&str], rows: &[Vec<String>], width: usize) -> String {
    table_or(headers, rows, width, EMPTY)
}

/// [`table`] with a sentence of its own for a list without rows.
#[must_use]
pub fn table_or(headers: &[&str], rows: &[Vec<String>], width: usize, empty: &str) -> String {
    if rows.is_empty() {
        return format!("{}\n", escape::line(empty));
    }
    let mut lines = vec![headers.iter().map(|header| escape::line(header)).collect::<Vec<_>>()];
    for row in rows {
        let cell = |index| row.get(index).map(|text: &String| escape::line(text)).unwrap_or_default();
        lines.push((0..headers.len()).map(cell).collect());
    }
    let columns = columns(&lines, headers.len(), width);
    let mut out = String::new();
    for line in &lines {
        let mut blanks = 0;
        for (cell, &column) in line.iter().zip(&columns) {
            let (text, cells) = cut(cell, column);
            if !text.is_empty() {
                out.extend(std::iter::repeat_n(' ', blanks));
                out.push_str(&text);
                blanks = 0;
            }
            blanks += column - cells + GAP;
        }
        out.push('\n');
    }
    out
}

/// Cells of each column: what its texts need, no more than lets all of them fit. Prose gives way first, then
/// everything but the first column, whose names people copy.
fn columns(lines: &[Vec<String>], count: usize, room: usize) -> Vec<usize> {
    let cells = |index: usize| lines.iter().map(move |line| line[index].as_str());
    let mut columns: Vec<usize> =
        (0..count).map(|index| cells(index).map(width).max().unwrap_or(0)).collect();
    let room = room.saturating_sub(GAP * count.saturating_sub(1));
    let is_prose = |index: usize| index > 0 && cells(index).any(|text| text.contains(' '));
    shrink(&mut columns, room, LEAST_PROSE, is_prose);
    shrink(&mut columns, room, LEAST_WORD, |index| index > 0);
    shrink(&mut columns, room, 1, |_| true);
    columns
}

/// Cuts the widest of the columns that `may` be cut until all fit, none of them below `least` cells.
fn shrink(columns: &mut [usize], room: usize, least: usize, may: impl Fn(usize) -> bool) {
    let cut = |index: usize, cells: usize, most: usize| if may(index) { cells.min(most) } else { cells };
    let total = |most: usize| -> usize {
        columns.iter().enumerate().map(|(index, cells)| cut(index, *cells, most)).sum()
    };
    let widest = columns.iter().copied().max().unwrap_or(0);
    let most = (least..=widest).rev().find(|most| total(*most) <= room).unwrap_or(least);
    for (index, cells) in columns.iter_mut().enumerate() {
        *cells = cut(index, *cells, most);
    }
}

/// The text, cut to a number of cells; and the cells it takes.
fn cut(text: &str, column: usize) -> (String, usize) {
    let whole = width(text);
    if whole <= column {
        return (text.to_owned(), whole);
    }
    let mut kept = String::new();
    for character in text.chars() {
        let longer = width(&kept) + character.width().unwrap_or(0);
        if longer + width(CUT) > column {
            break;
        }
        kept.push(character);
    }
    let kept = kept.trim_end().to_owned() + CUT;
    let cells = width(&kept).min(column);
    (kept, cells)
}

/// Names and values, a line each: the values aligned, long ones on several lines.
#[must_use]
pub fn fields(rows: &[(&str, String)], room: usize) -> String {
    let widest = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let start = |name: &str| format!("{name}{}", " ".repeat(widest - width(name) + GAP));
    rows.iter().map(|(name, value)| terminal::hanging(&start(name), value, room)).collect()
}
