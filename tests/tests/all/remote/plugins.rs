//! The story of a plugin, told twice: over a database, and through a service.

use std::fs;

use super::Desk;
use super::story::tell;
use crate::app::march;
use crate::app::plugins::{TEAMS, component, release};

/// What is done, in order, and the exit code where it is not 0. `*`: in every way of writing results.
const STORY: &str = "
    plugin list*
    plugin show growth/steered # 1
    plugin show treshold # 1
    plugin inspect threshold*
    plugin logs growth/steered # 1
    plugin publish one.wasm # 1
    apply -f teams.yaml
    plugin publish one.wasm
    plugin publish one.wasm
    plugin publish one.wasm --output json
    plugin publish other.wasm # 1
    plugin publish theirs.wasm # 1
    plugin publish rubbish.wasm # 1
    plugin publish nowhere.wasm # 1
    plugin list*
    plugin show growth/steered*
    plugin inspect growth/steered*

    apply -f releases.yaml
    check paid-start # 1
    seal paid-start # 1
    plugin grant growth/steered --metric app.revenu # 1
    plugin grant threshold --metric app.revenue # 1
    plugin grant growth/steered --metric app.revenue
    plugin grant growth/steered --metric app.revenue --output json
    plugin grant growth/steered --metric app.uses --samples
    plugin revoke growth/steered --metric app.uses --samples
    plugin revoke growth/steered --metric app.uses --samples # 1
    seal paid-start
    launch paid-start --at 2026-03-02T10:00:00Z
    launch quick-start --at 2026-03-02T10:00:00Z
    import uses.csv --metric app.uses
    import uses.csv --metric app.revenue
    judge paid-start --as-of 2026-03-11T12:00:00Z
    plugin publish shadow.wasm --shadow
    judge quick-start --as-of 2026-03-11T12:00:00Z
    plugin logs growth/steered*
    plugin logs growth/steered --shadow
    plugin logs growth/steered --failed
    plugin logs growth/steered@1.0.0 --limit 1
    plugin logs growth/steered@one # 2
    plugin backtest growth/steered@1.1.0*
    plugin backtest growth/steered@1.1.0 --since 2036-01-01
    plugin backtest growth/steered@1.1.0 --since soon # 2
    plugin backtest growth/steered@3.0.0 # 1
    plugin backtest growth/steered # 2
    seal late-start # 1
    plugin promote growth/steered@1.1.0
    seal late-start
    plugin deprecate growth/steered@1.0.0 # 2
    plugin deprecate growth/steered@1.0.0 --reason old
    check old-start*
    plugin deprecate growth/steered@1.0.0 --undo --output json
    plugin yank growth/steered@1.0.0 --reason wrong
    seal old-start # 1
    plugin yank growth/steered@1.0.0 --reason right --undo
    plugin yank threshold@1.0.0 --reason wrong # 1
    plugin yank growth/steered@7.0.0 --reason wrong # 1
    plugin show growth/steered*
    replay quick-start/d7
";

fn fill(desk: &Desk) {
    let write = |name: &str, bytes: &[u8]| fs::write(desk.path(name), bytes).unwrap();
    write("teams.yaml", TEAMS.as_bytes());
    write("uses.csv", march(1, 10, "9").as_bytes());
    let paid = release("paid-start", "growth/steered@1", "{}").replace("app.uses", "app.revenue");
    let all = [
        paid,
        release("quick-start", "growth/steered@1", "{}"),
        release("late-start", "growth/steered@1.1", "{}"),
        release("old-start", "growth/steered@=1.0.0", "{}"),
    ];
    write("releases.yaml", all.join("---").as_bytes());
    write("one.wasm", &component("growth/steered", "1.0.0", "log"));
    write("other.wasm", &component("growth/steered", "1.0.0", "pass"));
    write("theirs.wasm", &component("growht/steered", "1.0.0", "pass"));
    write("shadow.wasm", &component("growth/steered", "1.1.0", "fail"));
    write("rubbish.wasm", b"\x7fELF");
}

mod a_service_does_what_a_database_does {
    use super::*;

    #[test]
    fn sqlite() {
        let folder = tempfile::tempdir().unwrap();
        let url = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
        tell(STORY, fill, &url("here.db"), &url("there.db"), "plugins-sqlite");
    }

    #[test]
    fn postgres() {
        if let Some(server) = yardstick_tests::postgres::postgres() {
            tell(STORY, fill, &server.database(), &server.database(), "plugins-postgres");
        }
    }
}
