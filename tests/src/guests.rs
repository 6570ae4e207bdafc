//! The hostile and odd guests of `tests/guests`, as `cargo xtask guests` built them.

use std::path::Path;

use yardstick_domain::manifest::{self, Manifest, Profile};

/// The guest of this name with a manifest inside: `tests/NAME`, lean.
///
/// # Panics
/// When it has not been built.
#[must_use]
pub fn load(name: &str) -> Vec<u8> {
    manifest::embed(&component(name), &manifest("tests", name, Profile::Lean))
}

/// The guest of this name as the linker left it, without a manifest.
///
/// # Panics
/// When it has not been built.
#[must_use]
pub fn component(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins/built/test");
    let path = folder.join(format!("{name}.wasm"));
    match std::fs::read(&path) {
        Ok(component) => component,
        Err(error) => panic!("{}: {error}; run cargo xtask guests", path.display()),
    }
}

/// A manifest for a guest of this name: `team/name`, version 1.0.0. Underlines become dashes.
///
/// # Panics
/// When team and name make no plugin name.
#[must_use]
pub fn manifest(team: &str, name: &str, profile: Profile) -> Manifest {
    let profile = match profile {
        Profile::Lean => "lean",
        Profile::Scripted => "scripted",
    };
    let manifest = serde_json::json!({
        "plugin": {
            "name": format!("{team}/{}", name.replace('_', "-")),
            "version": "1.0.0",
            "summary": "A guest of the tests",
            "contract": "1.0",
            "licence": "Apache-2.0"
        },
        "asks": { "metrics": ["*"], "shapes": ["series", "totals", "samples"] },
        "build": { "language": "rust", "profile": profile }
    });
    serde_json::from_value(manifest).expect("a manifest as files have it")
}
