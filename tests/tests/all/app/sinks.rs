//! Who may add sinks, change what is delivered to them, and read of it.

use yardstick_app::{AppError, NewSink};
use yardstick_domain::event::EventKind;
use yardstick_domain::sink::SinkKind;
use yardstick_store::{EventFilter, JobFilter};

use super::outbox::{failed, sink};
use super::{SMALL, World, both, march};

both! {
    async fn deliveries_are_for_those_who_look_after_the_sink(database: Database) {
        let (world, post) = World::posting(&database, SMALL).await;
        let local = world.caller_of("local");
        world.app.add_sink(&world.caller(), &sink("own", Some("growth")), [2; 32]).await.unwrap();
        post.answers("all", [failed(None)]);
        post.answers("own", [failed(None)]);
        world.launch("quick-start", None).await.unwrap();
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        world.work().await;
        world.deliver().await;
        let (all, own) = (world.job("1/all").await, world.job("1/own").await);
        for (who, sees) in [("local", vec!["1/all", "1/own"]), ("ana", vec!["1/own"]), ("ben", vec![]), ("omar", vec![])] {
            let caller = world.caller_of(who);
            let page = world.app.jobs(&caller, &JobFilter::default(), None, 100).await.unwrap();
            let mut keys: Vec<&str> =
                page.items.iter().filter(|job| job.sink().is_some()).map(|job| job.key.as_str()).collect();
            keys.sort_unstable();
            assert_eq!(keys, sees, "{who}");
            assert_eq!(world.app.job(&caller, all).await.is_ok(), who == "local", "{who}");
        }
        // A member of the team can keep nobody from hearing of its releases.
        for who in ["ana", "ben"] {
            let refused = world.app.cancel_job(&world.caller_of(who), all).await;
            assert!(matches!(refused, Err(AppError::NotFound { .. })), "{who}: {refused:?}");
        }
        world.app.retry_job(&world.caller(), own).await.unwrap();
        world.app.cancel_job(&local, all).await.unwrap();
        // What is tried is nobody else's to read.
        world.app.try_sink(&world.caller(), &"own".parse().unwrap()).await.unwrap();
        let tests = async |who: &str| {
            let filter = EventFilter { kind: Some(EventKind::Test), ..EventFilter::default() };
            world.app.events(&world.caller_of(who), &filter, None, 10).await.unwrap().items.len()
        };
        assert_eq!((tests("ana").await, tests("omar").await, tests("local").await), (1, 0, 1));
    }

    async fn sinks_are_added_by_those_who_answer_for_what_they_get(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(SMALL).await.unwrap();
        let add = async |who: &str, new: NewSink| {
            let added = world.app.add_sink(&world.caller_of(who), &new, [1; 32]).await;
            match added {
                Ok((_, secret)) => if secret.is_some() { "signs".to_owned() } else { "added".to_owned() },
                Err(AppError::Forbidden(why)) => format!("forbidden: {why}"),
                Err(AppError::Refused(problems)) => problems[0].field.clone(),
                Err(error) => error.to_string(),
            }
        };
        let folder = |name: &str| NewSink { kind: SinkKind::Folder, url: None, ..sink(name, Some("growth")) };
        let near = |name: &str| NewSink {
            url: Some("http://127.0.0.1:9000/".to_owned()), private_addresses: true, ..sink(name, Some("growth"))
        };
        assert_eq!(add("ana", sink("ana", Some("growth"))).await, "signs");
        assert_eq!(add("ana", sink("ana", Some("growth"))).await, "there is a sink ana already");
        for (who, new) in [("ana", sink("b", None)), ("ben", sink("b", Some("growth"))), ("eve", sink("b", Some("growth"))),
            ("ana", folder("b")), ("ana", near("b"))] {
            let refused = add(who, new).await;
            assert!(refused.starts_with("forbidden: only "), "{who}: {refused}");
        }
        assert_eq!(add("local", folder("files")).await, "added");
        assert_eq!(add("local", near("near")).await, "signs");
        assert_eq!(add("local", NewSink { url: None, ..sink("c", None) }).await, "url");
        assert_eq!(add("local", NewSink { url: Some("https://10.0.0.1/".to_owned()), ..sink("c", None) }).await, "url");
        assert_eq!(add("local", sink("c", Some("nobody"))).await, "there is no team nobody");
        // A secret is turned, and both sign for a day.
        let (name, ana) = ("ana".parse().unwrap(), world.caller_of("ana"));
        let (_, turned) = world.app.turn_secret(&ana, &name, [9; 32]).await.unwrap();
        let store = world.app.store();
        assert_eq!(store.signing_secrets(&name, world.clock.now()).await.unwrap().len(), 2);
        world.at("2026-03-02T09:00:00Z");
        assert_eq!(store.signing_secrets(&name, world.clock.now()).await.unwrap(), [turned]);
        let refused = world.app.turn_secret(&world.caller_of("local"), &"files".parse().unwrap(), [9; 32]).await;
        assert!(matches!(refused, Err(AppError::Conflict(_))));
        assert!(matches!(world.app.remove_sink(&world.caller_of("ben"), &name).await, Err(AppError::NotFound { .. })));
        world.app.remove_sink(&ana, &name).await.unwrap();
        assert_eq!(store.signing_secrets(&name, world.clock.now()).await.unwrap(), []);
    }
}
