//! What is expected, and what of it is registered.

use yardstick_app::{AppError, Caller};
use yardstick_domain::ids::ListName;
use yardstick_domain::level::Level;
use yardstick_domain::roadmap::DEFAULT_LIST;
use yardstick_store::{ExpectedFilter, RoadmapImported, Unregistered};
use yardstick_tests::databases::Database;

use super::plugins::TEAMS;
use super::{World, both};

const PLAN: &str = "key,name,team,level,planned,owner,issue,release
signup,Faster sign-up,growth,L2,2026-04-20,ana.lopez@example.com,https://example.com/issues/1/,
,Größe,growth,L1,2026-05-04,,https://example.com/issues/2,
,Rumour,,,,,,
later,Compute,bizops,L2,2026-08-01,,,compute-ga
";

fn release(slug: &str, team: &str, further: &str) -> String {
    format!(
        "release: {slug}\nname: {slug}\nteam: {team}\nowner: ana.lopez@example.com\nlevel: L2\nplanned: 2026-04-20\n{further}\n"
    )
}

impl World {
    async fn expecting(database: &Database) -> Self {
        let world = Self::new(database);
        world.at("2026-03-01T09:00:00Z");
        world.apply(TEAMS).await.unwrap();
        world
    }

    async fn roadmap(&self, who: &str, list: &str, file: &str) -> Result<RoadmapImported, Vec<String>> {
        self.roadmap_as(&self.caller_of(who), list, file, false).await
    }

    async fn roadmap_as(
        &self,
        who: &Caller,
        list: &str,
        file: &str,
        dry_run: bool,
    ) -> Result<RoadmapImported, Vec<String>> {
        let list: ListName = list.parse().unwrap();
        match self.app.import_roadmap(who, &list, file.as_bytes(), dry_run).await {
            Ok(came) => came.map_err(|refused| refused.rows.iter().map(ToString::to_string).collect()),
            Err(AppError::Forbidden(why)) => Err(vec![why]),
            Err(error) => panic!("{error}"),
        }
    }

    /// Names in order, with the releases they became.
    async fn expected(&self, who: &str, filter: &ExpectedFilter) -> Vec<String> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = self.app.expected_releases(&self.caller_of(who), filter, after, 2).await.unwrap();
            all.extend(page.items.into_iter().map(|row| match row.release {
                Some(release) => format!("{} = {release}", row.expected.name),
                None => row.expected.name,
            }));
            after = page.next;
            if after.is_none() {
                return all;
            }
        }
    }
}

fn counts(came: RoadmapImported) -> (u64, u64, u64, u64, u64) {
    (came.new, came.changed, came.unchanged, came.withdrawn, came.registered)
}

both! {
    async fn a_list_is_imported_once_and_what_is_gone_is_withdrawn(database: Database) {
        let world = World::expecting(&database).await;
        let dry = world.roadmap_as(&world.caller_of("local"), DEFAULT_LIST, PLAN, true).await.unwrap();
        assert_eq!(counts(dry), (4, 0, 0, 0, 0));
        let all = ExpectedFilter::default();
        assert_eq!(world.expected("local", &all).await, Vec::<String>::new());
        assert_eq!(counts(world.roadmap("local", DEFAULT_LIST, PLAN).await.unwrap()), (4, 0, 0, 0, 0));
        // Those without a planned day come last.
        assert_eq!(world.expected("omar", &all).await, ["Faster sign-up", "Größe", "Compute", "Rumour"]);
        let acts = async || world.app.audit_events(&world.caller_of("local"), None, None, 100).await.unwrap().items.len();
        let before = acts().await;
        assert_eq!(counts(world.roadmap("local", DEFAULT_LIST, PLAN).await.unwrap()), (0, 0, 4, 0, 0));
        assert_eq!(acts().await, before, "nothing was done");
        // Another name of the same issue, another day of the same key; two that are gone.
        let moved = "name,key,issue,planned\nSize,,https://example.com/issues/2/,2026-05-04\nFaster sign-up,signup,https://example.com/issues/1,2026-04-27\n";
        assert_eq!(counts(world.roadmap("local", DEFAULT_LIST, moved).await.unwrap()), (0, 2, 0, 2, 0));
        assert_eq!(world.expected("omar", &all).await, ["Faster sign-up", "Size"]);
        // Another list is left alone, and what comes back is new.
        assert_eq!(counts(world.roadmap("local", "board", "Title\nFaster sign-up\n").await.unwrap()), (1, 0, 0, 0, 0));
        assert_eq!(counts(world.roadmap("local", DEFAULT_LIST, PLAN).await.unwrap()), (2, 2, 0, 0, 0));
        assert_eq!(world.expected("omar", &ExpectedFilter { list: Some("board".parse().unwrap()), ..all.clone() }).await, ["Faster sign-up"]);
        assert_eq!(counts(world.roadmap("local", DEFAULT_LIST, "name\n").await.unwrap()), (0, 0, 0, 4, 0));
        assert_eq!(world.expected("omar", &all).await, ["Faster sign-up"]);
        let events = world.app.audit_events(&world.caller_of("local"), Some(&yardstick_store::AuditFilter { subject: Some("roadmap roadmap".to_owned()), ..yardstick_store::AuditFilter::default() }), None, 100).await.unwrap().items;
        assert_eq!(events.len(), 4);
        assert!(events.iter().all(|event| event.action == "import-roadmap" && !event.detail.to_string().contains("sign-up")));
    }

    async fn what_is_registered_is_found_by_its_slug_or_issue(database: Database) {
        let world = World::expecting(&database).await;
        world.apply(&release("early", "growth", "issue: https://example.com/issues/1")).await.unwrap();
        assert_eq!(counts(world.roadmap("local", DEFAULT_LIST, PLAN).await.unwrap()), (4, 0, 0, 0, 1));
        let none = ExpectedFilter { registered: Some(false), ..ExpectedFilter::default() };
        assert_eq!(world.expected("omar", &none).await, ["Größe", "Compute", "Rumour"]);
        // Whatever is registered later is found too, and stays when the list comes again.
        world.apply(&release("compute-ga", "bizops", "")).await.unwrap();
        world.apply(&release("size", "growth", "issue: https://example.com/issues/2/")).await.unwrap();
        let registered = ExpectedFilter { registered: Some(true), ..ExpectedFilter::default() };
        assert_eq!(world.expected("omar", &registered).await, ["Faster sign-up = early", "Größe = size", "Compute = compute-ga"]);
        assert_eq!(counts(world.roadmap("local", DEFAULT_LIST, PLAN).await.unwrap()), (0, 0, 4, 0, 3));
        assert_eq!(world.expected("omar", &none).await, ["Rumour"]);
        // A slug that is named and not there is nobody's, whatever the issue says.
        let named = "name,release,issue\nX,not-there,https://example.com/issues/1\n";
        assert_eq!(counts(world.roadmap("local", "other", named).await.unwrap()), (1, 0, 0, 0, 0));
    }

    async fn what_nobody_registered_is_counted(database: Database) {
        let world = World::expecting(&database).await;
        world.roadmap("local", DEFAULT_LIST, PLAN).await.unwrap();
        let store = world.app.store();
        let day = |text: &str| Some(text.parse().unwrap());
        let count = async |filter: ExpectedFilter| {
            let found = store.unregistered(&filter).await.unwrap();
            found.iter().map(|part| part.count).sum::<u64>()
        };
        let all = ExpectedFilter::default();
        assert_eq!(count(all.clone()).await, 4);
        assert_eq!(count(ExpectedFilter { planned: (day("2026-04-01"), day("2026-06-30")), ..all.clone() }).await, 2);
        assert_eq!(count(ExpectedFilter { planned: (day("2026-04-01"), None), ..all.clone() }).await, 3);
        assert_eq!(count(ExpectedFilter { planned: (None, day("2026-04-20")), ..all.clone() }).await, 1);
        assert_eq!(count(ExpectedFilter { levels: vec![Level::L1, Level::L2], ..all.clone() }).await, 3);
        world.apply(&release("early", "growth", "visibility: team\nissue: https://example.com/issues/1")).await.unwrap();
        let growth = ExpectedFilter { team: Some("growth".parse().unwrap()), ..all };
        assert_eq!(store.unregistered(&growth).await.unwrap(), [
            Unregistered { team: growth.team.clone(), level: Some(Level::L1), count: 1 },
        ]);
    }

    async fn rows_are_for_operators_and_for_those_who_answer_for_their_team(database: Database) {
        let world = World::expecting(&database).await;
        let growth = "name,team,planned\nFaster sign-up,growth,2026-04-20\n";
        for (who, file) in [("ben", growth), ("eve", growth), ("ana", PLAN), ("ana", "name\nRumour\n"), ("ana", "name\n")] {
            let refused = world.roadmap(who, "growth", file).await.unwrap_err();
            assert!(refused[0].starts_with("only "), "{who} {file:?}: {refused:?}");
        }
        assert_eq!(counts(world.roadmap("ana", "growth", growth).await.unwrap()), (1, 0, 0, 0, 0));
        // What is others' is neither changed nor withdrawn by it.
        world.roadmap("local", DEFAULT_LIST, PLAN).await.unwrap();
        let taken = "key,name,team\nlater,Mine now,growth\n";
        for file in [growth, taken] {
            let refused = world.roadmap("ana", DEFAULT_LIST, file).await.unwrap_err();
            assert!(refused[0].starts_with("the list roadmap has rows of others'"), "{refused:?}");
        }
        let list = ExpectedFilter { list: Some(DEFAULT_LIST.parse().unwrap()), ..ExpectedFilter::default() };
        assert_eq!(world.expected("ana", &list).await, ["Faster sign-up", "Größe", "Compute", "Rumour"]);
    }

    async fn what_became_private_is_not_there_for_others(database: Database) {
        let world = World::expecting(&database).await;
        world.apply(&release("secret-start", "rivals", "visibility: team\nissue: https://example.com/issues/2")).await.unwrap();
        world.roadmap("local", DEFAULT_LIST, PLAN).await.unwrap();
        // Another team's private release is not found by a row of growth's, even by its slug.
        let probe = "name,team,release\nProbe,growth,secret-start\nOther,growth,no-such\n";
        assert_eq!(counts(world.roadmap("ana", "probe", probe).await.unwrap()), (2, 0, 0, 0, 0));
        let probed = ExpectedFilter { list: Some("probe".parse().unwrap()), ..ExpectedFilter::default() };
        assert_eq!(world.expected("ana", &probed).await, ["Probe", "Other"]);
        // One of the row's own team is, and then it is there for that team alone.
        world.apply(&release("quiet", "growth", "visibility: team\nissue: https://example.com/issues/1")).await.unwrap();
        for (who, registered, expected) in [
            ("ana", None, vec!["Faster sign-up = quiet", "Größe", "Compute", "Rumour"]),
            ("eve", None, vec!["Größe", "Compute", "Rumour"]),
            ("eve", Some(true), vec![]),
            ("eve", Some(false), vec!["Größe", "Compute", "Rumour"]),
            ("local", Some(true), vec!["Faster sign-up = quiet"]),
        ] {
            let filter = ExpectedFilter { list: Some(DEFAULT_LIST.parse().unwrap()), registered, ..ExpectedFilter::default() };
            assert_eq!(world.expected(who, &filter).await, expected, "{who} {registered:?}");
        }
    }

    async fn rows_that_cannot_be_imported_are_told_by_line(database: Database) {
        let world = World::expecting(&database).await;
        world.apply("person: ben.okafor@example.com\nname: Ben\nhandles: { github: Ben-O }\n").await.unwrap();
        let file = "Title,Team,Owner,Planned date,Key\nA,growht,,,\nB,growth,@nobody,,\nC,growth,@ben-o,someday,\nD,growth,,,x\nE,growth,,,x\n,growth,,,\n";
        assert_eq!(world.roadmap("local", DEFAULT_LIST, file).await.unwrap_err(), [
            "line 4, planned: planned date: \"someday\" is no day; expected year-month-day, such as 2026-03-03",
            "line 7, name: is empty; every release has a name",
        ]);
        let file = file.replace("someday", "2026-04-20").replace(",growth,,,\n", "").replace("E,growth,,,x", "E,growth,,,x\n");
        let file = file.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
        assert_eq!(world.roadmap("local", DEFAULT_LIST, &file).await.unwrap_err(), [
            "line 2, team: there is no team \"growht\". Did you mean \"growth\"?",
            "line 3, owner: \"@nobody\" is neither a mail address nor the handles.github of a person",
            "line 6, key: the same release as in line 5; keep one, or give each a key",
        ]);
        // GitHub Projects: whoever works on it need not be known here.
        let board = "Title\tAssignees\tURL\tStatus\nA\tnobody, ben-o\thttps://github.com/example/product/issues/1\tTodo\nB\tnobody\t\tDone\n";
        world.roadmap("local", DEFAULT_LIST, board).await.unwrap();
        let page = world.app.expected_releases(&world.caller(), &ExpectedFilter::default(), None, 10).await.unwrap();
        let owners: Vec<_> = page.items.iter().map(|row| row.expected.owner.as_ref().map(ToString::to_string)).collect();
        assert_eq!(owners, [Some("ben.okafor@example.com".to_owned()), None]);
    }
}
