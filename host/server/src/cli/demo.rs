//! `yardstick demo`: the example's story told with its own clock, in a database of its own.

use std::process::ExitCode;

use anyhow::Context as _;
use jiff::civil::Date;
use yardstick_app::{App, Caller, ImportRequest, JudgeRequest, SetClock};
use yardstick_client::files;
use yardstick_domain::ids::ReleaseSlug;
use yardstick_domain::people::Actor;
use yardstick_domain::verdict::VerdictRef;
use yardstick_report::dates;

use super::context::{Context, Failure};
use super::output::{Format, put, say};
use super::verdict::print;
use crate::wiring;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

macro_rules! example {
    ($name:literal) => {
        example!("batch-changes", $name)
    };
    ($example:literal, $name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/", $example, "/", $name))
    };
}

/// The declarations, as `apply -f examples/batch-changes` reads them.
const FILES: [(&str, &str); 4] = [
    ("organisation.yaml", example!("organisation.yaml")),
    ("teams.yaml", example!("teams.yaml")),
    ("metrics.yaml", example!("metrics.yaml")),
    ("releases.yaml", example!("releases.yaml")),
];

/// Metrics and the files they are imported from.
const DATA: [(&str, &str, &str); 8] = [
    ("batch_changes.mau", "usage.csv", example!("data/usage.csv")),
    ("batch_changes.eligible", "usage.csv", example!("data/usage.csv")),
    ("batch_changes.saturation", "usage.csv", example!("data/usage.csv")),
    ("batch_changes.merge_rate", "changesets.csv", example!("data/changesets.csv")),
    ("site.search_error_rate", "searches.csv", example!("data/searches.csv")),
    ("batch_changes.nps", "nps.csv", example!("data/nps.csv")),
    ("batch_changes.server_error_rate", "runs.csv", example!("data/runs.csv")),
    ("batch_changes.template_runs", "template-runs.csv", example!("data/template-runs.csv")),
];

const CORRECTIONS: &str = example!("data/corrections.csv");
const LATE: &str = example!("data/late.csv");

/// The declarations of the second example; its team and people come along.
const GATE_FILES: [(&str, &str); 3] = [
    ("teams.yaml", example!("cookie-cats", "teams.yaml")),
    ("metrics.yaml", example!("cookie-cats", "metrics.yaml")),
    ("releases.yaml", example!("cookie-cats", "releases.yaml")),
];

/// Its metrics, which read one file.
const GATE_METRICS: [&str; 2] = ["cookie_cats.retention_1", "cookie_cats.retention_7"];

const PLAYERS: &str = example!("cookie-cats", "data/players.csv");

/// The last day of installing; nothing is outstanding.
const LAST_PLAYERS: Date = jiff::civil::date(2026, 5, 18);

/// The story so far: its clock, and the last day that was imported.
struct Story<'a> {
    app: &'a App,
    format: Format,
    clock: &'a SetClock,
    imported: Option<Date>,
}

pub(super) async fn run(context: &Context, _: &Arguments) -> Result<ExitCode, Failure> {
    let folder =
        tempfile::Builder::new().prefix("yardstick-demo-").tempdir().context("no temporary folder")?;
    let data = folder.path().to_path_buf();
    let clock = SetClock::default();
    let app = wiring::app(&wiring::default_database(&data), &data, clock.clock()).await?;
    say(&format!("database {} as local:demo", app.store().name()));
    say(
        "All data but those of the experiment at the end are simulated (examples/batch-changes, examples/cookie-cats); \
         the clock is the story's own, from February to May 2026.\n",
    );
    let mut story = Story { app: &app, format: context.output, clock: &clock, imported: None };
    tell(&mut story).await?;
    tell_of_the_gate(&mut story).await?;
    let kept = folder.keep();
    let here = kept.display();
    say(&format!(
        "\nTry next (the database stays in {here} until you remove it):\n  \
         yardstick --data {here} verdict show batch-changes-ga/d28 --output html > verdict.html\n  \
         yardstick --data {here} verdict show batch-changes-ga/d28 --output markdown\n  \
         yardstick --data {here} release show batch-changes-templates\n  \
         yardstick --data {here} verdict show gate-40/d14 --output markdown\n  \
         yardstick --data {here} metric list\n  \
         yardstick new release my-release --level L2        # then apply, import, check, seal, launch, judge"
    ));
    Ok(ExitCode::SUCCESS)
}

async fn tell(story: &mut Story<'_>) -> Result<(), Failure> {
    let templates: ReleaseSlug = slug("batch-changes-templates")?;
    let ga: ReleaseSlug = slug("batch-changes-ga")?;

    story.at("2026-02-16T09:00:00Z", "two releases are registered, a year of values is imported")?;
    story.apply(&FILES).await?;
    story.import_through("2026-02-15").await?;
    story.app.seal(&story.caller(), &templates).await?;
    story.at("2026-02-17T09:00:00Z", "Batch Changes templates launches")?;
    story.app.launch(&story.caller(), &templates, None).await?;

    story.at("2026-02-26T12:00:00Z", "a week later: yardstick judge batch-changes-templates")?;
    story.import_through("2026-02-25").await?;
    story.judge(&templates).await?;

    story.at(
        "2026-03-02T10:12:00Z",
        "what Batch Changes must reach is checked and sealed, before its launch",
    )?;
    story.import_through("2026-03-01").await?;
    story.app.seal(&story.caller(), &ga).await?;
    story.at("2026-03-10T16:00:00Z", "Batch Changes launches, a week late")?;
    story.app.launch(&story.caller(), &ga, None).await?;

    story.at("2026-03-19T12:00:00Z", "after a week: yardstick judge batch-changes-ga")?;
    story.import_through("2026-03-18").await?;
    story.judge(&ga).await?;

    story.at(
        "2026-04-10T12:00:00Z",
        "after four weeks, with corrected and late values: yardstick judge batch-changes-ga",
    )?;
    story.import_through("2026-04-09").await?;
    story.import("batch_changes.merge_rate", "corrections.csv", CORRECTIONS).await?;
    story.import("batch_changes.merge_rate", "late.csv", LATE).await?;
    let at = story.judge(&ga).await?;

    story.at("2026-04-10T12:00:00Z", &format!("from the record, the same again: yardstick replay {at}"))?;
    let replay = story.app.replay(&story.caller(), &at).await?;
    if !replay.differences.is_empty() {
        return Err(Failure::could(format!("the replay of {at} differs: {:?}", replay.differences)));
    }
    put(&format!("{} findings computed again, identical to the bit\n", replay.identical));
    Ok(())
}

/// A published experiment (examples/cookie-cats), on days of its own.
async fn tell_of_the_gate(story: &mut Story<'_>) -> Result<(), Failure> {
    let gate: ReleaseSlug = slug("gate-40")?;
    story.at(
        "2026-05-04T08:00:00Z",
        "a published experiment is registered and sealed; an hour later it starts",
    )?;
    story.apply(&GATE_FILES).await?;
    story.app.seal(&story.caller(), &gate).await?;
    story.set("2026-05-04T09:00:00Z")?;
    story.app.launch(&story.caller(), &gate, None).await?;

    story.at("2026-05-27T12:00:00Z", "when its players had their seven days: yardstick judge gate-40")?;
    for metric in GATE_METRICS {
        story.import_complete(metric, "players.csv", PLAYERS, Some(LAST_PLAYERS)).await?;
    }
    story.judge(&gate).await?;
    Ok(())
}

impl Story<'_> {
    fn at(&mut self, instant: &str, what: &str) -> Result<(), Failure> {
        self.set(instant)?;
        let day = self.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
        say(&format!("\n— {}: {what}", dates::full(day)));
        Ok(())
    }

    fn set(&self, instant: &str) -> Result<(), Failure> {
        self.clock.set(instant.parse().context("the story's clock")?);
        Ok(())
    }

    fn caller(&self) -> Caller {
        Caller::here(Actor::Local("demo".to_owned()), self.clock.now())
    }

    async fn apply(&self, documents: &[(&str, &str)]) -> Result<(), Failure> {
        let mut declarations = Vec::new();
        for (name, text) in documents {
            let found =
                files::read(text).map_err(|problems| Failure::could(format!("{name}: {problems:?}")))?;
            declarations.extend(found.into_iter().map(|declared| declared.declaration));
        }
        match self.app.apply(&self.caller(), &declarations, None, false).await? {
            Ok(applied) => say(&format!("  {} things declared", applied.changes.len())),
            Err(problems) => return Err(Failure::could(format!("the example does not apply: {problems:?}"))),
        }
        Ok(())
    }

    /// Imports of each file what had arrived by the end of a day, beyond what was imported before.
    async fn import_through(&mut self, day: &str) -> Result<(), Failure> {
        let through: Date = day.parse().context("the story's days")?;
        let mut rows = 0;
        for (metric, name, text) in DATA {
            rows += self.import(metric, name, &between(text, self.imported, through)).await?;
        }
        self.imported = Some(through);
        say(&format!("  {} values imported", yardstick_stats::format::count(rows)));
        Ok(())
    }

    async fn import(&self, metric: &str, name: &str, text: &str) -> Result<u64, Failure> {
        self.import_complete(metric, name, text, None).await
    }

    /// Imports values that are complete through this day; by default through the one before the last.
    async fn import_complete(
        &self,
        metric: &str,
        name: &str,
        text: &str,
        complete_through: Option<Date>,
    ) -> Result<u64, Failure> {
        let metric = metric.parse().map_err(|error| Failure::could(format!("{error}")))?;
        let request = ImportRequest { complete_through, ..ImportRequest::new(metric, name) };
        match self.app.import(&self.caller(), &request, text.as_bytes(), &mut |_| {}).await? {
            Ok(imported) => Ok(imported.batch.new + imported.batch.corrected),
            Err(refused) => Err(Failure::could(format!("{name}: {:?}", refused.rows))),
        }
    }

    async fn judge(&self, release: &ReleaseSlug) -> Result<VerdictRef, Failure> {
        let request =
            JudgeRequest { release: release.clone(), checkpoint: None, as_of: None, known_at: None };
        let judged = self.app.judge(&self.caller(), &request).await?;
        put("\n");
        let charts = self.app.verdict_chart(&self.caller(), &judged.at, None).await?.charts;
        print(self.format, &self.app.verdict_document(&self.caller(), &judged.at).await?, &charts, None)?;
        Ok(judged.at)
    }
}

fn slug(text: &str) -> Result<ReleaseSlug, Failure> {
    text.parse().map_err(|error| Failure::could(format!("{error}")))
}

/// The header and the rows of the days after `after` up to `through`.
fn between(csv: &str, after: Option<Date>, through: Date) -> String {
    let (after, through) = (after.map_or(String::new(), |day| day.to_string()), through.to_string());
    let mut lines = csv.lines();
    let mut out = format!("{}\n", lines.next().unwrap_or_default());
    for line in lines {
        // Days are written year first, so they sort as texts.
        let day = line.get(..10).unwrap_or_default();
        if day > after.as_str() && day <= through.as_str() {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}
