//! Plugins: immutable versions, and their bytes by digest, kept for as long as a verdict may be replayed.

use jiff::Timestamp;
use semver::Version;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::PluginName;
use yardstick_domain::manifest::Manifest;
use yardstick_domain::people::Actor;

use crate::database::{Lock, Store};
use crate::error::{Result, StoreError};
use crate::rows::{json, values};

/// A plugin to keep.
#[derive(Debug, Clone, Copy)]
pub struct NewPlugin<'a> {
    /// What it says it is: name and version are taken from here.
    pub manifest: &'a Manifest,
    /// The component.
    pub bytes: &'a [u8],
}

/// A stored version of a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginVersion {
    /// The version.
    pub version: Version,
    /// The digest of its bytes.
    pub digest: Digest,
    /// What it says it is.
    pub manifest: Manifest,
    /// When it was stored.
    pub published_at: Timestamp,
    /// Who stored it.
    pub published_by: Actor,
}

impl Store {
    /// Keeps a plugin under the digest of its bytes. The same bytes again change nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when this version is already published with other bytes.
    pub async fn put_plugin(&self, plugin: NewPlugin<'_>, by: &Actor, at: Timestamp) -> Result<Digest> {
        let about = &plugin.manifest.plugin;
        let digest = Digest::of(plugin.bytes);
        let mut tx = self.write().await?;
        tx.lock(Lock::Plugin(&about.name)).await?;
        let (name, version) = (about.name.as_str(), about.version.to_string());
        let sql = "SELECT digest FROM plugins WHERE name = $1 AND version = $2";
        if let Some(row) = tx.optional(sql, values![name, version.as_str()]).await? {
            let known: Digest = row.parse("digest")?;
            return if known == digest {
                Ok(digest)
            } else {
                Err(StoreError::conflict(format!(
                    "{name} {version} is published with the hash {known}, this one has {digest}; a published \
                     version never changes, so raise the version"
                )))
            };
        }
        let sql = "INSERT INTO plugin_bytes (digest, bytes) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING";
        tx.execute(sql, values![digest, plugin.bytes.to_vec()]).await?;
        let sql = "INSERT INTO plugins (name, version, digest, manifest, published_at, published_by) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        tx.execute(sql, values![name, version, digest, json(plugin.manifest)?, at, by]).await?;
        tx.commit().await?;
        Ok(digest)
    }

    /// The stored versions of a plugin, the highest first; none: it was never stored.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plugin_versions(&self, name: &PluginName) -> Result<Vec<PluginVersion>> {
        let sql = "SELECT version, digest, manifest, published_at, published_by FROM plugins WHERE name = $1";
        let rows = self.read().await?.all(sql, values![name.as_str()]).await?;
        let mut versions = rows
            .iter()
            .map(|row| {
                Ok(PluginVersion {
                    version: row.parse("version")?,
                    digest: row.parse("digest")?,
                    manifest: row.json("manifest", &format!("plugin {name}"))?,
                    published_at: row.instant("published_at")?,
                    published_by: row.parse("published_by")?,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        versions.sort_by(|one, other| other.version.cmp(&one.version));
        Ok(versions)
    }

    /// The names of all stored plugins, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plugin_names(&self) -> Result<Vec<PluginName>> {
        let rows =
            self.read().await?.all("SELECT DISTINCT name FROM plugins ORDER BY name", values![]).await?;
        rows.iter().map(|row| row.parse("name")).collect()
    }

    /// The component stored under this digest; `None`: never stored. Not verified.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plugin_bytes(&self, digest: Digest) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT bytes FROM plugin_bytes WHERE digest = $1";
        let row = self.read().await?.optional(sql, values![digest]).await?;
        row.map(|row| row.get("bytes")).transpose()
    }
}
