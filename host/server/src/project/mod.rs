//! A plugin's project on disk: what `yardstick plugin` starts, builds, tests and publishes.

mod build;
mod files;
mod javascript;
mod python;
mod rust;
mod saved;
mod start;
mod vendor;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use yardstick_app::CaseFiles;
use yardstick_domain::manifest::Manifest;

pub(crate) use build::Built;
pub(crate) use saved::save_case;
pub(crate) use start::{Language, start};
pub(crate) use vendor::update as update_vendor;

/// The name of a manifest.
const MANIFEST: &str = "plugin.toml";

/// A project: a folder with a `plugin.toml`.
#[derive(Debug)]
pub(crate) struct Project {
    /// Its folder.
    pub(crate) root: PathBuf,
    /// What the plugin is.
    pub(crate) manifest: Manifest,
}

impl Project {
    /// Opens the project in this folder.
    ///
    /// # Errors
    /// When there is no readable manifest, or it names a language that nobody here builds.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(MANIFEST);
        let text = fs::read_to_string(&path).with_context(|| {
            format!("cannot read {}; a plugin's folder has one (yardstick plugin new NAME)", path.display())
        })?;
        let manifest: Manifest =
            toml::from_str(&text).with_context(|| format!("{} is not right", path.display()))?;
        ensure!(
            manifest.plugin.name.as_str().contains('/'),
            "{}: plugin.name is \"{}\"; a plugin of a team is called team/name",
            path.display(),
            manifest.plugin.name
        );
        let root =
            fs::canonicalize(folder).with_context(|| format!("there is no folder {}", folder.display()))?;
        Ok(Self { root, manifest })
    }

    /// Builds the component and puts manifest, files and cases into it.
    ///
    /// # Errors
    /// When the language's own tools fail, or a file will not do.
    pub(crate) fn build(&self) -> Result<Built> {
        let component = match self.manifest.build.language.as_str() {
            "rust" => rust::build(self)?,
            "python" => python::build(self)?,
            "js" => javascript::build(self)?,
            other => bail!("build.language is {other:?} in {MANIFEST}; expected rust, python or js"),
        };
        build::finish(self, &component)
    }

    /// The files of its cases.
    ///
    /// # Errors
    /// When a file cannot be read or will not do.
    pub(crate) fn cases(&self) -> Result<CaseFiles> {
        files::cases(self)
    }

    /// Files whose change makes a build or a case another one.
    pub(crate) fn watched(&self) -> Vec<PathBuf> {
        files::watched(self)
    }
}
