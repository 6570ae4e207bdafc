//! Plugins of teams: published, granted, sealed, run, suspended, tried beside others.

mod backtests;
mod grants;
mod isolation;
mod marks;
mod publishing;
mod runs;

use semver::Version;
use yardstick_app::{CaseFiles, PublishRequest, Published};
use yardstick_client::document::VerdictDocument;
use yardstick_domain::component::with_custom_section;
use yardstick_domain::manifest::{self, Profile};
use yardstick_domain::plugin::Channel;
use yardstick_engine::ASSET_SECTION_PREFIX;
use yardstick_store::VersionChange;
use yardstick_tests::databases::Database;
use yardstick_tests::guests;

use super::{World, march};

/// Two teams and somebody else's: `growth` has a release that is judged by its own plugin, `bizops` a metric that only
/// it sees.
pub(crate) const TEAMS: &str = "
team: growth
name: Growth
time_zone: Europe/Berlin
members: { ana.lopez@example.com: maintainer, ben.okafor@example.com: member }
---
team: bizops
name: Business Operations
time_zone: Europe/Berlin
members: { grace.kim@example.com: maintainer, omar.said@example.com: member }
---
team: rivals
name: Rivals
time_zone: Europe/Berlin
members: { eve.moss@example.com: maintainer }
---
metric: app.uses
title: Uses
owner: grace.kim@example.com
team: bizops
definition: Uses of the app.
definition_version: 1
kind: sum
unit: uses
better: higher
grain: day
time_zone: UTC
missing: gap
fresh_within: 24h
source: points
---
metric: app.revenue
title: Revenue
owner: grace.kim@example.com
team: bizops
visibility: team
definition: What the app earns.
definition_version: 1
kind: sum
unit: EUR
better: higher
grain: day
time_zone: UTC
missing: gap
fresh_within: 24h
source: points
";

/// A release of `growth` with one goal on `app.uses`.
pub(crate) fn release(slug: &str, judge: &str, with: &str) -> String {
    format!(
        "
release: {slug}
name: {slug}
team: growth
owner: ana.lopez@example.com
level: L2
planned: 2026-03-02
checkpoints: [d2, d7]
goals:
  - id: uses
    says: It is used.
    judge: {judge}
    metric: app.uses
    with: {with}
"
    )
}

/// A case that the guest passes, whatever it does: it says `pass` where it is not told otherwise.
const CASE: &str = "
case: it passes when it is told to
criterion:
  launch: 2026-03-02T10:00:00Z
  checkpoint: d7
  metric: app.uses
  with: { do: pass }
frames:
  metric: { shape: totals, csv: sum.csv }
expect:
  outcome: pass
  headline_has: 'pass: 63'
";

/// A component of the guest that does what it is told: by its file `does`, or by the parameter `do`.
pub(crate) fn component(name: &str, version: &str, does: &str) -> Vec<u8> {
    with_cases(name, version, does, &[("passes.yaml", CASE), ("sum.csv", "sum\n63\n")])
}

fn with_cases(name: &str, version: &str, does: &str, cases: &[(&str, &str)]) -> Vec<u8> {
    let (team, own) = name.split_once('/').unwrap();
    let mut manifest = guests::manifest(team, own, Profile::Lean);
    manifest.plugin.version = version.parse().unwrap();
    let mut files = CaseFiles::default();
    for (file, content) in cases {
        files.add(file, content.as_bytes().to_vec()).unwrap();
    }
    let guest = guests::component("steered");
    let guest = with_custom_section(&guest, &format!("{ASSET_SECTION_PREFIX}does"), does.as_bytes());
    manifest::embed(&files.embed(&guest), &manifest)
}

/// What publishing came to: the version, or the code, sentence and particulars of its refusal.
type Outcome = Result<Published, (String, String, Vec<String>)>;

impl World {
    /// The teams and metrics, and data of the first ten days of March, all on 1 March.
    async fn with_teams(database: &Database) -> Self {
        let world = Self::new(database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(TEAMS).await.unwrap();
        world
    }

    /// [`World::with_teams`], with a plugin `growth/steered` 1.0.0 that does this, and a release sealed with it and
    /// launched on the 2nd. It is the 11th, and the data are there.
    async fn with_plugin(database: &Database, does: &str) -> Self {
        let world = Self::with_teams(database).await;
        world.publish("ana", component("growth/steered", "1.0.0", does)).await.unwrap();
        world.start("quick-start", "growth/steered@1", "{}").await;
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        world
    }

    /// Declares, seals and launches a release as if it were 2 March.
    async fn start(&self, slug: &str, judge: &str, with: &str) {
        let now = self.clock.now();
        self.at("2026-03-02T10:00:00Z");
        self.apply(&release(slug, judge, with)).await.unwrap();
        self.launch(slug, None).await.unwrap();
        self.clock.set(now);
    }

    async fn publish(&self, who: &str, component: Vec<u8>) -> Outcome {
        self.publish_to(who, component, Channel::Current).await
    }

    async fn publish_to(&self, who: &str, component: Vec<u8>, channel: Channel) -> Outcome {
        match self.app.publish(&self.caller_of(who), PublishRequest { component, channel }).await {
            Ok(Ok(published)) => Ok(published),
            Ok(Err(refused)) => {
                let problems = refused.problems.iter().map(ToString::to_string).collect();
                Err((refused.code.to_owned(), refused.sentence, problems))
            }
            Err(error) => Err((String::new(), error.to_string(), Vec::new())),
        }
    }

    async fn change(&self, who: &str, version: &str, change: VersionChange) -> Result<Vec<String>, String> {
        let (name, version) = ("growth/steered".parse().unwrap(), Version::parse(version).unwrap());
        let changed = self.app.change_plugin(&self.caller_of(who), &name, &version, &change).await;
        let (_, uses) = changed.map_err(|error| error.to_string())?;
        Ok(uses.releases.iter().map(ToString::to_string).collect())
    }

    /// Judges at d7 and gives the criterion's outcome with its code, and its headline.
    async fn found(&self, release: &str) -> (String, String) {
        let at = self.judge(release, Some("d7")).await.unwrap().at;
        let document = self.document(&at.to_string()).await;
        (told(&document), document.findings[0].headline.clone())
    }
}

/// Outcome of the only criterion, with reason and code where there are any.
fn told(document: &VerdictDocument) -> String {
    let finding = &document.findings[0];
    match (&finding.reason, &finding.code) {
        (Some(reason), Some(code)) => format!("{} ({reason}, {code})", finding.outcome),
        _ => finding.outcome.to_string(),
    }
}
