//! What handlers work with.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use jiff::Timestamp;
use yardstick_app::App;

use super::bounds::Bounds;
use super::guard::Own;
use super::who::Access;

/// What handlers work with. At most six fields: what only one of them needs does not belong here.
pub(super) struct Service {
    /// The use cases.
    pub(super) app: Arc<App>,
    /// The clock, and who may ask.
    pub(super) surroundings: Surroundings,
    /// The addresses under which this service is asked.
    pub(super) own: Own,
    /// The folder in which uploads wait for their turn.
    pub(super) spool: PathBuf,
    /// What bounds requests.
    pub(super) bounds: Bounds,
    /// Requests so far; their ids count them.
    pub(super) requests: AtomicU64,
}

/// The world around the service.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    /// The wall clock.
    pub(crate) clock: fn() -> Timestamp,
    /// Who may ask.
    pub(crate) access: Access,
}
