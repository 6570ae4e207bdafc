//! Who may do what: persons by their teams, service accounts by theirs, tokens by their scopes; what is private is not
//! there for others.

use yardstick_app::{AppError, Caller, NewServiceAccount, TokenRequest};
use yardstick_client::files::{self, Declaration};
use yardstick_domain::access::{NotTaken, Scope, Scopes};
use yardstick_domain::people::Actor;
use yardstick_store::{ReleaseFilter, VerdictFilter};

use yardstick_tests::databases::Database;

use super::plugins::{TEAMS, release};
use super::{World, both, march};

const COMPANY: &str = "
organisation: Example Inc
time_zone: Europe/Berlin
operators: [olga.moss@example.com]
";

impl World {
    /// Teams, an operator, and releases: an open one and a private one of growth, judged at d2.
    async fn company(database: &Database) -> Self {
        let world = Self::new(database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(&format!("{COMPANY}---{TEAMS}")).await.unwrap();
        let open = release("open-start", "threshold@1", "{ at_least: 60 }");
        let private = release("secret-start", "threshold@1", "{ at_least: 60 }")
            .replace("level: L2", "level: L2\nvisibility: team");
        world.apply(&format!("{open}---{private}")).await.unwrap();
        world.import("app.uses", &march(1, 1, "9")).await.unwrap();
        world.at("2026-03-02T10:00:00Z");
        for slug in ["open-start", "secret-start"] {
            world.launch(slug, None).await.unwrap();
        }
        world.at("2026-03-05T12:00:00Z");
        world.import("app.uses", &march(2, 4, "9")).await.unwrap();
        for slug in ["open-start", "secret-start"] {
            world.judge(slug, Some("d2")).await.unwrap();
        }
        world
    }

    /// A token of somebody, made by an operator, and whoever has it.
    async fn token(&self, owner: &str, scopes: &[Scope]) -> Caller {
        let request = TokenRequest {
            name: "test".into(),
            owner: Some(owner.parse().unwrap()),
            scopes: scopes.iter().copied().collect(),
            days: 30,
        };
        let secret = owner.bytes().chain(scopes.iter().map(|scope| *scope as u8 + 1)).cycle().take(32);
        let secret: Vec<u8> = secret.collect();
        let made = self.app.make_token(&self.caller_of("local"), &request, secret.try_into().unwrap()).await;
        self.app.authenticate(made.unwrap().secret.text(), self.clock.now()).await.unwrap().unwrap()
    }

    async fn declared(&self, caller: &Caller, text: &str) -> Result<(), String> {
        let read = files::read(text).unwrap();
        let declarations: Vec<Declaration> = read.into_iter().map(|found| found.declaration).collect();
        match self.app.apply(caller, &declarations, None, false).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(problems)) => Err(format!("{problems:?}")),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn forbidden<T: std::fmt::Debug>(result: Result<T, AppError>) -> String {
    match result {
        Err(AppError::Forbidden(why)) => why,
        other => panic!("not forbidden: {other:?}"),
    }
}

fn absent<T: std::fmt::Debug>(result: Result<T, AppError>) {
    match result {
        Err(error @ AppError::NotFound { .. }) => {
            assert!(!error.to_string().contains("secret-start\""), "{error} offers what may not be seen");
        }
        other => panic!("it is there: {other:?}"),
    }
}

both! {
    async fn a_token_is_taken_until_it_expires_or_is_revoked(database: Database) {
        let world = World::company(&database).await;
        let request = TokenRequest {
            name: " nightly ".into(),
            owner: None,
            scopes: [Scope::Read, Scope::Write].into_iter().collect(),
            days: 30,
        };
        let made = world.app.make_token(&world.caller(), &request, [7; 32]).await.unwrap();
        assert_eq!((made.token.name.as_str(), made.token.beginning.as_str()), ("nightly", "ysk_070707"));
        let secret = made.secret.text();
        let taken = |at: &str| {
            let now = at.parse().unwrap();
            let app = &world.app;
            async move { app.authenticate(secret, now).await.unwrap() }
        };
        let caller = taken("2026-03-05T12:00:01Z").await.unwrap();
        assert_eq!(caller.actor.to_string(), "ana.lopez@example.com");
        assert!(caller.scopes.allow(Scope::Import) && !caller.scopes.allow(Scope::Operate));
        // The use is written down, to some minutes.
        let used = || async {
            world.app.note_uses().await.unwrap();
            world.app.tokens(&world.caller(), None, 10).await.unwrap().items[0].used_at
        };
        assert_eq!(used().await.unwrap().to_string(), "2026-03-05T12:00:01Z");
        taken("2026-03-05T12:04:00Z").await.unwrap();
        assert_eq!(used().await.unwrap().to_string(), "2026-03-05T12:00:01Z");
        taken("2026-03-05T12:06:00Z").await.unwrap();
        assert_eq!(used().await.unwrap().to_string(), "2026-03-05T12:06:00Z");
        assert!(taken("2026-04-04T11:59:59Z").await.is_ok());
        assert_eq!(taken("2026-04-04T12:00:00Z").await.unwrap_err(), NotTaken::Expired);
        world.app.revoke_token(&world.caller(), made.token.id).await.unwrap();
        assert_eq!(taken("2026-03-05T12:07:00Z").await.unwrap_err(), NotTaken::Revoked);
        for text in ["", "ysk_", "Bearer", &secret.to_uppercase(), &secret[..67], &secret.replace('7', "8")] {
            let found = world.app.authenticate(text, world.clock.now()).await.unwrap();
            assert_eq!(found.unwrap_err(), NotTaken::Unknown, "{text:?}");
        }
    }

    async fn nobody_makes_a_token_that_may_more_than_they_may(database: Database) {
        let world = World::company(&database).await;
        let request = |owner: Option<&str>, scopes: &[Scope]| TokenRequest {
            name: "test".into(),
            owner: owner.map(|owner| owner.parse().unwrap()),
            scopes: scopes.iter().copied().collect(),
            days: 30,
        };
        let reader = world.token("ben.okafor@example.com", &[Scope::Read]).await;
        let why = forbidden(world.app.make_token(&reader, &request(None, &[Scope::Write]), [1; 32]).await);
        assert_eq!(why, "a token without the scope write cannot make one that has it");
        // A token that only reads does not live on in another.
        let why = forbidden(world.app.make_token(&reader, &request(None, &[Scope::Read]), [1; 32]).await);
        assert_eq!(why, "a token without the scope write cannot make tokens; use one that has it");
        let ana = world.token("ana.lopez@example.com", &[Scope::Write]).await;
        for other in ["grace.kim@example.com", "olga.moss@example.com"] {
            let why = forbidden(world.app.make_token(&ana, &request(Some(other), &[Scope::Read]), [2; 32]).await);
            assert!(why.starts_with("only operators may make tokens for others"), "{why}");
        }
        // What a person is decides what their token does, whatever it says.
        let olga = world.token("olga.moss@example.com", &Scope::ALL).await;
        assert!(world.app.is_operator(&olga).await.unwrap());
        let narrow = world.token("olga.moss@example.com", &[Scope::Write]).await;
        assert!(!world.app.is_operator(&narrow).await.unwrap());
        let ana = world.token("ana.lopez@example.com", &Scope::ALL).await;
        assert!(!world.app.is_operator(&ana).await.unwrap());
        let refused = world.app.make_token(&olga, &request(Some("nobody@example.com"), &[Scope::Read]), [3; 32]).await;
        assert!(matches!(refused, Err(AppError::NotFound { .. })), "{refused:?}");
        for bad in [
            TokenRequest { name: " ".into(), ..request(None, &[Scope::Read]) },
            TokenRequest { days: 0, ..request(None, &[Scope::Read]) },
            TokenRequest { days: 367, ..request(None, &[Scope::Read]) },
            TokenRequest { scopes: Scopes::default(), ..request(None, &[]) },
        ] {
            let refused = world.app.make_token(&ana, &bad, [4; 32]).await;
            assert!(matches!(refused, Err(AppError::Refused(_))), "{bad:?}");
        }
        // Tokens of others are neither seen nor ended.
        let of_olga = world.app.tokens(&olga, None, 50).await.unwrap().items;
        assert!(of_olga.len() >= 4);
        assert!(world.app.tokens(&ana, None, 50).await.unwrap().items.iter().all(|token| token.owner == ana.actor));
        let theirs = of_olga.iter().find(|token| token.owner == olga.actor).unwrap().id;
        absent(world.app.revoke_token(&ana, theirs).await);
    }

    async fn service_accounts_act_for_their_team_and_end_with_it(database: Database) {
        let world = World::company(&database).await;
        let new = |key: &str, team: Option<&str>| NewServiceAccount {
            key: key.parse().unwrap(),
            name: "a pipeline".into(),
            team: team.map(|team| team.parse().unwrap()),
        };
        let ana = world.token("ana.lopez@example.com", &[Scope::Write]).await;
        let ben = world.token("ben.okafor@example.com", &[Scope::Write]).await;
        let why = forbidden(world.app.make_service_account(&ben, &new("growth-ci", Some("growth"))).await);
        assert!(why.contains("only maintainers of growth"), "{why}");
        let why = forbidden(world.app.make_service_account(&ana, &new("rivals-ci", Some("rivals"))).await);
        assert!(why.contains("only maintainers of rivals"), "{why}");
        forbidden(world.app.make_service_account(&ana, &new("all-ci", None)).await);
        world.app.make_service_account(&ana, &new("growth-ci", Some("growth"))).await.unwrap();
        let again = world.app.make_service_account(&ana, &new("growth-ci", Some("growth"))).await;
        assert!(matches!(again, Err(AppError::Conflict(_))), "{again:?}");

        let made = TokenRequest {
            name: "ci".into(),
            owner: Some(Actor::Service("growth-ci".parse().unwrap())),
            scopes: [Scope::Write].into_iter().collect(),
            days: 30,
        };
        forbidden(world.app.make_token(&ben, &made, [5; 32]).await);
        let made = world.app.make_token(&ana, &made, [6; 32]).await.unwrap();
        let secret = made.secret.text();
        let ci = world.app.authenticate(secret, world.clock.now()).await.unwrap().unwrap();
        assert_eq!(ci.actor.to_string(), "service:growth-ci");
        let own = TokenRequest { name: "more".into(), owner: None, scopes: [Scope::Write].into_iter().collect(), days: 366 };
        forbidden(world.app.make_token(&ci, &own, [8; 32]).await);
        // A member, and no more: it cannot change who is in the team.
        world.app.check(&ci, &"secret-start".parse().unwrap()).await.unwrap();
        let eve = TEAMS.replace("ben.okafor@example.com: member", "eve.moss@example.com: maintainer");
        let why = world.declared(&ci, eve.split("---").next().unwrap()).await.unwrap_err();
        assert!(why.contains("only maintainers of growth may change it, and service:growth-ci is not one"), "{why}");
        world.app.retire_service_account(&ana, &"growth-ci".parse().unwrap()).await.unwrap();
        let refused = world.app.authenticate(secret, world.clock.now()).await.unwrap();
        assert_eq!(refused.unwrap_err(), NotTaken::Retired);
    }

    async fn what_is_private_is_not_there_for_others(database: Database) {
        let world = World::company(&database).await;
        let eve = world.caller_of("eve");
        let slug = "secret-start".parse().unwrap();
        let at = "secret-start/d2".parse().unwrap();
        absent(world.app.release_detail(&eve, &slug).await);
        absent(world.app.check(&eve, &slug).await);
        absent(world.app.verdict_document(&eve, &at).await);
        absent(world.app.verdict_chart(&eve, &at, None).await);
        absent(world.app.replay(&eve, &at).await);
        absent(world.app.seal(&eve, &slug).await);
        absent(world.app.launch(&eve, &slug, None).await);
        absent(world.app.cancel(&eve, &slug, "no").await);
        absent(world.app.release_detail(&eve, &"secret-stort".parse().unwrap()).await);
        let of_it = VerdictFilter { release: Some(slug.clone()), ..VerdictFilter::default() };
        absent(world.app.verdicts(&eve, &of_it, None, 10).await);
        let releases = |caller: Caller| {
            let app = &world.app;
            async move {
                let page = app.releases(&caller, &ReleaseFilter::default(), None, 10).await.unwrap();
                page.items.iter().map(|facts| facts.release.slug.to_string()).collect::<Vec<_>>()
            }
        };
        assert_eq!(releases(eve.clone()).await, ["open-start"]);
        let ana = world.caller();
        assert_eq!(releases(ana.clone()).await, ["secret-start", "open-start"]);
        let verdicts = world.app.verdicts(&eve, &VerdictFilter::default(), None, 10).await.unwrap().items;
        assert!(verdicts.iter().all(|verdict| verdict.at.release.as_str() == "open-start") && verdicts.len() == 1);
        let jobs = world.app.jobs(&eve, &yardstick_store::JobFilter::default(), None, 50).await.unwrap().items;
        assert!(jobs.iter().all(|job| !job.key.contains("secret")), "{jobs:?}");
        let own = world.app.jobs(&ana, &yardstick_store::JobFilter::default(), None, 50).await.unwrap().items;
        let job = own.iter().find(|job| job.key.starts_with("secret-start")).unwrap();
        absent(world.app.job(&eve, job.id).await);
        absent(world.app.cancel_job(&eve, job.id).await);
        // Its name is taken, and nothing more is told of it; nothing can be said to follow it.
        let theirs = release("secret-start", "threshold@1", "{ at_least: 61 }").replace("team: growth", "team: rivals");
        let why = world.declared(&eve, &theirs).await.unwrap_err();
        assert!(why.contains("the name secret-start is taken; choose another") && !why.contains("61"), "{why}");
        let after = release("next-start", "threshold@1", "{ at_least: 60 }").replace("team: growth", "team: rivals")
            .replace("level: L2", "level: L2\nfollows: secret-start");
        let why = world.declared(&eve, &after).await.unwrap_err();
        assert!(why.contains("there is no release secret-start"), "{why}");
        let after = release("open-next", "threshold@1", "{ at_least: 60 }").replace("level: L2", "level: L2\nfollows: secret-start");
        world.declared(&ana, &after).await.unwrap();
        let follows = |caller: Caller| {
            let app = &world.app;
            async move { app.release_detail(&caller, &"open-next".parse().unwrap()).await.unwrap().facts.release.follows }
        };
        assert_eq!((follows(eve.clone()).await, follows(ana.clone()).await), (None, Some(slug.clone())));
        let inputs = world.app.verdict_inputs(&eve, &"secret-start/d30".parse().unwrap(), &"uses".parse().unwrap()).await;
        absent(inputs);
        // An operator sees it; a reader of another team sees what is open.
        let olga = world.token("olga.moss@example.com", &Scope::ALL).await;
        assert_eq!(releases(olga).await.len(), 3);
        assert_eq!(world.app.release_detail(&eve, &"open-start".parse().unwrap()).await.unwrap().verdicts.len(), 1);
    }

    async fn another_teams_things_are_not_changed(database: Database) {
        let world = World::company(&database).await;
        let eve = world.caller_of("eve");
        let slug = "open-start".parse().unwrap();
        let why = forbidden(world.app.cancel(&eve, &slug, "no").await);
        assert_eq!(
            why,
            "only members of growth may cancel releases of it, and eve.moss@example.com is not one; ask ana.lopez@example.com"
        );
        forbidden(world.app.seal(&eve, &slug).await);
        forbidden(world.app.undo_launch(&eve, &slug, "no").await);
        let judge = yardstick_app::JudgeRequest { release: slug, checkpoint: None, as_of: None, known_at: None };
        forbidden(world.app.judge(&eve, &judge).await);
        let jobs = world.app.jobs(&eve, &yardstick_store::JobFilter::default(), None, 50).await.unwrap().items;
        let job = jobs.iter().find(|job| job.key == "open-start/d7").unwrap().id;
        forbidden(world.app.cancel_job(&eve, job).await);
        let request = yardstick_app::ImportRequest::new("app.uses".parse().unwrap(), "x.csv");
        forbidden(world.app.import(&eve, &request, "day,value\n".as_bytes(), &mut |_| {}).await);
        let import = world.app.imports(None, None, 1).await.unwrap().items[0].id;
        forbidden(world.app.undo_import(&eve, import).await);
        // A pipeline that may only import does that and nothing else.
        let grace = world.token("grace.kim@example.com", &[Scope::Import]).await;
        world.app.import(&grace, &request, march(5, 5, "9").as_bytes(), &mut |_| {}).await.unwrap().unwrap();
        let why = world.declared(&grace, &TEAMS[TEAMS.find("metric: app.uses").unwrap()..].replace("Uses of", "Use of")
            .split("---").next().unwrap().replace("definition_version: 1", "definition_version: 2")).await.unwrap_err();
        assert!(why.contains("a token without the scope write cannot declare what belongs to bizops"), "{why}");
    }

    async fn nobody_gives_themselves_a_team_or_a_role(database: Database) {
        let world = World::company(&database).await;
        let growth = TEAMS.split("---").next().unwrap();
        let (ana, ben, eve) = (world.caller(), world.caller_of("ben"), world.caller_of("eve"));
        let raised = growth.replace("ben.okafor@example.com: member", "ben.okafor@example.com: maintainer");
        let why = world.declared(&ben, &raised).await.unwrap_err();
        assert!(why.starts_with("only maintainers of growth may change it"), "{why}");
        let joined = growth.replace("ben.okafor", "eve.moss");
        world.declared(&eve, &joined).await.unwrap_err();
        let operator = COMPANY.replace("olga.moss", "ana.lopez");
        let why = world.declared(&ana, &operator).await.unwrap_err();
        assert!(why.starts_with("only operators may change the organisation"), "{why}");
        let new = "team: shadow\nname: Shadow\ntime_zone: UTC\nmembers: { ana.lopez@example.com: maintainer }\n";
        assert!(world.declared(&ana, new).await.unwrap_err().starts_with("only operators may register teams"));
        // Not even along with something of one's own, and nothing of it is written.
        let both = format!("{}---\n{raised}", release("open-start", "threshold@1", "{ at_least: 60 }").replace("name: open", "name: Open"));
        world.declared(&ben, &both).await.unwrap_err();
        assert_eq!(world.app.release_detail(&ben, &"open-start".parse().unwrap()).await.unwrap().facts.release.name, "open-start");
        // A metric or release is not taken from another team, nor pushed into one.
        let metric = |team: &str| {
            let text = TEAMS[TEAMS.find("metric: app.uses").unwrap()..].split("---").next().unwrap().to_owned();
            text.replace("team: bizops", &format!("team: {team}"))
        };
        world.declared(&ana, &metric("growth")).await.unwrap_err();
        world.declared(&world.caller_of("grace"), &metric("growth")).await.unwrap_err();
        let moved = release("open-start", "threshold@1", "{ at_least: 60 }").replace("team: growth", "team: rivals");
        world.declared(&eve, &moved).await.unwrap_err();
        world.declared(&ana, &moved).await.unwrap_err();
        // A person says who they are, and nobody else does.
        let person = "person: ana.lopez@example.com\nname: Ana Lopez\n";
        world.declared(&eve, person).await.unwrap_err();
        world.declared(&ana, person).await.unwrap();
        // A maintainer takes somebody in.
        world.declared(&ana, &raised).await.unwrap();
    }
}
