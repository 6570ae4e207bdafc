//! Whether the service can do its work.

use std::time::Duration;

use yardstick_app::App;
use yardstick_client::api::{Health, HealthCheck};

/// How long the database may take to answer: whoever watches the service asks every few seconds.
const ANSWERS: Duration = Duration::from_secs(5);

/// Whether the database answers and the judges are loaded.
pub(crate) async fn ready(app: &App) -> Health {
    let check = |name: &str, problem: Option<String>| HealthCheck {
        name: name.to_owned(),
        ok: problem.is_none(),
        problem,
    };
    let checks = vec![
        // Whoever asks need not know how the database fails; the log does.
        check("database", unreached(app).await),
        check("judges", app.judges_not_loaded().first().cloned()),
    ];
    Health { ok: checks.iter().all(|check| check.ok), checks }
}

async fn unreached(app: &App) -> Option<String> {
    match tokio::time::timeout(ANSWERS, app.reach()).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => {
            tracing::error!("the database cannot be reached: {error}");
            Some("cannot be reached; the log says why".to_owned())
        }
        Err(_) => Some(format!("does not answer within {} s", ANSWERS.as_secs())),
    }
}
