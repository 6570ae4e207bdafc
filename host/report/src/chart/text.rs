//! How much room texts take in a picture. The reader's font is not known here, so this errs on the wide side.

use unicode_width::UnicodeWidthChar;

use crate::escape;

const CUT: &str = "…";
/// How much wider bold letters are.
pub(crate) const BOLD: f64 = 1.1;

/// Width of a text, in units of the picture, at a size of letters.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|character| share(character) * size).sum()
}

/// [`width`] in bold letters.
pub(crate) fn bold_width(text: &str, size: f64) -> f64 {
    width(text, size) * BOLD
}

/// Width of a character as a share of the size of letters.
fn share(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | '[' | ']' | '(' | ')' => {
            0.34
        }
        'f' | 't' | 'r' | '-' | '/' => 0.42,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' => 0.92,
        'A'..='Z' => 0.7,
        _ => match character.width() {
            Some(0) | None => 0.0,
            Some(1) => 0.58,
            Some(_) => 1.05,
        },
    }
}

/// The text on one line, as it will be shown, cut to a width.
pub(crate) fn cut(text: &str, room: f64, size: f64) -> String {
    let text = escape::line(text);
    if width(&text, size) <= room {
        return text;
    }
    let mut kept = String::new();
    let mut used = width(CUT, size);
    for character in text.chars() {
        used += share(character) * size;
        // Characters without a width could go on for ever.
        if used > room || kept.len() > 4_000 {
            break;
        }
        kept.push(character);
    }
    kept.trim_end().to_owned() + CUT
}

/// The text in at most `most` lines of a width; what does not fit is cut.
pub(crate) fn wrapped(text: &str, room: f64, size: f64, most: usize) -> Vec<String> {
    let text = escape::line(text);
    let mut lines: Vec<String> = Vec::new();
    let mut words = text.split(' ').peekable();
    while words.peek().is_some() && lines.len() < most {
        let mut line = String::new();
        let is_last = lines.len() + 1 == most;
        while let Some(word) = words.peek() {
            let longer = if line.is_empty() { (*word).to_owned() } else { format!("{line} {word}") };
            if !line.is_empty() && !is_last && width(&longer, size) > room {
                break;
            }
            line = longer;
            words.next();
            if width(&line, size) > room {
                break;
            }
        }
        let more = is_last && words.peek().is_some();
        lines.push(cut(&if more { format!("{line} {CUT}") } else { line }, room, size));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{cut, width, wrapped};

    #[test]
    fn texts_fit() {
        let text = "Changesets merged, of all changesets published";
        for room in [0.0, 10.0, 60.0, 200.0, 1_000.0] {
            let short = cut(text, room, 12.0);
            assert!(width(&short, 12.0) <= room.max(width("…", 12.0)), "{short:?}");
            assert!(wrapped(text, room, 12.0, 3).iter().all(|line| width(line, 12.0) <= room.max(12.0)));
        }
        assert_eq!(cut("所有者", 40.0, 12.0), "所有者");
        assert_eq!(wrapped("one two three four", 60.0, 12.0, 2), ["one two", "three four"]);
        assert_eq!(wrapped("one two three four five six", 60.0, 12.0, 2).last().unwrap(), "three fo…");
    }
}
