//! Names of things, checked once when they enter.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that cannot be such a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is no {what}; expected {expected}")]
pub struct BadName {
    /// What it should have been.
    pub what: &'static str,
    /// The text.
    pub found: String,
    /// The rule.
    pub expected: &'static str,
}

macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $what:literal, $expected:literal, $accepts:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $type {
            type Err = BadName;

            fn from_str(text: &str) -> Result<Self, BadName> {
                let accepts: fn(&str) -> bool = $accepts;
                if accepts(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(BadName { what: $what, found: text.to_owned(), expected: $expected })
                }
            }
        }

        impl TryFrom<String> for $type {
            type Error = BadName;

            fn try_from(text: String) -> Result<Self, BadName> {
                text.parse()
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

fn slug(text: &str, further: &[u8]) -> bool {
    (1..=80).contains(&text.len())
        && text.as_bytes()[0].is_ascii_alphanumeric()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || further.contains(&byte))
}

name!(
    /// Key of a team, such as `batch-changes`.
    TeamKey, "team key", "1 to 80 of a-z 0-9 -, first a letter or digit", |text| slug(text, b"-")
);
name!(
    /// Key of a service account, such as `growth-ci`.
    ServiceKey, "service account", "1 to 80 of a-z 0-9 -, first a letter or digit", |text| slug(text, b"-")
);
name!(
    /// Name of a sink, such as `archive`.
    SinkName, "name of a sink", "1 to 80 of a-z 0-9 -, first a letter or digit", |text| slug(text, b"-")
);
name!(
    /// Slug of a release, such as `batch-changes-ga`; never changes.
    ReleaseSlug, "release slug", "1 to 80 of a-z 0-9 -, first a letter or digit", |text| slug(text, b"-")
);
name!(
    /// Id of a retro, such as `2026-04-batch-changes`; never changes.
    RetroId, "id of a retro", "1 to 80 of a-z 0-9 -, first a letter or digit", |text| slug(text, b"-")
);
name!(
    /// Id of a criterion within its release.
    CriterionId, "criterion id", "1 to 80 of a-z 0-9 -, first a letter or digit", |text| slug(text, b"-")
);
name!(
    /// Key of a metric, such as `batch_changes.mau`.
    MetricKey, "metric key", "1 to 80 of a-z 0-9 _ and dots, first a letter or digit", |text| slug(text, b"_.")
);
name!(
    /// A person, by mail address, lower case.
    PersonId, "person", "a mail address in lower case, such as ana.lopez@example.com", |text| {
        text.len() <= 254
            && !text.chars().any(|c| c.is_whitespace() || c.is_control() || c.is_uppercase())
            && text.split_once('@').is_some_and(|(local, host)| {
                !local.is_empty() && !host.is_empty() && !host.contains('@')
            })
    }
);
name!(
    /// Name of a plugin: `threshold` for a built-in one, `team/name` otherwise.
    PluginName, "plugin name", "name for a built-in plugin or team/name, each 1 to 80 of a-z 0-9 -", |text| {
        match text.split_once('/') {
            Some((team, name)) => slug(team, b"-") && slug(name, b"-"),
            None => slug(text, b"-"),
        }
    }
);
impl PluginName {
    /// The team that it belongs to; `None`: it is built in.
    #[must_use]
    pub fn team(&self) -> Option<TeamKey> {
        // The part before the slash has been checked to be such a key.
        self.0.split_once('/').and_then(|(team, _)| team.parse().ok())
    }
}
name!(
    /// Key under which a repeated import is recognised, chosen by whoever sends it: unique among their imports
    /// into one metric, such as a UUID or the name and day of a job's run.
    IdempotencyKey, "idempotency key", "1 to 255 visible ASCII characters, without blanks", |text| {
        (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    }
);

impl IdempotencyKey {
    /// The key in an `Idempotency-Key` header: a quoted string, as the IETF draft has it, or bare, as most
    /// senders write it.
    ///
    /// # Errors
    /// When the quotes do not match or the text is no key.
    pub fn from_header(header: &str) -> Result<Self, BadName> {
        let text = header.trim_matches([' ', '\t']);
        let bare = match text.strip_prefix('"') {
            None => Some(text.to_owned()),
            Some(rest) => rest.strip_suffix('"').and_then(unescaped),
        };
        bare.unwrap_or_default().parse().map_err(|bad| BadName { found: header.to_owned(), ..bad })
    }
}

/// The inside of a quoted string, in which a backslash stands before a quote or another backslash
/// (RFC 9651, section 3.3.3); `None`: it is not well formed.
fn unescaped(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push(chars.next().filter(|escaped| matches!(escaped, '"' | '\\'))?),
            '"' => return None,
            c => out.push(c),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idempotency_keys_are_read_quoted_and_bare() {
        let longest = "k".repeat(255);
        for (header, expected) in [
            ("8e03978e-40d5", Some("8e03978e-40d5")),
            (" \"8e03978e-40d5\" ", Some("8e03978e-40d5")),
            (r#""a\"b\\c""#, Some(r#"a"b\c"#)),
            (longest.as_str(), Some(longest.as_str())),
            ("", None),
            ("\"\"", None),
            ("\"", None),
            ("\"open", None),
            (r#""a\b""#, None),
            (r#""a"b""#, None),
            ("two words", None),
            ("umläut", None),
            (&"k".repeat(256), None),
        ] {
            let key = IdempotencyKey::from_header(header);
            assert_eq!(key.as_ref().ok().map(IdempotencyKey::as_str), expected, "{header:?}");
        }
    }
}
