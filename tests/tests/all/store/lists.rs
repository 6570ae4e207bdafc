//! Lists: whatever they are filtered by and in whatever order, their pages joined are the whole of it.

use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use yardstick_domain::ids::{PersonId, ReleaseSlug};
use yardstick_domain::level::Level;
use yardstick_domain::release::{Release, Stage};
use yardstick_store::{Changes, MetricFilter, ReleaseFilter, ReleaseOrder, Store};

use super::both;
use super::samples::{ana, hour, metric, new_release, release, team};

/// A release as it was registered, and at which hour.
type Registered = (Release, i64);

fn runner() -> TestRunner {
    TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// Few different values of everything, so that many are alike.
fn some_release() -> impl Strategy<Value = Registered> {
    let names = ["Batch", "batch", "Größe", "50% more", "a_b", "A\\B", "", "~"];
    let stages = prop_oneof![Just(None), Just(Some(Stage::Beta)), Just(Some(Stage::Ga))];
    let features = prop_oneof![Just(None), Just(Some("search".to_owned())), Just(Some("editor".to_owned()))];
    (0..names.len(), 1_i8..5, 0_u8..3, 0_u8..2, stages, features, 0_i64..4).prop_map(
        move |(name, day, level, owner, stage, feature, at)| {
            let mut release = release("x");
            release.name = format!("Release {}", names[name]);
            release.planned = jiff::civil::date(2026, 3, day);
            release.level = [Level::L1, Level::L2, Level::L3][usize::from(level)];
            release.owner = ["ana@example.com", "ben@example.com"][usize::from(owner)].parse().unwrap();
            (release.stage, release.feature) = (stage, feature);
            (release, at)
        },
    )
}

fn some_filter() -> impl Strategy<Value = ReleaseFilter> {
    let maybe = |count: usize| prop_oneof![2 => Just(None), 1 => (0..count).prop_map(Some)];
    (0..ReleaseOrder::ALL.len(), maybe(2), maybe(2), maybe(2), maybe(4), maybe(4), maybe(6), any::<bool>())
        .prop_map(|(order, owner, feature, stage, from, until, text, two)| ReleaseFilter {
            order: ReleaseOrder::ALL[order],
            owner: owner.map(|index| ["ana@example.com", "ben@example.com"][index].parse().unwrap()),
            feature: feature.map(|index| ["search", "editor"][index].to_owned()),
            stage: stage.map(|index| [Stage::Beta, Stage::Ga][index]),
            planned_from: from.map(|day| jiff::civil::date(2026, 3, i8::try_from(day).unwrap() + 1)),
            planned_until: until.map(|day| jiff::civil::date(2026, 3, i8::try_from(day).unwrap() + 1)),
            text: text.map(|index| ["BATCH", "%", "_", "\\", "' OR 1=1 --", "e"][index].to_owned()),
            levels: if two { vec![Level::L1, Level::L2] } else { Vec::new() },
            ..ReleaseFilter::default()
        })
}

fn fits(filter: &ReleaseFilter, release: &Release) -> bool {
    let owner = |owner: &PersonId| release.owner == *owner;
    filter.owner.as_ref().is_none_or(owner)
        && filter.feature.as_ref().is_none_or(|feature| release.feature.as_ref() == Some(feature))
        && filter.stage.is_none_or(|stage| release.stage == Some(stage))
        && filter.planned_from.is_none_or(|day| release.planned >= day)
        && filter.planned_until.is_none_or(|day| release.planned <= day)
        && filter
            .text
            .as_ref()
            .is_none_or(|text| release.name.to_ascii_lowercase().contains(&text.to_ascii_lowercase()))
        && (filter.levels.is_empty() || filter.levels.contains(&release.level))
}

/// What a list should hold.
fn expected(filter: &ReleaseFilter, all: &[Registered]) -> Vec<String> {
    let mut found: Vec<&Registered> = all.iter().filter(|(release, _)| fits(filter, release)).collect();
    found.sort_by(|(one, changed), (other, then)| {
        let order = match filter.order {
            ReleaseOrder::LatestPlanned | ReleaseOrder::EarliestPlanned => one.planned.cmp(&other.planned),
            ReleaseOrder::Name | ReleaseOrder::NameBackwards => one.name.cmp(&other.name),
            ReleaseOrder::LatestChanged | ReleaseOrder::EarliestChanged => changed.cmp(then),
        };
        let order = order.then(one.slug.cmp(&other.slug));
        if filter.order.as_str().starts_with('-') { order.reverse() } else { order }
    });
    found.into_iter().map(|(release, _)| release.slug.to_string()).collect()
}

async fn walked(store: &Store, filter: &ReleaseFilter, limit: u32) -> Vec<String> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = store.releases(filter, after.as_ref(), limit).await.unwrap();
        assert!(page.items.len() <= limit as usize);
        all.extend(page.items.iter().map(|facts| facts.release.slug.to_string()));
        after = page.next;
        if after.is_none() {
            return all;
        }
    }
}

both! {
    async fn pages_of_releases_joined_are_the_whole_list(database: Database) {
        let store = &database.store;
        store.apply(&Changes { teams: vec![team("growth")], ..Changes::default() }, &ana(), hour(0)).await.unwrap();
        let mut runner = runner();
        let mut all: Vec<Registered> = Vec::new();
        for number in 0..40 {
            let (mut release, at) = some_release().new_tree(&mut runner).unwrap().current();
            release.slug = format!("r-{number}").parse::<ReleaseSlug>().unwrap();
            let changes = Changes { releases: vec![new_release(release.clone())], ..Changes::default() };
            store.apply(&changes, &ana(), hour(at)).await.unwrap();
            all.push((release, at));
        }
        for order in ReleaseOrder::ALL {
            let filter = ReleaseFilter { order, ..ReleaseFilter::default() };
            for limit in [1, 7, 100] {
                assert_eq!(walked(store, &filter, limit).await, expected(&filter, &all), "{order:?} by {limit}");
            }
        }
        for _ in 0..100 {
            let filter = some_filter().new_tree(&mut runner).unwrap().current();
            assert_eq!(walked(store, &filter, 3).await, expected(&filter, &all), "{filter:?}");
        }
    }

    async fn pages_of_metrics_joined_are_the_whole_list(database: Database) {
        let store = &database.store;
        let metrics: Vec<_> = (0..9)
            .map(|number| {
                let mut metric = metric(&format!("site.m{number}"));
                metric.title = format!("Title {}", number % 3);
                if number % 2 == 0 {
                    metric.owner = "ben@example.com".parse().unwrap();
                }
                metric
            })
            .collect();
        let changes = Changes { teams: vec![team("growth")], metrics: metrics.clone(), ..Changes::default() };
        store.apply(&changes, &ana(), hour(0)).await.unwrap();
        let all = MetricFilter::default();
        for (filter, count) in [
            (all.clone(), 9),
            (MetricFilter { owner: Some("ben@example.com".parse().unwrap()), ..all.clone() }, 5),
            (MetricFilter { team: Some("other".parse().unwrap()), ..all.clone() }, 0),
            (MetricFilter { kind: Some(yardstick_domain::metric::Kind::Ratio), ..all.clone() }, 9),
            (MetricFilter { kind: Some(yardstick_domain::metric::Kind::Sum), ..all.clone() }, 0),
            (MetricFilter { text: Some("title 1".to_owned()), ..all.clone() }, 3),
            (MetricFilter { text: Some("SITE.M4".to_owned()), ..all.clone() }, 1),
            (MetricFilter { text: Some("m4title".to_owned()), ..all.clone() }, 0),
        ] {
            let (mut keys, mut after) = (Vec::new(), None);
            loop {
                let page = store.metrics_page(&filter, after.as_ref(), 2).await.unwrap();
                keys.extend(page.items.iter().map(|metric| metric.key.to_string()));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(keys.len(), count, "{filter:?}");
            assert!(keys.is_sorted());
        }
    }
}
