//! Two periods of days under one weekday pattern, whose days resemble their neighbours.
//!
//! The days are fitted by one level per period and one effect per weekday (ordinary least squares). What the
//! fit leaves tells how far days spread and how much neighbours have in common. Both are read too small from
//! short series, because the fit follows the noise; here that is not corrected by a formula for long series:
//! the expected squares and products of the residuals, `E[e e'] = M S M` with the residual maker `M` of this
//! very fit and the correlations `S` of a first-order autoregressive series, are computed and inverted.

use crate::Degenerate;

/// Days of a week.
pub(crate) const WEEK: usize = 7;
/// A series whose days resemble each other more than this says next to nothing however long it is.
const MOST_ALIKE: f64 = 0.95;
/// Standard errors by which the autocorrelation is taken larger than it is seen to be: an interval suffers
/// more from a value too small than from one too large. Chosen by the coverage in `before_after`.
const CAUTION: f64 = 0.85;
/// Halvings of the range of the autocorrelation, which leave it known to a thousandth.
const HALVINGS: u32 = 10;

/// A day that has a value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    /// 0 after the launch, 1 before it.
    pub(crate) period: usize,
    /// Days after the period's first.
    pub(crate) at: usize,
    /// 0..7.
    pub(crate) weekday: usize,
    /// How far the day lies from its period's level.
    pub(crate) off: f64,
    /// Its share of the level.
    pub(crate) weight: f64,
}

/// What residuals of unit variance come to on average, by period.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected {
    /// Sum of their squares.
    pub(crate) squares: [f64; 2],
    /// Sum of products of neighbours, of both periods.
    products: f64,
    /// Variance of the level: 1 over the independent days it is worth.
    pub(crate) of_level: [f64; 2],
}

/// What the fit says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    /// Autocorrelation of neighbouring days in 0..=0.95, on the cautious side.
    pub(crate) autocorrelation: f64,
    /// Sum of squared residuals by period.
    pub(crate) squares: [f64; 2],
    /// Its expectation for days of unit variance.
    pub(crate) expected: Expected,
    /// Degrees of freedom by period, fewer than there would be if days were independent.
    pub(crate) df: [f64; 2],
}

/// The fit of two levels and the weekdays' effects.
struct Fit {
    /// Days by period and weekday.
    counts: [[f64; WEEK]; 2],
    /// The period, less what the weekdays say of it, by period and weekday.
    contrast: [[f64; WEEK]; 2],
    /// Sum of squares of `contrast` over all days.
    contrast_squares: f64,
}

/// Fits the points, in the order of time within each period; both periods must share a weekday. `known`: an
/// autocorrelation that is not to be read from the residuals.
///
/// # Errors
/// [`Degenerate::OneValue`] when no weekday comes twice beyond what the fit uses up.
pub(crate) fn find(points: &[Point], known: Option<f64>) -> Result<Found, Degenerate> {
    let fit = Fit::of(points);
    let independent = fit.degrees_of_freedom(points);
    let total = independent[0] + independent[1];
    // A whole number but for rounding.
    if total < 0.5 {
        return Err(Degenerate::OneValue);
    }
    let residuals = fit.residuals(points);
    let mut squares = [0.0; 2];
    for (point, residual) in points.iter().zip(&residuals) {
        squares[point.period] += residual * residual;
    }
    let both = squares[0] + squares[1];
    if both == 0.0 {
        return Err(Degenerate::ZeroVariance);
    }
    let autocorrelation = known.unwrap_or_else(|| {
        let neighbours = points.windows(2).zip(residuals.windows(2)).filter(|(pair, _)| adjacent(pair));
        let products: f64 = neighbours.map(|(_, pair)| pair[0] * pair[1]).sum();
        invert(&fit, points, products / both + CAUTION / libm::sqrt(total))
    });
    // Squares of neighbours that resemble each other repeat each other: Bartlett's formula for variances.
    let square = autocorrelation * autocorrelation;
    let df = independent.map(|df| df * (1.0 - square) / (1.0 + square));
    Ok(Found { autocorrelation, squares, expected: fit.expected(points, autocorrelation), df })
}

/// The autocorrelation that makes the residuals' own on average what it is seen to be.
fn invert(fit: &Fit, points: &[Point], seen: f64) -> f64 {
    let below = |autocorrelation: f64| {
        let expected = fit.expected(points, autocorrelation);
        expected.products / (expected.squares[0] + expected.squares[1]) < seen
    };
    if !below(0.0) {
        return 0.0;
    }
    if below(MOST_ALIKE) {
        return MOST_ALIKE;
    }
    let (mut low, mut high) = (0.0, MOST_ALIKE);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if below(middle) { low = middle } else { high = middle }
    }
    high
}

fn adjacent(pair: &[Point]) -> bool {
    pair[0].period == pair[1].period && pair[0].at + 1 == pair[1].at
}

impl Fit {
    fn of(points: &[Point]) -> Self {
        let mut counts = [[0.0; WEEK]; 2];
        for point in points {
            counts[point.period][point.weekday] += 1.0;
        }
        let mut contrast = [[0.0; WEEK]; 2];
        let mut contrast_squares = 0.0;
        for weekday in 0..WEEK {
            let (after, before) = (counts[0][weekday], counts[1][weekday]);
            if after + before > 0.0 {
                contrast[0][weekday] = before / (after + before);
                contrast[1][weekday] = -after / (after + before);
                contrast_squares += after * before / (after + before);
            }
        }
        Self { counts, contrast, contrast_squares }
    }

    fn of_weekday(&self, weekday: usize) -> f64 {
        self.counts[0][weekday] + self.counts[1][weekday]
    }

    /// How much the fit at `point` follows the value at `other`: an entry of the hat matrix.
    fn follows(&self, point: &Point, other: &Point) -> f64 {
        let same = if point.weekday == other.weekday { 1.0 / self.of_weekday(point.weekday) } else { 0.0 };
        let contrasts =
            self.contrast[point.period][point.weekday] * self.contrast[other.period][other.weekday];
        same + contrasts / self.contrast_squares
    }

    /// What the fit leaves of each period's days.
    fn degrees_of_freedom(&self, points: &[Point]) -> [f64; 2] {
        let mut df = [0.0; 2];
        for point in points {
            df[point.period] += 1.0 - self.follows(point, point);
        }
        df
    }

    fn residuals(&self, points: &[Point]) -> Vec<f64> {
        let mut of_weekday = [0.0; WEEK];
        let mut along_contrast = 0.0;
        for point in points {
            of_weekday[point.weekday] += point.off;
            along_contrast += self.contrast[point.period][point.weekday] * point.off;
        }
        let fitted = |point: &Point| {
            let slope = along_contrast / self.contrast_squares;
            of_weekday[point.weekday] / self.of_weekday(point.weekday)
                + self.contrast[point.period][point.weekday] * slope
        };
        points.iter().map(|point| point.off - fitted(point)).collect()
    }

    /// What squares and products of residuals come to for days of unit variance.
    fn expected(&self, points: &[Point], autocorrelation: f64) -> Expected {
        let reach = Reach::new(self, points, autocorrelation);
        let mut expected = Expected { squares: [0.0; 2], products: 0.0, of_level: [0.0; 2] };
        for (index, point) in points.iter().enumerate() {
            expected.squares[point.period] +=
                1.0 - 2.0 * reach.once(point, index) + reach.twice(point, point);
            if let Some(pair) = points.get(index..index + 2).filter(|pair| adjacent(pair)) {
                let next = &pair[1];
                expected.products += autocorrelation - reach.once(point, index + 1) - reach.once(next, index)
                    + reach.twice(point, next);
            }
        }
        let mut carried = Carried::default();
        for point in points {
            let earlier = carried.to(point, autocorrelation)[0];
            expected.of_level[point.period] += point.weight * (point.weight + 2.0 * earlier);
            carried.values[0] += point.weight;
        }
        expected
    }
}

/// Sums over earlier days, each counting less the longer ago it is. Periods are independent.
#[derive(Default)]
struct Carried {
    values: [f64; WEEK],
    last: Option<(usize, usize)>,
}

impl Carried {
    /// The sums as they reach this day.
    fn to(&mut self, point: &Point, autocorrelation: f64) -> [f64; WEEK] {
        let fade = match self.last {
            Some((period, at)) if period == point.period => {
                libm::pow(autocorrelation, at.abs_diff(point.at) as f64)
            }
            _ => 0.0,
        };
        self.values.iter_mut().for_each(|value| *value *= fade);
        self.last = Some((point.period, point.at));
        self.values
    }
}

/// The correlations `S`, summed as the hat matrix `H` needs them: its rows only differ by period and weekday.
struct Reach<'a> {
    fit: &'a Fit,
    /// By day: correlations with the days of its period, summed by their weekday.
    by_weekday: Vec<[f64; WEEK]>,
    /// By day: the same, summed along the contrast.
    along_contrast: Vec<f64>,
    /// `by_weekday` summed over the days of each weekday.
    of_weekdays: [[f64; WEEK]; WEEK],
    /// `by_weekday` summed over all days along the contrast.
    of_contrast: [f64; WEEK],
    /// `along_contrast` summed along the contrast.
    both: f64,
}

impl<'a> Reach<'a> {
    fn new(fit: &'a Fit, points: &[Point], autocorrelation: f64) -> Self {
        let mut by_weekday = vec![[0.0; WEEK]; points.len()];
        let mut add = |indices: &mut dyn Iterator<Item = usize>, itself: f64| {
            let mut carried = Carried::default();
            for index in indices {
                let point = &points[index];
                let reaching = carried.to(point, autocorrelation);
                for (sum, reaches) in by_weekday[index].iter_mut().zip(reaching) {
                    *sum += reaches;
                }
                by_weekday[index][point.weekday] += itself;
                carried.values[point.weekday] += 1.0;
            }
        };
        add(&mut (0..points.len()), 1.0);
        add(&mut (0..points.len()).rev(), 0.0);
        let mut along_contrast = Vec::with_capacity(points.len());
        let (mut of_weekdays, mut of_contrast, mut both) = ([[0.0; WEEK]; WEEK], [0.0; WEEK], 0.0);
        for (point, sums) in points.iter().zip(&by_weekday) {
            let contrasts = &fit.contrast[point.period];
            let along = sums.iter().zip(contrasts).map(|(sum, contrast)| sum * contrast).sum::<f64>();
            for weekday in 0..WEEK {
                of_weekdays[point.weekday][weekday] += sums[weekday];
                of_contrast[weekday] += contrasts[point.weekday] * sums[weekday];
            }
            both += contrasts[point.weekday] * along;
            along_contrast.push(along);
        }
        Self { fit, by_weekday, along_contrast, of_weekdays, of_contrast, both }
    }

    /// The entry of `H S` in the row of `point` and the column of the day at `index`.
    fn once(&self, point: &Point, index: usize) -> f64 {
        let fit = self.fit;
        self.by_weekday[index][point.weekday] / fit.of_weekday(point.weekday)
            + fit.contrast[point.period][point.weekday] * self.along_contrast[index] / fit.contrast_squares
    }

    /// The entry of `H S H` in the row of `point` and the column of `other`.
    fn twice(&self, point: &Point, other: &Point) -> f64 {
        let fit = self.fit;
        let slope = |of: &Point| fit.contrast[of.period][of.weekday] / fit.contrast_squares;
        let (row, column) = (fit.of_weekday(point.weekday), fit.of_weekday(other.weekday));
        self.of_weekdays[point.weekday][other.weekday] / (row * column)
            + slope(point) * self.of_contrast[other.weekday] / column
            + slope(other) * self.of_contrast[point.weekday] / row
            + slope(point) * slope(other) * self.both
    }
}
