//! Texts that people and guests wrote, made safe for where they are shown.

/// The text on one line, white space collapsed, with everything that moves a cursor, reorders what is read
/// or cannot be seen written as `\u{…}`: control characters, bidirectional marks and overrides, zero-width
/// and tag characters. The joiners that scripts and emoji need stay.
pub(crate) fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for character in word.chars() {
            if is_hidden(character) {
                out.extend(character.escape_unicode());
            } else {
                out.push(character);
            }
        }
    }
    out
}

/// As [`line`], with white space and line ends as they are.
pub(crate) fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) && character != '\n' {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    out
}

fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// Set after what would begin a mention, a reference or a link: renderers look for those in the text that is
/// left once escapes are resolved, so escaping the sign alone does not stop them.
const BREAK: char = '\u{200b}';

/// [`line`] as Markdown that shows these very characters: no markup, HTML, table cell, link, mention or
/// reference comes of it. Not for the start of a line, where a number or a dash would begin a list.
pub(crate) fn markdown(text: &str) -> String {
    let text = line(text);
    let mut out = String::with_capacity(text.len() + 16);
    for (index, character) in text.char_indices() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => out.extend(['\\', character]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' | '#' => out.extend([character, BREAK]),
            ':' if text[index..].starts_with("://") => out.extend([character, BREAK]),
            '.' if ends_with_www(&text[..index]) => out.extend([BREAK, character]),
            _ => out.push(character),
        }
    }
    out
}

fn ends_with_www(before: &str) -> bool {
    before.len() >= 3 && before.as_bytes()[before.len() - 3..].eq_ignore_ascii_case(b"www")
}

/// [`line`] as a text or an attribute's value of HTML and XML that shows these very characters.
pub(crate) fn markup(text: &str) -> String {
    let text = line(text);
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // No characters of XML.
            '\u{fffe}' | '\u{ffff}' => out.extend(character.escape_unicode()),
            _ => out.push(character),
        }
    }
    out
}

/// A path as the target of a link in Markdown.
pub(crate) fn path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_./".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// JSON text in which nothing is left that a terminal would act upon. `json` is valid JSON, where such
/// characters stand inside strings only.
pub(crate) fn json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if character != '\n' && is_hidden(character) {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(character);
        }
    }
    out
}
