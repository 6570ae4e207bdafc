//! A plugin's manifest (`plugin.toml`): the only home of its name, version and requests. The build embeds it
//! in the component as a custom section, so that a plugin can be listed without being run.

use semver::Version;
use serde::{Deserialize, Serialize};

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
    #[error("not a WebAssembly binary: {0}")]
    Binary(&'static str),
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
    let json = serde_json::to_vec(manifest).unwrap_or_default();
    let mut body = Vec::with_capacity(json.len() + 24);
    put_u32(&mut body, SECTION.len());
    body.extend_from_slice(SECTION.as_bytes());
    body.extend_from_slice(&json);
    let mut out = component.to_vec();
    out.push(0);
    put_u32(&mut out, body.len());
    out.extend_from_slice(&body);
    out
}

/// The manifest a component carries at its top level.
///
/// # Errors
/// When the binary is malformed or carries no manifest, two, or one that does not read.
pub fn extract(component: &[u8]) -> Result<Manifest, ManifestError> {
    let mut rest = component
        .strip_prefix(b"\0asm")
        .and_then(|rest| rest.get(4..))
        .ok_or(ManifestError::Binary("wrong magic"))?;
    let mut found = None;
    while let Some((&id, tail)) = rest.split_first() {
        let (len, tail) = take_u32(tail)?;
        let (body, tail) = tail.split_at_checked(len).ok_or(ManifestError::Binary("truncated section"))?;
        rest = tail;
        if id != 0 {
            continue;
        }
        let (name_len, body) = take_u32(body)?;
        let (name, json) = body.split_at_checked(name_len).ok_or(ManifestError::Binary("truncated name"))?;
        if name == SECTION.as_bytes() && found.replace(json).is_some() {
            return Err(ManifestError::Twice);
        }
    }
    let json = found.ok_or(ManifestError::Missing)?;
    serde_json::from_slice(json).map_err(|error| ManifestError::Unreadable(error.to_string()))
}

/// Unsigned LEB128, as WebAssembly writes lengths.
fn put_u32(out: &mut Vec<u8>, len: usize) {
    let mut left = len;
    while left >= 0x80 {
        out.push((left & 0x7f) as u8 | 0x80);
        left >>= 7;
    }
    out.push(left as u8);
}

fn take_u32(bytes: &[u8]) -> Result<(usize, &[u8]), ManifestError> {
    let mut value = 0_u64;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            let value = u32::try_from(value).map_err(|_| ManifestError::Binary("length overflows"))?;
            return Ok((value as usize, &bytes[index + 1..]));
        }
    }
    Err(ManifestError::Binary("length overflows"))
}
