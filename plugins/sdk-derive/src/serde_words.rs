//! What serde is told of a type or a field, as far as the schema must say the same.

use syn::{Attribute, Error, LitStr};

/// What `#[serde(…)]` says.
#[derive(Debug, Default)]
pub(crate) struct SerdeWords {
    pub(crate) rename: Option<String>,
    pub(crate) rename_all: Option<String>,
    /// The field may be left out.
    pub(crate) default: bool,
    /// The field is not read.
    pub(crate) skip: bool,
    pub(crate) deny_unknown_fields: bool,
}

impl SerdeWords {
    /// Reads the attributes.
    ///
    /// # Errors
    /// For words of serde that change how parameters are read in ways the schema cannot follow.
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self, Error> {
        let mut words = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            attribute.parse_nested_meta(|meta| {
                let word = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
                match word.as_str() {
                    "rename" => words.rename = Some(meta.value()?.parse::<LitStr>()?.value()),
                    "rename_all" => words.rename_all = Some(meta.value()?.parse::<LitStr>()?.value()),
                    "default" => {
                        words.default = true;
                        if meta.input.peek(syn::Token![=]) {
                            meta.value()?.parse::<LitStr>()?;
                        }
                    }
                    "skip" | "skip_deserializing" => words.skip = true,
                    "deny_unknown_fields" => words.deny_unknown_fields = true,
                    _ => {
                        return Err(meta.error(
                            "the schema of parameters cannot follow this; of serde it knows rename, rename_all, \
                             default, skip and deny_unknown_fields",
                        ));
                    }
                }
                Ok(())
            })?;
        }
        Ok(words)
    }
}

/// A Rust name as serde writes it under a `rename_all` rule.
///
/// # Errors
/// The rules that are known, when this is none of them.
pub(crate) fn renamed(name: &str, rule: Option<&str>, is_case: bool) -> Result<String, String> {
    let snake = if is_case { snake_of(name) } else { name.to_owned() };
    Ok(match rule {
        None => name.to_owned(),
        Some("snake_case") => snake,
        Some("kebab-case") => snake.replace('_', "-"),
        Some("lowercase") => name.to_lowercase(),
        Some("SCREAMING_SNAKE_CASE") => snake.to_uppercase(),
        Some(other) => {
            return Err(format!(
                "rename_all = \"{other}\": parameters are written in snake_case, kebab-case, lowercase or \
                 SCREAMING_SNAKE_CASE"
            ));
        }
    })
}

/// `AtLeast` as `at_least`.
fn snake_of(name: &str) -> String {
    let mut snake = String::new();
    for (index, letter) in name.char_indices() {
        if index > 0 && letter.is_uppercase() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::renamed;

    #[test]
    fn names_are_written_as_serde_writes_them() {
        for (name, rule, is_case, expected) in [
            ("at_least", None, false, "at_least"),
            ("at_least", Some("kebab-case"), false, "at-least"),
            ("AtLeast", Some("kebab-case"), true, "at-least"),
            ("AtLeast", Some("snake_case"), true, "at_least"),
            ("AtLeast", Some("lowercase"), true, "atleast"),
            ("AtLeast", Some("SCREAMING_SNAKE_CASE"), true, "AT_LEAST"),
            ("AtLeast", None, true, "AtLeast"),
        ] {
            assert_eq!(renamed(name, rule, is_case).as_deref(), Ok(expected));
        }
        assert!(renamed("a", Some("camelCase"), false).unwrap_err().contains("camelCase"));
    }
}
