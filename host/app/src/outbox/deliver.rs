//! A delivery: at least once, and of what is delivered nothing twice that is known of.

use yardstick_domain::event::EventKind;
use yardstick_domain::ids::SinkName;
use yardstick_domain::job::{Ended, Job};
use yardstick_domain::metric::Visibility;
use yardstick_domain::sink::Delivered;

use super::{Courier, Outgoing};
use crate::error::{AppError, Result};
use crate::{App, crash};

impl App {
    /// Takes the event to the sink that a job names.
    pub(crate) async fn deliver_one(&self, job: &Job, courier: &Courier) -> Result<Ended> {
        let named =
            job.key.split_once('/').and_then(|(id, sink)| Some((id.parse().ok()?, sink.parse().ok()?)));
        let (id, name): (i64, SinkName) =
            named.ok_or_else(|| AppError::fault(format!("{:?} is no key of a delivery", job.key)))?;
        let now = (self.clock)();
        let event = self.store.event(id).await?;
        let event = event.ok_or_else(|| AppError::fault(format!("event {id} is gone")))?;
        let Some(sink) = self.store.sink(&name).await?.filter(|sink| sink.removed_at.is_none()) else {
            return Ok(Ended::Done(format!("not sent: the sink {name} was removed")));
        };
        // A sink of this name that was removed may have been another's.
        if event.event.at < sink.created_at {
            return Ok(Ended::Done(format!("not sent: it happened before the sink {name} was added")));
        }
        if self.store.has_taken(id, &name).await? {
            return Ok(Ended::Done(format!("{name} has it")));
        }
        if let Some(release) = &event.event.release {
            // What has become private since goes to its team alone.
            let facts = self.facts(release).await?;
            let is_private = facts.release.visibility != Visibility::Company;
            if is_private && sink.team.as_ref() != Some(&facts.release.team) {
                return Ok(Ended::Done(format!("not sent: {release} is private to {}", facts.release.team)));
            }
        }
        // Whoever tries a sink wants to know how it does now.
        let is_left_alone = event.event.kind != EventKind::Test;
        if let Some(until) = sink.rests_until.filter(|until| is_left_alone && *until > now) {
            return Ok(Ended::NotNow { at: until, waits_for: format!("{name} is left alone until {until}") });
        }
        let secrets = self.store.signing_secrets(&name, now).await?;
        let outgoing = Outgoing { event, sink, secrets, now };
        crash::point("delivery-begun");
        let delivered = courier(self, &outgoing).await;
        crash::point("delivered");
        let took = (self.clock)().duration_since(now).as_millis();
        let took = u64::try_from(took).unwrap_or_default();
        self.store.log_delivery((id, &name), now, took, &delivered).await?;
        crash::point("delivery-logged");
        let says = delivered.answer().says.clone();
        Ok(match delivered {
            Delivered::Taken(_) => Ended::Done(says),
            Delivered::Failed { rest_until: Some(at), .. } => Ended::FailedUntil { why: says, at },
            Delivered::Failed { rest_until: None, .. } => Ended::Failed(says),
            Delivered::Refused(_) => Ended::GivenUp(says),
        })
    }
}
