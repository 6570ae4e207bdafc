//! A new project that builds and passes its own cases as it is.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use yardstick_domain::ids::PluginName;

use super::vendor;

/// What a plugin is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    /// Compiled: small and quick.
    Rust,
    /// With its interpreter: 18 MB, some milliseconds a judgement.
    Python,
    /// With its engine: 12 MB, about a millisecond a judgement.
    Js,
}

impl Language {
    fn word(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Python => "python",
            Self::Js => "js",
        }
    }
}

macro_rules! example {
    ($path:literal) => {
        ($path, include_str!(concat!("../../../../examples/finish-rate/", $path)))
    };
}

/// A project starts as the example `finish-rate` under another name: files of every project, by their path in it.
const COMMON: [(&str, &str); 7] = [
    example!("cases/a-day-is-missing.yaml"),
    example!("cases/done-but-a-day.csv"),
    example!("cases/passes-at-64-percent.yaml"),
    example!("cases/too-few-to-say.yaml"),
    example!("cases/done.csv"),
    example!("cases/all.csv"),
    example!("cases/few.csv"),
];
const RUST: [(&str, &str); 5] = [
    example!("rust/plugin.toml"),
    example!("rust/Cargo.toml"),
    example!("rust/rustfmt.toml"),
    example!("rust/src/lib.rs"),
    example!("rust/tests/native.rs"),
];
const PYTHON: [(&str, &str); 2] = [example!("python/plugin.toml"), example!("python/app.py")];
const JS: [(&str, &str); 3] =
    [example!("js/plugin.toml"), example!("js/judge.js"), example!("js/package.json")];
const README: &str = include_str!("README.md");

/// Makes a folder with a project of this name. Gives where it is.
///
/// # Errors
/// When the name has no team, or the folder is there already.
pub(crate) fn start(name: &PluginName, language: Language, to: Option<&Path>) -> Result<PathBuf> {
    let Some((_, own)) = name.as_str().split_once('/') else {
        anyhow::bail!("{name:?}: a plugin belongs to a team; call it team/{name}", name = name.as_str());
    };
    let folder = to.map_or_else(|| PathBuf::from(own), Path::to_path_buf);
    let empty = fs::read_dir(&folder).map_or(true, |mut entries| entries.next().is_none());
    ensure!(empty, "{} is there already and not empty; nothing was written", folder.display());
    let (own_files, rows): (&[(&str, &str)], &str) = match language {
        Language::Rust => (
            &RUST,
            "| `src/lib.rs` | the judge |\n| `tests/native.rs` | the judge without WebAssembly: `cargo test` |\n",
        ),
        Language::Python => (&PYTHON, "| `app.py` | the judge |\n"),
        Language::Js => (&JS, "| `judge.js` | the judge |\n"),
    };
    let named = |text: &str| {
        text.replace("growth/finish-rate", name.as_str())
            .replace("finish-rate", own)
            .replace("finish_rate", &own.replace('-', "_"))
            .replace("cases = \"../cases\"", "cases = \"cases\"")
    };
    let prefix = format!("{}/", language.word());
    for (path, text) in COMMON.iter().chain(own_files) {
        let path = folder.join(path.strip_prefix(&prefix).unwrap_or(path));
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        }
        fs::write(&path, named(text)).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let readme = named(README).replace("{{rows}}", rows);
    fs::write(folder.join("README.md"), readme).context("cannot write README.md")?;
    let ignored = "/.yardstick/\n/target/\n/dist/\n/node_modules/\n/.venv/\n__pycache__/\n";
    fs::write(folder.join(".gitignore"), ignored).context("cannot write .gitignore")?;
    vendor::update(&folder, language.word())?;
    Ok(folder)
}
