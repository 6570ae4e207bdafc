//! The canonical terms that seals, amendments and verdicts name by hash.

use yardstick_domain::digest::Digest;

use crate::database::{Store, Tx};
use crate::error::{Result, StoreError};
use crate::rows::values;

impl Store {
    /// The canonical bytes of these terms; `None`: never stored. The caller checks them against the hash.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn terms(&self, hash: Digest) -> Result<Option<Vec<u8>>> {
        let row = self.optional("SELECT bytes FROM terms WHERE hash = $1", values![hash]).await?;
        row.map(|row| row.get("bytes")).transpose()
    }
}

impl Tx {
    /// Keeps terms under their hash.
    pub(crate) async fn put_terms(&mut self, hash: Digest, bytes: &[u8]) -> Result<()> {
        let found = Digest::of(bytes);
        if found != hash {
            return Err(StoreError::conflict(format!("the terms named {hash} hash to {found}")));
        }
        let sql = "INSERT INTO terms (hash, bytes) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING";
        if self.execute(sql, values![hash, bytes.to_vec()]).await? > 0 {
            for digest in plugins(bytes) {
                let sql = "INSERT INTO terms_plugins (digest, terms) VALUES ($1, $2) \
                           ON CONFLICT (digest, terms) DO NOTHING";
                self.execute(sql, values![digest, hash]).await?;
            }
            for metric in metrics(bytes) {
                let sql = "INSERT INTO terms_metrics (metric, terms) VALUES ($1, $2) \
                           ON CONFLICT (metric, terms) DO NOTHING";
                self.execute(sql, values![metric, hash]).await?;
            }
        }
        Ok(())
    }
}

/// Digests of the components that terms name.
fn plugins(terms: &[u8]) -> Vec<String> {
    let terms: serde_json::Value = serde_json::from_slice(terms).unwrap_or_default();
    let criteria = terms["criteria"].as_array().into_iter().flatten();
    criteria.filter_map(|sealed| Some(sealed["plugin"]["hash"].as_str()?.to_owned())).collect()
}

/// Metrics that terms name.
fn metrics(terms: &[u8]) -> Vec<String> {
    let terms: serde_json::Value = serde_json::from_slice(terms).unwrap_or_default();
    terms["metrics"].as_object().into_iter().flatten().map(|(metric, _)| metric.clone()).collect()
}
