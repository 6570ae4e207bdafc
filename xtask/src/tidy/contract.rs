//! `docs/contract.md` is written from the text of the contract.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context;
use wit_parser::{
    Docs, Function, FunctionKind, Handle, Interface, Resolve, Type, TypeDef, TypeDefKind, WorldItem,
};

use super::{Files, Problems};

const PAGE: &str = "docs/contract.md";
/// The newest version.
const VERSION: &str = "v1.0";

/// Compares the page with what would be written.
pub(super) fn check(files: &Files) -> anyhow::Result<Problems> {
    let found = fs::read_to_string(files.root.join(PAGE)).unwrap_or_default();
    if found == page(&files.root)? {
        return Ok(Problems::new());
    }
    Ok(vec![format!("{PAGE}: not what wit/{VERSION} says; run cargo xtask tidy --fix")])
}

/// Writes the page.
pub(super) fn write(root: &Path) -> anyhow::Result<()> {
    fs::write(root.join(PAGE), page(root)?).with_context(|| format!("cannot write {PAGE}"))
}

fn page(root: &Path) -> anyhow::Result<String> {
    let mut resolve = Resolve::default();
    let (package, _) =
        resolve.push_path(root.join("wit").join(VERSION)).context("the contract cannot be read")?;
    let world = resolve.select_world(&[package], Some("plugin")).context("there is no world plugin")?;
    let name = &resolve.packages[package].name;
    let mut out = format!(
        "# The contract between host and plugin\n\n<!-- Written by `cargo xtask tidy --fix` from wit/{VERSION}. -->\n\n\
         `{name}`, the text in [wit/{VERSION}](../wit/{VERSION}). Authors in Rust see it through the SDK; other languages \
         through\ntheir own tools ([plugins.md](plugins.md)). Sizes are in [limits.md](limits.md), how it changes in\n\
         [ARCHITECTURE.md](../ARCHITECTURE.md).\n"
    );
    let world = &resolve.worlds[world];
    for (what, items) in [("The plugin exports", &world.exports), ("The host offers", &world.imports)] {
        for item in items.values() {
            let WorldItem::Interface { id, .. } = item else { continue };
            let interface = &resolve.interfaces[*id];
            let _ = write!(out, "\n## {what} `{}`\n", interface.name.as_deref().unwrap_or_default());
            self::interface(&mut out, &resolve, interface);
        }
    }
    Ok(out)
}

fn interface(out: &mut String, resolve: &Resolve, interface: &Interface) {
    let _ = write!(out, "\n{}", paragraphs(&interface.docs));
    for (name, id) in &interface.types {
        item(out, resolve, interface, name, &resolve.types[*id]);
    }
    let free =
        interface.functions.values().filter(|function| matches!(function.kind, FunctionKind::Freestanding));
    for function in free {
        let _ = write!(out, "\n### `{}`\n\n```wit\n{}\n```\n", function.name, signature(resolve, function));
        let _ = write!(out, "\n{}", paragraphs(&function.docs));
    }
}

fn item(out: &mut String, resolve: &Resolve, interface: &Interface, name: &str, of: &TypeDef) {
    let rows: Vec<[String; 3]> = match &of.kind {
        TypeDefKind::Record(record) => {
            let row = |field: &wit_parser::Field| {
                [format!("`{}`", field.name), format!("`{}`", shown(resolve, &field.ty)), line(&field.docs)]
            };
            record.fields.iter().map(row).collect()
        }
        TypeDefKind::Enum(list) => list
            .cases
            .iter()
            .map(|case| [format!("`{}`", case.name), String::new(), line(&case.docs)])
            .collect(),
        TypeDefKind::Variant(variant) => {
            let row = |case: &wit_parser::Case| {
                let holds =
                    case.ty.as_ref().map(|ty| format!("`{}`", shown(resolve, ty))).unwrap_or_default();
                [format!("`{}`", case.name), holds, line(&case.docs)]
            };
            variant.cases.iter().map(row).collect()
        }
        TypeDefKind::Resource => methods(resolve, interface, name),
        // What another interface defines is there.
        TypeDefKind::Type(Type::Id(_)) => return,
        _ => Vec::new(),
    };
    let kind = match &of.kind {
        TypeDefKind::List(_) | TypeDefKind::Option(_) | TypeDefKind::Tuple(_) => "type",
        other => other.as_str(),
    };
    let _ = write!(out, "\n### {kind} `{name}`\n\n{}", paragraphs(&of.docs));
    if kind == "type" {
        let _ = writeln!(out, "\n`{}`", structure(resolve, &of.kind));
    }
    if rows.is_empty() {
        return;
    }
    if !of.docs.is_empty() {
        out.push('\n');
    }
    let wide = rows.iter().any(|[_, ty, _]| !ty.is_empty());
    out.push_str(if wide { "| | | |\n|---|---|---|\n" } else { "| | |\n|---|---|\n" });
    for [name, ty, docs] in rows {
        let _ = match wide {
            true => writeln!(out, "| {name} | {ty} | {docs} |"),
            false => writeln!(out, "| {name} | {docs} |"),
        };
    }
}

fn methods(resolve: &Resolve, interface: &Interface, name: &str) -> Vec<[String; 3]> {
    let own = interface.functions.values().filter(|function| {
        matches!(&function.kind, FunctionKind::Method(id) if resolve.types[*id].name.as_deref() == Some(name))
    });
    own.map(|method| {
        [format!("`{}`", method.item_name()), format!("`{}`", signature(resolve, method)), line(&method.docs)]
    })
    .collect()
}

fn signature(resolve: &Resolve, function: &Function) -> String {
    let given = function.params.iter().filter(|param| param.name != "self");
    let given: Vec<String> =
        given.map(|param| format!("{}: {}", param.name, shown(resolve, &param.ty))).collect();
    let answer = function.result.as_ref().map(|ty| format!(" -> {}", shown(resolve, ty))).unwrap_or_default();
    format!("func({}){answer}", given.join(", "))
}

/// A type as the contract writes it.
fn shown(resolve: &Resolve, ty: &Type) -> String {
    match ty {
        Type::Id(id) => {
            let of = &resolve.types[*id];
            match &of.name {
                Some(name) => name.clone(),
                None => structure(resolve, &of.kind),
            }
        }
        Type::Bool => "bool".to_owned(),
        Type::U32 => "u32".to_owned(),
        Type::U64 => "u64".to_owned(),
        Type::S64 => "s64".to_owned(),
        Type::U8 => "u8".to_owned(),
        Type::F64 => "f64".to_owned(),
        Type::String => "string".to_owned(),
        other => format!("{other:?}").to_lowercase(),
    }
}

fn structure(resolve: &Resolve, kind: &TypeDefKind) -> String {
    let shown = |ty: &Type| shown(resolve, ty);
    let maybe = |ty: &Option<Type>| ty.as_ref().map_or("_".to_owned(), shown);
    match kind {
        TypeDefKind::List(ty) => format!("list<{}>", shown(ty)),
        TypeDefKind::Option(ty) => format!("option<{}>", shown(ty)),
        TypeDefKind::Tuple(tuple) => {
            format!("tuple<{}>", tuple.types.iter().map(shown).collect::<Vec<_>>().join(", "))
        }
        TypeDefKind::Result(result) => format!("result<{}, {}>", maybe(&result.ok), maybe(&result.err)),
        TypeDefKind::Handle(Handle::Own(id) | Handle::Borrow(id)) => {
            resolve.types[*id].name.clone().unwrap_or_default()
        }
        TypeDefKind::Type(ty) => shown(ty),
        other => other.as_str().to_owned(),
    }
}

fn paragraphs(docs: &Docs) -> String {
    docs.contents.as_ref().map(|text| format!("{}\n", text.trim())).unwrap_or_default()
}

/// On one line, as a cell of a table.
fn line(docs: &Docs) -> String {
    let text = docs.contents.as_deref().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
