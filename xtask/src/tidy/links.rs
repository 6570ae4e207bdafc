//! Links between Markdown documents: the file is there, and so is the heading.

use std::path::{Component, Path, PathBuf};

use super::{Files, Problems};

/// Every link to a file of the project, with its heading if it names one.
pub(super) fn check(files: &Files) -> anyhow::Result<Problems> {
    let mut problems = Problems::new();
    for path in files.with_extension(&["md"]) {
        let Some(text) = files.text(path)? else { continue };
        for (line, target) in links(&text) {
            if let Some(what) = broken(files, path, &target)? {
                problems.push(format!("{}:{line}: {target}: {what}", path.display()));
            }
        }
    }
    Ok(problems)
}

/// Targets of `[text](target)` outside code, with their line.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for (number, line) in prose(text) {
        // Every other piece between back quotes is code.
        for piece in line.split('`').step_by(2) {
            for (at, _) in piece.match_indices("](") {
                let rest = &piece[at + 2..];
                links.extend(rest.find(')').map(|end| (number, rest[..end].to_owned())));
            }
        }
    }
    links
}

/// Numbered lines outside fenced code.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// What is wrong with a link of a document.
fn broken(files: &Files, from: &Path, target: &str) -> anyhow::Result<Option<String>> {
    if target.contains("://") || target.starts_with("mailto:") {
        return Ok(None);
    }
    let (file, heading) =
        target.split_once('#').map_or((target, None), |(file, heading)| (file, Some(heading)));
    let path = if file.is_empty() { from.to_owned() } else { resolve(from, file) };
    if !files.root.join(&path).exists() {
        return Ok(Some(format!("there is no {}", path.display())));
    }
    let Some(heading) = heading else { return Ok(None) };
    let text = files.text(&path)?.unwrap_or_default();
    let known = prose(&text).filter_map(|(_, line)| line.strip_prefix('#')).map(anchor);
    let known: Vec<String> = known.collect();
    Ok((!known.iter().any(|anchor| anchor == heading))
        .then(|| format!("{} has no heading for it; it has {}", path.display(), known.join(", "))))
}

/// The path a link leads to, relative to the root.
fn resolve(from: &Path, file: &str) -> PathBuf {
    let mut path = from.parent().map(Path::to_owned).unwrap_or_default();
    for part in Path::new(file).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    path
}

/// The anchor that GitHub gives a heading: lower case, spaces as hyphens, punctuation gone.
fn anchor(heading: &str) -> String {
    let letters = heading.trim_start_matches('#').trim().to_lowercase();
    letters
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            c if c.is_alphanumeric() => Some(c),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{anchor, links, resolve};

    #[test]
    fn code_holds_no_links() {
        let text = "[a](b.md) and `[c](d.md)`\n```\n[e](f.md)\n```\n[g](h.md#i)";
        assert_eq!(links(text), [(1, "b.md".to_owned()), (5, "h.md#i".to_owned())]);
    }

    #[test]
    fn links_are_relative_to_their_document() {
        for (from, file, to) in [
            ("docs/cli.md", "../README.md", "README.md"),
            ("docs/cli.md", "files.md", "docs/files.md"),
            ("README.md", "docs/cli.md", "docs/cli.md"),
        ] {
            assert_eq!(resolve(Path::new(from), file), Path::new(to), "{file} in {from}");
        }
    }

    #[test]
    fn headings_have_the_anchors_that_github_gives_them() {
        for (heading, expected) in
            [("## To add a judge", "to-add-a-judge"), ("# `judge`: exit codes, d7", "judge-exit-codes-d7")]
        {
            assert_eq!(anchor(heading), expected);
        }
    }
}
