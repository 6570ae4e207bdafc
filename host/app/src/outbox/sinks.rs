//! Sinks: added, listed, tried, removed.

use yardstick_domain::event::{EventKind, NewEvent};
use yardstick_domain::hook_address::check_url;
use yardstick_domain::ids::{SinkName, TeamKey};
use yardstick_domain::people::Membership;
use yardstick_domain::problem::Problem;
use yardstick_domain::sink::{SigningSecret, Sink, SinkKind};

use crate::error::{AppError, Result};
use crate::{App, Caller};

/// A sink to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSink {
    /// Its name.
    pub name: SinkName,
    /// What kind.
    pub kind: SinkKind,
    /// The team whose events it gets; `None`: everybody's.
    pub team: Option<TeamKey>,
    /// Which kinds of events; empty: all.
    pub kinds: Vec<EventKind>,
    /// Of a web hook: its address.
    pub url: Option<String>,
    /// Of a web hook: whether it may be on this machine or in a private network.
    pub private_addresses: bool,
}

impl App {
    /// Adds a sink: a maintainer for their team, an operator any. Of a web hook it gives the secret that signs its
    /// messages, this once. Folders are on the service's disk, and private addresses in its network, so both are an
    /// operator's to give.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for anybody else, [`AppError::Refused`] for fields that will not do,
    /// [`AppError::Conflict`] when there is one of this name.
    pub async fn add_sink(
        &self,
        caller: &Caller,
        new: &NewSink,
        random: [u8; 32],
    ) -> Result<(Sink, Option<SigningSecret>)> {
        match &new.team {
            Some(team) => self.require_maintainer(caller, team, "add sinks for").await?,
            None => self.require_operator(caller, "add sinks for everybody's events").await?,
        }
        let problem = match (new.kind, &new.url) {
            (SinkKind::WebHook, Some(url)) => check_url(url, new.private_addresses).err(),
            (SinkKind::WebHook, None) => {
                Some("a web hook needs an address, such as https://example.com/hook".to_owned())
            }
            (SinkKind::Folder, Some(_)) => {
                Some("a folder has no address: its files are below the data folder".to_owned())
            }
            (SinkKind::Folder, None) => None,
        };
        if let Some(message) = problem {
            return Err(AppError::Refused(vec![Problem::new("url", message)]));
        }
        if new.kind == SinkKind::Folder {
            self.require_operator(caller, "have files written on the service's disk").await?;
        }
        if new.private_addresses {
            self.require_operator(caller, "allow web hooks in the service's own network").await?;
        }
        let secret = (new.kind == SinkKind::WebHook).then(|| SigningSecret::new(random));
        let sink = Sink {
            name: new.name.clone(),
            kind: new.kind,
            team: new.team.clone(),
            kinds: new.kinds.clone(),
            url: new.url.clone(),
            private_addresses: new.private_addresses,
            created_at: caller.now,
            created_by: caller.actor.clone(),
            removed_at: None,
            rests_until: None,
        };
        self.store.put_sink(&sink, secret.as_ref()).await?;
        Ok((sink, secret))
    }

    /// Sinks that whoever asks looks after: an operator all, a maintainer their teams', by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sinks(&self, caller: &Caller) -> Result<Vec<Sink>> {
        let mut sinks = self.store.sinks().await?;
        if !self.sees_everything(caller).await? {
            let roles = self.teams_of(caller).await?;
            let theirs = |sink: &Sink| {
                let maintains = |team: &TeamKey| roles.contains(&(team.clone(), Membership::Maintainer));
                sink.team.as_ref().is_some_and(maintains)
            };
            sinks.retain(theirs);
        }
        Ok(sinks)
    }

    /// A sink that whoever asks looks after; any other is not there.
    pub(super) async fn own_sink(&self, caller: &Caller, name: &SinkName) -> Result<Sink> {
        let sinks = self.sinks(caller).await?;
        match sinks.iter().find(|sink| sink.name == *name) {
            Some(sink) => Ok(sink.clone()),
            None => {
                let known = sinks.iter().map(|sink| sink.name.as_str());
                Err(AppError::not_found("sink", name.as_str(), known))
            }
        }
    }

    pub(crate) async fn changed_sink(&self, caller: &Caller, name: &SinkName, what: &str) -> Result<Sink> {
        let sink = self.own_sink(caller, name).await?;
        match &sink.team {
            Some(team) => self.require_maintainer(caller, team, &format!("{what} sinks of")).await?,
            None => self.require_operator(caller, &format!("{what} sinks for everybody's events")).await?,
        }
        Ok(sink)
    }

    /// Removes a sink; what waits to be delivered to it is no longer.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for one that is none of theirs.
    pub async fn remove_sink(&self, caller: &Caller, name: &SinkName) -> Result<Sink> {
        self.changed_sink(caller, name, "remove").await?;
        Ok(self.store.remove_sink(name, &caller.actor, caller.now).await?)
    }

    /// Gives a web hook another secret, this once. The one before signs beside it for a day.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for one that is none of theirs, [`AppError::Conflict`] for one that signs nothing.
    pub async fn turn_secret(
        &self,
        caller: &Caller,
        name: &SinkName,
        random: [u8; 32],
    ) -> Result<(Sink, SigningSecret)> {
        let sink = self.changed_sink(caller, name, "change the secrets of").await?;
        if sink.kind != SinkKind::WebHook {
            return Err(AppError::Conflict(format!("{name} is a folder, which signs nothing")));
        }
        let secret = SigningSecret::new(random);
        self.store.turn_secret(name, &secret, &caller.actor, caller.now).await?;
        Ok((sink, secret))
    }

    /// Sends an event to a sink that says nothing but that it was sent: its number.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for one that is none of theirs, [`AppError::Conflict`] while it is being tried.
    pub async fn try_sink(&self, caller: &Caller, name: &SinkName) -> Result<i64> {
        let sink = self.changed_sink(caller, name, "try").await?;
        let event = NewEvent {
            kind: EventKind::Test,
            key: format!("{name} {}", caller.now.as_millisecond()),
            at: caller.now,
            team: sink.team.clone(),
            release: None,
            verdict: None,
            urgent: false,
            says: format!("{} tries the sink {name}.", caller.actor),
            advice: None,
            to: Vec::new(),
        };
        Ok(self.store.try_sink(&event, &sink, &caller.actor).await?)
    }
}
