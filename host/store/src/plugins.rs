//! Plugins: immutable versions, and their bytes by digest, kept for as long as a verdict may be replayed.

use jiff::Timestamp;
use semver::Version;
use sqlx::AssertSqlSafe;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::{PluginName, ReleaseSlug};
use yardstick_domain::manifest::Manifest;
use yardstick_domain::people::Actor;
use yardstick_domain::plugin::{Channel, Mark, PluginEvent, PluginVersion};
use yardstick_domain::question::Description;

use crate::audit::Act;
use crate::database::{Lock, Store, Tx};
use crate::error::{Result, StoreError};
use crate::rows::{Row, json, values};

/// A plugin to keep.
#[derive(Debug, Clone, Copy)]
pub struct NewPlugin<'a> {
    /// What it says it is: name and version are taken from here.
    pub manifest: &'a Manifest,
    /// What it answers when it is asked.
    pub description: &'a Description,
    /// The component.
    pub bytes: &'a [u8],
    /// Which criteria it is for.
    pub channel: Channel,
}

/// What may be done with a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionChange {
    /// Seals that find it are warned.
    Deprecate(String),
    /// They no longer are.
    Undeprecate,
    /// No new seal finds it.
    Yank(String),
    /// New seals find it again.
    Unyank(String),
    /// A shadow becomes a version that new seals find.
    Promote,
}

const VERSION: &str = "SELECT digest, size, manifest, description, channel, published_at, published_by, \
                       deprecated, yanked FROM plugins";

impl Store {
    /// Keeps a plugin under the digest of its bytes, and whether it is new. The same bytes again change nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when this version is already published with other bytes.
    pub async fn put_plugin(&self, plugin: NewPlugin<'_>, by: &Actor, at: Timestamp) -> Result<bool> {
        let about = &plugin.manifest.plugin;
        let digest = Digest::of(plugin.bytes);
        let mut tx = self.write().await?;
        tx.lock(Lock::Plugin(&about.name)).await?;
        let (name, version) = (about.name.as_str(), about.version.to_string());
        let sql = "SELECT digest FROM plugins WHERE name = $1 AND version = $2";
        if let Some(row) = tx.optional(sql, values![name, version.as_str()]).await? {
            let known: Digest = row.parse("digest")?;
            return if known == digest {
                Ok(false)
            } else {
                Err(published_otherwise(name, &version, known, digest))
            };
        }
        let sql = "INSERT INTO plugin_bytes (digest, bytes) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING";
        tx.execute(sql, values![digest, plugin.bytes.to_vec()]).await?;
        let sql = "INSERT INTO plugins (name, version, digest, size, manifest, description, channel, \
                   published_at, published_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let (manifest, description) = (json(plugin.manifest)?, json(plugin.description)?);
        let size = plugin.bytes.len() as i64;
        let channel = plugin.channel.as_str();
        let values = values![name, version, digest, size, manifest, description, channel, at, by];
        tx.execute(sql, values).await?;
        let detail = if plugin.channel == Channel::Shadow { "as a shadow" } else { "" };
        let event = Event { version: Some(&about.version), kind: "published", detail };
        tx.plugin_event(&about.name, &event, by, at).await?;
        let detail = serde_json::json!({ "version": about.version, "digest": digest, "channel": channel });
        let subject = format!("plugin {}", about.name);
        // A judge of this build is kept by the host, whoever was the first to rely on it.
        let built_in = !about.name.as_str().contains('/');
        let (action, by) = if built_in { ("keep-judge", &Actor::Host) } else { ("publish", by) };
        tx.audit(Act { action, subject, detail, by, at }).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Marks a version. A mark that stands already is left as it is.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such version.
    pub async fn change_plugin(
        &self,
        name: &PluginName,
        version: &Version,
        change: &VersionChange,
        by: &Actor,
        at: Timestamp,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        tx.lock(Lock::Plugin(name)).await?;
        let sql = format!("{VERSION} WHERE name = $1 AND version = $2");
        let row = tx.optional(AssertSqlSafe(sql), values![name.as_str(), version.to_string()]).await?;
        let found = row.as_ref().map(version_of).transpose()?;
        let found = found.ok_or_else(|| StoreError::not_found(format!("plugin {name} {version}")))?;
        let (deprecated, yanked, channel, kind, detail) = match change {
            VersionChange::Deprecate(_) if found.deprecated.is_some() => return Ok(()),
            VersionChange::Undeprecate if found.deprecated.is_none() => return Ok(()),
            VersionChange::Yank(_) if found.yanked.is_some() => return Ok(()),
            VersionChange::Unyank(_) if found.yanked.is_none() => return Ok(()),
            VersionChange::Promote if found.channel == Channel::Current => return Ok(()),
            VersionChange::Deprecate(reason) => {
                (Some(mark(at, by, reason)), found.yanked, found.channel, "deprecated", reason.as_str())
            }
            VersionChange::Undeprecate => (None, found.yanked, found.channel, "undeprecated", ""),
            VersionChange::Yank(reason) => {
                (found.deprecated, Some(mark(at, by, reason)), found.channel, "yanked", reason.as_str())
            }
            VersionChange::Unyank(reason) => {
                (found.deprecated, None, found.channel, "unyanked", reason.as_str())
            }
            VersionChange::Promote => (found.deprecated, found.yanked, Channel::Current, "promoted", ""),
        };
        let sql = "UPDATE plugins SET deprecated = $1, yanked = $2, channel = $3 \
                   WHERE name = $4 AND version = $5";
        let deprecated = deprecated.as_ref().map(json).transpose()?;
        let yanked = yanked.as_ref().map(json).transpose()?;
        let values = values![deprecated, yanked, channel.as_str(), name.as_str(), version.to_string()];
        tx.execute(sql, values).await?;
        tx.plugin_event(name, &Event { version: Some(version), kind, detail }, by, at).await?;
        let detail = serde_json::json!({ "version": version, "reason": Digest::of(detail.as_bytes()) });
        tx.audit(Act { action: kind, subject: format!("plugin {name}"), detail, by, at }).await?;
        tx.commit().await
    }

    /// The stored versions of a plugin, the highest first; none: it was never stored.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plugin_versions(&self, name: &PluginName) -> Result<Vec<PluginVersion>> {
        let sql = format!("{VERSION} WHERE name = $1");
        let rows = self.all(AssertSqlSafe(sql), values![name.as_str()]).await?;
        versions(&rows)
    }

    /// All stored versions of all plugins, by name, of each the highest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plugins(&self) -> Result<Vec<PluginVersion>> {
        let rows = self.all(AssertSqlSafe(VERSION), values![]).await?;
        versions(&rows)
    }

    /// The names of all stored plugins, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plugin_names(&self) -> Result<Vec<PluginName>> {
        let rows = self.all("SELECT DISTINCT name FROM plugins ORDER BY name", values![]).await?;
        rows.iter().map(|row| row.parse("name")).collect()
    }

    /// The component stored under this digest; `None`: never stored. Not verified.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plugin_bytes(&self, digest: Digest) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT bytes FROM plugin_bytes WHERE digest = $1";
        let row = self.optional(sql, values![digest]).await?;
        row.map(|row| row.get("bytes")).transpose()
    }

    /// What was done to a plugin, the latest first, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plugin_events(&self, name: &PluginName, limit: u32) -> Result<Vec<PluginEvent>> {
        let sql = "SELECT at, actor, kind, version, detail FROM plugin_events WHERE plugin = $1 \
                   ORDER BY id DESC LIMIT $2";
        let rows = self.all(sql, values![name.as_str(), limit]).await?;
        rows.iter()
            .map(|row| {
                Ok(PluginEvent {
                    at: row.instant("at")?,
                    by: row.parse("actor")?,
                    kind: row.get("kind")?,
                    version: row.maybe_parse("version")?,
                    detail: row.get("detail")?,
                })
            })
            .collect()
    }

    /// Published components that releases are sealed with which still wait for their final verdict, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn awaited_plugins(&self, limit: u32) -> Result<Vec<Digest>> {
        let sql = "SELECT DISTINCT t.digest FROM terms_plugins t JOIN seals s ON s.hash = t.terms \
                   WHERE EXISTS (SELECT 1 FROM plugin_bytes b WHERE b.digest = t.digest) \
                   AND NOT EXISTS (SELECT 1 FROM cancellations c WHERE c.release = s.release) \
                   AND NOT EXISTS (SELECT 1 FROM verdicts v WHERE v.release = s.release \
                   AND v.standing = 'official' AND v.is_final = TRUE) LIMIT $1";
        let rows = self.all(sql, values![limit]).await?;
        rows.iter().map(|row| row.parse("digest")).collect()
    }

    /// Releases whose standing terms, sealed or amended, name this component and which are not cancelled, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn releases_with_plugin(&self, digest: Digest) -> Result<Vec<ReleaseSlug>> {
        const STANDS: &str = "(x.launch IS NULL OR l.undone_at IS NULL) \
            AND NOT EXISTS (SELECT 1 FROM cancellations c WHERE c.release = x.release)";
        let newest = |table: &str| {
            format!(
                "SELECT x.release AS release FROM terms_plugins t JOIN {table} x ON x.hash = t.terms \
                 LEFT JOIN launches l ON l.id = x.launch WHERE t.digest = $1 AND {STANDS} \
                 AND x.id = (SELECT max(y.id) FROM {table} y WHERE y.release = x.release)"
            )
        };
        let sql =
            AssertSqlSafe(format!("{} UNION {} ORDER BY release", newest("seals"), newest("amendments")));
        let rows = self.all(sql, values![digest]).await?;
        rows.iter().map(|row| row.parse("release")).collect()
    }
}

/// What is said of something done to a plugin.
pub(crate) struct Event<'a> {
    pub(crate) version: Option<&'a Version>,
    pub(crate) kind: &'a str,
    pub(crate) detail: &'a str,
}

impl Tx {
    pub(crate) async fn plugin_event(
        &mut self,
        name: &PluginName,
        event: &Event<'_>,
        by: &Actor,
        at: Timestamp,
    ) -> Result<()> {
        let sql = "INSERT INTO plugin_events (plugin, version, at, actor, kind, detail) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let version = event.version.map(ToString::to_string);
        self.execute(sql, values![name.as_str(), version, at, by, event.kind, event.detail]).await?;
        Ok(())
    }
}

fn mark(at: Timestamp, by: &Actor, reason: &str) -> Mark {
    Mark { at, by: by.clone(), reason: reason.to_owned() }
}

fn published_otherwise(name: &str, version: &str, known: Digest, found: Digest) -> StoreError {
    StoreError::conflict(format!(
        "{name} {version} is published with the hash {known}, this one has {found}; a published version never \
         changes, so raise the version"
    ))
}

fn versions(rows: &[Row]) -> Result<Vec<PluginVersion>> {
    let mut versions = rows.iter().map(version_of).collect::<Result<Vec<_>>>()?;
    versions
        .sort_by(|one, other| one.name().cmp(other.name()).then_with(|| other.version().cmp(one.version())));
    Ok(versions)
}

fn version_of(row: &Row) -> Result<PluginVersion> {
    let digest: Digest = row.parse("digest")?;
    let what = format!("plugin {digest}");
    let mark = |column: &str| -> Result<Option<Mark>> {
        let text: Option<String> = row.get(column)?;
        let unreadable = |error| StoreError::corrupt(format!("the {column} of {what}: {error}"));
        text.map(|text| serde_json::from_str(&text).map_err(unreadable)).transpose()
    };
    Ok(PluginVersion {
        digest,
        size: row.count("size")?,
        manifest: row.json("manifest", &what)?,
        description: row.json("description", &what)?,
        channel: match row.get::<String>("channel")?.as_str() {
            "current" => Channel::Current,
            "shadow" => Channel::Shadow,
            other => return Err(StoreError::corrupt(format!("the channel of {what} is {other:?}"))),
        },
        published_at: row.instant("published_at")?,
        published_by: row.parse("published_by")?,
        deprecated: mark("deprecated")?,
        yanked: mark("yanked")?,
    })
}
