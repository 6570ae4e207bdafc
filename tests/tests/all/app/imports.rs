//! Files of values: formats, gzip, and requests that come again under an idempotency key.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::{Timestamp, ToSpan};
use yardstick_app::{AppError, Caller, ImportRequest, Imported};
use yardstick_domain::digest::Digest;
use yardstick_domain::people::Actor;
use yardstick_domain::time::Window;
use yardstick_metrics::import::Format;

use super::{SMALL, World, both, march};

/// `2026-03-01` to the 10th, as JSON.
fn lines() -> String {
    (1..=10).map(|day| format!("{{\"day\":\"2026-03-{day:02}\",\"value\":9,\"by\":\"cron\"}}\n")).collect()
}

fn gzip(text: &str, level: u32) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn request(origin: &str, key: Option<&str>) -> ImportRequest {
    let idempotency_key = key.map(|key| key.parse().unwrap());
    ImportRequest { idempotency_key, ..ImportRequest::new("app.uses".parse().unwrap(), origin) }
}

async fn declared(database: &super::Database) -> World {
    let world = World::new(database);
    world.at("2026-03-11T12:00:00Z");
    world.apply(SMALL).await.unwrap();
    world
}

/// Imports as Ana; what was done, or what is wrong.
async fn import(world: &World, request: &ImportRequest, file: impl Read + Send) -> Result<Imported, String> {
    import_as(world, &world.caller(), request, file).await
}

async fn import_as(
    world: &World,
    caller: &Caller,
    request: &ImportRequest,
    file: impl Read + Send,
) -> Result<Imported, String> {
    match world.app.import(caller, request, file, &mut |_| {}).await {
        Ok(Ok(imported)) => Ok(imported),
        Ok(Err(refused)) => Err(refused.rows.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
        Err(error) => Err(error.to_string()),
    }
}

async fn count(world: &World) -> usize {
    world.app.imports(None, None, 100).await.unwrap().items.len()
}

both! {
    async fn the_same_values_are_the_same_in_every_format(database: Database) {
        let world = declared(&database).await;
        let first = import(&world, &request("uses.csv", None), march(1, 10, "9").as_bytes()).await.unwrap();
        assert_eq!((first.batch.new, first.replayed), (10, false));
        let packed = gzip(&lines(), 6);
        let told = |format, gzip| ImportRequest { format, gzip, ..request("no name tells it", None) };
        for (request, file) in [
            (request("uses.ndjson", None), lines().into_bytes()),
            (request("uses.JSONL", None), lines().replace('\n', "\r\n").into_bytes()),
            (request("uses.ndjson.gz", None), packed.clone()),
            (request("uses.jsonl", None), packed.clone()),
            (told(Some(Format::Ndjson), true), packed),
            (told(Some(Format::Csv), false), gzip(&march(1, 10, "9"), 1)),
        ] {
            let again = import(&world, &request, file.as_slice()).await.unwrap();
            assert_eq!((again.batch.new, again.batch.unchanged), (0, 10), "{request:?}");
            assert_eq!((again.days, again.replayed), (first.days, false));
        }
        // What was unpacked is hashed, however it came.
        let hashes = world.app.imports(None, None, 100).await.unwrap().items;
        assert_eq!(hashes[3].hash, Digest::of(lines().as_bytes()));
        assert_eq!(hashes[0].hash, Digest::of(march(1, 10, "9").as_bytes()));
    }

    async fn what_is_no_whole_file_is_not_imported(database: Database) {
        let world = declared(&database).await;
        let packed = gzip(&lines(), 6);
        // A quarter of a gigabyte of blank lines from a quarter of a megabyte.
        let bomb = gzip(&format!("{:1023}\n", "").repeat(1024), 9).repeat(256);
        let endless = std::io::repeat(b'{').take(1 << 40);
        let cut = &packed[..packed.len() - 1];
        let cases: [(&str, Box<dyn Read + Send>, &str); 7] = [
            ("uses.ndjson.gz", Box::new(cut), "the gzip data end too early: the file is cut off"),
            ("uses.csv.gz", Box::new(&b"day,value\n2026-03-01,1\n"[..]), "is said to be gzipped, and it is not"),
            ("uses.ndjson", Box::new(bomb.as_slice()), "unfolds to more than 200 times its size"),
            ("uses.ndjson", Box::new(endless), "line 1: longer than 1048576 bytes"),
            ("uses.ndjson", Box::new(&b"{\"day\":\"2026-03-01\",\"valeu\":1}"[..]), "Did you mean \"valeu\"?"),
            ("uses.xlsx", Box::new(&b""[..]), "format: the name \"uses.xlsx\" does not tell it; say csv or ndjson"),
            ("uses.gz", Box::new(packed.as_slice()), "format: the name \"uses.gz\" does not tell it"),
        ];
        for (origin, file, expected) in cases {
            let refused = import(&world, &request(origin, Some("key")), file).await.unwrap_err();
            assert!(refused.contains(expected), "{origin}: {refused}");
            assert_eq!(count(&world).await, 0, "{origin}");
        }
        // None of them used the key up.
        let imported = import(&world, &request("uses.ndjson", Some("key")), packed.as_slice()).await.unwrap();
        assert_eq!((imported.batch.new, imported.replayed), (10, false));
    }

    async fn values_are_known_from_the_end_of_their_import_on(database: Database) {
        let world = declared(&database).await;
        let began = world.clock.now();
        let caller = world.caller();
        let later = began.checked_add(20.minutes()).unwrap();
        // The clock goes on while the file is read.
        let (file, request) = (lines(), request("uses.ndjson", None));
        let mut progress = |_| world.clock.set(later);
        let imported = world.app.import(&caller, &request, file.as_bytes(), &mut progress).await;
        let imported = imported.unwrap().unwrap();
        assert_eq!(imported.batch.received_at, later);
        let known = async |at| {
            let window = Window { start: Timestamp::UNIX_EPOCH, end: later };
            database.store.points(&imported.batch.metric, window, Some(at)).await.unwrap().len()
        };
        assert_eq!((known(began).await, known(later).await), (0, 10));
    }

    async fn the_same_request_again_is_answered_and_not_done(database: Database) {
        let world = declared(&database).await;
        let keyed = request("uses.ndjson", Some("run-2026-03-11"));
        let first = import(&world, &keyed, lines().as_bytes()).await.unwrap();
        assert!(!first.replayed);
        world.at("2026-03-12T12:00:00Z");
        // Packed otherwise, and under another name: the same values.
        let renamed = ImportRequest { origin: "spooled.ndjson.gz".to_owned(), ..keyed.clone() };
        for level in [1, 9] {
            let again = import(&world, &renamed, gzip(&lines(), level).as_slice()).await.unwrap();
            assert_eq!(again, Imported { replayed: true, ..first.clone() });
        }
        // A file without a row has no days, the second time as the first.
        let empty = request("uses.csv", Some("empty"));
        for replayed in [false, true] {
            let imported = import(&world, &empty, &b"day,value\n"[..]).await.unwrap();
            assert_eq!((imported.days, imported.replayed), (None, replayed));
        }
        assert_eq!(count(&world).await, 2);
        // Keys are the caller's own; without one, the rows themselves tell that nothing is new.
        let ben = Caller { actor: Actor::Person("ben@example.com".parse().unwrap()), ..world.caller() };
        let other = import_as(&world, &ben, &keyed, lines().as_bytes()).await.unwrap();
        assert_eq!((other.replayed, other.batch.unchanged), (false, 10));
        // An undone import stays undone, and says so.
        world.app.undo_import(&world.caller(), other.batch.id).await.unwrap();
        let undone = import_as(&world, &ben, &keyed, lines().as_bytes()).await.unwrap();
        assert!(undone.replayed && undone.batch.undone_at.is_some());
    }

    async fn a_key_is_not_used_for_two_requests(database: Database) {
        let world = declared(&database).await;
        let keyed = request("uses.ndjson", Some("run-7"));
        let first = import(&world, &keyed, lines().as_bytes()).await.unwrap().batch;
        let other = lines().replace(":9", ":8");
        let caller = world.caller();
        let error = world.app.import(&caller, &keyed, other.as_bytes(), &mut |_| {}).await.unwrap_err();
        assert!(matches!(error, AppError::Conflict(_)));
        assert_eq!(
            error.to_string(),
            format!(
                "the idempotency key \"run-7\" was used by ana.lopez@example.com for import {} into app.uses, of \
                 values with the hash {}; these have {}. Nothing was written; use another key for another import",
                first.id,
                first.hash,
                Digest::of(other.as_bytes())
            )
        );
        let otherwise = ImportRequest {
            complete_through: Some("2026-03-10".parse().unwrap()),
            replace: Some(("2026-03-01".parse().unwrap(), "2026-03-10".parse().unwrap())),
            ..keyed.clone()
        };
        let error = import(&world, &otherwise, lines().as_bytes()).await.unwrap_err();
        assert!(error.contains(", asked with another complete_through, replace. Nothing"), "{error}");
        let error = import(&world, &keyed, &gzip(&lines(), 6)[..40]).await.unwrap_err();
        assert!(error.contains("the file is cut off"), "{error}");
        assert_eq!(count(&world).await, 1);
    }

    async fn two_requests_with_one_key_at_a_time_are_done_once(database: Database) {
        let world = declared(&database).await;
        let keyed = request("uses.csv", Some("run-8"));
        let csv = march(1, 10, "9");
        let once = || import(&world, &keyed, csv.as_bytes());
        let (one, other, third) = tokio::join!(once(), once(), once());
        let answers = [one.unwrap(), other.unwrap(), third.unwrap()];
        assert_eq!(answers.iter().filter(|imported| !imported.replayed).count(), 1);
        assert!(answers.iter().all(|imported| imported.batch == answers[0].batch));
        assert_eq!(count(&world).await, 1);
    }
}
