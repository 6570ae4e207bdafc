//! Who did what: every command once, refused attempts too, and nothing of it can be changed unseen.

use yardstick_app::{AppError, GivenByHand, NewIntake, NewSink};
use yardstick_domain::audit::Head;
use yardstick_domain::level::Level;
use yardstick_domain::metric::Visibility;
use yardstick_domain::sink::SinkKind;
use yardstick_tests::databases::Database;

use super::intake::Issue;
use super::tamper::behind;
use super::{World, both, march};

impl World {
    /// A story with one of most commands, on the machine and by people.
    async fn lived(database: &Database) -> Self {
        let world = Self::launched(database).await;
        world.at("2026-03-11T12:00:00Z");
        world.import("app.uses", &march(1, 10, "9")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        world.import("app.uses", "day,value\n2026-03-05,2\n").await.unwrap();
        let last = world.app.imports(None, None, 1).await.unwrap().items[0].id;
        world.app.undo_import(&world.caller(), last).await.unwrap();
        let eve = world.caller_of("eve");
        let refused = world.app.cancel(&eve, &"quick-start".parse().unwrap(), "no").await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))));
        world
    }

    /// Actions with their subject and who did them, the first first.
    async fn acts(&self) -> Vec<String> {
        let page = self.app.audit_events(&self.caller_of("local"), None, None, 100).await.unwrap();
        let told = |event: &yardstick_domain::audit::AuditEvent| {
            let who = event.name.clone().unwrap_or_else(|| event.actor.clone());
            format!("{who}: {} {} {}", event.action, event.subject, event.outcome.as_str())
        };
        page.items.iter().rev().map(told).collect()
    }

    async fn problems(&self, kept: Option<Head>) -> Vec<String> {
        self.app.check_audit(&self.caller_of("local"), kept).await.unwrap().problems
    }
}

both! {
    async fn every_command_is_one_event_and_so_is_a_refused_one(database: Database) {
        let world = World::lived(&database).await;
        assert_eq!(world.acts().await, [
            "local:operator: apply declarations done",
            "host: keep-judge plugin threshold done",
            "ana.lopez@example.com: launch release quick-start done",
            "local:operator: import metric app.uses done",
            "ana.lopez@example.com: judge verdict quick-start/d7.1 done",
            "local:operator: import metric app.uses done",
            "ana.lopez@example.com: undo-import metric app.uses done",
            "eve.moss@example.com: cancel releases of team growth refused",
        ]);
        // Judging again changes nothing, and neither does applying the same.
        world.judge("quick-start", None).await.unwrap();
        assert_eq!(world.acts().await.len(), 8);
        // What is in the chain names nobody.
        let events = world.app.audit_events(&world.caller_of("local"), None, None, 100).await.unwrap().items;
        for event in &events {
            let told = format!("{} {} {} {}", event.actor, event.action, event.subject, event.detail);
            assert!(!told.contains('@') && !told.contains("operator"), "{told}");
        }
        let import = events.iter().find(|event| event.action == "import").unwrap();
        assert!(import.detail["file"].as_str().unwrap().starts_with("sha256:"), "{}", import.detail);
        // It is for operators.
        let refused = world.app.audit_events(&world.caller(), None, None, 10).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
    }

    async fn a_chain_is_in_order_and_a_verdict_says_where_it_is(database: Database) {
        let world = World::lived(&database).await;
        assert_eq!(world.document("quick-start/d7").await.audited, None, "not chained yet");
        let checked = world.app.check_audit(&world.caller_of("local"), None).await.unwrap();
        assert_eq!((checked.events, checked.loose, checked.problems.as_slice()), (8, 0, [].as_slice()));
        let head = checked.head.unwrap();
        assert_eq!(head.seq, 8);
        assert_eq!(world.app.chain_audit().await.unwrap(), 0, "once");
        let of_verdict: Head = world.document("quick-start/d7").await.audited.unwrap().parse().unwrap();
        assert_eq!(of_verdict.seq, 5);
        // What comes later leaves it as it was, and both heads hold.
        world.at("2026-03-12T12:00:00Z");
        world.import("app.uses", "day,value\n2026-03-06,3\n").await.unwrap();
        for kept in [None, Some(head), Some(of_verdict)] {
            assert_eq!(world.problems(kept).await, Vec::<String>::new());
        }
        assert_eq!(world.document("quick-start/d7").await.audited.unwrap().parse(), Ok(of_verdict));
    }

    async fn whatever_is_done_to_it_is_found(database: Database) {
        let world = World::lived(&database).await;
        let head = world.app.check_audit(&world.caller_of("local"), None).await.unwrap().head;
        behind(&database, "UPDATE audit_events SET subject = 'release other' WHERE seq = 3").await;
        assert_eq!(world.problems(None).await, [
            "event 3 (launch release other) is not as it was written, or not where it was written",
        ]);
        behind(&database, "UPDATE audit_events SET subject = 'release quick-start' WHERE seq = 3").await;
        assert_eq!(world.problems(head).await, Vec::<String>::new());
        behind(&database, "UPDATE audit_events SET actor = 'host' WHERE seq = 4").await;
        assert_eq!(world.problems(None).await.len(), 1);
        behind(&database, "DELETE FROM audit_events WHERE seq = 4").await;
        assert_eq!(world.problems(None).await, ["event 4 was removed"]);
        behind(&database, "DELETE FROM audit_events WHERE seq > 2").await;
        // A chain whose end is gone is in order by itself: only who kept its head can tell.
        assert_eq!(world.problems(None).await, Vec::<String>::new());
        assert_eq!(world.problems(head).await, [
            "event 8 was kept, and the chain ends with event 2: its end was cut off",
        ]);
    }

    async fn a_name_is_erased_and_the_chain_stays(database: Database) {
        let world = World::lived(&database).await;
        let local = world.caller_of("local");
        let head = world.app.check_audit(&local, None).await.unwrap().head;
        let ana = "ana.lopez@example.com".parse().unwrap();
        let refused = world.app.forget_in_audit(&world.caller(), &ana).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
        world.app.forget_in_audit(&local, &ana).await.unwrap();
        assert!(!world.acts().await.join("\n").contains("ana.lopez"));
        assert_eq!(world.problems(head).await, Vec::<String>::new());
        let again = world.app.forget_in_audit(&local, &ana).await;
        assert!(matches!(again, Err(AppError::NotFound { .. })), "{again:?}");
        // Whoever comes again is somebody new to the chain.
        world.judge("quick-start", Some("d2")).await.unwrap();
        assert!(world.acts().await.last().unwrap().starts_with("ana.lopez@example.com: judge"));
    }

    async fn what_is_done_with_intakes_and_roadmaps_is_written_down_without_their_words(database: Database) {
        let world = World::lived(&database).await;
        let local = world.caller_of("local");
        let new = NewIntake {
            repository: "example/product".parse().unwrap(), team: "growth".parse().unwrap(), label: None, visibility: Visibility::Company,
        };
        let (_, secret) = world.app.add_intake(&local, &new, [1; 32]).await.unwrap();
        world.send(&secret, "d-1", &Issue::new(12, "Private words", "### Planned date\n2026-04-20")).await;
        let given = GivenByHand {
            level: Some(Level::L3), owner: Some("ana.lopez@example.com".parse().unwrap()), ..GivenByHand::default()
        };
        world.app.register_request(&world.caller(), 1, &given).await.unwrap();
        let (list, plan) = ("roadmap".parse().unwrap(), "name,owner\nPrivate words,ana.lopez@example.com\n");
        world.app.import_roadmap(&local, &list, plan.as_bytes(), false).await.unwrap().unwrap();
        world.app.turn_intake_secret(&local, (&new.repository, &new.team), [2; 32]).await.unwrap();
        world.app.remove_intake(&local, &new.repository, &new.team).await.unwrap();
        assert_eq!(world.acts().await[8..], [
            "local:operator: add-intake intake example/product of growth done",
            "host: take-request request 1 done",
            "ana.lopez@example.com: apply declarations done",
            "ana.lopez@example.com: register-request request 1 done",
            "local:operator: import-roadmap roadmap roadmap done",
            "local:operator: turn-intake-secret intake example/product of growth done",
            "local:operator: remove-intake intake example/product of growth done",
        ]);
        let events = world.app.audit_events(&local, None, None, 100).await.unwrap().items;
        for event in &events {
            let told = format!("{} {}", event.subject, event.detail);
            assert!(!told.contains("whsec_") && !told.contains("Private") && !told.contains('@'), "{told}");
        }
    }

    async fn what_is_done_with_sinks_is_written_down_without_their_secrets(database: Database) {
        let world = World::lived(&database).await;
        let (local, name) = (world.caller_of("local"), "hook".parse().unwrap());
        let url = "https://example.com/secret-path".to_owned();
        let new = NewSink { name, kind: SinkKind::WebHook, team: None, kinds: Vec::new(), url: Some(url), private_addresses: false };
        world.app.add_sink(&local, &new, [1; 32]).await.unwrap();
        world.app.try_sink(&local, &new.name).await.unwrap();
        world.app.turn_secret(&local, &new.name, [2; 32]).await.unwrap();
        world.app.remove_sink(&local, &new.name).await.unwrap();
        assert_eq!(world.acts().await[8..], [
            "local:operator: add-sink sink hook done",
            "local:operator: try-sink sink hook done",
            "local:operator: turn-secret sink hook done",
            "local:operator: remove-sink sink hook done",
        ]);
        let events = world.app.audit_events(&local, None, None, 100).await.unwrap().items;
        for event in &events {
            let detail = event.detail.to_string();
            assert!(!detail.contains("whsec_") && !detail.contains("secret-path"), "{detail}");
        }
    }
}

both! {
    async fn what_people_make_of_verdicts_is_written_down_without_their_texts(database: Database) {
        let world = World::launched(&database).await;
        world.at("2026-03-12T12:00:00Z");
        world.import("app.uses", &march(1, 11, "9")).await.unwrap();
        world.judge("quick-start", None).await.unwrap();
        let before = world.acts().await.len();
        let (ana, ben, eve) = (world.caller_of("ana"), world.caller_of("ben"), world.caller_of("eve"));
        let secret = "Zebra said so".to_owned();
        let slug: yardstick_domain::ids::ReleaseSlug = "quick-start".parse().unwrap();
        let outcome = Some(yardstick_domain::decision::Settled::Fail);
        let until = "2026-12-31T00:00:00Z".parse().ok();
        let decide = yardstick_app::DecideRequest {
            release: slug.clone(),
            about: None,
            stance: Some(yardstick_app::StanceRequest::Override { outcome, until }),
            action: None,
            extend_to: None,
            reason: Some(secret.clone()),
        };
        let made = world.app.decide(&ana, &decide).await.unwrap();
        world.app.approve_decision(&ana, made.id).await.unwrap_err();
        world.app.approve_decision(&ben, made.id).await.unwrap();
        world.app.withdraw_decision(&ben, made.id, &secret).await.unwrap();
        let comment = yardstick_app::NewComment {
            release: slug.clone(),
            about: None,
            criterion: None,
            kind: yardstick_domain::decision::CommentKind::Question,
            to: None,
            text: secret.clone(),
        };
        let asked = world.app.comment(&eve, &comment).await.unwrap();
        world.app.answer_comment(&ana, asked.id, &secret).await.unwrap();
        let review = yardstick_app::NewReview { release: slug.clone(), about: None, agrees: false, text: Some(secret.clone()) };
        world.app.review(&ben, &review).await.unwrap();
        let open = yardstick_app::OpenRetro {
            releases: vec![slug.clone()],
            id: None,
            team: None,
            title: Some(secret.clone()),
            template: yardstick_domain::retro::Template::WentWell,
            facilitator: None,
            visibility: None,
        };
        let retro = world.app.open_retro(&ana, &open).await.unwrap();
        let action = yardstick_app::ActionWrite {
            id: None,
            text: secret.clone(),
            owner: "ben.okafor@example.com".parse().unwrap(),
            due: "2026-04-01".parse().unwrap(),
            state: yardstick_domain::retro::ActionState::Open,
            reason: None,
            issue: None,
        };
        let write = yardstick_app::RetroWrite {
            status: yardstick_domain::retro::RetroStatus::Closed,
            title: secret.clone(),
            releases: vec![slug.clone()],
            visibility: None,
            held_at: "2026-03-12T12:00:00Z".parse().ok(),
            facilitator: None,
            attendees: Vec::new(),
            sections: [("learned".to_owned(), vec![secret.clone()])].into(),
            topics: Vec::new(),
            actions: vec![action.clone()],
            learnings: Vec::new(),
        };
        world.app.edit_retro(&ana, &retro, 1, &write).await.unwrap();
        let number = world.app.retro_document(&ana, &retro).await.unwrap().actions[0].id[2..].parse().unwrap();
        world.app.edit_action(&ben, number, 1, &action).await.unwrap();
        world.app.waive_retro(&ana, &slug, &secret).await.unwrap();
        assert_eq!(world.acts().await[before..], [
            "ana.lopez@example.com: decide decision 1 done",
            "ana.lopez@example.com: approve decision 1 refused",
            "ben.okafor@example.com: approve-decision decision 1 done",
            "ben.okafor@example.com: withdraw-decision decision 1 done",
            "eve.moss@example.com: comment comment 1 done",
            "ana.lopez@example.com: answer-comment comment 1 done",
            "ben.okafor@example.com: review review 1 done",
            "ana.lopez@example.com: open-retro retro 2026-03-growth done",
            "ana.lopez@example.com: close-retro retro 2026-03-growth done",
            "ben.okafor@example.com: edit-action action A-1 done",
            "ana.lopez@example.com: waive-retro release quick-start done",
        ]);
        let events = world.app.audit_events(&world.caller_of("local"), None, None, 100).await.unwrap().items;
        for event in &events {
            let told = format!("{} {} {}", event.action, event.subject, event.detail);
            assert!(!told.contains('@') && !told.contains("Zebra"), "{told}");
        }
    }
}
