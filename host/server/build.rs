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
    let vendored = vendor::list(&root, Path::new(&out));
    fs::write(Path::new(&out).join("vendor.rs"), vendored).expect("the build folder is writable");
}

/// What a plugin outside this repository is built with.
mod vendor {
    use std::fs;
    use std::path::{Path, PathBuf};

    use toml::{Table, Value};

    /// Crates that authors build with.
    const CRATES: [&str; 3] = ["plugins/sdk", "plugins/sdk-derive", "plugins/stats"];

    /// The files as a table of paths and contents.
    pub(super) fn list(root: &Path, out: &Path) -> String {
        let mut files: Vec<(String, PathBuf)> = Vec::new();
        sources(&root.join("wit/v1.0"), "wit/v1.0", &mut files);
        let workspace = table(&root.join("Cargo.toml"));
        let dependencies = workspace["workspace"]["dependencies"].as_table().expect("a table");
        let mut used = Table::new();
        for name in CRATES {
            sources(&root.join(name).join("src"), &format!("{name}/src"), &mut files);
            let mut manifest = table(&root.join(name).join("Cargo.toml"));
            manifest.remove("dev-dependencies");
            for dependency in manifest["dependencies"].as_table().into_iter().flat_map(Table::keys) {
                used.insert(dependency.clone(), dependencies[dependency].clone());
            }
            let written = out.join(format!("{}.toml", name.replace('/', "-")));
            fs::write(&written, manifest.to_string()).expect("the build folder is writable");
            files.push((format!("{name}/Cargo.toml"), written));
        }
        let mut whole = Table::new();
        whole.insert(
            "members".to_owned(),
            Value::Array(CRATES.map(|name| Value::String(name.into())).to_vec()),
        );
        whole.insert("resolver".to_owned(), workspace["workspace"]["resolver"].clone());
        whole.insert("package".to_owned(), workspace["workspace"]["package"].clone());
        whole.insert("dependencies".to_owned(), Value::Table(used));
        // Ours to keep clean, not the author's.
        let allow = Table::from_iter([("warnings".to_owned(), Value::String("allow".to_owned()))]);
        let lints = Table::from_iter([("rust".to_owned(), Value::Table(allow))]);
        whole.insert("lints".to_owned(), Value::Table(lints));
        let whole = Table::from_iter([("workspace".to_owned(), Value::Table(whole))]);
        let written = out.join("vendor-workspace.toml");
        fs::write(&written, whole.to_string()).expect("the build folder is writable");
        files.push(("Cargo.toml".to_owned(), written));
        let mut list = String::from("&[\n");
        for (path, file) in files {
            let file = fs::canonicalize(&file).expect("it was just found");
            list.push_str(&format!("    ({path:?}, include_str!({:?})),\n", file.display().to_string()));
        }
        list.push(']');
        list
    }

    fn table(path: &Path) -> Table {
        println!("cargo::rerun-if-changed={}", path.display());
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn sources(folder: &Path, name: &str, files: &mut Vec<(String, PathBuf)>) {
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut entries: Vec<PathBuf> =
            fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        entries.sort();
        for path in entries {
            let inner = format!("{name}/{}", path.file_name().unwrap_or_default().to_string_lossy());
            if path.is_dir() {
                sources(&path, &inner, files);
            } else {
                files.push((inner, path));
            }
        }
    }
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
