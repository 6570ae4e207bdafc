//! The portfolio's figures, added up by the database from what each command wrote, are those of the releases themselves,
//! added up one by one from what was done to each.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use proptest::prelude::*;
use yardstick_domain::criteria::{SealedCriterion, Terms, canonical};
use yardstick_domain::decision::{Settled, Signed, Stance};
use yardstick_domain::digest::Digest;
use yardstick_domain::event::{EventKind, NewEvent};
use yardstick_domain::finding::{Outcome, Reason};
use yardstick_domain::ids::TeamKey;
use yardstick_domain::level::Level;
use yardstick_domain::metric::Visibility;
use yardstick_domain::portfolio::Figures;
use yardstick_domain::question::Role;
use yardstick_domain::release::{Amendment, Cancelled, Launch, Release, Seal, SealedWhen};
use yardstick_domain::standing::WaitsFor;
use yardstick_domain::verdict::{Standing, Verdict};
use yardstick_store::{
    Amended, Changes, CriteriaChange, NewDecision, PortfolioFilter, ReleaseChange, ReleaseFilter, Sees, Store,
};
use yardstick_tests::databases::Database;

use super::samples::{ana, criterion, metric, new_release, release, team, verdict};
use super::{on_postgres, on_sqlite};

/// What is done to a release.
#[derive(Debug, Clone)]
struct Story {
    level: Level,
    team: &'static str,
    is_private: bool,
    has_goal: bool,
    confidence: Option<f64>,
    /// Days after 1 January 2026.
    launch_day: i64,
    days_late: i64,
    sealed: SealedWhen,
    /// Whether it was sealed before, but after the instant of the launch that was recorded later.
    seal_reads_late: bool,
    outcome: Option<Outcome>,
    /// Whether its verdict came after it was due.
    late_verdict: bool,
    held: Held,
    amended: Option<bool>,
    is_cancelled: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Held {
    Nothing,
    Accepted,
    /// To what, whether somebody approved, and whether its time is over.
    Overridden(Settled, bool, bool),
}

fn now() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

impl Story {
    fn day(&self) -> Date {
        date(2026, 1, 1).checked_add(self.launch_day.days()).unwrap()
    }

    fn launched_at(&self) -> Timestamp {
        self.day().at(10, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp()
    }

    /// d28 ends with the 28th day after the launch day; the metric counts in UTC, promises its values within 36 hours and
    /// has 48 more.
    fn due_at(&self) -> Timestamp {
        let end = self.day().checked_add(29.days()).unwrap();
        let end = if self.has_goal {
            end.to_zoned(TimeZone::UTC).unwrap()
        } else {
            end.in_tz("Europe/Berlin").unwrap()
        };
        end.timestamp().checked_add(if self.has_goal { 84 } else { 0 }.hours()).unwrap()
    }

    fn is_due(&self) -> bool {
        self.due_at() <= now()
    }

    fn release(&self, index: usize) -> Release {
        let mut own = release(&format!("r-{index}"));
        own.team = self.team.parse().unwrap();
        own.level = self.level;
        own.visibility = if self.is_private { Visibility::Team } else { Visibility::Company };
        own.confidence = self.confidence;
        own.planned = self.day().checked_sub(self.days_late.days()).unwrap();
        own.criteria.list = if self.has_goal { vec![criterion("adoption", Role::Goal)] } else { Vec::new() };
        own
    }

    fn terms(&self, release: &Release, reason: &str) -> Vec<u8> {
        let sealed = |criterion: &yardstick_domain::criteria::Criterion| SealedCriterion {
            criterion: criterion.clone(),
            plugin: None,
        };
        let metrics: BTreeMap<_, _> =
            if self.has_goal { [("site.mau".parse().unwrap(), None)].into() } else { BTreeMap::new() };
        let mut terms = canonical(&Terms {
            release: release.slug.clone(),
            level: release.level,
            planned: release.planned,
            time_zone: "Europe/Berlin".to_owned(),
            passes_when: release.criteria.passes_when,
            checkpoints: release.criteria.checkpoints.clone(),
            criteria: release.criteria.list.iter().map(sealed).collect(),
            metrics,
        })
        .unwrap();
        // Terms of another reason are other bytes that read the same.
        terms.extend(reason.bytes());
        terms
    }

    async fn happen(&self, store: &Store, index: usize) {
        let own = self.release(index);
        let slug = own.slug.clone();
        let changes = Changes { releases: vec![new_release(own.clone())], ..Changes::default() };
        let before = self.launched_at().checked_sub(240.hours()).unwrap();
        store.apply(&changes, &ana(), before).await.unwrap();
        let terms = self.terms(&own, "");
        let hash = Digest::of(&terms);
        let at =
            if self.seal_reads_late { self.launched_at().checked_add(2.hours()).unwrap() } else { before };
        let seal = Seal { hash, version: 1, at, by: ana(), when: self.sealed };
        let recorded_at = self.launched_at().checked_add(3.hours()).unwrap();
        let launch = Launch { at: self.launched_at(), recorded_at, by: ana() };
        if self.sealed == SealedWhen::ByLaunch {
            let seal = Seal { at: self.launched_at(), ..seal };
            store.launch(&slug, &launch, Some((&seal, &terms)), &[]).await.unwrap();
        } else {
            store.seal(&slug, &seal, &terms).await.unwrap();
            store.launch(&slug, &launch, None, &[]).await.unwrap();
        }
        if let Some(approved) = self.amended {
            let terms = self.terms(&own, " ");
            let mut changed = own.clone();
            changed.criteria.checkpoints.remove(0);
            let amendment = Amendment {
                hash: Digest::of(&terms),
                version: 2,
                at: recorded_at,
                by: ana(),
                reason: "because".to_owned(),
                approved_by: None,
            };
            let criteria = CriteriaChange::Amended(Box::new(Amended { amendment, terms }));
            let change = ReleaseChange { release: changed, expected_version: Some(1), criteria };
            store
                .apply(&Changes { releases: vec![change], ..Changes::default() }, &ana(), recorded_at)
                .await
                .unwrap();
            if approved {
                let ben = "ben@example.com".parse().unwrap();
                store.approve_amendment(&slug, 2, &ben, recorded_at, &[]).await.unwrap();
            }
        }
        if self.is_cancelled {
            let cancelled = Cancelled { at: recorded_at, by: ana(), reason: "no".to_owned() };
            store.cancel(&slug, &cancelled).await.unwrap();
        }
        if let Some(outcome) = self.outcome.as_ref().filter(|_| !self.is_cancelled) {
            let judged_at =
                self.due_at().checked_add(if self.late_verdict { 5 } else { -5 }.hours()).unwrap();
            let (sample, bytes) = verdict(&format!("{slug}/d28"), Standing::Official, 0.7);
            let judged =
                Verdict { outcome: outcome.clone(), launch: self.launched_at(), judged_at, ..sample };
            let at = store.save_verdict(&judged, Vec::new(), &bytes, &[]).await.unwrap();
            self.decide(store, &at).await;
        }
    }

    async fn decide(&self, store: &Store, at: &yardstick_domain::verdict::VerdictRef) {
        let stance = match self.held {
            Held::Nothing => return,
            Held::Accepted => Stance::Accept,
            Held::Overridden(outcome, _, is_over) => {
                let until = now().checked_add(if is_over { -1 } else { 1 }.hours()).unwrap();
                Stance::Override { outcome, until }
            }
        };
        let made = Signed { by: ana(), at: self.due_at() };
        let (release, verdict) = (at.release.clone(), Some(at.clone()));
        let event = |key: String| NewEvent {
            kind: EventKind::DecisionMade,
            key,
            at: made.at,
            team: None,
            release: Some(release.clone()),
            verdict: None,
            urgent: false,
            says: String::new(),
            advice: None,
            to: Vec::new(),
        };
        let new = NewDecision {
            release: release.clone(),
            verdict,
            made: made.clone(),
            stance: Some(stance),
            action: None,
            reason: Some("because".to_owned()),
            job: None,
        };
        let id = store.put_decision(&new, |id| event(id.to_string())).await.unwrap();
        if let Held::Overridden(_, true, _) = self.held {
            let decision = store.decision(id).await.unwrap().unwrap();
            let ben = "ben@example.com".parse().unwrap();
            store.approve_decision(&decision, &ben, made.at, &event(format!("{id} approved"))).await.unwrap();
        }
    }

    /// What it adds to the figures of its team.
    fn counts(&self) -> Figures {
        let mut figures = Figures { launched: 1, ..Figures::default() };
        figures.without_criteria = u64::from(!self.has_goal);
        let late_seal = self.sealed == SealedWhen::BeforeLaunch && self.seal_reads_late;
        figures.sealed_late = u64::from(late_seal);
        figures.sealed_by_launch = u64::from(self.sealed == SealedWhen::ByLaunch);
        figures.amended = u64::from(self.amended.is_some());
        figures.amended_counting = u64::from(self.amended == Some(true));
        if !self.is_due() {
            figures.pending = 1;
            return figures;
        }
        figures.due = 1;
        figures.late_verdicts = u64::from(self.outcome.is_none() || self.late_verdict);
        let Some(outcome) = &self.outcome else {
            figures.missing = 1;
            return figures;
        };
        let passed = *outcome == Outcome::Pass;
        match outcome {
            Outcome::Pass => figures.passed = 1,
            Outcome::Marginal => figures.marginal = 1,
            Outcome::Fail => figures.failed = 1,
            Outcome::Undecided { .. } => figures.undecided = 1,
        }
        let after = match self.held {
            Held::Overridden(to, true, false) => {
                figures.overridden = 1;
                to.outcome()
            }
            _ => outcome.clone(),
        };
        figures.passed_after = u64::from(after == Outcome::Pass);
        figures.marginal_after = u64::from(after == Outcome::Marginal);
        figures.failed_after = u64::from(after == Outcome::Fail);
        figures.accepted = u64::from(self.held == Held::Accepted);
        figures.disagreed = u64::from(matches!(self.held, Held::Overridden(_, true, _)));
        if !outcome.is_decided() {
            return figures;
        }
        match (self.days_late <= 1, passed) {
            (true, true) => figures.on_time_passed = 1,
            (true, false) => figures.on_time_not = 1,
            (false, true) => figures.late_passed = 1,
            (false, false) => figures.late_not = 1,
        }
        if let Some(sure) = self.confidence {
            figures.sure = 1;
            figures.sure_sum = sure;
            figures.sure_passed = u64::from(passed);
            let off = sure - f64::from(u8::from(passed));
            figures.sure_squares = off * off;
        }
        figures
    }
}

fn story() -> impl Strategy<Value = Story> {
    let settled = prop_oneof![Just(Settled::Pass), Just(Settled::Marginal), Just(Settled::Fail)];
    let held = prop_oneof![
        Just(Held::Nothing),
        Just(Held::Accepted),
        (settled, any::<bool>(), any::<bool>())
            .prop_map(|(to, approved, over)| Held::Overridden(to, approved, over)),
    ];
    let outcome = prop_oneof![
        Just(None),
        Just(Some(Outcome::Pass)),
        Just(Some(Outcome::Marginal)),
        Just(Some(Outcome::Fail)),
        Just(Some(Outcome::undecided(Reason::UntrustedData, "stale"))),
        Just(Some(Outcome::undecided(Reason::Inconclusive, "straddles"))),
    ];
    let level = prop_oneof![Just(Level::L1), Just(Level::L2), Just(Level::L3)];
    let team = prop_oneof![Just("growth"), Just("search")];
    let confidence = prop_oneof![Just(None), Just(Some(0.75)), Just(Some(0.5))];
    let sealed = prop_oneof![Just(SealedWhen::BeforeLaunch), Just(SealedWhen::ByLaunch)];
    let amended = prop_oneof![3 => Just(None), 1 => Just(Some(false)), 1 => Just(Some(true))];
    (
        (level, team, proptest::bool::weighted(0.2), proptest::bool::weighted(0.9), confidence),
        (0i64..180, -2i64..5, sealed, proptest::bool::weighted(0.3)),
        (outcome, any::<bool>(), held, amended, proptest::bool::weighted(0.1)),
    )
        .prop_map(|(what, when, came)| Story {
            level: what.0,
            team: what.1,
            is_private: what.2,
            has_goal: what.3,
            confidence: what.4,
            launch_day: when.0,
            days_late: when.1,
            sealed: when.2,
            seal_reads_late: when.3,
            outcome: came.0,
            late_verdict: came.1,
            held: came.2,
            amended: came.3.filter(|_| what.3),
            is_cancelled: came.4,
        })
}

fn close(one: &Figures, other: &Figures) -> bool {
    let rounded = |figures: &Figures| Figures { sure_sum: 0.0, sure_squares: 0.0, ..figures.clone() };
    rounded(one) == rounded(other)
        && (one.sure_sum - other.sure_sum).abs() < 1e-9
        && (one.sure_squares - other.sure_squares).abs() < 1e-9
}

/// Lets all of it happen, and compares each quarter, each team, and who may see what.
async fn figures_are_those_of_the_releases(database: Database, stories: Vec<Story>) {
    let store = &database.store;
    let teams = vec![team("growth"), team("search")];
    let changes = Changes { teams, metrics: vec![metric("site.mau")], ..Changes::default() };
    store.apply(&changes, &ana(), "2025-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    for (index, story) in stories.iter().enumerate() {
        story.happen(store, index).await;
    }
    let quarters = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 5, 1), date(2026, 8, 1)];
    for days in quarters.windows(2) {
        for private in [None, Some(Sees::Everything), Some(Sees::OfTeams(vec!["growth".parse().unwrap()]))] {
            let shown = |story: &&Story| match &private {
                None => !story.is_private,
                Some(sees) => !story.is_private || sees.of_team(&story.team.parse().unwrap()),
            };
            let mut expected: BTreeMap<TeamKey, Figures> = BTreeMap::new();
            let mut undecided: BTreeMap<String, u64> = BTreeMap::new();
            let counted = stories.iter().filter(|story| {
                story.level.must_be_measured()
                    && !story.is_cancelled
                    && (days[0]..days[1]).contains(&story.day())
            });
            for story in counted.filter(shown) {
                expected.entry(story.team.parse().unwrap()).or_default().add(&story.counts());
                if let Some(code) = story.outcome.as_ref().and_then(Outcome::code).filter(|_| story.is_due())
                {
                    *undecided.entry(code.to_owned()).or_default() += 1;
                }
            }
            let filter = PortfolioFilter {
                from: days[0],
                until: days[1],
                only: None,
                but: Vec::new(),
                private: private.clone(),
                now: now(),
                tolerance_days: 1,
            };
            let found = store.portfolio(&filter).await.unwrap();
            assert_eq!(found.undecided, undecided, "{days:?} {private:?}");
            assert_eq!(found.teams.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
            for (team, figures) in &expected {
                assert!(
                    close(&found.teams[team], figures),
                    "{team} {days:?} {private:?}\n{:?}\n{figures:?}",
                    found.teams[team]
                );
                let only = PortfolioFilter { only: Some(vec![team.clone()]), ..filter.clone() };
                assert!(close(&store.figures(&only).await.unwrap()[team], figures));
                let but = PortfolioFilter { but: vec![team.clone()], ..filter.clone() };
                assert!(!store.figures(&but).await.unwrap().contains_key(team));
            }
            let mut sum = Figures::default();
            expected.values().for_each(|figures| sum.add(figures));
            let short = store.figures_in_short(&filter).await.unwrap();
            let in_short = |of: &Figures| {
                (of.launched, of.due, of.pending, of.passed, of.marginal, of.failed, of.on_time_passed)
            };
            assert_eq!(in_short(&short), in_short(&sum), "{days:?} {private:?}");
            let unmeasured = store.unmeasured(&filter, 500).await.unwrap().len() as u64;
            let all = expected.values().map(|figures| figures.due - figures.measured()).sum::<u64>();
            assert_eq!(unmeasured, all);
        }
    }
    // What waits for a decision or a retro is what was judged and not decided about.
    for (what, expected) in [
        (
            WaitsFor::Decision,
            stories
                .iter()
                .filter(|story| story.outcome.is_some() && !story.is_cancelled && story.held == Held::Nothing)
                .count(),
        ),
        (
            WaitsFor::Retro,
            stories
                .iter()
                .filter(|story| {
                    story.outcome.is_some() && !story.is_cancelled && story.level.must_be_measured()
                })
                .count(),
        ),
    ] {
        let filter = ReleaseFilter { waits_for: Some((what, Timestamp::MAX)), ..ReleaseFilter::default() };
        let (mut found, mut after) = (0, None);
        loop {
            let page = store.releases(&filter, after.as_ref(), 3).await.unwrap();
            found += page.items.len();
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(found, expected, "{what}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn figures_are_those_of_the_releases_on_sqlite(stories in proptest::collection::vec(story(), 1..24)) {
        on_sqlite(|database| figures_are_those_of_the_releases(database, stories));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 10, ..ProptestConfig::default() })]

    #[test]
    fn figures_are_those_of_the_releases_on_postgres(stories in proptest::collection::vec(story(), 10..24)) {
        on_postgres(|database| figures_are_those_of_the_releases(database, stories));
    }
}
