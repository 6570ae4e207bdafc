//! What a criterion is about: revenue, adoption, leads or usage.
//!
//! What launches of a level are usually for: L1 revenue or product adoption, L2 product adoption or leads, L3 product
//! adoption or usage. Nothing in a metric's definition says which of these it is, so it is read from words, whole ones
//! and in English:
//!
//! - *names*: the metric's unit, key and title and the criterion's id. Short words that mean something else in a
//!   sentence count here alone, such as `users`, `trial` or `searches`.
//! - *sentences*: the metric's definition and what the criterion says. Only words that mean nothing else count, such as
//!   `adoption`, `active`, `revenue`, `ARR`, `sign-ups` or `usage`.
//! - A unit that is a currency (`USD`, `€`) is revenue.
//! - An amount that adds up (kind `sum`) is usage, unless its unit is a currency: searches, changesets, deployments.
//! - A metric of which less is better, such as errors or churn, is about none of them.
//!
//! It only ever feeds a lint, which names a word to write where a criterion is taken wrong.

use std::collections::BTreeSet;

use crate::criteria::Criterion;
use crate::ids::MetricKey;
use crate::metric::{Better, Kind, Metric};

/// What launches are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Money that comes in by contracts or sales.
    Revenue,
    /// How many take it up and stay.
    Adoption,
    /// Who might buy.
    Leads,
    /// How much it is used.
    Usage,
}

/// Currencies as units: the usual ISO 4217 codes and symbols, in small letters.
const CURRENCIES: [&str; 31] = [
    "usd", "eur", "gbp", "chf", "jpy", "cad", "aud", "nzd", "sek", "nok", "dkk", "pln", "czk", "huf", "ron",
    "inr", "brl", "cny", "krw", "sgd", "hkd", "mxn", "zar", "ils", "aed", "try", "thb", "$", "€", "£", "¥",
];

impl Subject {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Revenue, Self::Adoption, Self::Leads, Self::Usage];

    /// The word in sentences.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Revenue => "revenue",
            Self::Adoption => "adoption",
            Self::Leads => "leads",
            Self::Usage => "usage",
        }
    }

    /// How to say that something is about it.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::Revenue => "revenue or ARR, or a unit such as USD",
            Self::Adoption => "adoption or active users, or a unit such as users",
            Self::Leads => "leads or sign-ups",
            Self::Usage => "usage, or a metric of kind sum",
        }
    }

    /// Words that say it in a sentence too. A star stands for any ending.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Revenue => {
                &["revenue*", "arr", "iarr", "mrr", "acv", "iacv", "tcv", "nrr", "grr", "bookings", "upsell*"]
            }
            Self::Adoption => &[
                "adopt*",
                "active",
                "activat*",
                "saturation",
                "dau",
                "wau",
                "mau",
                "daus",
                "waus",
                "maus",
                "retain*",
                "retention",
            ],
            Self::Leads => &["leads", "mql", "mqls", "pql", "pqls", "signup", "signups", "prospects"],
            Self::Usage => &["usage"],
        }
    }

    /// Words that say it in a name.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Revenue => {
                &["sales", "subscription", "subscriptions", "renewal", "renewals", "turnover", "expansion"]
            }
            Self::Adoption => &[
                "user",
                "users",
                "people",
                "persons",
                "accounts",
                "customers",
                "contributor",
                "contributors",
                "developers",
                "players",
                "subscribers",
                "members",
                "teams",
                "organisations",
                "organizations",
                "companies",
                "instances",
                "sites",
                "workspaces",
                "seats",
            ],
            Self::Leads => &[
                "lead",
                "trial",
                "trials",
                "prospect",
                "opportunities",
                "pipeline",
                "enquiries",
                "inquiries",
                "contacts",
                "registrations",
            ],
            Self::Usage => &[
                "use",
                "used",
                "uses",
                "sessions",
                "events",
                "searches",
                "search",
                "requests",
                "runs",
                "visits",
                "views",
                "clicks",
                "queries",
                "actions",
                "deployments",
                "messages",
                "calls",
                "changesets",
                "jobs",
                "builds",
                "uploads",
                "downloads",
            ],
        }
    }
}

/// What a criterion is about, by its own words and those of its metrics; a metric that is not defined is known by its
/// key.
#[must_use]
pub fn of<'a>(
    criterion: &Criterion,
    metrics: impl Iterator<Item = (&'a MetricKey, Option<&'a Metric>)>,
) -> BTreeSet<Subject> {
    let mut found = BTreeSet::new();
    let (mut names, mut sentences) = (words(criterion.id.as_str()), words(&criterion.says));
    for (key, metric) in metrics {
        let Some(metric) = metric else {
            names.extend(words(key.as_str()));
            continue;
        };
        if metric.better == Better::Lower {
            return BTreeSet::new();
        }
        let unit = metric.unit.to_lowercase();
        let is_money = unit.split_whitespace().any(|word| CURRENCIES.contains(&word));
        if is_money {
            found.insert(Subject::Revenue);
        } else if metric.kind == Kind::Sum {
            found.insert(Subject::Usage);
        }
        for name in [key.as_str(), &metric.title, &metric.unit] {
            names.extend(words(name));
        }
        sentences.extend(words(&metric.definition));
    }
    for subject in Subject::ALL {
        let in_names = names.iter().any(|word| has(subject.words(), word) || has(subject.names(), word));
        if in_names || sentences.iter().any(|word| has(subject.words(), word)) {
            found.insert(subject);
        }
    }
    found
}

/// The words of a text in small letters. A sign-up is one word, however it is written.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let plain =
        ["sign-up", "sign_up", "sign up"].iter().fold(text, |text, written| text.replace(written, "signup"));
    plain
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn has(list: &[&str], word: &str) -> bool {
    list.iter().any(|known| match known.strip_suffix('*') {
        Some(start) => word.starts_with(start),
        None => *known == word,
    })
}
