//! Changing one thing that is declared, for whoever has seen what it is.

use yardstick_client::files::Declaration;
use yardstick_domain::digest::Digest;
use yardstick_domain::problem::Problem;
use yardstick_store::{Expected, Thing};

use crate::error::{AppError, Result};
use crate::{App, Caller};

/// What somebody says of the state of a thing that they change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Precondition {
    /// Nothing.
    None,
    /// It is in one of these states, each by the beginning of its hash in hexadecimal digits.
    Is(Vec<String>),
    /// It is there.
    There,
    /// It is not there.
    NotThere,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It was not there.
    Created,
    /// It was there, and is as it was declared.
    Changed,
}

impl App {
    /// The state of a thing, to be asked before it is read: what is read afterwards is of that state or of a later one, so
    /// that nobody overwrites what they have not seen. `None`: it is not there. Tells nothing of whether it may be seen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn state(&self, thing: &Thing) -> Result<Option<Digest>> {
        Ok(self.store.state(thing).await?)
    }

    /// Declares one thing, as [`App::apply`] does, if it is in a state that `precondition` names when it is written.
    /// `amend`: the reason for changing criteria after the launch.
    ///
    /// # Errors
    /// [`AppError::Stale`] when it is in another state, [`AppError::Unconditional`] when it is there and nothing was
    /// said of its state; the inner error lists problems.
    pub async fn put(
        &self,
        caller: &Caller,
        declaration: &Declaration,
        amend: Option<&str>,
        precondition: &Precondition,
    ) -> Result<std::result::Result<Put, Vec<Problem>>> {
        let thing = thing(declaration);
        let state = self.store.state(&thing).await?;
        let expected = match self.is_hidden(caller, &thing).await? {
            // Nothing is told of it: that its name is taken is found below.
            true => None,
            false => Some(Expected { state: expected(&thing, state, precondition)?, thing }),
        };
        let declarations = std::slice::from_ref(declaration);
        let applied = self.applied(caller, declarations, amend, false, expected).await?;
        let put = if state.is_none() { Put::Created } else { Put::Changed };
        Ok(applied.map(|_| put).map_err(|found| found.into_iter().map(|(_, problem)| problem).collect()))
    }

    /// Whether there is a release that whoever asks may not see.
    async fn is_hidden(&self, caller: &Caller, thing: &Thing) -> Result<bool> {
        let Thing::Release(slug) = thing else { return Ok(false) };
        let sees = self.sees(caller).await?;
        Ok(self.store.release(slug).await?.is_some_and(|facts| !sees.shows(&facts.release)))
    }
}

/// The state in which a thing may be changed.
fn expected(thing: &Thing, state: Option<Digest>, precondition: &Precondition) -> Result<Option<Digest>> {
    let named = |known: &Digest| match precondition {
        Precondition::Is(states) => {
            states.iter().any(|state| state.len() >= 32 && known.hex().starts_with(state))
        }
        Precondition::There => true,
        Precondition::None | Precondition::NotThere => false,
    };
    match (&state, precondition) {
        (Some(_), Precondition::None) => Err(AppError::Unconditional(thing.to_string())),
        (Some(known), _) if named(known) => Ok(state),
        (None, Precondition::None | Precondition::NotThere) => Ok(None),
        _ => Err(AppError::Stale { what: thing.to_string(), state }),
    }
}

fn thing(declaration: &Declaration) -> Thing {
    match declaration {
        Declaration::Organisation(_) => Thing::Organisation,
        Declaration::Team(team) => Thing::Team(team.key.clone()),
        Declaration::Person(person) => Thing::Person(person.id.clone()),
        Declaration::Metric(metric) => Thing::Metric(metric.key.clone()),
        Declaration::Release(release) => Thing::Release(release.slug.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_state_decides() {
        let known = Digest::of(b"known");
        let is = |text: &str| Precondition::Is(vec!["0".repeat(32), text.to_owned()]);
        let tag = known.hex()[..32].to_owned();
        let table = [
            (None, Precondition::None, Ok(None)),
            (None, Precondition::NotThere, Ok(None)),
            (None, Precondition::There, Err("stale")),
            (None, is(&tag), Err("stale")),
            (Some(known), Precondition::None, Err("unconditional")),
            (Some(known), Precondition::NotThere, Err("stale")),
            (Some(known), Precondition::There, Ok(Some(known))),
            (Some(known), is(&tag), Ok(Some(known))),
            (Some(known), is(&tag[..31]), Err("stale")),
            (Some(known), is(""), Err("stale")),
        ];
        for (state, precondition, result) in table {
            let found = expected(&Thing::Organisation, state, &precondition).map_err(|error| match error {
                AppError::Stale { .. } => "stale",
                AppError::Unconditional(_) => "unconditional",
                _ => "another",
            });
            assert_eq!(found, result, "{state:?} {precondition:?}");
        }
    }
}
