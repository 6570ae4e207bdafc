//! Who asks: tokens and service accounts.

use yardstick_app::{App, Caller, NewServiceAccount, TokenRequest};
use yardstick_client::api::{
    self, MadeTokenDocument, Page, PageRequest, ServiceAccountDocument, ServiceAccountRequest, TokenDocument,
    WhoDocument,
};
use yardstick_domain::access::{self, LASTS_DAYS, Scopes, ServiceAccount, Token};
use yardstick_domain::people::Membership;

use super::reading::{Reading, parse};
use super::{Error, Result};
use crate::ambient;

/// Whoever asks.
pub(crate) async fn whoami(app: &App, caller: &Caller) -> Result<WhoDocument> {
    let (mut maintains, mut member_of) = (Vec::new(), Vec::new());
    for (team, role) in app.teams_of(caller).await? {
        match role {
            Membership::Maintainer => maintains.push(team.to_string()),
            Membership::Member => member_of.push(team.to_string()),
        }
    }
    Ok(WhoDocument {
        actor: caller.actor.to_string(),
        operator: app.is_operator(caller).await?,
        scopes: scopes(caller.scopes),
        maintains,
        member_of,
    })
}

/// Tokens that concern whoever asks, the newest first.
pub(crate) async fn tokens(app: &App, caller: &Caller, request: &PageRequest) -> Result<Page<TokenDocument>> {
    let mut reading = Reading::default();
    let before = reading.cursor(request.cursor.as_ref(), |text| text.parse().ok());
    let limit = reading.limit(request.limit);
    reading.end()?;
    let page = app.tokens(caller, before, limit).await?;
    let items = page.items.into_iter().map(token).collect();
    Ok(Page { items, next: page.next.map(|id| id.to_string()) })
}

/// Makes a token.
pub(crate) async fn make_token(
    app: &App,
    caller: &Caller,
    request: &api::TokenRequest,
) -> Result<MadeTokenDocument> {
    let mut reading = Reading::default();
    let owner = reading.maybe("owner", request.owner.as_ref());
    let named = request.scopes.iter().enumerate();
    let scopes: Vec<Option<access::Scope>> =
        named.map(|(index, text)| reading.maybe(&format!("scopes[{index}]"), Some(text))).collect();
    reading.end()?;
    let request = TokenRequest {
        name: request.name.clone(),
        owner,
        scopes: scopes.into_iter().flatten().collect(),
        days: request.days.unwrap_or(LASTS_DAYS),
    };
    let random =
        ambient::secret().map_err(|error| Error::App(yardstick_app::AppError::Fault(error.to_string())))?;
    let made = app.make_token(caller, &request, random).await?;
    Ok(MadeTokenDocument { secret: made.secret.text().to_owned(), token: token(made.token) })
}

/// Revokes a token for good.
pub(crate) async fn revoke_token(app: &App, caller: &Caller, id: i64) -> Result<TokenDocument> {
    Ok(token(app.revoke_token(caller, id).await?))
}

/// The number of a token.
pub(crate) fn number(text: &str) -> Result<i64> {
    let bad = || Error::malformed("id", format!("{text:?} is no number of a token; expected such as 17"));
    text.parse().map_err(|_| bad())
}

/// All service accounts, by key.
pub(crate) async fn accounts(app: &App) -> Result<Page<ServiceAccountDocument>> {
    let items = app.service_accounts().await?.into_iter().map(account).collect();
    Ok(Page { items, next: None })
}

/// Makes a service account.
pub(crate) async fn make_account(
    app: &App,
    caller: &Caller,
    request: &ServiceAccountRequest,
) -> Result<ServiceAccountDocument> {
    let mut reading = Reading::default();
    let key = reading.must("key", &request.key);
    let team = reading.maybe("team", request.team.as_ref());
    let key = reading.all(key)?;
    let new = NewServiceAccount { key, name: request.name.clone(), team };
    Ok(account(app.make_service_account(caller, &new).await?))
}

/// Retires a service account.
pub(crate) async fn retire_account(app: &App, caller: &Caller, key: &str) -> Result<ServiceAccountDocument> {
    Ok(account(app.retire_service_account(caller, &parse("account", key)?).await?))
}

fn scopes(scopes: Scopes) -> Vec<api::Scope> {
    scopes.iter().map(Into::into).collect()
}

fn token(token: Token) -> TokenDocument {
    TokenDocument {
        id: token.id,
        name: token.name,
        beginning: token.beginning,
        owner: token.owner.to_string(),
        scopes: scopes(token.scopes),
        created_at: token.created_at,
        created_by: token.created_by.to_string(),
        expires_at: token.expires_at,
        used_at: token.used_at,
        revoked_at: token.revoked_at,
        revoked_by: token.revoked_by.map(|by| by.to_string()),
    }
}

fn account(account: ServiceAccount) -> ServiceAccountDocument {
    ServiceAccountDocument {
        key: account.key.to_string(),
        name: account.name,
        team: account.team.map(|team| team.to_string()),
        created_at: account.created_at,
        created_by: account.created_by.to_string(),
        retired_at: account.retired_at,
    }
}
