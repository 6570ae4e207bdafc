//! What goes out: events with their causes, deliveries, reminders.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use yardstick_app::{AppError, Courier, NewSink};
use yardstick_domain::event::EventKind;
use yardstick_domain::job::{JobState, MOST_TRIES};
use yardstick_domain::sink::{Answer, Delivered, SinkKind};
use yardstick_store::{DeliveryFilter, EventFilter, JobFilter};
use yardstick_tests::databases::Database;

use super::tamper::behind;
use super::{SMALL, World, both, march};

/// What sinks got, and what they answer next; they take everything else.
#[derive(Clone, Default)]
pub(super) struct Post(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    came: Vec<String>,
    answers: BTreeMap<String, VecDeque<Delivered>>,
}

impl Post {
    fn courier(&self) -> Courier {
        let post = self.clone();
        Arc::new(move |_, outgoing| {
            let sink = outgoing.sink.name.to_string();
            let event = &outgoing.event;
            let mut inner = post.0.lock().unwrap();
            inner.came.push(format!("{sink}: {} {}", event.event.kind, event.event.key));
            let taken = Delivered::Taken(Answer { status: Some(200), says: "answered 200".to_owned() });
            let answer = inner.answers.get_mut(&sink).and_then(VecDeque::pop_front).unwrap_or(taken);
            Box::pin(async move { answer })
        })
    }

    /// What came since this was last asked.
    pub(super) fn came(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().came)
    }

    pub(super) fn answers(&self, sink: &str, answers: impl IntoIterator<Item = Delivered>) {
        self.0.lock().unwrap().answers.entry(sink.to_owned()).or_default().extend(answers);
    }
}

pub(super) fn failed(rest_until: Option<Timestamp>) -> Delivered {
    Delivered::Failed { answer: Answer { status: Some(500), says: "answered 500".to_owned() }, rest_until }
}

pub(super) fn sink(name: &str, team: Option<&str>) -> NewSink {
    NewSink {
        name: name.parse().unwrap(),
        kind: SinkKind::WebHook,
        team: team.map(|team| team.parse().unwrap()),
        kinds: Vec::new(),
        url: Some("https://example.com/hook".to_owned()),
        private_addresses: false,
    }
}

impl World {
    pub(super) async fn posting(database: &Database, text: &str) -> (Self, Post) {
        let (post, world) = (Post::default(), Self::new(database));
        let world = Self { app: world.app.with_courier(post.courier()), clock: world.clock };
        world.at("2026-03-01T09:00:00Z");
        world.apply(text).await.unwrap();
        world.app.add_sink(&world.caller_of("local"), &sink("all", None), [1; 32]).await.unwrap();
        world.at("2026-03-02T10:00:00Z");
        (world, post)
    }

    /// Makes the deliveries that are due; what became of each.
    pub(super) async fn deliver(&self) -> Vec<String> {
        let mut came = Vec::new();
        while let Some(job) = self.app.deliver("worker").await.unwrap() {
            let job = self.app.job(&self.caller_of("local"), job.id).await.unwrap();
            let text = job.error.or(job.waits_for).or(job.result).unwrap_or_default();
            came.push(format!("{} {}: {text}", job.key, job.state.as_str()));
        }
        came
    }

    /// Events by kind and sentence, the first first.
    pub(super) async fn events(&self) -> Vec<(EventKind, String)> {
        let page =
            self.app.events(&self.caller_of("local"), &EventFilter::default(), None, 100).await.unwrap();
        page.items.into_iter().rev().map(|event| (event.event.kind, event.event.says)).collect()
    }

    /// The number of the job of this key.
    pub(super) async fn job(&self, key: &str) -> i64 {
        let page = self.app.jobs(&self.caller_of("local"), &JobFilter::default(), None, 100).await.unwrap();
        page.items.iter().find(|job| job.key == key).unwrap().id
    }

    async fn last_job(&self) -> i64 {
        let page = self.app.jobs(&self.caller_of("local"), &JobFilter::default(), None, 1).await.unwrap();
        page.items[0].id
    }

    pub(super) async fn kinds(&self) -> Vec<&'static str> {
        self.events().await.into_iter().map(|(kind, _)| kind.as_str()).collect()
    }

    pub(super) async fn watch(&self) -> u32 {
        self.app.watch(false).await.unwrap()
    }
}

/// As [`SMALL`], with a guardrail.
fn guarded() -> String {
    format!(
        "{SMALL}guardrails:\n  - id: least\n    says: It is used at all.\n    judge: threshold@1\n    metric: app.uses\n    \
         with: {{ at_least: 5 }}\n"
    )
}

both! {
    async fn a_verdict_is_news_when_it_is_final_or_comes_to_something_else(database: Database) {
        let (world, post) = World::posting(&database, SMALL).await;
        world.launch("quick-start", None).await.unwrap();
        world.at("2026-03-05T08:00:00Z");
        world.work().await;
        assert_eq!(world.kinds().await, Vec::<&str>::new(), "too early says nothing new");
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        world.work().await;
        let all = world.events().await;
        assert_eq!(all.last().unwrap().0, EventKind::VerdictFinal);
        assert!(all.last().unwrap().1.starts_with("PASS: Quick start (L2, growth), d7, final: "), "{all:?}");
        assert_eq!(world.deliver().await.len(), all.len());
        assert_eq!(world.deliver().await, Vec::<String>::new(), "once");
        post.came();
        // The same values again change nothing; other ones that come to the same neither; a miss does.
        for (value, news) in [("9", 0), ("10", 0), ("1", 1)] {
            let before = world.events().await.len();
            world.import("app.uses", &march(1, 10, value)).await.unwrap();
            world.work().await;
            assert_eq!(world.events().await.len() - before, news, "{value}");
        }
        let all = world.events().await;
        assert_eq!(all.last().unwrap().0, EventKind::VerdictChanged);
        assert!(all.last().unwrap().1.starts_with("FAIL (was pass): Quick start (L2, growth), d7, final: "), "{all:?}");
        world.deliver().await;
        assert_eq!(post.came(), ["all: verdict.changed quick-start/d7.3"]);
        // A look is nobody's news.
        let before = world.events().await.len();
        world.judge("quick-start", Some("d3")).await.unwrap();
        assert_eq!(world.events().await.len(), before);
    }

    async fn a_failed_guardrail_goes_out_at_once_and_the_past_alarms_nobody(database: Database) {
        let (world, post) = World::posting(&database, &guarded()).await;
        world.launch("quick-start", None).await.unwrap();
        // A Saturday night.
        world.at("2026-03-07T23:30:00Z");
        world.import("app.uses", &march(1, 6, "1")).await.unwrap();
        world.work().await;
        let page = world.app.events(&world.caller(), &EventFilter::default(), None, 1).await.unwrap();
        let event = &page.items[0].event;
        assert_eq!((event.kind, event.urgent), (EventKind::VerdictChanged, true), "{event:?}");
        assert_eq!(event.verdict.as_ref().unwrap().numbered(), "quick-start/d2.1");
        assert_eq!(event.to, ["ana.lopez@example.com".parse().unwrap()]);
        world.deliver().await;
        assert_eq!(post.came(), ["all: verdict.changed quick-start/d2.1"]);
        // Told of long after it happened.
        world.at("2026-06-07T23:30:00Z");
        world.apply(guarded().replace("quick-start", "long-ago").split("---").last().unwrap()).await.unwrap();
        world.launch("long-ago", Some("2026-03-02T10:00:00Z")).await.unwrap();
        world.work().await;
        let page = world.app.events(&world.caller(), &EventFilter::default(), None, 100).await.unwrap();
        let past: Vec<_> = page.items.iter().filter(|event| {
            event.event.release.as_ref().is_some_and(|release| release.as_str() == "long-ago")
        }).collect();
        assert!(!past.is_empty());
        for event in past {
            assert!(!event.event.urgent && event.event.says.contains("judged for the past"), "{event:?}");
        }
    }

    async fn what_is_not_taken_is_tried_again_and_given_up_at_last(database: Database) {
        let (world, post) = World::posting(&database, SMALL).await;
        let local = world.caller_of("local");
        world.app.add_sink(&local, &sink("deaf", None), [2; 32]).await.unwrap();
        let rest = world.clock.now().checked_add(SignedDuration::from_mins(10)).unwrap();
        post.answers("deaf", [failed(Some(rest))]);
        world.app.try_sink(&local, &"deaf".parse().unwrap()).await.unwrap();
        assert_eq!(world.deliver().await, ["1/deaf waiting: answered 500"]);
        // Trying it again meanwhile says so.
        world.at("2026-03-02T10:01:00Z");
        let again = world.app.try_sink(&world.caller_of("local"), &"deaf".parse().unwrap()).await;
        assert!(matches!(again, Err(AppError::Conflict(_))), "{again:?}");
        // It is left alone for as long as it wants, and that counts as no try.
        world.launch("quick-start", None).await.unwrap();
        let early = world.job("quick-start/d2").await;
        world.app.cancel_job(&world.caller(), early).await.unwrap();
        let waits = "2/deaf waiting: deaf is left alone until 2026-03-02T10:10:00Z";
        assert!(world.deliver().await.contains(&waits.to_owned()));
        let waiting = world.job("2/deaf").await;
        assert_eq!(world.app.job(&local, waiting).await.unwrap().attempts, 0);
        world.at("2026-03-02T10:09:59Z");
        assert_eq!(world.deliver().await, Vec::<String>::new());
        world.at("2026-03-02T10:10:00Z");
        assert_eq!(world.deliver().await.len(), 2);
        let came = post.came();
        assert_eq!(came.iter().filter(|line| line.starts_with("deaf: ")).count(), 3, "{came:?}");
        // Never again.
        post.answers("deaf", (0..100).map(|_| failed(None)));
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        world.work().await;
        world.deliver().await;
        for _ in 0..MOST_TRIES {
            world.clock.set(world.clock.now().checked_add(SignedDuration::from_hours(13)).unwrap());
            world.deliver().await;
        }
        let dead = JobFilter { state: Some(JobState::Dead), ..JobFilter::default() };
        let dead = world.app.jobs(&local, &dead, None, 10).await.unwrap().items;
        assert_eq!((dead.len(), dead[0].attempts), (1, MOST_TRIES), "{dead:?}");
        let all = world.events().await;
        let (kind, says) = all.last().unwrap();
        assert_eq!(*kind, EventKind::Undelivered);
        assert!(says.ends_with("(verdict.final) did not get to the sink deaf, and maybe others"), "{says}");
        // Others hear of it when people work again; the one that is deaf is not told that it is.
        world.clock.set(world.clock.now().checked_add(SignedDuration::from_hours(72)).unwrap());
        world.deliver().await;
        let came = post.came();
        assert!(came.last().unwrap().starts_with("all: nudge.undelivered "), "{came:?}");
        assert!(!came.iter().any(|line| line.starts_with("deaf: nudge")), "{came:?}");
        let log = DeliveryFilter { sinks: Some(vec![("deaf".parse().unwrap(), Timestamp::MIN)]), event: None };
        let log = world.app.deliveries(&local, &log, None, 100).await.unwrap().items;
        assert_eq!(log.len() as u32, 3 + MOST_TRIES);
        // Somebody mends it and tries again.
        post.0.lock().unwrap().answers.clear();
        world.app.retry_job(&local, dead[0].id).await.unwrap();
        assert!(world.deliver().await[0].contains("deaf done: answered 200"));
    }

    async fn a_delivery_that_was_made_is_not_made_again(database: Database) {
        let (world, post) = World::posting(&database, SMALL).await;
        let local = world.caller_of("local");
        world.app.try_sink(&local, &"all".parse().unwrap()).await.unwrap();
        assert_eq!(world.deliver().await, ["1/all done: answered 200"]);
        // As when a worker went away before it could say so.
        behind(&database, "UPDATE jobs SET state = 'waiting', ended_at = NULL WHERE kind = 'deliver'").await;
        assert_eq!(world.deliver().await, ["1/all done: all has it"]);
        assert_eq!(post.came().len(), 1);
        // A sink that is no longer gets nothing more.
        world.at("2026-03-02T10:01:00Z");
        let local = world.caller_of("local");
        world.app.try_sink(&local, &"all".parse().unwrap()).await.unwrap();
        world.app.remove_sink(&local, &"all".parse().unwrap()).await.unwrap();
        assert_eq!(world.deliver().await, Vec::<String>::new());
        assert_eq!(world.app.job(&local, world.last_job().await).await.unwrap().state, JobState::Cancelled);
        assert!(matches!(world.app.try_sink(&local, &"all".parse().unwrap()).await, Err(AppError::NotFound { .. })));
    }

    async fn a_sink_of_the_same_name_gets_nothing_of_the_one_before(database: Database) {
        let (world, post) = World::posting(&database, SMALL).await;
        let local = world.caller_of("local");
        world.app.try_sink(&local, &"all".parse().unwrap()).await.unwrap();
        post.answers("all", [failed(None)]);
        world.deliver().await;
        let old = world.last_job().await;
        world.app.remove_sink(&local, &"all".parse().unwrap()).await.unwrap();
        world.at("2026-03-02T10:01:00Z");
        world.app.add_sink(&world.caller(), &sink("all", Some("growth")), [3; 32]).await.unwrap();
        // Whoever has the name now may try it again, and gets nothing.
        post.came();
        world.app.retry_job(&world.caller(), old).await.unwrap();
        assert_eq!(world.deliver().await, ["1/all done: not sent: it happened before the sink all was added"]);
        assert_eq!(post.came(), Vec::<String>::new());
        let log = async |who: &str| {
            world.app.deliveries(&world.caller_of(who), &DeliveryFilter::default(), None, 10).await.unwrap().items.len()
        };
        assert_eq!((log("ana").await, log("local").await), (0, 1), "the log of the one before is the operators'");
    }

    async fn what_is_private_goes_to_its_team_alone(database: Database) {
        let text = SMALL.replace("level: L2\n", "level: L2\nvisibility: team\n");
        let (world, post) = World::posting(&database, &text).await;
        let other = "team: search\nname: Search\ntime_zone: UTC\nmembers: { omar.said@example.com: maintainer }\n";
        world.apply(other).await.unwrap();
        world.app.add_sink(&world.caller(), &sink("growth-hook", Some("growth")), [2; 32]).await.unwrap();
        world.app.add_sink(&world.caller_of("omar"), &sink("search-hook", Some("search")), [3; 32]).await.unwrap();
        world.launch("quick-start", None).await.unwrap();
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        world.work().await;
        world.deliver().await;
        assert_eq!(post.came(), ["growth-hook: verdict.final quick-start/d7.1"]);
        // Nobody else sees that there was an event, nor what was delivered.
        let omar = world.caller_of("omar");
        let seen = world.app.events(&omar, &EventFilter::default(), None, 10).await.unwrap();
        assert_eq!(seen.items, []);
        assert_eq!(world.app.deliveries(&omar, &DeliveryFilter::default(), None, 10).await.unwrap().items, []);
        assert_eq!(world.app.sinks(&omar).await.unwrap().len(), 1);
        let theirs = DeliveryFilter { sinks: Some(vec![("growth-hook".parse().unwrap(), Timestamp::MIN)]), event: None };
        assert!(matches!(world.app.deliveries(&omar, &theirs, None, 10).await, Err(AppError::NotFound { .. })));
    }

    async fn what_has_become_private_is_held_back(database: Database) {
        let (world, post) = World::posting(&database, SMALL).await;
        world.launch("quick-start", None).await.unwrap();
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        world.work().await;
        let text = SMALL.replace("level: L2\n", "level: L2\nvisibility: team\n");
        world.apply(&text).await.unwrap();
        let held: Vec<String> = world.deliver().await;
        assert!(held.iter().all(|line| line.ends_with("done: not sent: quick-start is private to growth")), "{held:?}");
        assert_eq!((held.len(), post.came()), (1, Vec::new()));
    }

    async fn overdue_and_missed_verdicts_are_told_of(database: Database) {
        let (world, _) = World::posting(&database, SMALL).await;
        world.launch("quick-start", None).await.unwrap();
        let tell = |kind| EventFilter { kind: Some(kind), ..EventFilter::default() };
        world.at("2026-03-05T00:00:00Z");
        assert_eq!(world.watch().await, 0, "an hour has not passed");
        world.at("2026-03-05T00:00:01Z");
        assert_eq!((world.watch().await, world.watch().await), (1, 0));
        let told = world.app.events(&world.caller(), &tell(EventKind::VerdictOverdue), None, 10).await.unwrap();
        assert_eq!(
            told.items[0].event.says,
            "The verdict quick-start/d2 could have been given since 2026-03-04T23:00:00Z: no worker came to it"
        );
        let status = world.app.status(&world.caller()).await.unwrap();
        assert_eq!(status.overdue[0].0, "quick-start/d2");
        // Somebody takes the last one out of line: nobody will be told a verdict.
        let filter = JobFilter { state: Some(JobState::Waiting), release: Some("quick-start".parse().unwrap()), ..JobFilter::default() };
        let jobs = world.app.jobs(&world.caller(), &filter, None, 10).await.unwrap().items;
        let last = jobs.iter().find(|job| job.key == "quick-start/d7").unwrap();
        world.app.cancel_job(&world.caller(), last.id).await.unwrap();
        let told = world.app.events(&world.caller(), &tell(EventKind::VerdictMissed), None, 10).await.unwrap();
        assert_eq!(told.items[0].event.says, "The verdict quick-start/d7 will not be given: somebody took it out of line");
        // A service that begins again catches up before it complains.
        world.at("2026-03-20T00:00:00Z");
        let fresh = World::new(&database);
        fresh.clock.set(world.clock.now());
        let app = yardstick_app::App::new(database.store.clone(), crate::app::engine(), &[], fresh.clock.clock()).unwrap();
        behind(&database, "DELETE FROM outbox WHERE kind = 'verdict.overdue' AND id NOT IN (SELECT event FROM deliveries)").await;
        assert_eq!(app.watch(false).await.unwrap(), 0);
    }
}
