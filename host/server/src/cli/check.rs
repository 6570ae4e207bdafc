//! `yardstick check`

use std::process::ExitCode;

use yardstick_client::api::{CheckGrade, Lifecycle};
use yardstick_domain::ids::ReleaseSlug;
use yardstick_report::{dates, terminal};

use super::context::{Context, Failure, checked};
use super::output::{Format, WIDTH, json, put};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The release.
    #[arg(value_parser = checked::<ReleaseSlug>)]
    release: String,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    let check = backend.check(&arguments.release).await?;
    let failed = check.grade == CheckGrade::Error;
    let code = if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    if context.output == Format::Json {
        json(&check)?;
        return Ok(code);
    }
    let mut out = format!(
        "{} · {} · planned {} · {}{}\n",
        terminal::escaped(&check.name),
        check.level,
        dates::full(check.planned),
        check.lifecycle.as_str(),
        backend.server().map_or(String::new(), |server| format!(" · server {server}"))
    );
    let width = check.lines.iter().map(|line| line.subject.chars().count()).max().unwrap_or(0);
    for line in &check.lines {
        let label = format!("  {:<5} {:<width$}  ", line.grade.as_str(), line.subject);
        out.push_str(&terminal::hanging(&label, &line.text, WIDTH));
    }
    if failed {
        out.push_str("Cannot be decided as it is: mend the errors, apply the file, and check again.\n");
    } else if let (Some(last), Some(day)) = (&check.decided_at, check.decided_on) {
        out.push_str(&format!(
            "Can be decided at {last}, expected {} ({}).\n",
            dates::full(day),
            check.because
        ));
    }
    let slug = &check.release;
    match check.lifecycle {
        Lifecycle::Draft if !failed => out.push_str(&format!("Next: yardstick seal {slug}\n")),
        Lifecycle::Sealed => out.push_str(&format!("Next: yardstick launch {slug}\n")),
        Lifecycle::Launched => out.push_str(&format!("Next: yardstick judge {slug}\n")),
        Lifecycle::Draft | Lifecycle::Judged | Lifecycle::Closed | Lifecycle::Cancelled => {}
    }
    put(&out);
    Ok(code)
}
