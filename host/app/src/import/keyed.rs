//! Requests under an idempotency key: the same one again is answered with what it did the first time.
//!
//! After the IETF's draft "The Idempotency-Key HTTP Header Field": a key is its sender's own, here per caller
//! and metric, and comes with a fingerprint of the request, here what was asked and the hash of the values. It
//! is written with the import, in one transaction: one that was interrupted or refused leaves its key free.
//! Two requests with one key at a time wait for each other like any imports into one metric.

use std::io;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value as Json;
use yardstick_domain::digest::Digest;
use yardstick_domain::ids::IdempotencyKey;
use yardstick_metrics::import::{Format, Mapping};
use yardstick_store::KeyedImport;

use super::{FileRefused, ImportRequest, Imported, days};
use crate::Caller;
use crate::error::{AppError, Result};

/// A request with an idempotency key.
pub(super) struct Keyed<'a> {
    pub(super) key: &'a IdempotencyKey,
    /// [`Options`], as they are kept.
    pub(super) options: Json,
    caller: &'a Caller,
    request: &'a ImportRequest,
    zone: &'a TimeZone,
}

/// What is asked beside the values. As it was asked: what the metric says of its columns may change between
/// two attempts. Without the origin, which may be the name of a temporary file.
#[derive(Serialize)]
struct Options<'a> {
    format: Format,
    mapping: &'a Mapping,
    complete_through: Option<Date>,
    replace: Option<(Date, Date)>,
}

impl<'a> Keyed<'a> {
    /// The request, if it has a key.
    pub(super) fn new(
        caller: &'a Caller,
        request: &'a ImportRequest,
        format: Format,
        zone: &'a TimeZone,
    ) -> Result<Option<Self>> {
        let ImportRequest { mapping, complete_through, replace, idempotency_key, .. } = request;
        let Some(key) = idempotency_key else { return Ok(None) };
        let options = Options { format, mapping, complete_through: *complete_through, replace: *replace };
        let options = serde_json::to_value(options).map_err(AppError::fault)?;
        Ok(Some(Self { key, options, caller, request, zone }))
    }

    /// What was done under the key, if it was the same as what is asked now of values with this hash.
    pub(super) fn answer(
        &self,
        earlier: KeyedImport,
        hash: io::Result<Digest>,
    ) -> Result<std::result::Result<Imported, FileRefused>> {
        let hash = match hash {
            Ok(hash) => hash,
            Err(error) => return Ok(Err(FileRefused::unreadable(&error))),
        };
        let KeyedImport { batch, options, buckets } = earlier;
        if batch.hash == hash && options == self.options {
            return Ok(Ok(Imported { batch, days: days(buckets, self.zone), replayed: true }));
        }
        let others = ["format", "mapping", "complete_through", "replace"];
        let others: Vec<&str> =
            others.into_iter().filter(|name| options.get(name) != self.options.get(name)).collect();
        let others = match &others[..] {
            [] => String::new(),
            others => format!(", asked with another {}", others.join(", ")),
        };
        Err(AppError::Conflict(format!(
            "the idempotency key \"{}\" was used by {} for import {} into {}, of values with the hash {}; these \
             have {hash}{others}. Nothing was written; use another key for another import",
            self.key, self.caller.actor, batch.id, self.request.metric, batch.hash
        )))
    }
}
