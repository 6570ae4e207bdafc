//! Exports, written on as they arrive.

use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::{Client, Endpoint, Error};
use crate::api::{ExportRequest, Exported};

static RELEASES: Endpoint = Endpoint::get("/api/v1/exports/releases");
static VERDICTS: Endpoint = Endpoint::get("/api/v1/exports/verdicts");
static FINDINGS: Endpoint = Endpoint::get("/api/v1/exports/findings");

pub(super) static ENDPOINTS: &[&Endpoint] = &[&RELEASES, &VERDICTS, &FINDINGS];

impl Client {
    /// Writes an export into something while it arrives; never all of it is in memory. Gives its bytes. Only when it
    /// succeeds is what was written whole.
    ///
    /// # Errors
    /// As [`Error`] says; [`Error::Unwritten`] when it cannot be written on.
    pub async fn export(
        &self,
        what: Exported,
        request: &ExportRequest,
        into: &mut (dyn AsyncWrite + Send + Unpin),
    ) -> Result<u64, Error> {
        let endpoint = match what {
            Exported::Releases => &RELEASES,
            Exported::Verdicts => &VERDICTS,
            Exported::Findings => &FINDINGS,
        };
        let media =
            if request.format.as_deref() == Some("json") { "application/x-ndjson" } else { "text/csv" };
        let question = self.ask(endpoint, &[])?.query(request)?.works();
        let bytes = question.into_writer(media, into).await?;
        into.flush().await.map_err(Error::Unwritten)?;
        Ok(bytes)
    }
}
