//! Components made by hand, for what no compiler would write.

use std::path::Path;

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;
use yardstick_domain::manifest::{self, Profile};
use yardstick_tests::guests;

/// A core module that answers `describe` well, and the rest as its parts say.
pub(super) struct Core {
    /// Imports and definitions beside the exports.
    pub(super) head: &'static str,
    pub(super) memory: &'static str,
    pub(super) realloc: &'static str,
    pub(super) plan: &'static str,
    pub(super) evaluate: &'static str,
}

impl Default for Core {
    fn default() -> Self {
        Self { head: "", memory: "2", realloc: BUMP, plan: "(i32.const 1104)", evaluate: "(i32.const 1200)" }
    }
}

/// An allocator that only moves on.
const BUMP: &str = "(local $at i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get 3)))
    (local.get $at)";

impl Core {
    fn text(&self) -> String {
        let Self { head, memory, realloc, plan, evaluate } = self;
        let guest = "yardstick:judge/guest@1.0.0";
        // At 1024 the description: summary, schema, no metrics, nothing more. At 1104 an empty plan, at
        // 1200 the error \"no\".
        format!(
            r#"(module
              {head}
              (memory (export "memory") {memory})
              (global $free (mut i32) (i32.const 4096))
              (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) {realloc})
              (func (export "{guest}#describe") (result i32) (i32.const 1024))
              (func (export "{guest}#plan") (param i32) (result i32) {plan})
              (func (export "{guest}#evaluate") (param i32) (result i32) {evaluate})
              (data (i32.const 1024) "\00\08\00\00\07\00\00\00\34\08\00\00\11\00\00\00")
              (data (i32.const 1200) "\01\00\00\00\00\00\00\00\80\08\00\00\02\00\00\00")
              (data (i32.const 2048) "A guest")
              (data (i32.const 2100) "{{\"type\":\"object\"}}")
              (data (i32.const 2176) "no"))"#
        )
    }

    /// The component, without a manifest.
    pub(super) fn component(&self, encoding: StringEncoding) -> Vec<u8> {
        component(&self.text(), "yardstick:judge/plugin@1.0.0", encoding)
    }

    /// The component as an upload.
    pub(super) fn upload(&self) -> Vec<u8> {
        as_upload(&self.component(StringEncoding::UTF8))
    }

    /// The same for the world that also has handles of WASI and a resource of its own.
    pub(super) fn upload_with_handles(&self) -> Vec<u8> {
        as_upload(&component(&self.text(), "test:hostile/handles", StringEncoding::UTF8))
    }
}

/// The component with a manifest.
pub(super) fn as_upload(component: &[u8]) -> Vec<u8> {
    manifest::embed(component, &guests::manifest("tests", "hand-made", Profile::Lean))
}

const HANDLES: &str = "
    package test:hostile;
    interface things { resource thing; }
    world handles {
        include yardstick:judge/plugin@1.0.0;
        import wasi:cli/stdout@0.2.0;
        export things;
    }
";
const WASI_IO: &str = "package wasi:io@0.2.0; interface streams { resource output-stream; }";
const WASI_CLI: &str = "
    package wasi:cli@0.2.0;
    interface stdout {
        use wasi:io/streams@0.2.0.{output-stream};
        get-stdout: func() -> output-stream;
    }
";

fn component(core: &str, world: &str, encoding: StringEncoding) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit/v1.0");
    let (plugin, _) = resolve.push_path(wit).unwrap();
    let mut packages = vec![plugin];
    for (name, text) in [("io.wit", WASI_IO), ("cli.wit", WASI_CLI), ("handles.wit", HANDLES)] {
        packages.push(resolve.push_str(name, text).unwrap());
    }
    let world = resolve.select_world(&packages, Some(world)).unwrap();
    let mut module = wat::parse_str(core).unwrap();
    embed_component_metadata(&mut module, &resolve, world, encoding).unwrap();
    ComponentEncoder::default().module(&module).unwrap().validate(true).encode().unwrap()
}

/// The component with one more core module at its end, instantiated `instances` times.
pub(super) fn append_module(component: &[u8], module: &str, instances: u8) -> Vec<u8> {
    let module = wat::parse_str(module).unwrap();
    let index = count_modules(component) as u8;
    let mut out = component.to_vec();
    out.push(1);
    put_len(&mut out, module.len());
    out.extend(module);
    // A vector of core instances: instantiate the module without arguments.
    let each = [0, index, 0];
    out.push(2);
    put_len(&mut out, 1 + each.len() * usize::from(instances));
    out.push(instances);
    out.extend(each.repeat(usize::from(instances)));
    out
}

/// Core modules at the top level of a component.
fn count_modules(component: &[u8]) -> usize {
    let mut at = 8;
    let mut modules = 0;
    while at < component.len() {
        modules += usize::from(component[at] == 1);
        let (mut len, mut shift) = (0, 0);
        loop {
            at += 1;
            len |= usize::from(component[at] & 0x7f) << shift;
            shift += 7;
            if component[at] & 0x80 == 0 {
                break;
            }
        }
        at += 1 + len;
    }
    modules
}

/// Unsigned LEB128.
fn put_len(out: &mut Vec<u8>, mut len: usize) {
    while len >= 0x80 {
        out.push((len & 0x7f) as u8 | 0x80);
        len >>= 7;
    }
    out.push(len as u8);
}
