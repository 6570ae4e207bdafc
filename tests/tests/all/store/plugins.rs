//! Plugins: a published version never changes; its marks, grants, runs and crashes are kept beside it.

use serde_json::json;
use yardstick_domain::digest::Digest;
use yardstick_domain::finding::Outcome;
use yardstick_domain::log::{Level, Log, LogLine};
use yardstick_domain::manifest::{About, Asks, Build, Manifest, Profile, Test};
use yardstick_domain::metric::Visibility;
use yardstick_domain::plugin::{Channel, Cost, Run, Shadow};
use yardstick_domain::question::Description;
use yardstick_domain::verdict::Standing;
use yardstick_store::{
    Changes, CriteriaChange, NewPlugin, ReleaseChange, RunFilter, Sees, Store, StoreError, VersionChange,
};

use super::both;
use super::samples::{ana, hour, launch, metric, register, release, seal, verdict};

fn manifest(version: &str) -> Manifest {
    Manifest {
        plugin: About {
            name: "growth/merge-rate".parse().unwrap(),
            version: version.parse().unwrap(),
            summary: "Share of changesets that were merged".to_owned(),
            contract: "1.0".to_owned(),
            licence: "Apache-2.0".to_owned(),
            repository: None,
        },
        asks: Asks::default(),
        build: Build { language: "rust".to_owned(), profile: Profile::Lean },
        test: Test::default(),
    }
}

fn description() -> Description {
    Description {
        summary: "A share".to_owned(),
        params_schema: json!({ "type": "object" }),
        metrics: Vec::new(),
    }
}

async fn publish(store: &Store, version: &str, bytes: &[u8], channel: Channel) -> Result<bool, StoreError> {
    let (manifest, description) = (manifest(version), description());
    let plugin = NewPlugin { manifest: &manifest, description: &description, bytes, channel };
    store.put_plugin(plugin, &ana(), hour(1)).await
}

both! {
    async fn versions_are_listed_highest_first_and_never_change(database: Database) {
        let store = &database.store;
        let name = manifest("1.0.0").plugin.name;
        assert_eq!(store.plugin_versions(&name).await.unwrap(), []);
        for (version, bytes) in [("1.9.0", b"nine"), ("1.10.0", b"ten!"), ("1.2.0-rc.1", b"nine")] {
            assert!(publish(store, version, bytes, Channel::Current).await.unwrap());
            // The same again is nothing.
            assert!(!publish(store, version, bytes, Channel::Shadow).await.unwrap());
            assert_eq!(store.plugin_bytes(Digest::of(bytes)).await.unwrap(), Some(bytes.to_vec()));
        }
        let versions = store.plugin_versions(&name).await.unwrap();
        let texts: Vec<String> = versions.iter().map(|version| version.version().to_string()).collect();
        assert_eq!(texts, ["1.10.0", "1.9.0", "1.2.0-rc.1"]);
        assert_eq!((&versions[0].manifest, &versions[0].description), (&manifest("1.10.0"), &description()));
        assert_eq!((versions[0].digest, versions[0].size), (Digest::of(b"ten!"), 4));
        assert_eq!((versions[0].published_at, &versions[0].published_by), (hour(1), &ana()));
        assert_eq!((versions[0].channel, versions[0].may_be_sealed()), (Channel::Current, true));
        assert_eq!(store.plugins().await.unwrap(), versions);
        assert_eq!(store.plugin_names().await.unwrap(), [name]);

        let error = publish(store, "1.9.0", b"other", Channel::Current).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict { .. }));
        let text = error.to_string();
        assert!(text.contains(&Digest::of(b"nine").to_string()), "{text}");
        assert!(text.contains(&Digest::of(b"other").to_string()), "{text}");
        assert_eq!(store.plugin_bytes(Digest::of(b"other")).await.unwrap(), None);
    }

    async fn marks_come_and_go_and_are_told(database: Database) {
        let store = &database.store;
        let (name, version) = (manifest("1.0.0").plugin.name, "1.0.0".parse().unwrap());
        publish(store, "1.0.0", b"one", Channel::Shadow).await.unwrap();
        let stands = async || {
            let found = store.plugin_versions(&name).await.unwrap().remove(0);
            let reason = |mark: Option<yardstick_domain::plugin::Mark>| mark.map(|mark| mark.reason);
            (found.may_be_sealed(), reason(found.deprecated), reason(found.yanked))
        };
        let text = |text: &str| Some(text.to_owned());
        for (change, expected) in [
            (VersionChange::Promote, (true, None, None)),
            (VersionChange::Deprecate("old".to_owned()), (true, text("old"), None)),
            (VersionChange::Deprecate("older".to_owned()), (true, text("old"), None)),
            (VersionChange::Yank("wrong".to_owned()), (false, text("old"), text("wrong"))),
            (VersionChange::Undeprecate, (false, None, text("wrong"))),
            (VersionChange::Unyank("right after all".to_owned()), (true, None, None)),
        ] {
            store.change_plugin(&name, &version, &change, &ana(), hour(2)).await.unwrap();
            assert_eq!(stands().await, expected, "{change:?}");
        }
        let events = store.plugin_events(&name, 10).await.unwrap();
        let told: Vec<(&str, &str)> =
            events.iter().map(|event| (event.kind.as_str(), event.detail.as_str())).collect();
        let expected = [
            ("unyanked", "right after all"),
            ("undeprecated", ""),
            ("yanked", "wrong"),
            ("deprecated", "old"),
            ("promoted", ""),
            ("published", "as a shadow"),
        ];
        assert_eq!(told, expected, "a mark that stands is not told twice");
        let other = "2.0.0".parse().unwrap();
        let error = store.change_plugin(&name, &other, &VersionChange::Promote, &ana(), hour(2)).await;
        assert_eq!(error.unwrap_err().to_string(), "there is no plugin growth/merge-rate 2.0.0");
    }

    async fn grants_stand_until_they_are_taken_back(database: Database) {
        let store = &database.store;
        register(store).await;
        let (plugin, metric) = (manifest("1.0.0").plugin.name, metric("site.mau").key);
        assert!(store.grant(&plugin, &metric, false, &ana(), hour(1)).await.unwrap());
        assert!(!store.grant(&plugin, &metric, false, &ana(), hour(2)).await.unwrap());
        assert!(store.grant(&plugin, &metric, true, &ana(), hour(3)).await.unwrap());
        let grants = store.grants(&plugin).await.unwrap();
        let shown: Vec<_> = grants.iter().map(|grant| (grant.samples, grant.given_at)).collect();
        assert_eq!(shown, [(false, hour(1)), (true, hour(3))]);
        store.revoke(&plugin, &metric, false, &ana(), hour(4)).await.unwrap();
        assert_eq!(store.grants(&plugin).await.unwrap().len(), 1);
        let error = store.revoke(&plugin, &metric, false, &ana(), hour(5)).await.unwrap_err();
        assert_eq!(error.to_string(), "there is no grant of site.mau to growth/merge-rate");
        assert!(store.grant(&plugin, &metric, false, &ana(), hour(6)).await.unwrap(), "given anew");
        let kinds: Vec<String> =
            store.plugin_events(&plugin, 10).await.unwrap().into_iter().map(|event| event.kind).collect();
        assert_eq!(kinds, ["granted", "revoked", "granted", "granted"]);
    }

    async fn crashes_are_counted_until_one_ends_well(database: Database) {
        let store = &database.store;
        let (name, digest) = (manifest("1.0.0").plugin.name, Digest::of(b"one"));
        publish(store, "1.0.0", b"one", Channel::Current).await.unwrap();
        assert_eq!(store.plugin_health(digest).await.unwrap(), None);
        for crash in 1..=5_u32 {
            let at = hour(i64::from(crash));
            let what = ("plugin-trap", "It panicked.");
            let health = store.plugin_crashed(&name, digest, what, &ana(), at).await.unwrap();
            assert_eq!((health.crashes, health.suspended_at.is_some()), (crash, crash == 5));
            assert_eq!(store.plugin_health(digest).await.unwrap(), Some(health));
        }
        let suspended = store.suspended_plugins().await.unwrap();
        assert_eq!((suspended.len(), &suspended[0].0), (1, &name));
        store.plugin_recovered(&name, digest, &ana(), hour(9)).await.unwrap();
        assert_eq!(store.plugin_health(digest).await.unwrap(), None);
        assert_eq!(store.suspended_plugins().await.unwrap(), []);
        let events = store.plugin_events(&name, 10).await.unwrap();
        let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["resumed", "suspended", "published"]);
    }

    async fn runs_are_kept_with_their_verdict_and_found_by_plugin(database: Database) {
        let store = &database.store;
        register(store).await;
        let (sealed, terms) = seal(1, "verdict");
        store.seal(&"ga".parse().unwrap(), &sealed, &terms).await.unwrap();
        store.launch(&"ga".parse().unwrap(), &launch(), None, &[]).await.unwrap();
        let name = manifest("1.0.0").plugin.name;
        let run = |criterion: &str, failure: Option<&str>, shadow: bool| Run {
            plugin: name.clone(),
            version: "1.0.0".parse().unwrap(),
            digest: Digest::of(b"one"),
            criterion: criterion.parse().unwrap(),
            at: hour(300),
            shadow: shadow.then(|| Shadow {
                outcome: Outcome::Fail,
                headline: "no".to_owned(),
                decided: Outcome::Pass,
                decided_headline: "yes".to_owned(),
            }),
            cost: Cost { plan_fuel: 1, evaluate_fuel: 2, micros: u64::from(u32::MAX) + 1, ..Cost::default() },
            failure: failure.map(|code| (code.to_owned(), "It panicked.".to_owned())),
            log: Log {
                lines: vec![LogLine { level: Level::Warn, message: "odd".to_owned(), fields: Vec::new() }],
                dropped_lines: 3,
                dropped_bytes: 99,
            },
        };
        let runs = [run("adoption", None, false), run("errors", Some("plugin-trap"), false), run("adoption", None, true)];
        let (judged, terms) = verdict("ga/d7", Standing::AdHoc, 1.0);
        let at = store.save_verdict(&judged, Vec::new(), &terms, &runs).await.unwrap();
        let all = RunFilter::default();
        let first = store.plugin_runs(&name, &all, None, 2).await.unwrap();
        let rest = store.plugin_runs(&name, &all, first.next, 2).await.unwrap();
        let found: Vec<&Run> = first.items.iter().chain(&rest.items).map(|recorded| &recorded.run).collect();
        assert_eq!(found, [&runs[2], &runs[1], &runs[0]], "the newest first");
        assert_eq!((&first.items[0].verdict, first.items[0].team.as_str()), (&at, "growth"));
        let failed = RunFilter { failed: true, ..RunFilter::default() };
        assert_eq!(store.plugin_runs(&name, &failed, None, 9).await.unwrap().items[0].run, runs[1]);
        let shadows = RunFilter { shadow: true, digest: Some(Digest::of(b"one")), ..RunFilter::default() };
        assert_eq!(store.plugin_runs(&name, &shadows, None, 9).await.unwrap().items[0].run, runs[2]);
        let other = RunFilter { digest: Some(Digest::of(b"two")), ..RunFilter::default() };
        assert_eq!(store.plugin_runs(&name, &other, None, 9).await.unwrap().items, []);
        assert_eq!(rest.next, None);
        // Of a private release they are there for its team, and for nobody else.
        let sees = |team: &str| RunFilter {
            sees: Sees::OfTeams(std::iter::once(team.parse().unwrap()).collect()),
            ..RunFilter::default()
        };
        assert_eq!(store.plugin_runs(&name, &sees("rivals"), None, 9).await.unwrap().items.len(), 3);
        let mut hidden = release("ga");
        hidden.visibility = Visibility::Team;
        let changes = Changes {
            releases: vec![ReleaseChange { release: hidden, expected_version: Some(1), criteria: CriteriaChange::Same }],
            ..Changes::default()
        };
        store.apply(&changes, &ana(), hour(9)).await.unwrap();
        assert_eq!(store.plugin_runs(&name, &sees("rivals"), None, 9).await.unwrap().items, []);
        assert_eq!(store.plugin_runs(&name, &sees("growth"), None, 9).await.unwrap().items.len(), 3);
    }

    async fn releases_that_rely_on_a_component_are_named(database: Database) {
        let store = &database.store;
        register(store).await;
        let digest = Digest::of(b"one");
        let slug = "ga".parse().unwrap();
        let named = |text: &str| {
            let terms = json!({ "criteria": [{ "plugin": { "hash": digest } }], "text": text });
            let terms = terms.to_string().into_bytes();
            let (seal, _) = seal(1, text);
            (yardstick_domain::release::Seal { hash: Digest::of(&terms), ..seal }, terms)
        };
        assert_eq!(store.releases_with_plugin(digest).await.unwrap(), []);
        let (first, terms) = named("one");
        store.seal(&slug, &first, &terms).await.unwrap();
        assert_eq!(store.releases_with_plugin(digest).await.unwrap(), std::slice::from_ref(&slug));
        // A later seal without it.
        let (other, terms) = seal(1, "without");
        store.seal(&slug, &other, &terms).await.unwrap();
        assert_eq!(store.releases_with_plugin(digest).await.unwrap(), []);
    }
}
