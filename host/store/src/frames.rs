//! Frames by the digest of their canonical bytes.

use yardstick_domain::digest::Digest;

use crate::database::{Store, Tx};
use crate::error::Result;
use crate::rows::values;

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

impl Tx {
    pub(crate) async fn put_frame(&mut self, digest: Digest, bytes: Vec<u8>) -> Result<()> {
        let sql = "INSERT INTO frames (digest, bytes) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING";
        self.execute(sql, values![digest, bytes]).await?;
        Ok(())
    }
}
