//! How often somebody may ask.

use yardstick_tests::both;

use super::{Answer, Service, sqlite, tokens};
use crate::cli::Desk;
use crate::remote::{Served, kept};

/// Asks until it is too often, which must come soon: one request a second is answered, and each takes milliseconds.
fn until_too_often(ask: impl Fn() -> Answer) -> Answer {
    let found = (0..200).map(|_| ask()).find(|answer| answer.status == 429);
    found.expect("two hundred requests are more than one a second")
}

#[test]
fn whoever_asks_too_often_is_told_when_to_come_again() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--access", "local", "--no-work", "--requests-per-second", "1", "--burst", "2"];
    let served = Served::with(&options, &sqlite(folder.path()), &kept("api"), &folder.path().join("log"));
    let service = Service { served, folder };
    assert_eq!(service.get("/api/v1/releases").status, 200);
    let refused = until_too_often(|| service.get("/api/v1/releases"));
    assert!(refused.head.contains("retry-after: 1\r\n"), "{refused:?}");
    let problem = refused.problem();
    assert_eq!(problem["code"], "too-many-requests");
    assert_eq!(problem["detail"], "more requests came than are answered; ask again in 1 s");
    // Whoever watches the service is always answered, and writing is counted too.
    for _ in 0..20 {
        assert_eq!(service.get("/livez").status, 200);
        assert_eq!(service.get("/health/ready").status, 200);
    }
    until_too_often(|| service.post("/api/v1/releases/x/seal", ""));
    // What needs no caller is counted by address.
    until_too_often(|| service.get("/api/v1/openapi.json"));
}

both! {
    async fn one_caller_is_not_kept_waiting_by_another(database: Database) {
        let data = tempfile::tempdir().unwrap();
        let desk = Desk::new(Some(&database.url));
        desk.write("small.yaml", crate::app::SMALL);
        desk.must("apply -f small.yaml");
        let token = |owner: &str| desk.must(&format!("token create --name test --for {owner}")).trim().to_owned();
        let (ana, other, ben) =
            (token("ana.lopez@example.com"), token("ana.lopez@example.com"), token("ben.okafor@example.com"));
        let options = ["--requests-per-second", "1", "--burst", "5"];
        let service = tokens::served_with(&options, &database.url, &data);
        let ask = |token: &str| {
            service.ask("GET", "/api/v1/whoami", &[("Authorization", &format!("Bearer {token}"))], "")
        };
        until_too_often(|| ask(&ana));
        assert_eq!(ask(&ben).status, 200);
        // Another token of theirs does not help.
        until_too_often(|| ask(&other));
    }

    async fn guesses_are_few(database: Database) {
        let guarded = tokens::Guarded::over(&database);
        let ana = guarded.token("ana.lopez@example.com", "read");
        assert_eq!(guarded.get(&ana, "/api/v1/whoami").status, 200);
        let guess = || guarded.get(&format!("ysk_{}", "0".repeat(64)), "/api/v1/whoami");
        assert_eq!(guess().status, 401);
        let refused = until_too_often(guess);
        assert!(refused.head.contains("retry-after: "), "{refused:?}");
        // Whoever was here before goes on, whatever others of the same address try.
        assert_eq!(guarded.get(&ana, "/api/v1/whoami").status, 200);
    }
}
