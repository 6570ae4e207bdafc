//! Frames by the digest of their canonical bytes.

use sqlx::AssertSqlSafe;
use yardstick_domain::digest::Digest;

use crate::database::{Store, Tx};
use crate::error::Result;
use crate::rows::{places, values};

impl Store {
    /// The bytes stored under this digest; `None`: never stored. Not verified: replay tells which frame was
    /// tampered with, so the caller checks.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn frame(&self, digest: Digest) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT bytes FROM frames WHERE digest = $1";
        let row = self.optional(sql, values![digest]).await?;
        row.map(|row| row.get("bytes")).transpose()
    }
}

/// Frames that one statement takes: with more, SQLite would take longer to find its places than it saves.
const AT_ONCE: usize = 8;

impl Tx {
    /// Keeps frames under the digests of their bytes.
    pub(crate) async fn put_frames(&mut self, mut frames: Vec<(Digest, Vec<u8>)>) -> Result<()> {
        // Two who keep the same ones in another order would wait for each other.
        frames.sort_unstable_by_key(|(digest, _)| *digest.as_bytes());
        let mut frames = frames.into_iter().peekable();
        while frames.peek().is_some() {
            let mut sql = "INSERT INTO frames (digest, bytes) VALUES ".to_owned();
            let mut values = Vec::new();
            for (digest, bytes) in frames.by_ref().take(AT_ONCE) {
                places(&mut sql, values.len(), 2);
                values.extend(values![digest, bytes]);
            }
            sql.push_str(" ON CONFLICT (digest) DO NOTHING");
            self.execute(AssertSqlSafe(sql), values).await?;
        }
        Ok(())
    }
}
