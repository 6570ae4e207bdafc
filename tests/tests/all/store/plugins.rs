//! Plugins: a published version never changes.

use yardstick_domain::digest::Digest;
use yardstick_domain::manifest::{About, Asks, Build, Manifest, Profile, Test};
use yardstick_store::{NewPlugin, StoreError};

use super::both;
use super::samples::{ana, hour};

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

both! {
    async fn versions_are_listed_highest_first_and_never_change(database: Database) {
        let store = &database.store;
        let name = manifest("1.0.0").plugin.name;
        assert_eq!(store.plugin_versions(&name).await.unwrap(), []);
        for (version, bytes) in [("1.9.0", b"nine"), ("1.10.0", b"ten!"), ("1.2.0-rc.1", b"nine")] {
            let manifest = manifest(version);
            let plugin = NewPlugin { manifest: &manifest, bytes };
            let digest = store.put_plugin(plugin, &ana(), hour(1)).await.unwrap();
            assert_eq!(digest, Digest::of(bytes));
            // The same again is nothing.
            assert_eq!(store.put_plugin(plugin, &ana(), hour(2)).await.unwrap(), digest);
            assert_eq!(store.plugin_bytes(digest).await.unwrap(), Some(bytes.to_vec()));
        }
        let versions = store.plugin_versions(&name).await.unwrap();
        let texts: Vec<String> = versions.iter().map(|version| version.version.to_string()).collect();
        assert_eq!(texts, ["1.10.0", "1.9.0", "1.2.0-rc.1"]);
        assert_eq!(versions[0].manifest, manifest("1.10.0"));
        assert_eq!((versions[0].published_at, &versions[0].published_by), (hour(1), &ana()));
        assert_eq!(store.plugin_names().await.unwrap(), [name]);

        let manifest = manifest("1.9.0");
        let other = NewPlugin { manifest: &manifest, bytes: b"other" };
        let error = store.put_plugin(other, &ana(), hour(3)).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict { .. }));
        let text = error.to_string();
        assert!(text.contains(&Digest::of(b"nine").to_string()), "{text}");
        assert!(text.contains(&Digest::of(b"other").to_string()), "{text}");
        assert_eq!(store.plugin_bytes(Digest::of(b"other")).await.unwrap(), None);
    }
}
