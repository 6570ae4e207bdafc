//! Whose requests are whose, what is given by hand, and what people write into issues.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use yardstick_app::{AppError, GivenByHand, IncomingDelivery, NewIntake, NotTaken, Taken};
use yardstick_domain::event::EventKind;
use yardstick_domain::intake::signature::Signature;
use yardstick_domain::intake::template::{self, Parts};
use yardstick_domain::level::Level;
use yardstick_domain::metric::Visibility;
use yardstick_store::{EventFilter, RequestFilter};

use super::{Issue, WHOLE, request};
use crate::app::outbox::sink;
use crate::app::plugins::TEAMS;
use crate::app::{World, both};

both! {
    async fn teams_are_apart_and_private_ones_are_not_there(database: Database) {
        let (world, secret) = World::with_intake(&database).await;
        let (eve, ana, ben) = (world.caller_of("eve"), world.caller(), world.caller_of("ben"));
        let (repository, growth) = ("example/product".parse().unwrap(), "growth".parse().unwrap());
        let new = NewIntake {
            repository: "example/product".parse().unwrap(), team: "rivals".parse().unwrap(), label: None, visibility: Visibility::Team,
        };
        // Each answers for its own team's alone.
        for caller in [&eve, &ben] {
            let mine = NewIntake { team: "growth".parse().unwrap(), ..new.clone() };
            let refused = [
                world.app.add_intake(caller, &mine, [7; 32]).await.err(),
                world.app.remove_intake(caller, &repository, &growth).await.err(),
                world.app.turn_intake_secret(caller, (&repository, &growth), [7; 32]).await.err(),
            ];
            assert!(refused.iter().all(|error| matches!(error, Some(AppError::Forbidden(_)))), "{refused:?}");
            assert_eq!(world.app.intakes(caller).await.unwrap(), []);
        }
        assert_eq!(world.app.intakes(&ana).await.unwrap().len(), 1);
        let again = world.app.add_intake(&ana, &NewIntake { team: "growth".parse().unwrap(), ..new.clone() }, [7; 32]).await;
        assert!(matches!(again, Err(AppError::Conflict(_))), "{again:?}");
        // Of one issue each team has a request of its own: nobody takes another's, or claims it first.
        let (_, theirs) = world.app.add_intake(&eve, &new, [8; 32]).await.unwrap();
        let hidden = Issue::new(12, "Hostile takeover", &WHOLE.replace("ana.lopez", "eve.moss"));
        assert_eq!(world.send(&theirs, "d-1", &hidden).await, request(1, "registered as hostile-takeover"));
        assert_eq!(world.send(&secret, "d-1", &Issue::new(12, "Hostile takeover", "")).await, request(2, "asks for level, planned, owner"));
        // And the name that is taken is not told.
        assert_eq!(world.send(&secret, "d-2", &Issue::new(12, "Hostile takeover", WHOLE).at(1)).await, request(2, "registered as hostile-takeover-2"));
        world.send(&theirs, "d-2", &Issue::new(14, "Secret plan", "")).await;
        for (who, sees) in [("eve", vec![3, 2, 1]), ("ana", vec![2]), ("omar", vec![2]), ("local", vec![3, 2, 1])] {
            let caller = world.caller_of(who);
            let page = world.app.requests(&caller, &RequestFilter::default(), None, 10).await.unwrap();
            assert_eq!(page.items.iter().map(|kept| kept.id).collect::<Vec<_>>(), sees, "{who}");
            let shown = world.app.request(&caller, 1).await;
            assert_eq!(shown.is_ok(), sees.contains(&1), "{who}");
            if let Err(error) = shown {
                assert_eq!(error.to_string(), "there is no request 1");
                let hidden = world.app.register_request(&caller, 3, &GivenByHand::default()).await.unwrap_err();
                assert_eq!(hidden.to_string(), "there is no request 3");
            }
            let filter = EventFilter { kind: Some(EventKind::RequestAsks), ..EventFilter::default() };
            let events = world.app.events(&caller, &filter, None, 10).await.unwrap().items;
            let expected = match who { "eve" => 1, "ana" => 1, "local" => 2, _ => 0 };
            assert_eq!(events.len(), expected, "{who}: what is asked is the team's");
        }
        // A release that becomes its team's alone takes its request along.
        let facts = world.app.store().release(&"hostile-takeover-2".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(facts.release.visibility, Visibility::Company);
        world.apply("
release: hostile-takeover-2
name: Ours
team: growth
owner: ana.lopez@example.com
level: L2
planned: 2026-04-20
visibility: team
").await.unwrap();
        assert!(world.app.request(&eve, 2).await.is_err() && world.app.request(&ana, 2).await.is_ok());
    }

    async fn what_a_request_asks_goes_to_its_teams_sinks_alone(database: Database) {
        let (world, post) = World::posting(&database, TEAMS).await;
        for (who, name, team) in [("ana", "own", "growth"), ("eve", "rivals", "rivals")] {
            world.app.add_sink(&world.caller_of(who), &sink(name, Some(team)), [2; 32]).await.unwrap();
        }
        let secret = world.intake("ana", "example/product", "growth").await;
        // Saturday night waits, unless it is urgent.
        world.at("2026-03-07T22:00:00Z");
        world.send(&secret, "d-1", &Issue::new(12, "Faster sign-up", WHOLE.split("### Owner").next().unwrap())).await;
        world.deliver().await;
        assert_eq!(post.came(), Vec::<String>::new());
        let urgent = Issue { labels: vec!["URGENT"], ..Issue::new(12, "Faster sign-up", WHOLE.split("### Owner").next().unwrap()).at(1) };
        world.send(&secret, "d-2", &urgent).await;
        world.deliver().await;
        let key = "growth https://github.com/Example/Product/issues/12";
        assert_eq!(post.came(), [format!("own: nudge.request-asks {key} urgent owner")]);
        world.at("2026-03-09T09:00:00Z");
        world.deliver().await;
        assert_eq!(post.came(), [format!("own: nudge.request-asks {key} owner")]);
    }

    async fn what_is_missing_is_given_by_hand(database: Database) {
        let (world, secret) = World::with_intake(&database).await;
        world.send(&secret, "d-1", &Issue::new(12, "Größe!", "### Planned date\n2026-04-20")).await;
        let given = GivenByHand { level: Some(Level::L1), ..GivenByHand::default() };
        let refused = world.app.register_request(&world.caller(), 1, &given).await;
        let Err(AppError::Refused(problems)) = refused else { panic!("{refused:?}") };
        assert_eq!(problems.iter().map(|problem| problem.field.as_str()).collect::<Vec<_>>(), ["owner"]);
        let given = GivenByHand { owner: Some("new.person@example.com".parse().unwrap()), ..given };
        let refused = world.app.register_request(&world.caller_of("eve"), 1, &given).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
        let kept = world.app.register_request(&world.caller_of("ben"), 1, &given).await.unwrap();
        assert_eq!(kept.request.release.as_ref().unwrap().as_str(), "gr-e");
        let again = world.app.register_request(&world.caller(), 1, &given).await;
        assert!(matches!(again, Err(AppError::Conflict(_))), "{again:?}");
        world.send(&secret, "d-2", &Issue::new(13, "Another", "")).await;
        let taken = GivenByHand { planned: Some("2026-04-20".parse().unwrap()), slug: Some("gr-e".parse().unwrap()), ..given };
        let refused = world.app.register_request(&world.caller(), 2, &taken).await;
        assert!(matches!(&refused, Err(AppError::Refused(problems)) if problems[0].field == "slug"), "{refused:?}");
        // An edit that says less takes nothing back, and one that says more is followed.
        let edited = Issue::new(12, "Größe!", "### Planned date\n2026-05-04").at(1);
        world.send(&secret, "d-3", &edited).await;
        let facts = world.app.store().release(&"gr-e".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!((facts.release.level, facts.release.planned), (Level::L1, "2026-05-04".parse().unwrap()));
        world.send(&secret, "d-4", &Issue { state: "closed", ..Issue::new(13, "Another", "").at(1) }).await;
        let closed = world.app.register_request(&world.caller(), 2, &GivenByHand { slug: None, ..taken }).await;
        assert!(matches!(&closed, Err(AppError::Conflict(why)) if why.contains("is closed")), "{closed:?}");
    }

    async fn labels_choose_and_a_release_that_is_there_is_not_made_again(database: Database) {
        let world = World::new(&database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(TEAMS).await.unwrap();
        world.apply("person: ben.okafor@example.com\nname: Ben\nhandles: { github: Ben-O }\n").await.unwrap();
        let new = NewIntake {
            repository: "example/product".parse().unwrap(), team: "growth".parse().unwrap(),
            label: Some("Release".to_owned()), visibility: Visibility::Company,
        };
        let (_, secret) = world.app.add_intake(&world.caller(), &new, [1; 32]).await.unwrap();
        let whole = WHOLE.replace("ana.lopez@example.com", "@ben-o");
        let ignored = |why: &str| Taken::Ignored(why.to_owned());
        assert_eq!(world.send(&secret, "d-1", &Issue::new(12, "Faster", &whole)).await, ignored("the issue does not have the intake's label"));
        let labelled = Issue { labels: vec!["release"], ..Issue::new(12, "Faster", &whole).at(1) };
        assert_eq!(world.send(&secret, "d-2", &labelled).await, request(1, "registered as faster"));
        assert_eq!(world.kept(1).await.request.wanted.owner, Some("ben.okafor@example.com".parse().unwrap()));
        // Once it is a request it stays one.
        assert_eq!(world.send(&secret, "d-3", &Issue::new(12, "Faster", &whole).at(2)).await, request(1, "registered as faster"));
        let closed = Issue { state: "closed", labels: vec!["release"], ..Issue::new(13, "Old", &whole) };
        assert_eq!(world.send(&secret, "d-4", &closed).await, ignored("the issue is closed, and was no request"));
        world.apply("
release: by-people
name: By people
team: growth
owner: ana.lopez@example.com
level: L3
planned: 2026-04-01
issue: https://github.com/Example/Product/issues/14/
").await.unwrap();
        let theirs = Issue { labels: vec!["release"], ..Issue::new(14, "Another name", &whole) };
        assert_eq!(world.send(&secret, "d-5", &theirs).await, request(2, "registered as by-people"));
        world.send(&secret, "d-6", &Issue { title: "Yet another", ..theirs.at(1) }).await;
        let facts = world.app.store().release(&"by-people".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!((facts.release.name.as_str(), facts.release.level), ("By people", Level::L3), "it is people's");
        // What is no issue is answered and left alone.
        let body = br#"{"zen":"Keep it simple.","repository":{"full_name":"example/product"}}"#;
        let signature = Signature::text(&secret, body);
        for (event, expected) in [("ping", Taken::Pong), ("push", ignored("only issues are taken, not \"push\""))] {
            let delivery = IncomingDelivery { event, id: "d-7", signature: Some(&signature), body };
            assert_eq!(world.app.take_delivery(delivery, world.clock.now()).await.unwrap(), Ok(expected));
        }
        let malformed = world.send_signed("d-8", Some(&signature), body).await;
        assert!(matches!(&malformed, Err(NotTaken::Malformed(why)) if why.contains("missing field")), "{malformed:?}");
    }
}

#[test]
fn the_form_of_the_example_asks_for_what_is_read() {
    let form = include_str!("../../../../../examples/github/ISSUE_TEMPLATE/release.yml");
    let labels = form.lines().filter_map(|line| line.trim().strip_prefix("label: ")).collect::<Vec<_>>();
    assert_eq!(labels.len(), 9);
    for label in labels {
        assert_ne!(template::read(&format!("### {label}\n\nx")), Parts::default(), "{label}");
    }
    let levels =
        form.lines().filter_map(|line| line.trim().strip_prefix("- L")).map(|rest| format!("L{rest}"));
    assert_eq!(levels.filter(|level| template::level(level).is_ok()).count(), 3);
}

#[test]
fn whatever_an_issue_says_is_taken_and_bounded() {
    yardstick_tests::databases::on_sqlite(async |database| {
        let (world, secret) = World::with_intake(&database).await;
        let hostile = format!(
            "### Problem\n<script>alert(1)</script>\u{0}\u{1b}[2J\u{202e}\n### Owner\n@../../x\n### Level\n{}\n### Feature\n=cmd|' /C calc'!A0\u{0}\n",
            "L".repeat(100_000)
        );
        let taken = world.send(&secret, "d-1", &Issue::new(12, "\u{202e}<b>\u{0}x</b>\n\n", &hostile)).await;
        assert!(matches!(&taken, Taken::Request { says, .. } if says.len() < 600), "{taken:?}");
        let kept = world.kept(1).await.request;
        assert_eq!(kept.wanted.title, "<b> x</b>");
        assert_eq!(kept.wanted.brief.problem.as_deref(), Some("<script>alert(1)</script>[2J"));
        assert_eq!(kept.wanted.feature.as_deref(), Some("=cmd|' /C calc'!A0"));
    });
}

#[test]
fn no_text_makes_it_fail() {
    yardstick_tests::databases::on_sqlite(async |database| {
        let (world, secret) = World::with_intake(&database).await;
        let parts = prop::sample::select(vec![
            "### Owner\n",
            "### Level\nL2\n",
            "### Planned date\n2026-04-20\n",
            "ana.lopez@example.com\n",
            "```\n",
            "<!--",
            "-->",
        ]);
        let body = prop::collection::vec(prop_oneof![parts.prop_map(str::to_owned), any::<String>()], 0..8);
        let texts = (body, any::<String>());
        let mut runner = proptest::test_runner::TestRunner::default();
        for number in 100..164 {
            let (body, title) = texts.new_tree(&mut runner).unwrap().current();
            let issue = Issue::new(number, Box::leak(title.into_boxed_str()), &body.concat());
            let taken = world.send(&secret, &number.to_string(), &issue).await;
            assert!(matches!(taken, Taken::Request { .. }), "{body:?}: {taken:?}");
        }
    });
}
