//! Seals, launches, and what stands in their way.

use yardstick_domain::release::{Cancelled, Lifecycle, SealedWhen};
use yardstick_domain::verdict::Standing;
use yardstick_store::{ReleaseFilter, StoreError};

use super::both;
use super::samples::{ana, hour, launch, register, release, seal, verdict};

both! {
    async fn the_newest_seal_before_the_launch_counts(database: Database) {
        let store = &database.store;
        register(store).await;
        let slug = release("ga").slug;
        let (first, first_terms) = seal(1, "first");
        let (second, second_terms) = seal(1, "second");
        store.seal(&slug, &first, &first_terms).await.unwrap();
        store.seal(&slug, &second, &second_terms).await.unwrap();
        let facts = store.release(&slug).await.unwrap().unwrap();
        assert_eq!(facts.lifecycle(), Lifecycle::Sealed);
        assert_eq!(facts.seal, Some(second.clone()));
        assert_eq!(store.terms(first.hash).await.unwrap(), Some(first_terms), "the old one stays");
        assert_eq!(store.terms(second.hash).await.unwrap(), Some(second_terms));

        store.launch(&slug, &launch(), None, &[]).await.unwrap();
        let facts = store.release(&slug).await.unwrap().unwrap();
        assert_eq!((facts.lifecycle(), facts.launch), (Lifecycle::Launched, Some(launch())));
        let (third, terms) = seal(1, "third");
        let error = store.seal(&slug, &third, &terms).await.unwrap_err();
        assert!(error.to_string().contains("is launched and its criteria are sealed"), "{error}");
    }

    async fn terms_must_be_what_their_hash_says(database: Database) {
        let store = &database.store;
        register(store).await;
        let (seal, _) = seal(1, "first");
        let error = store.seal(&release("ga").slug, &seal, b"other").await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict { .. }), "{error}");
    }

    async fn a_seal_of_criteria_that_moved_on_is_refused(database: Database) {
        let store = &database.store;
        register(store).await;
        let slug = release("ga").slug;
        let day = "2026-04-01".parse().unwrap();
        assert_eq!(store.reschedule(&slug, day, &ana(), hour(1), "licence check").await.unwrap(), 2);
        assert_eq!(store.reschedule(&slug, day, &ana(), hour(2), "again").await.unwrap(), 2);
        let facts = store.release(&slug).await.unwrap().unwrap();
        assert_eq!((facts.release.planned, facts.version), (day, 2));
        let (seal, terms) = seal(1, "first");
        let error = store.seal(&slug, &seal, &terms).await.unwrap_err();
        assert!(error.to_string().contains("changed by somebody else meanwhile"), "{error}");
        let unknown = store.seal(&"nope".parse().unwrap(), &seal, &terms).await.unwrap_err();
        assert_eq!(unknown.to_string(), "there is no release nope");
    }

    async fn of_a_seal_and_a_launch_at_once_one_wins(database: Database) {
        register(&database.store).await;
        let (one, other) = (database.again().await, database.again().await);
        let slug = release("ga").slug;
        for round in 0..8 {
            let (sealed, terms) = seal(1, &format!("round {round}"));
            let (mut by_launch, launch_terms) = seal(1, &format!("launch {round}"));
            by_launch.when = SealedWhen::ByLaunch;
            let launched = launch();
            let (first, second) = tokio::join!(
                one.seal(&slug, &sealed, &terms),
                other.launch(&slug, &launched, Some((&by_launch, &launch_terms)), &[]),
            );
            second.unwrap();
            let facts = database.store.release(&slug).await.unwrap().unwrap();
            // Either the seal came first and the launch's own is newer, or it came too late.
            assert_eq!(facts.seal.unwrap().hash, by_launch.hash);
            if let Err(error) = first {
                assert!(matches!(error, StoreError::Conflict { .. }), "{error}");
            }
            database.store.undo_launch(&slug, &ana(), hour(26), "again").await.unwrap();
        }
    }

    async fn of_two_launches_at_once_one_wins(database: Database) {
        register(&database.store).await;
        let (one, other) = (database.again().await, database.again().await);
        let slug = release("ga").slug;
        let launched = launch();
        let (first, second) =
            tokio::join!(one.launch(&slug, &launched, None, &[]), other.launch(&slug, &launched, None, &[]));
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        let error = first.and(second).unwrap_err();
        assert!(error.to_string().starts_with("ga was launched at "), "{error}");
    }

    async fn a_launch_undone_takes_its_seal_along_and_stays_on_record(database: Database) {
        let store = &database.store;
        register(store).await;
        let slug = release("ga").slug;
        let (mut by_launch, terms) = seal(1, "by launch");
        by_launch.when = SealedWhen::ByLaunch;
        store.launch(&slug, &launch(), Some((&by_launch, &terms)), &[]).await.unwrap();
        assert_eq!(store.release(&slug).await.unwrap().unwrap().seal, Some(by_launch));
        store.undo_launch(&slug, &ana(), hour(26), "wrong release").await.unwrap();
        let facts = store.release(&slug).await.unwrap().unwrap();
        assert_eq!((facts.lifecycle(), facts.launch, facts.seal), (Lifecycle::Draft, None, None));
        let error = store.undo_launch(&slug, &ana(), hour(27), "again").await.unwrap_err();
        assert_eq!(error.to_string(), "ga has not been launched");

        let events = store.release_events(&slug).await.unwrap();
        let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["registered", "launched", "sealed", "launch-undone"]);
        assert_eq!(events[3].detail["reason"], "wrong release");
        assert_eq!((events[3].at, &events[3].by), (hour(26), &ana()));
    }

    async fn criteria_nobody_sealed_can_be_sealed_once_after_the_launch(database: Database) {
        let store = &database.store;
        register(store).await;
        let slug = release("ga").slug;
        store.launch(&slug, &launch(), None, &[]).await.unwrap();
        let (before, terms) = seal(1, "late");
        assert!(store.seal(&slug, &before, &terms).await.is_err(), "it was not before the launch");
        let late = yardstick_domain::release::Seal { when: SealedWhen::AfterLaunch { days: 3 }, ..before };
        store.seal(&slug, &late, &terms).await.unwrap();
        assert_eq!(store.release(&slug).await.unwrap().unwrap().seal, Some(late.clone()));
        assert!(store.seal(&slug, &late, &terms).await.is_err());
    }

    async fn a_launch_over_changed_criteria_needs_a_new_seal(database: Database) {
        let store = &database.store;
        register(store).await;
        let slug = release("ga").slug;
        let (first, terms) = seal(1, "first");
        store.seal(&slug, &first, &terms).await.unwrap();
        store.reschedule(&slug, "2026-04-01".parse().unwrap(), &ana(), hour(2), "late").await.unwrap();
        assert!(matches!(store.launch(&slug, &launch(), None, &[]).await, Err(StoreError::Conflict { .. })));
        let (mut again, terms) = seal(2, "second");
        again.when = SealedWhen::ByLaunch;
        store.launch(&slug, &launch(), Some((&again, &terms)), &[]).await.unwrap();
    }

    async fn what_is_cancelled_stays_cancelled(database: Database) {
        let store = &database.store;
        register(store).await;
        let slug = release("ga").slug;
        let cancelled = Cancelled { at: hour(3), by: ana(), reason: "no demand".to_owned() };
        store.cancel(&slug, &cancelled).await.unwrap();
        let facts = store.release(&slug).await.unwrap().unwrap();
        assert_eq!((facts.lifecycle(), facts.cancelled.as_ref()), (Lifecycle::Cancelled, Some(&cancelled)));
        let (seal, terms) = seal(1, "late");
        let said = "ga was cancelled on 2026-03-02 by ana@example.com: no demand";
        assert_eq!(store.cancel(&slug, &cancelled).await.unwrap_err().to_string(), said);
        assert_eq!(store.launch(&slug, &launch(), None, &[]).await.unwrap_err().to_string(), said);
        assert!(store.seal(&slug, &seal, &terms).await.is_err());
        let day = "2026-04-01".parse().unwrap();
        assert!(store.reschedule(&slug, day, &ana(), hour(4), "no").await.is_err());
    }

    async fn an_official_verdict_holds_its_launch(database: Database) {
        let store = &database.store;
        register(store).await;
        let slug = release("ga").slug;
        let (official, terms) = verdict("ga/d28", Standing::Official, 0.5);
        let early = store.save_verdict(&official, Vec::new(), &terms, &[]).await.unwrap_err();
        assert!(matches!(early, StoreError::Conflict { .. }), "no launch, no official verdict: {early}");
        store.launch(&slug, &launch(), None, &[]).await.unwrap();
        let (look, _) = verdict("ga/d7", Standing::AdHoc, 0.5);
        store.save_verdict(&look, Vec::new(), &terms, &[]).await.unwrap();
        assert!(!store.release(&slug).await.unwrap().unwrap().judged, "a look is no judgement");
        store.save_verdict(&official, Vec::new(), &terms, &[]).await.unwrap();
        let facts = store.release(&slug).await.unwrap().unwrap();
        assert_eq!((facts.lifecycle(), facts.judged), (Lifecycle::Judged, true));
        for (lifecycle, count) in [(Lifecycle::Judged, 1), (Lifecycle::Launched, 0), (Lifecycle::Draft, 0)] {
            let filter = ReleaseFilter { lifecycle: Some(lifecycle), ..ReleaseFilter::default() };
            assert_eq!(store.releases(&filter, None, 10).await.unwrap().items.len(), count, "{lifecycle:?}");
        }
        let error = store.undo_launch(&slug, &ana(), hour(400), "late").await.unwrap_err();
        assert!(error.to_string().contains("has an official verdict"), "{error}");
        let cancelled = Cancelled { at: hour(400), by: ana(), reason: "late".to_owned() };
        assert!(store.cancel(&slug, &cancelled).await.is_err());
    }
}
