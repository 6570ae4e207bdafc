//! Uploads are compiled in a process of their own, which may take too long, take too much, or lie.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use wit_component::StringEncoding;
use yardstick_engine::{Compiler, Engine, Step, Trust};
use yardstick_tests::guests;

use super::components::{Core, append_module, as_upload};
use super::support::{configured, engine, frames, load, told, upload};

fn with_child(program: &Path) -> Engine {
    configured(1, None, Compiler::Child(program.to_owned()))
}

fn compiling() -> Engine {
    with_child(Path::new(env!("CARGO_BIN_EXE_yardstick-under-test")))
}

#[tokio::test]
async fn a_child_compiles_the_same_code() {
    let (child, here) = (compiling(), engine());
    let (one, other) = (load(&child, "benign"), load(&here, "benign"));
    let one = child.evaluate(&one, &told(""), frames(&[1.0, 2.0])).await;
    let other = here.evaluate(&other, &told(""), frames(&[1.0, 2.0])).await;
    assert_eq!(one.usage.fuel, other.usage.fuel);
    assert_eq!(one.result, other.result);
}

#[test]
fn what_the_child_refuses_is_said() {
    let broken =
        append_module(&Core::default().component(StringEncoding::UTF8), "(module (memory i64 1))", 1);
    let refusal = upload(&compiling(), &as_upload(&broken)).unwrap_err();
    assert_eq!(refusal.step, Step::Compile);
    assert!(refusal.to_string().contains("does not compile"), "{refusal}");
}

/// Loops in loops over many locals: the compiler's work grows with the product.
#[test]
fn a_compile_bomb_is_stopped_and_the_next_upload_is_unaffected() {
    let (locals, loops) = (3_000, 3_000);
    let mut body = String::new();
    for index in 0..loops {
        let local = index % locals;
        write!(body, "(loop $l{index} (local.set {local} (i32.add (local.get {local}) (i32.const 1)))")
            .unwrap();
    }
    for index in (0..loops).rev() {
        write!(body, "(br_if $l{index} (local.get {})))", index % locals).unwrap();
    }
    let module = format!("(module (func (local {}) {body}))", "i32 ".repeat(locals));
    let bomb = append_module(&Core::default().component(StringEncoding::UTF8), &module, 1);
    let engine = compiling();
    let refusal = upload(&engine, &as_upload(&bomb)).unwrap_err();
    assert_eq!(refusal.step, Step::Compile);
    assert!(refusal.to_string().contains("10 s"), "it says how long: {refusal}");
    assert!(upload(&engine, &guests::load("benign")).is_ok());
}

#[test]
fn a_child_that_lies_or_dies_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        ("no code", r"printf '\000\004\000\000\000\000\000\000\000evil'", "does not load"),
        ("endless code", r"printf '\000\377\377\377\377\377\377\377\177x'", "are allowed"),
        ("less than it says", r"printf '\000\011\000\000\000\000\000\000\000evil'", "without an answer"),
        ("nothing", "exit 0", "without an answer"),
        ("a signal", "kill -9 $$", "without an answer"),
        ("a message", r"printf '\001\003\000\000\000\000\000\000\000\033[m'", "\\u{1b}[m"),
    ];
    for (what, script, words) in cases {
        let program = folder.path().join(what.replace(' ', "-"));
        // The shell reads all of its input first, as the real one does.
        fs::write(&program, format!("#!/bin/sh\n/bin/cat > /dev/null\n{script}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
        let refusal = upload(&with_child(&program), &guests::load("benign")).expect_err(what);
        assert_eq!(refusal.step, Step::Compile, "{what}: {refusal}");
        assert!(refusal.to_string().contains(words), "{what}: {refusal}");
    }
    let refusal = upload(&with_child(Path::new("/nonexistent")), &guests::load("benign")).unwrap_err();
    assert_eq!(refusal.step, Step::Host);
}

/// What ships with the host is compiled without a child, whatever becomes of uploads.
#[test]
fn built_ins_need_no_child() {
    let engine = with_child(Path::new("/nonexistent"));
    assert!(engine.load(&guests::load("benign"), Trust::BuiltIn).is_ok());
}
