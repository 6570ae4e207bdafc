//! The variants' totals, and what makes them unfit for any comparison.

use yardstick_sdk::stats::{Degenerate, Sample, SampleRatio, Share, format, sample_ratio};
use yardstick_sdk::{Criterion, Day, Frame, Reason};

use crate::answer::Trouble;
use crate::request::{Kind, Request};
use crate::words::{self, is_whole, shown, whole};

const DAY: i64 = 86_400_000;
/// A split of the units less likely than this is worth a warning.
const UNLIKELY: f64 = 0.01;
/// More variants than this are no experiment but a dimension of something else.
const MOST_DECIDING: usize = 20;

/// One variant over the whole window.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Arm {
    pub(crate) name: String,
    /// Units; NaN: nothing is known of the variant.
    pub(crate) n: f64,
    /// Units that did it, or the sum of their values; NaN: unknown.
    pub(crate) sum: f64,
    /// Sum of squares of a mean; NaN: unknown, or that of a share.
    sum_sq: f64,
    /// Days of the window that have a value, and that there should be; NaN: unknown.
    days: (f64, f64),
}

impl Arm {
    /// Share or mean; `None` without units.
    pub(crate) fn value(&self) -> Option<f64> {
        let value = self.sum / self.n;
        value.is_finite().then_some(value)
    }

    /// The same units, of whom so many did it.
    pub(crate) fn with_sum(&self, sum: f64) -> Self {
        Self { sum, ..self.clone() }
    }

    pub(crate) fn share(&self) -> Result<Share, Degenerate> {
        Share::new(self.sum, self.n)
    }

    pub(crate) fn sample(&self) -> Result<Sample, Degenerate> {
        Sample::from_sums(self.n, self.sum, self.sum_sq)
    }
}

/// All variants that are in the data, by name.
#[derive(Debug)]
pub(crate) struct Arms {
    pub(crate) all: Vec<Arm>,
    /// Points are complete through this day only; `None`: through the window, or nobody says.
    short: Option<(Day, Day)>,
}

/// Variants that can be compared.
pub(crate) struct Checked<'a> {
    pub(crate) control: &'a Arm,
    /// The variants that decide, by name; at least one.
    pub(crate) deciding: Vec<&'a Arm>,
    /// Other variants, which are shown only.
    pub(crate) shown: Vec<&'a Arm>,
    pub(crate) ratio: SampleRatio,
    pub(crate) warnings: Vec<String>,
}

impl Arms {
    /// # Errors
    /// When the frame is not as the contract says.
    pub(crate) fn read(request: &Request<'_>, criterion: &Criterion, totals: &Frame) -> Result<Self, String> {
        let names = totals.texts(request.split_by)?;
        let [n, sum, sum_sq, present, expected] =
            ["n", "sum", "sum_sq", "buckets", "expected"].map(|column| totals.numbers(column));
        let (n, sum, sum_sq, present, expected) = (n?, sum?, sum_sq?, present?, expected?);
        let at = |values: &[f64], row: usize| values.get(row).copied().unwrap_or(f64::NAN);
        let arm = |(row, name): (usize, String)| Arm {
            name,
            n: at(&n, row),
            sum: at(&sum, row),
            sum_sq: at(&sum_sq, row),
            days: (at(&present, row), at(&expected, row)),
        };
        let mut all: Vec<Arm> = names.into_iter().enumerate().map(arm).collect();
        // Whatever the order of the rows, the finding is the same.
        all.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(twice) = all.windows(2).find(|pair| pair[0].name == pair[1].name) {
            return Err(format!("the totals have several rows of the variant {:?}", twice[0].name));
        }
        let about = totals.about();
        let end = about.integer("window-end").unwrap_or(criterion.window.end);
        let start = about.integer("window-start").unwrap_or(criterion.window.start);
        let days_to = |at: i64| at.saturating_sub(start).saturating_add(DAY / 12).div_euclid(DAY).max(0);
        let first = Day::starting_at(start);
        let short = request.metric.complete_through.filter(|through| *through < end).map(|through| {
            let last = end.saturating_sub(start).saturating_add(DAY / 2).div_euclid(DAY) - 1;
            (first.later(days_to(through) - 1), first.later(last))
        });
        Ok(Self { all, short })
    }

    fn get(&self, name: &str) -> Option<&Arm> {
        self.all.iter().find(|arm| arm.name == name)
    }

    /// In the order in which people would mend it.
    pub(crate) fn check(&self, request: &Request<'_>) -> Result<Checked<'_>, Trouble> {
        let missing = |name: &str| {
            let there = match self.all.as_slice() {
                [] => "no variant".to_owned(),
                some => words::names(some.iter().map(|arm| arm.name.as_str())),
            };
            let headline = format!("{} is not in the data; there is {there}", shown(name));
            Trouble::new(Reason::UntrustedData, "variant-missing", headline)
        };
        if self.all.is_empty() {
            let headline = format!("{} has no value in the window", request.metric.key);
            return Err(Trouble::new(Reason::InsufficientData, "no-data", headline));
        }
        let control = self.get(request.control).ok_or_else(|| missing(request.control))?;
        let others: Vec<&Arm> = self.all.iter().filter(|arm| arm.name != request.control).collect();
        if let Some(expected) = &request.expected {
            if let Some(name) = expected.iter().find(|name| self.get(name).is_none()) {
                return Err(missing(name));
            }
            let odd = others.iter().filter(|arm| !expected.contains(&arm.name.as_str()));
            let odd: Vec<&str> = odd.map(|arm| arm.name.as_str()).collect();
            if !odd.is_empty() {
                let headline = format!("{} should not be there", words::names(odd));
                return Err(Trouble::new(Reason::UntrustedData, "variant-unexpected", headline));
            }
        }
        if others.is_empty() {
            let headline = format!("there is no variant beside the control {}", shown(request.control));
            return Err(Trouble::new(Reason::UntrustedData, "variant-missing", headline));
        }
        let ships = request.ships;
        if let Some(ships) = ships.filter(|ships| self.get(ships).is_none()) {
            return Err(missing(ships));
        }
        let (deciding, shown): (Vec<&Arm>, Vec<&Arm>) =
            others.into_iter().partition(|arm| ships.is_none_or(|ships| arm.name == ships));
        if deciding.len() > MOST_DECIDING {
            let headline =
                format!("there are {} variants; at most {MOST_DECIDING} may decide", deciding.len());
            return Err(Trouble::new(Reason::UntrustedData, "variant-unexpected", headline));
        }
        self.check_range(request)?;
        let mut warnings = self.check_days(request)?;
        for arm in deciding.iter().copied().chain([control]) {
            check_n(request, arm)?;
        }
        let ratio = self.check_ratio(request)?;
        for arm in deciding.iter().copied().chain([control]).filter(|_| request.kind == Kind::Mean) {
            check_spread(request, arm)?;
        }
        warnings.extend(unlikely(request, &ratio, &self.all));
        Ok(Checked { control, deciding, shown, ratio, warnings })
    }

    fn check_range(&self, request: &Request<'_>) -> Result<(), Trouble> {
        if let Some(arm) = self.all.iter().find(|arm| arm.n.is_nan()) {
            let headline = format!("{} has no value in {}", request.metric.key, shown(&arm.name));
            return Err(Trouble::new(Reason::InsufficientData, "no-data", headline));
        }
        for arm in &self.all {
            let Some(what) = out_of_range(request, arm) else { continue };
            let headline = format!("{} has {what} in {}", request.metric.key, shown(&arm.name));
            return Err(Trouble::new(Reason::UntrustedData, "out-of-range", headline));
        }
        Ok(())
    }

    /// Whether the window is there in each variant; what is missing but allowed is a warning.
    fn check_days(&self, request: &Request<'_>) -> Result<Vec<String>, Trouble> {
        if let Some((through, last)) = self.short {
            let headline = format!("complete through {through} only; the window runs to {last}");
            return Err(Trouble::new(Reason::UntrustedData, "stale", headline));
        }
        let mut warnings = Vec::new();
        for arm in &self.all {
            let (present, expected) = arm.days;
            let name = shown(&arm.name);
            if !(present >= 0.0 && expected > 0.0) {
                let headline = format!("nobody knows how many of the window's days are there in {name}");
                return Err(Trouble::new(Reason::UntrustedData, "gap", headline));
            }
            let missing = (expected - present).max(0.0);
            if missing == 0.0 {
                continue;
            }
            let verb = if missing == 1.0 { "is" } else { "are" };
            let sentence = format!("{} of {} days {verb} missing in {name}", whole(missing), whole(expected));
            // Never so that rounding of the share forbids a whole number of days.
            let allowed = (request.max_missing * expected + 1e-9) as u64;
            if whole(missing) > allowed {
                let may =
                    if allowed == 0 { "none may be".to_owned() } else { format!("at most {allowed} may be") };
                return Err(Trouble::new(Reason::UntrustedData, "gap", format!("{sentence}; {may}")));
            }
            warnings.push(sentence);
        }
        Ok(warnings)
    }

    fn check_ratio(&self, request: &Request<'_>) -> Result<SampleRatio, Trouble> {
        let groups: Vec<(f64, f64)> = self.all.iter().map(|arm| (arm.n, request.weight(&arm.name))).collect();
        let ratio = sample_ratio(&groups).map_err(|why| Trouble::of(request, why, None))?;
        if ratio.log10_p < libm::log10(request.sample_ratio_p) {
            let headline = format!(
                "{}; chance alone would split them so unevenly with p {}, less than {}",
                words::split(request, &self.all),
                words::p_value(ratio.log10_p),
                request.sample_ratio_p
            );
            return Err(Trouble::new(Reason::UntrustedData, "sample-ratio", headline));
        }
        Ok(ratio)
    }
}

fn unlikely(request: &Request<'_>, ratio: &SampleRatio, arms: &[Arm]) -> Option<String> {
    (ratio.log10_p < libm::log10(UNLIKELY)).then(|| {
        format!(
            "{}; chance alone would split them so unevenly with p {}: look at how they were assigned",
            words::split(request, arms),
            words::p_value(ratio.log10_p)
        )
    })
}

fn check_n(request: &Request<'_>, arm: &Arm) -> Result<(), Trouble> {
    if arm.n >= request.min_n as f64 {
        return Ok(());
    }
    let units = format::counted(request.min_n, request.unit_of_n());
    let headline = format!("{} has {} of {units}", shown(&arm.name), format::count(whole(arm.n)));
    Err(Trouble::new(Reason::InsufficientData, "too-few", headline))
}

/// Of values that are all the same nobody knows how far others would spread, whatever those of another variant do.
fn check_spread(request: &Request<'_>, arm: &Arm) -> Result<(), Trouble> {
    match arm.sample() {
        Ok(sample) if sample.m2 > 0.0 => Ok(()),
        Ok(_) => Err(Trouble::of(request, Degenerate::ZeroVariance, Some(arm))),
        Err(why) => Err(Trouble::of(request, why, Some(arm))),
    }
}

/// What no total of this kind can be.
fn out_of_range(request: &Request<'_>, arm: &Arm) -> Option<&'static str> {
    let Arm { n, sum, sum_sq, .. } = *arm;
    if !n.is_finite() || sum.is_infinite() || sum_sq.is_infinite() {
        return Some("a number beyond all bounds");
    }
    if n < 0.0 || !is_whole(n) {
        return Some("units that are no whole number");
    }
    match request.kind {
        // Without units there is nothing to add up.
        _ if n > 0.0 && sum.is_nan() => Some("units without their sum"),
        Kind::Share if sum < 0.0 || sum > n => Some("a numerator outside 0 to its denominator"),
        Kind::Share if n > 0.0 && !is_whole(sum) => Some("a numerator that is no whole number of units"),
        Kind::Mean if n > 0.0 && sum_sq.is_nan() => Some("no sum of squares"),
        Kind::Mean if n == 0.0 && sum.abs() > 0.0 => Some("a sum of no units"),
        Kind::Mean if n > 0.0 && arm.sample().is_err() => Some("sums that contradict each other"),
        Kind::Share | Kind::Mean => None,
    }
}
