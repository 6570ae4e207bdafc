//! A look at an upload before anything is compiled: what it is, what it imports and exports, what files it
//! carries.

use wasmparser::{CanonicalFunction, CanonicalOption, ComponentExternalKind, Encoding, Parser, Payload};
use wasmtime::Engine;
use yardstick_domain::manifest::Profile;

use crate::assets::Assets;
use crate::contract;
use crate::imports;
use crate::limits::{self, Limits};
use crate::refusal::{Refusal, Step};
use crate::text;

const BUILD_IT: &str =
    "Build it with `yardstick plugin build`, or with `cargo build --target wasm32-wasip2`.";

/// What a component shows on its outside.
#[derive(Debug, Default)]
pub(crate) struct Anatomy {
    pub(crate) imports: Vec<String>,
    exports: Vec<String>,
    pub(crate) assets: Assets,
}

/// Refuses what is larger than any plugin may be.
///
/// # Errors
/// Names the size and the limit.
pub(crate) fn check_size(wasm: &[u8], limits: &Limits, profile: &str) -> Result<(), Refusal> {
    if wasm.len() <= limits.component_bytes {
        return Ok(());
    }
    Err(Refusal::new(
        Step::Size,
        format!(
            "the component has {} bytes, and the {profile} profile allows {}",
            wasm.len(),
            limits.component_bytes
        ),
        "Build it with optimisation for size and without debug information.",
    ))
}

/// Reads the outside of a component.
///
/// # Errors
/// When the bytes are native code, no WebAssembly, a core module, malformed, or use another encoding of
/// texts than UTF-8.
pub(crate) fn inspect(wasm: &[u8]) -> Result<Anatomy, Refusal> {
    if Engine::detect_precompiled(wasm).is_some() {
        return Err(Refusal::new(
            Step::Plain,
            "this is compiled native code, which a host must never take from outside",
            "Upload the WebAssembly component itself; the host compiles it.",
        ));
    }
    if !wasm.starts_with(b"\0asm") {
        return Err(Refusal::new(Step::Plain, "this is no WebAssembly binary", BUILD_IT));
    }
    let mut anatomy = Anatomy::default();
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.map_err(|error| malformed(&error))? {
            Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => {
                return Err(Refusal::new(
                    Step::Component,
                    "this is a core module, and a plugin is a component",
                    BUILD_IT,
                ));
            }
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentCanonicalSection(section) => {
                for function in section {
                    check_encoding(&function.map_err(|error| malformed(&error))?)?;
                }
            }
            payload if depth == 1 => anatomy.take(payload)?,
            _ => {}
        }
    }
    Ok(anatomy)
}

impl Anatomy {
    /// Takes a section of the outermost component.
    fn take(&mut self, payload: Payload<'_>) -> Result<(), Refusal> {
        match payload {
            Payload::ComponentImportSection(section) => {
                for import in section {
                    self.imports.push(import.map_err(|error| malformed(&error))?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section {
                    let export = export.map_err(|error| malformed(&error))?;
                    if export.kind == ComponentExternalKind::Instance {
                        self.exports.push(export.name.name.to_owned());
                    }
                }
            }
            Payload::CustomSection(section) => {
                let taken = self.assets.take(section.name(), section.data());
                return taken.map_err(|found| {
                    Refusal::new(
                        Step::Assets,
                        found,
                        "Names are relative and unique, `/` separates, without `..`; see docs/limits.md.",
                    )
                });
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether the component imports this interface, in any version.
    pub(crate) fn imports(&self, package: &str) -> bool {
        self.imports.iter().any(|import| import.starts_with(package))
    }

    /// Refuses imports that are not offered, all of them at once.
    ///
    /// # Errors
    /// Lists them by name.
    pub(crate) fn check_imports(&self, profile: Profile) -> Result<(), Refusal> {
        let refused: Vec<String> = self
            .imports
            .iter()
            .filter(|import| !imports::offers(profile, import))
            .map(|import| text::excerpt(import, limits::TITLE))
            .collect();
        if refused.is_empty() {
            return Ok(());
        }
        let more = refused.len().saturating_sub(limits::NAMED_IMPORTS);
        let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
        let named = refused[..refused.len() - more].join(", ");
        let advice = if profile == Profile::Lean && self.check_imports(Profile::Scripted).is_ok() {
            "Clocks and random numbers are offered to the scripted profile only; \
             a Rust plugin avoids `HashMap`, `Instant` and `SystemTime`."
        } else {
            "A plugin has no files, network, clock or random numbers: data come as frames, its own files as assets."
        };
        Err(Refusal::new(
            Step::Imports,
            format!("it imports what this host does not offer: {named}{tail}"),
            advice,
        ))
    }

    /// Refuses a component that does not export the contract.
    ///
    /// # Errors
    /// Says what it exports instead.
    pub(crate) fn check_exports(&self) -> Result<(), Refusal> {
        if self.exports.iter().any(|export| export == contract::REQUIRED) {
            return Ok(());
        }
        let others: Vec<String> =
            self.exports.iter().take(8).map(|export| text::excerpt(export, limits::TITLE)).collect();
        let found = if others.is_empty() { "nothing".to_owned() } else { others.join(", ") };
        Err(Refusal::new(
            Step::Contract,
            format!("it does not export {} but {found}", contract::REQUIRED),
            format!("Build it for contract {}.", contract::CONTRACT),
        ))
    }
}

/// Transcoding between encodings is where hosts have had faults; nobody needs it.
fn check_encoding(function: &CanonicalFunction) -> Result<(), Refusal> {
    let (CanonicalFunction::Lift { options, .. } | CanonicalFunction::Lower { options, .. }) = function
    else {
        return Ok(());
    };
    let other =
        options.iter().any(|option| matches!(option, CanonicalOption::UTF16 | CanonicalOption::CompactUTF16));
    if !other {
        return Ok(());
    }
    Err(Refusal::new(
        Step::Component,
        "it passes texts in UTF-16 or Latin-1",
        "Build it with UTF-8 as the encoding of strings.",
    ))
}

fn malformed(error: &wasmparser::BinaryReaderError) -> Refusal {
    let message = text::excerpt(error.message(), limits::TITLE);
    Refusal::new(
        Step::Component,
        format!("the component is malformed at byte {}: {message}", error.offset()),
        format!("It may have been cut off on its way. {BUILD_IT}"),
    )
}
