//! From a file and numbers to verdicts that replay.

use super::{SMALL, World, both, march};

both! {
    async fn a_release_is_judged_from_file_to_replay(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(SMALL).await.unwrap();
        world.seal("quick-start").await.unwrap();
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();

        world.at("2026-03-06T12:00:00Z");
        world.import("app.uses", &march(1, 5, "9")).await.unwrap();
        let early = world.judge("quick-start", None).await.unwrap();
        assert_eq!((early.at.to_string().as_str(), early.look_because), ("quick-start/d2", None));
        let document = world.document("quick-start/d2").await;
        assert_eq!((document.outcome.as_str(), document.reason.as_deref()), ("undecided", Some("too-early")));
        // 3 and 4 March are complete; d7 ends with 9 March in Berlin, promised a day later.
        assert_eq!(document.findings[0].headline, "18 of 60 uses so far; decided at d7 (about 11 Mar)");
        assert_eq!(document.findings[0].observed.as_ref().unwrap().low, None);

        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(6, 10, "9")).await.unwrap();
        let judged = world.judge("quick-start", None).await.unwrap();
        assert_eq!(judged.at.to_string(), "quick-start/d7");
        let document = world.document("quick-start/d7").await;
        assert_eq!((document.outcome.as_str(), document.is_final), ("pass", true));
        assert_eq!(document.findings[0].observed.as_ref().unwrap().value, 63.0);
        assert_eq!(document.findings[0].method, "counted, not sampled");
        assert_eq!(document.seal.state, "sealed");
        for at in ["quick-start/d2", "quick-start/d7"] {
            let replay = world.app.replay(&world.caller(), &at.parse().unwrap()).await.unwrap();
            assert_eq!((replay.identical, replay.differences), (1, vec![]), "{at}");
        }
    }

    async fn judging_twice_from_the_same_inputs_gives_one_verdict(database: Database) {
        let world = World::launched(&database).await;
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        let first = world.judge("quick-start", None).await.unwrap();
        world.at("2026-03-12T12:00:00Z");
        assert_eq!(world.judge("quick-start", None).await.unwrap().at, first.at);
        // A late correction inside the window is another verdict: the second revision.
        world.import("app.uses", "day,value\n2026-03-05,2\n").await.unwrap();
        let second = world.judge("quick-start", None).await.unwrap();
        assert_eq!(second.at.to_string(), "quick-start/d7.2");
        assert_eq!(world.document("quick-start/d7").await.outcome, "fail");
        let first = world.document("quick-start/d7.1").await;
        assert_eq!((first.outcome.as_str(), first.seal.state.as_str()), ("pass", "sealed-by-launch"));
        assert_eq!(world.document("quick-start/d7.2").await.findings[0].corrections, 1);
    }

    async fn what_is_known_and_what_has_ended_are_asked_for_separately(database: Database) {
        let world = World::launched(&database).await;
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        world.at("2026-03-20T12:00:00Z");
        world.import("app.uses", "day,value\n2026-03-05,2\n").await.unwrap();
        let request = |as_of: Option<&str>, known_at: Option<&str>| yardstick_app::JudgeRequest {
            release: "quick-start".parse().unwrap(),
            checkpoint: None,
            as_of: as_of.map(|at| at.parse().unwrap()),
            known_at: known_at.map(|at| at.parse().unwrap()),
        };
        let known = request(None, Some("2026-03-12T00:00:00Z"));
        let judged = world.app.judge(&world.caller(), &known).await.unwrap();
        assert_eq!(judged.at.to_string(), "quick-start/d7.look-1");
        assert_eq!(world.document("quick-start/d7.look-1").await.outcome, "pass");
        let ended = request(Some("2026-03-05T12:00:00Z"), None);
        let judged = world.app.judge(&world.caller(), &ended).await.unwrap();
        assert_eq!((judged.at.to_string().as_str(), judged.look_because), ("quick-start/d2", None));
        assert!(world.document("quick-start/d2").await.findings[0].headline.starts_with("18 of 60 uses so far"));
    }

    async fn late_data_are_waited_for_and_then_said_to_be_missing(database: Database) {
        let world = World::launched(&database).await;
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 8, "9")).await.unwrap();
        let waiting = world.judge("quick-start", Some("d7")).await.unwrap();
        assert_eq!(
            waiting.look_because.unwrap(),
            "app.uses is not complete up to the end of d7; it is waited for until 2026-03-13T00:00:00Z"
        );
        world.at("2026-03-13T00:00:00Z");
        let late = world.judge("quick-start", Some("d7")).await.unwrap();
        assert_eq!((late.at.to_string().as_str(), late.look_because), ("quick-start/d7", None));
        let document = world.document("quick-start/d7").await;
        assert_eq!(document.code.as_deref(), Some("stale"));
        assert_eq!(document.addressee.as_deref(), Some("metric-owner"));
        assert!(
            document.findings[0].headline.ends_with("app.uses is complete through 2026-03-07; the window ends with 2026-03-09."),
            "{}",
            document.findings[0].headline
        );
    }

    async fn a_growing_preview_is_no_new_revision(database: Database) {
        let world = World::launched(&database).await;
        for last in 5..=9 {
            world.at(&format!("2026-03-{:02}T12:00:00Z", last + 1));
            world.import("app.uses", &march(1, last, "9")).await.unwrap();
            let judged = world.judge("quick-start", Some("d2")).await.unwrap();
            assert_eq!(judged.at.to_string(), "quick-start/d2", "{last}");
        }
    }

    async fn a_day_that_lacks_a_part_is_a_gap_not_a_small_day(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        let parts = SMALL.replace("missing: gap", "missing: gap\ndimensions: { plan: [free, paid] }");
        world.apply(&parts.replace("at_least: 60", "at_most: 60")).await.unwrap();
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        world.at("2026-03-11T12:00:00Z");
        let rows = (1..=10).flat_map(|day| ["free", "paid"].map(|plan| format!("2026-03-{day:02},{plan},4\n")));
        let rows: String = rows.filter(|row| !row.starts_with("2026-03-06,paid")).collect();
        world.import("app.uses", &format!("day,plan,value\n{rows}")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let document = world.document("quick-start/d7").await;
        assert_eq!((document.reason.as_deref(), document.code.as_deref()), (Some("untrusted-data"), Some("gap")));
    }
}
