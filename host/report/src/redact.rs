//! A retro for eyes outside of the company: people, names that somebody lists, and figures are replaced, each by the same
//! placeholder wherever it stands.
//!
//! It is a help, not a proof: a name that nobody listed and no field holds stays as it is. Whoever sends the result out
//! reads it first.

use std::collections::BTreeMap;

use yardstick_client::api::{RetroActionPart, RetroDocument};

/// What is replaced, and by what.
#[derive(Debug, Default)]
pub struct Redaction {
    /// Texts in lower case, the longest first, with their placeholders.
    words: Vec<(String, String)>,
    figures: BTreeMap<String, usize>,
    people: BTreeMap<String, usize>,
}

impl Redaction {
    /// Hides people, each given by mail address and name, and further words.
    #[must_use]
    pub fn new(people: &[(String, String)], hide: &[String]) -> Self {
        let mut redaction = Self::default();
        for (address, name) in people {
            let person = redaction.person(address);
            let local = address.split('@').next().unwrap_or_default();
            let parts = local.split(['.', '-', '_', '+']).chain(name.split_whitespace());
            // A part of one or two letters is a word of its own more often than somebody's name.
            let parts = parts.filter(|part| part.chars().count() > 2);
            let names = [address.as_str(), name.as_str(), local].into_iter().chain(parts);
            let names: Vec<String> = names.map(str::to_lowercase).collect();
            redaction.words.extend(names.into_iter().map(|name| (name, person.clone())));
        }
        for (index, word) in hide.iter().enumerate() {
            redaction.words.push((word.trim().to_lowercase(), format!("Name {}", index + 1)));
        }
        redaction.words.retain(|(word, _)| !word.trim().is_empty());
        redaction.words.sort_by(|(one, _), (other, _)| other.len().cmp(&one.len()).then(one.cmp(other)));
        redaction.words.dedup_by(|one, other| one.0 == other.0);
        redaction
    }

    /// The retro with all of that replaced. Addresses of issues go; numbers of the evidence and the hash of what was
    /// agreed, which tells whether a guess of them is right, too.
    #[must_use]
    pub fn of(mut self, mut retro: RetroDocument) -> RetroDocument {
        self.identifiers(&mut retro);
        let mut each = |text: &mut String| *text = self.text(text);
        each(&mut retro.title);
        retro.topics.iter_mut().for_each(|topic| {
            each(&mut topic.title);
            topic.notes.iter_mut().for_each(&mut each);
        });
        retro.sections.values_mut().flatten().for_each(&mut each);
        retro.learnings.iter_mut().for_each(|learning| each(&mut learning.text));
        let action = |action: &mut RetroActionPart, each: &mut dyn FnMut(&mut String)| {
            each(&mut action.text);
            action.reason.iter_mut().for_each(&mut *each);
            action.issue = None;
        };
        retro.actions.iter_mut().for_each(|one| action(one, &mut each));
        retro.previous_actions.iter_mut().for_each(|one| action(one, &mut each));
        for release in &mut retro.evidence.releases {
            each(&mut release.name);
            release.confidence_then = None;
            release.seal.hash = None;
            for criterion in &mut release.criteria {
                each(&mut criterion.says);
                each(&mut criterion.headline);
                criterion.expected = None;
                (criterion.observed, criterion.low, criterion.high, criterion.target) =
                    (None, None, None, None);
            }
            release.data_caveats.iter_mut().for_each(&mut each);
            release.decisions.iter_mut().for_each(&mut each);
            release.revised_since.iter_mut().flatten().for_each(&mut each);
        }
        let mut who = |person: &mut String| *person = self.person(person);
        retro.facilitator.iter_mut().for_each(&mut who);
        retro.attendees.iter_mut().for_each(&mut who);
        retro.closed_by.iter_mut().for_each(&mut who);
        who(&mut retro.opened_by);
        retro.actions.iter_mut().chain(&mut retro.previous_actions).for_each(|action| who(&mut action.owner));
        retro
    }

    /// Slugs, keys and tags with names replaced. Their numbers are part of them.
    fn identifiers(&self, retro: &mut RetroDocument) {
        let mut each = |text: &mut String| *text = self.identifier(text);
        each(&mut retro.id);
        each(&mut retro.team);
        retro.releases.iter_mut().for_each(&mut each);
        for release in &mut retro.evidence.releases {
            each(&mut release.release);
            release.verdicts.iter_mut().for_each(|verdict| each(&mut verdict.at));
            release.criteria.iter_mut().for_each(|criterion| each(&mut criterion.id));
        }
        for learning in &mut retro.learnings {
            learning.tags.iter_mut().chain(&mut learning.evidence).for_each(&mut each);
        }
        retro.sections = std::mem::take(&mut retro.sections)
            .into_iter()
            .map(|(mut name, texts)| {
                each(&mut name);
                (name, texts)
            })
            .collect();
    }

    /// What stands for a person.
    fn person(&mut self, address: &str) -> String {
        let next = self.people.len() + 1;
        format!("Person {}", self.people.entry(address.to_lowercase()).or_insert(next))
    }

    /// A text with names, mail addresses and figures replaced.
    pub fn text(&mut self, text: &str) -> String {
        replaced(text, |rest, begins, in_name| self.hidden(rest, begins, in_name))
    }

    /// A slug, key or reference with names replaced.
    fn identifier(&self, text: &str) -> String {
        replaced(text, |rest, begins, _| {
            let (length, instead) = if begins { self.name(rest)? } else { return None };
            Some((length, instead.map(|instead| instead.to_lowercase().replace(' ', "-"))))
        })
    }

    /// What is hidden at the start of a text: its bytes, and what stands for it; `None`: nothing is.
    fn hidden(&mut self, rest: &str, begins: bool, in_name: bool) -> Option<(usize, Option<String>)> {
        if begins && let Some(found) = self.name(rest) {
            return Some(found);
        }
        if begins && let Some(length) = mail(rest) {
            let address = rest.get(..length)?.to_owned();
            return Some((length, Some(self.person(&address))));
        }
        if let Some(length) = day(rest).filter(|_| begins) {
            // A day is no figure.
            return Some((length, None));
        }
        let length = figure(rest).filter(|_| begins && !in_name)?;
        let next = self.figures.len();
        let number = *self.figures.entry(rest.get(..length)?.to_owned()).or_insert(next);
        Some((length, Some(format!("N{number}"))))
    }

    fn name(&self, rest: &str) -> Option<(usize, Option<String>)> {
        self.words.iter().find_map(|(word, instead)| {
            let length = same(rest, word)?;
            let ends = rest.get(length..)?.chars().next().is_none_or(|c| !c.is_alphanumeric());
            ends.then(|| (length, Some(instead.clone())))
        })
    }
}

/// A text with parts of it replaced. `hidden` is asked of what is left, whether a word may begin there, and whether what is
/// being read is joined to a name (`A-17`, `FY27-Q1`, `batch-changes/d28.2#m-2`): for the bytes that are taken, and what
/// stands for them.
fn replaced(
    text: &str,
    mut hidden: impl FnMut(&str, bool, bool) -> Option<(usize, Option<String>)>,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let (mut begins, mut in_name) = (true, false);
    while let Some(first) = rest.chars().next() {
        let (taken, instead) = hidden(rest, begins, in_name).unwrap_or((first.len_utf8(), None));
        let (these, after) = rest.split_at(taken);
        out.push_str(instead.as_deref().unwrap_or(these));
        let last = these.chars().next_back();
        begins = !last.is_some_and(char::is_alphanumeric);
        in_name = match last {
            Some(c) if c.is_alphabetic() => true,
            Some(c) if c.is_numeric() || "-#/._".contains(c) => in_name && instead.is_none(),
            _ => false,
        };
        rest = after;
    }
    out
}

/// The bytes at the start of a text that are a word in lower case, whatever their case, and whatever is between its
/// parts: a name is `Big Corp` in a sentence and `big-corp` in a slug. `None`: they are others.
fn same(text: &str, word: &str) -> Option<usize> {
    let mut wanted = word.chars().peekable();
    let mut length = 0;
    for character in text.chars() {
        if wanted.peek().is_none() {
            break;
        }
        for lower in character.to_lowercase() {
            let next = wanted.next()?;
            if next != lower && !(is_between(next) && is_between(lower)) {
                return None;
            }
        }
        length += character.len_utf8();
    }
    wanted.peek().is_none().then_some(length)
}

fn is_between(character: char) -> bool {
    matches!(character, ' ' | '-' | '_' | '.' | '\u{a0}' | '\u{202f}')
}

/// The length of a mail address at the start of a text.
fn mail(text: &str) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || ".-_+".contains(c);
    let local: usize = text.chars().take_while(|c| is_part(*c)).map(char::len_utf8).sum();
    let host = text.get(local..)?.strip_prefix('@')?;
    let host: usize = host.chars().take_while(|c| is_part(*c)).map(char::len_utf8).sum();
    (local > 0 && host > 0).then_some(local + 1 + host)
}

/// The length of a day such as `2026-03-10` at the start of a text.
fn day(text: &str) -> Option<usize> {
    let bytes = text.as_bytes().get(..10)?;
    let fits = bytes
        .iter()
        .enumerate()
        .all(|(index, byte)| if matches!(index, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() });
    (fits && !text.as_bytes().get(10).is_some_and(u8::is_ascii_digit)).then_some(10)
}

/// The length of a number at the start of a text, with what groups and what follows it: `4,312`, `64.4 %`, `$1.2M`.
fn figure(text: &str) -> Option<usize> {
    let sign: usize = text.chars().take_while(|c| "$€£¥+−-".contains(*c)).map(char::len_utf8).sum();
    let digits = text.get(sign..)?;
    let mut length = 0;
    let mut characters = digits.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next_is_digit = characters.peek().is_some_and(|(_, next)| next.is_numeric());
        if character.is_numeric() || (length > 0 && ".,'\u{202f}\u{a0}".contains(character) && next_is_digit)
        {
            length = at + character.len_utf8();
        } else {
            break;
        }
    }
    if length == 0 {
        return None;
    }
    let after = digits.get(length..)?;
    let unit = [" %", "%", "\u{a0}%", "k", "K", "M", "bn"].into_iter().find(|unit| {
        after.strip_prefix(*unit).is_some_and(|rest| rest.chars().next().is_none_or(|c| !c.is_alphanumeric()))
    });
    Some(sign + length + unit.map_or(0, str::len))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn redaction() -> Redaction {
        let people = [("ana.lopez@example.com".to_owned(), "Ana López".to_owned())];
        Redaction::new(&people, &["Acme".to_owned()])
    }

    #[test]
    fn people_names_and_figures_are_replaced() {
        let table = [
            ("Ana told ana.lopez@example.com.", "Person 1 told Person 1."),
            ("LÓPEZ said so; Banana did not", "Person 1 said so; Banana did not"),
            ("ask cy@acme.example about ACME", "ask Person 2 about Name 1"),
            ("4,312 users of 4,312, target 64.4 %", "N0 users of N0, target N1"),
            ("cost $1.2M, or €300k", "cost N0, or N1"),
            (
                "d28, L2, A-17 and FY27-Q1 stay, so does 2026-03-10",
                "d28, L2, A-17 and FY27-Q1 stay, so does 2026-03-10",
            ),
            ("7 of 9", "N0 of N1"),
            ("fell by -12 %, or (-3), from 10-20 to 12/400", "fell by N0, or (N1), from N2-N3 to N4/N5"),
            ("batch-changes/d28.2#merge-2 and v1.2", "batch-changes/d28.2#merge-2 and v1.2"),
            ("Ana-2 has 3", "Person 1-2 has N0"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(redaction().text(text), expected, "{text}");
        }
    }

    #[test]
    fn names_are_replaced_in_slugs_too() {
        let redaction =
            Redaction::new(&[], &["Acme".to_owned(), "Big Corp".to_owned(), "blue-sky".to_owned()]);
        let table = [
            ("acme-import/d28.2#users-at-acme", "name-1-import/d28.2#users-at-name-1"),
            ("for-big-corp", "for-name-2"),
            ("big_corp_asked", "name-2_asked"),
            ("blue-sky", "name-3"),
            ("acmeology", "acmeology"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(redaction.identifier(text), expected, "{text}");
        }
        let mut redaction = redaction;
        assert_eq!(redaction.text("Blue Sky is big-corp's"), "Name 3 is Name 2's");
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,60}") {
            redaction().text(&text);
        }

        #[test]
        fn what_is_hidden_is_nowhere(before in "[ a-z.,]{0,10}", after in "[ .,;!]{0,10}", number in 10u32..9999) {
            let text = format!("{before} Ana Acme ana.lopez@example.com {number}{after}");
            let out = redaction().text(&text).to_lowercase();
            prop_assert!(!out.contains("ana.") && !out.contains("acme") && !out.contains("lopez"), "{}", out);
            prop_assert!(!out.contains(&number.to_string()), "{}", out);
        }
    }
}
