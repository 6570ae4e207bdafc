//! Numbers as people read them: `4,312 users`, `64.4 %`, `−0.82 pp`.
//!
//! The unit decides the style: `share` is written in per cent, `relative` (a ratio minus one) in per cent
//! with its sign, `pp` (a difference of shares) in percentage points with its sign, anything else as a number
//! in front of the unit's word. Minus is the true minus sign, thousands are set apart by commas. What is not
//! finite is written `n/a`.

use std::cmp::Ordering;

const NOTHING: &str = "n/a";
/// More decimals than this say nothing to a reader.
const MOST_DECIMALS: usize = 12;

/// A whole number with its thousands set apart.
#[must_use]
pub fn count(n: u64) -> String {
    dressed(&n.to_string(), false)
}

/// A number of things: `313 users`, `1 user`. An empty unit leaves the number alone.
#[must_use]
pub fn counted(n: u64, unit: &str) -> String {
    match unit {
        "" => count(n),
        _ => format!("{} {}", count(n), noun(n, unit)),
    }
}

/// The plural `unit` as it stands after this number: `user` after 1.
#[must_use]
pub fn noun(n: u64, unit: &str) -> String {
    match (n, unit.strip_suffix("ies"), unit.strip_suffix('s')) {
        (1, Some(stem), _) => format!("{stem}y"),
        // A single letter before it is a unit's sign, such as ms.
        (1, None, Some(stem)) if stem.len() > 1 && !stem.ends_with('s') => stem.to_owned(),
        _ => unit.to_owned(),
    }
}

/// A measured value with its unit, rounded to what is worth reading.
#[must_use]
pub fn value(x: f64, unit: &str) -> String {
    let style = Style::of(unit);
    style.with_word(style.rounded(x, style.decimals(x)), unit)
}

/// As [`value`], with as many further decimals as it takes to show on which side of `bound` it lies: 59.96 %
/// beside a target of 60 % does not become 60.0 %.
#[must_use]
pub fn value_beside(x: f64, bound: f64, unit: &str) -> String {
    Style::of(unit).with_word(bare_beside(x, bound, unit), unit)
}

/// [`value_beside`] with the interval around it: `64.4 % [63.5, 65.4]`. All three share their decimals: what is
/// worth reading of the larger end, more where the interval is so narrow that its ends would look the same, and
/// more for each alone where it takes them to show its side of `bound`.
#[must_use]
pub fn estimate_beside(x: f64, low: f64, high: f64, bound: f64, unit: &str) -> String {
    let style = Style::of(unit);
    let usual = style.decimals(if low.abs() > high.abs() { low } else { high });
    let decimals = usual.max(style.decimals_apart(low, high));
    let bare = |x: f64| bare_with(x, bound, unit, decimals);
    format!("{} [{}, {}]", style.with_word(bare(x), unit), bare(low), bare(high))
}

/// A number somebody chose, such as a target, in full: `60 %`, `4,000 users`, `+5 %`.
#[must_use]
pub fn chosen(x: f64, unit: &str) -> String {
    let style = Style::of(unit);
    style.with_word(bare_chosen(x, unit), unit)
}

/// [`chosen`] without the word of its unit, but with `%` and `pp`: `60 %`, `4,000`.
#[must_use]
pub fn chosen_short(x: f64, unit: &str) -> String {
    match Style::of(unit) {
        Style::Number => bare_chosen(x, unit),
        style => style.with_word(bare_chosen(x, unit), unit),
    }
}

/// A number rounded to the two digits that an estimate is worth: 9,640 is about 9,600.
#[must_use]
pub fn about(x: f64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    let scale = libm::exp10(libm::floor(libm::log10(x.abs())) - 1.0);
    let rounded = libm::round(x / scale) * scale;
    if rounded.is_finite() { rounded } else { x }
}

/// A confidence or another share in full: `95 %`, `97.5 %`, `99.9 %`.
#[must_use]
pub fn confidence(share: f64) -> String {
    if !share.is_finite() {
        return NOTHING.to_owned();
    }
    // One minus a small share is not a short decimal; four decimals of a per cent are.
    let text = format!("{:.4}", share * 100.0);
    format!("{} %", dressed(text.trim_end_matches('0').trim_end_matches('.'), false))
}

/// A p-value to three digits, from its decimal logarithm: `0.00155`, `1.6e−12`.
#[must_use]
pub fn p_value(log10_p: f64) -> String {
    let log10_p = log10_p.min(0.0);
    if !log10_p.is_finite() {
        return NOTHING.to_owned();
    }
    let exponent = libm::floor(log10_p);
    if exponent >= -4.0 {
        // Between 0.0001 and 1: at most six decimals.
        let decimals = if exponent >= -1.0 { 3 } else { (2.0 - exponent) as usize };
        return format!("{:.decimals$}", libm::exp10(log10_p));
    }
    let mantissa = format!("{:.1}", libm::exp10(log10_p - exponent));
    let (mantissa, exponent) =
        if mantissa == "10.0" { ("1.0", exponent + 1.0) } else { (mantissa.as_str(), exponent) };
    format!("{mantissa}e\u{2212}{:.0}", -exponent)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Number,
    Percent,
    Relative,
    Points,
}

impl Style {
    fn of(unit: &str) -> Self {
        match unit {
            "share" => Self::Percent,
            "relative" => Self::Relative,
            "pp" => Self::Points,
            _ => Self::Number,
        }
    }

    /// Powers of ten between the value and what is written.
    fn shift(self) -> i32 {
        if self == Self::Number { 0 } else { 2 }
    }

    fn is_signed(self) -> bool {
        matches!(self, Self::Relative | Self::Points)
    }

    /// Decimals for a value by itself.
    fn decimals(self, x: f64) -> usize {
        let size = x.abs() * if self.shift() == 2 { 100.0 } else { 1.0 };
        let usual: usize = match self {
            Self::Percent | Self::Relative => 1,
            Self::Points => 2,
            Self::Number if x == libm::trunc(x) => return 0,
            Self::Number if size >= 100.0 => 1,
            Self::Number => 2,
        };
        if size == 0.0 || !size.is_finite() {
            return usual;
        }
        // Two significant digits of what is small.
        let for_two = 1 - libm::floor(libm::log10(size)) as i64;
        usual.max(usize::try_from(for_two).unwrap_or(0).min(MOST_DECIMALS))
    }

    /// Decimals that show the first digit of the distance between two values; 0 when there is none.
    fn decimals_apart(self, low: f64, high: f64) -> usize {
        let distance = (high - low) * if self.shift() == 2 { 100.0 } else { 1.0 };
        if distance <= 0.0 || !distance.is_finite() {
            return 0;
        }
        let for_one = -(libm::floor(libm::log10(distance)) as i64);
        usize::try_from(for_one).unwrap_or(0).min(MOST_DECIMALS)
    }

    fn rounded(self, x: f64, decimals: usize) -> String {
        if !x.is_finite() {
            return NOTHING.to_owned();
        }
        if self == Self::Number && (x.abs() >= 1e15 || (x != 0.0 && x.abs() < 1e-9)) {
            return dressed(&format!("{x:.2e}"), false);
        }
        let text = self.plain(x, decimals);
        let text = if self == Self::Number && text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.')
        } else {
            &text
        };
        dressed(text, self.is_signed())
    }

    /// Digits only, as a machine writes them.
    fn plain(self, x: f64, decimals: usize) -> String {
        format!("{:.decimals$}", if self.shift() == 2 { x * 100.0 } else { x })
    }

    fn with_word(self, number: String, unit: &str) -> String {
        match self {
            _ if number == NOTHING => number,
            Self::Percent | Self::Relative => format!("{number} %"),
            Self::Points => format!("{number} pp"),
            Self::Number if unit.is_empty() => number,
            Self::Number if number == "1" => format!("1 {}", noun(1, unit)),
            Self::Number => format!("{number} {unit}"),
        }
    }
}

fn bare_beside(x: f64, bound: f64, unit: &str) -> String {
    bare_with(x, bound, unit, Style::of(unit).decimals(x))
}

/// With `usual` decimals, or as many more as it takes to show on which side of `bound` it lies.
fn bare_with(x: f64, bound: f64, unit: &str, usual: usize) -> String {
    let style = Style::of(unit);
    let side = x.partial_cmp(&bound);
    let shows_side = |decimals: &usize| {
        let text = format!("{}e-{}", style.plain(x, *decimals), style.shift());
        text.parse::<f64>().ok().and_then(|shown| shown.partial_cmp(&bound)) == side
    };
    let decimals = match side {
        None | Some(Ordering::Equal) => usual,
        Some(_) => (usual..=MOST_DECIMALS).find(shows_side).unwrap_or(usual),
    };
    style.rounded(x, decimals)
}

fn bare_chosen(x: f64, unit: &str) -> String {
    let style = Style::of(unit);
    if !x.is_finite() {
        return NOTHING.to_owned();
    }
    let text = if style.shift() == 2 { crate::quantity::hundredfold(x) } else { x.to_string() };
    dressed(&text, style.is_signed())
}

/// A machine's digits with commas between thousands and a true sign; zero has none.
fn dressed(text: &str, signed: bool) -> String {
    let (minus, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let is_zero = !digits.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    let sign = match (is_zero, minus, signed) {
        (true, ..) | (false, false, false) => "",
        (false, true, _) => "\u{2212}",
        (false, false, true) => "+",
    };
    let whole = digits.find(['.', 'e']).unwrap_or(digits.len());
    let mut out = String::from(sign);
    for (index, digit) in digits[..whole].char_indices() {
        if index > 0 && (whole - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(&digits[whole..].replace('-', "\u{2212}"));
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn counts_are_grouped_and_their_nouns_agree() {
        for (n, unit, text) in [
            (0, "users", "0 users"),
            (1, "users", "1 user"),
            (1, "queries", "1 query"),
            (1, "access", "1 access"),
            (1, "s", "1 s"),
            (1, "ms", "1 ms"),
            (1, "", "1"),
            (999, "users", "999 users"),
            (1_000, "users", "1,000 users"),
            (12_345_678, "", "12,345,678"),
        ] {
            assert_eq!(counted(n, unit), text);
        }
    }

    #[test]
    fn values_are_rounded_to_what_is_worth_reading() {
        for (x, unit, text) in [
            (4312.0, "users", "4,312 users"),
            (1.0, "users", "1 user"),
            (-1234.56, "ms", "\u{2212}1,234.6 ms"),
            (12.345, "s", "12.35 s"),
            (12.3, "s", "12.3 s"),
            (0.001_234, "s", "0.0012 s"),
            (-0.0, "s", "0 s"),
            (3e20, "bytes", "3.00e20 bytes"),
            (2e-12, "s", "2.00e\u{2212}12 s"),
            (0.6444, "share", "64.4 %"),
            (0.6, "share", "60.0 %"),
            (0.0, "share", "0.0 %"),
            (0.000_423, "share", "0.042 %"),
            (0.0204, "relative", "+2.0 %"),
            (-0.0204, "relative", "\u{2212}2.0 %"),
            (-0.0082, "pp", "\u{2212}0.82 pp"),
            (0.0013, "pp", "+0.13 pp"),
            (0.0, "pp", "0.00 pp"),
            (f64::NAN, "users", "n/a"),
            (f64::INFINITY, "share", "n/a"),
        ] {
            assert_eq!(value(x, unit), text);
        }
    }

    #[test]
    fn rounding_never_crosses_the_bound() {
        for (x, bound, unit, text) in [
            (0.6444, 0.6, "share", "64.4 %"),
            (0.5996, 0.6, "share", "59.96 %"),
            (0.600_04, 0.6, "share", "60.004 %"),
            (0.6, 0.6, "share", "60.0 %"),
            (0.07, 0.07, "share", "7.0 %"),
            (249.96, 250.0, "ms", "249.96 ms"),
            (250.2, 250.0, "ms", "250.2 ms"),
        ] {
            assert_eq!(value_beside(x, bound, unit), text);
        }
    }

    #[test]
    fn estimates_and_their_intervals_share_decimals() {
        for ((x, low, high, bound), unit, text) in [
            ((0.6444, 0.6348, 0.6539, 0.6), "share", "64.4 % [63.5, 65.4]"),
            ((0.62, 0.599_99, 0.654, 0.6), "share", "62.0 % [59.999, 65.4]"),
            ((0.0112, 0.011_07, 0.011_38, 0.015), "share", "1.12 % [1.11, 1.14]"),
            ((-0.0082, -0.0133, -0.0031, 0.0), "pp", "\u{2212}0.82 pp [\u{2212}1.33, \u{2212}0.31]"),
            ((-0.0059, -0.0124, 0.0006, 0.0), "pp", "\u{2212}0.59 pp [\u{2212}1.24, +0.06]"),
            ((-0.0059, -0.0124, 0.000_001, 0.0), "pp", "\u{2212}0.59 pp [\u{2212}1.24, +0.0001]"),
            ((-0.0204, -0.0337, -0.0069, 0.05), "relative", "\u{2212}2.0 % [\u{2212}3.4, \u{2212}0.7]"),
            ((180.2, 170.0, 191.7, 250.0), "ms", "180.2 ms [170, 191.7]"),
            ((0.5, 0.5, 0.5, 0.6), "share", "50.0 % [50.0, 50.0]"),
            ((0.5, f64::NAN, 1.0, 0.6), "share", "50.0 % [n/a, 100.0]"),
        ] {
            assert_eq!(estimate_beside(x, low, high, bound, unit), text);
        }
    }

    #[test]
    fn chosen_numbers_are_written_in_full() {
        for (x, unit, text, short) in [
            (4000.0, "users", "4,000 users", "4,000"),
            (0.6, "share", "60 %", "60 %"),
            (0.07, "share", "7 %", "7 %"),
            (0.05, "relative", "+5 %", "+5 %"),
            (0.001, "pp", "+0.1 pp", "+0.1 pp"),
            (-2.5, "s", "\u{2212}2.5 s", "\u{2212}2.5"),
        ] {
            assert_eq!(chosen(x, unit), text);
            assert_eq!(chosen_short(x, unit), short);
        }
        assert_eq!(confidence(0.95), "95 %");
        assert_eq!(confidence(1.0 - 0.05 / 2.0), "97.5 %");
    }

    #[test]
    fn p_values_have_three_digits_however_small() {
        for (log10_p, text) in [
            (0.0, "1.000"),
            (-1.128_370_707, "0.0744"),
            (-2.808_479_131, "0.00155"),
            (-4.5, "3.2e\u{2212}5"),
            (-866.171_773, "6.7e\u{2212}867"),
            (-5.000_01, "1.0e\u{2212}5"),
            (f64::NEG_INFINITY, "n/a"),
        ] {
            assert_eq!(p_value(log10_p), text);
        }
    }

    proptest! {
        #[test]
        fn every_number_has_a_text(bits in any::<u64>(), other in any::<u64>()) {
            let (x, bound) = (f64::from_bits(bits), f64::from_bits(other));
            for unit in ["users", "share", "pp", "relative", ""] {
                for text in [value_beside(x, bound, unit), estimate_beside(x, bound, x, bound, unit)] {
                    prop_assert!(!text.is_empty() && !text.contains("NaN"));
                }
            }
        }
    }
}
