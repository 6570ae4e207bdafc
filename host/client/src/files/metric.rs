//! `metric:` documents.

use std::collections::{BTreeMap, HashSet};

use schemars::JsonSchema;
use serde::Deserialize;
use yardstick_domain::metric::{Basis, Better, Grain, ImportColumns, Kind, Metric, Missing, Visibility};
use yardstick_domain::problem::Problem;

use super::Declaration;
use super::reading::{Problems, address, days, duration, parse, text, zone};

/// How values add up.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum KindWord {
    Gauge,
    Sum,
    Mean,
    Ratio,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum BetterWord {
    Higher,
    Lower,
    Neither,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum BasisWord {
    #[default]
    Recorded,
    Estimated,
    Predicted,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum GrainWord {
    Day,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum MissingWord {
    Gap,
    Zero,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum VisibilityWord {
    #[default]
    Company,
    Team,
}

impl From<VisibilityWord> for Visibility {
    fn from(word: VisibilityWord) -> Self {
        match word {
            VisibilityWord::Company => Self::Company,
            VisibilityWord::Team => Self::Team,
        }
    }
}

/// Names of the columns of an imported file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ImportFile {
    /// Column with the day.
    time: Option<String>,
    /// Column with the value of a gauge or sum.
    value: Option<String>,
    /// Column with the numerator of a ratio.
    numerator: Option<String>,
    /// Column with the denominator of a ratio.
    denominator: Option<String>,
    /// Column with the units of a mean.
    n: Option<String>,
    /// Column with the sum of a mean.
    sum: Option<String>,
    /// Column with the sum of squares of a mean.
    sum_sq: Option<String>,
    /// Dimension to column.
    #[serde(default)]
    dimensions: BTreeMap<String, String>,
    /// Dimension to the text that marks its total, such as `deployment: all`.
    #[serde(default)]
    total: BTreeMap<String, String>,
}

/// A metric: what is measured, and how its values add up.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Metric")]
pub(super) struct MetricFile {
    /// Its key: a-z 0-9 _ and dots.
    metric: String,
    /// Its name for people.
    title: String,
    /// Mail address of the person who answers for it.
    owner: String,
    /// The team it belongs to.
    team: String,
    /// What it means, in full sentences.
    definition: String,
    /// Raise when the meaning changes; part of the seal.
    #[schemars(range(min = 1, max = 1_000_000))]
    definition_version: u32,
    /// gauge: a level computed elsewhere, never summed; sum; mean (n, sum, sum of squares); ratio (numerator over denominator).
    kind: KindWord,
    /// Unit of its values; `share` for a proportion.
    unit: String,
    /// Which way it improves.
    better: BetterWord,
    /// recorded | estimated | predicted.
    #[serde(default)]
    basis: BasisWord,
    /// Whether values are a sample of something larger. Default: ratios and means are, gauges and sums are complete counts.
    sampled: Option<bool>,
    /// Days a gauge's value looks back, such as 28d for trailing-28-day users.
    covers: Option<String>,
    /// Width of a bucket.
    grain: GrainWord,
    /// IANA time zone whose days these are.
    time_zone: String,
    /// What a day without a value means: gap (unknown) or zero.
    missing: MissingWord,
    /// How long after a day's end its value is promised, such as 36h.
    fresh_within: String,
    /// Who may read it: company or team.
    #[serde(default)]
    visibility: VisibilityWord,
    /// Dimensions and their values. A gauge's total must be imported; it is never summed.
    #[serde(default)]
    dimensions: BTreeMap<String, Vec<String>>,
    /// The dimension whose values are single units, such as one account each. Plugins with leave read their values, without identifiers.
    unit_dimension: Option<String>,
    /// Where its data live: `points`, imported here.
    source: String,
    /// How files of it are read.
    #[serde(default)]
    import: ImportFile,
    /// Links by name.
    #[serde(default)]
    links: BTreeMap<String, String>,
}

/// Sources there are.
const SOURCES: [&str; 1] = ["points"];

impl MetricFile {
    pub(super) fn declare(self, problems: &mut Problems) -> Option<Declaration> {
        let key = parse("metric", &self.metric, problems);
        let title = text("title", &self.title, 200, problems);
        let owner = parse("owner", &self.owner, problems);
        let team = parse("team", &self.team, problems);
        let definition = text("definition", &self.definition, 4_000, problems);
        let unit = text("unit", &self.unit, 40, problems);
        let time_zone = zone("time_zone", &self.time_zone, problems);
        let fresh_within = duration("fresh_within", &self.fresh_within, problems);
        let covers_days = match &self.covers {
            None => Some(None),
            Some(text) => days("covers", text, problems).map(Some),
        };
        let kind = match self.kind {
            KindWord::Gauge => Kind::Gauge,
            KindWord::Sum => Kind::Sum,
            KindWord::Mean => Kind::Mean,
            KindWord::Ratio => Kind::Ratio,
        };
        if covers_days.flatten().is_some() && kind != Kind::Gauge {
            problems.push(Problem::new(
                "covers",
                format!("only a gauge looks back; this is a {kind}; remove it"),
            ));
        }
        if self.sampled == Some(false) && matches!(kind, Kind::Mean | Kind::Ratio) {
            let message = format!(
                "a {kind} is judged as a sample; where it counts everybody, say decide_by: estimate in the criterion"
            );
            problems.push(Problem::new("sampled", message));
        }
        if !SOURCES.contains(&self.source.as_str()) {
            let message =
                format!("{:?} is no source; expected points (values are imported here)", self.source);
            problems.push(Problem::new("source", message));
        }
        check_dimensions(&self.dimensions, problems);
        check_unit(self.unit_dimension.as_deref(), &self.dimensions, problems);
        let import = self.import.declare(kind, &self.dimensions, problems);
        for (name, link) in &self.links {
            address(&format!("links.{name}"), link, problems);
        }
        Some(Declaration::Metric(Metric {
            key: key?,
            title: title?,
            owner: owner?,
            team: team?,
            definition: definition?,
            definition_version: self.definition_version,
            kind,
            unit: unit?,
            better: match self.better {
                BetterWord::Higher => Better::Higher,
                BetterWord::Lower => Better::Lower,
                BetterWord::Neither => Better::Neither,
            },
            basis: match self.basis {
                BasisWord::Recorded => Basis::Recorded,
                BasisWord::Estimated => Basis::Estimated,
                BasisWord::Predicted => Basis::Predicted,
            },
            sampled: self.sampled.unwrap_or(matches!(kind, Kind::Mean | Kind::Ratio)),
            covers_days: covers_days?,
            grain: match self.grain {
                GrainWord::Day => Grain::Day,
            },
            time_zone: time_zone?,
            missing: match self.missing {
                MissingWord::Gap => Missing::Gap,
                MissingWord::Zero => Missing::Zero,
            },
            fresh_within: fresh_within?,
            visibility: self.visibility.into(),
            dimensions: self.dimensions,
            unit_dimension: self.unit_dimension,
            source: self.source,
            import,
            links: self.links,
        }))
    }
}

fn check_dimensions(dimensions: &BTreeMap<String, Vec<String>>, problems: &mut Problems) {
    for (name, values) in dimensions {
        let field = format!("dimensions.{name}");
        let good = (1..=40).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !good {
            problems.push(Problem::new(
                &field,
                format!("{name:?} is no dimension; expected 1 to 40 of a-z 0-9 _"),
            ));
        }
        let mut before = HashSet::new();
        for (index, value) in values.iter().enumerate() {
            if !before.insert(value) {
                problems.push(Problem::new(format!("{field}[{index}]"), format!("{value:?} is there twice")));
            }
        }
    }
}

fn check_unit(unit: Option<&str>, dimensions: &BTreeMap<String, Vec<String>>, problems: &mut Problems) {
    let Some(name) = unit else { return };
    let message = match dimensions.get(name) {
        Some(values) if values.is_empty() => return,
        Some(_) => {
            format!("{name} lists its values, and units are not listed; write {name}: [] under dimensions")
        }
        None => {
            let hint = yardstick_domain::nearest::hint(name, dimensions.keys().map(String::as_str));
            format!("the metric has no dimension {name:?}{hint}; declare it: dimensions: {{ {name}: [] }}")
        }
    };
    problems.push(Problem::new("unit_dimension", message));
}

impl ImportFile {
    fn declare(
        self,
        kind: Kind,
        dimensions: &BTreeMap<String, Vec<String>>,
        problems: &mut Problems,
    ) -> ImportColumns {
        for (map, names) in [("dimensions", &self.dimensions), ("total", &self.total)] {
            for name in names.keys().filter(|name| !dimensions.contains_key(*name)) {
                let hint = yardstick_domain::nearest::hint(name, dimensions.keys().map(String::as_str));
                let message = format!("the metric has no dimension {name:?}{hint}");
                problems.push(Problem::new(format!("import.{map}.{name}"), message));
            }
        }
        let columns = ImportColumns {
            time: self.time,
            value: self.value,
            numerator: self.numerator,
            denominator: self.denominator,
            n: self.n,
            sum: self.sum,
            sum_sq: self.sum_sq,
            dimensions: self.dimensions,
            total: self.total,
        };
        for name in columns.foreign(kind) {
            let message = format!("a {kind} has no {name}; expected {}", expected_columns(kind));
            problems.push(Problem::new(format!("import.{name}"), message));
        }
        columns
    }
}

fn expected_columns(kind: Kind) -> &'static str {
    match kind {
        Kind::Gauge | Kind::Sum => "value",
        Kind::Mean => "n, sum and sum_sq",
        Kind::Ratio => "numerator and denominator",
    }
}
