//! Plain tables for lists.

use unicode_width::UnicodeWidthChar;

use crate::escape;
use crate::layout::width;
use crate::terminal;

const GAP: usize = 2;
const CUT: &str = "…";

/// What is said of a list without rows.
pub const EMPTY: &str = "Nothing here yet.";

/// Rows under their headers in aligned columns, with a final newline; [`EMPTY`] without rows. Where a line
/// would be longer than `width` cells, the widest columns are cut, with `…` where something is missing; only
/// more columns than can have one cell each exceed it. Further cells of a row than there are headers are left
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

/// Cells of each column: what its texts need, no more than lets all of them fit.
fn columns(lines: &[Vec<String>], count: usize, room: usize) -> Vec<usize> {
    let needed = |index: usize| lines.iter().map(|line| width(&line[index])).max().unwrap_or(0);
    let needed: Vec<usize> = (0..count).map(needed).collect();
    let room = room.saturating_sub(GAP * count.saturating_sub(1));
    let fits = |most: usize| needed.iter().map(|cells| (*cells).min(most)).sum::<usize>() <= room;
    let most = (1..=room).rev().find(|most| fits(*most)).unwrap_or(1);
    needed.into_iter().map(|cells| cells.min(most)).collect()
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
