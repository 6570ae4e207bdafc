//! Closed lists of words.

/// An enum whose variants are words: their texts, all of them, and the way back.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$about:meta])* $word:ident = $text:literal),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
            pub enum $name {
                $($(#[$about])* #[serde(rename = $text)] $word),*
            }

            impl $name {
                /// All of them.
                pub const ALL: &[Self] = &[$(Self::$word),*];

                /// The word.
                #[must_use]
                pub const fn as_str(self) -> &'static str {
                    match self {
                        $(Self::$word => $text),*
                    }
                }
            }

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(self.as_str())
                }
            }

            impl std::str::FromStr for $name {
                type Err = String;

                fn from_str(text: &str) -> Result<Self, String> {
                    let known = Self::ALL.iter().copied().find(|word| word.as_str() == text);
                    known.ok_or_else(|| {
                        let hint = crate::nearest::hint(text, Self::ALL.iter().map(|word| word.as_str()));
                        let all: Vec<&str> = Self::ALL.iter().map(|word| word.as_str()).collect();
                        format!(concat!("{:?} is no ", $what, "; expected one of {}{}"), text, all.join(", "), hint)
                    })
                }
            }
        )*
    };
}

pub(crate) use words;
