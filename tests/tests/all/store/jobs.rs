//! Jobs: one open one of a kind and key, claimed once, tried a bounded number of times, fair to teams.

use std::collections::BTreeSet;

use jiff::Timestamp;
use yardstick_domain::job::{Ended, Job, JobKind, JobState, LEASE, Lane, NewJob, Priority};
use yardstick_domain::people::Actor;
use yardstick_store::{JobFilter, Store};

use super::both;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_772_000_000 + seconds).unwrap()
}

fn job(key: &str, team: &str, due: i64) -> NewJob {
    NewJob {
        kind: JobKind::Judge,
        key: key.to_owned(),
        team: (!team.is_empty()).then(|| team.parse().unwrap()),
        release: None,
        priority: Priority::DUE,
        due_at: at(due),
    }
}

async fn claim(store: &Store, worker: &str, now: i64) -> Option<Job> {
    store.claim_job(worker, Lane::Verdicts, &|| at(now)).await.unwrap()
}

async fn claimed(store: &Store, worker: &str, now: i64) -> String {
    claim(store, worker, now).await.map_or_else(|| "nothing".to_owned(), |job| job.key)
}

fn by() -> Actor {
    Actor::Local("tester".to_owned())
}

fn done() -> Ended {
    Ended::Done("done".to_owned())
}

both! {
    async fn a_job_is_claimed_when_it_is_due_and_once(database: Database) {
        let store = database.store;
        store.put_jobs(&[job("a/d1", "growth", 10), job("b/d1", "growth", 5)], at(0)).await.unwrap();
        assert_eq!(store.next_job_at(Lane::Verdicts).await.unwrap(), Some(at(5)));
        assert_eq!(claimed(&store, "w", 4).await, "nothing");
        let first = claim(&store, "w", 20).await.unwrap();
        assert_eq!((first.key.as_str(), first.state, first.attempts), ("b/d1", JobState::Running, 1));
        assert_eq!(claimed(&store, "v", 20).await, "a/d1");
        assert_eq!(claimed(&store, "v", 20).await, "nothing");
        assert!(store.end_job(&first, &done(), at(21)).await.unwrap());
        // A second word of it, or somebody else's, changes nothing.
        assert!(!store.end_job(&first, &Ended::Failed("no".into()), at(22)).await.unwrap());
        let ended = store.job(first.id).await.unwrap().unwrap();
        assert_eq!((ended.state, ended.result.as_deref(), ended.error), (JobState::Done, Some("done"), None));
    }

    async fn the_same_is_asked_for_once_and_again_after_it_ran(database: Database) {
        let store = database.store;
        let ask = |due| [job("a/d1", "growth", due)];
        store.put_jobs(&ask(100), at(0)).await.unwrap();
        store.put_jobs(&ask(50), at(1)).await.unwrap();
        store.put_jobs(&ask(70), at(2)).await.unwrap();
        let open = store.jobs(&JobFilter::default(), None, 10).await.unwrap().items;
        assert_eq!(open.iter().map(|job| job.due_at).collect::<Vec<_>>(), [at(50)], "the earliest time counts");
        let running = claim(&store, "w", 60).await.unwrap();
        // What comes while it runs makes it run again, because it may have read what was before.
        store.put_jobs(&ask(61), at(61)).await.unwrap();
        assert_eq!(claimed(&store, "v", 62).await, "nothing");
        store.end_job(&running, &done(), at(63)).await.unwrap();
        let again = claim(&store, "v", 63).await.unwrap();
        assert_eq!((again.id, again.attempts), (running.id, 1));
        store.end_job(&again, &done(), at(64)).await.unwrap();
        assert_eq!(claimed(&store, "v", 1_000).await, "nothing");
        // What has ended does not stand in the way of the next one.
        store.put_jobs(&ask(70), at(65)).await.unwrap();
        assert_ne!(claim(&store, "v", 70).await.unwrap().id, running.id);
    }

    async fn a_flood_of_one_team_does_not_starve_another(database: Database) {
        let store = database.store;
        let flood: Vec<_> = (0..6).map(|n| job(&format!("loud-{n}/d1"), "loud", n)).collect();
        store.put_jobs(&flood, at(0)).await.unwrap();
        store.put_jobs(&[job("quiet/d1", "quiet", 10), job("host", "", 11)], at(0)).await.unwrap();
        // One worker: teams take turns, the one that never had one first.
        let mut order = Vec::new();
        for now in 20..24 {
            let job = claim(&store, "w", now).await.unwrap();
            store.end_job(&job, &done(), at(now)).await.unwrap();
            order.push(job.key);
        }
        assert_eq!(order, ["loud-0/d1", "quiet/d1", "host", "loud-1/d1"]);
        // While the flood's jobs run, whoever has none running is first, whatever came before.
        assert_eq!(claimed(&store, "w", 30).await, "loud-2/d1");
        store.put_jobs(&[job("quiet/d7", "quiet", 31)], at(31)).await.unwrap();
        assert_eq!(claimed(&store, "w", 32).await, "quiet/d7");
        // What is urgent goes before all turns.
        let urgent = NewJob { priority: Priority(1), ..job("urgent/d1", "loud", 33) };
        store.put_jobs(&[urgent], at(33)).await.unwrap();
        assert_eq!(claimed(&store, "w", 34).await, "urgent/d1");
    }

    async fn what_fails_is_tried_later_and_given_up_in_the_end(database: Database) {
        let store = database.store;
        store.put_jobs(&[job("a/d1", "growth", 0)], at(0)).await.unwrap();
        let mut now = 0;
        let mut tries = 0;
        while let Some(found) = claim(&store, "w", now).await {
            tries += 1;
            store.end_job(&found, &Ended::Failed(format!("no {tries}")), at(now)).await.unwrap();
            let kept = store.job(found.id).await.unwrap().unwrap();
            assert_eq!(kept.error.as_deref(), Some(format!("no {tries}").as_str()));
            assert_eq!(claimed(&store, "w", now).await, "nothing", "not at once");
            now = kept.due_at.as_second() - at(0).as_second();
            if kept.state == JobState::Dead {
                break;
            }
        }
        assert_eq!(tries, 8);
        let counts = store.job_counts(at(now)).await.unwrap();
        assert_eq!((counts.dead, counts.waiting, counts.oldest_due), (1, 0, None));
        let dead = store.jobs(&JobFilter { state: Some(JobState::Dead), ..JobFilter::default() }, None, 10).await;
        let dead = dead.unwrap().items.remove(0);
        // Somebody looks at it, and it goes on as if it were new.
        let again = store.retry_job(dead.id, &by(), at(now)).await.unwrap();
        assert_eq!((again.state, again.attempts, again.error.as_deref()), (JobState::Waiting, 0, Some("no 8")));
        let found = claim(&store, "w", now).await.unwrap();
        let refused = store.retry_job(found.id, &by(), at(now)).await.unwrap_err().to_string();
        assert_eq!(refused, format!("job {} is running", found.id));
        let refused = store.cancel_job(found.id, &by(), at(now)).await.unwrap_err().to_string();
        assert_eq!(refused, format!("job {} is running, so it cannot be cancelled", found.id));
        let refused = store.retry_job(999, &by(), at(now)).await.unwrap_err().to_string();
        assert_eq!(refused, "there is no job 999");
    }

    async fn what_waits_is_not_a_failure(database: Database) {
        let store = database.store;
        store.put_jobs(&[job("a/d1", "growth", 0)], at(0)).await.unwrap();
        for round in 0..20 {
            let found = claim(&store, "w", round * 10).await.unwrap();
            assert_eq!(found.attempts, 1, "waiting is no try");
            let later = Ended::Later { at: at((round + 1) * 10), waits_for: "the data".into() };
            store.end_job(&found, &later, at(round * 10)).await.unwrap();
            assert_eq!(store.job(found.id).await.unwrap().unwrap().waits_for.as_deref(), Some("the data"));
        }
        let found = claim(&store, "w", 1_000).await.unwrap();
        assert_eq!(found.waits_for, None, "while it runs it waits for nothing");
    }

    async fn the_jobs_of_a_worker_that_went_away_are_taken_over(database: Database) {
        let store = database.store;
        store.put_jobs(&[job("a/d1", "growth", 0), job("b/d1", "growth", 0)], at(0)).await.unwrap();
        let lease = LEASE.as_secs();
        let lost = claim(&store, "gone", 0).await.unwrap();
        let held = claim(&store, "lives", 0).await.unwrap();
        assert_eq!(held.key, "b/d1");
        // Nobody holds what is another's.
        store.hold_jobs("lives", &[held.id, lost.id], &|| at(lease)).await.unwrap();
        store.hold_jobs("lives", &[], &|| at(lease)).await.unwrap();
        assert_eq!(claimed(&store, "w", lease).await, "nothing", "the lease is not over");
        assert_eq!(claimed(&store, "w", lease + 1).await, "nothing", "taken over, and tried a little later");
        let found = claim(&store, "w", lease + 20).await.unwrap();
        assert_eq!((found.id, found.attempts), (lost.id, 2));
        assert_eq!(found.error.as_deref(), Some("the worker gone went away while it ran"));
        // Who had gone comes back: its word no longer counts.
        assert!(!store.end_job(&lost, &done(), at(lease + 21)).await.unwrap());
        assert!(store.end_job(&found, &done(), at(lease + 22)).await.unwrap());
    }

    async fn a_try_that_was_taken_over_by_its_own_worker_does_not_count_twice(database: Database) {
        let store = database.store;
        store.put_jobs(&[job("a/d1", "growth", 0)], at(0)).await.unwrap();
        let lease = LEASE.as_secs();
        let slow = claim(&store, "w", 0).await.unwrap();
        assert_eq!(claimed(&store, "w", lease + 1).await, "nothing", "it is taken back first");
        let again = claim(&store, "w", lease + 20).await.unwrap();
        assert!(!store.end_job(&slow, &done(), at(lease + 21)).await.unwrap(), "the first try is over");
        assert!(store.end_job(&again, &done(), at(lease + 22)).await.unwrap());
    }

    async fn what_is_asked_for_while_its_last_try_fails_is_not_given_up(database: Database) {
        let store = database.store;
        store.put_jobs(&[job("a/d1", "growth", 0)], at(0)).await.unwrap();
        let mut now = 0;
        for _ in 1..8 {
            let found = claim(&store, "w", now).await.unwrap();
            store.end_job(&found, &Ended::Failed("no".into()), at(now)).await.unwrap();
            now = store.job(found.id).await.unwrap().unwrap().due_at.as_second() - at(0).as_second();
        }
        let last = claim(&store, "w", now).await.unwrap();
        store.put_jobs(&[job("a/d1", "growth", now)], at(now)).await.unwrap();
        store.end_job(&last, &Ended::Failed("no".into()), at(now)).await.unwrap();
        let again = claim(&store, "w", now).await.unwrap();
        assert_eq!((again.id, again.attempts), (last.id, 1), "it begins anew");
    }

    async fn workers_that_claim_at_once_get_different_jobs(database: Database) {
        let jobs: Vec<_> = (0..40).map(|n| job(&format!("r-{n}/d1"), &format!("t-{}", n % 3), 0)).collect();
        database.store.put_jobs(&jobs, at(0)).await.unwrap();
        let mut stores = Vec::new();
        for _ in 0..4 {
            stores.push(database.again().await);
        }
        let work = |store: Store, worker: usize| async move {
            let mut keys = Vec::new();
            while let Some(job) = claim(&store, &format!("w-{worker}"), 1).await {
                keys.push(job.key.clone());
                assert!(store.end_job(&job, &done(), at(2)).await.unwrap());
            }
            keys
        };
        let mut workers = tokio::task::JoinSet::new();
        for (index, store) in stores.into_iter().enumerate() {
            workers.spawn(work(store, index));
        }
        let claimed: Vec<String> = workers.join_all().await.into_iter().flatten().collect();
        assert_eq!(claimed.len(), 40);
        assert_eq!(claimed.iter().collect::<BTreeSet<_>>().len(), 40, "each once");
    }

    async fn whoever_waits_is_woken(database: Database) {
        let mut waker = database.store.waker().await.unwrap();
        let store = database.store.clone();
        let put = tokio::spawn(async move { store.put_jobs(&[job("a/d1", "growth", 0)], at(0)).await.unwrap() });
        waker.woken().await.unwrap();
        put.await.unwrap();
        assert_eq!(claimed(&database.store, "w", 0).await, "a/d1");
    }
}
