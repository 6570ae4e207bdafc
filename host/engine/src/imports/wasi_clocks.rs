//! `wasi:clocks`, pinned: every clock stands at the as-of instant, and waiting is over at once.

use wasmtime::Result;
use wasmtime::component::{ComponentType, Lift, Linker, Lower, Resource};

use super::wasi_io::Pollable;
use super::{Call, function};
use crate::state::State;

#[derive(ComponentType, Lift, Lower, Clone, Copy)]
#[component(record)]
struct Datetime {
    seconds: u64,
    nanoseconds: u32,
}

/// Defines `wasi:clocks/{monotonic-clock,wall-clock}`.
pub(super) fn define(linker: &mut Linker<State>) -> Result<()> {
    let monotonic = &mut linker.instance("wasi:clocks/monotonic-clock@0.2.0")?;
    function(monotonic, "now", |_, ()| Ok(0_u64))?;
    function(monotonic, "resolution", |_, ()| Ok(1_000_000_u64))?;
    for name in ["subscribe-instant", "subscribe-duration"] {
        function(monotonic, name, |call, _: (u64,)| -> Result<Resource<Pollable>> {
            call.state().handles.push(Pollable)
        })?;
    }

    let wall = &mut linker.instance("wasi:clocks/wall-clock@0.2.0")?;
    function(wall, "now", |call, ()| Ok(now(call)))?;
    function(wall, "resolution", |_, ()| Ok(Datetime { seconds: 0, nanoseconds: 1_000_000 }))
}

/// The as-of instant; the epoch for instants before it, which the type cannot say.
fn now(call: &mut Call<'_>) -> Datetime {
    let millis = u64::try_from(call.state().world.now.as_millisecond()).unwrap_or(0);
    Datetime { seconds: millis / 1_000, nanoseconds: (millis % 1_000) as u32 * 1_000_000 }
}
