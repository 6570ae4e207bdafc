//! What can be done with a published version.

use semver::Version;
use yardstick_domain::ids::PluginName;
use yardstick_domain::plugin::PluginVersion;
use yardstick_domain::problem::Problem;
use yardstick_store::VersionChange;

use super::Uses;
use crate::error::{AppError, Result};
use crate::{App, Caller};

/// The longest reason, in characters.
const MOST_REASON: usize = 500;

impl App {
    /// Marks a version: deprecated, yanked, promoted, or no longer so. Gives the version as it stands now, and whom
    /// it concerns.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when whoever asks is not of the plugin's team; [`AppError::Conflict`] for a built-in
    /// plugin; [`AppError::Refused`] for a reason that says nothing.
    pub async fn change_plugin(
        &self,
        caller: &Caller,
        name: &PluginName,
        version: &Version,
        change: &VersionChange,
    ) -> Result<(PluginVersion, Uses)> {
        let Some(team) = name.team() else {
            return Err(AppError::Conflict(format!("{name} is built in; it changes with the host")));
        };
        self.published(name, version).await?;
        let (what, reason) = match change {
            VersionChange::Deprecate(reason) => ("deprecate a plugin of", Some(reason)),
            VersionChange::Undeprecate => ("undeprecate a plugin of", None),
            VersionChange::Yank(reason) => ("yank a plugin of", Some(reason)),
            VersionChange::Unyank(reason) => ("unyank a plugin of", Some(reason)),
            VersionChange::Promote => ("promote a plugin of", None),
        };
        self.require_member(caller, &team, what).await?;
        if let Some(reason) = reason {
            let length = reason.trim().chars().count();
            if !(1..=MOST_REASON).contains(&length) || reason.chars().any(char::is_control) {
                let message = format!(
                    "say why, in 1 to {MOST_REASON} characters on one line; it is shown to everybody"
                );
                return Err(AppError::Refused(vec![Problem::new("reason", message)]));
            }
        }
        self.store.change_plugin(name, version, change, &caller.actor, caller.now).await?;
        let now = self.published(name, version).await?;
        let uses = self.uses(caller, now.digest).await?;
        Ok((now, uses))
    }

    /// A stored version.
    ///
    /// # Errors
    /// [`AppError::NotFound`] with the nearest name, or the versions there are.
    pub(crate) async fn published(&self, name: &PluginName, version: &Version) -> Result<PluginVersion> {
        let versions = self.store.plugin_versions(name).await?;
        if versions.is_empty() {
            self.require_plugin(name).await?;
        }
        let known: Vec<String> = versions.iter().map(|known| known.version().to_string()).collect();
        versions.into_iter().find(|known| known.version() == version).ok_or_else(|| AppError::NotFound {
            what: format!("version {version} of plugin {name}"),
            hint: if known.is_empty() { String::new() } else { format!("; there are {}", known.join(", ")) },
        })
    }
}
