//! Running imports: all or nothing, no key twice, undone in reverse order.

use yardstick_domain::criteria::metric_hash;
use yardstick_domain::digest::Digest;
use yardstick_domain::metric::{Kind, Metric};
use yardstick_domain::point::{Measure, Point};
use yardstick_store::{Changes, KeyedImport, NewBatch, StoreError};

use super::both;
use super::samples::{ana, begin, day, days, hour, import, metric, point, register};

/// Enough for several statements.
fn many(count: i64, sum: f64) -> Vec<Point> {
    (0..count)
        .map(|index| point(1 + index / 2, &[("plan", if index % 2 == 0 { "free" } else { "paid" })], sum))
        .collect()
}

both! {
    async fn an_import_that_is_dropped_leaves_nothing(database: Database) {
        let store = &database.store;
        register(store).await;
        import(store, 1, &[(1, 10.0)], Some(2)).await;
        let mut running = begin(store).await;
        running.push(&many(5_000, 1.0)).await.unwrap();
        running.push(&[point(1, &[], 11.0)]).await.unwrap();
        // Nobody else sees it while it runs.
        let other = database.again().await;
        assert_eq!(other.imports(None, None, 10).await.unwrap().items.len(), 1);
        drop(running);
        let mut given_up = begin(store).await;
        given_up.push(&many(10, 1.0)).await.unwrap();
        given_up.abandon().await.unwrap();
        let points = store.points(&"site.mau".parse().unwrap(), days(1, 4_000), None).await.unwrap();
        assert_eq!(points.len(), 1);
        assert_eq!(points[0].point(), point(1, &[], 10.0));
        assert_eq!(store.imports(None, None, 10).await.unwrap().items.len(), 1);
        import(store, 4, &[(1, 12.0)], None).await;
    }

    async fn the_same_rows_again_change_nothing_whatever_the_chunks(database: Database) {
        let store = &database.store;
        register(store).await;
        let points = many(5_001, 1.5);
        for (received, chunk) in [(1, 5_001), (2, 700), (3, 1_003)] {
            let mut running = begin(store).await;
            for chunk in points.chunks(chunk) {
                running.push(chunk).await.unwrap();
            }
            let batch = running.finish(Digest::of(b"file"), None, hour(received)).await.unwrap();
            let expected = if received == 1 { (5_001, 0) } else { (0, 5_001) };
            assert_eq!((batch.new, batch.unchanged, batch.corrected), (expected.0, expected.1, 0));
        }
        // Reversed and corrected, partly beyond what is known.
        let mut running = begin(store).await;
        let mut reversed = many(6_000, 2.5);
        reversed.reverse();
        running.push(&reversed).await.unwrap();
        let batch = running.finish(Digest::of(b"file"), None, hour(4)).await.unwrap();
        assert_eq!((batch.new, batch.unchanged, batch.corrected), (999, 0, 5_001));
    }

    async fn a_key_that_comes_twice_is_named(database: Database) {
        let store = &database.store;
        register(store).await;
        import(store, 1, &[(1, 10.0), (2, 20.0)], None).await;
        let free = [("plan", "free")];
        let cases: [(&str, Vec<Vec<Point>>); 5] = [
            ("new, in one push", vec![vec![point(9, &free, 1.0), point(9, &free, 1.0)]]),
            ("new, in two pushes", vec![vec![point(9, &free, 1.0)], vec![point(9, &free, 2.0)]]),
            ("unchanged", vec![vec![point(1, &[], 10.0)], vec![point(1, &[], 10.0)]]),
            ("unchanged, then corrected", vec![vec![point(1, &[], 10.0), point(1, &[], 11.0)]]),
            (
                "corrected, then unchanged",
                vec![vec![point(1, &[], 11.0)], vec![point(2, &[], 20.0), point(1, &[], 10.0)]],
            ),
        ];
        for (name, pushes) in cases {
            let mut running = begin(store).await;
            let mut outcome = Ok(());
            for push in pushes {
                outcome = outcome.and(running.push(&push).await);
            }
            let error = outcome.unwrap_err().to_string();
            let key = if name.starts_with("new") {
                "the bucket 2026-03-09T00:00:00Z of plan=free"
            } else {
                "the bucket 2026-03-01T00:00:00Z"
            };
            assert_eq!(error, format!("{key} comes twice in one import; nothing was written"), "{name}");
            running.abandon().await.unwrap();
        }
    }

    async fn what_cannot_be_imported_is_refused(database: Database) {
        let store = &database.store;
        register(store).await;
        let batch = NewBatch {
            metric: "site.maus".parse().unwrap(),
            definition: Digest::default(),
            origin: "mau.csv".to_owned(),
            by: ana(),
        };
        let error = store.begin_import(batch).await.unwrap_err();
        assert_eq!(error.to_string(), "there is no metric site.maus");
        for measure in [
            Measure::of(f64::NAN),
            Measure::of(f64::INFINITY),
            Measure { sum: 1.0, n: Some(f64::NAN), sum_sq: None },
        ] {
            let mut running = begin(store).await;
            let error = running.push(&[Point { measure, ..point(1, &[], 0.0) }]).await.unwrap_err();
            assert!(error.to_string().contains("is not finite"), "{error}");
        }
    }

    async fn imports_are_undone_newest_first(database: Database) {
        let store = &database.store;
        register(store).await;
        let mut ids = Vec::new();
        for received in 1..=3_i32 {
            ids.push(import(store, i64::from(received), &[(1, f64::from(received))], None).await);
        }
        let error = store.undo_import(ids[0], &ana(), hour(4)).await.unwrap_err();
        let expected = format!(
            "later imports of site.mau rest on import {}; undo them first, in this order: {}, {}",
            ids[0], ids[2], ids[1]
        );
        assert_eq!(error.to_string(), expected);
        for id in ids.iter().rev() {
            let batch = store.undo_import(*id, &ana(), hour(5)).await.unwrap();
            assert_eq!((batch.undone_at, batch.undone_by), (Some(hour(5)), Some(ana())));
            let again = store.undo_import(*id, &ana(), hour(6)).await;
            assert!(matches!(again, Err(StoreError::Conflict { .. })));
        }
        let points = store.points(&"site.mau".parse().unwrap(), days(1, 3), None).await.unwrap();
        assert_eq!(points, []);
        assert_eq!(store.imports(None, None, 10).await.unwrap().items.len(), 3, "they stay on record");
        let error = store.undo_import(1_000_000, &ana(), hour(5)).await.unwrap_err();
        assert_eq!(error.to_string(), "there is no import 1000000");
        // After that, the value counts as new again.
        let again = import(store, 7, &[(1, 1.0)], None).await;
        assert_eq!(store.import(again).await.unwrap().unwrap().new, 1);
    }

    async fn a_key_belongs_to_its_caller_and_its_metric(database: Database) {
        let store = &database.store;
        register(store).await;
        let (metric, key) = ("site.mau".parse().unwrap(), "nightly".parse().unwrap());
        let options = serde_json::json!({ "replace": null, "mapping": { "only": { "kind": "uses" } } });
        let mut running = begin(store).await;
        assert_eq!(running.made_under(&ana(), &key).await.unwrap(), None);
        running.push(&[point(1, &[], 10.0)]).await.unwrap();
        running.keep_under(&ana(), &key, options.clone(), Some((day(1), day(1))));
        let batch = running.finish(Digest::of(b"file"), None, hour(1)).await.unwrap();
        let expected = KeyedImport { batch, options, buckets: Some((day(1), day(1))) };
        assert_eq!(store.import_under(&metric, &ana(), &key).await.unwrap().as_ref(), Some(&expected));
        let mut next = begin(store).await;
        assert_eq!(next.made_under(&ana(), &key).await.unwrap().as_ref(), Some(&expected));
        next.abandon().await.unwrap();
        let other_key = "Nightly".parse().unwrap();
        assert_eq!(store.import_under(&metric, &ana(), &other_key).await.unwrap(), None);
        let ben = "ben@example.com".parse().unwrap();
        assert_eq!(store.import_under(&metric, &ben, &key).await.unwrap(), None);
        let other = "site.dau".parse().unwrap();
        assert_eq!(store.import_under(&other, &ana(), &key).await.unwrap(), None);
        // A key whose import was undone is still used, and tells so.
        store.undo_import(expected.batch.id, &ana(), hour(3)).await.unwrap();
        let kept = store.import_under(&metric, &ana(), &key).await.unwrap().unwrap();
        assert_eq!(kept.batch.undone_at, Some(hour(3)));
    }

    async fn imports_say_who_what_and_when(database: Database) {
        let store = &database.store;
        register(store).await;
        let id = import(store, 1, &[(1, 10.0)], Some(2)).await;
        let batch = store.import(id).await.unwrap().unwrap();
        assert_eq!(batch.metric.as_str(), "site.mau");
        assert_eq!((batch.origin.as_str(), batch.hash, &batch.by), ("mau.csv", Digest::of(b"file"), &ana()));
        assert_eq!((batch.received_at, batch.complete_through), (hour(1), Some(day(2))));
        assert_eq!((batch.undone_at, batch.undone_by), (None, None));
        assert_eq!(store.imports(None, None, 1).await.unwrap().items.len(), 1);
        assert_eq!(store.imports(Some(&"other".parse().unwrap()), None, 1).await.unwrap().items, []);
        assert_eq!(store.import(id + 1).await.unwrap(), None);
    }

    async fn two_imports_into_one_metric_wait_for_each_other(database: Database) {
        register(&database.store).await;
        let (one, other) = (database.again().await, database.again().await);
        let rows: Vec<(i64, f64)> = (1_i32..=300).map(|at| (i64::from(at), f64::from(at))).collect();
        let (first, second) = tokio::join!(import(&one, 1, &rows, None), import(&other, 2, &rows, None));
        assert_ne!(first, second);
        let batches = database.store.imports(None, None, 10).await.unwrap().items;
        let mut counts: Vec<(u64, u64)> = batches.iter().map(|batch| (batch.new, batch.unchanged)).collect();
        counts.sort_unstable();
        assert_eq!(counts, [(0, 300), (300, 0)]);
    }

    async fn a_metric_keeps_its_meaning_while_it_is_imported(database: Database) {
        let store = &database.store;
        register(store).await;
        let mean = Metric { kind: Kind::Mean, definition_version: 2, ..metric("site.mau") };
        let redefine = Changes { metrics: vec![mean.clone()], ..Changes::default() };
        let mut running = begin(store).await;
        running.push(&[point(1, &[], 10.0)]).await.unwrap();
        let by = ana();
        let mut redefined = std::pin::pin!(store.apply(&redefine, &by, hour(1)));
        // Reading lets it go as far as it can.
        for _ in 0..20 {
            let read = tokio::select! {
                biased;
                outcome = &mut redefined => panic!("it did not wait: {outcome:?}"),
                read = store.metric(&mean.key) => read,
            };
            assert_eq!(read.unwrap().unwrap().kind, Kind::Ratio);
        }
        running.finish(Digest::of(b"file"), None, hour(1)).await.unwrap();
        let error = redefined.await.unwrap_err().to_string();
        assert!(error.starts_with("site.mau has values, which another kind or time_zone would misread"), "{error}");
        assert_eq!(store.metric(&mean.key).await.unwrap(), Some(metric("site.mau")));

        // Another meaning of the same kind is fine; what was read with the one before is not.
        let reworded = Metric { definition: "Whoever signs in.".to_owned(), definition_version: 2, ..metric("site.mau") };
        let changes = Changes { metrics: vec![reworded.clone()], ..Changes::default() };
        store.apply(&changes, &ana(), hour(2)).await.unwrap();
        let batch = |of: &Metric| NewBatch {
            metric: of.key.clone(),
            definition: metric_hash(of).unwrap(),
            origin: "mau.csv".to_owned(),
            by: ana(),
        };
        let error = store.begin_import(batch(&metric("site.mau"))).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict { .. }), "{error}");
        store.begin_import(batch(&reworded)).await.unwrap().abandon().await.unwrap();
    }

    async fn readers_go_on_while_an_import_runs(database: Database) {
        let store = &database.store;
        register(store).await;
        import(store, 1, &[(1, 10.0)], Some(2)).await;
        let mut running = begin(store).await;
        running.push(&[point(1, &[], 11.0)]).await.unwrap();
        let metric = "site.mau".parse().unwrap();
        let points = store.points(&metric, days(1, 3), None).await.unwrap();
        assert_eq!(points[0].measure.sum.to_bits(), 10.0_f64.to_bits());
        running.finish(Digest::of(b"file"), None, hour(2)).await.unwrap();
        let points = store.points(&metric, days(1, 3), None).await.unwrap();
        assert_eq!(points[0].measure.sum.to_bits(), 11.0_f64.to_bits());
    }
}
