//! Every endpoint of the client's list has a method, and every method an endpoint of the list.

use yardstick_client::api::{
    ActionRequest, ActionsRequest, AnswerRequest, ApplyRequest, AuditCheckRequest, AuditRequest,
    BacktestRequest, CancelRequest, ChartsRequest, CommentRequest, CommentsRequest, DecisionRequest,
    DecisionsRequest, DeliveriesRequest, EventsRequest, ExportRequest, Exported, ForgetRequest, GrantRequest,
    ImportRequest, ImportsRequest, InputsRequest, IntakeRequest, JobsRequest, JudgeRequest, LaunchRequest,
    LearningsRequest, MetricsRequest, OpenRetroRequest, PageRequest, PointsRequest, PortfolioRequest,
    PublishRequest, PutReleaseRequest, ReasonRequest, RegisterRequest, ReleasesRequest, RequestsRequest,
    RescheduleRequest, RetroReportRequest, RetroRequest, RetrosRequest, ReviewRequest, ReviewsRequest,
    RoadmapImportRequest, RoadmapRequest, RunsRequest, ServiceAccountRequest, SinkRequest, TokenRequest,
    UndoLaunchRequest, VerdictsRequest,
};
use yardstick_client::http::{Client, Delivery, Error, Expect, Format, Upload, endpoints};
use yardstick_tests::databases::block_on;

use super::peer::{Answer, Peer, answer};
use super::{PROBLEM, client};

const REFUSED: &str = r#"{"type":"","title":"","status":422,"detail":"no","instance":null,"code":"refused",
    "errors":[],"error_count":0}"#;

/// Calls every method there is; gives how many.
async fn call_all(client: &Client) -> usize {
    let mut calls = 0;
    let mut refused = |error: Error| {
        calls += 1;
        assert!(matches!(error, Error::Refused { .. }), "{error}");
    };
    let reason = || "no reason".to_owned();
    refused(client.apply(&ApplyRequest { files: Vec::new(), dry_run: true, amend: None }).await.unwrap_err());
    refused(client.imports(&ImportsRequest::default()).await.unwrap_err());
    let upload = Upload::new(Format::Csv, tokio::io::empty());
    refused(client.import("x.y", &ImportRequest::default(), upload).await.unwrap_err());
    refused(client.imports_of("x.y", &PageRequest::default()).await.unwrap_err());
    refused(client.import_of(1).await.unwrap_err());
    refused(client.undo_import(1).await.unwrap_err());
    refused(client.metrics(&MetricsRequest::default()).await.unwrap_err());
    refused(client.metric("x.y").await.unwrap_err());
    refused(client.metric_points("x.y", &PointsRequest::default()).await.unwrap_err());
    refused(client.organisation().await.unwrap_err());
    refused(client.teams(&PageRequest::default()).await.unwrap_err());
    refused(client.team("y").await.unwrap_err());
    refused(client.persons(&PageRequest::default()).await.unwrap_err());
    refused(client.person("a@x").await.unwrap_err());
    refused(client.releases(&ReleasesRequest::default()).await.unwrap_err());
    refused(client.release("x-y").await.unwrap_err());
    refused(client.release_file("x-y").await.unwrap_err());
    refused(client.check("x-y").await.unwrap_err());
    let content = serde_json::json!({});
    refused(client.put_organisation(&content, Expect::New).await.unwrap_err());
    refused(client.put_team("y", &content, Expect::New).await.unwrap_err());
    refused(client.put_person("a@x", &content, Expect::Etag("\"1\"")).await.unwrap_err());
    refused(client.put_metric("x.y", &content, Expect::New).await.unwrap_err());
    let put = PutReleaseRequest::default();
    refused(client.put_release("x-y", &content, &put, Expect::New).await.unwrap_err());
    refused(client.criteria("x-y", &PageRequest::default()).await.unwrap_err());
    refused(client.criteria_version("x-y", 2).await.unwrap_err());
    refused(client.seal("x-y").await.unwrap_err());
    refused(client.launch("x-y", &LaunchRequest::default()).await.unwrap_err());
    refused(client.undo_launch("x-y", &UndoLaunchRequest { reason: reason() }).await.unwrap_err());
    let to = "2026-03-17".to_owned();
    refused(client.reschedule("x-y", &RescheduleRequest { to, reason: reason() }).await.unwrap_err());
    refused(client.cancel("x-y", &CancelRequest { reason: reason() }).await.unwrap_err());
    refused(client.judge("x-y", &JudgeRequest::default()).await.unwrap_err());
    refused(client.verdicts(&VerdictsRequest::default()).await.unwrap_err());
    refused(client.verdict("x-y/d28").await.unwrap_err());
    refused(client.replay("x-y/d28").await.unwrap_err());
    refused(client.verdict_charts("x-y/d28", &ChartsRequest::default()).await.unwrap_err());
    refused(client.verdict_chart("x-y/d28", &ChartsRequest::default()).await.unwrap_err());
    refused(client.verdict_html("x-y/d28").await.unwrap_err());
    refused(client.verdict_markdown("x-y/d28").await.unwrap_err());
    refused(
        client.verdict_inputs("x-y/d28", &InputsRequest { criterion: "c".to_owned() }).await.unwrap_err(),
    );
    refused(client.decisions(&DecisionsRequest::default()).await.unwrap_err());
    refused(client.decide("x-y", &DecisionRequest::default()).await.unwrap_err());
    refused(client.decision(1).await.unwrap_err());
    refused(client.approve_decision(1).await.unwrap_err());
    refused(client.withdraw_decision(1, &ReasonRequest { reason: reason() }).await.unwrap_err());
    refused(client.approve_amendment("x-y", 2).await.unwrap_err());
    refused(client.comments(&CommentsRequest::default()).await.unwrap_err());
    let (kind, text) = ("remark".to_owned(), reason());
    let comment = CommentRequest { kind, text, verdict: None, criterion: None, to: None };
    refused(client.comment("x-y", &comment).await.unwrap_err());
    refused(client.answer_comment(1, &AnswerRequest { answer: reason() }).await.unwrap_err());
    refused(client.reviews(&ReviewsRequest::default()).await.unwrap_err());
    let review = ReviewRequest { verdict: None, agrees: true, text: None };
    refused(client.review("x-y", &review).await.unwrap_err());
    refused(client.portfolio(&PortfolioRequest::default()).await.unwrap_err());
    refused(client.portfolio_html(&PortfolioRequest::default()).await.unwrap_err());
    refused(client.retros(&RetrosRequest::default()).await.unwrap_err());
    refused(client.open_retro(&OpenRetroRequest::default()).await.unwrap_err());
    refused(client.retro("r").await.unwrap_err());
    refused(client.edit_retro("r", 1, &RetroRequest::default()).await.unwrap_err());
    refused(client.retro_markdown("r", &RetroReportRequest::default()).await.unwrap_err());
    refused(client.retro_html("r", &RetroReportRequest::default()).await.unwrap_err());
    refused(client.retro_json("r", &RetroReportRequest::default()).await.unwrap_err());
    refused(client.waive_retro("x-y", &ReasonRequest { reason: reason() }).await.unwrap_err());
    refused(client.actions(&ActionsRequest::default()).await.unwrap_err());
    refused(client.action("A-1").await.unwrap_err());
    refused(client.edit_action("A-1", 1, &ActionRequest::default()).await.unwrap_err());
    refused(client.learnings(&LearningsRequest::default()).await.unwrap_err());
    refused(client.audit(&AuditRequest::default()).await.unwrap_err());
    refused(client.check_audit(&AuditCheckRequest::default()).await.unwrap_err());
    refused(client.forget_in_audit(&ForgetRequest { who: "local:x".to_owned() }).await.unwrap_err());
    refused(client.whoami().await.unwrap_err());
    refused(client.tokens(&PageRequest::default()).await.unwrap_err());
    let token = TokenRequest { name: "x".to_owned(), owner: None, scopes: Vec::new(), days: None };
    refused(client.make_token(&token).await.unwrap_err());
    refused(client.revoke_token(1).await.unwrap_err());
    refused(client.service_accounts().await.unwrap_err());
    let account = ServiceAccountRequest { key: "x".to_owned(), name: "x".to_owned(), team: None };
    refused(client.make_service_account(&account).await.unwrap_err());
    refused(client.retire_service_account("x").await.unwrap_err());
    refused(client.jobs(&JobsRequest::default()).await.unwrap_err());
    refused(client.job(1).await.unwrap_err());
    refused(client.retry_job(1).await.unwrap_err());
    refused(client.cancel_job(1).await.unwrap_err());
    refused(client.status().await.unwrap_err());
    refused(client.events(&EventsRequest::default()).await.unwrap_err());
    refused(client.deliveries(&DeliveriesRequest::default()).await.unwrap_err());
    refused(client.sinks().await.unwrap_err());
    let sink = SinkRequest {
        name: "x".to_owned(),
        kind: "folder".to_owned(),
        team: None,
        kinds: Vec::new(),
        url: None,
        private_addresses: false,
    };
    refused(client.add_sink(&sink).await.unwrap_err());
    refused(client.remove_sink("x").await.unwrap_err());
    refused(client.turn_secret("x").await.unwrap_err());
    refused(client.try_sink("x").await.unwrap_err());
    let delivery = Delivery {
        event: "ping".to_owned(),
        id: "d".to_owned(),
        signature: "s".to_owned(),
        body: Vec::new(),
    };
    refused(client.deliver(&delivery).await.unwrap_err());
    refused(client.intakes().await.unwrap_err());
    let intake =
        IntakeRequest { repository: "o/r".to_owned(), team: "t".to_owned(), label: None, private: false };
    refused(client.add_intake(&intake).await.unwrap_err());
    refused(client.remove_intake("t", "o/r").await.unwrap_err());
    refused(client.turn_intake_secret("t", "o/r").await.unwrap_err());
    refused(client.requests(&RequestsRequest::default()).await.unwrap_err());
    refused(client.request(1).await.unwrap_err());
    refused(client.register_request(1, &RegisterRequest::default()).await.unwrap_err());
    for what in Exported::ALL {
        let mut nowhere = tokio::io::sink();
        refused(client.export(what, &ExportRequest::default(), &mut nowhere).await.unwrap_err());
    }
    refused(client.roadmap(&RoadmapRequest::default()).await.unwrap_err());
    refused(client.import_roadmap(&RoadmapImportRequest::default(), Vec::new()).await.unwrap_err());
    refused(client.plugins().await.unwrap_err());
    refused(client.publish_plugin(&PublishRequest::default(), Vec::new()).await.unwrap_err());
    refused(client.plugin("t/p").await.unwrap_err());
    refused(client.plugin_runs("t/p", &RunsRequest::default()).await.unwrap_err());
    let leave = GrantRequest { metric: "x.y".to_owned(), samples: false };
    refused(client.grant("t/p", &leave).await.unwrap_err());
    refused(client.revoke("t/p", &leave).await.unwrap_err());
    let why = ReasonRequest { reason: reason() };
    refused(client.deprecate_plugin("t/p", "1.0.0", &why).await.unwrap_err());
    refused(client.undeprecate_plugin("t/p", "1.0.0").await.unwrap_err());
    refused(client.yank_plugin("t/p", "1.0.0", &why).await.unwrap_err());
    refused(client.unyank_plugin("t/p", "1.0.0", &why).await.unwrap_err());
    refused(client.promote_plugin("t/p", "1.0.0").await.unwrap_err());
    refused(client.backtest("t/p", "1.0.0", &BacktestRequest::default()).await.unwrap_err());
    refused(client.schemas().await.unwrap_err());
    refused(client.schema("release").await.unwrap_err());
    refused(client.live().await.unwrap_err());
    refused(client.ready().await.unwrap_err());
    refused(client.openapi().await.unwrap_err());
    calls
}

#[test]
fn every_endpoint_has_a_method() {
    let refusing = || -> Answer {
        Box::new(|stream| {
            std::io::Write::write_all(stream, &answer("422 Unprocessable Entity", PROBLEM, REFUSED))
        })
    };
    let peer = Peer::new(std::iter::repeat_with(refusing).take(endpoints().count()));
    let calls = block_on(call_all(&client(&peer.address)));
    // The peer waits until it was asked so often.
    assert_eq!(calls, endpoints().count());
    let mut asked: Vec<String> = peer.asked().iter().map(|head| template(head)).collect();
    let mut listed: Vec<String> = endpoints().map(ToString::to_string).collect();
    asked.sort();
    listed.sort();
    assert_eq!(asked, listed);
}

/// Method and path of a request, its parameters as the OpenAPI document writes them.
fn template(head: &str) -> String {
    let mut words = head.split_whitespace();
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    let path = path.split('?').next().unwrap();
    let named = path.split('/').map(|segment| match segment {
        "x.y" => "{metric}",
        "x-y" => "{release}",
        "r" => "{retro}",
        "A-1" => "{action}",
        "d28" => "{checkpoint}",
        "1" => "{id}",
        "t%2Fp" => "{plugin}",
        "o%2Fr" => "{repository}",
        "1.0.0" | "2" => "{version}",
        "y" => "{team}",
        "a@x" | "a%40x" => "{person}",
        other => other,
    });
    let path = named.collect::<Vec<_>>().join("/").replace("schemas/release", "schemas/{kind}");
    let path = path
        .replace("service-accounts/x/", "service-accounts/{account}/")
        .replace("sinks/x/", "sinks/{sink}/")
        .replace("intakes/t/", "intakes/{team}/");
    format!("{method} {path}")
}
