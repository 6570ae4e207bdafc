//! Rules about single files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Files, Problems};

/// Lines from which a source file deserves a second look.
const LONG: usize = 400;
/// Where long files are listed, one a line: the path, then why it is better long.
const LONG_FILES: &str = "xtask/long-files.txt";

/// Files that hold text of ours, as opposed to data.
const TEXTS: &[&str] = &["rs", "py", "sh", "sql", "wit", "md", "toml", "yaml", "yml", "json"];

/// Words for something left undone. In two halves, so that this file does not contain them.
const OPEN_ENDS: [&str; 4] =
    [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("HA", "CK")];

/// First folders of paths that exist on one machine only.
const PRIVATE: [&str; 5] = ["home", "Users", "root", "tmp", "work"];

/// The same migrations for both databases, numbered without holes.
pub(super) fn migrations(files: &Files) -> anyhow::Result<Problems> {
    let of = |database: &str| -> BTreeSet<String> {
        let folder = Path::new("migrations").join(database);
        let inside = files.paths.iter().filter(|path| path.parent() == Some(&folder));
        inside.filter_map(|path| path.file_name()?.to_str().map(str::to_owned)).collect()
    };
    let (sqlite, postgres) = (of("sqlite"), of("postgres"));
    let mut problems = Problems::new();
    for (missing, name) in sqlite
        .difference(&postgres)
        .map(|name| ("postgres", name))
        .chain(postgres.difference(&sqlite).map(|name| ("sqlite", name)))
    {
        problems.push(format!("migrations/{missing}/{name} is missing"));
    }
    for (number, name) in (1..).zip(sqlite.union(&postgres)) {
        if !name.starts_with(&format!("{number:04}_")) || !name.ends_with(".sql") {
            problems.push(format!("migrations/*/{name}: expected the name {number:04}_….sql"));
        }
    }
    Ok(problems)
}

/// Source files over [`LONG`] lines are listed with a reason, and nothing else is.
pub(super) fn long_files(files: &Files) -> anyhow::Result<Problems> {
    let list = files.text(Path::new(LONG_FILES))?.unwrap_or_default();
    let entries = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut listed: BTreeMap<&str, &str> =
        entries.map(|line| line.split_once(char::is_whitespace).unwrap_or((line, ""))).collect();
    let mut problems = Problems::new();
    for path in files.with_extension(&["rs", "py"]) {
        let lines = files.text(path)?.map_or(0, |text| text.lines().count());
        let reason = listed.remove(path.to_str().unwrap_or_default());
        match reason {
            None if lines > LONG => problems.push(format!(
                "{}: {lines} lines; split it, or list it in {LONG_FILES} with the reason",
                path.display()
            )),
            Some(_) if lines <= LONG => {
                problems.push(format!("{LONG_FILES}: {} has only {lines} lines; remove it", path.display()));
            }
            Some(reason) if reason.trim().is_empty() => {
                problems.push(format!("{LONG_FILES}: {} needs a reason behind it", path.display()));
            }
            _ => {}
        }
    }
    problems.extend(listed.keys().map(|path| format!("{LONG_FILES}: {path} does not exist; remove it")));
    Ok(problems)
}

/// Something left undone is written `WORD(docs/file.md)`: a document says why and what then.
pub(super) fn open_ends(files: &Files) -> anyhow::Result<Problems> {
    let owned = |rest: &str| {
        let name = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(name, _)| name);
        name.is_some_and(|name| name.ends_with(".md") && files.root.join(name).is_file())
    };
    each_line(files, |line| {
        OPEN_ENDS.into_iter().find_map(|word| {
            let alone = |(at, _): &(usize, &str)| {
                let around = [line[..*at].chars().next_back(), line[at + word.len()..].chars().next()];
                around.into_iter().flatten().all(|c| !c.is_alphanumeric() && c != '_')
            };
            let found = line.match_indices(word).filter(alone);
            let open = found.map(|(at, _)| at).find(|at| !owned(&line[at + word.len()..]));
            open.map(|_| format!("{word} without an owner; finish it, or write {word}(docs/….md)"))
        })
    })
}

/// Paths that exist on the author's machine only.
pub(super) fn private_paths(files: &Files) -> anyhow::Result<Problems> {
    let starts: Vec<String> = PRIVATE.iter().map(|folder| format!("/{folder}/")).collect();
    each_line(files, |line| {
        starts.iter().find_map(|start| {
            // A path starts there: `docs/work/` is a folder of ours, and `https://x.org/home/` an address.
            let begins = |at: &usize| line[..*at].chars().next_back().is_none_or(|c| !is_path_character(c));
            let mut places = line.match_indices(start.as_str()).map(|(at, _)| at);
            places.find(begins).map(|_| format!("a path under {start} exists on one machine only"))
        })
    })
}

fn is_path_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '}' | ')' | '~')
}

/// What `wrong` says of the lines of our texts, with the place.
fn each_line(files: &Files, wrong: impl Fn(&str) -> Option<String>) -> anyhow::Result<Problems> {
    let mut problems = Problems::new();
    for path in files.with_extension(TEXTS).chain(unnamed(files)) {
        let Some(text) = files.text(path)? else { continue };
        for (number, line) in (1..).zip(text.lines()) {
            problems.extend(wrong(line).map(|what| format!("{}:{number}: {what}", path.display())));
        }
    }
    Ok(problems)
}

/// Scripts without an extension.
fn unnamed(files: &Files) -> impl Iterator<Item = &Path> {
    files.paths.iter().filter(|path| path.starts_with(".ci")).map(std::path::PathBuf::as_path)
}
