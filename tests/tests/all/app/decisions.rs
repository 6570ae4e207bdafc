//! What people make of verdicts: the verdict stays, the decision is attributed, and two people stand behind an override.

use yardstick_app::{AppError, Caller, DecideRequest, NewComment, NewReview, StanceRequest};
use yardstick_domain::access::{Scope, Scopes};
use yardstick_domain::decision::{ActionKind, Addressee, CommentKind, Decision, Settled, Standing};
use yardstick_domain::people::Actor;
use yardstick_store::{CommentFilter, DecisionFilter, EventFilter};
use yardstick_tests::databases::Database;

use super::{SMALL, World, both, march};

type Checkpoint = yardstick_domain::checkpoint::Checkpoint;

/// A decision about nothing yet.
fn about(checkpoint: Option<&str>) -> DecideRequest {
    let number = yardstick_domain::verdict::VerdictNumber::Newest;
    DecideRequest {
        release: "quick-start".parse().unwrap(),
        about: checkpoint.map(|text| (text.parse().unwrap(), number)),
        stance: None,
        action: None,
        extend_to: None,
        reason: None,
    }
}

fn overriding(outcome: Settled, until: &str) -> DecideRequest {
    let (outcome, until) = (Some(outcome), Some(until.parse().unwrap()));
    let stance = Some(StanceRequest::Override { outcome, until });
    DecideRequest { stance, reason: Some("bots were counted".to_owned()), ..about(None) }
}

fn extending(to: &str) -> DecideRequest {
    let to: Checkpoint = to.parse().unwrap();
    DecideRequest { action: Some(ActionKind::Extend), extend_to: Some(to), ..about(None) }
}

fn question(verdict: Option<&str>, criterion: Option<&str>, to: Option<Addressee>) -> NewComment {
    NewComment {
        release: "quick-start".parse().unwrap(),
        about: verdict.map(|text| (text.parse().unwrap(), yardstick_domain::verdict::VerdictNumber::Newest)),
        criterion: criterion.map(|id| id.parse().unwrap()),
        kind: CommentKind::Question,
        to,
        text: "Do bots count?".to_owned(),
    }
}

impl World {
    /// Launched, and judged at its last checkpoint: a fail, with 8 uses a day.
    async fn judged(database: &Database) -> Self {
        let world = Self::launched(database).await;
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "8")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        world
    }

    async fn decide(&self, who: &str, request: &DecideRequest) -> Result<Decision, AppError> {
        self.app.decide(&self.caller_of(who), request).await
    }

    fn service(&self) -> Caller {
        Caller { actor: Actor::Service("growth-ci".parse().unwrap()), ..self.caller_of("local") }
    }
}

fn problems(refused: Result<Decision, AppError>) -> Vec<String> {
    match refused {
        Err(AppError::Refused(problems)) => problems.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

both! {
    async fn an_override_stands_beside_the_verdict_once_a_second_person_approved(database: Database) {
        let world = World::judged(&database).await;
        let before = world.document("quick-start/d7").await;
        assert_eq!((before.outcome.as_str(), before.is_final), ("fail", true));
        let made = world.decide("ana", &overriding(Settled::Pass, "2026-12-31T00:00:00Z")).await.unwrap();
        assert_eq!(made.standing(world.clock.now()), Standing::WaitsForApproval);
        // Those who may approve hear of it.
        let events = world.app.events(&world.caller(), &EventFilter::default(), None, 1).await.unwrap().items;
        let event = &events[0].event;
        assert_eq!(
            event.says,
            "ana.lopez@example.com holds quick-start/d7.1 for pass until 2026-12-31T00:00:00Z"
        );
        assert_eq!(event.to.iter().map(ToString::to_string).collect::<Vec<_>>(), [
            "ben.okafor@example.com", "ben@example.com",
        ]);
        // Nobody approves their own; neither do programs, strangers, or whoever is not known by name.
        for caller in [world.caller_of("ana"), world.caller_of("local"), world.caller_of("eve"), world.service()] {
            let refused = world.app.approve_decision(&caller, made.id).await;
            assert!(matches!(refused, Err(AppError::Forbidden(_) | AppError::NotFound { .. })), "{refused:?}");
        }
        let mut reads_only = world.caller_of("ben");
        reads_only.scopes = std::iter::once(Scope::Read).collect::<Scopes>();
        let refused = world.app.approve_decision(&reads_only, made.id).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
        let approved = world.app.approve_decision(&world.caller_of("ben"), made.id).await.unwrap();
        assert_eq!(approved.standing(world.clock.now()), Standing::Stands);
        let again = world.app.approve_decision(&world.caller_of("ben"), made.id).await;
        assert!(matches!(again, Err(AppError::Conflict(_))), "{again:?}");
        // The verdict is what it was, and tells of it.
        let after = world.document("quick-start/d7").await;
        assert_eq!((&after.outcome, &after.headline, after.revision), (&before.outcome, &before.headline, Some(1)));
        let part = &after.decisions[0];
        assert_eq!((part.standing.as_str(), part.approved_by.as_deref()), ("stands", Some("ben.okafor@example.com")));
        assert!(world.app.replay(&world.caller(), &"quick-start/d7".parse().unwrap()).await.unwrap().differences.is_empty());
        world.at("2026-12-31T00:00:00Z");
        assert_eq!(world.document("quick-start/d7").await.decisions[0].standing, "expired");
    }

    async fn what_does_not_fit_together_is_refused(database: Database) {
        let world = World::launched(&database).await;
        let nothing = world.decide("ana", &about(None)).await;
        assert_eq!(problems(nothing), ["stance: a decision has a stance, an action or both; this one has neither"]);
        let early = DecideRequest { stance: Some(StanceRequest::Accept), ..about(None) };
        assert_eq!(problems(world.decide("ana", &early).await), [
            "stance: there is no official verdict yet to take a stance on",
        ]);
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "8")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let bare = DecideRequest { stance: Some(StanceRequest::Override { outcome: None, until: None }), ..about(None) };
        assert_eq!(problems(world.decide("ana", &bare).await), [
            "reason: is missing; an override says why, in 1 to 1,000 characters",
            "outcome: is missing; an override is to pass, marginal or fail",
            "until: is missing; an override ends on a day, such as 2026-12-31",
        ]);
        assert_eq!(problems(world.decide("ana", &overriding(Settled::Fail, "2026-01-01T00:00:00Z")).await), [
            "outcome: the verdict is fail already; accept it instead",
            "until: 2026-01-01T00:00:00Z is not in the future (now 2026-03-11T12:00:00Z)",
        ]);
        assert_eq!(problems(world.decide("ana", &extending("d5")).await), [
            "extend_to: d5 is not after d7, the last checkpoint there is; extend to a later one",
        ]);
        let to = DecideRequest { extend_to: "d9".parse().ok(), action: Some(ActionKind::Keep), ..about(None) };
        assert_eq!(problems(world.decide("ana", &to).await), ["extend_to: is for the action extend only"]);
        // People decide: programs do not, and an override names both.
        let accept = DecideRequest { stance: Some(StanceRequest::Accept), ..about(None) };
        let refused = world.app.decide(&world.service(), &accept).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
        let refused = world.decide("local", &overriding(Settled::Pass, "2026-12-31T00:00:00Z")).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
        assert!(matches!(world.decide("eve", &accept).await, Err(AppError::Forbidden(_))));
        world.decide("local", &accept).await.unwrap();
    }

    async fn a_stance_is_on_the_revision_that_was_looked_at(database: Database) {
        let world = World::judged(&database).await;
        let made = world.decide("ana", &overriding(Settled::Pass, "2026-12-31T00:00:00Z")).await.unwrap();
        world.import("app.uses", "day,value\n2026-03-05,2\n").await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let first = yardstick_domain::verdict::VerdictNumber::Revision(1);
        let stale = DecideRequest { about: Some(("d7".parse().unwrap(), first)), ..overriding(Settled::Pass, "2026-12-31T00:00:00Z") };
        let refused = world.decide("ana", &stale).await.unwrap_err().to_string();
        assert_eq!(refused, "quick-start/d7.1 was revised: look at quick-start/d7.2 first");
        let refused = world.app.approve_decision(&world.caller_of("ben"), made.id).await.unwrap_err().to_string();
        assert_eq!(refused, "quick-start/d7.1 was revised meanwhile: look at quick-start/d7.2 first");
        assert_eq!(world.document("quick-start/d7").await.decisions, [], "it is about the revision before");
        assert_eq!(world.document("quick-start/d7.1").await.decisions.len(), 1);
    }

    async fn an_extension_adds_a_checkpoint_and_amends_nothing(database: Database) {
        let world = World::judged(&database).await;
        let made = world.decide("ana", &extending("d9")).await.unwrap();
        let facts = world.app.release_detail(&world.caller(), &"quick-start".parse().unwrap()).await.unwrap().facts;
        assert_eq!((facts.extensions.len(), facts.amendments.len()), (1, 0));
        let refused = world.decide("ana", &extending("d9")).await;
        assert_eq!(problems(refused).len(), 1, "once");
        world.at("2026-03-13T12:00:00Z");
        world.import("app.uses", &march(11, 12, "9")).await.unwrap();
        let came = world.work().await;
        assert!(came.iter().any(|came| came == "judge quick-start/d9: quick-start/d9: pass"), "{came:?}");
        let later = world.document("quick-start/d9").await;
        assert_eq!((later.outcome.as_str(), later.standing.as_str()), ("pass", "official"));
        // The agreed one was decided, so it stays the one that counts.
        assert!(!later.is_final);
        assert!(world.app.replay(&world.caller(), &"quick-start/d9".parse().unwrap()).await.unwrap().differences.is_empty());
        let refused = world.app.withdraw_decision(&world.caller(), made.id, "no").await;
        assert!(matches!(refused, Err(AppError::Conflict(_))), "{refused:?}");
    }

    async fn an_extension_of_what_was_undecided_counts_and_can_be_withdrawn_in_time(database: Database) {
        let world = World::launched(&database).await;
        world.at("2026-03-20T12:00:00Z");
        // Two days are missing, and the grace is over.
        world.import("app.uses", &march(1, 7, "9")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        assert_eq!(world.document("quick-start/d7").await.outcome, "undecided");
        let made = world.decide("ana", &extending("d30")).await.unwrap();
        let withdrawn = world.app.withdraw_decision(&world.caller_of("ben"), made.id, "not needed").await.unwrap();
        assert_eq!(withdrawn.standing(world.clock.now()), Standing::Withdrawn);
        world.decide("ana", &extending("d16")).await.unwrap();
        world.import("app.uses", &march(8, 19, "9")).await.unwrap();
        let came = world.work().await;
        assert!(came.iter().any(|came| came.starts_with("judge quick-start/d16: quick-start/d16: pass")), "{came:?}");
        assert!(!came.iter().any(|came| came.starts_with("judge quick-start/d30")), "{came:?}");
        assert!(world.document("quick-start/d16").await.is_final);
    }

    async fn an_amendment_counts_once_a_second_person_approved_it(database: Database) {
        let world = World::launched(&database).await;
        world.at("2026-03-04T10:00:00Z");
        let slug = "quick-start".parse().unwrap();
        world.apply_amended(&SMALL.replace("at_least: 60", "at_least: 50"), Some("it was meant per working day")).await.unwrap();
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "8")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        assert_eq!(world.document("quick-start/d7").await.outcome, "fail");
        for caller in [world.caller_of("ana"), world.caller_of("local"), world.service(), world.caller_of("eve")] {
            let refused = world.app.approve_amendment(&caller, &slug, 2).await;
            assert!(matches!(refused, Err(AppError::Forbidden(_) | AppError::NotFound { .. })), "{refused:?}");
        }
        let unknown = world.app.approve_amendment(&world.caller_of("ben"), &slug, 1).await.unwrap_err().to_string();
        assert_eq!(unknown, "there is no amendment 1 of quick-start; there are versions 2");
        world.app.approve_amendment(&world.caller_of("ben"), &slug, 2).await.unwrap();
        let again = world.app.approve_amendment(&world.caller_of("ben"), &slug, 2).await;
        assert!(matches!(again, Err(AppError::Conflict(_))), "{again:?}");
        world.work().await;
        let counts = world.document("quick-start/d7").await;
        assert_eq!((counts.outcome.as_str(), counts.revision, counts.seal.state.as_str()), ("pass", Some(2), "amended"));
        assert_eq!(world.document("quick-start/d7.1").await.outcome, "fail", "what was sealed stays on record");
        // Late values reach it, too.
        world.import("app.uses", "day,value\n2026-03-05,0\n2026-03-06,0\n").await.unwrap();
        world.work().await;
        assert_eq!(world.document("quick-start/d7").await.outcome, "fail");
        let judged = world.judge("quick-start", None).await.unwrap();
        assert_eq!(judged.amended, None, "nothing is beside it any more");
    }

    async fn a_question_is_open_until_it_is_answered(database: Database) {
        let world = World::judged(&database).await;
        let asked = world.app.comment(&world.caller_of("eve"), &question(Some("d7"), Some("uses"), None)).await.unwrap();
        assert_eq!(asked.to.iter().map(ToString::to_string).collect::<Vec<_>>(), ["grace.kim@example.com"]);
        let document = world.document("quick-start/d7").await;
        assert_eq!((document.comments[0].open, document.comments[0].by.as_str()), (true, "eve.moss@example.com"));
        // A revision takes it away from nobody's eyes.
        world.import("app.uses", "day,value\n2026-03-05,7\n").await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let revised = world.document("quick-start/d7").await;
        assert_eq!((revised.revision, revised.comments[0].about.as_deref()), (Some(2), Some("quick-start/d7.1")));
        // A stranger does not answer; whom it asks does.
        let refused = world.app.answer_comment(&world.caller_of("omar"), asked.id, "no").await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
        let answered = world.app.answer_comment(&world.caller_of("grace"), asked.id, "They do not.").await.unwrap();
        assert!(!answered.is_open);
        assert_eq!(world.document("quick-start/d7").await.comments, []);
        assert_eq!(world.document("quick-start/d7.1").await.comments[0].answer.as_deref(), Some("They do not."));
        let again = world.app.answer_comment(&world.caller_of("grace"), asked.id, "Well.").await;
        assert!(matches!(again, Err(AppError::Conflict(_))), "{again:?}");
        let about_all = world.app.comment(&world.caller_of("eve"), &question(None, None, None)).await.unwrap();
        assert_eq!(about_all.to.iter().map(ToString::to_string).collect::<Vec<_>>(), ["ana.lopez@example.com"]);
        let unknown = world.app.comment(&world.caller_of("eve"), &question(Some("d7"), Some("usses"), None)).await;
        assert_eq!(unknown.unwrap_err().to_string(), "criterion: there is no criterion usses. Did you mean \"uses\"?");
        let none = world.app.comment(&world.caller_of("eve"), &question(None, None, Some(Addressee::Plugin))).await;
        assert_eq!(none.unwrap_err().to_string(), "criterion: a comment to the plugin needs the criterion that it is about");
        let to = Some("grace.kim@example.com".parse().unwrap());
        for (filter, expected) in [
            (CommentFilter { only_open: true, ..CommentFilter::default() }, vec![about_all.id]),
            (CommentFilter { to, ..CommentFilter::default() }, vec![asked.id]),
            (CommentFilter { team: "growth".parse().ok(), ..CommentFilter::default() }, vec![about_all.id, asked.id]),
        ] {
            let page = world.app.comments(&world.caller_of("eve"), &filter, None, 10).await.unwrap();
            assert_eq!(page.items.iter().map(|one| one.id).collect::<Vec<_>>(), expected);
        }
    }

    async fn a_peer_signs_off_and_nobody_signs_off_their_own(database: Database) {
        let world = World::judged(&database).await;
        let new = |about: Option<&str>, agrees, text: Option<&str>| NewReview {
            release: "quick-start".parse().unwrap(),
            about: about.map(|text| (text.parse().unwrap(), yardstick_domain::verdict::VerdictNumber::Newest)),
            agrees,
            text: text.map(str::to_owned),
        };
        for caller in [world.caller_of("ana"), world.caller_of("local"), world.service()] {
            let refused = world.app.review(&caller, &new(None, true, None)).await;
            assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
        }
        let refused = world.app.review(&world.caller_of("ben"), &new(Some("d7"), false, None)).await;
        assert_eq!(refused.unwrap_err().to_string(), "text: is missing; whoever does not agree says with what");
        world.app.review(&world.caller_of("ben"), &new(None, true, None)).await.unwrap();
        world.app.review(&world.caller_of("ben"), &new(Some("d7"), false, Some("bots count"))).await.unwrap();
        let reviews = world.app.reviews(&world.caller(), &CommentFilter::default(), None, 10).await.unwrap().items;
        assert_eq!(reviews.iter().map(|review| review.agrees).collect::<Vec<_>>(), [false, true]);
        assert_eq!(world.document("quick-start/d7").await.reviews.len(), 1);
    }

    async fn whoever_wrote_criteria_does_not_sign_them_off_when_somebody_else_moves_the_day(database: Database) {
        let world = World::new(&database);
        world.at("2026-02-20T09:00:00Z");
        world.apply(SMALL.split("---\nrelease:").next().unwrap()).await.unwrap();
        let small = SMALL[SMALL.find("release:").unwrap()..].replace("owner: ana.lopez", "owner: ben.okafor");
        let declared = yardstick_client::files::read(&small).unwrap().remove(0).declaration;
        world.app.apply(&world.caller_of("ana"), &[declared], None, false).await.unwrap().unwrap();
        let (slug, day) = ("quick-start".parse().unwrap(), "2026-03-04".parse().unwrap());
        let other = "ben@example.com".parse().map(Actor::Person).unwrap();
        let other = Caller::here(other, world.clock.now());
        world.app.reschedule(&other, &slug, day, "the docs are late").await.unwrap();
        let review = NewReview { release: slug, about: None, agrees: true, text: None };
        let refused = world.app.review(&world.caller_of("ana"), &review).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
        // Whoever moved the day wrote nothing.
        world.app.review(&other, &review).await.unwrap();
    }

    async fn what_is_private_is_not_there_for_others(database: Database) {
        let world = World::judged(&database).await;
        let made = world.decide("ana", &extending("d9")).await.unwrap();
        let asked = world.app.comment(&world.caller(), &question(None, None, None)).await.unwrap();
        world.apply(&SMALL.replace("level: L2", "level: L2\nvisibility: team")).await.unwrap();
        let eve = world.caller_of("eve");
        assert!(world.app.decisions(&eve, &DecisionFilter::default(), None, 10).await.unwrap().items.is_empty());
        assert!(world.app.comments(&eve, &CommentFilter::default(), None, 10).await.unwrap().items.is_empty());
        for refused in [
            world.app.decision_seen(&eve, made.id).await.err(),
            world.app.answer_comment(&eve, asked.id, "x").await.err(),
            world.app.approve_decision(&eve, made.id).await.err(),
            world.app.withdraw_decision(&eve, made.id, "x").await.err(),
            world.app.comment(&eve, &question(None, None, None)).await.err(),
        ] {
            assert!(matches!(refused, Some(AppError::NotFound { .. })), "{refused:?}");
        }
    }
}
