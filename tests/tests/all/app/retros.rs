//! Retros: their evidence is the host's until they are closed, what people write is replaced whole, and nothing is lost.

use yardstick_app::{
    ActionWrite, AppError, Commitment, DecideRequest, LearningWrite, OpenRetro, RetroWrite, StanceRequest,
    TopicWrite,
};
use yardstick_client::api::{ActionState as State, RetroDocument, RetroStatus as Status};
use yardstick_domain::decision::{ActionKind, Settled};
use yardstick_domain::ids::RetroId;
use yardstick_domain::release::Lifecycle;
use yardstick_domain::retro::{ActionState, RetroStatus, Template, search_words};
use yardstick_report::redact::Redaction;
use yardstick_store::{ActionFilter, LearningFilter, RetroFilter};
use yardstick_tests::databases::Database;

use super::{SMALL, World, both, march};

fn opening(releases: &[&str]) -> OpenRetro {
    OpenRetro {
        releases: releases.iter().map(|slug| slug.parse().unwrap()).collect(),
        id: None,
        team: None,
        title: None,
        template: Template::WentWell,
        facilitator: None,
        visibility: None,
    }
}

fn action(id: Option<i64>, text: &str, state: ActionState) -> ActionWrite {
    ActionWrite {
        id,
        text: text.to_owned(),
        owner: "ben.okafor@example.com".parse().unwrap(),
        due: "2026-04-01".parse().unwrap(),
        state,
        reason: (state == ActionState::Dropped).then(|| "not needed any more".to_owned()),
        issue: None,
    }
}

fn writing(status: RetroStatus) -> RetroWrite {
    RetroWrite {
        status,
        title: "Quick start".to_owned(),
        releases: vec!["quick-start".parse().unwrap()],
        visibility: None,
        held_at: "2026-03-14T15:00:00Z".parse().ok(),
        facilitator: "ines.moreau@example.com".parse().ok(),
        attendees: vec!["ana.lopez@example.com".parse().unwrap()],
        sections: [("went_well".to_owned(), vec!["<script>alert(1)</script> | **docs**".to_owned()])].into(),
        topics: Vec::new(),
        actions: Vec::new(),
        learnings: Vec::new(),
    }
}

fn learning(text: &str, tags: &[&str]) -> LearningWrite {
    LearningWrite {
        id: None,
        text: text.to_owned(),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        evidence: vec!["quick-start/d7#uses".to_owned()],
    }
}

impl World {
    /// A retro of a release that was judged, just opened.
    async fn looking_back(database: &Database) -> (Self, RetroId) {
        let world = Self::launched(database).await;
        world.at("2026-03-12T12:00:00Z");
        world.import("app.uses", &march(1, 11, "9")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let id = world.app.open_retro(&world.caller(), &opening(&["quick-start"])).await.unwrap();
        (world, id)
    }

    async fn retro(&self, id: &RetroId) -> RetroDocument {
        self.app.retro_document(&self.caller(), id).await.unwrap()
    }

    async fn write(&self, id: &RetroId, version: u32, write: &RetroWrite) -> Result<(), AppError> {
        self.app.edit_retro(&self.caller(), id, version, write).await
    }

    /// Texts of learnings that a question finds.
    async fn learned(&self, who: &str, question: &str) -> Vec<String> {
        let filter = LearningFilter { words: search_words(question), ..LearningFilter::default() };
        let page = self.app.learnings(&self.caller_of(who), &filter, 0, 10).await.unwrap();
        page.items.into_iter().map(|learning| learning.text).collect()
    }
}

fn problems(refused: Result<(), AppError>) -> Vec<String> {
    match refused {
        Err(AppError::Refused(problems)) => problems.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

both! {
    async fn a_retro_is_opened_after_the_launch_with_what_the_host_knows(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(SMALL).await.unwrap();
        let early = world.app.open_retro(&world.caller(), &opening(&["quick-start"])).await.unwrap_err();
        assert_eq!(early.to_string(), "quick-start has not launched; there is nothing to look back on yet");
        world.at("2026-03-02T10:00:00Z");
        world.launch("quick-start", None).await.unwrap();
        let id = world.app.open_retro(&world.caller(), &opening(&["quick-start"])).await.unwrap();
        assert_eq!(id.as_str(), "2026-03-growth");
        let second = world.app.open_retro(&world.caller(), &opening(&["quick-start"])).await.unwrap();
        assert_eq!(second.as_str(), "2026-03-growth-2");
        let twice = world.app.open_retro(&world.caller(), &opening(&["quick-start", "quick-start"])).await.unwrap_err();
        assert_eq!(twice.to_string(), "releases[1]: quick-start is there twice; keep one");
        assert!(world.app.open_retro(&world.caller(), &opening(&[])).await.is_err());
        let stranger = world.app.open_retro(&world.caller_of("eve"), &opening(&["quick-start"])).await;
        assert!(matches!(stranger, Err(AppError::Forbidden(_))), "{stranger:?}");
        let before = world.retro(&id).await;
        assert_eq!((before.status, before.version, before.evidence.releases[0].verdicts.len()), (Status::Collecting, 1, 0));
        assert_eq!(before.sections.keys().collect::<Vec<_>>(), ["did_not", "differently", "learned", "went_well"]);
        // What comes to be known is in it, as long as it is open.
        world.at("2026-03-12T12:00:00Z");
        world.import("app.uses", &march(1, 11, "9")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let after = world.retro(&id).await;
        let evidence = &after.evidence.releases[0];
        assert_eq!((evidence.days_late, evidence.seal.state.as_str()), (Some(0), "sealed-by-launch"));
        assert_eq!(evidence.verdicts[0].at, "quick-start/d7.1");
        let criterion = &evidence.criteria[0];
        assert_eq!((criterion.observed, criterion.target), (Some(63.0), Some(60.0)));
    }

    async fn what_people_write_is_replaced_whole_and_a_second_hand_is_told(database: Database) {
        let (world, id) = World::looking_back(&database).await;
        let write = RetroWrite {
            topics: vec![TopicWrite {
                title: "Why so late".to_owned(),
                votes: 7,
                notes: None,
                commitment: Some(Commitment::New(action(None, "Test earlier", ActionState::Open))),
            }],
            actions: vec![action(None, "Move the button", ActionState::Open)],
            learnings: vec![learning("A banner brought more users", &["onboarding"])],
            ..writing(RetroStatus::Held)
        };
        world.write(&id, 1, &write).await.unwrap();
        let refused = world.write(&id, 1, &write).await;
        assert!(matches!(refused, Err(AppError::Changed(_))), "{refused:?}");
        let retro = world.retro(&id).await;
        assert_eq!((retro.version, retro.actions.len(), retro.learnings.len()), (2, 2, 1), "nothing twice");
        let committed = retro.topics[0].commitment.as_ref().unwrap();
        let test = retro.actions.iter().find(|action| action.id == committed.action).unwrap();
        assert_eq!(test.text, "Test earlier");
        // An action does not vanish.
        let ids: Vec<i64> = retro.actions.iter().map(|action| action.id[2..].parse().unwrap()).collect();
        let left_out = RetroWrite { actions: vec![action(Some(ids[0]), "x", ActionState::Open)], ..writing(RetroStatus::Held) };
        assert_eq!(problems(world.write(&id, 2, &left_out).await), [
            format!("actions: A-{} is left out; drop it with a reason instead: \"state\": \"dropped\"", ids[1]),
        ]);
        let kept = RetroWrite {
            actions: vec![action(Some(ids[0]), "Move it", ActionState::Dropped), action(Some(ids[1]), "Test earlier", ActionState::Done)],
            ..writing(RetroStatus::Held)
        };
        world.write(&id, 2, &kept).await.unwrap();
        let retro = world.retro(&id).await;
        assert_eq!(retro.actions.iter().map(|action| action.state).collect::<Vec<_>>(), [State::Dropped, State::Done]);
        assert_eq!(retro.learnings, [], "a learning that is left out goes");
    }

    async fn whoever_puts_a_retro_back_undoes_no_action_that_they_have_not_seen(database: Database) {
        let (world, id) = World::looking_back(&database).await;
        let open = |id| RetroWrite { actions: vec![action(id, "Move it", ActionState::Open)], ..writing(RetroStatus::Held) };
        world.write(&id, 1, &open(None)).await.unwrap();
        let read = world.retro(&id).await;
        let number = read.actions[0].id[2..].parse().unwrap();
        world.app.edit_action(&world.caller_of("ben"), number, 1, &action(None, "Move it", ActionState::Done)).await.unwrap();
        let refused = world.write(&id, read.version, &open(Some(number))).await;
        assert!(matches!(refused, Err(AppError::Changed(_))), "{refused:?}");
        let now = world.retro(&id).await;
        assert_eq!((now.version, now.actions[0].state), (read.version + 1, State::Done));
        // What is named two times is refused, and so is an id that somebody has.
        let twice = RetroWrite { actions: vec![action(Some(number), "x", ActionState::Open); 2], ..writing(RetroStatus::Held) };
        assert_eq!(problems(world.write(&id, now.version, &twice).await), [
            format!("actions[1].id: A-{number} is there twice; keep one"),
        ]);
        let taken = OpenRetro { id: Some(id.clone()), ..opening(&["quick-start"]) };
        let refused = world.app.open_retro(&world.caller(), &taken).await.unwrap_err();
        assert_eq!(refused.to_string(), format!("the id {id} is taken; choose another"));
    }

    async fn everything_that_is_wrong_is_named_at_once(database: Database) {
        let (world, id) = World::looking_back(&database).await;
        let bad = RetroWrite {
            held_at: None,
            title: "two\nlines".to_owned(),
            sections: [("Went Well".to_owned(), Vec::new()), ("ok".to_owned(), vec![" ".to_owned()])].into(),
            topics: vec![
                TopicWrite { title: "t".to_owned(), votes: 0, notes: None, commitment: None },
                TopicWrite { title: "u".to_owned(), votes: 0, notes: None, commitment: Some(Commitment::Action(99)) },
            ],
            actions: vec![ActionWrite { reason: None, issue: Some("javascript:alert(1)".to_owned()), ..action(Some(98), "x", ActionState::Dropped) }],
            learnings: vec![LearningWrite { evidence: vec!["other/d7".to_owned()], ..learning("x", &["No Tag"]) }],
            ..writing(RetroStatus::Closed)
        };
        assert_eq!(problems(world.write(&id, 1, &bad).await), [
            "actions[0].reason: is missing; an action is dropped for a reason",
            "actions[0].issue: is no address; expected one that begins with https://",
            "actions[0].id: this retro has no action A-98",
            "topics[0].commitment: is missing; a retro closes when each topic ends in an action with an owner",
            "topics[1].commitment.action: this retro has no action A-99",
            "learnings[0].tags[0]: \"No Tag\" is no tag; expected 1 to 40 of a-z 0-9 -",
            "learnings[0].evidence[0]: \"other/d7\" refers to no verdict of this retro's releases; expected such as quick-start/d28#criterion",
            "held_at: is missing; a retro that is closed took place",
            "title: expected a text on one line",
            "sections: \"Went Well\" is no name of a section; expected 1 to 40 of a-z 0-9 _",
            "sections.ok[0]: expected 1 to 2,000 characters, none of them a control character",
        ]);
        assert_eq!(world.retro(&id).await.version, 1, "nothing was written");
    }

    async fn closing_keeps_what_was_known_and_says_what_was_revised_since(database: Database) {
        let (world, id) = World::looking_back(&database).await;
        let slug = "quick-start".parse().unwrap();
        let lifecycle = async || world.app.release_detail(&world.caller(), &slug).await.unwrap().facts.lifecycle();
        assert_eq!(lifecycle().await, Lifecycle::Judged);
        let write = RetroWrite { actions: vec![action(None, "Move it", ActionState::Open)], ..writing(RetroStatus::Closed) };
        world.write(&id, 1, &write).await.unwrap();
        assert_eq!(lifecycle().await, Lifecycle::Closed);
        let closed = world.retro(&id).await;
        assert!(closed.evidence.frozen);
        assert_eq!(closed.evidence.releases[0].revised_since, None);
        let refused = world.write(&id, 2, &writing(RetroStatus::Held)).await;
        assert!(matches!(refused, Err(AppError::Conflict(_))), "{refused:?}");
        world.import("app.uses", "day,value\n2026-03-05,0\n").await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let later = world.retro(&id).await;
        assert_eq!(later.evidence.releases[0].criteria, closed.evidence.releases[0].criteria);
        assert_eq!(later.evidence.releases[0].revised_since.as_deref().unwrap(), [
            "quick-start/d7.1 was revised: quick-start/d7.2 is fail, it was pass",
        ]);
        // Its actions go on: by the team, and by whoever is to do them.
        let number = closed.actions[0].id[2..].parse().unwrap();
        let done = action(None, "Move it", ActionState::Done);
        let stranger = world.app.edit_action(&world.caller_of("eve"), number, 1, &done).await;
        assert!(matches!(stranger, Err(AppError::Forbidden(_))), "{stranger:?}");
        world.app.edit_action(&world.caller_of("ben"), number, 1, &done).await.unwrap();
        let stale = world.app.edit_action(&world.caller_of("ana"), number, 1, &done).await;
        assert!(matches!(stale, Err(AppError::Changed(_))), "{stale:?}");
        // The next retro opens with what became of it.
        world.at("2026-04-02T12:00:00Z");
        let next = world.app.open_retro(&world.caller(), &opening(&["quick-start"])).await.unwrap();
        let before = world.retro(&next).await.previous_actions;
        assert_eq!((before.len(), before[0].state), (1, State::Done));
    }

    async fn what_was_decided_about_any_revision_is_in_the_evidence(database: Database) {
        let (world, id) = World::looking_back(&database).await;
        let about = |stance, action, reason: &str| DecideRequest {
            release: "quick-start".parse().unwrap(),
            about: None,
            stance,
            action,
            extend_to: None,
            reason: Some(reason.to_owned()),
        };
        let until = "2026-12-31T12:00:00Z".parse().ok();
        let fail = StanceRequest::Override { outcome: Some(Settled::Fail), until };
        let ana = world.caller_of("ana");
        world.app.decide(&ana, &about(Some(fail), None, "bots were counted")).await.unwrap();
        let second = world.app.decide(&ana, &about(None, Some(ActionKind::Keep), "it sells")).await.unwrap();
        // A revision that nobody has decided about takes nothing away.
        world.import("app.uses", "day,value\n2026-03-05,8\n").await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        assert_eq!(world.retro(&id).await.evidence.releases[0].decisions, [
            "quick-start/d7.1: override to fail until 2026-12-31 (waits for a second person) by ana.lopez@example.com: \
             bots were counted",
            "quick-start/d7.1: keep by ana.lopez@example.com: it sells",
        ]);
        world.app.withdraw_decision(&ana, second.id, "it does not").await.unwrap();
        world.at("2027-01-01T00:00:00Z");
        assert_eq!(world.retro(&id).await.evidence.releases[0].decisions, [
            "quick-start/d7.1: override to fail until 2026-12-31 (over) by ana.lopez@example.com: bots were counted",
        ]);
    }

    async fn a_release_that_needs_no_retro_is_closed_for_a_reason(database: Database) {
        let world = World::launched(&database).await;
        let slug = "quick-start".parse().unwrap();
        let early = world.app.waive_retro(&world.caller(), &slug, "small").await;
        assert!(matches!(early, Err(AppError::Conflict(_))), "{early:?}");
        world.at("2026-03-12T12:00:00Z");
        world.import("app.uses", &march(1, 11, "9")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let facts = world.app.waive_retro(&world.caller(), &slug, "small").await.unwrap();
        assert_eq!(facts.lifecycle(), Lifecycle::Closed);
        assert!(matches!(world.app.waive_retro(&world.caller(), &slug, "small").await, Err(AppError::Conflict(_))));
    }

    async fn learnings_are_found_by_their_words_in_any_form(database: Database) {
        let (world, id) = World::looking_back(&database).await;
        let write = RetroWrite {
            learnings: vec![
                learning("A banner inside the product brought more adopters than e-mail", &["onboarding", "launch"]),
                learning("Licences must be tested before the beta", &[]),
            ],
            ..writing(RetroStatus::Collecting)
        };
        world.write(&id, 1, &write).await.unwrap();
        let banner = "A banner inside the product brought more adopters than e-mail";
        for (question, expected) in [
            ("what did we learn about onboarding?", vec![banner]),
            ("adopter banners", vec![banner]),
            ("testing", vec!["Licences must be tested before the beta"]),
            ("'; DROP TABLE learnings; -- \"x\" OR NEAR(", vec![]),
            ("nothing of it", vec![]),
        ] {
            assert_eq!(world.learned("eve", question).await, expected, "{question}");
        }
        let by_tag = LearningFilter { tag: Some("launch".to_owned()), ..LearningFilter::default() };
        assert_eq!(world.app.learnings(&world.caller(), &by_tag, 0, 10).await.unwrap().items.len(), 1);
        let all = world.app.learnings(&world.caller(), &LearningFilter::default(), 0, 1).await.unwrap();
        assert_eq!(all.next, Some(1));
        // Changed and gone is changed and gone for whoever looks, too.
        let retro = world.retro(&id).await;
        let number = retro.learnings[0].id[2..].parse().unwrap();
        let write = RetroWrite {
            learnings: vec![LearningWrite { id: Some(number), ..learning("Posters did nothing", &[]) }],
            ..writing(RetroStatus::Collecting)
        };
        world.write(&id, 2, &write).await.unwrap();
        assert_eq!(world.learned("eve", "onboarding").await, Vec::<String>::new());
        assert_eq!(world.learned("eve", "testing").await, Vec::<String>::new());
        assert_eq!(world.learned("eve", "poster").await, ["Posters did nothing"]);
    }

    async fn another_teams_private_retro_is_not_there(database: Database) {
        let (world, id) = World::looking_back(&database).await;
        let write = RetroWrite {
            actions: vec![action(None, "Move it", ActionState::Open)],
            learnings: vec![learning("Posters did nothing", &[])],
            ..writing(RetroStatus::Held)
        };
        world.write(&id, 1, &write).await.unwrap();
        let eve = world.caller_of("eve");
        assert!(world.app.retro_document(&eve, &id).await.is_ok());
        let number = world.retro(&id).await.actions[0].id[2..].parse().unwrap();
        // Because its release has become private, and because it is itself.
        for made_private in [true, false] {
            if made_private {
                world.apply(&SMALL.replace("level: L2", "level: L2\nvisibility: team")).await.unwrap();
            } else {
                world.apply(SMALL).await.unwrap();
                assert!(world.app.retro_document(&eve, &id).await.is_ok());
                let version = world.retro(&id).await.version;
                let team = Some(yardstick_domain::metric::Visibility::Team);
                let retro = world.retro(&id).await;
                let actions = vec![action(Some(number), "Move it", ActionState::Open)];
                let learnings = vec![LearningWrite { id: retro.learnings[0].id[2..].parse().ok(), ..learning("Posters did nothing", &[]) }];
                world.write(&id, version, &RetroWrite { visibility: team, actions, learnings, ..writing(RetroStatus::Held) }).await.unwrap();
            }
            for refused in [
                world.app.retro_document(&eve, &id).await.err(),
                world.app.edit_retro(&eve, &id, 2, &writing(RetroStatus::Held)).await.err(),
                world.app.action_seen(&eve, number).await.err(),
                world.app.edit_action(&eve, number, 1, &action(None, "x", ActionState::Done)).await.err(),
            ] {
                assert!(matches!(refused, Some(AppError::NotFound { .. })), "{refused:?}");
            }
            assert!(world.app.retros(&eve, &RetroFilter::default(), None, 10).await.unwrap().items.is_empty());
            assert!(world.app.actions(&eve, &ActionFilter::default(), None, 10).await.unwrap().items.is_empty());
            assert_eq!(world.learned("eve", "posters").await, Vec::<String>::new());
            assert_eq!(world.learned("ben", "posters").await, ["Posters did nothing"]);
        }
    }

    async fn what_people_wrote_is_text_and_nothing_else(database: Database) {
        let (world, id) = World::looking_back(&database).await;
        world.write(&id, 1, &writing(RetroStatus::Held)).await.unwrap();
        let retro = world.retro(&id).await;
        let page = yardstick_report::html::retro(&retro);
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !page.contains("<script>"), "{page}");
        let markdown = yardstick_report::retro::markdown(&retro);
        assert!(markdown.contains("&lt;script&gt;alert(1)&lt;/script&gt; \\| \\*\\*docs\\*\\*"), "{markdown}");
        let people = world.app.people_named(&retro).await.unwrap();
        let hidden = Redaction::new(&people, &["docs".to_owned(), "quick start".to_owned()]).of(retro);
        let text = yardstick_report::retro::markdown(&hidden);
        let json = serde_json::to_string(&hidden).unwrap();
        for name in ["ana", "lopez", "ines", "moreau", "docs", "63", "quick", "sha256"] {
            assert!(!text.to_lowercase().contains(name), "{name}: {text}");
            assert!(!json.to_lowercase().contains(name), "{name}: {json}");
        }
        assert!(text.contains("Person 1") && json.contains("name-2/d7.1"), "{text}\n{json}");
    }
}
