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

    fn profile(self) -> &'static str {
        match self {
            Self::Rust => "lean",
            Self::Python | Self::Js => "scripted",
        }
    }
}

macro_rules! template {
    ($path:literal) => {
        ($path, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/", $path)))
    };
}

/// Files of every project, by their path in it.
const COMMON: [(&str, &str); 7] = [
    template!("plugin.toml"),
    template!("README.md"),
    template!("cases/passes-at-64-percent.yaml"),
    template!("cases/too-few-to-say.yaml"),
    template!("cases/done.csv"),
    template!("cases/all.csv"),
    template!("cases/few.csv"),
];
const RUST: [(&str, &str); 3] =
    [template!("rust/Cargo.toml"), template!("rust/src/lib.rs"), template!("rust/tests/native.rs")];
const PYTHON: [(&str, &str); 1] = [template!("python/app.py")];
const JS: [(&str, &str); 2] = [template!("js/judge.js"), template!("js/package.json")];

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
    let ident = own.replace('-', "_");
    let filled = |text: &str| {
        text.replace("{{name}}", name.as_str())
            .replace("{{crate}}", own)
            .replace("{{ident}}", &ident)
            .replace("{{version}}", "0.1.0")
            .replace("{{lang}}", language.word())
            .replace("{{profile}}", language.profile())
            .replace("{{rows}}", rows)
    };
    let prefix = format!("{}/", language.word());
    for (path, text) in COMMON.iter().chain(own_files) {
        let path = folder.join(path.strip_prefix(&prefix).unwrap_or(path));
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        }
        fs::write(&path, filled(text)).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let ignored = "/target/\n/dist/\n/node_modules/\n/.venv/\n__pycache__/\n";
    fs::write(folder.join(".gitignore"), ignored).context("cannot write .gitignore")?;
    vendor::update(&folder, language.word())?;
    Ok(folder)
}
