//! What people do, as the examples tell it: decide, ask, look back, and let others ask.

use serde_json::{Value, json};
use yardstick_domain::intake::signature::Signature;
use yardstick_domain::sink::SigningSecret;

use super::Story;
use crate::api::sqlite;
use crate::api::tokens::served;
use crate::app::plugins::release;
use crate::cli::Desk;

/// What people make of the verdict, of whom two have tokens.
pub(super) fn argued(story: &mut Story) {
    let url = sqlite(story.folder.path());
    let data = tempfile::tempdir().unwrap();
    let guarded = served(&url, &data);
    let desk = Desk::new(Some(&url));
    let [ana, ben] = ["ana.lopez", "ben.okafor"].map(|who| {
        let made = format!("token create --name decisions --for {who}@example.com --scopes read,write");
        format!("Bearer {}", desk.must(&made).trim())
    });
    let by = |who: &str, path: &str, body: &str| {
        let headers = [("Authorization", who), ("Content-Type", "application/json")];
        guarded.ask("POST", path, &headers[..if body.is_empty() { 1 } else { 2 }], body)
    };
    let of = |verb: &str| format!("/api/v1/releases/quick-start/{verb}");
    let held = json!({
        "verdict": "d7", "stance": "override", "outcome": "fail", "until": "2099-12-31",
        "reason": "the first day was counted twice",
    });
    let made = by(&ben, &of("decisions"), &held.to_string());
    let decision = story.keep("decide", held, &made)["id"].as_i64().unwrap();
    let path = format!("/api/v1/decisions/{decision}");
    story.keep("approve_decision", Value::Null, &by(&ana, &format!("{path}/approve"), ""));
    story.get("decision", &path);
    story.get("decisions", "/api/v1/decisions?release=quick-start");
    let late = json!({ "reason": "it was not counted twice, after all" });
    story.post("withdraw_decision", &format!("{path}/withdraw"), late);
    let asks = json!({
        "kind": "question", "text": "Do bots count as users here?", "verdict": "d7", "criterion": "uses", "to": "metric",
    });
    let comment = story.post("comment", &of("comments"), asks)["id"].as_i64().unwrap();
    let answer = json!({ "answer": "No: they are left out of the source." });
    story.post("answer_comment", &format!("/api/v1/comments/{comment}/answer"), answer);
    story.get("comments", "/api/v1/comments?release=quick-start");
    let agrees = json!({ "verdict": "d7", "agrees": true, "text": "The days are the agreed ones." });
    let signed = by(&ben, &of("reviews"), &agrees.to_string());
    story.keep("review", agrees, &signed);
    story.get("reviews", "/api/v1/reviews?release=quick-start");
    let text = release("quick-start", "threshold@1", "{ at_least: 50 }");
    let amends = json!({
        "files": [{ "name": "release.yaml", "text": text.trim_start() }], "dry_run": false,
        "amend": "60 was a slip of the pen",
    });
    let amended = by(&ana, "/api/v1/apply", &amends.to_string());
    assert_eq!(amended.status, 200, "{amended:?}");
    story.keep("approve_amendment", Value::Null, &by(&ben, &of("amendments/2/approve"), ""));
}

/// Retros, and what they end in.
pub(super) fn looked_back_on(story: &mut Story) {
    let opens = json!({
        "releases": ["quick-start"], "id": "quick-start-retro", "title": "Quick start",
        "facilitator": "ana.lopez@example.com",
    });
    story.post("open_retro", "/api/v1/retros", opens);
    let retro = "/api/v1/retros/quick-start-retro";
    let held = json!({
        "status": "held", "title": "Quick start", "releases": ["quick-start"], "held_at": "2026-03-14T15:00:00Z",
        "facilitator": "ana.lopez@example.com", "attendees": ["ana.lopez@example.com", "ben.okafor@example.com"],
        "sections": {
            "went_well": ["The docs were ready two weeks before the launch"],
            "did_not": ["Nobody found the button; 12 calls to support"],
        },
        "topics": [{
            "title": "Why nobody found the button", "votes": 7, "notes": "It is below the fold.",
            "commitment": { "text": "Move the button up", "owner": "ben.okafor@example.com", "due": "2026-04-30" },
        }],
        "learnings": [{
            "text": "A banner inside the product brought more users than e-mail", "tags": ["onboarding"],
            "evidence": ["quick-start/d7#uses"],
        }],
    });
    story.edit("edit_retro", retro, held);
    story.get("retro", retro);
    story.get("retros", "/api/v1/retros");
    for (operation, ending) in [("retro_json", "json"), ("retro_markdown", "md"), ("retro_html", "html")] {
        story.get(operation, &format!("{retro}/report.{ending}?redact=true"));
    }
    let done = json!({
        "text": "Move the button up", "owner": "ben.okafor@example.com", "due": "2026-04-30", "state": "done",
    });
    story.get("actions", "/api/v1/actions?state=open");
    story.edit("edit_action", "/api/v1/actions/A-1", done);
    story.get("action", "/api/v1/actions/A-1");
    story.get("learnings", "/api/v1/learnings?q=what+did+we+learn+about+onboarding%3F");
    let why = json!({ "reason": "the retro of the whole launch looks back on it" });
    story.post("waive_retro", "/api/v1/releases/quick-start/waive-retro", why);
}

/// What comes from elsewhere, and what goes there.
pub(super) fn asked_for(story: &mut Story) {
    let takes = json!({ "repository": "example/product", "team": "growth", "label": "launch" });
    let secret = story.post("add_intake", "/api/v1/intakes", takes)["secret"].as_str().unwrap().to_owned();
    story.get("list_intakes", "/api/v1/intakes");
    let opened = json!({
        "action": "opened",
        "issue": {
            "html_url": "https://github.com/example/product/issues/12", "number": 12, "title": "Faster sign-up",
            "body": "### Level\n\nL2 (Medium)", "labels": [{ "name": "launch" }], "state": "open",
            "updated_at": "2026-02-01T10:00:00Z", "user": { "login": "ana" },
        },
        "repository": { "full_name": "example/product" },
    });
    let signature = Signature::text(&SigningSecret::of(secret), opened.to_string().as_bytes());
    let headers = [
        ("Content-Type", "application/json"),
        ("X-GitHub-Event", "issues"),
        ("X-GitHub-Delivery", "2f1c9a60-0f5e-11f1-8f3c-7a1d5e0b9c44"),
        ("X-Hub-Signature-256", &signature),
    ];
    let delivered = story.service.ask("POST", "/api/v1/intake/github", &headers, &opened.to_string());
    let request = story.keep("deliver", opened, &delivered)["request"].as_i64().unwrap();
    let path = format!("/api/v1/requests/{request}");
    story.get("list_requests", "/api/v1/requests?state=asks");
    let lacked = json!({ "planned": "2026-04-20", "owner": "ana.lopez@example.com" });
    story.post("register_request", &format!("{path}/register"), lacked);
    story.get("show_request", &path);
    let intake = "/api/v1/intakes/growth/example%2Fproduct";
    story.post("turn_intake_secret", &format!("{intake}/secret"), Value::Null);
    story.post("remove_intake", &format!("{intake}/remove"), Value::Null);

    let plan = "Title,Team,Level,Planned date,Release\nQuick start,growth,L2,2026-03-02,quick-start\n\
                Larger teams,growth,L1,2026-05-04,\n";
    let answer = story.service.ask("POST", "/api/v1/roadmap", &[("Content-Type", "text/csv")], plan);
    story.keep("import_roadmap", json!(plan), &answer);
    story.get("list_roadmap", "/api/v1/roadmap?registered=false");
    for rows in ["releases", "verdicts", "findings"] {
        story.get(&format!("export_{rows}"), &format!("/api/v1/exports/{rows}"));
    }
    story.get("portfolio", "/api/v1/portfolio");
    story.get("portfolio_html", "/api/v1/portfolio.html");
}
