//! Reminders: once each, to the person who can do something, while people work.

use yardstick_domain::event::EventKind;
use yardstick_store::EventFilter;

use super::{SMALL, World, both, march};

both! {
    async fn people_are_reminded_once_before_and_after_the_planned_day(database: Database) {
        let company = "organisation: Example\ntime_zone: America/Los_Angeles\nworking_hours: Mon-Fri 08:00-18:00\n---\n";
        let goalless = SMALL[..SMALL.find("goals:").unwrap()].replace("planned: 2026-03-02", "planned: 2026-04-01");
        let (world, post) = World::posting(&database, &format!("{company}{}", goalless.trim_start())).await;
        // 18 March is 14 days before; people work from eight by the clocks of the team, which is in Berlin.
        world.at("2026-03-17T12:00:00Z");
        assert_eq!(world.watch().await, 0);
        world.at("2026-03-18T06:59:59Z");
        assert_eq!(world.watch().await, 0);
        world.at("2026-03-18T07:00:00Z");
        assert_eq!((world.watch().await, world.watch().await), (1, 0));
        assert_eq!(world.kinds().await, ["nudge.no-criteria"]);
        world.deliver().await;
        assert_eq!(post.came(), ["all: nudge.no-criteria quick-start 2026-04-01 d-14"]);
        // With criteria, three days before, the seal is what is missing.
        let whole = SMALL.replace("planned: 2026-03-02", "planned: 2026-04-01");
        world.apply(&whole).await.unwrap();
        assert_eq!(world.watch().await, 1, "of a seal nobody was reminded yet");
        // A Sunday: it waits for Monday.
        world.at("2026-03-29T12:00:00Z");
        assert_eq!(world.watch().await, 0);
        world.at("2026-03-30T06:00:00Z");
        assert_eq!((world.watch().await, world.watch().await), (1, 0));
        let all = world.events().await;
        assert_eq!(all.last().unwrap().0, EventKind::NotSealed);
        assert_eq!(all.last().unwrap().1, "Quick start (L2), planned 2026-04-01, has criteria that are not sealed");
        world.deliver().await;
        assert!(post.came().contains(&"all: nudge.not-sealed quick-start 2026-04-01 d-3".to_owned()));
        world.seal("quick-start").await.unwrap();
        assert_eq!(world.watch().await, 0);
        // Wednesday 1 April passes, and a working day.
        world.at("2026-04-02T12:00:00Z");
        assert_eq!(world.watch().await, 0);
        world.at("2026-04-03T07:00:00Z");
        assert_eq!((world.watch().await, world.watch().await), (1, 0));
        world.at("2026-04-10T15:00:00Z");
        assert_eq!(world.watch().await, 0, "seven working days end with the 10th");
        world.at("2026-04-13T07:00:00Z");
        assert_eq!((world.watch().await, world.watch().await), (1, 0));
        let page = world.app.events(&world.caller(), &EventFilter::default(), None, 2).await.unwrap();
        assert_eq!(page.items[0].event.kind, EventKind::NotLaunched);
        assert_eq!(page.items[0].event.key, "quick-start 2026-04-01 team");
        assert_eq!(page.items[1].event.key, "quick-start 2026-04-01 owner");
        // Another day is another reminder.
        let slug = "quick-start".parse().unwrap();
        world.app.reschedule(&world.caller(), &slug, "2026-04-16".parse().unwrap(), "later").await.unwrap();
        assert_eq!(world.watch().await, 1);
        assert_eq!(world.events().await.last().unwrap().0, EventKind::NotSealed);
        world.app.cancel(&world.caller(), &slug, "not wanted").await.unwrap();
        world.at("2026-05-10T22:00:00Z");
        assert_eq!(world.watch().await, 0);
    }

    async fn whoever_owns_a_metric_hears_what_is_missing_and_then_the_team(database: Database) {
        let (world, _) = World::posting(&database, SMALL).await;
        world.launch("quick-start", None).await.unwrap();
        world.at("2026-03-12T12:00:00Z");
        world.import("app.uses", &march(1, 5, "9")).await.unwrap();
        world.work().await;
        assert_eq!(world.watch().await, 0, "it is still waited for");
        world.at("2026-03-13T00:00:00Z");
        world.work().await;
        assert_eq!(world.watch().await, 0, "nobody is woken");
        world.at("2026-03-13T08:00:00Z");
        assert_eq!((world.watch().await, world.watch().await), (1, 0));
        let page = world.app.events(&world.caller(), &EventFilter::default(), None, 1).await.unwrap();
        let event = &page.items[0].event;
        assert_eq!((event.kind, event.to[0].as_str()), (EventKind::DataLate, "grace.kim@example.com"));
        assert_eq!(
            event.says,
            "app.uses is not complete through 2026-03-09, so quick-start/d7 is undecided (Quick start)"
        );
        // A part of it makes another revision, and does not make the days begin anew.
        world.at("2026-03-14T08:00:00Z");
        world.import("app.uses", &march(6, 7, "9")).await.unwrap();
        world.work().await;
        world.at("2026-03-16T08:00:00Z");
        assert_eq!((world.watch().await, world.watch().await), (1, 0));
        let page = world.app.events(&world.caller(), &EventFilter::default(), None, 1).await.unwrap();
        assert_eq!(page.items[0].event.to[0].as_str(), "ana.lopez@example.com");
        // What came in time makes nobody run after it.
        world.import("app.uses", &march(6, 12, "9")).await.unwrap();
        world.work().await;
        assert_eq!(world.watch().await, 0);
    }
}
