//! `assets`: the plugin's own read-only files.

use wasmtime::Result;
use wasmtime::component::Linker;

use super::function;
use crate::state::State;

/// Defines `yardstick:judge/assets`.
pub(super) fn define(linker: &mut Linker<State>) -> Result<()> {
    let assets = &mut linker.instance("yardstick:judge/assets@1.0.0")?;
    function(assets, "read", |call, (name,): (String,)| {
        let found = call.state().world.assets.get(&name).map(<[u8]>::to_vec);
        call.charge_bytes(found.as_ref().map_or(0, Vec::len))?;
        Ok(found)
    })
}
