//! Points: append-only, and the value that counts now or counted then.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, prop_oneof};
use proptest::test_runner::{Config, TestRunner};
use yardstick_domain::digest::Digest;
use yardstick_domain::point::{Coverage, Dimensions, Point, StoredPoint};
use yardstick_store::{PointFilter, Store};

use super::both;
use super::samples::{ana, begin, day, days, hour, import, point, register};

/// Totals that count, by day of March, with how many values they correct.
async fn totals(store: &Store, known_at: Option<i64>) -> Vec<(i64, f64, u32)> {
    let points =
        store.points(&"site.mau".parse().unwrap(), days(-400, 400), known_at.map(hour)).await.unwrap();
    points
        .iter()
        .map(|stored| {
            let at = (stored.bucket.as_second() - day(1).as_second()) / 86_400 + 1;
            (at, stored.measure.sum, stored.corrections)
        })
        .collect()
}

async fn coverage(store: &Store, known_at: Option<i64>) -> Coverage {
    let (metric, known_at) = ("site.mau".parse().unwrap(), known_at.map(hour));
    let coverage = store.coverage(&metric, known_at).await.unwrap();
    assert_eq!(store.complete_through(&metric, known_at).await.unwrap(), coverage.complete_through);
    coverage
}

both! {
    async fn points_are_read_back_in_order_and_only_in_their_range(database: Database) {
        let store = &database.store;
        register(store).await;
        let mut import = begin(store).await;
        let points = [
            point(2, &[("plan", "paid")], -0.1),
            point(2, &[("plan", "free")], f64::MAX),
            point(2, &[], 0.1 + 0.2),
            point(1, &[], f64::MIN_POSITIVE),
            Point { measure: yardstick_domain::point::Measure::of(7.0), ..point(3, &[], 0.0) },
        ];
        import.push(&points).await.unwrap();
        let batch = import.finish(Digest::of(b"file"), Some(day(4)), hour(1)).await.unwrap();
        assert_eq!((batch.new, batch.unchanged, batch.corrected, batch.withdrawn), (5, 0, 0, 0));

        let read = store.points(&"site.mau".parse().unwrap(), days(2, 4), None).await.unwrap();
        // {"plan":"free"} < {"plan":"paid"} < {}: the order of their texts.
        let expected = [1, 0, 2, 4].map(|index: usize| points[index].clone());
        assert_eq!(read.iter().map(StoredPoint::point).collect::<Vec<_>>(), expected);
        assert!(read.iter().all(|stored| stored.received_at == hour(1) && stored.corrections == 0));
        let other = store.points(&"other".parse().unwrap(), days(1, 4), None).await.unwrap();
        assert_eq!(other, []);
    }

    async fn a_correction_is_a_further_row_and_a_repetition_is_none(database: Database) {
        let store = &database.store;
        register(store).await;
        import(store, 1, &[(1, 10.0), (2, 20.0)], Some(3)).await;
        let second = import(store, 2, &[(1, 10.0), (2, 21.0), (3, 30.0)], Some(4)).await;
        let batch = store.import(second).await.unwrap().unwrap();
        assert_eq!((batch.new, batch.unchanged, batch.corrected), (1, 1, 1));
        assert_eq!(totals(store, None).await, [(1, 10.0, 0), (2, 21.0, 1), (3, 30.0, 0)]);
        assert_eq!(totals(store, Some(1)).await, [(1, 10.0, 0), (2, 20.0, 0)], "as known before");
        assert_eq!(totals(store, Some(0)).await, []);
        // Back to the first value is one more correction.
        import(store, 3, &[(2, 20.0)], None).await;
        assert_eq!(totals(store, None).await[1], (2, 20.0, 2));
        assert_eq!(totals(store, Some(2)).await[1], (2, 21.0, 1));
    }

    async fn an_import_that_changes_nothing_is_on_record(database: Database) {
        let store = &database.store;
        register(store).await;
        import(store, 1, &[(1, 10.0)], Some(2)).await;
        let again = import(store, 2, &[(1, 10.0)], Some(2)).await;
        let batches = store.imports(Some(&"site.mau".parse().unwrap()), None, 10).await.unwrap().items;
        assert_eq!((batches.len(), batches[0].id, batches[0].unchanged), (2, again, 1));
        assert_eq!(totals(store, None).await, [(1, 10.0, 0)]);
    }

    async fn a_replacing_import_withdraws_what_it_no_longer_has(database: Database) {
        let store = &database.store;
        register(store).await;
        import(store, 1, &[(1, 10.0), (2, 20.0), (3, 30.0), (4, 40.0), (5, 50.0)], Some(6)).await;
        let mut replacing = begin(store).await;
        // Day 2 as it was, day 3 corrected, day 4 gone; day 1 and 5 lie outside.
        replacing.push(&[point(2, &[], 20.0), point(3, &[], 31.0)]).await.unwrap();
        replacing.replace(days(2, 5));
        let batch = replacing.finish(Digest::of(b"file"), None, hour(2)).await.unwrap();
        assert_eq!((batch.new, batch.unchanged, batch.corrected, batch.withdrawn), (0, 1, 1, 1));
        assert_eq!(totals(store, None).await, [(1, 10.0, 0), (2, 20.0, 0), (3, 31.0, 1), (5, 50.0, 0)]);
        assert_eq!(totals(store, Some(1)).await.len(), 5);
        assert_eq!(coverage(store, None).await.buckets, 4);

        // A withdrawn key that comes back is new; undoing that hides it again.
        let back = import(store, 3, &[(4, 41.0)], None).await;
        assert_eq!(store.import(back).await.unwrap().unwrap().new, 1);
        assert_eq!(totals(store, None).await[3], (4, 41.0, 1));
        store.undo_import(back, &ana(), hour(4)).await.unwrap();
        assert_eq!(totals(store, None).await.len(), 4);
        let mut nothing = begin(store).await;
        nothing.replace(days(1, 6));
        assert_eq!(nothing.finish(Digest::of(b""), None, hour(5)).await.unwrap().withdrawn, 4);
        assert_eq!(totals(store, None).await, []);
    }

    async fn the_watermark_is_the_highest_that_counts(database: Database) {
        let store = &database.store;
        register(store).await;
        let nothing = Coverage { buckets: 0, oldest: None, newest: None, complete_through: None };
        assert_eq!(coverage(store, None).await, nothing);
        import(store, 1, &[(1, 10.0), (3, 30.0)], Some(4)).await;
        let second = import(store, 2, &[(4, 40.0)], Some(9)).await;
        import(store, 3, &[(2, 20.0)], Some(3)).await;
        let known = coverage(store, None).await;
        assert_eq!((known.buckets, known.complete_through), (4, Some(day(9))));
        assert_eq!((known.oldest, known.newest), (Some(day(1)), Some(day(4))));
        let then = coverage(store, Some(1)).await;
        assert_eq!((then.buckets, then.complete_through, then.newest), (2, Some(day(4)), Some(day(3))));
        let third = second + 1;
        store.undo_import(third, &ana(), hour(4)).await.unwrap();
        store.undo_import(second, &ana(), hour(5)).await.unwrap();
        assert_eq!(coverage(store, None).await.complete_through, Some(day(4)));
        assert_eq!(coverage(store, Some(4)).await.complete_through, Some(day(9)), "undone only later");
    }

    async fn any_order_of_imports_gives_what_a_plain_map_gives(database: Database) {
        register(&database.store).await;
        random_imports(&database.store).await;
    }
}

/// The values that count, as the last ones of the histories that are listed two at a time.
async fn listed(store: &Store, known_at: Option<i64>) -> Vec<(i64, f64)> {
    let filter =
        PointFilter { range: days(-400, 400), dimensions: Dimensions::new(), known_at: known_at.map(hour) };
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page =
            store.point_history(&"site.mau".parse().unwrap(), &filter, after.as_ref(), 2).await.unwrap();
        all.extend(page.items.iter().filter_map(|point| {
            let at = (point.bucket.as_second() - day(1).as_second()) / 86_400 + 1;
            Some((at, point.values.last()?.measure?.sum))
        }));
        after = page.next;
        if after.is_none() {
            return all;
        }
    }
}

/// One step: some rows (day, value), perhaps replacing a range, or the newest import undone.
#[derive(Debug, Clone)]
enum Step {
    Import { rows: Vec<(i64, u8)>, replace: Option<(i64, i64)> },
    Undo,
}

/// Random histories against a model: after each step, what counts is what a map per batch says, now and as
/// known after every earlier step.
async fn random_imports(store: &Store) {
    let rows = vec((1_i64..12, 0_u8..3), 0..8).prop_map(|mut rows| {
        let mut seen = std::collections::HashSet::new();
        rows.retain(|(at, _)| seen.insert(*at));
        rows
    });
    let replace = prop_oneof![3 => Just(None), 1 => (1_i64..12, 1_i64..12).prop_map(Some)];
    let step = prop_oneof![
        4 => (rows, replace).prop_map(|(rows, replace)| Step::Import { rows, replace }),
        1 => Just(Step::Undo),
    ];
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let strategy = vec(step, 40);
    let steps = proptest::strategy::ValueTree::current(&strategy.new_tree(&mut runner).unwrap());

    // Batches that count, oldest first; each the whole map after it.
    let mut stack: Vec<(i64, std::collections::BTreeMap<i64, u8>)> = Vec::new();
    let mut history = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let at = 10 * i64::try_from(index).unwrap();
        match step {
            Step::Undo => {
                if let Some((id, _)) = stack.pop() {
                    store.undo_import(id, &ana(), hour(at)).await.unwrap();
                }
            }
            Step::Import { rows, replace } => {
                let mut map = stack.last().map(|(_, map)| map.clone()).unwrap_or_default();
                let mut import = begin(store).await;
                for rows in rows.chunks(3) {
                    let points: Vec<Point> =
                        rows.iter().map(|(at, value)| point(*at, &[], f64::from(*value))).collect();
                    import.push(&points).await.unwrap();
                }
                if let Some((from, to)) = replace {
                    import.replace(days(*from, *to));
                    map.retain(|at, _| !(from..to).contains(&at));
                }
                map.extend(rows.iter().copied());
                let id = import.finish(Digest::of(b"file"), None, hour(at)).await.unwrap().id;
                stack.push((id, map));
            }
        }
        let expected: Vec<(i64, f64)> = stack
            .last()
            .map(|(_, map)| map.iter().map(|(at, value)| (*at, f64::from(*value))).collect())
            .unwrap_or_default();
        history.push((at, expected));
        for (then, expected) in &history {
            let known_at = if *then == at { None } else { Some(*then) };
            let found: Vec<(i64, f64)> =
                totals(store, known_at).await.into_iter().map(|(at, value, _)| (at, value)).collect();
            assert_eq!(&found, expected, "after {step:?} as known at {then}");
            let listed = listed(store, known_at).await;
            assert_eq!(&listed, expected, "listed after {step:?} as known at {then}");
        }
    }
}
