//! Answers under idempotency keys: reserved once, kept, and deleted when they are old.

use yardstick_domain::digest::Digest;
use yardstick_store::{KeptAnswer, KeyedRequest, Reserved, Withheld};

use super::both;
use super::samples::{ana, hour};

fn asked(key: &str, request: &str) -> KeyedRequest {
    KeyedRequest { actor: ana(), key: key.parse().unwrap(), request: Digest::of(request.as_bytes()) }
}

fn answer(body: &str) -> KeptAnswer {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    KeptAnswer { status: 200, headers, body: Ok(body.to_owned()) }
}

both! {
    async fn a_key_stands_for_one_request_and_its_answer(database: Database) {
        let store = &database.store;
        let reserve = async |asked: &KeyedRequest, at: i64| {
            store.reserve_answer(asked, "here:1:a", hour(at), hour(at - 24)).await.unwrap()
        };
        let first = asked("k", "one");
        assert_eq!(reserve(&first, 0).await, Reserved::Now);
        let running = Reserved::Running { process: "here:1:a".to_owned(), since: hour(0) };
        assert_eq!(reserve(&first, 1).await, running);
        assert_eq!(reserve(&asked("k", "other"), 1).await, Reserved::OtherRequest);
        // Another's key of the same name is another key.
        let ben = KeyedRequest { actor: "ben@example.com".parse().unwrap(), ..asked("k", "other") };
        assert_eq!(reserve(&ben, 1).await, Reserved::Now);
        // Only the process that reserved it says what came of it.
        store.keep_answer(&first, "there:2:b", &answer("wrong")).await.unwrap();
        assert_eq!(reserve(&first, 1).await, running);
        store.keep_answer(&first, "here:1:a", &answer("{\"ü\":1}")).await.unwrap();
        assert_eq!(reserve(&first, 2).await, Reserved::Done(answer("{\"ü\":1}")));
        store.answer_is_unsure(&first, "here:1:a").await.unwrap();
        assert_eq!(reserve(&first, 2).await, Reserved::Done(answer("{\"ü\":1}")), "it was answered");
        store.answer_is_unsure(&ben, "here:1:a").await.unwrap();
        assert_eq!(reserve(&ben, 2).await, Reserved::Unsure);
        for why in [Withheld::Secret, Withheld::Large] {
            let request = asked(&format!("{why:?}"), "x");
            assert_eq!(reserve(&request, 2).await, Reserved::Now);
            let kept = KeptAnswer { body: Err(why), ..answer("") };
            store.keep_answer(&request, "here:1:a", &kept).await.unwrap();
            assert_eq!(reserve(&request, 2).await, Reserved::Done(kept));
        }
        // After a day it is free, swept or not.
        assert_eq!(reserve(&asked("k", "other"), 25).await, Reserved::Now);
    }

    async fn of_two_at_once_one_gets_the_key(database: Database) {
        let other = database.again().await;
        for round in 0..20 {
            let request = asked(&format!("k{round}"), "one");
            let (one, two) = tokio::join!(
                database.store.reserve_answer(&request, "one:1:a", hour(0), hour(-24)),
                other.reserve_answer(&request, "two:1:b", hour(0), hour(-24)),
            );
            let mut came = [one.unwrap(), two.unwrap()];
            came.sort_by_key(|reserved| *reserved != Reserved::Now);
            assert_eq!(came[0], Reserved::Now);
            assert!(matches!(came[1], Reserved::Running { .. }), "{came:?}");
        }
    }

    async fn old_answers_are_deleted_some_at_a_time(database: Database) {
        let store = &database.store;
        for key in 0..7 {
            let request = asked(&format!("k{key}"), "x");
            store.reserve_answer(&request, "p", hour(key), hour(-24)).await.unwrap();
        }
        assert_eq!(store.sweep_answers(hour(5), 3).await.unwrap(), 3);
        assert_eq!(store.sweep_answers(hour(5), 3).await.unwrap(), 2);
        assert_eq!(store.sweep_answers(hour(5), 3).await.unwrap(), 0);
        let left = store.reserve_answer(&asked("k5", "x"), "p", hour(8), hour(-24)).await.unwrap();
        assert!(matches!(left, Reserved::Running { .. }), "{left:?}");
    }
}
