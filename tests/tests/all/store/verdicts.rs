//! Verdicts: numbered by the store, never changed, judged twice as good as once.

use proptest::prelude::any;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use yardstick_domain::digest::Digest;
use yardstick_domain::finding::Outcome;
use yardstick_domain::verdict::{Standing, VerdictNumber};
use yardstick_store::{Changes, Store, VerdictFilter};

use super::both;
use super::samples::{ana, hour, launch, new_release, register, release, team, verdict};

async fn launched(store: &Store) {
    register(store).await;
    store.launch(&release("ga").slug, &launch(), None, &[]).await.unwrap();
}

both! {
    async fn a_verdict_is_read_back_bit_for_bit(database: Database) {
        let store = &database.store;
        launched(store).await;
        let mut runner = TestRunner::new_with_rng(
            proptest::test_runner::Config::default(),
            TestRng::deterministic_rng(RngAlgorithm::ChaCha),
        );
        let mut values = vec![0.1 + 0.2, -0.0, 5e-324, f64::MAX, 1.0 / 3.0];
        let finite = any::<f64>().prop_filter("finite", |value| value.is_finite());
        values.extend((0..20).map(|_| finite.new_tree(&mut runner).unwrap().current()));
        for value in values {
            let (mut saved, terms) = verdict("ga/d7", Standing::AdHoc, value);
            saved.at = store.save_verdict(&saved, Vec::new(), &terms, &[]).await.unwrap();
            let read = store.verdict(&saved.at).await.unwrap().unwrap();
            assert_eq!(read, saved);
            assert_eq!(serde_json::to_vec(&read).unwrap(), serde_json::to_vec(&saved).unwrap());
            assert_eq!(store.terms(saved.terms).await.unwrap(), Some(terms));
        }
    }

    async fn revisions_and_looks_are_numbered_apart(database: Database) {
        let store = &database.store;
        launched(store).await;
        let mut at = Vec::new();
        for (address, standing, value) in [
            ("ga/d7", Standing::AdHoc, 1.0),
            ("ga/d7", Standing::Official, 1.0),
            ("ga/d7", Standing::AdHoc, 1.0),
            ("ga/d7", Standing::Official, 2.0),
            ("ga/d28", Standing::Official, 1.0),
            ("ga/d7.look-9", Standing::AdHoc, 1.0),
        ] {
            let (verdict, terms) = verdict(address, standing, value);
            at.push(store.save_verdict(&verdict, Vec::new(), &terms, &[]).await.unwrap());
        }
        let numbers: Vec<VerdictNumber> = at.iter().map(|at| at.number).collect();
        use VerdictNumber::{Look, Revision};
        assert_eq!(numbers, [Look(1), Revision(1), Look(2), Revision(2), Revision(1), Look(3)]);
        let newest = store.verdict(&"ga/d7".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(newest.at, at[3]);
        let first = store.verdict(&"ga/d7.1".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(first.at, at[1]);
        for nowhere in ["ga/d7.3", "ga/d7.look-4", "ga/d14", "gb/d7"] {
            assert_eq!(store.verdict(&nowhere.parse().unwrap()).await.unwrap(), None, "{nowhere}");
        }
    }

    async fn judging_twice_from_the_same_inputs_is_judging_once(database: Database) {
        let store = &database.store;
        launched(store).await;
        let (mut first, terms) = verdict("ga/d7", Standing::Official, 1.0);
        let at = store.save_verdict(&first, Vec::new(), &terms, &[]).await.unwrap();
        first.judged_at = hour(500);
        assert_eq!(store.save_verdict(&first, Vec::new(), &terms, &[]).await.unwrap(), at);
        assert_eq!(store.verdict(&at).await.unwrap().unwrap().judged_at, hour(300), "the first one stays");
        let (second, _) = verdict("ga/d7", Standing::Official, 2.0);
        let revised = store.save_verdict(&second, Vec::new(), &terms, &[]).await.unwrap();
        assert_eq!(revised.number, VerdictNumber::Revision(2));
        // Back to the first inputs: the newest revision says otherwise, so it is a new one.
        let back = store.save_verdict(&first, Vec::new(), &terms, &[]).await.unwrap();
        assert_eq!(back.number, VerdictNumber::Revision(3));
        let mut passed = first.clone();
        passed.outcome = Outcome::Pass;
        let passed = store.save_verdict(&passed, Vec::new(), &terms, &[]).await.unwrap();
        assert_eq!(passed.number, VerdictNumber::Revision(4));
    }

    async fn two_judges_at_once_make_one_revision(database: Database) {
        launched(&database.store).await;
        let (one, other) = (database.again().await, database.again().await);
        let (verdict, terms) = verdict("ga/d7", Standing::Official, 1.0);
        let (first, second) = tokio::join!(
            one.save_verdict(&verdict, Vec::new(), &terms, &[]),
            other.save_verdict(&verdict, Vec::new(), &terms, &[]),
        );
        assert_eq!(first.unwrap(), second.unwrap());
        let list = database.store.verdicts(&VerdictFilter::default(), None, 10).await.unwrap();
        assert_eq!(list.items.len(), 1);
    }

    async fn frames_are_kept_once_and_with_their_verdict(database: Database) {
        let store = &database.store;
        launched(store).await;
        let bytes = vec![0, 255, 7, 0];
        let digest = Digest::of(&bytes);
        let frames = vec![(digest, bytes.clone())];
        let (official, terms) = verdict("ga/d7", Standing::Official, 1.0);
        // A verdict that cannot be saved leaves no frame.
        let mut wrong = official.clone();
        wrong.launch = hour(1);
        assert!(store.save_verdict(&wrong, frames.clone(), &terms, &[]).await.is_err());
        assert_eq!(store.frame(digest).await.unwrap(), None);
        assert_eq!(store.terms(official.terms).await.unwrap(), None);
        store.save_verdict(&official, frames.clone(), &terms, &[]).await.unwrap();
        let (look, _) = verdict("ga/d7", Standing::AdHoc, 1.0);
        store.save_verdict(&look, frames, &terms, &[]).await.unwrap();
        assert_eq!(store.frame(digest).await.unwrap(), Some(bytes));
    }

    async fn lists_of_verdicts_come_in_pages_and_by_what_is_asked_for(database: Database) {
        let store = &database.store;
        launched(store).await;
        let mut other = release("gb");
        other.name = "Other".to_owned();
        other.team = "cloud".parse().unwrap();
        let changes = Changes {
            teams: vec![team("cloud")],
            releases: vec![new_release(other)],
            ..Changes::default()
        };
        store.apply(&changes, &ana(), hour(2)).await.unwrap();
        for (address, standing) in [
            ("ga/d7", Standing::Official),
            ("ga/d7", Standing::AdHoc),
            ("gb/d7", Standing::AdHoc),
            ("ga/d28", Standing::Official),
            ("gb/d28", Standing::AdHoc),
        ] {
            let (verdict, terms) = verdict(address, standing, 1.0);
            store.save_verdict(&verdict, Vec::new(), &terms, &[]).await.unwrap();
        }
        let mut all = Vec::new();
        let mut before = None;
        loop {
            let page = store.verdicts(&VerdictFilter::default(), before, 2).await.unwrap();
            all.extend(page.items);
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        let names: Vec<String> = all.iter().map(|summary| summary.at.to_string()).collect();
        assert_eq!(names, ["gb/d28.look-1", "ga/d28", "gb/d7.look-1", "ga/d7.look-1", "ga/d7"]);
        let (expected, _) = verdict("ga/d28", Standing::Official, 1.0);
        assert_eq!(all[1].outcome, expected.outcome);
        assert_eq!((all[1].as_of, all[1].judged_at), (expected.as_of, expected.judged_at));
        assert_eq!((all[0].is_final, all[4].is_final), (true, false));
        assert_eq!((all[0].release_name.as_str(), all[1].release_name.as_str()), ("Other", "Batch Changes"));

        let list = async |filter: VerdictFilter| -> Vec<String> {
            let page = store.verdicts(&filter, None, 10).await.unwrap();
            page.items.iter().map(|summary| summary.at.to_string()).collect()
        };
        let of = VerdictFilter { release: Some(release("ga").slug), ..VerdictFilter::default() };
        assert_eq!(list(of).await, ["ga/d28", "ga/d7.look-1", "ga/d7"]);
        let team = VerdictFilter { team: Some("cloud".parse().unwrap()), ..VerdictFilter::default() };
        assert_eq!(list(team).await, ["gb/d28.look-1", "gb/d7.look-1"]);
        let official = VerdictFilter { standing: Some(Standing::Official), ..VerdictFilter::default() };
        assert_eq!(list(official.clone()).await, ["ga/d28", "ga/d7"]);
        assert_eq!(list(VerdictFilter { is_final: Some(true), ..official }).await, ["ga/d28"]);
    }
}
