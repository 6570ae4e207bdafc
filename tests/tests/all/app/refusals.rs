//! Bad input gets its clear error or its recorded consequence.

use yardstick_app::AppError;
use yardstick_client::files::{self, Declaration};
use yardstick_store::MetricFilter;

use super::{SMALL, World, both, march};

/// The small release with one thing changed.
fn with(from: &str, to: &str) -> String {
    assert!(SMALL.contains(from), "{from}");
    SMALL.replace(from, to)
}

both! {
    async fn files_are_refused_with_field_value_and_nearest_name(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        let table = [
            ("    metric: app.uses", "    metrik: app.uses", "33:5  goals[0].metrik: unknown field. Did you mean \"metric\"?"),
            ("level: L2", "level: L4", "26:1  level: \"L4\" is not one of L1, L2, L3. Did you mean \"L1\"?"),
            ("    judge: threshold@1\n", "", "30:5  goals[0].judge: is missing"),
            ("threshold@1", "threshold", "32:5  goals[0].judge: \"threshold\" names no judge; expected name@version, such as threshold@1 or team/name@1.2"),
            ("planned: 2026-03-02", "planned: 2026-02-30", "27:1  planned: \"2026-02-30\" is no day; expected year-month-day, such as 2026-03-03"),
            ("[d2, d7]", "[d7, d2]", "28:19  checkpoints[1]: d2 does not come after d7; write them in order"),
            ("time_zone: Europe/Berlin", "time_zone: Europe/Berlln", "4:1  time_zone: \"Europe/Berlln\" is no known time zone; expected an IANA name such as Europe/Berlin or UTC"),
            ("kind: sum", "kind: sun", "13:1  kind: \"sun\" is not one of gauge, sum, mean, ratio. Did you mean \"sum\"?"),
            ("name: Quick start", "name: Quick start\nname: Twice", "24:1  name: this field is there twice; keep one"),
            ("team: growth\nname: Growth", "taem: growth\nname: Growth", "2:1  a document starts with what it is: organisation: team: person: metric: release:; this one starts with \"taem\". Did you mean \"team\"?"),
            ("goals:", "passes_when: { at_least: 9.0 }\ngoals:", "passes_when.at_least: 9 goals must pass, but there are 1; it could never pass"),
            ("goals:", "passes_when: { at_least: 1.5 }\ngoals:", "passes_when"),
            ("definition_version: 1", "definition_version: 4294967295", "12:1  definition_version: 4294967295 will not do; expected at most 1000000"),
            ("{ at_least: 60 }", "&a { at_least: 60 }", "goals[0].with: anchors and aliases are not accepted; write the value out"),
        ];
        for (from, to, expected) in table {
            let refused = world.apply(&with(from, to)).await.unwrap_err();
            assert!(refused.iter().any(|line| line.contains(expected)), "{to:?}: {refused:#?}");
        }
        assert!(world.app.metrics(&MetricFilter::default(), None, 10).await.unwrap().items.is_empty(), "nothing was written");
    }

    async fn names_that_lead_nowhere_are_refused_before_they_are_sealed(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        let refused = world.apply(&with("team: growth\nowner: ana", "team: growht\nowner: ana")).await.unwrap_err();
        assert_eq!(refused, ["team: there is no team growht. Did you mean \"growth\"?. Declare it with a team: document"]);
        world.apply(&with("    metric: app.uses", "    metric: app.usse")).await.unwrap();
        let error = world.seal("quick-start").await.unwrap_err();
        assert_eq!(error, "goals[0].metric: no metric app.usse is defined. Did you mean \"app.uses\"?");
        let table = [
            ("threshold@1", "treshold@1", "goals[0].judge: treshold@1: no such judge is installed. Did you mean \"threshold\"?"),
            ("threshold@1", "threshold@7", "goals[0].judge: threshold@7: no such version; installed are 1.0.0"),
            ("at_least: 60", "at_leest: 60", "goals[0].with.at_leest"),
            ("at_least: 60", "at_least: 60, at_most: 70", "goals[0].with"),
            ("at_least: 60", "at_least: 60%", "goals[0].with.at_least: \"60%\" is in per cent, but the metric is in uses; write a plain number"),
        ];
        for (from, to, expected) in table {
            world.apply(&with(from, to)).await.unwrap();
            let error = world.seal("quick-start").await.unwrap_err();
            assert!(error.contains(expected), "{to:?}: {error}");
        }
    }

    async fn a_bare_number_for_a_share_is_refused(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        let share = SMALL.replace("unit: uses", "unit: share");
        world.apply(&share).await.unwrap();
        let error = world.seal("quick-start").await.unwrap_err();
        assert_eq!(error, "goals[0].with.at_least: \"60\" has no unit and the metric is a share; write 60%");
    }

    async fn rows_that_cannot_be_imported_are_listed_and_nothing_is_written(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-11T12:00:00Z");
        world.apply(SMALL).await.unwrap();
        let table = [
            ("day,value\n2026-03-01,NaN\n", "line 2, value: \"NaN\" is not a finite number; leave the cell empty when the value is unknown"),
            ("day,value\n2026-03-01,inf\n", "line 2, value: \"inf\" is not a finite number"),
            ("day,value\n2026-03-01,\"1,200\"\n", "line 2, value: \"1,200\" is no number; write it without thousands separators"),
            ("day,value\n1 March,3\n", "line 2, day: \"1 March\" is no day"),
            ("day,value\n2027-03-01,3\n", "line 2, day: 2027-03-01 is in the future"),
            ("day,value\n2026-03-01\n", "line 2: 1 cells; the header has 2"),
            ("date,value\n2026-03-01,3\n", "line 1: the file has no column \"day\" for the day"),
            ("", "line 1: the file is empty"),
            ("day,value\n2026-03-01,\"3\n2026-03-02,4\n2026-03-03,5\n", "is a quote not closed?"),
            (
                "day,value\n2026-03-01,3\n2026-03-02,4\n2026-03-01,3\n",
                "line 4: the bucket 2026-03-01T00:00:00Z comes twice in one import",
            ),
        ];
        for (csv, expected) in table {
            let refused = world.import("app.uses", csv).await.unwrap_err();
            assert!(refused.iter().any(|line| line.contains(expected)), "{csv:?}: {refused:#?}");
            assert!(world.app.imports(None, None, 10).await.unwrap().items.is_empty(), "{csv:?}");
        }
        // Two bad rows are named at once; an empty cell is missing, never zero; order does not matter.
        let refused = world.import("app.uses", "day,value\n2026-03-01,x\n2026-03-02,1\n2026-03-03,y\n").await.unwrap_err();
        assert_eq!(refused.len(), 2);
        let imported = world.import("app.uses", "day,value\n2026-03-03,3\n2026-03-02,\n2026-03-01,1\n").await.unwrap();
        assert_eq!(imported.batch.new, 2);
        let unknown = world.import("app.usse", "day,value\n2026-03-01,1\n").await.unwrap_err();
        assert_eq!(unknown, ["there is no metric app.usse. Did you mean \"app.uses\"?"]);
    }

    async fn an_import_into_the_wrong_metric_is_undone(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-11T12:00:00Z");
        world.apply(SMALL).await.unwrap();
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        let wrong = world.import("app.uses", &march(3, 9, "4711")).await.unwrap().batch;
        assert_eq!(wrong.corrected, 7);
        world.app.undo_import(&world.caller(), wrong.id).await.unwrap();
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        world.at("2026-03-12T12:00:00Z");
        world.judge("quick-start", None).await.unwrap();
        assert_eq!(world.document("quick-start/d7").await.findings[0].observed.as_ref().unwrap().value, 63.0);
        let again = world.app.undo_import(&world.caller(), wrong.id).await.unwrap_err().to_string();
        assert!(again.contains("was undone at"), "{again}");
    }

    async fn a_unique_count_is_never_summed(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        let gauge = SMALL.replace("kind: sum", "kind: gauge").replace(
            "missing: gap",
            "missing: gap\ndimensions: { plan: [free, paid] }",
        );
        world.apply(&gauge).await.unwrap();
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        world.at("2026-03-11T12:00:00Z");
        let rows: String = (1..=10).map(|day| format!("2026-03-{day:02},free,40\n2026-03-{day:02},paid,30\n")).collect();
        world.import("app.uses", &format!("day,plan,value\n{rows}")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let document = world.document("quick-start/d7").await;
        assert_eq!((document.reason.as_deref(), document.code.as_deref()), (Some("error"), Some("aggregation")));
        assert!(document.findings[0].headline.contains("its levels are not summed over plan; import a total for plan"));
    }

    async fn an_l2_release_without_criteria_is_a_draft_and_never_passes(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        let text = format!("{}goals: []\n", &SMALL[..SMALL.find("goals:").unwrap()]);
        let notes = world.apply(&text).await.unwrap();
        assert_eq!(notes, ["a draft: L2 releases must be measured, and this one has no goal yet; add one before the launch"]);
        let error = world.seal("quick-start").await.unwrap_err();
        assert_eq!(error, "goals: there are no criteria to seal; add at least one goal");
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        world.at("2026-03-11T12:00:00Z");
        world.judge("quick-start", None).await.unwrap();
        let document = world.document("quick-start/d7").await;
        assert_eq!((document.outcome.as_str(), document.code.as_deref()), ("undecided", Some("no-goal")));
        assert_eq!(document.addressee.as_deref(), Some("release-owner"));
    }

    async fn what_has_launched_is_neither_sealed_nor_launched_again(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(SMALL).await.unwrap();
        let early = world.judge("quick-start", None).await.unwrap_err();
        assert!(early.starts_with("quick-start has not launched (planned 2026-03-02)"), "{early}");
        let future = world.launch("quick-start", Some("2026-03-05T00:00:00Z")).await.unwrap_err();
        assert!(future.contains("is in the future"), "{future}");
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        let again = world.launch("quick-start", None).await.unwrap_err();
        assert!(again.contains("launched at 2026-03-02T10:00:00Z already"), "{again}");
        let sealed = world.seal("quick-start").await.unwrap_err();
        assert!(sealed.contains("has launched, and criteria are sealed before a launch"), "{sealed}");
        let slug = "quick-start".parse().unwrap();
        world.app.undo_launch(&world.caller(), &slug, "wrong release").await.unwrap();
        world.seal("quick-start").await.unwrap();
        world.at("2026-03-03T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        world.at("2026-03-12T12:00:00Z");
        world.import("app.uses", &march(1, 11, "9")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let late = world.app.undo_launch(&world.caller(), &slug, "again").await.unwrap_err().to_string();
        assert!(late.contains("official verdict"), "{late}");
    }

    async fn texts_that_no_database_takes_are_refused_by_their_field(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(SMALL).await.unwrap();
        let day = "1950-01-01".parse().unwrap();
        let slug = "quick-start".parse().unwrap();
        let refused = world.app.reschedule(&world.caller(), &slug, day, "\0").await.unwrap_err();
        let AppError::Refused(problems) = refused else { panic!("{refused}") };
        assert_eq!(problems.iter().map(|problem| problem.field.as_str()).collect::<Vec<_>>(), ["to", "reason"]);
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        let higher = files::read(&SMALL.replace("at_least: 60", "at_least: 70")).unwrap();
        let higher: Vec<Declaration> = higher.into_iter().map(|found| found.declaration).collect();
        for reason in ["a\0b", &"x".repeat(1_001)] {
            let refused = world.app.apply(&world.caller(), &higher, Some(reason), false).await.unwrap_err();
            assert!(refused.to_string().starts_with("amend: say why"), "{refused}");
        }
    }
}
