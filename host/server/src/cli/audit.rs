//! `yardstick audit`

use std::process::ExitCode;

use yardstick_client::api::{AuditCheckRequest, AuditEventDocument, AuditRequest, ForgetRequest};
use yardstick_domain::audit::Head;
use yardstick_domain::people::Actor;
use yardstick_stats::format::counted;

use super::context::{Context, Failure, checked};
use super::output::{Format, json, put, table};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List what was done and by whom, the newest first. For operators.
    List {
        /// Only what was done to this, such as "release batch-changes-ga".
        #[arg(long)]
        subject: Option<String>,
        /// How many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=500))]
        limit: u32,
    },
    /// Check that nothing was changed, removed or put in another order since. Exits with 1 when something was.
    Verify {
        /// A head that was kept elsewhere, such as one that a verdict names: then also that nothing was cut off at the
        /// end, nor all of it written anew.
        #[arg(long, value_parser = checked::<Head>)]
        head: Option<String>,
    },
    /// Erase the name behind somebody's events. The events stay, and so does the chain.
    Forget {
        /// A person by mail address, or local:USER.
        #[arg(value_parser = checked::<Actor>)]
        who: String,
    },
}

pub(super) async fn run(context: &Context, command: &Command) -> Result<ExitCode, Failure> {
    let backend = context.open().await?;
    match command {
        Command::List { subject, limit } => {
            let request =
                AuditRequest { subject: subject.clone(), limit: Some(*limit), ..AuditRequest::default() };
            let page = backend.audit(&request).await?;
            if context.output == Format::Json {
                json(&page)?;
            } else {
                let rows: Vec<Vec<String>> = page.items.iter().map(row).collect();
                table(context.output, &["when", "who", "did", "to", "link"], &rows, "Nothing was done yet.");
            }
        }
        Command::Verify { head } => {
            let found = backend.check_audit(&AuditCheckRequest { head: head.clone() }).await?;
            if context.output == Format::Json {
                json(&found)?;
            } else {
                for problem in &found.problems {
                    put(&format!("WRONG  {problem}\n"));
                }
                let events = counted(found.events, "events");
                put(&match (found.ok, &found.head) {
                    (true, Some(head)) => format!("{events} in order; keep elsewhere: {head}\n"),
                    (true, None) => "nothing is chained yet\n".to_owned(),
                    (false, _) => format!("{events} checked\n"),
                });
                for limit in &found.limits {
                    put(&format!("note   {limit}\n"));
                }
            }
            return Ok(ExitCode::from(u8::from(!found.ok)));
        }
        Command::Forget { who } => {
            let done = backend.forget_in_audit(&ForgetRequest { who: who.clone() }).await?;
            if context.output == Format::Json {
                json(&done)?;
            } else {
                put("the name is erased; the events stay, and so does the chain\n");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn row(event: &AuditEventDocument) -> Vec<String> {
    let did =
        if event.outcome == "refused" { format!("{} (refused)", event.action) } else { event.action.clone() };
    let seq = event.head.as_deref().and_then(|head| head.split(':').next()).unwrap_or_default();
    vec![
        format!("{:.0}", event.at),
        event.name.clone().unwrap_or_else(|| event.actor.clone()),
        did,
        event.subject.clone(),
        seq.to_owned(),
    ]
}
