//! `#[params(…)]`: what a value must be beyond its type.

use syn::{Attribute, Error, Lit, LitStr};

/// The words there are and the keywords of JSON Schema they become.
const NUMBERS: [(&str, &str); 10] = [
    ("min", "minimum"),
    ("max", "maximum"),
    ("above", "exclusiveMinimum"),
    ("below", "exclusiveMaximum"),
    ("min_length", "minLength"),
    ("max_length", "maxLength"),
    ("min_items", "minItems"),
    ("max_items", "maxItems"),
    ("min_fields", "minProperties"),
    ("max_fields", "maxProperties"),
];
const QUANTITIES: [&str; 4] = ["level", "share", "change", "ratio"];

/// Reads the attributes of a field: keywords of JSON Schema with their values as JSON texts.
///
/// # Errors
/// For unknown words and values of the wrong type.
pub(crate) fn read(attributes: &[Attribute]) -> Result<Vec<(String, String)>, Error> {
    let mut keywords = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("params")) {
        attribute.parse_nested_meta(|meta| {
            let word = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            if let Some((_, keyword)) = NUMBERS.iter().find(|(known, _)| *known == word) {
                let negative = {
                    let value = meta.value()?;
                    value.parse::<Option<syn::Token![-]>>()?.is_some()
                };
                let number = match meta.input.parse::<Lit>()? {
                    Lit::Int(number) => number.base10_digits().to_owned(),
                    Lit::Float(number) => number.base10_digits().to_owned(),
                    other => return Err(Error::new_spanned(other, format!("{word} takes a number"))),
                };
                let sign = if negative { "-" } else { "" };
                keywords.push(((*keyword).to_owned(), format!("{sign}{number}")));
                return Ok(());
            }
            if word != "quantity" {
                let known: Vec<&str> = NUMBERS.iter().map(|(known, _)| *known).collect();
                return Err(meta.error(format!("params knows quantity, {}", known.join(", "))));
            }
            let quantity = meta.value()?.parse::<LitStr>()?;
            if !QUANTITIES.contains(&quantity.value().as_str()) {
                return Err(Error::new_spanned(
                    quantity,
                    "a quantity is a \"level\", \"share\", \"change\" or \"ratio\"",
                ));
            }
            keywords.push(("x-quantity".to_owned(), format!("\"{}\"", quantity.value())));
            Ok(())
        })?;
    }
    Ok(keywords)
}
