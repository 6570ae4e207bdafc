//! What the host knows of a retro's releases: looked at anew until the retro is closed, and kept as it was then.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use yardstick_client::api::{
    EvidenceCriterionPart, EvidencePart, EvidenceSealPart, EvidenceVerdictPart, ReleaseEvidencePart,
    RetroActionPart,
};
use yardstick_client::document::{FindingPart, VerdictDocument};
use yardstick_domain::decision::{Decision, Standing as DecisionStanding};
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::metric::Visibility;
use yardstick_domain::release::{ReleaseFacts, SealedWhen};
use yardstick_domain::retro::Retro;
use yardstick_domain::time::{day_of, days_between, zone};
use yardstick_domain::verdict::{Standing, VerdictRef};
use yardstick_stats::format;
use yardstick_store::{
    ActionFilter, BeforeRetro, DecisionFilter, RetroFilter, Sees, VerdictFilter, VerdictSummary,
};

use super::document;
use crate::error::{AppError, Result};
use crate::seal::read_against_launch;
use crate::{App, Caller, PAGE};

/// What is kept of a retro that is closed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Frozen {
    pub(super) evidence: EvidencePart,
    pub(super) previous_actions: Vec<RetroActionPart>,
}

impl App {
    /// What is kept of a retro that is being closed, as JSON.
    pub(super) async fn frozen(
        &self,
        caller: &Caller,
        retro: &Retro,
        releases: &[ReleaseSlug],
    ) -> Result<String> {
        let mut evidence = self.evidence(caller, releases).await?;
        evidence.frozen = true;
        let frozen = Frozen { evidence, previous_actions: self.previous_actions(retro).await? };
        serde_json::to_string(&frozen).map_err(AppError::fault)
    }

    /// What the host knows of releases now.
    pub(super) async fn evidence(&self, caller: &Caller, releases: &[ReleaseSlug]) -> Result<EvidencePart> {
        let mut parts = Vec::with_capacity(releases.len());
        for slug in releases {
            parts.push(self.release_evidence(caller, slug).await?);
        }
        Ok(EvidencePart { taken_at: caller.now, frozen: false, releases: parts })
    }

    async fn release_evidence(&self, caller: &Caller, slug: &ReleaseSlug) -> Result<ReleaseEvidencePart> {
        let mut facts = self.facts(slug).await?;
        let (level, planned, time_zone) = match &facts.seal {
            Some(seal) => {
                let terms = self.terms(seal.hash).await?;
                (terms.level, terms.planned, terms.time_zone)
            }
            None => {
                let team = self.team(&facts.release.team).await?;
                (facts.release.level, facts.release.planned, team.time_zone)
            }
        };
        read_against_launch(&mut facts, &time_zone);
        let newest = self.newest_verdicts(slug).await?;
        let latest = match newest.last() {
            Some(last) => Some(self.verdict_document(caller, &last.at).await?),
            None => None,
        };
        let launched_at = facts.launch.as_ref().map(|launch| launch.at);
        Ok(ReleaseEvidencePart {
            release: slug.to_string(),
            name: facts.release.name.clone(),
            level: level.into(),
            planned,
            launched_at,
            days_late: launched_at.map(|at| days_between(planned, day_of(at, &zone(&time_zone)))),
            seal: seal(&facts),
            confidence_then: facts.confidence,
            verdicts: newest.iter().map(verdict).collect(),
            criteria: latest.iter().flat_map(|latest| &latest.findings).map(criterion).collect(),
            data_caveats: latest.as_ref().map(caveats).unwrap_or_default(),
            decisions: self.decided(caller, slug, &time_zone).await?,
            revised_since: None,
        })
    }

    /// What people decided about a release, at whichever checkpoint: the oldest first.
    async fn decided(&self, caller: &Caller, slug: &ReleaseSlug, time_zone: &str) -> Result<Vec<String>> {
        let filter = DecisionFilter { release: Some(slug.clone()), ..DecisionFilter::default() };
        let decisions = self.store.decisions(&filter, None, PAGE).await?.items;
        Ok(decisions.iter().rev().filter_map(|one| decided(one, caller.now, time_zone)).collect())
    }

    /// The newest official verdict of each checkpoint, in order.
    async fn newest_verdicts(&self, slug: &ReleaseSlug) -> Result<Vec<VerdictSummary>> {
        let (release, standing) = (Some(slug.clone()), Some(Standing::Official));
        let filter = VerdictFilter { release, standing, ..VerdictFilter::default() };
        let (mut newest, mut before): (Vec<VerdictSummary>, _) = (Vec::new(), None);
        loop {
            let page = self.store.verdicts(&filter, before, PAGE).await?;
            for verdict in page.items {
                if !newest.iter().any(|known| known.at.checkpoint == verdict.at.checkpoint) {
                    newest.push(verdict);
                }
            }
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        newest.sort_by_key(|verdict| verdict.at.checkpoint);
        Ok(newest)
    }

    /// Says of frozen evidence which verdicts were revised or given since.
    pub(super) async fn revised_since(&self, evidence: &mut EvidencePart) -> Result<()> {
        for part in &mut evidence.releases {
            let slug: ReleaseSlug = part.release.parse().map_err(AppError::fault)?;
            let mut since = Vec::new();
            for now in self.newest_verdicts(&slug).await? {
                let at = now.at.numbered();
                if part.verdicts.iter().any(|then| then.at == at) {
                    continue;
                }
                let then = part.verdicts.iter().find(|then| {
                    then.at.parse::<VerdictRef>().is_ok_and(|then| then.checkpoint == now.at.checkpoint)
                });
                since.push(match then {
                    Some(then) => {
                        format!(
                            "{} was revised: {at} is {}, it was {}",
                            then.at,
                            now.outcome.as_str(),
                            then.outcome
                        )
                    }
                    None => format!("{at} was given: {}", now.outcome.as_str()),
                });
            }
            part.revised_since = (!since.is_empty()).then_some(since);
        }
        Ok(())
    }

    /// The team's actions of earlier retros: the open ones, and those that ended since the retro before was opened. All
    /// who see this retro see those they came of.
    pub(super) async fn previous_actions(&self, retro: &Retro) -> Result<Vec<RetroActionPart>> {
        let sees = match retro.visibility {
            Visibility::Company => Sees::OfTeams(Vec::new()),
            Visibility::Team => Sees::OfTeams(vec![retro.team.clone()]),
        };
        let team = Some(retro.team.clone());
        let filter = RetroFilter { team: team.clone(), sees: sees.clone(), ..RetroFilter::default() };
        let before = (retro.opened.at, retro.id.clone());
        let before = self.store.retros(&filter, Some(&before), 1).await?.items;
        let Some(before) = before.first().map(|before| before.opened.at) else { return Ok(Vec::new()) };
        let before = BeforeRetro { retro: retro.id.clone(), opened_at: retro.opened.at, ended_since: before };
        let filter = ActionFilter { team, before: Some(before), sees, ..ActionFilter::default() };
        let (mut actions, mut after) = (Vec::new(), None);
        loop {
            let page = self.store.actions(&filter, after, PAGE).await?;
            actions.extend(page.items.iter().map(document::action_part));
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(actions),
            }
        }
    }
}

fn seal(facts: &ReleaseFacts) -> EvidenceSealPart {
    let state = match facts.seal.as_ref().map(|seal| seal.when) {
        None => "unsealed",
        Some(SealedWhen::BeforeLaunch) => "sealed",
        Some(SealedWhen::ByLaunch) => "sealed-by-launch",
        Some(SealedWhen::AfterLaunch { .. }) => "sealed-after-launch",
    };
    EvidenceSealPart {
        state: state.to_owned(),
        at: facts.seal.as_ref().map(|seal| seal.at),
        hash: facts.counts().map(|hash| hash.to_string()),
        amendments: u32::try_from(facts.amendments.len()).unwrap_or(u32::MAX),
    }
}

fn verdict(summary: &VerdictSummary) -> EvidenceVerdictPart {
    EvidenceVerdictPart {
        at: summary.at.numbered(),
        outcome: (&summary.outcome).into(),
        reason: summary.outcome.reason().map(Into::into),
        code: summary.outcome.code().map(str::to_owned),
        is_final: summary.is_final,
    }
}

fn criterion(finding: &FindingPart) -> EvidenceCriterionPart {
    let observed = finding.observed.as_ref();
    let role =
        serde_json::from_value(finding.role.clone().into()).unwrap_or(yardstick_client::api::Role::Watch);
    let outcome = serde_json::from_value(finding.outcome.clone().into());
    EvidenceCriterionPart {
        id: finding.criterion.clone(),
        role,
        says: finding.says.clone(),
        // Nothing passes because its word is not known.
        outcome: outcome.unwrap_or(yardstick_client::api::Outcome::Undecided),
        headline: finding.headline.clone(),
        observed: observed.map(|observed| observed.value),
        low: observed.and_then(|observed| observed.low),
        high: observed.and_then(|observed| observed.high),
        target: finding.target,
        expected: finding.expected.clone(),
        unit: observed.map(|observed| observed.unit.clone()),
    }
}

/// What is to be known about the data of a verdict.
fn caveats(document: &VerdictDocument) -> Vec<String> {
    let mut caveats = Vec::new();
    for finding in &document.findings {
        let id = &finding.criterion;
        if finding.corrections > 0 {
            caveats.push(format!(
                "{id}: {} corrected inside its window",
                format::counted(finding.corrections, "values")
            ));
        }
        caveats.extend(finding.warnings.iter().map(|warning| format!("{id}: {warning}")));
        if let Some(sentence) = finding.sentence.as_ref().filter(|_| finding.outcome == "undecided") {
            caveats.push(format!("{id}: {sentence}"));
        }
    }
    if let Some(revises) = &document.revises {
        caveats.push(format!("revision {} was {}", revises.revision, revises.outcome));
    }
    caveats
}

/// A decision as a sentence; `None`: it was taken back.
fn decided(decision: &Decision, now: Timestamp, time_zone: &str) -> Option<String> {
    // Only a stance waits or is over; an action holds beside it.
    let waits = match decision.standing(now) {
        DecisionStanding::Stands => "",
        DecisionStanding::WaitsForApproval => " (waits for a second person)",
        DecisionStanding::Expired => " (over)",
        DecisionStanding::Withdrawn => return None,
    };
    let stance = decision.stance.map(|stance| match stance.overrides() {
        Some((outcome, until)) => {
            format!("{} to {outcome} until {}{waits}", stance.as_str(), day_of(until, &zone(time_zone)))
        }
        None => stance.as_str().to_owned(),
    });
    let action = decision.action.map(|action| match action.extends_to() {
        Some(to) => format!("{} to {to}", action.kind()),
        None => action.kind().to_string(),
    });
    let what: Vec<String> = [stance, action].into_iter().flatten().collect();
    let about = decision.verdict.as_ref().map(|at| format!("{}: ", at.numbered())).unwrap_or_default();
    let approved =
        decision.approved.as_ref().map(|signed| format!(", approved by {}", signed.by)).unwrap_or_default();
    let why = decision.reason.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
    Some(format!("{about}{} by {}{approved}{why}", what.join(", "), decision.made.by))
}
