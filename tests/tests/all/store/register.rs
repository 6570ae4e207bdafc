//! Organisation, teams, persons, metrics and releases: what is applied is read back, or nothing is written.

use jiff::civil::Time;
use yardstick_domain::criteria::metric_hash;
use yardstick_domain::level::Level;
use yardstick_domain::people::{Organisation, Person};
use yardstick_domain::release::{Amendment, Lifecycle};
use yardstick_store::{Amended, Changes, CriteriaChange, ReleaseChange, ReleaseFilter, StoreError};

use super::both;
use super::samples::{ana, hour, launch, metric, new_release, register, release, seal, team};

both! {
    async fn every_noun_is_read_back_as_applied(database: Database) {
        let store = &database.store;
        assert_eq!(store.organisation().await.unwrap(), None);
        let organisation = Organisation {
            name: "Example Inc".to_owned(),
            working_hours: ((1, 4), (Time::constant(8, 30, 0, 0), Time::constant(18, 0, 0, 0))),
            ..Organisation::default()
        };
        let person = Person {
            id: "ben@example.com".parse().unwrap(),
            name: "Ben Okafor".to_owned(),
            handles: [("slack".to_owned(), "ben".to_owned())].into(),
        };
        let changes = Changes {
            organisation: Some(organisation.clone()),
            teams: vec![team("growth"), team("cloud")],
            persons: vec![person.clone()],
            metrics: vec![metric("site.mau"), metric("a.first")],
            releases: vec![new_release(release("ga"))],
            expected: None,
        };
        store.apply(&changes, &ana(), hour(0)).await.unwrap();

        assert_eq!(store.organisation().await.unwrap(), Some(organisation));
        assert_eq!(store.team(&team("cloud").key).await.unwrap(), Some(team("cloud")));
        assert_eq!(store.teams().await.unwrap(), [team("cloud"), team("growth")]);
        assert_eq!(store.person(&person.id).await.unwrap(), Some(person));
        let persons = store.persons().await.unwrap();
        let persons: Vec<String> =
            persons.iter().map(|person| format!("{}={}", person.id, person.name)).collect();
        // Whoever is mentioned exists, named by the address.
        let expected = [
            "ana@example.com=ana@example.com",
            "ben@example.com=Ben Okafor",
            "grace@example.com=grace@example.com",
        ];
        assert_eq!(persons, expected);
        assert_eq!(store.metrics().await.unwrap(), [metric("a.first"), metric("site.mau")]);
        let facts = store.release(&release("ga").slug).await.unwrap().unwrap();
        assert_eq!((facts.release.clone(), facts.version), (release("ga"), 1));
        assert_eq!(facts.lifecycle(), Lifecycle::Draft);
    }

    async fn persons_are_made_once(database: Database) {
        let store = &database.store;
        let ids = ["b@example.com".parse().unwrap(), "a@example.com".parse().unwrap()];
        store.ensure_persons(&ids).await.unwrap();
        store.ensure_persons(&ids).await.unwrap();
        assert_eq!(store.persons().await.unwrap().len(), 2);
    }

    async fn a_metric_keeps_every_meaning_it_had(database: Database) {
        let store = &database.store;
        register(store).await;
        let old = metric("site.mau");
        let mut renamed = old.clone();
        renamed.title = "MAU".to_owned();
        let mut new = renamed.clone();
        new.definition_version = 2;
        for metric in [&renamed, &new] {
            let changes = Changes { metrics: vec![metric.clone()], ..Changes::default() };
            store.apply(&changes, &ana(), hour(1)).await.unwrap();
            assert_eq!(store.metric(&old.key).await.unwrap().as_ref(), Some(metric));
        }
        let definition = store.metric_definition(metric_hash(&old).unwrap()).await.unwrap();
        assert_eq!(definition, Some(old), "a new title is no new meaning");
        assert_eq!(store.metric_definition(metric_hash(&new).unwrap()).await.unwrap(), Some(new));
    }

    async fn nothing_is_written_when_one_change_cannot_be(database: Database) {
        let store = &database.store;
        let mut orphan = metric("site.mau");
        orphan.team = "nobody".parse().unwrap();
        let changes =
            Changes { teams: vec![team("growth")], metrics: vec![orphan], ..Changes::default() };
        let error = store.apply(&changes, &ana(), hour(0)).await.unwrap_err();
        assert_eq!(error.to_string(), "there is no team nobody, which metric site.mau names");
        assert_eq!(store.teams().await.unwrap(), []);
        assert_eq!(store.persons().await.unwrap(), []);
    }

    async fn criteria_have_versions_and_the_later_of_two_writers_is_told(database: Database) {
        let store = &database.store;
        register(store).await;
        let slug = release("ga").slug;
        let mut second = release("ga");
        second.criteria.list.pop();
        let change = |release, expected_version, criteria| Changes {
            releases: vec![ReleaseChange { release, expected_version, criteria }],
            ..Changes::default()
        };
        let new = CriteriaChange::New { reason: Some("one guardrail too many".to_owned()) };
        let changes = change(second.clone(), Some(1), new);
        store.apply(&changes, &ana(), hour(1)).await.unwrap();
        let error = store.apply(&changes, &ana(), hour(2)).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict { .. }), "{error}");

        let versions = store.criteria_versions(&slug).await.unwrap();
        assert_eq!(versions.len(), 2);
        assert_eq!(versions[0].criteria, release("ga").criteria);
        assert_eq!(versions[1].criteria, second.criteria);
        assert_eq!(versions[1].reason.as_deref(), Some("one guardrail too many"));
        assert_eq!(store.criteria_version(&slug, 2).await.unwrap().as_ref(), Some(&versions[1]));
        assert_eq!(store.criteria_version(&slug, 3).await.unwrap(), None);

        // A new name is no new version; new criteria under the old version are refused.
        second.name = "Batch changes".to_owned();
        store.apply(&change(second.clone(), Some(2), CriteriaChange::Same), &ana(), hour(3)).await.unwrap();
        let facts = store.release(&slug).await.unwrap().unwrap();
        assert_eq!((facts.release.name.as_str(), facts.version), ("Batch changes", 2));
        second.criteria.list.clear();
        let changes = change(second, Some(2), CriteriaChange::Same);
        let error = store.apply(&changes, &ana(), hour(3)).await.unwrap_err();
        assert!(error.to_string().contains("needs a new version"), "{error}");
    }

    async fn after_the_launch_criteria_change_only_by_amendment(database: Database) {
        let store = &database.store;
        register(store).await;
        let slug = release("ga").slug;
        let mut changed = release("ga");
        changed.criteria.list.pop();
        let (seal, terms) = seal(2, "amended");
        let amendment = Amendment {
            hash: seal.hash,
            version: 2,
            at: hour(30),
            by: ana(),
            reason: "the guardrail measured another page".to_owned(),
            approved_by: None,
        };
        let amended = Amended { amendment: amendment.clone(), terms: terms.clone() };
        let amended = CriteriaChange::Amended(Box::new(amended));
        let change = |criteria| Changes {
            releases: vec![ReleaseChange { release: changed.clone(), expected_version: Some(1), criteria }],
            ..Changes::default()
        };
        let error = store.apply(&change(amended.clone()), &ana(), hour(2)).await.unwrap_err();
        assert!(error.to_string().contains("has not been launched"), "{error}");
        store.launch(&slug, &launch(), None, &[]).await.unwrap();
        let new = change(CriteriaChange::New { reason: None });
        let error = store.apply(&new, &ana(), hour(30)).await.unwrap_err();
        assert!(error.to_string().contains("only by an amendment"), "{error}");
        assert_eq!(store.terms(seal.hash).await.unwrap(), None);

        store.apply(&change(amended), &ana(), hour(30)).await.unwrap();
        let facts = store.release(&slug).await.unwrap().unwrap();
        assert_eq!((facts.version, facts.amendments), (2, vec![amendment]));
        assert_eq!(store.terms(seal.hash).await.unwrap(), Some(terms));
        // An amendment belongs to its launch.
        store.undo_launch(&slug, &ana(), hour(31), "wrong day").await.unwrap();
        assert_eq!(store.release(&slug).await.unwrap().unwrap().amendments, []);
    }

    async fn lists_of_releases_come_in_pages_and_by_what_is_asked_for(database: Database) {
        let store = &database.store;
        let mut changes = Changes { teams: vec![team("growth"), team("cloud")], ..Changes::default() };
        for index in 0..7_u32 {
            let mut release = release(&format!("r{index}"));
            release.planned = format!("2026-03-0{}", 1 + index / 2).parse().unwrap();
            if index % 2 == 0 {
                release.team = "cloud".parse().unwrap();
                release.level = Level::L1;
            }
            changes.releases.push(new_release(release));
        }
        store.apply(&changes, &ana(), hour(0)).await.unwrap();
        let (seal, terms) = seal(1, "terms");
        store.seal(&"r1".parse().unwrap(), &seal, &terms).await.unwrap();
        store.launch(&"r2".parse().unwrap(), &launch(), None, &[]).await.unwrap();

        let mut slugs = Vec::new();
        let mut after = None;
        loop {
            let page = store.releases(&ReleaseFilter::default(), after.as_ref(), 3).await.unwrap();
            slugs.extend(page.items.iter().map(|facts| facts.release.slug.to_string()));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(slugs, ["r6", "r5", "r4", "r3", "r2", "r1", "r0"]);

        let list = async |filter: ReleaseFilter| -> Vec<String> {
            let page = store.releases(&filter, None, 10).await.unwrap();
            page.items.iter().map(|facts| facts.release.slug.to_string()).collect()
        };
        let cloud = ReleaseFilter { team: Some("cloud".parse().unwrap()), ..ReleaseFilter::default() };
        assert_eq!(list(cloud).await, ["r6", "r4", "r2", "r0"]);
        let levels = vec![Level::L2, Level::L3];
        assert_eq!(list(ReleaseFilter { levels, ..ReleaseFilter::default() }).await, ["r5", "r3", "r1"]);
        for (lifecycle, expected) in [
            (Lifecycle::Draft, &["r6", "r5", "r4", "r3", "r0"][..]),
            (Lifecycle::Sealed, &["r1"]),
            (Lifecycle::Launched, &["r2"]),
            (Lifecycle::Judged, &[]),
            (Lifecycle::Cancelled, &[]),
        ] {
            let filter = ReleaseFilter { lifecycle: Some(lifecycle), ..ReleaseFilter::default() };
            assert_eq!(list(filter).await, expected, "{lifecycle:?}");
        }
    }
}
