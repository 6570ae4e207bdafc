//! Metrics: list and show.

use yardstick_app::{App, MetricDetail};
use yardstick_client::api::{CoveragePart, MetricDocument, MetricSummary, MetricsRequest, Page};
use yardstick_domain::metric::{Basis, Better, Grain, Kind, Metric, Missing, Visibility};
use yardstick_domain::point::Coverage;
use yardstick_domain::time::{day_of, plus_days, zone};
use yardstick_store::MetricFilter;

use super::reading::{Reading, parse};
use super::{Result, imports};

/// Metrics by key.
pub(crate) async fn list(app: &App, request: &MetricsRequest) -> Result<Page<MetricSummary>> {
    let mut reading = Reading::default();
    let filter = MetricFilter {
        team: reading.maybe("team", request.team.as_ref()),
        owner: reading.maybe("owner", request.owner.as_ref()),
        kind: reading.one_of("kind", request.kind.as_ref(), &Kind::ALL, Kind::as_str),
        text: reading.plain("text", request.text.as_ref()),
    };
    let after = reading.cursor(request.cursor.as_ref(), |text| text.parse().ok());
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.metrics(&filter, after.as_ref(), limit).await?;
    let items = page.items.into_iter().map(|(metric, coverage)| summary(metric, &coverage));
    Ok(Page { items: items.collect(), next: page.next.map(|key| key.to_string()) })
}

/// A metric: definition, data, imports.
pub(crate) async fn show(app: &App, metric: &str) -> Result<MetricDocument> {
    Ok(document(app.metric_detail(&parse("metric", metric)?).await?))
}

fn summary(metric: Metric, coverage: &Coverage) -> MetricSummary {
    let coverage = covered(coverage, &metric.time_zone);
    MetricSummary {
        key: metric.key.to_string(),
        title: metric.title,
        kind: metric.kind.into(),
        unit: metric.unit,
        owner: metric.owner.to_string(),
        team: metric.team.to_string(),
        time_zone: metric.time_zone,
        coverage,
    }
}

fn document(detail: MetricDetail) -> MetricDocument {
    let MetricDetail { metric, hash, coverage, imports } = detail;
    let coverage = covered(&coverage, &metric.time_zone);
    MetricDocument {
        key: metric.key.to_string(),
        title: metric.title,
        owner: metric.owner.to_string(),
        team: metric.team.to_string(),
        definition: metric.definition,
        definition_version: metric.definition_version,
        hash: hash.to_string(),
        kind: metric.kind.into(),
        unit: metric.unit,
        better: match metric.better {
            Better::Higher => "higher",
            Better::Lower => "lower",
            Better::Neither => "neither",
        }
        .to_owned(),
        basis: match metric.basis {
            Basis::Recorded => "recorded",
            Basis::Estimated => "estimated",
            Basis::Predicted => "predicted",
        }
        .to_owned(),
        sampled: metric.sampled,
        covers_days: metric.covers_days,
        unit_dimension: metric.unit_dimension,
        grain: match metric.grain {
            Grain::Day => "day",
        }
        .to_owned(),
        time_zone: metric.time_zone,
        missing: match metric.missing {
            Missing::Gap => "gap",
            Missing::Zero => "zero",
        }
        .to_owned(),
        fresh_within_minutes: metric.fresh_within.as_mins(),
        visibility: match metric.visibility {
            Visibility::Company => "company",
            Visibility::Team => "team",
        }
        .to_owned(),
        dimensions: metric.dimensions,
        source: metric.source,
        links: metric.links,
        coverage,
        imports: imports.into_iter().map(imports::document).collect(),
    }
}

fn covered(coverage: &Coverage, time_zone: &str) -> CoveragePart {
    let zone = zone(time_zone);
    CoveragePart {
        buckets: coverage.buckets,
        oldest: coverage.oldest.map(|start| day_of(start, &zone)),
        newest: coverage.newest.map(|start| day_of(start, &zone)),
        complete_through: coverage.complete_through,
        last_complete_day: coverage.complete_through.map(|instant| plus_days(day_of(instant, &zone), -1)),
    }
}
