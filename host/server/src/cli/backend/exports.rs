//! Exports.

use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use yardstick_client::api::{ExportRequest, Exported};

use super::{Backend, Result};
use crate::cli::context::Failure;
use crate::operations::exports::Export;

impl Backend {
    /// Writes an export, piece by piece.
    pub(in crate::cli) async fn export(
        &self,
        what: Exported,
        request: &ExportRequest,
        into: &mut (dyn AsyncWrite + Send + Unpin),
    ) -> Result<()> {
        let (app, caller) = match self {
            Self::Here(app, caller) => (app, caller),
            Self::There(client) => return Ok(client.export(what, request, into).await.map(drop)?),
        };
        let cannot = |error: std::io::Error| Failure::could(format!("cannot write the export: {error}"));
        let mut export = Export::begin(app, what, request)?;
        while let Some(piece) = export.piece(app, caller).await? {
            into.write_all(&piece).await.map_err(cannot)?;
        }
        into.flush().await.map_err(cannot)
    }
}
