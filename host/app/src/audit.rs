//! The audit: listed, checked, and names in it forgotten.

use yardstick_domain::audit::{AuditEvent, Checking, Head};
use yardstick_domain::people::Actor;
use yardstick_domain::verdict::{Verdict, VerdictNumber};
use yardstick_store::{AuditFilter, Page};

use crate::error::{AppError, Result};
use crate::{App, Caller};

/// Events that are checked at a time.
const CHUNK: u32 = 1_000;

/// What checking the audit came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditCheck {
    /// Events that were checked.
    pub events: u64,
    /// Events that are not chained yet, so that nothing can be told of them.
    pub loose: u64,
    /// Where the chain ends; `None`: there is none. Kept elsewhere, it tells the next time that nothing was cut off.
    pub head: Option<Head>,
    /// The head that it was held against; `None`: none was given.
    pub kept: Option<Head>,
    /// What is wrong, a sentence each; the first twenty.
    pub problems: Vec<String>,
}

impl App {
    /// Chains the events that were committed since: how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn chain_audit(&self) -> Result<u64> {
        Ok(self.store.chain_audit().await?)
    }

    /// Events, the newest first, a page of at most `limit` at a time: of one subject such as `release quick-start`, or
    /// all. For operators.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for anybody else.
    pub async fn audit_events(
        &self,
        caller: &Caller,
        filter: Option<&AuditFilter>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<AuditEvent, i64>> {
        self.require_operator(caller, "read the audit").await?;
        Ok(self.store.audit_events(filter.unwrap_or(&AuditFilter::default()), before, limit).await?)
    }

    /// Checks the whole chain, against a head that was kept elsewhere where one is given. For operators.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for anybody else.
    pub async fn check_audit(&self, caller: &Caller, kept: Option<Head>) -> Result<AuditCheck> {
        self.require_operator(caller, "check the audit").await?;
        self.store.chain_audit().await?;
        let mut checking = Checking::default();
        let (mut after, mut events, mut at_kept) = (0, 0, None);
        loop {
            let chunk = self.store.audit_chain(after, CHUNK).await?;
            for event in &chunk {
                checking.next(event).map_err(AppError::fault)?;
                events += 1;
                let Some(link) = event.link else { continue };
                after = link.seq;
                if kept.is_some_and(|kept| kept.seq == link.seq) {
                    at_kept = Some(link.hash);
                }
            }
            if chunk.len() < CHUNK as usize {
                break;
            }
        }
        let head = checking.end(kept, at_kept);
        let loose = self.store.audit_loose().await?;
        Ok(AuditCheck { events, loose, head, kept, problems: checking.problems })
    }

    /// Erases the name behind the events of a person or local user; the chain stays as it was. For operators.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when no event is theirs, or the name was erased already.
    pub async fn forget_in_audit(&self, caller: &Caller, who: &Actor) -> Result<()> {
        self.require_operator(caller, "erase names from the audit").await?;
        if self.store.audit_forget(who, &caller.actor, caller.now).await? {
            return Ok(());
        }
        Err(AppError::NotFound { what: format!("event of {who} in the audit"), hint: String::new() })
    }

    /// Where the chain has a verdict; `None`: not chained yet, or given before there was one.
    pub(crate) async fn audited(&self, verdict: &Verdict) -> Result<Option<Head>> {
        let at = &verdict.at;
        let subject = match at.number {
            VerdictNumber::Revision(number) => format!("verdict {}/{}.{number}", at.release, at.checkpoint),
            VerdictNumber::Newest | VerdictNumber::Look(_) => format!("verdict {at}"),
        };
        let filter = AuditFilter { subject: Some(subject), ..AuditFilter::default() };
        let events = self.store.audit_events(&filter, None, 10).await?.items;
        Ok(events.into_iter().rfind(|event| event.action == "judge").and_then(|event| event.link))
    }
}
