//! A service that is open to a company: asked with tokens, and otherwise not at all.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;
use tempfile::TempDir;
use yardstick_tests::both;
use yardstick_tests::databases::Database;

use super::{Answer, Service, sqlite};
use crate::app::plugins::{TEAMS, release};
use crate::app::tamper::behind;
use crate::cli::Desk;
use crate::remote::Served;

/// Names and values.
type Headers = Vec<(&'static str, String)>;

/// A service that takes tokens, with the teams in it.
pub(super) struct Guarded {
    pub(super) service: Service,
    pub(super) desk: Desk,
    data: TempDir,
}

impl Guarded {
    pub(super) fn over(database: &Database) -> Self {
        let data = tempfile::tempdir().unwrap();
        let desk = Desk::new(Some(&database.url));
        desk.write("teams.yaml", TEAMS);
        let private = release("secret-start", "threshold@1", "{ at_least: 60 }")
            .replace("level: L2", "level: L2\nvisibility: team");
        desk.write("release.yaml", &private);
        desk.must("apply -f teams.yaml -f release.yaml");
        let service = served(&database.url, &data);
        Self { service, desk, data }
    }

    /// A token of somebody, as an operator makes it on the machine.
    pub(super) fn token(&self, owner: &str, scopes: &str) -> String {
        self.desk.must(&format!("token create --name test --for {owner} --scopes {scopes}")).trim().to_owned()
    }

    pub(super) fn get(&self, token: &str, path: &str) -> Answer {
        self.service.ask("GET", path, &[("Authorization", &format!("Bearer {token}"))], "")
    }

    pub(super) fn post(&self, token: &str, path: &str, body: &serde_json::Value) -> Answer {
        let authorization = format!("Bearer {token}");
        let headers = [("Authorization", authorization.as_str()), ("Content-Type", "application/json")];
        self.service.ask("POST", path, &headers, &body.to_string())
    }
}

/// A service that takes tokens.
pub(super) fn served(database: &str, data: &TempDir) -> Service {
    served_with(&[], database, data)
}

/// A service that takes tokens, with further options.
pub(super) fn served_with(options: &[&str], database: &str, data: &TempDir) -> Service {
    let folder = tempfile::tempdir().unwrap();
    let options = [&["--no-work"], options].concat();
    let served = Served::with(&options, database, data.path(), &folder.path().join("log"));
    Service { served, folder }
}

#[test]
fn a_fresh_service_is_never_open_and_can_be_used_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = tempfile::tempdir().unwrap();
    let service = served(&sqlite(folder.path()), &data);
    assert_eq!(service.get("/api/v1/releases").status, 401);
    let file = data.path().join("operator.token");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let token = std::fs::read_to_string(&file).unwrap();
    let bearer = format!("Bearer {}", token.trim());
    let who = service.ask("GET", "/api/v1/whoami", &[("Authorization", &bearer)], "").json();
    assert_eq!((who["actor"].as_str(), who["operator"].as_bool()), (Some("service:operator"), Some(true)));
    // Only its path is told.
    let log = service.log();
    assert!(log.contains(&format!("a token of an operator is in {}", file.display())), "{log}");
    assert!(!log.contains(token.trim()), "the token is in the log");
    // Once: the next start leaves it as it is, and takes it.
    drop(service);
    let service = served(&sqlite(folder.path()), &data);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), token);
    assert_eq!(service.ask("GET", "/api/v1/whoami", &[("Authorization", &bearer)], "").status, 200);
    // What the service offers and whether it lives is for everyone.
    for open in ["/health/live", "/health/ready", "/api", "/api/v1/openapi.json"] {
        assert!(matches!(service.get(open).status, 200 | 307), "{open}");
    }
}

both! {
    async fn whoever_has_no_token_gets_nothing(database: Database) {
        let guarded = Guarded::over(&database);
        let good = guarded.token("ana.lopez@example.com", "read");
        assert_eq!(guarded.get(&good, "/api/v1/releases/secret-start").status, 200);
        let header = |value: &str| vec![("Authorization", value.to_owned())];
        let table: [(&str, Headers, &str); 7] = [
            ("/api/v1/releases", vec![], "send a token: Authorization: Bearer TOKEN"),
            ("/api/v1/releases", header("Bearer"), "not of the form: Bearer TOKEN"),
            ("/api/v1/releases", header(&good), "not of the form: Bearer TOKEN"),
            ("/api/v1/releases", header("Basic YW5hOnB3"), "not of the form: Bearer TOKEN"),
            ("/api/v1/releases", header(&format!("Bearer {good}0")), "nobody has this token"),
            ("/api/v1/releases", [header(&format!("Bearer {good}")), header("Bearer x")].concat(), "more than once"),
            ("/api/v1/nowhere", vec![], "send a token"),
        ];
        for (path, headers, says) in table {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = guarded.service.ask("GET", path, &headers, "");
            assert!(answer.head.contains("www-authenticate: bearer"), "{answer:?}");
            let problem = answer.problem();
            assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(401), Some("unauthenticated")));
            assert!(problem["detail"].as_str().unwrap().contains(says), "{problem}");
        }
        // Not in an address, which ends up in logs: there it is an unknown parameter, and no token.
        for name in ["access_token", "token", "authorization"] {
            let answer = guarded.service.get(&format!("/api/v1/releases?{name}={good}"));
            assert_eq!(answer.status, 401);
        }
        assert!(!guarded.service.log().contains(&good[..12]), "a token is in the log");
    }

    async fn an_expired_or_revoked_token_gets_nothing(database: Database) {
        let guarded = Guarded::over(&database);
        let token = guarded.token("ana.lopez@example.com", "read");
        let other = guarded.token("ana.lopez@example.com", "read,write");
        assert_eq!(guarded.get(&token, "/api/v1/whoami").status, 200);
        // Its owner ends it, with whatever token they have left.
        let listed = guarded.get(&other, "/api/v1/tokens").json();
        let of = |token: &str| {
            listed["items"].as_array().unwrap().iter().find(|item| token.starts_with(item["beginning"].as_str().unwrap()))
                .unwrap()["id"].as_i64().unwrap()
        };
        assert!(!listed.to_string().contains(&token[..20]), "a secret is listed");
        let revoked = guarded.post(&other, &format!("/api/v1/tokens/{}/revoke", of(&token)), &json!(null));
        assert_eq!(revoked.status, 400, "a body is not taken");
        let authorization = format!("Bearer {other}");
        let revoked = guarded.service.ask(
            "POST", &format!("/api/v1/tokens/{}/revoke", of(&token)), &[("Authorization", authorization.as_str())], "",
        );
        assert_eq!(revoked.status, 200, "{revoked:?}");
        let problem = guarded.get(&token, "/api/v1/whoami").problem();
        assert_eq!((problem["status"].as_u64(), problem["detail"].as_str()), (Some(401), Some("this token was revoked")));
        behind(&database, "UPDATE tokens SET expires_at = 1000").await;
        let problem = guarded.get(&other, "/api/v1/whoami").problem();
        assert!(problem["detail"].as_str().unwrap().starts_with("this token has expired"), "{problem}");
    }

    async fn what_a_token_may_not_is_not_done(database: Database) {
        let guarded = Guarded::over(&database);
        let reads = guarded.token("ana.lopez@example.com", "read");
        let imports = guarded.token("grace.kim@example.com", "import");
        let eve = guarded.token("eve.moss@example.com", "read,write,operate");
        let seal = "/api/v1/releases/secret-start/seal";
        let ask = |token: &str, method: &str, path: &str| {
            guarded.service.ask(method, path, &[("Authorization", &format!("Bearer {token}"))], "")
        };
        let problem = ask(&reads, "POST", seal).problem();
        assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(403), Some("forbidden")));
        assert!(problem["detail"].as_str().unwrap().contains("without the scope write"), "{problem}");
        let problem = ask(&imports, "GET", "/api/v1/releases").problem();
        assert_eq!(problem["detail"], "a token without the scope read cannot read; make one that has it");
        // Another team's private release is not there; what is theirs is not changed.
        for (method, path) in [
            ("GET", "/api/v1/releases/secret-start"),
            ("GET", "/api/v1/releases/secret-start/check"),
            ("POST", seal),
        ] {
            let problem = ask(&eve, method, path).problem();
            assert_eq!(problem["detail"], "there is no release secret-start", "{method} {path}");
        }
        assert!(!ask(&eve, "GET", "/api/v1/releases").body.contains("secret"));
        let files = |text: &str| json!({ "files": [{ "name": "x.yaml", "text": text }] });
        let growth = TEAMS.split("---").next().unwrap().replace("ben.okafor", "eve.moss");
        let problem = guarded.post(&eve, "/api/v1/apply", &files(&growth)).problem();
        assert_eq!(problem["code"], "forbidden", "{problem}");
        let problem = guarded.post(&eve, "/api/v1/tokens", &json!({
            "name": "x", "owner": "ana.lopez@example.com", "scopes": ["write"]
        })).problem();
        assert!(problem["detail"].as_str().unwrap().starts_with("only operators may make tokens for others"), "{problem}");
        let problem = guarded.post(&eve, "/api/v1/service-accounts", &json!({ "key": "mine", "name": "x" })).problem();
        assert_eq!(problem["code"], "forbidden", "{problem}");
        let problem = guarded.post(&eve, "/api/v1/tokens", &json!({ "name": "x", "scopes": ["root"] })).problem();
        assert_eq!(problem["errors"][0]["field"], "scopes[0]", "{problem}");
    }

    async fn the_command_line_asks_with_a_token(database: Database) {
        let guarded = Guarded::over(&database);
        let far = Desk::new(None);
        let address = guarded.service.served.address.clone();
        let file = guarded.data.path().join("operator.token");
        let ask = |words: &str| far.run(&format!("--server {address} --token-file {} {words}", file.display()));
        let ran = ask("whoami");
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(ran.out.contains("who        service:operator\noperator   yes\n"), "{}", ran.out);
        let ran = ask("service create growth-ci --name Pipeline --team growth");
        assert!(ran.out.starts_with("service account growth-ci as a member of growth\n"), "{ran:?}");
        let ran = ask("token create --for service:growth-ci --name nightly --scopes import,read --days 7");
        let token = ran.out.trim().to_owned();
        assert!(token.starts_with("ysk_") && ran.err.contains("of service:growth-ci: read, import, until"), "{ran:?}");
        far.write("token", &token);
        let ran = far.run(&format!("--server {address} --token-file token release show secret-start"));
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let ran = far.run(&format!("--server {address} --token-file token seal secret-start"));
        assert_eq!(ran.code, Some(1));
        assert!(ran.err.contains("a token without the scope write cannot seal releases of growth"), "{}", ran.err);
        let ran = ask("token list");
        assert!(ran.out.contains("service:growth-ci") && !ran.out.contains(&token[..20]), "{}", ran.out);
        let ran = ask("service retire growth-ci");
        assert_eq!(ran.out, "service account growth-ci is retired; its tokens are refused\n");
        let ran = far.run(&format!("--server {address} --token-file token whoami"));
        assert!(ran.err.contains("the service account of this token was retired"), "{}", ran.err);
        let ran = far.run(&format!("--server {address} release list"));
        assert!(ran.err.contains("send a token"), "{}", ran.err);
        far.write("token", "ysk_short");
        let ran = far.run(&format!("--server {address} --token-file token whoami"));
        assert_eq!(ran.code, Some(2));
        assert!(ran.err.contains("no token looks like this") && !ran.err.contains("ysk_short"), "{}", ran.err);
        let ran = far.run(&format!("--server {address} --token-file nowhere whoami"));
        assert!(ran.err.contains("cannot read the token in nowhere"), "{}", ran.err);
    }
}
