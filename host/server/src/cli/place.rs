//! Where commands are carried out: over a database in this process, or by a service.

use std::path::PathBuf;

use clap::ArgMatches;
use clap::parser::ValueSource;

use crate::wiring::DATA;

#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Database: sqlite:PATH or postgres://…; default: yardstick.db in the data folder.
    #[arg(long, global = true, value_name = "URL", env = "YARDSTICK_DATABASE", hide_env_values = true)]
    pub(super) database: Option<String>,
    /// Data folder: database, host key, compiled judges.
    #[arg(long, global = true, value_name = "DIR", env = "YARDSTICK_DATA", default_value = DATA)]
    pub(super) data: PathBuf,
    /// Ask the service at this address instead of a database, such as http://127.0.0.1:7070.
    #[arg(long, global = true, value_name = "URL", env = "YARDSTICK_SERVER")]
    pub(super) server: Option<String>,
    /// File with the token for the service; without it, the variable YARDSTICK_TOKEN.
    #[arg(long, global = true, value_name = "FILE", env = "YARDSTICK_TOKEN_FILE")]
    pub(super) token_file: Option<PathBuf>,
}

/// Where commands are carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// In this process, over a database.
    Database,
    /// By the service at this address.
    Server(String),
    /// Two places are named, neither more firmly than the other; this says which.
    Unclear(&'static str),
}

/// How firmly something is said: what is typed goes before what the environment says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Firmness {
    NotAtAll,
    Environment,
    Typed,
}

impl Arguments {
    /// The place, and whether a service was asked for by an option that was typed.
    pub(super) fn place(&self, matches: &ArgMatches) -> (Place, bool) {
        let said = |name: &str| match matches.value_source(name) {
            Some(ValueSource::CommandLine) => Firmness::Typed,
            Some(ValueSource::EnvVariable) => Firmness::Environment,
            _ => Firmness::NotAtAll,
        };
        // Empty is how one command is kept from asking the service that the environment names.
        let server = self.server.as_deref().filter(|server| !server.is_empty());
        let firmness = server.map_or(Firmness::NotAtAll, |_| said("server"));
        let database = said("database").max(said("data"));
        (choose(server, firmness, database), firmness == Firmness::Typed)
    }
}

fn choose(server: Option<&str>, firmness: Firmness, database: Firmness) -> Place {
    match (server, firmness.cmp(&database)) {
        (None, _) | (Some(_), std::cmp::Ordering::Less) => Place::Database,
        (Some(server), std::cmp::Ordering::Greater) => Place::Server(server.to_owned()),
        (Some(_), std::cmp::Ordering::Equal) if firmness == Firmness::Typed => Place::Unclear(
            "--server asks a service, which has its own database; leave out --database and --data, or --server",
        ),
        (Some(_), std::cmp::Ordering::Equal) => Place::Unclear(
            "the environment names a service (YARDSTICK_SERVER) and a database (YARDSTICK_DATABASE or \
             YARDSTICK_DATA); say which one is meant with --server or --database",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::Firmness::{Environment, NotAtAll, Typed};
    use super::*;

    #[test]
    fn what_is_typed_goes_before_the_environment() {
        let server = || Place::Server("x".to_owned());
        for (firmness, database, expected) in [
            (NotAtAll, NotAtAll, Some(Place::Database)),
            (NotAtAll, Typed, Some(Place::Database)),
            (Environment, NotAtAll, Some(server())),
            (Environment, Environment, None),
            (Environment, Typed, Some(Place::Database)),
            (Typed, NotAtAll, Some(server())),
            (Typed, Environment, Some(server())),
            (Typed, Typed, None),
        ] {
            let named = (firmness != NotAtAll).then_some("x");
            let found = choose(named, firmness, database);
            match expected {
                Some(expected) => assert_eq!(found, expected, "{firmness:?} {database:?}"),
                None => assert!(matches!(found, Place::Unclear(_)), "{firmness:?} {database:?}"),
            }
        }
    }
}
