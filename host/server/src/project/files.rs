//! Files that travel with a plugin: its own ones, and its cases. They are read through a handle to the project's
//! folder, and links are not followed: what is published is what lies there.

use std::io::Read;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use yardstick_app::CaseFiles;
use yardstick_engine::{ASSET_BYTES as MOST_BYTES, ASSETS as MOST_FILES};

use super::Project;

/// The folder of a plugin's own files.
const ASSETS: &str = "assets";

fn folder(project: &Project) -> Result<Dir> {
    Dir::open_ambient_dir(&project.root, ambient_authority())
        .with_context(|| format!("cannot open {}", project.root.display()))
}

/// The plugin's own files by name, `/` between folders, in order.
pub(super) fn assets(project: &Project) -> Result<Vec<(String, Vec<u8>)>> {
    let root = folder(project)?;
    let mut found = Vec::new();
    if root.symlink_metadata(ASSETS).is_ok() {
        walk(&root, Path::new(ASSETS), "", &mut found)?;
    }
    let bytes: usize = found.iter().map(|(_, content)| content.len()).sum();
    ensure!(
        found.len() <= MOST_FILES && bytes <= MOST_BYTES,
        "{ASSETS} has {} files of {bytes} bytes together; at most {MOST_FILES} of {MOST_BYTES} travel with a plugin",
        found.len()
    );
    found.sort();
    Ok(found)
}

fn walk(dir: &Dir, path: &Path, prefix: &str, found: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    let entries = dir.read_dir(path).with_context(|| format!("cannot read {}", path.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", path.display()))?;
        let inner = path.join(entry.file_name());
        let Ok(name) = entry.file_name().into_string() else {
            bail!("{} has a name that is not UTF-8", inner.display());
        };
        let kind = entry.file_type().with_context(|| format!("cannot look at {}", inner.display()))?;
        ensure!(!kind.is_symlink(), "{} is a link; put the file itself there", inner.display());
        let name = format!("{prefix}{name}");
        if kind.is_dir() {
            walk(dir, &inner, &format!("{name}/"), found)?;
        } else {
            ensure!(kind.is_file(), "{} is no file", inner.display());
            ensure!(found.len() <= MOST_FILES, "{ASSETS} has more than {MOST_FILES} files");
            found.push((name, read(dir, &inner)?));
        }
    }
    Ok(())
}

fn read(dir: &Dir, path: &Path) -> Result<Vec<u8>> {
    let file = dir.open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut content = Vec::new();
    let most = MOST_BYTES as u64 + 1;
    file.take(most).read_to_end(&mut content).with_context(|| format!("cannot read {}", path.display()))?;
    ensure!(content.len() <= MOST_BYTES, "{} has more than {MOST_BYTES} bytes", path.display());
    Ok(content)
}

/// The files of the cases' folder: `*.yaml` and `*.csv`.
pub(super) fn cases(project: &Project) -> Result<CaseFiles> {
    let name = Path::new(&project.manifest.test.cases);
    // Several projects may share them: a folder beside the manifest, or beside the project.
    let mut parts = name.components().skip_while(|part| matches!(part, Component::ParentDir));
    ensure!(
        parts.all(|part| matches!(part, Component::Normal(_))) && !name.as_os_str().is_empty(),
        "test.cases is {:?} in plugin.toml; name a folder from there, such as cases or ../cases",
        project.manifest.test.cases
    );
    let mut files = CaseFiles::default();
    let Ok(root) = Dir::open_ambient_dir(project.root.join(name), ambient_authority()) else {
        return Ok(files);
    };
    let Ok(entries) = root.entries() else { return Ok(files) };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", name.display()))?;
        let path = PathBuf::from(entry.file_name());
        let wanted = path.extension().is_some_and(|ending| ending == "yaml" || ending == "csv");
        let kind = entry.file_type();
        let kind = kind.with_context(|| format!("cannot look at {}", name.join(&path).display()))?;
        ensure!(
            !wanted || kind.is_file(),
            "{} is a link or a folder; put the file itself there",
            name.join(&path).display()
        );
        if wanted {
            paths.push(path);
        }
    }
    paths.sort();
    for path in paths {
        let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        files
            .add(file, read(&root, &path)?)
            .map_err(|why| anyhow::anyhow!("{}: {why}", name.join(&path).display()))?;
    }
    Ok(files)
}

/// Files whose change makes a build or a case another one: all but what tools make and keep.
pub(super) fn watched(project: &Project) -> Vec<PathBuf> {
    fn into(path: &Path, depth: usize, found: &mut Vec<PathBuf>) {
        const MADE: [&str; 6] = ["target", "dist", "node_modules", "vendor", "__pycache__", ".venv"];
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        for entry in entries {
            let name = entry.file_name();
            let hidden = name.to_str().is_none_or(|name| name.starts_with('.') || MADE.contains(&name));
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && !hidden && depth < 8 => into(&entry.path(), depth + 1, found),
                Ok(kind) if kind.is_file() && !hidden => found.push(entry.path()),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    into(&project.root, 0, &mut found);
    into(&project.root.join(&project.manifest.test.cases), 0, &mut found);
    found.sort();
    found.dedup();
    found
}
