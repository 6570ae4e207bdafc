//! A finding, checked completely.

use yardstick_domain::codes;
use yardstick_domain::finding::{Estimate, Finding, Grade, Outcome, Reason, Table};

use super::{Field, Flaw, Lifted, Reader, at_most};
use crate::contract::v1::yardstick::judge::types as wit;
use crate::limits;

/// The finding that a guest answered.
///
/// # Errors
/// For the first field that breaks a rule of the contract or a limit.
pub(crate) fn finding(found: wit::Finding) -> Lifted<Finding> {
    let reader = &mut Reader::new();
    Ok(Finding {
        outcome: outcome(found.outcome)?,
        headline: reader.words("headline", &found.headline, limits::SENTENCE)?,
        method: reader.text("method", &found.method, limits::TITLE)?,
        grade: match found.grade {
            wit::Grade::Randomised => Grade::Randomised,
            wit::Grade::MatchedControl => Grade::MatchedControl,
            wit::Grade::BeforeAfter => Grade::BeforeAfter,
            wit::Grade::TargetOnly => Grade::TargetOnly,
        },
        target: reader.maybe_number("target", found.target)?,
        primary: found.primary.map(|primary| estimate(reader, "primary", primary)).transpose()?,
        others: others(reader, found.others)?,
        flip: found.flip.map(|flip| reader.words("flip", &flip, limits::SENTENCE)).transpose()?,
        warnings: warnings(reader, &found.warnings)?,
        tables: tables(reader, found.tables)?,
        state: found.state.map(|state| reader.kept("state", state, limits::STATE)).transpose()?,
        more: reader.attrs("more", found.more)?,
    })
}

fn outcome(found: wit::Outcome) -> Lifted<Outcome> {
    let why = match found {
        wit::Outcome::Pass => return Ok(Outcome::Pass),
        wit::Outcome::Marginal => return Ok(Outcome::Marginal),
        wit::Outcome::Fail => return Ok(Outcome::Fail),
        wit::Outcome::Undecided(why) => why,
    };
    let reason = match why.reason {
        wit::Reason::TooEarly => Reason::TooEarly,
        wit::Reason::InsufficientData => Reason::InsufficientData,
        wit::Reason::Inconclusive => Reason::Inconclusive,
        wit::Reason::UntrustedData => Reason::UntrustedData,
    };
    let code = why.code;
    let is_code = (1..=limits::CODE).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !is_code {
        let shown = crate::text::excerpt(&code, limits::CODE);
        let expected =
            format_args!("{shown:?}, and a code is 1 to {} of a-z 0-9 -", limits::CODE).to_string();
        return Err(Flaw::answer("outcome.code", expected));
    }
    // A code of ours must mean what our table says, or its sentence would be wrong.
    match codes::find(&code) {
        Some(row) if row.reason != reason => Err(Flaw::answer(
            "outcome.code",
            format_args!("{code:?} belongs to {}, not to {}", row.reason.as_str(), reason.as_str()),
        )),
        _ => Ok(Outcome::Undecided { reason, code }),
    }
}

fn estimate(reader: &mut Reader, field: impl Field, found: wit::Estimate) -> Lifted<Estimate> {
    let name = reader.words(format_args!("{field}.name"), &found.name, limits::NAME)?;
    let field = format_args!("{field} ({name})");
    let estimate = Estimate {
        unit: reader.text(format_args!("{field}.unit"), &found.unit, limits::NAME)?,
        value: reader.number(format_args!("{field}.value"), found.value)?,
        low: reader.maybe_number(format_args!("{field}.low"), found.low)?,
        high: reader.maybe_number(format_args!("{field}.high"), found.high)?,
        confidence: reader.maybe_number(format_args!("{field}.confidence"), found.confidence)?,
        n: found.n,
        log10_p: reader.maybe_number(format_args!("{field}.log10-p"), found.log10_p)?,
        more: reader.attrs(format_args!("{field}.more"), found.more)?,
        name: name.clone(),
    };
    if let (Some(low), Some(high)) = (estimate.low, estimate.high)
        && low > high
    {
        return Err(Flaw::answer(field, format_args!("its interval starts at {low} and ends at {high}")));
    }
    if let Some(confidence) = estimate.confidence
        && !(0.0..=1.0).contains(&confidence)
    {
        let field = format_args!("{field}.confidence");
        return Err(Flaw::answer(
            field,
            format_args!("{confidence}, and a coverage is in 0..=1, such as 0.95"),
        ));
    }
    if let Some(log10_p) = estimate.log10_p
        && log10_p > 0.0
    {
        let field = format_args!("{field}.log10-p");
        return Err(Flaw::answer(
            field,
            format_args!("{log10_p}, and the logarithm of a p-value is at most 0"),
        ));
    }
    Ok(estimate)
}

fn others(reader: &mut Reader, found: Vec<wit::Estimate>) -> Lifted<Vec<Estimate>> {
    at_most("others", found.len(), limits::EVIDENCE)?;
    found
        .into_iter()
        .enumerate()
        .map(|(index, other)| estimate(reader, format_args!("others[{index}]"), other))
        .collect()
}

fn warnings(reader: &mut Reader, found: &[String]) -> Lifted<Vec<String>> {
    at_most("warnings", found.len(), limits::WARNINGS)?;
    found
        .iter()
        .enumerate()
        .map(|(index, warning)| reader.words(format_args!("warnings[{index}]"), warning, limits::SENTENCE))
        .collect()
}

fn tables(reader: &mut Reader, found: Vec<wit::Table>) -> Lifted<Vec<Table>> {
    at_most("tables", found.len(), limits::TABLES)?;
    found
        .into_iter()
        .enumerate()
        .map(|(index, found)| table(reader, format_args!("tables[{index}]"), found))
        .collect()
}

fn table(reader: &mut Reader, field: impl Field, found: wit::Table) -> Lifted<Table> {
    let title = reader.words(format_args!("{field}.title"), &found.title, limits::TITLE)?;
    at_most(format_args!("{field}.columns"), found.columns.len(), limits::COLUMNS)?;
    at_most(format_args!("{field}.rows"), found.rows.len(), limits::ROWS)?;
    let columns = found
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| reader.words(format_args!("{field}.columns[{index}]"), column, limits::NAME))
        .collect::<Lifted<Vec<_>>>()?;
    let mut rows = Vec::with_capacity(found.rows.len());
    for (index, cells) in found.rows.into_iter().enumerate() {
        let field = format_args!("{field}.rows[{index}]");
        if cells.len() != columns.len() {
            let (cells, columns) = (cells.len(), columns.len());
            return Err(Flaw::answer(field, format_args!("{cells} cells under {columns} columns")));
        }
        rows.push(cells.into_iter().map(|cell| reader.value(field, cell)).collect::<Lifted<Vec<_>>>()?);
    }
    Ok(Table { title, columns, rows, more: reader.attrs(format_args!("{field}.more"), found.more)? })
}
