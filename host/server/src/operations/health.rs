//! Whether the service can do its work.

use yardstick_app::App;
use yardstick_client::api::{Health, HealthCheck};

/// Whether the database answers and the judges are loaded.
pub(crate) async fn ready(app: &App) -> Health {
    let check = |name: &str, problem: Option<String>| HealthCheck {
        name: name.to_owned(),
        ok: problem.is_none(),
        problem,
    };
    let checks = vec![
        // Whoever asks need not know how the database fails; the log does.
        check(
            "database",
            app.reach().await.err().map(|error| {
                tracing::error!("the database cannot be reached: {error}");
                "cannot be reached; the log says why".to_owned()
            }),
        ),
        check("judges", app.judges_not_loaded().first().cloned()),
    ];
    Health { ok: checks.iter().all(|check| check.ok), checks }
}
