//! Applying the files people write.

use super::{Client, Endpoint, Error};
use crate::api::{AppliedDocument, ApplyRequest};

static APPLY: Endpoint = Endpoint::post("/api/v1/apply");

pub(super) static ENDPOINTS: &[&Endpoint] = &[&APPLY];

/// Every method fails as [`Error`] says.
#[expect(clippy::missing_errors_doc, reason = "all of them fail alike")]
impl Client {
    /// Registers what files declare: all of it or nothing. Every problem of every file comes back at once, in
    /// [`Error::problem`].
    pub async fn apply(&self, request: &ApplyRequest) -> Result<AppliedDocument, Error> {
        self.ask(&APPLY, &[])?.json(request)?.document().await
    }
}
