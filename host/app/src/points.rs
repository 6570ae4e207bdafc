//! Reading the points of a metric: what counts, and what was there before.

use jiff::Timestamp;
use jiff::civil::Date;
use yardstick_domain::ids::MetricKey;
use yardstick_domain::metric::{Metric, Visibility};
use yardstick_domain::nearest;
use yardstick_domain::point::Dimensions;
use yardstick_domain::problem::Problem;
use yardstick_domain::time::{Window, plus_days, start_of_day, zone};
use yardstick_store::{Page, PointCursor, PointFilter, PointHistory};

use crate::error::{AppError, Result};
use crate::{App, Caller};

/// Which points of a metric to list. The default: all, as known now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PointsWanted {
    /// From this day on, in the metric's zone.
    pub from: Option<Date>,
    /// Until this day, itself too.
    pub until: Option<Date>,
    /// Of series that have all of these values of dimensions.
    pub dimensions: Dimensions,
    /// As known then.
    pub known_at: Option<Timestamp>,
}

impl App {
    /// A metric whose values whoever asks may read.
    ///
    /// # Errors
    /// [`AppError::NotFound`] with the nearest known key; [`AppError::Forbidden`] when its values are for its team
    /// only: by its visibility, or because they are of single units.
    pub async fn readable_metric(&self, caller: &Caller, key: &MetricKey) -> Result<Metric> {
        let metric = self.metric_named(key).await?;
        let why = match (metric.visibility, &metric.unit_dimension) {
            (Visibility::Team, _) => "by its visibility",
            (Visibility::Company, Some(_)) => "because they are of single units",
            (Visibility::Company, None) => return Ok(metric),
        };
        if self.sees(caller).await?.of_team(&metric.team) {
            return Ok(metric);
        }
        self.refused(caller, "read values of", &format!("metric {key}")).await?;
        Err(AppError::Forbidden(format!(
            "values of {key} are read by members of {} only, {why}; ask {}",
            metric.team, metric.owner
        )))
    }

    /// Points of a metric by the text of their dimensions and then by day, a page of at most `limit` at a time, each
    /// with the values that it had before. `after` is the cursor that the page before gave.
    ///
    /// # Errors
    /// As [`App::readable_metric`], which gives `metric`; [`AppError::Refused`] for a dimension that it does not have.
    pub async fn points(
        &self,
        metric: &Metric,
        wanted: &PointsWanted,
        after: Option<&PointCursor>,
        limit: u32,
    ) -> Result<Page<PointHistory, PointCursor>> {
        let known = || metric.dimensions.keys().chain(&metric.unit_dimension);
        let unknown = wanted.dimensions.keys().filter(|name| known().all(|known| known != *name));
        let problems: Vec<Problem> = unknown
            .map(|name| {
                let hint = nearest::hint(name, known().map(String::as_str));
                Problem::new("dimension", format!("the metric has no dimension {name:?}{hint}"))
            })
            .collect();
        if !problems.is_empty() {
            return Err(AppError::Refused(problems));
        }
        let zone = zone(&metric.time_zone);
        let range = Window {
            start: wanted.from.map_or(Timestamp::MIN, |day| start_of_day(day, &zone)),
            end: wanted.until.map_or(Timestamp::MAX, |day| start_of_day(plus_days(day, 1), &zone)),
        };
        let filter = PointFilter { range, dimensions: wanted.dimensions.clone(), known_at: wanted.known_at };
        Ok(self.store.point_history(&metric.key, &filter, after, limit).await?)
    }
}
