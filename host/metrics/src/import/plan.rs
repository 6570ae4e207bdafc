//! Which fields of a row a metric needs, and how a row becomes points, whatever the format.

use std::collections::HashMap;

use yardstick_domain::metric::{ImportColumns, Kind, Metric};
use yardstick_domain::nearest;
use yardstick_domain::point::{Dimensions, Point};

use super::cells::Cells;
use super::{Mapping, RowProblem, shown};

/// Most names and values that a message lists.
pub(super) const MOST_NAMES: usize = 20;
/// Most names among which the one that was meant is looked for: a line may hold half a million.
pub(super) const MOST_COMPARED: usize = 200;

/// A field that is read.
#[derive(Debug)]
pub(super) struct Field {
    /// Its name in the file.
    pub(super) name: String,
    /// What it is read for, such as `the day`.
    purpose: String,
}

/// How rows are read. Fields go by number: their place in `fields`.
#[derive(Debug)]
pub(super) struct Plan {
    /// Each once, though it may be read for several things.
    pub(super) fields: Vec<Field>,
    /// Where each is, by name.
    places: HashMap<String, usize>,
    time: usize,
    /// Sum, n, sum of squares.
    numbers: [Option<usize>; 3],
    /// A field per value of the wide dimension, the one of its total included.
    wide: Vec<usize>,
    wide_dimension: Option<String>,
    wide_total: Option<usize>,
    dimensions: Vec<Dimension>,
    only: Vec<(usize, String)>,
}

#[derive(Debug)]
struct Dimension {
    name: String,
    field: usize,
    /// The text that marks its total.
    total: Option<String>,
}

/// A row of any format. A field that is not there is an empty text and no number.
pub(super) trait Row {
    fn text(&self, field: usize) -> Result<&str, String>;
    fn number(&self, field: usize) -> Result<Option<f64>, String>;
}

/// The name of the field at fault, and what is wrong with it.
type Fault = (String, String);

impl Plan {
    /// The plan, and what is wrong with the mapping: all of it.
    pub(super) fn new(metric: &Metric, mapping: &Mapping) -> (Self, Vec<RowProblem>) {
        let columns = &mapping.columns;
        let (mut fields, mut places) = (Vec::new(), HashMap::new());
        let mut field = |name: &str, purpose: &str| {
            *places.entry(name.to_owned()).or_insert_with(|| {
                fields.push(Field { name: name.to_owned(), purpose: purpose.to_owned() });
                fields.len() - 1
            })
        };
        let time = field(columns.time.as_deref().unwrap_or("day"), "the day");
        let mut number = |named: &Option<String>, usual: &str, purpose: &str| {
            Some(field(named.as_deref().unwrap_or(usual), purpose))
        };
        let numbers = match metric.kind {
            _ if mapping.wide.is_some() => [None; 3],
            Kind::Gauge | Kind::Sum => [number(&columns.value, "value", "the value"), None, None],
            Kind::Ratio => [
                number(&columns.numerator, "numerator", "the numerator"),
                number(&columns.denominator, "denominator", "the denominator"),
                None,
            ],
            Kind::Mean => [
                number(&columns.sum, "sum", "the sum"),
                number(&columns.n, "n", "the units"),
                number(&columns.sum_sq, "sum_sq", "the sum of squares"),
            ],
        };
        let wide_dimension = mapping.wide.clone();
        let wide_total = wide_dimension.as_ref().and_then(|dimension| columns.total.get(dimension));
        let wide_total = wide_total.map(|name| field(name, "the total of the wide dimension"));
        let wide_values = wide_dimension.as_ref().and_then(|dimension| metric.dimensions.get(dimension));
        let values = wide_values.into_iter().flatten();
        let mut wide: Vec<usize> =
            values.map(|value| field(value, "a value of the wide dimension")).collect();
        wide.extend(wide_total);
        let others = metric.dimensions.keys().filter(|dimension| Some(*dimension) != mapping.wide.as_ref());
        let dimensions = others
            .map(|name| Dimension {
                name: name.clone(),
                field: field(columns.dimensions.get(name).unwrap_or(name), &format!("the dimension {name}")),
                total: columns.total.get(name).cloned(),
            })
            .collect();
        let only = mapping.only.iter();
        let only = only.map(|(name, text)| (field(name, "choosing rows"), text.clone())).collect();
        let faults = wide_fault(metric, mapping).into_iter().chain(misnamed(metric, columns));
        let problems = faults.map(RowProblem::of_the_file).collect();
        (Self { fields, places, time, numbers, wide, wide_dimension, wide_total, dimensions, only }, problems)
    }

    /// Which field has this name in the file.
    pub(super) fn field(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// The points of a row; none when it is empty or of another metric.
    pub(super) fn points(&self, row: &impl Row, cells: &mut Cells<'_>) -> Result<Vec<Point>, Fault> {
        for (field, wanted) in &self.only {
            if self.text(row, *field)? != wanted {
                return Ok(Vec::new());
            }
        }
        let bucket = cells.bucket(self.text(row, self.time)?).map_err(|what| self.fault(self.time, what))?;
        let mut dimensions = Dimensions::new();
        for Dimension { name, field, total } in &self.dimensions {
            let value = cells.dimension(name, self.text(row, *field)?, total.as_ref());
            if let Some(value) = value.map_err(|what| self.fault(*field, what))? {
                dimensions.insert(name.clone(), value);
            }
        }
        let mut points = Vec::new();
        let Some(wide) = &self.wide_dimension else {
            let mut numbers = [("", None); 3];
            for (number, field) in numbers.iter_mut().zip(self.numbers) {
                if let Some(field) = field {
                    *number = self.number(row, field)?;
                }
            }
            points.extend(cells.measure(numbers)?.map(|measure| Point { bucket, dimensions, measure }));
            return Ok(points);
        };
        for field in &self.wide {
            let number = self.number(row, *field)?;
            if let Some(measure) = cells.measure([number, ("", None), ("", None)])? {
                let mut dimensions = dimensions.clone();
                if self.wide_total != Some(*field) {
                    dimensions.insert(wide.clone(), self.fields[*field].name.clone());
                }
                points.push(Point { bucket, dimensions, measure });
            }
        }
        Ok(points)
    }

    /// Fields without which no row of a file says anything: one of each group must be in it somewhere.
    pub(super) fn needed(&self) -> impl Iterator<Item = &[usize]> {
        let numbers = self.numbers.iter().filter_map(Option::as_ref);
        let single = numbers.chain(self.only.iter().map(|(field, _)| field)).map(std::slice::from_ref);
        single.chain((!self.wide.is_empty()).then_some(self.wide.as_slice()))
    }

    /// That a file with fields of these names lacks one.
    pub(super) fn lacks(&self, field: usize, word: &str, names: &[String]) -> RowProblem {
        let Field { name, purpose } = &self.fields[field];
        RowProblem::of_the_file(format!(
            "the file has no {word} {name:?} for {purpose}{}; it has {}",
            nearest::hint(name, names.iter().take(MOST_COMPARED).map(String::as_str)),
            names.iter().take(MOST_NAMES).map(|name| shown(name)).collect::<Vec<_>>().join(", ")
        ))
    }

    fn text<'r>(&self, row: &'r impl Row, field: usize) -> Result<&'r str, Fault> {
        row.text(field).map(str::trim).map_err(|what| self.fault(field, what))
    }

    fn number(&self, row: &impl Row, field: usize) -> Result<(&str, Option<f64>), Fault> {
        let number = row.number(field).map_err(|what| self.fault(field, what))?;
        Ok((&self.fields[field].name, number))
    }

    fn fault(&self, field: usize, what: String) -> Fault {
        (self.fields[field].name.clone(), what)
    }
}

/// Why a file cannot be read as a wide one.
fn wide_fault(metric: &Metric, mapping: &Mapping) -> Option<String> {
    let dimension = mapping.wide.as_ref()?;
    match metric.dimensions.get(dimension) {
        None => Some(format!("the metric has no dimension {dimension:?}")),
        Some(values) if values.is_empty() => Some(format!("the dimension {dimension:?} lists no values")),
        Some(_) if !matches!(metric.kind, Kind::Gauge | Kind::Sum) => {
            Some(format!("a {} has several numbers a row; import it as a long file", metric.kind))
        }
        Some(_) => None,
    }
}

/// Columns named for what the metric does not have.
fn misnamed(metric: &Metric, columns: &ImportColumns) -> Vec<String> {
    let known = || metric.dimensions.keys().map(String::as_str);
    let named = columns.dimensions.keys().chain(columns.total.keys());
    let mut faults: Vec<String> = named
        .filter(|name| !metric.dimensions.contains_key(*name))
        .map(|name| format!("the metric has no dimension {name:?}{}", nearest::hint(name, known())))
        .collect();
    faults.extend(columns.foreign(metric.kind).map(|name| format!("a {} has no {name}", metric.kind)));
    faults
}
