//! Small readers that turn written words into domain values and collect what is wrong.

use std::fmt::Display;
use std::str::FromStr;

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use serde_json::Value;
use yardstick_domain::problem::Problem;

use super::Declaration;

/// Problems found so far.
pub(super) type Problems = Vec<Problem>;

/// The value with fields that hold nothing removed: an empty field is a field that is not there.
pub(super) fn normalised(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), normalised(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(normalised).collect(),
        // 2.0 is the whole number 2, to JSON Schema and to people.
        Value::Number(number) => match number.as_f64() {
            Some(whole) if number.is_f64() && whole.fract() == 0.0 && whole.abs() < 9e15 => {
                (whole as i64).into()
            }
            _ => value.clone(),
        },
        other => other.clone(),
    }
}

/// Reads the typed file and declares it; nothing when the schema already refused it.
pub(super) fn typed<T: DeserializeOwned>(
    value: &Value,
    declare: fn(T, &mut Problems) -> Option<Declaration>,
    problems: &mut Problems,
) -> Option<Declaration> {
    if !problems.is_empty() {
        return None;
    }
    match serde_json::from_value(value.clone()) {
        Ok(file) => declare(file, problems),
        Err(error) => {
            problems.push(Problem::new("", error.to_string()));
            None
        }
    }
}

/// Parses a field's text by the type's own rule.
pub(super) fn parse<T: FromStr<Err: Display>>(field: &str, text: &str, problems: &mut Problems) -> Option<T> {
    text.parse().map_err(|error: T::Err| problems.push(Problem::new(field, error.to_string()))).ok()
}

/// An instant, with an offset.
pub(super) fn instant(field: &str, text: &str, problems: &mut Problems) -> Option<Timestamp> {
    let read = text.parse().ok();
    if read.is_none() {
        let message =
            format!("{text:?} is no instant; expected one with an offset, such as 2026-03-10T16:00:00Z");
        problems.push(Problem::new(field, message));
    }
    read
}

/// The IANA zone of this name.
pub(super) fn zone(field: &str, name: &str, problems: &mut Problems) -> Option<String> {
    if name != "Etc/Unknown" && TimeZone::get(name).is_ok() {
        return Some(name.to_owned());
    }
    let message =
        format!("{name:?} is no known time zone; expected an IANA name such as Europe/Berlin or UTC");
    problems.push(Problem::new(field, message));
    None
}

/// A day such as `2026-03-03`.
pub(super) fn date(field: &str, text: &str, problems: &mut Problems) -> Option<Date> {
    let well_formed = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date = text.parse::<Date>().ok().filter(|date| well_formed && (2000..=2200).contains(&date.year()));
    if date.is_none() {
        let message = format!("{text:?} is no day; expected year-month-day, such as 2026-03-03");
        problems.push(Problem::new(field, message));
    }
    date
}

/// A duration such as `36h` or `28d`: whole minutes, hours or days of 24 hours, up to ten years.
pub(super) fn duration(field: &str, text: &str, problems: &mut Problems) -> Option<SignedDuration> {
    let hours = |unit: char| match unit {
        'd' => Some(24 * 60),
        'h' => Some(60),
        'm' => Some(1),
        _ => None,
    };
    let minutes = text.chars().last().and_then(hours).and_then(|minutes| {
        let number: u32 = text[..text.len() - 1].parse().ok()?;
        i64::from(number).checked_mul(minutes).filter(|minutes| *minutes <= 10 * 366 * 24 * 60)
    });
    if minutes.is_none() {
        problems.push(Problem::new(field, format!("{text:?} is no duration; expected such as 36h or 28d")));
    }
    minutes.map(SignedDuration::from_mins)
}

/// Whole days such as `28d`, 1 to 730.
pub(super) fn days(field: &str, text: &str, problems: &mut Problems) -> Option<u32> {
    let days =
        text.strip_suffix('d').and_then(|digits| digits.parse().ok()).filter(|days| (1..=730).contains(days));
    if days.is_none() {
        let message = format!("{text:?} is no number of whole days; expected 1d to 730d, such as 28d");
        problems.push(Problem::new(field, message));
    }
    days
}

/// A share such as `75%`, in 0..=1.
pub(super) fn share(field: &str, value: &Value, problems: &mut Problems) -> Option<f64> {
    use yardstick_stats::Quantity;
    let share = match value.as_str().map(str::parse::<Quantity>) {
        Some(Ok(Quantity::Percent(share))) if (0.0..=1.0).contains(&share) => Some(share),
        _ => None,
    };
    if share.is_none() {
        let message = format!("{value} is no share; expected 0% to 100%, such as 75%");
        problems.push(Problem::new(field, message));
    }
    share
}

/// An address with http or https.
pub(super) fn address(field: &str, text: &str, problems: &mut Problems) -> Option<String> {
    let good = (text.starts_with("https://") || text.starts_with("http://"))
        && text.len() <= 2_000
        && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    if !good {
        problems.push(Problem::new(field, format!("{text:?} is no address; expected https://…")));
    }
    good.then(|| text.to_owned())
}

/// A text for people: not empty, at most `most` characters, no control characters but line ends.
pub(super) fn text(field: &str, text: &str, most: usize, problems: &mut Problems) -> Option<String> {
    let trimmed = text.trim();
    let fault = if trimmed.is_empty() {
        Some("is empty".to_owned())
    } else if trimmed.chars().count() > most {
        Some(format!("has {} characters; expected at most {most}", trimmed.chars().count()))
    } else if trimmed.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        Some("has control characters; remove them".to_owned())
    } else {
        None
    };
    match fault {
        Some(fault) => {
            problems.push(Problem::new(field, fault));
            None
        }
        None => Some(trimmed.to_owned()),
    }
}
