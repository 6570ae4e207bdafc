//! Taking what GitHub sends: who sent it, whether it is news, and what becomes of it.

use jiff::Timestamp;
use yardstick_domain::digest::Digest;
use yardstick_domain::event::{EventKind, NewEvent};
use yardstick_domain::ids::{PersonId, Repository};
use yardstick_domain::intake::issue::{self, Issue};
use yardstick_domain::intake::signature::Signature;
use yardstick_domain::intake::template::{self, Named};
use yardstick_domain::intake::{Intake, KeptRequest, MOST_NAME, Missing, Request, Wanted};
use yardstick_domain::people::Actor;
use yardstick_domain::release::Brief;
use yardstick_domain::sink::SigningSecret;
use yardstick_store::{Changes, NewRequestDelivery, RequestChange, StoreError};

use crate::error::{AppError, Result};
use crate::{App, Caller};

/// How often a delivery is tried that others were quicker than: GitHub sends several of one issue at once.
const TRIES: u32 = 5;
/// The longest number of a delivery, in bytes; GitHub's have 36.
const MOST_DELIVERY: usize = 100;

/// What GitHub sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IncomingDelivery<'a> {
    /// What kind of event.
    pub event: &'a str,
    /// As GitHub numbers it.
    pub id: &'a str,
    /// The header that signs the body.
    pub signature: Option<&'a str>,
    /// The bytes that are signed.
    pub body: &'a [u8],
}

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It asked only whether somebody is there.
    Pong,
    /// Nothing was done; why, a sentence.
    Ignored(String),
    /// It is a request.
    Request {
        /// The request's number.
        id: i64,
        /// What became of it, a sentence.
        says: String,
    },
}

/// Why a delivery is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotTaken {
    /// Nobody knows who sent it; why, a sentence.
    Unsigned(&'static str),
    /// It is signed by somebody known or not, and cannot be read; why, a sentence.
    Malformed(String),
}

impl App {
    /// Takes a delivery of GitHub's: of an issue it makes or changes a request, and with that a draft release. The same
    /// delivery, or the same body, does nothing the second time and is answered as before; what is older than what is
    /// known changes nothing.
    ///
    /// # Errors
    /// The inner error says why it is not taken; the outer one is [`AppError::Refused`] for a release that cannot be
    /// registered, or the store's.
    pub async fn take_delivery(
        &self,
        delivery: IncomingDelivery<'_>,
        now: Timestamp,
    ) -> Result<std::result::Result<Taken, NotTaken>> {
        let malformed = |why: String| Ok(Err(NotTaken::Malformed(why)));
        let host = Caller::here(Actor::Host, now);
        let Some(signature) = delivery.signature.and_then(Signature::read) else {
            self.refused(&host, "take-delivery", "intake").await?;
            return Ok(Err(NotTaken::Unsigned(
                "the header X-Hub-Signature-256 is missing or no signature; give the web hook its secret",
            )));
        };
        if std::str::from_utf8(delivery.body).is_err() {
            return malformed("the body is not UTF-8".to_owned());
        }
        let repository = match issue::repository(delivery.body) {
            Ok(repository) => repository,
            Err(why) => return malformed(why),
        };
        let Some(intake) = self.signed_by(&repository, &signature, delivery.body, &host).await? else {
            return Ok(Err(NotTaken::Unsigned(
                "no intake of this repository has the secret that signed this; yardstick intake list shows them",
            )));
        };
        match delivery.event {
            "ping" => return Ok(Ok(Taken::Pong)),
            "issues" => {}
            other => {
                let other: String = other.chars().take(40).collect();
                return Ok(Ok(Taken::Ignored(format!("only issues are taken, not {other:?}"))));
            }
        }
        if !(1..=MOST_DELIVERY).contains(&delivery.id.len()) {
            return malformed(format!("X-GitHub-Delivery has more than {MOST_DELIVERY} bytes, or none"));
        }
        let issue = match issue::issue(delivery.body, &repository) {
            Ok(issue) => issue,
            Err(why) => return malformed(why),
        };
        let hash = Digest::of(delivery.body);
        for _ in 1..TRIES {
            match self.taken(&intake, &issue, (delivery.id, hash), &host).await {
                // Somebody else was quicker; look again.
                Err(AppError::Conflict(_)) => {}
                ended => return ended.map(Ok),
            }
        }
        self.taken(&intake, &issue, (delivery.id, hash), &host).await.map(Ok)
    }

    /// The intake whose secret signed a body; `None`: no intake's did, which is written down.
    async fn signed_by(
        &self,
        repository: &Repository,
        signature: &Signature,
        body: &[u8],
        host: &Caller,
    ) -> Result<Option<Intake>> {
        let intakes = self.store.intakes_of(repository, host.now).await?;
        let is_known = !intakes.is_empty();
        if !is_known {
            // So that it takes as long as for one that is known.
            let _ = signature.is_by(&SigningSecret::new([0; 32]), body);
        }
        let signs = |secrets: &[SigningSecret]| secrets.iter().any(|secret| signature.is_by(secret, body));
        let found = intakes.into_iter().find(|(_, secrets)| signs(secrets)).map(|(intake, _)| intake);
        if found.is_none() {
            // What nobody signed is repeated nowhere.
            let subject = if is_known { format!("intake {repository}") } else { "intake".to_owned() };
            self.refused(host, "take-delivery", &subject).await?;
        }
        Ok(found)
    }

    async fn taken(
        &self,
        intake: &Intake,
        issue: &Issue,
        (id, hash): (&str, Digest),
        host: &Caller,
    ) -> Result<Taken> {
        let key = (&intake.repository, &intake.team);
        if let Some(known) = self.store.request_delivery(key, id, hash).await? {
            return Ok(Taken::Request { id: known.request, says: known.says });
        }
        let kept = self.store.request_of(&intake.team, &issue.url).await?;
        if let Some(why) = uninteresting(intake, issue, kept.as_ref()) {
            return Ok(Taken::Ignored(why));
        }
        let before = kept.as_ref().map(|kept| &kept.request);
        let mut request = Request {
            issue: issue.url.clone(),
            repository: intake.repository.clone(),
            team: intake.team.clone(),
            visibility: before.map_or(intake.visibility, |before| before.visibility),
            wanted: self.wanted(issue).await?,
            labels: issue.labels.clone(),
            urgent: issue.is_urgent(),
            closed: issue.closed,
            release: before.and_then(|before| before.release.clone()),
            made: before.is_some_and(|before| before.made),
            changed_at: issue.updated_at,
        };
        let mut changes = Changes::default();
        match before.filter(|before| before.release.is_some()) {
            Some(before) => changes = self.followed(host, before, &mut request).await?,
            None => {
                request.release = self.store.release_of_issue(&request.team, &request.issue).await?;
                if request.release.is_none() && !request.closed && request.missing().is_empty() {
                    let slug = self.free_slug(&request, issue.number).await?;
                    changes = self.registering(host, &mut request, slug).await?;
                }
            }
        }
        let says = said(&request);
        let event = self.asking(&request, host.now).await?;
        let change = RequestChange {
            action: "take-request",
            event,
            changes,
            expected: kept.map(|kept| (kept.id, kept.revision)),
            delivery: Some(NewRequestDelivery { id: id.to_owned(), hash, says: says.clone() }),
            request,
        };
        match self.store.put_request(&change, &host.actor, host.now).await {
            Ok(id) => Ok(Taken::Request { id, says }),
            Err(StoreError::Conflict { what }) => Err(AppError::Conflict(what)),
            Err(error) => Err(error.into()),
        }
    }

    /// What an issue says, as far as it is understood.
    async fn wanted(&self, issue: &Issue) -> Result<Wanted> {
        let parts = template::read(&issue.body);
        let mut notes = Vec::new();
        let level = parts.level.as_deref().map(template::level);
        let planned = parts.planned.as_deref().map(template::planned);
        let level = level.and_then(|read| read.map_err(|note| notes.push(note)).ok());
        let planned = planned.and_then(|read| read.map_err(|note| notes.push(note)).ok());
        let owner = match parts.owner.as_deref() {
            None => None,
            Some(text) => match self.somebody(text).await? {
                Ok(person) => Some(person),
                Err(note) => {
                    notes.push(note);
                    None
                }
            },
        };
        let feature = parts.feature.as_deref().and_then(|text| text.lines().next());
        Ok(Wanted {
            title: issue.title.clone(),
            brief: Brief {
                problem: parts.problem,
                end_state: parts.end_state,
                why: parts.why,
                timeline: parts.timeline,
                people: parts.people,
            },
            level,
            planned,
            owner,
            feature: feature.map(|text| template::line(text, MOST_NAME)).filter(|text| !text.is_empty()),
            notes,
        })
    }

    /// The known person that an issue names; the inner error is a sentence. An issue is anybody's: it makes no persons.
    async fn somebody(&self, text: &str) -> Result<std::result::Result<PersonId, String>> {
        let shown = template::line(text, 80);
        Ok(match template::owner(text) {
            None => Err(format!("owner: {shown:?} is neither a mail address nor a @login")),
            Some(Named::Mail(mail)) => {
                let person = match mail.parse() {
                    Ok(id) => self.store.person(&id).await?,
                    Err(_) => None,
                };
                let unknown =
                    || format!("owner: nobody is known here as {shown:?}; name a member of the team");
                person.map(|person| person.id).ok_or_else(unknown)
            }
            Some(Named::Login(login)) => {
                let persons = self.store.persons().await?;
                let is_theirs = |handle: &String| handle.trim_start_matches('@').eq_ignore_ascii_case(&login);
                let mut named =
                    persons.into_iter().filter(|person| person.handles.get("github").is_some_and(is_theirs));
                match (named.next(), named.next()) {
                    (Some(person), None) => Ok(person.id),
                    _ => Err(format!(
                        "owner: @{login} is not the handles.github of exactly one person; write their mail address"
                    )),
                }
            }
        })
    }

    /// What is told of a request that asks for something; `None`: it asks for nothing.
    async fn asking(&self, request: &Request, now: Timestamp) -> Result<Option<NewEvent>> {
        let Some(how) = request.asks() else { return Ok(None) };
        let missing = words(&request.missing());
        let urgent = if request.urgent { "urgent " } else { "" };
        let mut says =
            format!("The {urgent}request {} ({}) asks for {missing}", request.wanted.title, request.team);
        for note in &request.wanted.notes {
            says += &format!("; {note}");
        }
        let to = match &request.wanted.owner {
            Some(owner) => vec![owner.clone()],
            None => self.team(&request.team).await?.maintainers(),
        };
        Ok(Some(NewEvent {
            kind: EventKind::RequestAsks,
            // Once for what is missing, and once more when it becomes urgent.
            key: format!("{} {} {urgent}{missing}", request.team, request.issue),
            at: now,
            team: Some(request.team.clone()),
            release: None,
            verdict: None,
            urgent: request.urgent,
            says,
            advice: Some(format!("{how}; or give it by hand: yardstick request register")),
            to,
        }))
    }
}

/// Why an issue changes nothing; `None`: it does.
fn uninteresting(intake: &Intake, issue: &Issue, kept: Option<&KeptRequest>) -> Option<String> {
    match kept {
        Some(kept) => (issue.updated_at < kept.request.changed_at)
            .then(|| format!("request {} knows of something newer", kept.id)),
        None if issue.closed => Some("the issue is closed, and was no request".to_owned()),
        None => {
            (!intake.takes(&issue.labels)).then(|| "the issue does not have the intake's label".to_owned())
        }
    }
}

/// What became of a request, a sentence.
fn said(request: &Request) -> String {
    let mut says = match (&request.release, request.closed) {
        (Some(release), true) => format!("closed; registered as {release}"),
        (Some(release), false) => format!("registered as {release}"),
        (None, true) => "closed".to_owned(),
        (None, false) => format!("asks for {}", words(&request.missing())),
    };
    for note in &request.wanted.notes {
        says += &format!("; {note}");
    }
    says
}

/// What is missing, in words.
fn words(missing: &[Missing]) -> String {
    missing.iter().map(|what| what.as_str()).collect::<Vec<_>>().join(", ")
}
