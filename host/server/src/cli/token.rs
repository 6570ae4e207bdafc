//! `yardstick token`, `yardstick service`, `yardstick whoami`

use std::process::ExitCode;

use jiff::Timestamp;
use yardstick_client::api::{
    PageRequest, Scope, ServiceAccountDocument, ServiceAccountRequest, TokenDocument, TokenRequest,
};
use yardstick_domain::access;
use yardstick_domain::ids::{ServiceKey, TeamKey};
use yardstick_domain::people::Actor;

use super::context::{Context, Failure, checked};
use super::output::{Format, fields, json, put, say, table};

/// Tokens that are listed.
const LISTED: u32 = 500;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make a token. It is printed once, on standard output, and kept nowhere.
    Create {
        /// What it is for, in words.
        #[arg(long)]
        name: String,
        /// Whom it acts as: a person by mail address, or service:KEY. Default: you, when a service is asked with a
        /// token.
        #[arg(long = "for", value_name = "WHO", value_parser = checked::<Actor>)]
        owner: Option<String>,
        /// What it may be used for.
        #[arg(long, value_delimiter = ',', default_value = "read", value_name = "read,import,write,operate",
              value_parser = checked::<access::Scope>)]
        scopes: Vec<String>,
        /// How many days it lasts.
        #[arg(long, default_value_t = access::LASTS_DAYS,
              value_parser = clap::value_parser!(u32).range(1..=i64::from(access::LASTS_AT_MOST_DAYS)))]
        days: u32,
    },
    /// List tokens, the newest first: yours and of the service accounts you answer for.
    List,
    /// Revoke a token for good.
    Revoke {
        /// Its number.
        id: i64,
    },
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Service {
    /// Make an account for a program.
    Create {
        /// Its key.
        #[arg(value_parser = checked::<ServiceKey>)]
        key: String,
        /// What it is for, in words.
        #[arg(long)]
        name: String,
        /// The team it is a member of; without one it does what operators do.
        #[arg(long, value_parser = checked::<TeamKey>)]
        team: Option<String>,
    },
    /// List service accounts.
    List,
    /// Retire one: its tokens are refused from then on.
    Retire {
        /// Its key.
        #[arg(value_parser = checked::<ServiceKey>)]
        key: String,
    },
}

pub(super) async fn run(context: &Context, command: &Command) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    match command {
        Command::Create { name, owner, scopes, days } => {
            let request = TokenRequest {
                name: name.clone(),
                owner: owner.clone(),
                scopes: scopes.clone(),
                days: Some(*days),
            };
            let made = backend.make_token(&request).await?;
            if context.output == Format::Json {
                json(&made)?;
            } else {
                say(&format!(
                    "token {} of {}: {}, until {:.0}. It is shown this once:",
                    made.token.id,
                    made.token.owner,
                    words(&made.token.scopes),
                    made.token.expires_at
                ));
                put(&format!("{}\n", made.secret));
            }
        }
        Command::List => {
            let page = backend.tokens(&PageRequest { limit: Some(LISTED), cursor: None }).await?;
            if context.output == Format::Json {
                json(&page)?;
            } else {
                let rows: Vec<Vec<String>> = page.items.iter().map(row).collect();
                let headers = ["token", "begins", "of", "may", "until", "used", "for"];
                table(context.output, &headers, &rows, "No tokens.");
            }
        }
        Command::Revoke { id } => {
            let token = backend.revoke_token(*id).await?;
            if context.output == Format::Json {
                json(&token)?;
            } else {
                put(&format!("token {} of {} is revoked\n", token.id, token.owner));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn service(context: &Context, command: &Service) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    match command {
        Service::Create { key, name, team } => {
            let request = ServiceAccountRequest { key: key.clone(), name: name.clone(), team: team.clone() };
            let account = backend.make_service_account(&request).await?;
            if context.output == Format::Json {
                json(&account)?;
            } else {
                put(&format!(
                    "service account {key} {}\nNext: yardstick token create --for service:{key} --name \"…\" --scopes import\n",
                    whose(&account)
                ));
            }
        }
        Service::List => {
            let page = backend.service_accounts().await?;
            if context.output == Format::Json {
                json(&page)?;
            } else {
                let row = |account: &ServiceAccountDocument| {
                    let stands =
                        account.retired_at.map_or("in use".to_owned(), |at| format!("retired {at:.0}"));
                    vec![account.key.clone(), whose(account), stands, account.name.clone()]
                };
                let rows: Vec<Vec<String>> = page.items.iter().map(row).collect();
                table(context.output, &["account", "acts", "stands", "for"], &rows, "No service accounts.");
            }
        }
        Service::Retire { key } => {
            let account = backend.retire_service_account(key).await?;
            if context.output == Format::Json {
                json(&account)?;
            } else {
                put(&format!("service account {key} is retired; its tokens are refused\n"));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// `yardstick whoami`
pub(super) async fn whoami(context: &Context) -> Result<ExitCode, Failure> {
    let who = context.open().await?.whoami().await?;
    if context.output == Format::Json {
        json(&who)?;
    } else {
        let mut rows = vec![
            ("who", who.actor.clone()),
            ("operator", if who.operator { "yes" } else { "no" }.to_owned()),
            ("maintains", who.maintains.join(", ")),
            ("member of", who.member_of.join(", ")),
            ("token may", words(&who.scopes)),
        ];
        rows.retain(|(_, value)| !value.is_empty());
        fields(context.output, &rows);
    }
    Ok(ExitCode::SUCCESS)
}

fn words(scopes: &[Scope]) -> String {
    if scopes.len() == access::Scope::ALL.len() {
        return "everything".to_owned();
    }
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ")
}

fn whose(account: &ServiceAccountDocument) -> String {
    account.team.as_ref().map_or("as operators do".to_owned(), |team| format!("as a member of {team}"))
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

fn row(token: &TokenDocument) -> Vec<String> {
    let stands = match (&token.revoked_at, &token.revoked_by) {
        (Some(at), Some(by)) => format!("revoked {} by {by}", day(*at)),
        (Some(at), None) => format!("revoked {}", day(*at)),
        (None, _) => day(token.expires_at),
    };
    vec![
        token.id.to_string(),
        format!("{}…", token.beginning),
        token.owner.clone(),
        words(&token.scopes),
        stands,
        token.used_at.map_or("never".to_owned(), day),
        token.name.clone(),
    ]
}
