//! The guide to plugins, followed: its files written, its commands run in order, what they print as it stands there.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::plugin_projects::Workshop;

/// A block of the guide's code, with the line it begins in.
struct Block<'a> {
    line: usize,
    /// What stands behind the back quotes, such as `yaml growth.yaml`.
    info: &'a str,
    lines: Vec<&'a str>,
}

/// A command, what it is to exit with, and what it is to print.
struct Step<'a> {
    line: usize,
    command: &'a str,
    exits: i32,
    prints: Vec<&'a str>,
}

fn blocks(guide: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for (line, text) in (1..).zip(guide.lines()) {
        match (text.strip_prefix("```"), &mut open) {
            (Some(info), None) => open = Some(Block { line, info, lines: Vec::new() }),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => block.lines.push(text),
            (None, None) => {}
        }
    }
    blocks
}

fn steps<'a>(block: &Block<'a>) -> Vec<Step<'a>> {
    let mut steps: Vec<Step<'a>> = Vec::new();
    for (line, text) in (block.line + 1..).zip(block.lines.iter().copied()) {
        match (text.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => {
                let (command, exits) = command.split_once("    # ").unwrap_or((command, "0"));
                steps.push(Step { line, command, exits: exits.parse().unwrap(), prints: Vec::new() });
            }
            (None, Some(step)) => step.prints.push(text),
            (None, None) => panic!("docs/plugins.md:{line}: an output before any command"),
        }
    }
    steps
}

/// Lines without what differs between machines and days: numbers, hashes, and how wide columns are for them.
fn shape<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let is_hash =
        |word: &str| word.len() >= 6 && word.bytes().all(|byte| b"0123456789abcdef".contains(&byte));
    let word = |word: &str| {
        let mut out = String::new();
        for part in word.split_inclusive(|letter: char| !letter.is_ascii_alphanumeric()) {
            let name = part.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric());
            out.push_str(if is_hash(name) { "0" } else { name });
            out.push_str(&part[name.len()..]);
        }
        let mut shaped = String::new();
        for letter in out.chars() {
            let in_number = shaped.ends_with('0');
            match letter {
                '0'..='9' if in_number => {}
                '0'..='9' => shaped.push('0'),
                ',' | '.' if in_number => {}
                letter => shaped.push(letter),
            }
        }
        shaped
    };
    let shaped =
        lines.into_iter().map(|line| line.split_whitespace().map(word).collect::<Vec<_>>().join(" "));
    shaped.filter(|line| !line.is_empty()).collect()
}

#[test]
fn the_guide_to_plugins_does_and_prints_what_it_says() {
    let shop = Workshop::new();
    let programs = shop.path("programs");
    fs::create_dir(&programs).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_yardstick-under-test"), programs.join("yardstick"))
        .unwrap();
    let mut ran = 0;
    for block in blocks(include_str!("../../../../docs/plugins.md")) {
        match block.info.split_once(' ') {
            Some((_, file)) => fs::write(shop.path(file), block.lines.join("\n") + "\n").unwrap(),
            None if block.info == "console" => {
                for step in steps(&block) {
                    follow(&shop, &programs, &step);
                    ran += 1;
                }
            }
            None => {}
        }
    }
    assert!(ran > 40, "the guide has {ran} commands");
}

fn follow(shop: &Workshop, programs: &Path, step: &Step<'_>) {
    let at = format!("docs/plugins.md:{}: {}", step.line, step.command);
    let script = format!("PATH={}:$PATH\n{}", programs.display(), step.command);
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &script]).current_dir(shop.path("."));
    let ran = shop.prepared(bash.env_remove("YARDSTICK_DATABASE").env("USER", "ana"));
    assert_eq!(ran.code, Some(step.exits), "{at}\n{}\n{}", ran.out, ran.err);
    // A refusal is what standard error ends with.
    let refusal = if ran.out.is_empty() && step.exits != 0 { ran.err.find("error: ") } else { None };
    let told = refusal.map_or(ran.out.as_str(), |start| &ran.err[start..]);
    assert_eq!(shape(step.prints.iter().copied()), shape(told.lines()), "{at}\n{told}");
    if step.command.starts_with("yardstick plugin new ") {
        shop.pin(&shop.path("finish-rate"));
    }
}
