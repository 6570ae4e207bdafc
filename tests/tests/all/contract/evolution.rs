//! The text of the contract: a version that is out stays as it is, and a later one of the same major may only add.

use std::path::{Path, PathBuf};

use wit_component::{WitPrinter, semver_check};
use wit_parser::{Resolve, Span, WorldId};
use yardstick_domain::digest::Digest;

/// Versions that are out, with the hash of their text. A line here never changes.
const FROZEN: [(&str, &str); 1] =
    [("v1.0", "sha256:9134a728de4f9f05f30fe32d290c1396d08bd6455f2b085b430a809419312446")];

fn folder(version: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit").join(version)
}

fn world(version: &str) -> (Resolve, WorldId) {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(folder(version)).unwrap();
    let world = resolve.select_world(&[package], Some("plugin")).unwrap();
    (resolve, world)
}

/// Folders of `wit/`, in order.
fn versions() -> Vec<String> {
    let entries = std::fs::read_dir(folder("")).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_version_that_is_out_never_changes() {
    assert_eq!(
        versions(),
        FROZEN.map(|(version, _)| version),
        "a version's hash is written down when it is out"
    );
    for (version, expected) in FROZEN {
        let (resolve, world) = world(version);
        let package = resolve.worlds[world].package.unwrap();
        let mut printer = WitPrinter::default();
        // Comments may be mended.
        printer.emit_docs(false);
        printer.print(&resolve, package, &[]).unwrap();
        assert_eq!(Digest::of(printer.output.to_string().as_bytes()).to_string(), expected, "wit/{version}");
    }
}

/// What `semver_check` says of going from one text to another.
fn check(before: (Resolve, WorldId), after: (Resolve, WorldId)) -> Result<(), String> {
    let ((mut both, old), (other, new)) = (before, after);
    let new = both.merge(other).unwrap().map_world(new, Span::default()).unwrap();
    semver_check(both, old, new).map_err(|why| format!("{why:#}"))
}

#[test]
fn a_later_version_of_the_same_major_only_adds() {
    let versions = versions();
    for pair in versions.windows(2) {
        let major = |version: &str| version.split('.').next().unwrap_or_default().to_owned();
        if major(&pair[0]) == major(&pair[1]) {
            let checked = check(world(&pair[0]), world(&pair[1]));
            assert_eq!(checked, Ok(()), "{} to {}", pair[0], pair[1]);
        }
    }
}

/// The newest text as its next minor version, changed like this.
fn next(change: impl Fn(String) -> String) -> (Resolve, WorldId) {
    let mut text = String::new();
    for file in ["types.wit", "host.wit", "world.wit"] {
        let part = std::fs::read_to_string(folder(&versions().pop().unwrap()).join(file)).unwrap();
        let (package, rest) = part.split_once(';').unwrap();
        if text.is_empty() {
            text = format!("{package};").replace("@1.0.0", "@1.1.0");
        }
        text.push_str(rest);
    }
    let mut resolve = Resolve::default();
    let package = resolve.push_str("next.wit", &change(text)).unwrap();
    let world = resolve.select_world(&[package], Some("plugin")).unwrap();
    (resolve, world)
}

#[test]
fn the_check_tells_additions_from_changes() {
    let added = "world plugin {\n  import more;";
    let more = "interface more { sample: func(seed: u64) -> f64; }\n";
    let imports = next(|text| text.replace("world plugin {", added) + more);
    assert_eq!(check(world("v1.0"), imports), Ok(()), "another import");
    let changes: [(&str, &str, &str); 3] = [
        ("a field of a record", "record why { reason: reason,", "record why { more: attrs, reason: reason,"),
        ("a case of an outcome", "undecided(why),", "undecided(why), waived,"),
        ("an import that is gone", "  import assets;\n", ""),
    ];
    for (what, from, to) in changes {
        let changed = next(|text| {
            assert!(text.contains(from), "{what}");
            text.replace(from, to)
        });
        assert!(check(world("v1.0"), changed).is_err(), "{what}");
    }
}
