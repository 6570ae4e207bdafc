//! Texts that guests wrote, made safe to show: no control characters, no reordering of what a person
//! reads, no unbounded length.

/// The text with control characters, line separators and bidirectional overrides written as escapes.
pub(crate) fn escape(text: &str) -> String {
    // Nearly every text is of this kind.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if is_plain(character) {
            out.push(character);
        } else {
            out.extend(character.escape_default());
        }
    }
    out
}

fn is_plain(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text escaped and cut after `most` characters, with an ellipsis where something was cut.
pub(crate) fn excerpt(text: &str, most: usize) -> String {
    let mut characters = text.chars();
    let head: String = characters.by_ref().take(most).collect();
    let mut out = escape(&head);
    if characters.next().is_some() {
        out.push('…');
    }
    out
}

/// The longest prefix of at most `most` bytes that ends between characters.
pub(crate) fn prefix(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

#[cfg(test)]
mod tests {
    use super::{escape, excerpt, prefix};

    #[test]
    fn nothing_that_moves_the_cursor_survives() {
        let cases = [
            ("plain – grün ✓", "plain – grün ✓"),
            ("a\nb\tc\r", "a\\nb\\tc\\r"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("\u{202e}evil", "\\u{202e}evil"),
            ("\u{85}\u{7f}\0", "\\u{85}\\u{7f}\\u{0}"),
        ];
        for (text, expected) in cases {
            assert_eq!(escape(text), expected);
        }
    }

    #[test]
    fn cuts_fall_between_characters() {
        assert_eq!(excerpt("grün", 3), "grü…");
        assert_eq!(excerpt("grün", 4), "grün");
        assert_eq!(prefix("grün", 3), "gr");
        assert_eq!(prefix("gr", 9), "gr");
    }
}
