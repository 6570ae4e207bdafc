//! Compiled code on disk is used only when it is ours, whole and for this component.

use std::fs;
use std::path::{Path, PathBuf};

use yardstick_engine::{Compiler, Engine, Step};

use super::components::Core;
use super::support::{cache, configured, engine, upload};

/// An engine that cannot compile uploads: what it loads came out of the cache.
fn without_compiler(folder: &Path, key: u8) -> Engine {
    configured(1, Some(cache(folder, key)), Compiler::Child("/nonexistent/compiler".into()))
}

/// An engine that fills the cache.
fn with_compiler(folder: &Path) -> Engine {
    configured(1, Some(cache(folder, 1)), Compiler::InProcess)
}

/// Small, so that compiling it again and again is quick.
fn guest() -> Vec<u8> {
    Core::default().upload()
}

fn other_guest() -> Vec<u8> {
    Core { memory: "3", ..Core::default() }.upload()
}

/// The only file of the cache.
fn only_file(folder: &Path) -> PathBuf {
    let files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "one file, and no temporary ones: {files:?}");
    files[0].clone()
}

#[test]
fn what_is_not_ours_or_not_whole_is_compiled_again() {
    let folder = tempfile::tempdir().unwrap();
    let guest = guest();
    upload(&with_compiler(folder.path()), &guest).unwrap();
    let file = only_file(folder.path());
    let good = fs::read(&file).unwrap();
    assert!(upload(&without_compiler(folder.path(), 1), &guest).is_ok(), "the cache serves it");

    let flip = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    let cases = [
        ("empty", Vec::new()),
        ("cut off", good[..good.len() - 1].to_vec()),
        ("only a header", good[..40].to_vec()),
        ("longer", [&good[..], &[0]].concat()),
        ("another layout", flip(0)),
        ("another seal", flip(8)),
        ("another start", flip(40)),
        ("other code", flip(good.len() / 2)),
        ("another end", flip(good.len() - 1)),
        ("unsealed code", good[40..].to_vec()),
        ("somebody's text", b"#!/bin/sh".to_vec()),
    ];
    for (what, bytes) in cases {
        fs::write(&file, bytes).unwrap();
        let refusal = upload(&without_compiler(folder.path(), 1), &guest).expect_err(what);
        assert_eq!(refusal.step, Step::Host, "{what} is not loaded: {refusal}");
        upload(&with_compiler(folder.path()), &guest).unwrap();
        assert_eq!(fs::read(only_file(folder.path())).unwrap(), good, "{what} is made anew");
    }
}

#[test]
fn code_of_another_plugin_or_another_host_is_not_ours() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (guest(), other_guest());
    upload(&with_compiler(folder.path()), &first).unwrap();
    let file = only_file(folder.path());
    let stolen = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    upload(&with_compiler(folder.path()), &second).unwrap();
    let file = only_file(folder.path());
    fs::write(&file, stolen).unwrap();
    assert_eq!(upload(&without_compiler(folder.path(), 1), &second).unwrap_err().step, Step::Host);

    upload(&with_compiler(folder.path()), &second).unwrap();
    assert!(upload(&without_compiler(folder.path(), 1), &second).is_ok());
    assert_eq!(upload(&without_compiler(folder.path(), 2), &second).unwrap_err().step, Step::Host);
}

#[test]
fn a_cache_that_cannot_be_used_stops_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let guest = guest();
    upload(&with_compiler(folder.path()), &guest).unwrap();
    let file = only_file(folder.path());
    fs::remove_file(&file).unwrap();
    // A folder where the file should be: it can be neither read nor replaced.
    fs::create_dir(&file).unwrap();
    fs::write(file.join("occupied"), b"").unwrap();
    assert!(upload(&with_compiler(folder.path()), &guest).is_ok());
}

#[test]
fn compiled_code_is_refused_as_an_upload() {
    let folder = tempfile::tempdir().unwrap();
    upload(&with_compiler(folder.path()), &guest()).unwrap();
    let sealed = fs::read(only_file(folder.path())).unwrap();
    let refusal = upload(&engine(), &sealed[40..]).unwrap_err();
    assert_eq!(refusal.step, Step::Plain);
    assert!(refusal.to_string().contains("compiled native code"), "{refusal}");
}
