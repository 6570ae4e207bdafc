//! Components as files: custom sections and names, without running or compiling anything.

/// Why bytes are no component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a WebAssembly binary: {0}")]
pub struct NotWasm(pub &'static str);

/// Ids of sections, by the binary format of WebAssembly and of components.
const CUSTOM: u8 = 0;
const CORE_MODULE: u8 = 1;
/// Part of a core module's name section that names functions.
const FUNCTION_NAMES: u8 = 1;
/// How long the bytes before the first section are.
const PREAMBLE: usize = 8;

/// A section of a module or component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Section<'a> {
    id: u8,
    body: &'a [u8],
}

/// The custom sections at the top level of a component, by name, in order.
///
/// # Errors
/// When the bytes are no WebAssembly binary, or are cut off.
pub fn custom_sections(component: &[u8]) -> Result<Vec<(&str, &[u8])>, NotWasm> {
    let mut found = Vec::new();
    for section in sections(component)?.into_iter().filter(|section| section.id == CUSTOM) {
        found.push(named(section.body)?);
    }
    Ok(found)
}

/// The component with a custom section of this name at its end.
#[must_use]
pub fn with_custom_section(component: &[u8], name: &str, content: &[u8]) -> Vec<u8> {
    let mut out = component.to_vec();
    put_section(&mut out, CUSTOM, &custom(name, content));
    out
}

/// The component with the names of only those functions that `keeps`, and no other names: what a plugin needs to say
/// where it trapped. Names are a quarter of a small plugin, and most of them are those of its standard library.
///
/// # Errors
/// When the bytes are no WebAssembly binary, or are cut off.
pub fn with_names(component: &[u8], keeps: impl Fn(&str) -> bool) -> Result<Vec<u8>, NotWasm> {
    let mut out = component.get(..PREAMBLE).unwrap_or_default().to_vec();
    for section in sections(component)? {
        match section.id {
            CORE_MODULE => put_section(&mut out, CORE_MODULE, &module_with_names(section.body, &keeps)?),
            CUSTOM if named(section.body)?.0 == "component-name" => {}
            id => put_section(&mut out, id, section.body),
        }
    }
    Ok(out)
}

/// Whether a function, by its name in a module, is Rust's standard library or the making of a C one: what authors do not
/// look for when their plugin traps.
#[must_use]
pub fn is_standard_library(function: &str) -> bool {
    const CRATES: [&str; 5] = ["core", "alloc", "std", "compiler_builtins", "rustc_demangle"];
    let of_crate = |path: &str| CRATES.iter().any(|name| path.starts_with(name));
    if let Some(path) = function.strip_prefix("_ZN") {
        let path = path.trim_start_matches(|letter: char| letter.is_ascii_digit());
        // `<core::… as …>` and `<&mut core::… as …>` are written like this.
        let path = path.trim_start_matches("_$LT$").trim_start_matches("$RF$").trim_start_matches("mut$u20$");
        return of_crate(path);
    }
    if function.starts_with("_R") {
        return CRATES.iter().any(|name| function.contains(&format!("_{}{name}", name.len())))
            || function.contains("___rustc");
    }
    let made = ["__wasilibc", "__wasm", "cabi_post_", "dl", "_start", "__main"];
    made.iter().any(|prefix| function.starts_with(prefix))
}

fn module_with_names(module: &[u8], keeps: &impl Fn(&str) -> bool) -> Result<Vec<u8>, NotWasm> {
    let mut out = module.get(..PREAMBLE).unwrap_or_default().to_vec();
    for section in sections(module)? {
        if section.id == CUSTOM {
            let (name, content) = named(section.body)?;
            if name == "name" {
                put_section(&mut out, CUSTOM, &custom("name", &function_names(content, keeps)?));
                continue;
            }
        }
        put_section(&mut out, section.id, section.body);
    }
    Ok(out)
}

fn function_names(names: &[u8], keeps: &impl Fn(&str) -> bool) -> Result<Vec<u8>, NotWasm> {
    let mut out = Vec::new();
    for part in parts(names)?.into_iter().filter(|part| part.id == FUNCTION_NAMES) {
        let (count, mut rest) = take_u32(part.body)?;
        let mut kept = Vec::new();
        let mut kept_count = 0;
        for _ in 0..count {
            let (index, tail) = take_u32(rest)?;
            let (name, tail) = take_name(tail)?;
            rest = tail;
            if keeps(name) {
                put_u32(&mut kept, index);
                put_u32(&mut kept, name.len());
                kept.extend_from_slice(name.as_bytes());
                kept_count += 1;
            }
        }
        let mut body = Vec::new();
        put_u32(&mut body, kept_count);
        body.extend(kept);
        put_section(&mut out, FUNCTION_NAMES, &body);
    }
    Ok(out)
}

/// Sections after the preamble.
fn sections(binary: &[u8]) -> Result<Vec<Section<'_>>, NotWasm> {
    let body = binary.strip_prefix(b"\0asm").and_then(|rest| rest.get(4..));
    parts(body.ok_or(NotWasm("wrong magic"))?)
}

/// An id, a length and so many bytes, again and again.
fn parts(bytes: &[u8]) -> Result<Vec<Section<'_>>, NotWasm> {
    let mut rest = bytes;
    let mut found = Vec::new();
    while let Some((&id, tail)) = rest.split_first() {
        let (len, tail) = take_u32(tail)?;
        let (body, tail) = tail.split_at_checked(len).ok_or(NotWasm("truncated section"))?;
        rest = tail;
        found.push(Section { id, body });
    }
    Ok(found)
}

/// Name and content of a custom section.
fn named(body: &[u8]) -> Result<(&str, &[u8]), NotWasm> {
    take_name(body)
}

fn custom(name: &str, content: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(name.len() + content.len() + 5);
    put_u32(&mut body, name.len());
    body.extend_from_slice(name.as_bytes());
    body.extend_from_slice(content);
    body
}

fn put_section(out: &mut Vec<u8>, id: u8, body: &[u8]) {
    out.push(id);
    put_u32(out, body.len());
    out.extend_from_slice(body);
}

/// Unsigned LEB128, as WebAssembly writes lengths.
fn put_u32(out: &mut Vec<u8>, len: usize) {
    let mut left = len;
    while left >= 0x80 {
        out.push((left & 0x7f) as u8 | 0x80);
        left >>= 7;
    }
    out.push(left as u8);
}

fn take_u32(bytes: &[u8]) -> Result<(usize, &[u8]), NotWasm> {
    let mut value = 0_u64;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            let value = u32::try_from(value).map_err(|_| NotWasm("length overflows"))?;
            return Ok((value as usize, &bytes[index + 1..]));
        }
    }
    Err(NotWasm("length overflows"))
}

fn take_name(bytes: &[u8]) -> Result<(&str, &[u8]), NotWasm> {
    let (len, rest) = take_u32(bytes)?;
    let (name, rest) = rest.split_at_checked(len).ok_or(NotWasm("truncated name"))?;
    let name = std::str::from_utf8(name).map_err(|_| NotWasm("a name that is no UTF-8"))?;
    Ok((name, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";
    const MODULE: &[u8] = b"\0asm\x01\0\0\0";

    #[test]
    fn custom_sections_come_back_in_their_order() {
        let long = vec![7; 300];
        let component = with_custom_section(&with_custom_section(COMPONENT, "a", b"first"), "b", &long);
        assert_eq!(custom_sections(&component), Ok(vec![("a", &b"first"[..]), ("b", &long[..])]));
        assert_eq!(custom_sections(&component[..component.len() - 1]), Err(NotWasm("truncated section")));
        assert_eq!(custom_sections(b"text"), Err(NotWasm("wrong magic")));
    }

    #[test]
    fn the_standard_library_is_known_by_its_names() {
        for (name, expected) in [
            ("_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE", true),
            ("_ZN72_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..ops..drop..Drop$GT$4drop17hE", true),
            ("_ZN4core3ptr42drop_in_place$LT$mine..Asked$GT$17h0123456789abcdefE", true),
            ("_RNvNtNtNtCs9pv848UzQwQ_4core3num7flt2dec8strategy", true),
            ("_RNvCsfLfy6EI15iL_7___rustc12___rust_alloc", true),
            ("dlmalloc", true),
            ("_ZN4mine5judge17h0123456789abcdefE", false),
            ("_ZN60_$LT$mine..Mine$u20$as$u20$yardstick_sdk..guest..Judge$GT$4plan17hE", false),
            ("_RNvCs1234_4mine5judge", false),
            ("judge", false),
        ] {
            assert_eq!(is_standard_library(name), expected, "{name}");
        }
    }

    #[test]
    fn only_kept_functions_keep_their_names() {
        let mut functions = vec![3];
        for (index, name) in ["core::fmt", "mine::judge", "std::io"].iter().enumerate() {
            functions.push(index as u8);
            functions.push(name.len() as u8);
            functions.extend_from_slice(name.as_bytes());
        }
        let mut names = Vec::new();
        put_section(&mut names, 0, b"\x04mine");
        put_section(&mut names, FUNCTION_NAMES, &functions);
        let mut module = MODULE.to_vec();
        put_section(&mut module, CUSTOM, &custom("name", &names));
        put_section(&mut module, CUSTOM, &custom("producers", b"rustc"));
        let mut component = COMPONENT.to_vec();
        put_section(&mut component, CORE_MODULE, &module);
        let component = with_custom_section(&component, "component-name", b"x");

        let kept = with_names(&component, |name| name.starts_with("mine")).unwrap();
        let text = String::from_utf8_lossy(&kept);
        assert!(text.contains("mine::judge") && text.contains("producers"));
        assert!(!text.contains("core::fmt") && !text.contains("std::io") && !text.contains("component-name"));
        // Once more changes nothing.
        assert_eq!(with_names(&kept, |name| name.starts_with("mine")).unwrap(), kept);
    }
}
