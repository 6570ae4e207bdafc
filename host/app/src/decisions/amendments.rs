//! Amendments that a second person approves.

use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::release::ReleaseFacts;

use crate::error::{AppError, Result};
use crate::{App, Caller};

impl App {
    /// Approves the newest amendment of a release as a second person: from then on it counts, so labelled, and its
    /// checkpoints are judged anew under it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for whoever made it and for programs; [`AppError::NotFound`] for a version that is no
    /// amendment; [`AppError::Conflict`] when a newer one was made, or it was approved already.
    pub async fn approve_amendment(
        &self,
        caller: &Caller,
        slug: &ReleaseSlug,
        version: u32,
    ) -> Result<ReleaseFacts> {
        let facts = self.own_release(caller, slug, "approve amendments of").await?;
        let amendment = facts.amendments.iter().find(|amendment| amendment.version == version);
        let Some(amendment) = amendment else {
            let known: Vec<String> = facts.amendments.iter().map(|one| one.version.to_string()).collect();
            let hint = match known.as_slice() {
                [] => String::from("; it has none"),
                known => format!("; there are versions {}", known.join(", ")),
            };
            return Err(AppError::NotFound { what: format!("amendment {version} of {slug}"), hint });
        };
        let by = self.second_person(caller, &amendment.by, &format!("amendment {version} of {slug}")).await?;
        if let Some(approved) = &amendment.approved_by {
            return Err(AppError::Conflict(format!(
                "amendment {version} of {slug} was approved by {approved}"
            )));
        }
        if facts.amendments.last().is_some_and(|newest| newest.version != version) {
            return Err(AppError::Conflict(format!(
                "{slug} was amended again since; approve the newest amendment"
            )));
        }
        let launch = facts.launch.clone().ok_or_else(|| AppError::fault("an amendment without a launch"))?;
        let terms = self.store.terms(amendment.hash).await?;
        let jobs = self.verdicts_of(&facts, &launch, terms.as_deref()).await?;
        self.store.approve_amendment(slug, version, &by, caller.now, &jobs).await?;
        self.facts(slug).await
    }
}
