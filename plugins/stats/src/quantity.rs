//! A number as people write it in a file: `4000`, `60%`, `0.1pp`.

use std::fmt;
use std::str::FromStr;

/// A finite number with the sign people put behind it.
///
/// Reading and writing move the decimal point in the text and never multiply, so `0.07` shares are written
/// `7%` and not `7.000000000000001%`, and every value reads back as itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantity {
    /// A bare number, in whatever unit its place says.
    Plain(f64),
    /// A share or a relative change: `60%` holds 0.6.
    Percent(f64),
    /// Percentage points, a difference of shares: `0.1pp` holds 0.001.
    Points(f64),
}

impl Quantity {
    /// The number held: `60%` gives 0.6, `0.1pp` gives 0.001.
    #[must_use]
    pub fn value(self) -> f64 {
        match self {
            Self::Plain(value) | Self::Percent(value) | Self::Points(value) => value,
        }
    }

    /// A number of a JSON or YAML document, which carries no sign of its own.
    ///
    /// # Errors
    /// [`QuantityError::NotFinite`] for NaN and the infinities.
    pub fn from_json_number(number: f64) -> Result<Self, QuantityError> {
        if number.is_finite() {
            Ok(Self::Plain(number + 0.0)) // -0 becomes 0
        } else {
            Err(QuantityError::NotFinite(number.to_string()))
        }
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    /// Reads a decimal number (`-` or `−` in front, `.` for the fraction, an exponent if need be), then
    /// nothing, `%` or `pp`, with or without a space between.
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let trimmed = text.trim();
        if let Some(number) = trimmed.strip_suffix('%') {
            decimal(number, text, -2).map(Self::Percent)
        } else if let Some(number) = trimmed.strip_suffix("pp") {
            decimal(number, text, -2).map(Self::Points)
        } else {
            decimal(trimmed, text, 0).map(Self::Plain)
        }
    }
}

impl fmt::Display for Quantity {
    /// The shortest text that reads back as the same value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(value) => write!(f, "{value}"),
            Self::Percent(value) => write!(f, "{}%", hundredfold(*value)),
            Self::Points(value) => write!(f, "{}pp", hundredfold(*value)),
        }
    }
}

/// Why a text is no [`Quantity`]. Each holds the text as found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum QuantityError {
    /// Nothing, or only a sign such as `%`.
    Empty(String),
    /// A comma, space, underscore or apostrophe between digits.
    Separator(String),
    /// A finite number was expected.
    NotFinite(String),
    /// Anything else.
    NotANumber(String),
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const WANTED: &str = "expected a number such as 4000, 60% or 0.1pp";
        match self {
            Self::Empty(found) => write!(f, "\"{}\" holds no number; {WANTED}", shown(found)),
            Self::Separator(found) => write!(
                f,
                "\"{}\" separates its digits; write them together, with a point before the fraction, as in \
                 4000 or 0.5",
                shown(found)
            ),
            Self::NotFinite(found) => write!(f, "\"{}\" is not a finite number; {WANTED}", shown(found)),
            Self::NotANumber(found) => write!(f, "\"{}\" is not a number; {WANTED}", shown(found)),
        }
    }
}

impl std::error::Error for QuantityError {}

/// The start of a text that may be of any length, fit for one line of a message.
fn shown(found: &str) -> String {
    const MOST: usize = 40;
    let mut line: String = found.trim().chars().take(MOST).filter(|c| !c.is_control()).collect();
    if found.trim().chars().nth(MOST).is_some() {
        line.push('…');
    }
    line
}

/// Reads `number` times ten to the `shift`, correctly rounded once.
fn decimal(number: &str, whole: &str, shift: i32) -> Result<f64, QuantityError> {
    let number = number.trim_end().replacen('\u{2212}', "-", 1);
    if number.trim_matches(['+', '-']).is_empty() {
        return Err(QuantityError::Empty(whole.to_owned()));
    }
    if number.contains(is_separator) && number.chars().all(|c| is_separator(c) || "0123456789.+-".contains(c))
    {
        return Err(QuantityError::Separator(whole.to_owned()));
    }
    let not_a_number = || QuantityError::NotANumber(whole.to_owned());
    let lower = number.to_ascii_lowercase();
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    if matches!(lower.trim_start_matches(['+', '-']), "nan" | "inf" | "infinity" | ".nan" | ".inf") {
        return Err(QuantityError::NotFinite(whole.to_owned()));
    }
    if !mantissa.bytes().all(|b| b.is_ascii_digit() || b"+-.".contains(&b)) {
        return Err(not_a_number());
    }
    let exponent: i32 = exponent.parse().map_err(|_| not_a_number())?;
    let value: f64 =
        format!("{mantissa}e{}", exponent.saturating_add(shift)).parse().map_err(|_| not_a_number())?;
    if value.is_finite() { Ok(value + 0.0) } else { Err(QuantityError::NotFinite(whole.to_owned())) }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | '_' | '\'' | '\u{2019}')
}

/// The decimal text of a hundred times `value`, made by moving the point in the shortest text of `value`.
pub(crate) fn hundredfold(value: f64) -> String {
    let text = value.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let moved = fraction.len().min(2);
    let whole = format!("{whole}{:0<2}", &fraction[..moved]);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    match &fraction[moved..] {
        "" => format!("{sign}{whole}"),
        rest => format!("{sign}{whole}.{rest}"),
    }
}

#[cfg(feature = "serde")]
mod json {
    use std::fmt;

    use serde::de::{Deserialize, Deserializer, Error, Visitor};

    use super::Quantity;

    impl<'de> Deserialize<'de> for Quantity {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(QuantityVisitor)
        }
    }

    struct QuantityVisitor;

    impl Visitor<'_> for QuantityVisitor {
        type Value = Quantity;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number such as 4000, 60% or 0.1pp")
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<Quantity, E> {
            self.visit_f64(number as f64)
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<Quantity, E> {
            self.visit_f64(number as f64)
        }

        fn visit_f64<E: Error>(self, number: f64) -> Result<Quantity, E> {
            Quantity::from_json_number(number).map_err(E::custom)
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Quantity, E> {
            text.parse().map_err(E::custom)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Quantity, QuantityError};

    #[test]
    fn reads_what_people_write_and_writes_it_back() {
        for (text, value, back) in [
            ("4000", Quantity::Plain(4000.0), "4000"),
            ("+0.5", Quantity::Plain(0.5), "0.5"),
            ("-0", Quantity::Plain(0.0), "0"),
            ("1e6", Quantity::Plain(1e6), "1000000"),
            ("60%", Quantity::Percent(0.6), "60%"),
            ("60 %", Quantity::Percent(0.6), "60%"),
            ("60\u{a0}%", Quantity::Percent(0.6), "60%"),
            ("7%", Quantity::Percent(0.07), "7%"),
            ("-1.5%", Quantity::Percent(-0.015), "-1.5%"),
            ("\u{2212}1.5%", Quantity::Percent(-0.015), "-1.5%"),
            ("0.1pp", Quantity::Points(0.001), "0.1pp"),
            (" 0.10 pp ", Quantity::Points(0.001), "0.1pp"),
            ("110%", Quantity::Percent(1.1), "110%"),
            ("0%", Quantity::Percent(0.0), "0%"),
            ("5e-1%", Quantity::Percent(0.005), "0.5%"),
        ] {
            let read: Quantity = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(read, value, "{text}");
            assert_eq!(read.to_string(), back, "{text}");
        }
    }

    #[test]
    fn refuses_the_rest_in_a_sentence() {
        for (text, start) in [
            ("", "\"\" holds no number"),
            ("%", "\"%\" holds no number"),
            ("4,000", "\"4,000\" separates its digits"),
            ("4 000", "\"4 000\" separates its digits"),
            ("4_000%", "\"4_000%\" separates its digits"),
            ("0,5", "\"0,5\" separates its digits"),
            ("NaN", "\"NaN\" is not a finite number"),
            (".inf", "\".inf\" is not a finite number"),
            ("1e999", "\"1e999\" is not a finite number"),
            ("60 percent", "\"60 percent\" is not a number"),
            ("60%%", "\"60%%\" is not a number"),
            ("0x10", "\"0x10\" is not a number"),
            ("1-2", "\"1-2\" is not a number"),
            ("1.2.3", "\"1.2.3\" is not a number"),
            ("1e1.5", "\"1e1.5\" is not a number"),
        ] {
            let error = text.parse::<Quantity>().expect_err(text);
            assert!(error.to_string().starts_with(start), "{text}: {error}");
        }
        assert_eq!(Quantity::from_json_number(f64::NAN), Err(QuantityError::NotFinite("NaN".into())));
    }

    #[cfg(feature = "serde")]
    #[test]
    fn documents_hold_numbers_or_texts() {
        for (json, quantity) in [
            ("4000", Quantity::Plain(4000.0)),
            ("-0.5", Quantity::Plain(-0.5)),
            ("\"60%\"", Quantity::Percent(0.6)),
        ] {
            assert_eq!(serde_json::from_str::<Quantity>(json).expect(json), quantity);
        }
        let error = serde_json::from_str::<Quantity>("\"4,000\"").expect_err("a separator").to_string();
        assert!(error.contains("separates its digits"), "{error}");
    }

    proptest! {
        #[test]
        fn every_value_reads_back_as_itself(value in any::<f64>().prop_filter("finite", |v| v.is_finite())) {
            let value = value + 0.0;
            for quantity in [Quantity::Plain(value), Quantity::Percent(value), Quantity::Points(value)] {
                prop_assert_eq!(quantity.to_string().parse::<Quantity>(), Ok(quantity));
            }
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,60}") {
            if let Ok(quantity) = text.parse::<Quantity>() {
                prop_assert!(quantity.value().is_finite());
            }
        }
    }
}
