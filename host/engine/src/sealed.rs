//! Compiled code under a seal. Code is native and runs outside the sandbox if it is forged, so none is
//! loaded whose seal was not made by this host for exactly this component and engine.

use std::hash::{Hash, Hasher};
use std::io;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest as _, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;
use yardstick_domain::digest::Digest;

use crate::{WASMTIME_VERSION, random};

/// Raised whenever the layout below changes.
const MAGIC: &[u8; 8] = b"YSCODE01";
const SEAL_BYTES: usize = 32;

/// What compiled code belongs to: component, engine settings, version of wasmtime, layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CodeKey(Digest);

impl CodeKey {
    /// The key of this component's code in this engine.
    pub(crate) fn new(component: &Digest, engine: &Engine) -> Self {
        let mut hasher = Sha(Sha256::new());
        hasher.write(MAGIC);
        hasher.write(component.as_bytes());
        hasher.write(WASMTIME_VERSION.as_bytes());
        engine.precompile_compatibility_hash().hash(&mut hasher);
        Self(Digest::from_bytes(hasher.0.finalize().into()))
    }

    /// A name for a file.
    pub(crate) fn file_name(&self) -> String {
        format!("{}.code", self.0.hex())
    }
}

/// Feeds what wasmtime hashes into SHA-256, whose value is the same in every process.
struct Sha(Sha256);

impl Hasher for Sha {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        // Never asked for: the whole digest is taken instead.
        0
    }
}

/// The key that seals are made with.
pub(crate) struct SealKey([u8; 32]);

/// Why sealed code was not loaded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    #[error("it is not sealed code, or cut off")]
    Layout,
    #[error("its seal is not ours")]
    Seal,
    #[error("wasmtime refuses it: {0}")]
    Engine(wasmtime::Error),
}

impl SealKey {
    /// The key with these bytes.
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A key that nobody else has and that dies with the process.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub(crate) fn random() -> io::Result<Self> {
        random::unguessable().map(Self)
    }

    /// Code that was compiled just now, under seal.
    pub(crate) fn seal(&self, key: &CodeKey, code: &[u8]) -> Vec<u8> {
        let seal = self.mac(key, code).finalize().into_bytes();
        [&MAGIC[..], &seal[..], code].concat()
    }

    /// The component whose sealed code this is. The only place where compiled code is loaded.
    ///
    /// # Errors
    /// When the seal was not made with this key for this code under this name, or wasmtime refuses it.
    #[expect(unsafe_code, reason = "wasmtime trusts compiled code; the seal is checked right here")]
    pub(crate) fn load(&self, engine: &Engine, key: &CodeKey, sealed: &[u8]) -> Result<Component, Broken> {
        let (magic, rest) = sealed.split_at_checked(MAGIC.len()).ok_or(Broken::Layout)?;
        let (seal, code) = rest.split_at_checked(SEAL_BYTES).ok_or(Broken::Layout)?;
        if magic != MAGIC {
            return Err(Broken::Layout);
        }
        self.mac(key, code).verify_slice(seal).map_err(|_| Broken::Seal)?;
        // SAFETY: `deserialize` must be given what `Engine::precompile_component` returned. The seal has
        // just been verified over these very bytes, in memory that nobody else can change; it is made in
        // one place, from what our own compiler returned for this component and these settings; and its
        // key is secret to the host. wasmtime itself checks that version and settings fit the engine.
        unsafe { Component::deserialize(engine, code) }.map_err(Broken::Engine)
    }

    fn mac(&self, key: &CodeKey, code: &[u8]) -> Hmac<Sha256> {
        // HMAC fills a short key with zeroes itself; done here, the length is right by its type.
        let mut block = [0; 64];
        block[..self.0.len()].copy_from_slice(&self.0);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(key.0.as_bytes());
        mac.update(code);
        mac
    }
}
