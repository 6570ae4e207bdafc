//! What holds whatever people, guests and servers write.

use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;
use yardstick_client::document::{EstimatePart, FindingPart, VerdictDocument};
use yardstick_report::terminal::{Style, verdict};
use yardstick_report::{html, json, markdown};
use yardstick_tests::documents::{document, finding, table};

/// Words, and whatever else fits into a string.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,9}( [a-z0-9,.%]{1,9}){0,12}",
        ".{0,60}",
        "[\u{0}-\u{20}\u{7f}-\u{9f}\u{202a}-\u{202e}\u{2066}-\u{2069}@<>|`#:/w.x]{0,40}",
        prop::sample::select(vec![
            "pass",
            "too-early",
            "error",
            "goal",
            "watch",
            "at-least",
            "nobody",
            "share"
        ])
        .prop_map(str::to_owned),
    ]
}

fn estimate() -> impl Strategy<Value = EstimatePart> {
    let ends = (any::<Option<f64>>(), any::<Option<f64>>());
    (text(), text(), any::<f64>(), ends, any::<Option<u64>>(), any::<Option<f64>>()).prop_map(
        |(name, unit, value, (low, high), n, log10_p)| EstimatePart {
            name,
            unit,
            value,
            low,
            high,
            confidence: None,
            n,
            log10_p,
        },
    )
}

prop_compose! {
    fn any_finding()(
        texts in prop::array::uniform16(text()),
        reason in prop::option::of(text()),
        observed in prop::option::of(estimate()),
        target in any::<Option<f64>>(),
        corrections in any::<u64>(),
    ) -> FindingPart {
        let [role, id, outcome, headline, says, expected, sentence, addressee, detail, method, grade, flip, warning,
             on, metric, plugin] = texts;
        FindingPart {
            says,
            expected: Some(expected),
            code: reason.clone(),
            reason,
            sentence: Some(sentence),
            addressee: Some(addressee),
            detail: Some(detail),
            method,
            grade,
            target,
            observed,
            flip: Some(flip),
            tables: vec![table(&on, &metric, vec![warning.clone().into()])],
            warnings: vec![warning],
            metrics: [(metric.clone(), metric)].into(),
            plugin: Some(plugin),
            decided_at: Some(on.clone()),
            decided_on: Some(on.clone()),
            complete_through: Some(on),
            corrections,
            ..finding(&role, &id, &outcome, &headline)
        }
    }
}

prop_compose! {
    fn any_document()(
        texts in prop::array::uniform12(text()),
        reason in prop::option::of(text()),
        findings in prop::collection::vec(any_finding(), 0..4),
        days_late in any::<i32>(),
    ) -> VerdictDocument {
        let [at, outcome, headline, standing, name, level, slug, zone, launched, checkpoint, policy, terms] = texts;
        let mut document = document(&outcome, findings);
        document.at = at;
        document.code = reason.clone();
        document.reason = reason;
        document.sentence = Some(headline.clone());
        document.addressee = Some(headline.clone());
        document.headline = headline;
        document.standing = standing;
        document.release.name = name;
        document.release.level = level;
        document.release.slug = slug;
        document.release.time_zone = zone;
        document.release.launched_at = launched;
        document.release.days_late = days_late;
        document.checkpoint = checkpoint;
        document.policy = policy;
        document.seal.terms = terms;
        document
    }
}

fn moves_or_hides(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

proptest! {
    #[test]
    fn terminal_lines_fit_and_move_nothing(document in any_document(), width in 1usize..140) {
        for line in verdict(&document, &[], Style { colour: false, width }).lines() {
            let one_word = line.split_whitespace().count() <= 1;
            prop_assert!(line.width() <= width || one_word, "{width}: {line:?}");
            prop_assert!(!line.chars().any(moves_or_hides), "{line:?}");
        }
    }

    #[test]
    fn colours_change_nothing_else(document in any_document(), width in 1usize..140) {
        let coloured = verdict(&document, &[], Style { colour: true, width });
        let mut plain = String::new();
        let mut parts = coloured.split('\u{1b}');
        plain.push_str(parts.next().unwrap());
        for part in parts {
            plain.push_str(part.split_once('m').unwrap().1);
        }
        prop_assert_eq!(plain, verdict(&document, &[], Style { colour: false, width }));
    }

    #[test]
    fn markdown_keeps_its_shape(document in any_document()) {
        let text = markdown::verdict(&document, &[], None);
        for line in text.lines() {
            prop_assert!(!line.chars().any(moves_or_hides), "{line:?}");
            prop_assert!(!line.contains('<') && !line.contains("://") && !line.contains("www."), "{line:?}");
            for (index, _) in line.match_indices('@') {
                prop_assert!(line[index..].starts_with("@\u{200b}"), "{line:?}");
            }
        }
        let rows = text.lines().filter(|line| line.starts_with('|'));
        for row in rows {
            let bars = row.replace("\\\\", "").replace("\\|", "").matches('|').count();
            prop_assert!(bars == 8 || bars == 2, "{row:?}");
        }
    }

    #[test]
    fn pages_hold_nothing_but_known_markup(document in any_document()) {
        let page = html::verdict(&document, &[]);
        super::pages::only_known_markup(&super::pages::parsed(&page));
        prop_assert!(!page.chars().any(|character| character != '\n' && moves_or_hides(character)));
    }

    #[test]
    fn json_is_printable_and_reads_back(document in any_document()) {
        let text = json::verdict(&document).unwrap();
        prop_assert!(!text.chars().any(|character| character != '\n' && moves_or_hides(character)));
        prop_assert_eq!(serde_json::from_str::<VerdictDocument>(&text).unwrap(), document);
    }
}
