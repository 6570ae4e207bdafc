//! Random numbers for scripted guests that are the same on every replay, and those of the host's own keys
//! and file names that nobody may guess.

use std::io;

use sha2::{Digest as _, Sha256};
use yardstick_domain::digest::Digest;

/// SHA-256 in counter mode over a seed: slow enough not to matter, the same everywhere.
pub(crate) struct Random {
    seed: [u8; 32],
    counter: u64,
}

impl Random {
    /// The sequence of this seed.
    pub(crate) fn new(seed: &Digest) -> Self {
        Self { seed: *seed.as_bytes(), counter: 0 }
    }

    /// The next bytes; each call starts a new block.
    pub(crate) fn bytes(&mut self, len: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(len);
        while out.len() < len {
            let block = self.block();
            let room = (len - out.len()).min(block.len());
            out.extend_from_slice(&block[..room]);
        }
        out
    }

    /// The next 64 bits.
    pub(crate) fn next_u64(&mut self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.block();
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }

    fn block(&mut self) -> [u8; 32] {
        let block = Sha256::new().chain_update(self.seed).chain_update(self.counter.to_le_bytes()).finalize();
        self.counter += 1;
        block.into()
    }
}

/// Bytes from the system's random source.
///
/// # Errors
/// When the system has none.
#[expect(clippy::disallowed_methods, reason = "for keys and names of temporary files")]
pub(crate) fn unguessable<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use yardstick_domain::digest::Digest;

    use super::Random;

    #[test]
    fn a_seed_decides_everything() {
        let mut first = Random::new(&Digest::of(b"inputs"));
        let mut second = Random::new(&Digest::of(b"inputs"));
        let mut other = Random::new(&Digest::of(b"other inputs"));
        assert_eq!(first.bytes(70), second.bytes(70));
        assert_eq!(first.next_u64(), second.next_u64());
        assert_ne!(first.next_u64(), other.next_u64());
    }
}
