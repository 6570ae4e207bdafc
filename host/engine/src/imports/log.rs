//! `log`: lines for the plugin's author.

use wasmtime::Result;
use wasmtime::component::Linker;

use super::procedure;
use crate::contract::v1::yardstick::judge::log::Level as WitLevel;
use crate::contract::v1::yardstick::judge::types::Value as WitValue;
use crate::lift;
use crate::log::Level;
use crate::state::State;

/// Defines `yardstick:judge/log`.
pub(super) fn define(linker: &mut Linker<State>) -> Result<()> {
    let log = &mut linker.instance("yardstick:judge/log@1.0.0")?;
    procedure(log, "write", |call, (level, message, fields): (WitLevel, String, Vec<(String, WitValue)>)| {
        let level = match level {
            WitLevel::Debug => Level::Debug,
            WitLevel::Info => Level::Info,
            WitLevel::Warn => Level::Warn,
            WitLevel::Error => Level::Error,
        };
        call.charge_bytes(message.len())?;
        let fields = fields.into_iter().map(|(name, value)| (name, lift::value(value))).collect();
        call.state().log.line(level, &message, fields);
        Ok(())
    })
}
