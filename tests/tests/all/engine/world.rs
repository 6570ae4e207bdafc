//! What a guest can see besides its arguments: nothing, or what follows from recorded inputs.

use yardstick_domain::manifest::{self, Profile};
use yardstick_engine::{ASSET_SECTION_PREFIX, Level};
use yardstick_tests::guests;

use super::support::{engine, frames, load, told, upload};

#[tokio::test]
async fn printed_lines_go_to_the_log_and_everything_else_is_empty() {
    let engine = engine();
    let plugin = load(&engine, "printing");
    let run = engine.evaluate(&plugin, &told(""), frames(&[1.0])).await;
    assert_eq!(run.result.unwrap().headline, "0 0 0", "bytes of input, variables, arguments");
    let lines: Vec<_> = run.log.lines.iter().map(|line| (line.level, line.message.as_str())).collect();
    assert_eq!(
        lines,
        [
            (Level::Info, "to the \\u{7}log"),
            (Level::Warn, "to the log, as a warning"),
            (Level::Info, "without an end")
        ]
    );
}

#[tokio::test]
async fn scripted_guests_get_a_clock_that_stands_and_chance_that_follows_from_the_inputs() {
    let engine = engine();
    let component = guests::component("rolls_dice");
    let scripted = manifest::embed(&component, &guests::manifest("tests", "dice", Profile::Scripted));
    let plugin = upload(&engine, &scripted).unwrap();
    let first = engine.evaluate(&plugin, &told(""), frames(&[1.0])).await;
    let again = engine.evaluate(&plugin, &told(""), frames(&[1.0])).await;
    let headline = first.result.unwrap().headline;
    assert!(headline.starts_with("1774936800000 0 ["), "as-of, no time passes: {headline}");
    assert_eq!(headline, again.result.unwrap().headline);
    assert_eq!(first.usage.fuel, again.usage.fuel);
    let mut others = Vec::new();
    for value in [2.0, 3.0, 4.0] {
        others.push(engine.evaluate(&plugin, &told(""), frames(&[value])).await.result.unwrap().headline);
    }
    assert!(others.iter().any(|other| *other != headline), "other inputs, other chance");
}

#[tokio::test]
async fn a_guest_reads_its_own_files_and_no_others() {
    let engine = engine();
    let mut component = guests::load("reads_assets");
    append_section(&mut component, "words/en.txt", b"adopted");
    let plugin = upload(&engine, &component).unwrap();
    let run = engine.evaluate(&plugin, &told(""), frames(&[1.0])).await;
    assert_eq!(run.result.unwrap().headline, "adopted false");

    append_section(&mut component, "words/en.txt", b"twice");
    let refusal = upload(&engine, &component).unwrap_err();
    assert_eq!(refusal.code(), "plugin-assets");
    assert!(refusal.to_string().contains("words/en.txt"), "{refusal}");
}

/// A custom section with a file, as `yardstick plugin build` writes it.
fn append_section(component: &mut Vec<u8>, name: &str, bytes: &[u8]) {
    let name = format!("{ASSET_SECTION_PREFIX}{name}");
    let body = [&[name.len() as u8][..], name.as_bytes(), bytes].concat();
    component.extend([&[0, body.len() as u8][..], &body].concat());
}
