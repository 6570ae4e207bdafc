//! Reading: what lists and pages show.

use std::collections::{BTreeMap, BTreeSet};

use yardstick_client::document::VerdictDocument;
use yardstick_domain::criteria::Terms;
use yardstick_domain::digest::Digest;
use yardstick_domain::fiscal::FiscalQuarter;
use yardstick_domain::frame::Value;
use yardstick_domain::ids::{MetricKey, ReleaseSlug};
use yardstick_domain::metric::Metric;
use yardstick_domain::point::{Batch, Coverage};
use yardstick_domain::release::ReleaseFacts;
use yardstick_domain::time::{day_of, zone};
use yardstick_domain::verdict::{Judgement, Verdict, VerdictRef};
use yardstick_store::{
    CriteriaVersion, MetricFilter, Page, ReleaseCursor, ReleaseEvent, ReleaseFilter, Sees, VerdictFilter,
    VerdictSummary,
};

use crate::error::{AppError, Result};
use crate::seal::read_against_launch;
use crate::{App, Caller, PAGE};

/// A release with what happened to it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReleaseDetail {
    /// What is known of it.
    pub facts: ReleaseFacts,
    /// IANA zone of its days.
    pub time_zone: String,
    /// The fiscal quarter of its launch, or of the planned day while there is none.
    pub quarter: FiscalQuarter,
    /// What happened, oldest first.
    pub events: Vec<ReleaseEvent>,
    /// Its newest verdicts, official ones and looks, the newest first; at most [`PAGE`].
    pub verdicts: Vec<VerdictSummary>,
    /// What is to be known of the plugins it was sealed with: those that were deprecated or yanked.
    pub warnings: Vec<String>,
}

/// A metric with the state of its data.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricDetail {
    /// The definition.
    pub metric: Metric,
    /// Its hash.
    pub hash: Digest,
    /// What is known of its points.
    pub coverage: Coverage,
    /// Its newest imports.
    pub imports: Vec<Batch>,
}

impl App {
    /// Releases in the order that the filter says, a page of at most `limit` at a time. `after` is the cursor that
    /// the page before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn releases(
        &self,
        caller: &Caller,
        filter: &ReleaseFilter,
        after: Option<&ReleaseCursor>,
        limit: u32,
    ) -> Result<Page<ReleaseFacts, ReleaseCursor>> {
        let filter = ReleaseFilter { sees: self.sees(caller).await?, ..filter.clone() };
        let mut page = self.store.releases(&filter, after, limit).await?;
        for facts in &mut page.items {
            self.hide_follows(&filter.sees, facts).await?;
        }
        Ok(page)
    }

    /// What a release follows is told only where that one is seen.
    async fn hide_follows(&self, sees: &Sees, facts: &mut ReleaseFacts) -> Result<()> {
        if let Some(follows) = &facts.release.follows
            && !self.is_visible(sees, follows).await?
        {
            facts.release.follows = None;
        }
        Ok(())
    }

    /// A release as far as whoever asks may see it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] with the nearest known slug.
    pub async fn release_seen(&self, caller: &Caller, slug: &ReleaseSlug) -> Result<ReleaseFacts> {
        let mut facts = self.visible(caller, slug).await?;
        self.hide_follows(&self.sees(caller).await?, &mut facts).await?;
        Ok(facts)
    }

    /// A release and what happened to it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] with the nearest known slug.
    pub async fn release_detail(&self, caller: &Caller, slug: &ReleaseSlug) -> Result<ReleaseDetail> {
        let mut facts = self.release_seen(caller, slug).await?;
        let (time_zone, warnings) = match &facts.seal {
            // What was sealed with, even if the team has moved since.
            Some(seal) => {
                let terms = self.terms(seal.hash).await?;
                let warnings = self.marks_of(&terms).await?;
                (terms.time_zone, warnings)
            }
            None => (self.team(&facts.release.team).await?.time_zone, Vec::new()),
        };
        read_against_launch(&mut facts, &time_zone);
        let quarter = self.quarter(&facts, &time_zone).await?;
        let events = self.store.release_events(slug).await?;
        let filter = VerdictFilter { release: Some(slug.clone()), ..VerdictFilter::default() };
        let verdicts = self.store.verdicts(&filter, None, PAGE).await?.items;
        Ok(ReleaseDetail { facts, time_zone, quarter, events, verdicts, warnings })
    }

    /// The fiscal quarter of a release's launch, or of the planned day while there is none.
    async fn quarter(&self, facts: &ReleaseFacts, time_zone: &str) -> Result<FiscalQuarter> {
        let team = self.team(&facts.release.team).await?;
        let company = self.store.organisation().await?.unwrap_or_default();
        let starts = team.fiscal_year_starts.unwrap_or(company.fiscal_year_starts);
        let launch = facts.launch.as_ref().map(|launch| day_of(launch.at, &zone(time_zone)));
        Ok(FiscalQuarter::of(launch.unwrap_or(facts.release.planned), starts))
    }

    /// Versions that a release's criteria have had, the newest first, a page of at most `limit` at a time, those before
    /// `before`; and which one is registered now.
    ///
    /// # Errors
    /// [`AppError::NotFound`] with the nearest known slug.
    pub async fn criteria(
        &self,
        caller: &Caller,
        slug: &ReleaseSlug,
        before: Option<u32>,
        limit: u32,
    ) -> Result<(Page<CriteriaVersion, u32>, u32)> {
        let facts = self.visible(caller, slug).await?;
        Ok((self.store.criteria_page(slug, before, limit).await?, facts.version))
    }

    /// A version of a release's criteria, and which one is registered now.
    ///
    /// # Errors
    /// [`AppError::NotFound`] with the nearest known slug, or with the versions there are.
    pub async fn criteria_version(
        &self,
        caller: &Caller,
        slug: &ReleaseSlug,
        version: u32,
    ) -> Result<(CriteriaVersion, u32)> {
        let facts = self.visible(caller, slug).await?;
        let found = self.store.criteria_version(slug, version).await?;
        let found = found.ok_or_else(|| AppError::NotFound {
            what: format!("version {version} of the criteria of {slug}"),
            hint: format!(". There are 1 to {}", facts.version),
        })?;
        Ok((found, facts.version))
    }

    /// Metrics by key, a page of at most `limit` at a time. `after` is the cursor that the page before gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn metrics(
        &self,
        filter: &MetricFilter,
        after: Option<&MetricKey>,
        limit: u32,
    ) -> Result<Page<(Metric, Coverage), MetricKey>> {
        let Page { items: metrics, next } = self.store.metrics_page(filter, after, limit).await?;
        let mut items = Vec::with_capacity(metrics.len());
        for metric in metrics {
            let coverage = self.store.coverage(&metric.key, None).await?;
            items.push((metric, coverage));
        }
        Ok(Page { items, next })
    }

    /// A metric and the state of its data.
    ///
    /// # Errors
    /// [`AppError::NotFound`] with the nearest known key.
    pub async fn metric_detail(&self, key: &MetricKey) -> Result<MetricDetail> {
        let metric = self.metric_named(key).await?;
        let hash = yardstick_domain::criteria::metric_hash(&metric).map_err(AppError::fault)?;
        let coverage = self.store.coverage(key, None).await?;
        let imports = self.store.imports(Some(key), None, 10).await?.items;
        Ok(MetricDetail { metric, hash, coverage, imports })
    }

    /// Verdicts, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verdicts(
        &self,
        caller: &Caller,
        filter: &VerdictFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<VerdictSummary, i64>> {
        if let Some(slug) = &filter.release {
            self.visible(caller, slug).await?;
        }
        let filter = VerdictFilter { sees: self.sees(caller).await?, ..filter.clone() };
        Ok(self.store.verdicts(&filter, before, limit).await?)
    }

    pub(crate) async fn verdict_named(&self, at: &VerdictRef) -> Result<Verdict> {
        match self.store.verdict(at).await? {
            Some(verdict) => Ok(verdict),
            None => {
                let filter = VerdictFilter { release: Some(at.release.clone()), ..VerdictFilter::default() };
                let known = self.store.verdicts(&filter, None, PAGE).await?.items;
                let hint = match known.as_slice() {
                    [] => format!(
                        ". {} has no verdict yet; judge it with: yardstick judge {}",
                        at.release, at.release
                    ),
                    known => {
                        let names: Vec<String> =
                            known.iter().take(8).map(|listed| listed.at.to_string()).collect();
                        format!(". There are {}", names.join(", "))
                    }
                };
                Err(AppError::NotFound { what: format!("verdict {at}"), hint })
            }
        }
    }

    /// The document of a verdict.
    ///
    /// # Errors
    /// [`AppError::NotFound`] with the verdicts there are.
    pub async fn verdict_document(&self, caller: &Caller, at: &VerdictRef) -> Result<VerdictDocument> {
        self.visible(caller, &at.release).await?;
        let verdict = self.verdict_named(at).await?;
        let mut facts = self.facts(&verdict.at.release).await?;
        let terms: Terms = self.terms(verdict.terms).await?;
        read_against_launch(&mut facts, &terms.time_zone);
        let mut corrections = Vec::new();
        for judgement in &verdict.judgements {
            corrections.push(self.corrections(judgement).await?);
        }
        let owners = self.metric_owners(&verdict).await?;
        let mut document =
            VerdictDocument::new(&verdict, &facts, &terms, &corrections).with_metric_owners(owners);
        document.revises = self.revises(&verdict).await?;
        self.with_people(caller, &verdict.at, &mut document).await?;
        document.audited = self.audited(&verdict).await?.map(|head| head.to_string());
        Ok(document)
    }

    /// Who answers today for the metrics that a verdict's criteria name.
    async fn metric_owners(&self, verdict: &Verdict) -> Result<BTreeMap<String, String>> {
        let criteria = verdict.judgements.iter().map(|judgement| &judgement.criterion);
        let named: BTreeSet<&MetricKey> = criteria.flat_map(|criterion| criterion.metrics.values()).collect();
        let mut owners = BTreeMap::new();
        for key in named {
            if let Some(metric) = self.store.metric(key).await? {
                owners.insert(key.to_string(), metric.owner.to_string());
            }
        }
        Ok(owners)
    }

    /// Corrected values inside the frames of a judgement, as the frames say of themselves. Queries of the same
    /// data say it twice, so the largest counts.
    async fn corrections(&self, judgement: &Judgement) -> Result<u64> {
        let mut most = 0;
        for used in &judgement.frames {
            let Some(bytes) = self.store.frame(used.digest).await? else { continue };
            let Ok(frame) = yardstick_domain::frame::Frame::decode(&bytes) else { continue };
            if let Some(Value::Integer(count)) = frame.fact("corrections") {
                most = most.max(u64::try_from(*count).unwrap_or(0));
            }
        }
        Ok(most)
    }
}
