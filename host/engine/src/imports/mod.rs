//! Everything a guest can call, in one shape: counted, charged, and never able to panic the host.
//!
//! Only what is defined here links. A component that imports anything else is refused before it is
//! compiled ([`crate::anatomy`]).

mod assets;
#[allow(unreachable_pub, reason = "generated bindings re-export the resource")]
pub mod frames;
mod log;
mod wasi_cli;
mod wasi_clocks;
mod wasi_io;
mod wasi_random;

use std::panic::{AssertUnwindSafe, catch_unwind};

use wasmtime::component::{ComponentNamedList, Lift, Linker, LinkerInstance, Lower, ResourceType};
use wasmtime::{Engine, Result, StoreContextMut, Trap};
use yardstick_domain::manifest::Profile;

use crate::contract;
use crate::limits;
use crate::state::State;
use crate::stop::Stop;

/// Interfaces of WASI 0.2 that a stock guest's standard library imports, none with authority.
const LEAN: [&str; 13] = [
    "wasi:io/error",
    "wasi:io/poll",
    "wasi:io/streams",
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/stderr",
    "wasi:cli/terminal-input",
    "wasi:cli/terminal-output",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
    "wasi:cli/terminal-stderr",
];

/// What interpreters need besides: clocks that stand at the as-of instant, seeded random numbers.
const SCRIPTED: [&str; 5] = [
    "wasi:clocks/monotonic-clock",
    "wasi:clocks/wall-clock",
    "wasi:random/random",
    "wasi:random/insecure",
    "wasi:random/insecure-seed",
];

/// Whether the interface of this name is offered to this profile.
pub(crate) fn offers(profile: Profile, import: &str) -> bool {
    if contract::OFFERED.contains(&import) {
        return true;
    }
    let Some((interface, version)) = import.split_once('@') else { return false };
    // All of 0.2 is one compatible line, within which the linker matches any patch.
    let compatible = version.strip_prefix("0.2.").is_some_and(|patch| patch.parse::<u16>().is_ok());
    compatible && (LEAN.contains(&interface) || profile == Profile::Scripted && SCRIPTED.contains(&interface))
}

/// A linker with everything this profile offers.
///
/// # Errors
/// When two definitions collide, which is a fault of this file.
pub(crate) fn linker(engine: &Engine, profile: Profile) -> Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    for name in contract::OFFERED {
        linker.instance(name)?;
    }
    frames::define(&mut linker)?;
    log::define(&mut linker)?;
    assets::define(&mut linker)?;
    wasi_io::define(&mut linker)?;
    wasi_cli::define(&mut linker)?;
    if profile == Profile::Scripted {
        wasi_clocks::define(&mut linker)?;
        wasi_random::define(&mut linker)?;
    }
    Ok(linker)
}

/// A host function's view of the call it serves.
pub(crate) struct Call<'a>(StoreContextMut<'a, State>);

impl Call<'_> {
    /// What belongs to the call.
    fn state(&mut self) -> &mut State {
        self.0.data_mut()
    }

    /// Takes fuel for work that the host does for the guest, before doing it.
    fn charge(&mut self, fuel: u64) -> Result<()> {
        match self.0.get_fuel()?.checked_sub(fuel) {
            Some(left) => self.0.set_fuel(left),
            None => {
                self.0.set_fuel(0)?;
                Err(Trap::OutOfFuel.into())
            }
        }
    }

    /// Takes fuel for values that are copied to the guest.
    fn charge_values(&mut self, values: usize) -> Result<()> {
        self.charge(limits::VALUE_FUEL.saturating_mul(values as u64))
    }

    /// Takes fuel for texts or bytes that are copied to the guest.
    fn charge_bytes(&mut self, bytes: usize) -> Result<()> {
        self.charge_values(bytes.div_ceil(8))
    }
}

/// Counts and charges a call of a host function, runs it, and turns a panic into a trap.
fn serve<R>(store: StoreContextMut<'_, State>, body: impl FnOnce(&mut Call<'_>) -> Result<R>) -> Result<R> {
    let mut call = Call(store);
    call.state().meter.host_call()?;
    call.charge(limits::HOST_CALL_FUEL)?;
    // The store is dropped after a trap, so a state that a panic left half changed is never seen again.
    catch_unwind(AssertUnwindSafe(|| body(&mut call))).unwrap_or_else(|_| {
        tracing::error!("a host function panicked");
        Err(Stop::Host("a host function failed; this is a fault of Yardstick, not of the plugin".into())
            .into())
    })
}

/// Defines a function of an interface.
fn function<P, R>(
    interface: &mut LinkerInstance<'_, State>,
    name: &str,
    body: impl Fn(&mut Call<'_>, P) -> Result<R> + Send + Sync + 'static,
) -> Result<()>
where
    P: ComponentNamedList + Lift + 'static,
    R: Lower + 'static,
    (R,): ComponentNamedList + Lower,
{
    interface.func_wrap(name, move |store: StoreContextMut<'_, State>, params: P| {
        serve(store, |call| body(call, params)).map(|result| (result,))
    })
}

/// Defines a function of an interface that returns nothing.
fn procedure<P>(
    interface: &mut LinkerInstance<'_, State>,
    name: &str,
    body: impl Fn(&mut Call<'_>, P) -> Result<()> + Send + Sync + 'static,
) -> Result<()>
where
    P: ComponentNamedList + Lift + 'static,
{
    interface.func_wrap(name, move |store: StoreContextMut<'_, State>, params: P| {
        serve(store, |call| body(call, params))
    })
}

/// Defines a resource whose objects live in the call's handles.
fn resource<T: 'static>(interface: &mut LinkerInstance<'_, State>, name: &str) -> Result<()> {
    interface.resource(name, ResourceType::host::<T>(), |store, rep| {
        serve(store, |call| call.state().handles.delete::<T>(rep))
    })
}

#[cfg(test)]
mod tests {
    use yardstick_domain::manifest::Profile;

    use super::offers;

    #[test]
    fn the_allow_list_is_exact() {
        let cases = [
            ("yardstick:judge/frames@1.0.0", true, true),
            ("yardstick:judge/frames@1.1.0", false, false),
            ("yardstick:judge/frames@1.0.0-rc.1", false, false),
            ("wasi:io/streams@0.2.6", true, true),
            ("wasi:io/streams@0.3.0", false, false),
            ("wasi:io/streams@0.2.x", false, false),
            ("wasi:io/streams", false, false),
            ("wasi:clocks/wall-clock@0.2.0", false, true),
            ("wasi:random/random@0.2.6", false, true),
            ("wasi:filesystem/types@0.2.6", false, false),
            ("wasi:sockets/tcp@0.2.6", false, false),
            ("wasi:http/outgoing-handler@0.2.6", false, false),
            ("wasi:cli/run@0.2.6", false, false),
        ];
        for (import, lean, scripted) in cases {
            assert_eq!(offers(Profile::Lean, import), lean, "{import}");
            assert_eq!(offers(Profile::Scripted, import), scripted, "{import}");
        }
    }
}
