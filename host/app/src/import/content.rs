//! What a file holds, once it is unpacked: counted on its way in, hashed on its way out.

use std::io::{self, Read};

use sha2::{Digest as _, Sha256};
use yardstick_domain::digest::Digest;
use yardstick_metrics::import::Unpacked;

/// Bytes hashed before somebody else gets a turn.
const STEP: usize = 256 * 1024;

/// The content of a file, and its hash.
///
/// Hashed is what was unpacked, not what was received: it is the values that are the same or not. Whoever
/// gzips a file again for a second attempt gets other bytes, because gzip writes the time into them, and a
/// proxy may pack or unpack on the way. `gzip -dc FILE | sha256sum` gives the same hash.
pub(super) struct Content<'a, R> {
    unpacked: Unpacked<Received<'a, R>>,
    hash: Sha256,
}

/// Says how much was taken.
struct Received<'a, R> {
    file: R,
    taken: u64,
    progress: &'a mut (dyn FnMut(u64) + Send),
}

impl<R: Read> Read for Received<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.taken += count as u64;
        (self.progress)(self.taken);
        Ok(count)
    }
}

impl<R: Read> Read for Content<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.unpacked.read(buffer)?;
        self.hash.update(&buffer[..count]);
        Ok(count)
    }
}

impl<'a, R: Read> Content<'a, R> {
    /// Starts to read a file; `gzip`: it must be gzipped.
    pub(super) fn open(file: R, gzip: bool, progress: &'a mut (dyn FnMut(u64) + Send)) -> io::Result<Self> {
        let unpacked = Unpacked::open(Received { file, taken: 0, progress }, gzip)?;
        Ok(Self { unpacked, hash: Sha256::new() })
    }

    /// The hash of what was read.
    pub(super) fn hash(self) -> Digest {
        Digest::from_bytes(self.hash.finalize().into())
    }

    /// The hash of all of it.
    pub(super) async fn hash_to_end(mut self) -> io::Result<Digest> {
        while io::copy(&mut self.by_ref().take(STEP as u64), &mut io::sink())? > 0 {
            tokio::task::yield_now().await;
        }
        Ok(self.hash())
    }
}
