//! `yardstick migrate`

use std::process::ExitCode;

use yardstick_store::{OnSchema, Store};

use super::context::{Context, Failure};
use super::output::put;
use crate::wiring;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

pub(super) async fn run(context: &Context) -> Result<ExitCode, Failure> {
    let database = context.database();
    if database.starts_with("sqlite:") {
        wiring::folder(&context.data)?;
    }
    let store = Store::open(&database, OnSchema::Migrate).await.map_err(anyhow::Error::from)?;
    put(&format!("{} has schema version {}\n", store.name(), Store::known_schema()));
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
