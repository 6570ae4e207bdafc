//! Who may come in over the network: tokens of persons and of service accounts, and what each may be used for.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::ids::{BadName, ServiceKey, TeamKey};
use crate::people::Actor;

/// How long a token lasts unless said otherwise, and at most, in days.
pub const LASTS_DAYS: u32 = 90;
/// The longest a token may last, in days.
pub const LASTS_AT_MOST_DAYS: u32 = 366;
/// How often the last use of a token is written down: each request would be a write.
pub const USE_NOTED_EVERY: SignedDuration = SignedDuration::from_mins(5);

/// What tokens begin with, so that scanners of secrets find them.
const PREFIX: &str = "ysk_";
/// Characters of a token that are kept in the clear, to tell tokens apart.
const SHOWN: usize = 10;

/// What a token may be used for. What its owner may not do, it may not do either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Read what its owner may see.
    Read,
    /// Import values, and take imports back: for pipelines.
    Import,
    /// Everything its owner's teams do: register, seal, launch, judge, publish.
    Write,
    /// What operators do: accounts, tokens of others, the organisation, jobs.
    Operate,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Read, Self::Import, Self::Write, Self::Operate];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Import => "import",
            Self::Write => "write",
            Self::Operate => "operate",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let found = Self::ALL.into_iter().find(|scope| scope.as_str() == text);
        found.ok_or_else(|| BadName {
            what: "scope",
            found: text.to_owned(),
            expected: "read, import, write or operate",
        })
    }
}

/// Several scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u8);

impl Scopes {
    /// All of them: of whoever sits at the machine, and of the host itself.
    pub const ALL: Self = Self(0b1111);

    /// Whether this scope is among them. Whoever may write may read and import.
    #[must_use]
    pub fn allow(self, scope: Scope) -> bool {
        let wide = match scope {
            Scope::Read | Scope::Import => Scope::Write,
            Scope::Write | Scope::Operate => scope,
        };
        self.has(scope) || self.has(wide)
    }

    fn has(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    /// Those that are in both.
    #[must_use]
    pub fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// One by one, in order.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.has(*scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |all, scope| all | 1 << scope as u8))
    }
}

/// The secret text of a token. It is shown once and never kept; what is kept is its hash. Neither `Debug` nor an error
/// shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Of bytes nobody can guess.
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        let digits: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        Self(format!("{PREFIX}{digits}"))
    }

    /// As somebody sent it; `None`: no token looks like this.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX)?;
        let is_one =
            digits.len() == 64 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_one.then(|| Self(text.to_owned()))
    }

    /// The text, to be shown once or sent.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What is kept of it. The token is 256 bits of chance, so one round is enough.
    #[must_use]
    pub fn hash(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }

    /// Its beginning, which tells tokens apart and gives nothing away.
    #[must_use]
    pub fn beginning(&self) -> &str {
        &self.0[..SHOWN]
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({}…)", self.beginning())
    }
}

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its number.
    pub id: i64,
    /// What it is for, in words.
    pub name: String,
    /// The beginning of its secret.
    pub beginning: String,
    /// The person or service account it acts as.
    pub owner: Actor,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: Actor,
    /// From when on it is refused.
    pub expires_at: Timestamp,
    /// When it was used last, to a few minutes; `None`: never.
    pub used_at: Option<Timestamp>,
    /// When it was revoked; `None`: it was not.
    pub revoked_at: Option<Timestamp>,
    /// Who revoked it.
    pub revoked_by: Option<Actor>,
}

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTaken {
    /// Nobody has such a token.
    Unknown,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked,
    /// Its service account was retired.
    Retired,
}

/// An account of a program. It acts for a team, or for the operators, and can approve nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccount {
    /// Its key, such as `growth-ci`.
    pub key: ServiceKey,
    /// What it is for, in words.
    pub name: String,
    /// The team it is a member of; `None`: it does what operators do.
    pub team: Option<TeamKey>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: Actor,
    /// When it was retired; `None`: it was not. Its tokens are refused from then on.
    pub retired_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_told_from_other_texts_and_shown_nowhere() {
        let secret = Secret::new([0xab; 32]);
        let text = secret.text().to_owned();
        assert_eq!(text.len(), 68);
        assert_eq!(Secret::read(&text).as_ref(), Some(&secret));
        assert_eq!(format!("{secret:?}"), "Secret(ysk_ababab…)");
        for bad in
            ["", "ysk_", &text[..67], &format!("{text}0"), &text.to_uppercase(), &text.replace('a', "g")]
        {
            assert_eq!(Secret::read(bad), None, "{bad:?}");
        }
        assert_ne!(Secret::new([1; 32]).hash(), secret.hash());
    }

    #[test]
    fn whoever_may_write_may_read_and_import_and_nothing_else() {
        let scopes = |list: &[Scope]| list.iter().copied().collect::<Scopes>();
        let table = [
            (scopes(&[]), [false, false, false, false]),
            (scopes(&[Scope::Read]), [true, false, false, false]),
            (scopes(&[Scope::Import]), [false, true, false, false]),
            (scopes(&[Scope::Write]), [true, true, true, false]),
            (scopes(&[Scope::Operate]), [false, false, false, true]),
            (Scopes::ALL, [true, true, true, true]),
        ];
        for (scopes, expected) in table {
            assert_eq!(Scope::ALL.map(|scope| scopes.allow(scope)), expected, "{scopes:?}");
        }
        let both = scopes(&[Scope::Read, Scope::Write]).both(scopes(&[Scope::Write, Scope::Operate]));
        assert_eq!(both.iter().collect::<Vec<_>>(), [Scope::Write]);
    }
}
