//! Versions: which one a release is sealed with, and what deprecating, yanking and promoting do.

use yardstick_domain::plugin::Channel;
use yardstick_store::VersionChange;

use super::super::both;
use super::{World, component, release};

both! {
    async fn a_new_version_never_reaches_a_sealed_release(database: Database) {
        let world = World::with_plugin(&database, "pass").await;
        world.publish("ana", component("growth/steered", "1.1.0", "fail")).await.unwrap();
        assert_eq!(world.found("quick-start").await, ("pass".to_owned(), "pass: 63".to_owned()));
        // What is sealed now finds it, without a restart.
        world.start("next-start", "growth/steered@1", "{}").await;
        assert_eq!(world.found("next-start").await, ("fail".to_owned(), "fail: 63".to_owned()));
        // One that is asked for exactly stays.
        world.start("old-start", "growth/steered@=1.0.0", "{}").await;
        assert_eq!(world.found("old-start").await.0, "pass");
    }

    async fn a_mended_version_reaches_a_launched_release_as_an_amendment(database: Database) {
        let world = World::with_plugin(&database, "pass").await;
        world.publish("ana", component("growth/steered", "1.0.1", "fail")).await.unwrap();
        let mended = release("quick-start", "growth/steered@=1.0.1", "{}");
        let refused = world.apply(&mended).await.unwrap_err();
        assert!(refused[0].starts_with("goals: it has launched: what was agreed before is sealed."), "{refused:?}");
        world.apply_amended(&mended, Some("1.0.0 counted twice")).await.unwrap();
        let judged = world.judge("quick-start", Some("d7")).await.unwrap();
        let (sealed, amended) = (judged.at.to_string(), judged.amended.unwrap().to_string());
        assert_eq!(world.document(&sealed).await.findings[0].headline, "pass: 63");
        assert_eq!(world.document(&amended).await.findings[0].headline, "fail: 63");
    }

    async fn deprecating_warns_and_prefers_another_version(database: Database) {
        let world = World::with_plugin(&database, "pass").await;
        let reason = || VersionChange::Deprecate("counts weekends twice".to_owned());
        let error = world.change("eve", "1.0.0", reason()).await.unwrap_err();
        assert!(error.starts_with("only members of growth may deprecate a plugin of it"), "{error}");
        for bad in ["", " ", "two\nlines"] {
            let error = world.change("ben", "1.0.0", VersionChange::Deprecate(bad.to_owned())).await.unwrap_err();
            assert!(error.starts_with("reason: say why"), "{error}");
        }
        // Whom it concerns.
        assert_eq!(world.change("ben", "1.0.0", reason()).await.unwrap(), ["quick-start"]);
        world.apply(&release("next-start", "growth/steered@1", "{}")).await.unwrap();
        let check = world.app.check(&world.caller(), &"next-start".parse().unwrap()).await.unwrap();
        let lines: Vec<&str> = check.lines.iter().map(|line| line.text.as_str()).collect();
        assert!(lines.iter().any(|line| line.contains("is deprecated: counts weekends twice")), "{lines:#?}");
        // One that is not deprecated is found rather, even an older one.
        world.publish("ana", component("growth/steered", "0.9.0", "fail")).await.unwrap();
        world.publish("ana", component("growth/steered", "1.0.0-rc.1", "fail")).await.unwrap();
        world.publish("ana", component("growth/steered", "1.2.0", "fail")).await.unwrap();
        world.change("ben", "1.2.0", reason()).await.unwrap();
        world.start("both-deprecated", "growth/steered@1", "{}").await;
        assert_eq!(world.found("both-deprecated").await.0, "fail", "the higher of two deprecated ones");
        world.change("ben", "1.0.0", VersionChange::Undeprecate).await.unwrap();
        world.start("one-deprecated", "growth/steered@1", "{}").await;
        assert_eq!(world.found("one-deprecated").await.0, "pass");
    }

    async fn yanking_keeps_new_seals_away_and_old_verdicts_alive(database: Database) {
        let world = World::with_plugin(&database, "pass").await;
        let why = || VersionChange::Yank("wrong denominator".to_owned());
        assert_eq!(world.change("ana", "1.0.0", why()).await.unwrap(), ["quick-start"]);
        world.apply(&release("next-start", "growth/steered@1", "{}")).await.unwrap();
        let error = world.seal("next-start").await.unwrap_err();
        assert_eq!(
            error,
            "goals[0].judge: growth/steered@1: 1.0.0 was yanked by ana.lopez@example.com: wrong denominator"
        );
        // What was sealed is judged and computed again.
        assert_eq!(world.found("quick-start").await.0, "pass");
        world.change("ana", "1.0.0", VersionChange::Unyank("it was right".to_owned())).await.unwrap();
        world.seal("next-start").await.unwrap();
    }

    async fn a_shadow_judges_beside_the_version_that_decides_until_it_is_promoted(database: Database) {
        let world = World::with_plugin(&database, "pass").await;
        let shadow = component("growth/steered", "1.1.0", "fail");
        world.publish_to("ana", shadow, Channel::Shadow).await.unwrap();
        assert_eq!(world.found("quick-start").await, ("pass".to_owned(), "pass: 63".to_owned()));
        let runs = world.runs("ana").await;
        let (version, shadow) = runs.iter().find_map(|run| Some((&run.run.version, run.run.shadow.as_ref()?))).unwrap();
        assert_eq!((version.to_string().as_str(), shadow.headline.as_str()), ("1.1.0", "fail: 63"));
        assert_eq!((shadow.outcome.as_str(), shadow.decided.as_str()), ("fail", "pass"));
        world.apply(&release("next-start", "growth/steered@1.1", "{}")).await.unwrap();
        let error = world.seal("next-start").await.unwrap_err();
        assert!(error.ends_with("1.1.0 is published as a shadow; promote it first"), "{error}");
        world.change("ana", "1.1.0", VersionChange::Promote).await.unwrap();
        world.seal("next-start").await.unwrap();
        // It decides for those who are sealed with it, and shadows nobody any more.
        let before = world.runs("ana").await.len();
        world.judge("quick-start", Some("d2")).await.unwrap();
        assert_eq!(world.runs("ana").await.len(), before + 1);
    }

    async fn a_shadow_that_crashes_hurts_nobody(database: Database) {
        let world = World::with_plugin(&database, "pass").await;
        world.publish_to("ana", component("growth/steered", "1.1.0", "trap"), Channel::Shadow).await.unwrap();
        assert_eq!(world.found("quick-start").await.0, "pass");
        let runs = world.runs("ana").await;
        let failed = runs.iter().find(|run| run.run.failure.is_some()).unwrap();
        assert_eq!((failed.run.version.to_string().as_str(), &*failed.run.failure.as_ref().unwrap().0), ("1.1.0", "plugin-trap"));
    }
}
