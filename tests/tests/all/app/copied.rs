//! A database copied into another: all of it or nothing, and life goes on there.

use yardstick_app::{NewIntake, NewServiceAccount, TokenRequest};
use yardstick_domain::access::Scopes;
use yardstick_domain::metric::Visibility;
use yardstick_domain::people::Actor;
use yardstick_store::StoreError;
use yardstick_tests::databases::{Database, block_on};
use yardstick_tests::postgres::postgres;

use super::intake::Issue;
use super::{World, both, march};

impl World {
    /// A story that leaves rows in most tables.
    async fn to_be_copied(database: &Database) -> Self {
        let world = Self::launched(database).await;
        let local = world.caller_of("local");
        let key = "nightly".parse().unwrap();
        let account =
            NewServiceAccount {
                key, name: "Nachtlauf „ß“".into(), team: Some("growth".parse().unwrap())
            };
        world.app.make_service_account(&local, &account).await.unwrap();
        let token = TokenRequest {
            name: "nightly".into(),
            owner: Some(Actor::Service(account.key)),
            scopes: Scopes::ALL,
            days: 30,
        };
        world.app.make_token(&local, &token, [5; 32]).await.unwrap();
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9.1")).await.unwrap();
        world.work().await;
        world.import("app.uses", "day,value\n2026-03-05,0.30000000000000004\n").await.unwrap();
        let intake = NewIntake {
            repository: "example/product".parse().unwrap(),
            team: "growth".parse().unwrap(),
            label: None,
            visibility: Visibility::Team,
        };
        let (_, secret) = world.app.add_intake(&local, &intake, [6; 32]).await.unwrap();
        world.send(&secret, "d-1", &Issue::new(12, "Größer", "")).await;
        let (list, file) = ("roadmap".parse().unwrap(), "name,planned\nGröße,2026-05-04\n".as_bytes());
        world.app.import_roadmap(&local, &list, file, false).await.unwrap().unwrap();
        world.app.chain_audit().await.unwrap();
        world
    }
}

/// An empty database of each kind there is, by its URL, with whatever keeps it alive.
fn empty() -> Vec<(String, tempfile::TempDir)> {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite:{}", folder.path().join("copy.db").display());
    let server = postgres().map(|server| (server.database(), tempfile::tempdir().unwrap()));
    std::iter::once((file, folder)).chain(server).collect()
}

both! {
    async fn everything_is_there_and_life_goes_on(database: Database) {
        let world = World::to_be_copied(&database).await;
        let document = serde_json::to_value(world.document("quick-start/d7").await).unwrap();
        for (url, _alive) in empty() {
            let target = Database::open(url).await;
            let mut seen = Vec::new();
            let copied = database.store.copy_to(&target.store, &mut |done, of| seen.push((done, of))).await.unwrap();
            assert_eq!(copied.tables, 53);
            assert!(copied.rows > 48, "{copied:?}");
            assert!(seen.windows(2).all(|two| two[0].0 < two[1].0), "{seen:?}");
            assert_eq!(seen.last(), Some(&(2 * copied.rows, 2 * copied.rows)));

            let there = World::new(&target);
            there.at("2026-03-11T13:00:00Z");
            assert_eq!(serde_json::to_value(there.document("quick-start/d7").await).unwrap(), document);
            let replay = there.app.replay(&there.caller(), &"quick-start/d7".parse().unwrap()).await.unwrap();
            assert_eq!(replay.differences, []);
            // What is new has new numbers: an import, a job, an event of the audit.
            there.import("app.uses", "day,value\n2026-03-06,1\n").await.unwrap();
            let imports = there.app.imports(None, None, 10).await.unwrap().items;
            assert_eq!(imports.iter().map(|batch| batch.id).collect::<Vec<_>>(), [3, 2, 1]);
            assert_ne!(there.work().await, Vec::<String>::new());
            let audit = there.app.check_audit(&there.caller_of("local"), None).await.unwrap();
            assert_eq!((audit.problems, audit.loose), (Vec::new(), 0));

            // Nothing is mixed into what is there.
            let refused = database.store.copy_to(&target.store, &mut |_, _| {}).await.unwrap_err();
            let name = target.store.name();
            assert_eq!(
                refused.to_string(),
                format!("{name} is not empty: there are rows in teams; copy into a new database")
            );
        }
    }

    async fn what_is_written_meanwhile_is_found(database: Database) {
        World::to_be_copied(&database).await;
        for (index, (url, _alive)) in empty().into_iter().enumerate() {
            let target = Database::open(url).await;
            let mut once = Some(database.url.clone());
            let mut progress = |done: u64, of: u64| {
                if done * 2 < of {
                    return;
                }
                let Some(url) = once.take() else { return };
                let write = move || block_on(async {
                    let writer = World::new(&Database::open(url).await);
                    writer.at("2026-03-11T12:30:00Z");
                    writer.import("app.uses", &format!("day,value\n2026-03-07,{index}\n")).await.unwrap();
                });
                std::thread::spawn(write).join().unwrap();
            };
            let refused = database.store.copy_to(&target.store, &mut progress).await.unwrap_err();
            assert!(matches!(refused, StoreError::Conflict { .. }), "{refused}");
            let why = refused.to_string();
            assert!(why.contains("somebody writes to ") && why.contains("Nothing was copied"), "{why}");
            assert_eq!(target.store.teams().await.unwrap(), []);
            // Left alone, it is copied.
            database.store.copy_to(&target.store, &mut |_, _| {}).await.unwrap();
        }
    }
}
