//! From a component to code that may run: out of the cache, or compiled and sealed.

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use wasmtime::component::Component;
use yardstick_domain::digest::Digest;

use crate::cache::{self, Cache};
use crate::child;
use crate::limits::{self, Limits};
use crate::refusal::{Refusal, Step};
use crate::sandbox::Sandbox;
use crate::sealed::{CodeKey, SealKey};
use crate::text;

/// How components are compiled.
#[derive(Debug, Clone)]
pub enum Compiler {
    /// In this process, for components that ship with it.
    InProcess,
    /// In a process of its own with limits on time and memory: this executable, run with
    /// [`crate::CHILD_ARGUMENT`], must call [`crate::compile_child`].
    Child(PathBuf),
}

/// Where a component comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trust {
    /// Built with the host: compiled in this process, may have a name without a team.
    BuiltIn,
    /// Built with an earlier host and kept by it for replay: compiled as [`Compiler`] says, may have a name without
    /// a team.
    Kept,
    /// From somebody else: compiled as [`Compiler`] says.
    Uploaded,
}

/// Compiles, seals and caches.
pub(crate) struct Workshop {
    compiler: Compiler,
    key: SealKey,
    cache: Option<cap_std::fs::Dir>,
    /// One compilation at a time: each may take a gibibyte and more.
    bench: Mutex<()>,
}

impl Workshop {
    /// A workshop that keeps its code in this cache, or nowhere.
    ///
    /// # Errors
    /// When the system has no random numbers for a key of its own.
    pub(crate) fn new(compiler: Compiler, cache: Option<Cache>) -> io::Result<Self> {
        let (key, cache) = match cache {
            Some(cache) => (SealKey::new(cache.key), Some(cache.dir)),
            None => (SealKey::random()?, None),
        };
        Ok(Self { compiler, key, cache, bench: Mutex::new(()) })
    }

    /// The component's code.
    ///
    /// # Errors
    /// When it does not compile within the limits.
    pub(crate) fn component(
        &self,
        sandbox: &Sandbox,
        wasm: &[u8],
        digest: &Digest,
        trust: Trust,
    ) -> Result<Component, Refusal> {
        let key = CodeKey::new(digest, &sandbox.engine);
        if let Some(component) = self.cached(sandbox, &key) {
            return Ok(component);
        }
        let code = {
            let _alone = self.bench.lock().unwrap_or_else(PoisonError::into_inner);
            self.compile(sandbox, wasm, trust)?
        };
        let sealed = self.key.seal(&key, &code);
        let component = self.key.load(&sandbox.engine, &key, &sealed).map_err(|error| {
            let error = text::excerpt(&error.to_string(), limits::SENTENCE);
            Refusal::new(
                Step::Compile,
                format!("its compiled code does not load: {error}"),
                allowance(sandbox),
            )
        })?;
        self.keep(&key, &sealed);
        Ok(component)
    }

    fn cached(&self, sandbox: &Sandbox, key: &CodeKey) -> Option<Component> {
        let name = key.file_name();
        let sealed = match cache::read(self.cache.as_ref()?, &name, limits::CACHED_BYTES) {
            Ok(sealed) => sealed?,
            Err(error) => {
                tracing::warn!(name, %error, "cached code cannot be read; compiling again");
                return None;
            }
        };
        self.key
            .load(&sandbox.engine, key, &sealed)
            .inspect_err(|error| tracing::warn!(name, %error, "cached code is not loaded; compiling again"))
            .ok()
    }

    fn keep(&self, key: &CodeKey, sealed: &[u8]) {
        let Some(dir) = &self.cache else { return };
        let name = key.file_name();
        if let Err(error) = cache::write(dir, &name, sealed) {
            tracing::warn!(name, %error, "compiled code cannot be kept; the next start compiles again");
        }
    }

    fn compile(&self, sandbox: &Sandbox, wasm: &[u8], trust: Trust) -> Result<Vec<u8>, Refusal> {
        match (&self.compiler, trust) {
            (Compiler::Child(program), Trust::Kept | Trust::Uploaded) => {
                child::compile(program, sandbox, wasm)
            }
            (Compiler::Child(_) | Compiler::InProcess, _) => sandbox
                .engine
                .precompile_component(wasm)
                .map_err(|error| does_not_compile(&format!("{error:#}"))),
        }
    }
}

/// What an instance may start with: code that asks for more does not load.
fn allowance(sandbox: &Sandbox) -> String {
    let Limits { memory, memories, table_elements, tables, instances, .. } = sandbox.limits;
    format!(
        "An instance may have {instances} core instances, {memories} memories of {memory} bytes together and \
         {tables} tables of {table_elements} elements together."
    )
}

/// The compiler refused the component.
pub(crate) fn does_not_compile(error: &str) -> Refusal {
    let error = text::excerpt(error, limits::SENTENCE);
    Refusal::new(
        Step::Compile,
        format!("the component does not compile: {error}"),
        "Plugins use WebAssembly without threads, 64-bit memories, garbage collection and relaxed SIMD.",
    )
}
