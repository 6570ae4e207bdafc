//! On SQLite, what is read at judge time and for lists goes by an index. The statements are those that really
//! ran: the driver reports each, and SQLite explains it.

use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};
use yardstick_domain::intake::RequestState;
use yardstick_domain::level::Level;
use yardstick_domain::release::{Lifecycle, Stage};
use yardstick_domain::standing::WaitsFor;
use yardstick_domain::verdict::Standing;
use yardstick_store::{
    ActionFilter, AuditFilter, BeforeRetro, CommentFilter, DecisionFilter, DeliveryFilter, EventFilter,
    ExpectedFilter, ExportFilter, LearningFilter, MetricFilter, PointCursor, PointFilter, PortfolioFilter,
    ReleaseCursor, ReleaseCursorAt, ReleaseFilter, ReleaseOrder, RequestFilter, RetroFilter, RunFilter, Sees,
    Store, VerdictFilter,
};
use yardstick_tests::statements;

use super::on_sqlite;
use super::samples::{ana, day, days, hour, import, launch, metric, register, release, seal, verdict};

/// Tables that hold few rows however long the service runs, and are listed whole.
const REGISTERS: [&str; 7] =
    ["organisation", "teams", "persons", "metrics", "plugins", "plugin_health", "sinks"];

async fn read_everything(store: &Store) {
    let (slug, key) = (release("ga").slug, metric("site.mau").key);
    store.points(&key, days(1, 10), None).await.unwrap();
    store.points(&key, days(1, 10), Some(hour(3))).await.unwrap();
    store.coverage(&key, None).await.unwrap();
    store.metric(&key).await.unwrap();
    store.sweep_answers(hour(1), 10).await.unwrap();
    store.metrics().await.unwrap();
    store.metric_definition(yardstick_domain::digest::Digest::of(b"")).await.unwrap();
    store.imports(None, None, 10).await.unwrap();
    store.imports(Some(&key), None, 10).await.unwrap();
    store.import(1).await.unwrap();
    store.release(&slug).await.unwrap();
    store.release_events(&slug).await.unwrap();
    store.criteria_versions(&slug).await.unwrap();
    store.criteria_version(&slug, 1).await.unwrap();
    store.criteria_page(&slug, Some(2), 10).await.unwrap();
    store.teams_page(None, 10).await.unwrap();
    store.persons_page(None, 10).await.unwrap();
    let dimensions = [("plan".to_owned(), "free".to_owned())].into();
    let filter = PointFilter { range: days(1, 10), dimensions, known_at: Some(hour(3)) };
    let after = PointCursor { dimensions: "{}".to_owned(), bucket: day(1) };
    store.point_history(&key, &filter, Some(&after), 10).await.unwrap();
    let all = ReleaseFilter::default();
    for filter in [
        ReleaseFilter { team: Some("growth".parse().unwrap()), ..all.clone() },
        ReleaseFilter { levels: vec![Level::L1, Level::L2], ..all.clone() },
        ReleaseFilter { lifecycle: Some(Lifecycle::Judged), ..all.clone() },
        ReleaseFilter { lifecycle: Some(Lifecycle::Draft), ..all.clone() },
        ReleaseFilter { owner: Some("ana@example.com".parse().unwrap()), ..all.clone() },
        ReleaseFilter { feature: Some("search".to_owned()), ..all.clone() },
        ReleaseFilter { stage: Some(Stage::Ga), text: Some("x".to_owned()), ..all.clone() },
        ReleaseFilter { launched_from: Some(hour(1)), launched_until: Some(hour(2)), ..all.clone() },
        ReleaseFilter { planned_from: Some("2026-03-01".parse().unwrap()), ..all.clone() },
        all,
    ] {
        store.releases(&filter, None, 10).await.unwrap();
    }
    for (order, at) in [
        (ReleaseOrder::LatestPlanned, ReleaseCursorAt::Planned("2026-03-01".parse().unwrap())),
        (ReleaseOrder::EarliestPlanned, ReleaseCursorAt::Planned("2026-03-01".parse().unwrap())),
        (ReleaseOrder::Name, ReleaseCursorAt::Name("x".to_owned())),
        (ReleaseOrder::NameBackwards, ReleaseCursorAt::Name("x".to_owned())),
        (ReleaseOrder::LatestChanged, ReleaseCursorAt::Changed(hour(1))),
        (ReleaseOrder::EarliestChanged, ReleaseCursorAt::Changed(hour(1))),
    ] {
        let after = ReleaseCursor { at, slug: slug.clone() };
        let filter = ReleaseFilter { order, ..ReleaseFilter::default() };
        store.releases(&filter, Some(&after), 10).await.unwrap();
        store.releases(&filter, None, 10).await.unwrap();
    }
    store
        .metrics_page(&MetricFilter { text: Some("x".to_owned()), ..MetricFilter::default() }, None, 10)
        .await
        .unwrap();
    for filter in [
        AuditFilter { action: Some("launch".to_owned()), ..AuditFilter::default() },
        AuditFilter {
            subject: Some("release ga".to_owned()),
            since: Some(hour(1)),
            ..AuditFilter::default()
        },
    ] {
        store.audit_events(&filter, None, 10).await.unwrap();
    }
    store.verdict(&"ga/d28".parse().unwrap()).await.unwrap();
    let all = VerdictFilter::default();
    for filter in [
        VerdictFilter { release: Some(slug.clone()), ..all.clone() },
        VerdictFilter { team: Some("growth".parse().unwrap()), ..all.clone() },
        VerdictFilter { standing: Some(Standing::Official), is_final: Some(true), ..all.clone() },
        VerdictFilter { outcome: Some("fail".to_owned()), levels: vec![Level::L1], ..all.clone() },
        VerdictFilter { code: Some("stale".to_owned()), judged_since: Some(hour(1)), ..all.clone() },
        all,
    ] {
        store.verdicts(&filter, None, 10).await.unwrap();
    }
    let plugin = "threshold".parse().unwrap();
    store.plugin_versions(&plugin).await.unwrap();
    store.plugins().await.unwrap();
    store.plugin_events(&plugin, 10).await.unwrap();
    store.grants(&plugin).await.unwrap();
    let digest = yardstick_domain::digest::Digest::of(b"");
    store.plugin_health(digest).await.unwrap();
    store.suspended_plugins().await.unwrap();
    store.releases_with_plugin(digest).await.unwrap();
    let of_teams = Sees::OfTeams(std::iter::once("growth".parse().unwrap()).collect());
    store.verdicts_by_plugin(&plugin, Some(hour(1)), &Sees::default(), 10).await.unwrap();
    store.verdicts_by_plugin(&plugin, None, &of_teams, 10).await.unwrap();
    store.looked_since(&slug, "d28".parse().unwrap(), digest, hour(1)).await.unwrap();
    let sees = of_teams.clone();
    for filter in [
        EventFilter { sees, ..EventFilter::default() },
        EventFilter { release: Some(slug.clone()), ..EventFilter::default() },
        EventFilter { team: Some("growth".parse().unwrap()), ..EventFilter::default() },
    ] {
        store.events(&filter, None, 10).await.unwrap();
    }
    let hook = "hook".parse().unwrap();
    for filter in [
        DeliveryFilter { sinks: Some(vec![(hook, hour(1))]), event: None },
        DeliveryFilter { sinks: None, event: Some(1) },
    ] {
        store.deliveries(&filter, None, 10).await.unwrap();
    }
    let growth = "growth".parse().unwrap();
    let key = (&"example/product".parse().unwrap(), &growth);
    store.intakes_of(key.0, hour(1)).await.unwrap();
    store.request_delivery(key, "d", digest).await.unwrap();
    store.request(1, &of_teams).await.unwrap();
    store.request_of(&growth, "https://example.com").await.unwrap();
    store.release_of_issue(&growth, "https://example.com").await.unwrap();
    for filter in [
        RequestFilter::default(),
        RequestFilter { team: Some(growth.clone()), ..RequestFilter::default() },
        RequestFilter { state: Some(RequestState::Asks), sees: of_teams.clone(), ..RequestFilter::default() },
    ] {
        store.requests(&filter, None, 10).await.unwrap();
    }
    for filter in [
        ExportFilter::default(),
        ExportFilter { looks: true, sees: of_teams.clone(), ..ExportFilter::default() },
        ExportFilter {
            team: Some(growth.clone()),
            levels: vec![Level::L1],
            since: Some(hour(1)),
            ..ExportFilter::default()
        },
    ] {
        store.export_verdicts(&filter, Some(1), 10).await.unwrap();
        store.export_findings(&filter, Some((1, 0)), 10).await.unwrap();
    }
    let all = ExpectedFilter::default();
    let spring = (Some("2026-04-01".parse().unwrap()), Some("2026-06-30".parse().unwrap()));
    for filter in [
        ExpectedFilter { list: Some("roadmap".parse().unwrap()), ..all.clone() },
        ExpectedFilter { team: Some(growth.clone()), sees: of_teams.clone(), ..all.clone() },
        ExpectedFilter { registered: Some(true), sees: of_teams.clone(), ..all.clone() },
        ExpectedFilter { registered: Some(false), ..all.clone() },
        ExpectedFilter { planned: spring, ..all.clone() },
        all.clone(),
    ] {
        store.expected_releases(&filter, None, 10).await.unwrap();
    }
    store.unregistered(&ExpectedFilter { planned: spring, ..all.clone() }).await.unwrap();
    store.unregistered(&ExpectedFilter { planned: spring, team: Some(growth.clone()), ..all }).await.unwrap();
    store.has_taken(1, &"hook".parse().unwrap()).await.unwrap();
    store
        .not_launched(("2026-03-01".parse().unwrap(), "2026-03-09".parse().unwrap()), hour(1))
        .await
        .unwrap();
    store.overdue_verdicts(hour(1), 5).await.unwrap();
    store.overdue_count(hour(1)).await.unwrap();
    store.oldest_undelivered(hour(1)).await.unwrap();
    store.stale_since(hour(1)).await.unwrap();
    store.decision(1).await.unwrap();
    store.comment(1).await.unwrap();
    store.latest_final_verdict(&slug).await.unwrap();
    store.latest_verdict(&slug).await.unwrap();
    store.verdict_summary(&"ga/d28.1".parse().unwrap()).await.unwrap();
    let all = DecisionFilter::default();
    for filter in [
        DecisionFilter { release: Some(slug.clone()), ..all.clone() },
        DecisionFilter { team: Some("growth".parse().unwrap()), ..all.clone() },
        DecisionFilter { only_waiting: true, ..all.clone() },
        all,
    ] {
        store.decisions(&filter, None, 10).await.unwrap();
    }
    let all = CommentFilter::default();
    for filter in [
        CommentFilter { release: Some(slug.clone()), ..all.clone() },
        CommentFilter { only_open: true, ..all.clone() },
        CommentFilter { to: Some("a@example.com".parse().unwrap()), sees: of_teams.clone(), ..all.clone() },
        all,
    ] {
        store.comments(&filter, None, 10).await.unwrap();
        let filter = CommentFilter { only_open: false, to: None, ..filter };
        store.reviews(&filter, None, 10).await.unwrap();
    }
    let (growth, retro) = ("growth".parse().ok(), "2026-03-growth".parse().unwrap());
    store.retro(&retro).await.unwrap();
    store.shows_retro(&of_teams, &retro).await.unwrap();
    for filter in [
        RetroFilter { team: growth.clone(), sees: of_teams.clone(), ..RetroFilter::default() },
        RetroFilter { release: Some(slug.clone()), ..RetroFilter::default() },
        RetroFilter::default(),
    ] {
        store.retros(&filter, None, 10).await.unwrap();
    }
    store.action(1).await.unwrap();
    for filter in [
        ActionFilter { team: growth.clone(), ..ActionFilter::default() },
        ActionFilter { owner: Some("a@example.com".parse().unwrap()), ..ActionFilter::default() },
        ActionFilter { retro: Some(retro.clone()), ..ActionFilter::default() },
        ActionFilter {
            team: growth.clone(),
            before: Some(BeforeRetro { retro: retro.clone(), opened_at: hour(3), ended_since: hour(1) }),
            ..ActionFilter::default()
        },
        ActionFilter {
            due_before: "2026-03-09".parse().ok(),
            sees: of_teams.clone(),
            ..ActionFilter::default()
        },
        ActionFilter::default(),
    ] {
        store.actions(&filter, None, 10).await.unwrap();
    }
    for filter in [
        LearningFilter { team: growth, ..LearningFilter::default() },
        LearningFilter { retro: Some(retro), ..LearningFilter::default() },
        LearningFilter {
            words: vec!["banner".to_owned()],
            sees: of_teams.clone(),
            ..LearningFilter::default()
        },
    ] {
        store.learnings(&filter, 0, 10).await.unwrap();
    }
    let span = PortfolioFilter {
        from: "2026-02-01".parse().unwrap(),
        until: "2026-05-01".parse().unwrap(),
        only: None,
        but: Vec::new(),
        private: None,
        now: hour(1),
        tolerance_days: 0,
    };
    let own = "growth".parse().unwrap();
    for filter in [
        span.clone(),
        PortfolioFilter { only: Some(vec![own]), private: Some(of_teams.clone()), ..span.clone() },
        PortfolioFilter { but: vec!["search".parse().unwrap()], ..span },
    ] {
        store.portfolio(&filter).await.unwrap();
        store.figures_in_short(&filter).await.unwrap();
        store.expectations(&filter).await.unwrap();
        store.disagreement(&filter).await.unwrap();
        store.unmeasured(&filter, 10).await.unwrap();
    }
    store.waits_of(std::slice::from_ref(&slug)).await.unwrap();
    for sees in [Sees::Everything, of_teams.clone()] {
        let waits_for = Some((WaitsFor::Retro, hour(1)));
        store
            .releases(&ReleaseFilter { waits_for, sees, ..ReleaseFilter::default() }, None, 10)
            .await
            .unwrap();
    }
    let narrow = RunFilter { digest: Some(digest), failed: true, shadow: true, sees: of_teams };
    for filter in [RunFilter::default(), narrow] {
        store.plugin_runs(&plugin, &filter, None, 10).await.unwrap();
        store.plugin_runs(&plugin, &filter, Some(9), 10).await.unwrap();
    }
}

#[test]
fn reads_go_by_an_index() {
    statements::collect();
    on_sqlite(async |database| {
        let store = &database.store;
        register(store).await;
        import(store, 1, &[(1, 1.0), (2, 2.0)], Some(3)).await;
        let again = import(store, 2, &[(1, 1.0), (2, 3.0)], Some(3)).await;
        store.undo_import(again, &ana(), hour(3)).await.unwrap();
        let (sealed, terms) = seal(1, "terms");
        store.seal(&release("ga").slug, &sealed, &terms).await.unwrap();
        store.launch(&release("ga").slug, &launch(), None, &[]).await.unwrap();
        let (official, terms) = verdict("ga/d28", Standing::Official, 1.0);
        store.save_verdict(&official, vec![(official.terms, vec![1])], &terms, &[]).await.unwrap();
        read_everything(store).await;
        assert!(day(1) < day(2));

        let statements = statements::collected();
        assert!(statements.len() > 40, "the driver reports what it runs: {statements:?}");
        let mut connection = SqliteConnection::connect(&database.url).await.unwrap();
        let mut points = 0;
        for statement in
            statements.iter().filter(|text| text.starts_with("SELECT") || text.starts_with("WITH"))
        {
            let plan = explain(&mut connection, statement).await;
            points += plan.iter().filter(|step| step.contains("SEARCH p USING PRIMARY KEY")).count();
            // Without sorting, the limit ends a scan.
            let limited =
                statement.contains("LIMIT") && !plan.iter().any(|step| step.contains("TEMP B-TREE"));
            // Nor is a page of releases the first of all there are, sorted.
            let sorted = plan.iter().any(|step| step == "USE TEMP B-TREE FOR ORDER BY");
            let is_page = statement.contains("FROM releases r LEFT JOIN") && statement.contains("LIMIT");
            assert!(!(is_page && sorted), "{statement}\n  {}", plan.join("\n  "));
            for step in plan.iter().filter(|step| step.starts_with("SCAN") && !limited) {
                let table = step.split_whitespace().nth(1).unwrap();
                let harmless = REGISTERS.contains(&table)
                    || ["keys", "newest", "u", "schema_versions", "sqlite_schema"].contains(&table)
                    || step.contains("CONSTANT ROW")
                    // Of a full text only what has the words is read.
                    || step.contains("VIRTUAL TABLE INDEX");
                assert!(harmless, "{statement}\n  {}", plan.join("\n  "));
            }
        }
        assert!(points >= 2, "points are read by their key");
    });
}

async fn explain(connection: &mut SqliteConnection, statement: &str) -> Vec<String> {
    let rows = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}")))
        .fetch_all(connection)
        .await
        .unwrap();
    rows.iter().map(|row| row.get("detail")).collect()
}
