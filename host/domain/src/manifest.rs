//! A plugin's manifest (`plugin.toml`): the only home of its name, version and requests. The build embeds it
//! in the component as a custom section, so that a plugin can be listed without being run.

use semver::Version;
use serde::{Deserialize, Serialize};

use crate::component::{NotWasm, custom_sections, with_custom_section};
use crate::frame::Shape;
use crate::ids::PluginName;

/// Name of the custom section that carries the manifest as JSON.
pub const SECTION: &str = "yardstick:plugin";

/// The manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// What it is.
    pub plugin: About,
    /// What it wants to read.
    #[serde(default)]
    pub asks: Asks,
    /// How it is built and limited.
    pub build: Build,
    /// Where its test cases are.
    #[serde(default)]
    pub test: Test,
}

/// What a plugin is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// `team/name`; built-in plugins have no team.
    pub name: PluginName,
    /// Its version; immutable once published.
    pub version: Version,
    /// One line for lists.
    pub summary: String,
    /// The contract it is written for, major and minor.
    pub contract: String,
    /// SPDX expression.
    pub licence: String,
    /// Where its source is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
}

/// What a plugin wants to read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asks {
    /// Patterns of metric keys, `*` for any run of characters. `["*"]`: whatever a criterion names.
    #[serde(default)]
    pub metrics: Vec<String>,
    /// Shapes it asks for.
    #[serde(default)]
    pub shapes: Vec<Shape>,
}

/// Which limits a plugin runs under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Compiled languages.
    Lean,
    /// Languages that bring an interpreter.
    Scripted,
}

impl Profile {
    /// The word in files and documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lean => "lean",
            Self::Scripted => "scripted",
        }
    }
}

/// How a plugin is built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Build {
    /// `rust`, `python` or `js`.
    pub language: String,
    /// Its limits.
    pub profile: Profile,
}

/// Where a plugin's test cases are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// Folder beside the manifest.
    pub cases: String,
}

impl Default for Test {
    fn default() -> Self {
        Self { cases: "cases".to_owned() }
    }
}

/// Why a component has no readable manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// The bytes are no WebAssembly binary, or are cut off.
    #[error(transparent)]
    Binary(#[from] NotWasm),
    /// No manifest inside.
    #[error("the component carries no manifest; build it with `yardstick plugin build`")]
    Missing,
    /// More than one manifest inside.
    #[error("the component carries two manifests")]
    Twice,
    /// The manifest does not read.
    #[error("the embedded manifest does not read: {0}")]
    Unreadable(String),
}

/// The component with this manifest appended as its custom section.
#[must_use]
pub fn embed(component: &[u8], manifest: &Manifest) -> Vec<u8> {
    // A manifest is plain text and numbers, which always serialise.
    with_custom_section(component, SECTION, &serde_json::to_vec(manifest).unwrap_or_default())
}

/// The manifest a component carries at its top level.
///
/// # Errors
/// When the binary is malformed or carries no manifest, two, or one that does not read.
pub fn extract(component: &[u8]) -> Result<Manifest, ManifestError> {
    let sections = custom_sections(component)?;
    let mut own = sections.into_iter().filter(|(name, _)| *name == SECTION).map(|(_, json)| json);
    let json = own.next().ok_or(ManifestError::Missing)?;
    if own.next().is_some() {
        return Err(ManifestError::Twice);
    }
    serde_json::from_slice(json).map_err(|error| ManifestError::Unreadable(error.to_string()))
}
