//! `wasi:random`, pinned: numbers that follow from the inputs.

use wasmtime::Result;
use wasmtime::component::Linker;

use super::{Call, function};
use crate::limits;
use crate::state::State;
use crate::stop::Stop;

/// Defines `wasi:random/{random,insecure,insecure-seed}`.
pub(super) fn define(linker: &mut Linker<State>) -> Result<()> {
    let random = &mut linker.instance("wasi:random/random@0.2.0")?;
    function(random, "get-random-bytes", |call, (len,): (u64,)| bytes(call, len))?;
    function(random, "get-random-u64", |call, ()| Ok(call.state().world.random.next_u64()))?;

    let insecure = &mut linker.instance("wasi:random/insecure@0.2.0")?;
    function(insecure, "get-insecure-random-bytes", |call, (len,): (u64,)| bytes(call, len))?;
    function(insecure, "get-insecure-random-u64", |call, ()| Ok(call.state().world.random.next_u64()))?;

    let seed = &mut linker.instance("wasi:random/insecure-seed@0.2.0")?;
    function(seed, "insecure-seed", |call, ()| {
        let random = &mut call.state().world.random;
        Ok((random.next_u64(), random.next_u64()))
    })
}

fn bytes(call: &mut Call<'_>, len: u64) -> Result<Vec<u8>> {
    if len > limits::RANDOM_BYTES {
        let most = limits::RANDOM_BYTES;
        return Err(
            Stop::Misuse(format!("it asked for {len} random bytes at once, {most} are allowed")).into()
        );
    }
    // A hash of 64 bytes gives 32 of them, at about 10 operators a byte.
    call.charge(10 * len)?;
    Ok(call.state().world.random.bytes(len as usize))
}
