//! Who may use whom: a crate cannot use what its manifest lacks, so manifests are what is checked.

use super::Problems;
use crate::workspace::{Dependency, Package, Workspace};

/// The crates of ours that a crate may use. Crates that are not listed may use all: the binary, the tests, xtask.
const HOUSE: &[(&str, &[&str])] = &[
    ("yardstick-stats", &[]),
    ("yardstick-sdk-derive", &[]),
    ("yardstick-sdk", &["yardstick-sdk-derive", "yardstick-stats"]),
    ("yardstick-domain", &["yardstick-stats"]),
    ("yardstick-client", &["yardstick-domain", "yardstick-stats"]),
    ("yardstick-store", &["yardstick-domain"]),
    ("yardstick-metrics", &["yardstick-domain", "yardstick-stats"]),
    ("yardstick-engine", &["yardstick-domain", "yardstick-stats"]),
    ("yardstick-report", &["yardstick-client", "yardstick-domain", "yardstick-stats"]),
    (
        "yardstick-app",
        &[
            "yardstick-client",
            "yardstick-domain",
            "yardstick-engine",
            "yardstick-metrics",
            "yardstick-report",
            "yardstick-stats",
            "yardstick-store",
        ],
    ),
];

/// What a judge may use of ours.
const JUDGE: &[&str] = &["yardstick-sdk"];

/// Crates of others that only some of ours may use, with the reason.
const RESERVED: &[(&str, &[&str], &str)] = &[
    ("wasmtime", &["yardstick-engine"], "only the engine runs guests"),
    (
        "cap-std",
        &["yardstick-engine", "yardstick-report", "yardstick-server", "yardstick-bench"],
        "only the binary opens folders; the engine lends them to guests, a sink writes into its own",
    ),
    ("sqlx", &["yardstick-store", "yardstick-tests", "yardstick-bench"], "only the store has SQL"),
    ("clap", &["yardstick-server"], "only the binary has a command line"),
    ("anyhow", &["yardstick-server", "xtask", "yardstick-bench"], "libraries name their errors"),
];

/// Crates that do I/O or keep time; the domain has none of them.
const IMPURE: &[&str] = &["tokio", "tempfile", "rustix", "getrandom", "cap-std", "csv", "tracing"];

/// What the packages need that they may not have. What only their tests need is free.
pub(super) fn check(workspace: &Workspace) -> Problems {
    workspace
        .packages
        .iter()
        .flat_map(|package| used(package).filter_map(|name| refused(package, name)))
        .collect()
}

fn used(package: &Package) -> impl Iterator<Item = &str> {
    let own = |dependency: &&Dependency| dependency.kind.as_deref() != Some("dev");
    package.dependencies.iter().filter(own).map(|dependency| dependency.name.as_str())
}

fn refused(package: &Package, uses: &str) -> Option<String> {
    let user = package.name.as_str();
    let is_judge = package.manifest_path.with_file_name("plugin.toml").exists();
    let listed = HOUSE.iter().find(|(name, _)| *name == user).map(|(_, may)| *may);
    let may = if is_judge { Some(JUDGE) } else { listed };
    if let Some(may) = may.filter(|may| uses.starts_with("yardstick-") && !may.contains(&uses)) {
        let may = if may.is_empty() { "none of ours".to_owned() } else { may.join(", ") };
        return Some(format!("{user} uses {uses}; it may use {may}"));
    }
    if user == "yardstick-domain" && IMPURE.contains(&uses) {
        return Some(format!("{user} uses {uses}; the domain does no I/O and has no clock"));
    }
    let (_, users, reason) =
        RESERVED.iter().find(|(name, users, _)| *name == uses && !users.contains(&user))?;
    Some(format!("{user} uses {uses}; {reason} ({})", users.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, uses: &[(&str, Option<&str>)]) -> Package {
        let dependency = |(name, kind): &(&str, Option<&str>)| Dependency {
            name: (*name).to_owned(),
            kind: kind.map(str::to_owned),
        };
        Package {
            version: String::new(),
            name: name.to_owned(),
            manifest_path: "Cargo.toml".into(),
            targets: Vec::new(),
            dependencies: uses.iter().map(dependency).collect(),
        }
    }

    #[test]
    fn what_points_the_wrong_way_is_named() {
        for (user, uses, expected) in [
            ("yardstick-store", "yardstick-engine", Some("yardstick-store uses yardstick-engine")),
            ("yardstick-domain", "tokio", Some("yardstick-domain uses tokio")),
            ("yardstick-app", "sqlx", Some("yardstick-app uses sqlx; only the store has SQL")),
            ("yardstick-engine", "wasmtime", None),
            ("yardstick-server", "yardstick-store", None),
        ] {
            let found = refused(&package(user, &[(uses, None)]), uses);
            match expected {
                None => assert_eq!(found, None),
                Some(start) => {
                    assert!(found.as_ref().is_some_and(|text| text.starts_with(start)), "{found:?}");
                }
            }
        }
    }

    #[test]
    fn tests_may_use_what_they_like() {
        let package = package("yardstick-store", &[("yardstick-engine", Some("dev")), ("serde", None)]);
        assert_eq!(used(&package).collect::<Vec<_>>(), ["serde"]);
    }
}
