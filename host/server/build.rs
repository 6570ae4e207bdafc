//! Embeds the built-in judges. They are WebAssembly, which a build script must not build behind your back:
//! `cargo xtask guests` does.
#![expect(clippy::disallowed_methods, reason = "Cargo tells a build script everything by its environment")]

use std::path::Path;
use std::{env, fs};

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let root = Path::new(&root).join("../..");
    let built = root.join("plugins/built");
    println!("cargo::rerun-if-changed={}", built.display());
    let mut list = String::from("&[\n");
    let mut missing = Vec::new();
    for name in judges(&root.join("plugins")) {
        let wasm = built.join(format!("{name}.wasm"));
        println!("cargo::rerun-if-changed={}", wasm.display());
        match fs::canonicalize(&wasm) {
            Ok(path) => {
                list.push_str(&format!(
                    "    BuiltIn {{ wasm: include_bytes!({:?}) }},\n",
                    path.display().to_string()
                ));
            }
            Err(_) => missing.push(name),
        }
    }
    list.push(']');
    if !missing.is_empty() {
        println!(
            "cargo::error=the built-in judges {} are not built yet; build them with: cargo xtask guests",
            missing.join(", ")
        );
    }
    let out = env::var("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out).join("built_in.rs"), list).expect("the build folder is writable");
}

/// Folders of `plugins/` with a manifest, by name.
fn judges(plugins: &Path) -> Vec<String> {
    println!("cargo::rerun-if-changed={}", plugins.display());
    let mut names: Vec<String> = fs::read_dir(plugins)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().join("plugin.toml").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}
