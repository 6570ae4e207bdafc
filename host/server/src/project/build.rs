//! From what a language's tools make to the component that is published.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use yardstick_domain::component::with_custom_section;
use yardstick_domain::digest::Digest;
use yardstick_domain::manifest;
use yardstick_engine::ASSET_SECTION_PREFIX;

use super::{Project, files};

/// A component that was built.
#[derive(Debug)]
pub(crate) struct Built {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its bytes.
    pub(crate) component: Vec<u8>,
    /// Their digest.
    pub(crate) digest: Digest,
}

/// The folder that takes what was built.
const FOLDER: &str = "dist";

/// Puts manifest, files and cases into a component and writes it to `dist/NAME-VERSION.wasm`. The same inputs give the
/// same bytes.
pub(super) fn finish(project: &Project, component: &[u8]) -> Result<Built> {
    let mut component = component.to_vec();
    for (name, content) in files::assets(project)? {
        component = with_custom_section(&component, &format!("{ASSET_SECTION_PREFIX}{name}"), &content);
    }
    let component = manifest::embed(&project.cases()?.embed(&component), &project.manifest);
    let about = &project.manifest.plugin;
    let name = about.name.as_str().split('/').next_back().unwrap_or_default();
    let folder = project.root.join(FOLDER);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join(format!("{name}-{}.wasm", about.version));
    fs::write(&path, &component).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(Built { digest: Digest::of(&component), path, component })
}
