//! Issues that become requests, and requests that become releases.

mod teams;

use serde_json::json;
use yardstick_app::{IncomingDelivery, NewIntake, NotTaken, Taken};
use yardstick_domain::event::EventKind;
use yardstick_domain::intake::signature::Signature;
use yardstick_domain::intake::{KeptRequest, RequestState};
use yardstick_domain::level::Level;
use yardstick_domain::metric::Visibility;
use yardstick_domain::sink::SigningSecret;
use yardstick_store::{EventFilter, ReleaseFilter, RequestFilter};
use yardstick_tests::databases::Database;

use super::plugins::TEAMS;
use super::{World, both};

/// All that a release needs.
const WHOLE: &str = "### Problem\n\nToo slow.\n\n### End state\n\nFast.\n\n### The why\n\n_No response_\n\n\
                     ### Level\n\nL2 (Medium)\n\n### Planned date\n\n2026-04-20\n\n### Owner\n\nana.lopez@example.com\n";

/// An issue of `example/product`.
#[derive(Clone)]
pub(super) struct Issue {
    number: u64,
    title: &'static str,
    body: String,
    labels: Vec<&'static str>,
    state: &'static str,
    /// Minutes after ten o'clock.
    minute: u32,
}

impl Issue {
    pub(super) fn new(number: u64, title: &'static str, body: &str) -> Self {
        Self { number, title, body: body.to_owned(), labels: Vec::new(), state: "open", minute: 0 }
    }

    fn at(self, minute: u32) -> Self {
        Self { minute, ..self }
    }

    fn payload(&self) -> Vec<u8> {
        let labels: Vec<_> = self.labels.iter().map(|label| json!({ "name": label })).collect();
        json!({
            "action": "edited",
            "issue": {
                "html_url": format!("https://github.com/Example/Product/issues/{}", self.number),
                "number": self.number, "title": self.title, "body": self.body, "labels": labels,
                "state": self.state, "updated_at": format!("2026-03-01T10:{:02}:00Z", self.minute),
            },
            "repository": { "full_name": "Example/Product" },
            "sender": { "login": "somebody" },
        })
        .to_string()
        .into_bytes()
    }
}

impl World {
    pub(super) async fn with_intake(database: &Database) -> (Self, SigningSecret) {
        let world = Self::new(database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(TEAMS).await.unwrap();
        let secret = world.intake("ana", "example/product", "growth").await;
        (world, secret)
    }

    async fn intake(&self, who: &str, repository: &str, team: &str) -> SigningSecret {
        let new = NewIntake {
            repository: repository.parse().unwrap(),
            team: team.parse().unwrap(),
            label: None,
            visibility: Visibility::Company,
        };
        // Each has another secret.
        let seed = u8::try_from(self.app.intakes(&self.caller_of("local")).await.unwrap().len()).unwrap();
        self.app.add_intake(&self.caller_of(who), &new, [seed + 1; 32]).await.unwrap().1
    }

    async fn send_signed(&self, id: &str, signature: Option<&str>, body: &[u8]) -> Result<Taken, NotTaken> {
        let delivery = IncomingDelivery { event: "issues", id, signature, body };
        self.app.take_delivery(delivery, self.clock.now()).await.unwrap()
    }

    pub(super) async fn send(&self, secret: &SigningSecret, id: &str, issue: &Issue) -> Taken {
        let body = issue.payload();
        self.send_signed(id, Some(&Signature::text(secret, &body)), &body).await.unwrap()
    }

    async fn kept(&self, id: i64) -> KeptRequest {
        self.app.request(&self.caller(), id).await.unwrap()
    }

    async fn refusals(&self) -> Vec<String> {
        let page = self.app.audit_events(&self.caller_of("local"), None, None, 200).await.unwrap();
        let refused = page.items.iter().filter(|event| event.outcome.as_str() == "refused");
        refused
            .map(|event| format!("{} {} {} {}", event.actor, event.action, event.subject, event.detail))
            .collect()
    }
}

fn request(id: i64, says: &str) -> Taken {
    Taken::Request { id, says: says.to_owned() }
}

both! {
    async fn an_issue_asks_for_what_is_missing_and_becomes_a_draft(database: Database) {
        let (world, secret) = World::with_intake(&database).await;
        let bare = "### Problem\nToo slow.\n### Owner\nnobody@example.com\n### Level\nhuge\n";
        let taken = world.send(&secret, "d-1", &Issue::new(12, "Faster sign-up", bare)).await;
        let Taken::Request { id, says } = taken else { panic!("{taken:?}") };
        assert_eq!(says, "asks for level, planned, owner; level: \"huge\" is none of L1 (the largest), L2 and L3; \
            owner: nobody is known here as \"nobody@example.com\"; name a member of the team");
        let filter = EventFilter { kind: Some(EventKind::RequestAsks), ..EventFilter::default() };
        let asked = world.app.events(&world.caller(), &filter, None, 10).await.unwrap().items;
        let event = &asked[0].event;
        assert!(event.says.starts_with("The request Faster sign-up (growth) asks for level, planned, owner; "), "{}", event.says);
        assert_eq!(event.to, ["ana.lopez@example.com".parse().unwrap()]);
        let advice = event.advice.as_deref().unwrap();
        assert!(advice.contains("https://github.com/Example/Product/issues/12") && advice.contains("### Level"), "{advice}");
        // A person of this address was not made of it.
        assert!(world.app.store().person(&"nobody@example.com".parse().unwrap()).await.unwrap().is_none());

        let whole = Issue::new(12, "Faster sign-up", WHOLE).at(1);
        assert_eq!(world.send(&secret, "d-2", &whole).await, request(id, "registered as faster-sign-up"));
        let kept = world.kept(id).await;
        assert_eq!(kept.request.state(), RequestState::Registered);
        let facts = world.app.store().release(&"faster-sign-up".parse().unwrap()).await.unwrap().unwrap();
        let release = &facts.release;
        assert_eq!((release.name.as_str(), release.level, release.planned), ("Faster sign-up", Level::L2, "2026-04-20".parse().unwrap()));
        assert_eq!(release.owner.as_str(), "ana.lopez@example.com");
        assert_eq!(release.issue.as_deref(), Some("https://github.com/Example/Product/issues/12"));
        assert_eq!((release.brief.problem.as_deref(), release.brief.why.as_deref()), (Some("Too slow."), None));
        assert_eq!(release.criteria.list.len(), 0);
        // Nothing is asked again, and a second one of this title has another slug.
        assert_eq!(world.app.events(&world.caller(), &filter, None, 10).await.unwrap().items.len(), 1);
        let second = world.send(&secret, "d-3", &Issue::new(13, "Faster sign-up", WHOLE)).await;
        assert_eq!(second, request(id + 1, "registered as faster-sign-up-2"));
    }

    async fn an_edit_changes_what_was_made_of_it_and_nothing_that_people_did(database: Database) {
        let (world, secret) = World::with_intake(&database).await;
        let slug = "faster-sign-up".parse().unwrap();
        let release = async || world.app.store().release(&slug).await.unwrap().unwrap().release;
        world.send(&secret, "d-1", &Issue::new(12, "Faster sign-up", WHOLE)).await;
        // People give it a goal and write the brief anew.
        world.apply("
release: faster-sign-up
name: Sign-up in a minute
team: growth
owner: ben.okafor@example.com
level: L2
planned: 2026-04-20
issue: https://github.com/Example/Product/issues/12
brief: { problem: Written by people., end_state: Fast. }
checkpoints: [d7]
goals: [{ id: uses, says: Used., judge: threshold@1, metric: app.uses, with: { at_least: 60 } }]
").await.unwrap();
        let labelled = Issue { labels: vec!["Urgent", "growth"], ..Issue::new(12, "Faster sign-up", WHOLE).at(1) };
        world.send(&secret, "d-2", &labelled).await;
        assert_eq!(release().await.name, "Sign-up in a minute", "a label is no change of the name");
        assert!(world.kept(1).await.request.urgent);
        let edited = WHOLE.replace("Fast.", "Faster.").replace("L2 (Medium)", "L1").replace("2026-04-20", "2026-05-04");
        world.send(&secret, "d-3", &Issue::new(12, "Fast sign-up", &edited).at(2)).await;
        let now = release().await;
        assert_eq!((now.name.as_str(), now.level, now.planned), ("Fast sign-up", Level::L1, "2026-05-04".parse().unwrap()));
        assert_eq!((now.brief.problem.as_deref(), now.brief.end_state.as_deref()), (Some("Written by people."), Some("Faster.")));
        assert_eq!((now.criteria.list.len(), now.criteria.checkpoints.len(), now.owner.as_str()), (1, 1, "ben.okafor@example.com"));
        // What is sealed stays; name and brief go on.
        world.seal("faster-sign-up").await.unwrap();
        let later = edited.replace("L1", "L3").replace("Faster.", "Fastest.");
        let taken = world.send(&secret, "d-4", &Issue::new(12, "Fast sign-up", &later).at(3)).await;
        assert_eq!(taken, request(1, "registered as faster-sign-up; the level and planned day of faster-sign-up are sealed and do not change"));
        let now = release().await;
        assert_eq!((now.level, now.brief.end_state.as_deref()), (Level::L1, Some("Fastest.")));
        assert!(world.app.store().release(&slug).await.unwrap().unwrap().seal.is_some_and(|seal| seal.version == 3));
        // What an issue no longer says stays as it was; closing it ends nothing.
        let closed = Issue { state: "closed", ..Issue::new(12, "Fast sign-up", "").at(4) };
        assert_eq!(world.send(&secret, "d-5", &closed).await, request(1, "closed; registered as faster-sign-up"));
        assert_eq!(world.kept(1).await.request.state(), RequestState::Closed);
        assert_eq!(release().await.planned, "2026-05-04".parse().unwrap());
        world.app.cancel(&world.caller(), &slug, "No longer wanted").await.unwrap();
        let reopened = Issue::new(12, "Other name", "").at(5);
        let taken = world.send(&secret, "d-6", &reopened).await;
        assert_eq!(taken, request(1, "registered as faster-sign-up; faster-sign-up was cancelled and does not change"));
        assert_eq!(release().await.name, "Fast sign-up");
    }

    async fn only_who_has_the_secret_is_heard(database: Database) {
        let (world, secret) = World::with_intake(&database).await;
        let other = world.intake("ana", "example/other", "growth").await;
        let body = Issue::new(12, "Faster sign-up", WHOLE).payload();
        let sign = |secret: &SigningSecret| Signature::text(secret, &body);
        let forged = format!("sha256={}", "0".repeat(64));
        for (what, signature) in [
            ("none", None),
            ("no signature", Some("sha256=abc".to_owned())),
            ("SHA-1", Some(format!("sha1={}", "0".repeat(40)))),
            ("forged", Some(forged)),
            ("another repository's", Some(sign(&other))),
            ("of other bytes", Some(Signature::text(&secret, b"{}"))),
        ] {
            let taken = world.send_signed("d-1", signature.as_deref(), &body).await;
            assert!(matches!(taken, Err(NotTaken::Unsigned(_))), "{what}: {taken:?}");
        }
        // Nobody knows this repository, and is told the same.
        let unknown = String::from_utf8(body.clone()).unwrap().replace("Example/Product", "example/nowhere");
        let taken = world.send_signed("d-1", Some(&sign(&secret)), unknown.as_bytes()).await.unwrap_err();
        assert_eq!(taken, NotTaken::Unsigned("no intake of this repository has the secret that signed this; yardstick intake list shows them"));
        assert_eq!(world.app.requests(&world.caller(), &RequestFilter::default(), None, 10).await.unwrap().items, []);
        // It is written down, once a minute, and without what was sent.
        assert_eq!(world.refusals().await, [
            "host take-delivery intake example/product {}",
            "host take-delivery intake {}",
        ]);
        // A secret that was turned is taken for a day.
        let key = ("example/product".parse().unwrap(), "growth".parse().unwrap());
        let (_, turned) = world.app.turn_intake_secret(&world.caller(), (&key.0, &key.1), [9; 32]).await.unwrap();
        assert!(world.send_signed("d-1", Some(&sign(&secret)), &body).await.is_ok());
        world.at("2026-03-02T09:00:00Z");
        assert!(world.send_signed("d-2", Some(&sign(&secret)), &body).await.is_err());
        assert!(world.send_signed("d-2", Some(&sign(&turned)), &body).await.is_ok());
        world.app.remove_intake(&world.caller(), &key.0, &key.1).await.unwrap();
        assert!(world.send_signed("d-3", Some(&sign(&turned)), &body).await.is_err());
    }

    async fn nothing_is_done_twice_and_nothing_older_overwrites(database: Database) {
        let (world, secret) = World::with_intake(&database).await;
        let first = Issue::new(12, "Faster sign-up", "").at(5);
        let taken = world.send(&secret, "d-1", &first).await;
        assert_eq!(taken, request(1, "asks for level, planned, owner"));
        let newer = Issue::new(12, "Fast sign-up", "").at(7);
        world.send(&secret, "d-2", &newer).await;
        let acts = async || world.app.audit_events(&world.caller_of("local"), None, None, 200).await.unwrap().items.len();
        let before = (world.kept(1).await, acts().await);
        // The same delivery, and the same body under another number, as whoever recorded it would send it.
        assert_eq!(world.send(&secret, "d-1", &first).await, taken);
        assert_eq!(world.send(&secret, "d-99", &first).await, taken);
        assert_eq!(world.send(&secret, "d-98", &newer).await, taken);
        // An edit that overtook another.
        let older = Issue::new(12, "Slow sign-up", WHOLE).at(6);
        assert_eq!(world.send(&secret, "d-3", &older).await, Taken::Ignored("request 1 knows of something newer".to_owned()));
        assert_eq!((world.kept(1).await, acts().await), before);
        // In the same second, both count.
        world.send(&secret, "d-4", &Issue { labels: vec!["urgent"], ..newer }).await;
        assert!(world.kept(1).await.request.urgent);
    }

    async fn deliveries_of_one_issue_at_the_same_time_are_all_taken(database: Database) {
        let (world, secret) = World::with_intake(&database).await;
        let issues: Vec<Issue> = (0..4).map(|minute| Issue::new(12, "Faster sign-up", WHOLE).at(minute)).collect();
        let ids = ["d-0", "d-1", "d-2", "d-3"];
        let mut sent = Vec::new();
        for (issue, id) in issues.iter().zip(ids) {
            sent.push(world.send(&secret, id, issue));
        }
        let [a, b, c, d] = <[_; 4]>::try_from(sent).ok().unwrap();
        tokio::join!(a, b, c, d);
        let releases = world.app.releases(&world.caller(), &ReleaseFilter::default(), None, 10).await.unwrap().items;
        assert_eq!(releases.len(), 1);
        assert_eq!(world.kept(1).await.request.release, Some(releases[0].release.slug.clone()));
    }
}
