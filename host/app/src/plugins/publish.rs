//! Publishing: every step that an upload has to pass, and what to do about the one it does not.

use yardstick_domain::digest::Digest;
use yardstick_domain::manifest;
use yardstick_domain::plugin::{Channel, PluginVersion};
use yardstick_domain::problem::Problem;
use yardstick_engine::Trust;
use yardstick_store::NewPlugin;

use crate::error::{AppError, Result};
use crate::{App, Caller};

/// A component to publish.
#[derive(Debug, Clone)]
pub struct PublishRequest {
    /// The component as `yardstick plugin build` makes it: with its manifest, files and cases inside.
    pub component: Vec<u8>,
    /// Which criteria it is for.
    pub channel: Channel,
}

/// A plugin that is published.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// The version.
    pub version: PluginVersion,
    /// Whether it is new; `false`: the same bytes were published before.
    pub is_new: bool,
    /// How many cases of its own it passed; 0 when it is not new.
    pub cases: usize,
}

/// Why a component was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// A stable word for the step, such as `plugin-imports`.
    pub code: &'static str,
    /// What was found, and what to do.
    pub sentence: String,
    /// Particulars, such as the cases that failed and how.
    pub problems: Vec<Problem>,
}

impl App {
    /// Publishes a component under the name and version of its manifest. The same bytes again change nothing.
    ///
    /// # Errors
    /// The outer error is about who asks and what is published already: [`AppError::Forbidden`] for another team's
    /// plugin, [`AppError::Conflict`] for other bytes under a published version. The inner one names the step that
    /// the component did not pass.
    pub async fn publish(
        &self,
        caller: &Caller,
        request: PublishRequest,
    ) -> Result<std::result::Result<Published, Refused>> {
        let digest = Digest::of(&request.component);
        // Before anything is compiled: whose it is, and whether it is there.
        if let Ok(found) = manifest::extract(&request.component)
            && let Some(team) = found.plugin.name.team()
        {
            self.require_member(caller, &team, "publish plugins of").await?;
            let about = &found.plugin;
            let versions = self.store.plugin_versions(&about.name).await?;
            if let Some(known) = versions.into_iter().find(|known| *known.version() == about.version) {
                if known.digest == digest {
                    return Ok(Ok(Published { version: known, is_new: false, cases: 0 }));
                }
                return Err(AppError::Conflict(format!(
                    "{} {} is published with the hash {}, this one has {digest}; a published version never changes, \
                     so raise the version in plugin.toml",
                    about.name, about.version, known.digest
                )));
            }
        }
        let plugin = match self.load(request.component.clone(), Trust::Uploaded).await? {
            Ok(plugin) => plugin,
            Err(refusal) => return Ok(Err(Refused::from_engine(&refusal))),
        };
        let cases = match self.pass_cases(&plugin, &request.component).await? {
            Ok(cases) => cases,
            Err(refused) => return Ok(Err(refused)),
        };
        let new = NewPlugin {
            manifest: plugin.manifest(),
            description: plugin.description(),
            bytes: &request.component,
            channel: request.channel,
        };
        self.store.put_plugin(new, &caller.actor, caller.now).await?;
        self.plugins.keep(&plugin);
        let about = &plugin.manifest().plugin;
        let version = self.published(&about.name, &about.version).await?;
        Ok(Ok(Published { version, is_new: true, cases }))
    }
}

impl Refused {
    fn from_engine(refusal: &yardstick_engine::Refusal) -> Self {
        Self { code: refusal.code(), sentence: refusal.to_string(), problems: Vec::new() }
    }
}
