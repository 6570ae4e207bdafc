//! Guests that no compiler would write: lies about lengths, broken encodings, memories that add up.

use wit_component::StringEncoding;
use yardstick_engine::Step;

use super::components::{Core, append_module, as_upload};
use super::support::{assert_unaffected, code, engine, frames, load, told, upload};

/// What is wrong, the guest, the code of `evaluate` and words of its message.
fn cases() -> Vec<(&'static str, Core, &'static str, &'static str)> {
    vec![
        ("well made", Core::default(), "plugin-refused", "no"),
        (
            "a text that claims 1 GiB",
            Core {
                evaluate: "(i32.store (i32.const 1212) (i32.const 0x40000000)) (i32.const 1200)",
                ..Core::default()
            },
            "plugin-answer",
            "out of bounds",
        ),
        (
            "a text that claims 1 MiB of a memory of 4 MiB",
            Core {
                memory: "64",
                evaluate: "(i32.store (i32.const 1212) (i32.const 0x110000)) (i32.const 1200)",
                ..Core::default()
            },
            "plugin-output",
            "more than 1048576 bytes at once",
        ),
        (
            "a text that is no UTF-8",
            Core {
                evaluate: "(i32.store (i32.const 2176) (i32.const 0xfffe)) (i32.const 1200)",
                ..Core::default()
            },
            "plugin-answer",
            "utf-8",
        ),
        (
            "neither ok nor err",
            Core {
                evaluate: "(i32.store8 (i32.const 1200) (i32.const 7)) (i32.const 1200)",
                ..Core::default()
            },
            "plugin-answer",
            "discriminant",
        ),
        (
            "an outcome that does not exist",
            Core {
                evaluate:
                    "(i32.store8 (i32.const 1200) (i32.const 0)) (i32.store8 (i32.const 1208) (i32.const 9))
                    (i32.const 1200)",
                ..Core::default()
            },
            "plugin-answer",
            "discriminant",
        ),
        (
            "an answer outside its memory",
            Core { evaluate: "(i32.const -8)", ..Core::default() },
            "plugin-answer",
            "out of bounds",
        ),
        (
            "an answer that is not aligned",
            Core { evaluate: "(i32.const 1201)", ..Core::default() },
            "plugin-answer",
            "aligned",
        ),
        ("a trap in realloc", Core { realloc: "unreachable", ..Core::default() }, "plugin-trap", "evaluate"),
        (
            "an allocation outside its memory",
            Core { realloc: "(i32.const -16)", ..Core::default() },
            "plugin-answer",
            "realloc",
        ),
        (
            "tables that grow",
            Core {
                head: "(table $t 1 funcref)",
                evaluate: "(loop (drop (table.grow $t (ref.null func) (i32.const 1000))) (br 0)) (i32.const 1200)",
                ..Core::default()
            },
            "plugin-table",
            "20000 are allowed",
        ),
        (
            "a handle used after its drop",
            Core {
                head: r#"(import "yardstick:judge/frames@1.0.0" "[resource-drop]frame" (func $drop (param i32)))
                    (import "yardstick:judge/frames@1.0.0" "[method]frame.rows"
                        (func $rows (param i32) (result i64)))"#,
                evaluate: "(call $drop (i32.const 1)) (drop (call $rows (i32.const 1))) (i32.const 1200)",
                ..Core::default()
            },
            "plugin-trap",
            "a handle that it does not hold",
        ),
        (
            "recursion without a stack of its own",
            Core {
                head: "(func $deeper (param i32) (result i32)
                    (i32.add (call $deeper (local.get 0)) (call $deeper (local.get 0))))",
                evaluate: "(call $deeper (i32.const 1))",
                ..Core::default()
            },
            "plugin-stack",
            "called itself too deeply in evaluate",
        ),
        (
            "a loop of one instruction",
            Core { evaluate: "(loop (br 0)) unreachable", ..Core::default() },
            "plugin-fuel",
            "50000000",
        ),
        (
            "fills of the whole memory",
            Core {
                memory: "512",
                evaluate: "(loop (memory.fill (i32.const 4096) (i32.const 0) (i32.const 33550336)) (br 0)) unreachable",
                ..Core::default()
            },
            "plugin-fuel",
            "50000000",
        ),
        (
            "a division by zero",
            Core { evaluate: "(i32.div_u (i32.const 1) (i32.const 0))", ..Core::default() },
            "plugin-trap",
            "integer divide by zero",
        ),
    ]
}

#[tokio::test]
async fn each_is_stopped_and_the_next_call_is_unaffected() {
    let engine = engine();
    let benign = load(&engine, "benign");
    for (what, core, expected, words) in cases() {
        let plugin = upload(&engine, &core.upload()).unwrap_or_else(|refusal| panic!("{what}: {refusal}"));
        let run = engine.evaluate(&plugin, &told(""), frames(&[1.0])).await;
        assert_eq!(code(&run), expected, "{what}: {:?}", run.result);
        let message = run.result.unwrap_err().message;
        assert!(message.to_lowercase().contains(words), "{what}: {message}");
        assert_unaffected(&engine, &benign).await;
    }
}

#[tokio::test]
async fn a_plan_that_claims_a_gibibyte_of_queries_is_refused() {
    let engine = engine();
    let core = Core {
        plan: "(i32.store (i32.const 1112) (i32.const 0x40000000)) (i32.const 1104)",
        ..Core::default()
    };
    let plugin = upload(&engine, &core.upload()).unwrap();
    let run = engine.plan(&plugin, &told("")).await;
    assert!(matches!(code(&run), "plugin-output" | "plugin-answer"), "{:?}", run.result);
}

#[tokio::test]
async fn memory_is_limited_in_total_over_several_memories() {
    let engine = engine();
    let grow = "(drop (memory.grow (i32.const 320))) (i32.const 1200)";
    let core = Core { evaluate: grow, ..Core::default() };
    let plugin = upload(&engine, &core.upload()).unwrap();
    let run = engine.evaluate(&plugin, &told(""), frames(&[1.0])).await;
    assert_eq!(code(&run), "plugin-refused", "20 MiB in one memory are fine");
    assert!(run.usage.memory_peak > 20 << 20);

    let two = append_module(&core.component(StringEncoding::UTF8), "(module (memory 320))", 1);
    let plugin = upload(&engine, &as_upload(&two)).unwrap();
    let run = engine.evaluate(&plugin, &told(""), frames(&[1.0])).await;
    assert_eq!(code(&run), "plugin-memory", "20 MiB in each of two are not");
    assert!(run.usage.memory_peak <= run.usage.memory_limit);

    let large = Core { memory: "513", ..Core::default() };
    let refusal = upload(&engine, &large.upload()).unwrap_err();
    assert!(matches!(refusal.step, Step::Compile | Step::Contract | Step::Describe), "{refusal}");
}

#[tokio::test]
async fn floods_of_handles_are_stopped() {
    let engine = engine();
    let benign = load(&engine, "benign");
    let heads = [
        r#"(import "wasi:cli/stdout@0.2.0" "get-stdout" (func $take (result i32)))
           (func $dtor (export "test:hostile/things#[dtor]thing") (param i32))"#,
        r#"(import "[export]test:hostile/things" "[resource-new]thing" (func $new (param i32) (result i32)))
           (func $take (result i32) (call $new (i32.const 0)))
           (func $dtor (export "test:hostile/things#[dtor]thing") (param i32))"#,
    ];
    for head in heads {
        let core =
            Core { head, evaluate: "(loop (drop (call $take)) (br 0)) unreachable", ..Core::default() };
        let plugin = upload(&engine, &core.upload_with_handles()).unwrap();
        let run = engine.evaluate(&plugin, &told(""), frames(&[1.0])).await;
        assert_eq!(code(&run), "plugin-handles", "{:?}", run.result);
        assert!(run.result.unwrap_err().message.contains("1024 handles"));
        assert_unaffected(&engine, &benign).await;
    }
}

#[tokio::test]
async fn what_starts_badly_is_refused_when_it_is_loaded() {
    let engine = engine();
    let endless = Core { head: "(func $s (loop (br 0))) (start $s)", ..Core::default() };
    let crowd = append_module(&Core::default().component(StringEncoding::UTF8), "(module)", 9);
    let tables =
        append_module(&Core::default().component(StringEncoding::UTF8), "(module (table 1 funcref))", 5);
    let large_table = Core { head: "(table 20001 funcref)", ..Core::default() };
    let memories = append_module(&Core::default().component(StringEncoding::UTF8), "(module (memory 1))", 2);
    let cases = [
        ("an endless start", endless.upload()),
        ("too many instances", as_upload(&crowd)),
        ("too many tables", as_upload(&tables)),
        ("a table that is too large", large_table.upload()),
        ("too many memories", as_upload(&memories)),
    ];
    for (what, wasm) in cases {
        let refusal = upload(&engine, &wasm).expect_err(what);
        assert!(matches!(refusal.step, Step::Compile | Step::Contract | Step::Describe), "{what}: {refusal}");
    }
    assert_unaffected(&engine, &load(&engine, "benign")).await;
}

#[test]
fn features_that_are_switched_off_do_not_compile() {
    let engine = engine();
    let modules = [
        ("threads", "(module (memory 1 1 shared))"),
        ("64-bit memory", "(module (memory i64 1))"),
        ("several memories in a module", "(module (memory 1) (memory 1))"),
        (
            "relaxed SIMD",
            "(module (func (param v128 v128) (result v128)
            (i32x4.relaxed_trunc_f32x4_s (local.get 0))))",
        ),
        ("garbage collection", "(module (type (struct (field i32))))"),
        ("exceptions", "(module (tag))"),
        ("odd page sizes", "(module (memory 1 (pagesize 1)))"),
    ];
    for (what, module) in modules {
        let wasm = as_upload(&append_module(&Core::default().component(StringEncoding::UTF8), module, 1));
        let refusal = upload(&engine, &wasm).expect_err(what);
        assert_eq!(refusal.step, Step::Compile, "{what}: {refusal}");
    }
}

#[test]
fn texts_in_other_encodings_are_refused() {
    let engine = engine();
    for encoding in [StringEncoding::UTF16, StringEncoding::CompactUTF16] {
        let wasm = as_upload(&Core::default().component(encoding));
        let refusal = upload(&engine, &wasm).unwrap_err();
        assert_eq!(refusal.step, Step::Component);
        assert!(refusal.to_string().contains("UTF-16"), "{refusal}");
    }
}
