//! The parts of an issue, by the headings of its template, as GitHub's issue forms write them. The text is anybody's and
//! never trusted: every part is bounded, and whatever it holds, reading it ends.

use jiff::civil::Date;

use crate::level::Level;

/// The most characters of a part that are kept.
pub const MOST_PART: usize = 10_000;
/// The longest heading that is looked at, in bytes: those of the template are short.
const LONGEST_HEADING: usize = 60;
/// What a form writes for a field that was left empty.
const NO_RESPONSE: &str = "_No response_";

/// The parts of an issue as they are written; `None`: there is none, or nothing in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// What hurts.
    pub problem: Option<String>,
    /// What it looks like when done.
    pub end_state: Option<String>,
    /// Why now.
    pub why: Option<String>,
    /// When, in words.
    pub timeline: Option<String>,
    /// Who.
    pub people: Option<String>,
    /// How big the launch is.
    pub level: Option<String>,
    /// The planned day.
    pub planned: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What joins the releases of one feature.
    pub feature: Option<String>,
}

impl Parts {
    /// The part that a heading begins; `None`: it is none of the template's.
    fn named(&mut self, heading: &str) -> Option<&mut Option<String>> {
        Some(match heading {
            "problem" | "the problem" => &mut self.problem,
            "end state" | "the end state" | "end-state" | "end_state" => &mut self.end_state,
            "why" | "the why" => &mut self.why,
            "timeline" | "the timeline" => &mut self.timeline,
            "people" | "the people" => &mut self.people,
            "level" | "launch level" => &mut self.level,
            "planned date" | "planned" | "planned day" | "launch date" => &mut self.planned,
            "owner" => &mut self.owner,
            "feature" => &mut self.feature,
            _ => return None,
        })
    }
}

/// The parts of an issue's text. A part goes on to the next heading of the template; of two of the same heading the first
/// one counts. Headings inside fenced code and comments are none.
#[must_use]
pub fn read(body: &str) -> Parts {
    let mut parts = Parts::default();
    let mut open: Option<String> = None;
    let mut text = String::new();
    let mut fence: Option<(char, usize)> = None;
    for line in plain(body).lines() {
        let heading = match fence {
            None => heading(line).filter(|name| Parts::default().named(name).is_some()),
            Some(_) => None,
        };
        fence = fenced(line, fence);
        if let Some(name) = heading {
            close(&mut parts, open.replace(name).as_deref(), &mut text);
        } else if open.is_some() && text.len() < MOST_PART * 4 {
            text.push_str(line);
            text.push('\n');
        }
    }
    close(&mut parts, open.as_deref(), &mut text);
    parts
}

/// Ends a part.
fn close(parts: &mut Parts, name: Option<&str>, text: &mut String) {
    let text = std::mem::take(text);
    let text = text.trim();
    let Some(part) = name.and_then(|name| parts.named(name)) else { return };
    if part.is_none() && !text.is_empty() && text != NO_RESPONSE {
        *part = Some(cut(text, MOST_PART));
    }
}

/// The text without comments and without characters that steer a screen; line ends are `\n`.
fn plain(body: &str) -> String {
    let mut out = String::with_capacity(body.len().min(1 << 20));
    let mut rest = body;
    while let Some((before, comment)) = rest.split_once("<!--") {
        out.push_str(before);
        // One that does not end hides the rest, as it does on GitHub.
        rest = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    let out = out.replace("\r\n", "\n").replace('\r', "\n");
    out.chars().filter(|c| !steers(*c) || matches!(c, '\n' | '\t')).collect()
}

/// Whether a character does something to a screen, or to the order of what is read, rather than being read.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The name of a heading line, in small letters without what dresses it up; `None`: it is no heading.
fn heading(line: &str) -> Option<String> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let line = line.trim();
    let name = line.trim_start_matches('#');
    let depth = line.len() - name.len();
    let is_one = indent < 4 && (1..=6).contains(&depth) && name.starts_with([' ', '\t']);
    if !is_one || name.len() > LONGEST_HEADING {
        return None;
    }
    let name = name.trim_end_matches('#').trim_matches(|c: char| c.is_whitespace() || "*_:?".contains(c));
    Some(name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase())
}

/// Whether the lines after this one are inside fenced code: its character and how many of it there are.
fn fenced(line: &str, fence: Option<(char, usize)>) -> Option<(char, usize)> {
    let text = line.trim();
    let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'));
    let Some(mark) = mark else { return fence };
    let length = text.chars().take_while(|c| *c == mark).count();
    match fence {
        None if length >= 3 && (mark == '~' || !text[length..].contains('`')) => Some((mark, length)),
        Some((open, least)) if open == mark && length >= least && text.len() == length => None,
        fence => fence,
    }
}

/// At most so many characters of a text.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

/// A text on one line, without what steers a screen; at most so many characters.
#[must_use]
pub fn line(text: &str, most: usize) -> String {
    let words: String = text.chars().map(|c| if steers(c) { ' ' } else { c }).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= most { words } else { cut(&words, most.saturating_sub(1)) }
}

/// A level as people choose it from a list: `L2`, or `L2 (Medium)`.
///
/// # Errors
/// A sentence, when it is none.
pub fn level(text: &str) -> Result<Level, String> {
    let first: String = text.trim().chars().take_while(char::is_ascii_alphanumeric).collect();
    match first.to_ascii_lowercase().as_str() {
        "l1" | "large" => Ok(Level::L1),
        "l2" | "medium" => Ok(Level::L2),
        "l3" | "small" => Ok(Level::L3),
        _ => Err(format!("level: {:?} is none of L1 (the largest), L2 and L3", line(text, 40))),
    }
}

/// A day such as `2026-03-03`, alone in its part.
///
/// # Errors
/// A sentence, when it is none, or is before 2000 or after 2200.
pub fn planned(text: &str) -> Result<Date, String> {
    let text = text.trim().trim_matches('`');
    let well_formed = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day = text.parse().ok().filter(|day: &Date| well_formed && (2000..=2200).contains(&day.year()));
    day.ok_or_else(|| {
        format!("planned date: {:?} is no day; expected year-month-day, such as 2026-03-03", line(text, 40))
    })
}

/// Who is named as an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// By mail address, in small letters.
    Mail(String),
    /// By GitHub login, in small letters and without the `@`.
    Login(String),
}

/// An owner: a mail address, perhaps in angle brackets or as a link, or `@login`.
#[must_use]
pub fn owner(text: &str) -> Option<Named> {
    let first = text.lines().next()?.trim();
    if let Some(login) = first.strip_prefix('@') {
        let login: String = login.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        return (1..=39).contains(&login.len()).then(|| Named::Login(login.to_lowercase()));
    }
    let is_edge = |c: char| c.is_whitespace() || "<>()[]`,;:".contains(c);
    let mut words = first.split(is_edge).filter(|word| word.contains('@'));
    let mail = words.next()?.to_lowercase();
    (mail.len() <= 254).then_some(Named::Mail(mail))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FORM: &str = "### Problem\n\nToo slow.\n\n### End state\n\nFast.\n\n### The why\n\n_No response_\n\n\
                        ### Timeline\n\nMarch\n\n### People\n\nAna\nBen\n\n### Level\n\nL2 (Medium)\n\n\
                        ### Planned date\n\n2026-03-03\n\n### Owner\n\n@Ana-L\n";

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn a_form_is_read() {
        let parts = read(FORM);
        let expected = Parts {
            problem: some("Too slow."),
            end_state: some("Fast."),
            timeline: some("March"),
            people: some("Ana\nBen"),
            level: some("L2 (Medium)"),
            planned: some("2026-03-03"),
            owner: some("@Ana-L"),
            ..Parts::default()
        };
        assert_eq!(parts, expected);
        assert_eq!(read(&FORM.replace('\n', "\r\n")), expected);
        assert_eq!(level("L2 (Medium)"), Ok(Level::L2));
        assert_eq!(owner("@Ana-L"), Some(Named::Login("ana-l".to_owned())));
    }

    #[test]
    fn case_order_and_dress_do_not_matter() {
        let parts =
            read("## PEOPLE:\nAna\n# **Why?** #\nBecause\n###### end  State\nDone\n#### Details\nmore");
        assert_eq!(parts.people, some("Ana"));
        assert_eq!(parts.why, some("Because"));
        assert_eq!(parts.end_state, some("Done\n#### Details\nmore"), "an unknown heading is a part's text");
    }

    #[test]
    fn what_is_no_heading_begins_nothing() {
        for body in [
            "#Problem\nx",
            "    # Problem\nx",
            "Problem\nx",
            "```\n### Problem\n```\nx",
            "~~~~ text\n```\n### Problem\nx",
            "<!-- ### Problem\nx -->",
            "<!--\n### Problem\nx",
            "####### Problem\nx",
            "### Problem\n\n",
            "### Problem\n_No response_",
        ] {
            assert_eq!(read(body).problem, None, "{body:?}");
        }
        let parts = read("### Problem\none\n### Problem\ntwo\n```\n### Why\n````\n### Why\nafter");
        assert_eq!((parts.problem, parts.why), (some("one"), some("after")));
    }

    #[test]
    fn what_steers_a_screen_is_left_out() {
        let parts = read("### Problem\n\u{1b}[31mred\u{0}\u{202e}txt\u{9b}");
        assert_eq!(parts.problem, some("[31mredtxt"));
        assert_eq!(line(" a\u{0}b\nc\u{202e} ", 10), "a b c");
        assert_eq!(line("abcdef", 4), "abc…");
    }

    #[test]
    fn owners_and_days_are_read_as_people_write_them() {
        let mail = |text: &str| Some(Named::Mail(text.to_owned()));
        let table = [
            ("Ana.Lopez@Example.com", mail("ana.lopez@example.com")),
            ("Ana Lopez <ana.lopez@example.com>", mail("ana.lopez@example.com")),
            ("[ana@example.com](mailto:ana@example.com)", mail("ana@example.com")),
            ("@ana (Ana)", Some(Named::Login("ana".to_owned()))),
            ("Ana", None),
            ("@", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(owner(text), expected, "{text:?}");
        }
        assert_eq!(planned(" `2026-03-03`"), Ok("2026-03-03".parse().unwrap()));
        for bad in ["3 March", "2026-3-3", "2026-02-30", "1999-01-01", "2026-03-03T00:00", ""] {
            assert!(planned(bad).is_err(), "{bad:?}");
        }
        assert!(level("huge").is_err() && level("").is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_bounded(body in any::<String>(), more in "([#`~<>!\\-\\PC\r\n ]|### Problem\n|### Owner\n){0,60}") {
            for body in [&body, &more] {
                let parts = read(body);
                for part in [&parts.problem, &parts.owner, &parts.level, &parts.planned].into_iter().flatten() {
                    prop_assert!(!part.is_empty() && part.chars().count() <= MOST_PART + 1);
                    prop_assert!(!part.contains('\0'));
                    let _ = (level(part), planned(part), owner(part));
                }
                prop_assert!(line(body, 200).chars().count() <= 200);
            }
        }
    }

    #[test]
    fn a_part_without_end_is_cut() {
        let parts = read(&format!("### Problem\n{}", "ä".repeat(60_000)));
        assert_eq!(parts.problem.map(|text| text.chars().count()), Some(MOST_PART + 1));
        let lines = read(&format!("### Problem\n{}", "a\n".repeat(60_000)));
        assert!(lines.problem.is_some_and(|text| text.chars().count() <= MOST_PART + 1));
    }
}
