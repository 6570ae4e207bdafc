//! What can be asked of Yardstick: one function per operation, from a wire request to a wire answer. The command
//! line and the HTTP interface both call these and nothing below, so both give the same documents and refuse
//! the same with the same words.

pub(crate) mod access;
pub(crate) mod apply;
pub(crate) mod audit;
mod check_document;
pub(crate) mod codes;
pub(crate) mod comments;
pub(crate) mod criteria;
pub(crate) mod decisions;
pub(crate) mod declared;
mod error;
pub(crate) mod exports;
pub(crate) mod health;
pub(crate) mod imports;
pub(crate) mod intake;
pub(crate) mod jobs;
pub(crate) mod metrics;
pub(crate) mod outbox;
pub(crate) mod people;
pub(crate) mod plugins;
pub(crate) mod points;
pub(crate) mod portfolio;
mod reading;
mod release_document;
pub(crate) mod releases;
pub(crate) mod retros;
pub(crate) mod roadmap;
pub(crate) mod schemas;
pub(crate) mod status;
pub(crate) mod verdicts;

pub(crate) use error::{Error, Result, problem};
pub(crate) use intake::{level, repository};
pub(crate) use reading::{day, days, levels, pair};
