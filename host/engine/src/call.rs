//! One call of one export: a fresh store, an instance, the call, and the store dropped whatever happened.

use std::sync::Arc;
use std::time::{Duration, Instant};

use wasmtime::component::Instance;
use wasmtime::{Result, Store};
use yardstick_domain::digest::Digest;
use yardstick_domain::finding::Finding;
use yardstick_domain::frame::Frame;
use yardstick_domain::question::{Description, Query, Question};

use crate::contract::{Contract, V1};
use crate::failure::classify;
use crate::imports::frames::OpenFrame;
use crate::lift::{self, Flaw};
use crate::limits::{self, Limits};
use crate::plugin::Plugin;
use crate::random::Random;
use crate::run::{Failure, Run, Usage};
use crate::sandbox::Guest;
use crate::state::{State, World};
use crate::{lower, text};

/// Frames by the key of the query they answer.
pub(crate) type Frames = Vec<(String, Arc<Frame>)>;

/// Which export is called, and with how much fuel.
struct Export {
    name: &'static str,
    fuel: u64,
}

/// Asks a plugin what it is.
pub(crate) fn describe(guest: &Guest, world: World) -> Run<Description> {
    let export = Export { name: "describe", fuel: guest.limits.describe_fuel };
    run(guest, &export, world, |store, plugin, instance| {
        let exports = plugin.exports(store, instance)?;
        let answer = exports.yardstick_judge_guest().call_describe(store)?;
        Ok(lift::description(answer).map_err(|flaw| failure(&flaw)))
    })
}

/// Asks a plugin which data it needs.
pub(crate) fn plan(plugin: &Plugin, question: &Question) -> Run<Vec<Query>> {
    let guest = plugin.guest();
    let export = Export { name: "plan", fuel: guest.limits.fuel };
    run(guest, &export, world(plugin, question, &[]), |store, plugin, instance| {
        let criterion = lower::criterion(question);
        let (answer,) = plugin.plan(store, instance)?.call(store, (&criterion,))?;
        Ok(match answer {
            Ok(queries) => lift::plan(queries, question).map_err(|flaw| failure(&flaw)),
            Err(refusal) => Err(refused("parameters", &refusal)),
        })
    })
}

/// Asks a plugin for its finding.
pub(crate) fn evaluate(plugin: &Plugin, question: &Question, frames: Frames) -> Run<Finding> {
    if let Err(failure) = check_size(&frames) {
        return Run::refused(failure);
    }
    let guest = plugin.guest();
    let export = Export { name: "evaluate", fuel: guest.limits.fuel };
    run(guest, &export, world(plugin, question, &frames), |store, plugin, instance| {
        let criterion = lower::criterion(question);
        let mut handles = Vec::with_capacity(frames.len());
        for (key, frame) in frames {
            let open = OpenFrame::new(key.clone(), frame);
            handles.push((key, store.data_mut().handles.push(open)?));
        }
        let (answer,) = plugin.evaluate(store, instance)?.call(store, (&criterion, &handles))?;
        Ok(match answer {
            Ok(finding) => lift::finding(finding).map_err(|flaw| failure(&flaw)),
            Err(refusal) => Err(refused("plugin-refused", &refusal)),
        })
    })
}

/// What one evaluation may be given.
fn check_size(frames: &Frames) -> std::result::Result<(), Failure> {
    let rows: usize = frames.iter().map(|(_, frame)| frame.rows()).sum();
    let bytes: usize = frames.iter().map(|(_, frame)| frame.bytes()).sum();
    if rows <= limits::FRAME_ROWS && bytes <= limits::FRAME_BYTES {
        return Ok(());
    }
    Err(Failure::new(
        "too-many-rows",
        format!(
            "The plan's frames have {rows} rows and {bytes} bytes together; {} rows and {} bytes are allowed. \
             Ask for totals, a wider bucket, fewer splits or a shorter window.",
            limits::FRAME_ROWS,
            limits::FRAME_BYTES
        ),
    ))
}

/// The world of a call: clocks at the as-of instant, random numbers from the digest of all inputs.
fn world(plugin: &Plugin, question: &Question, frames: &[(String, Arc<Frame>)]) -> World {
    // Digesting frames takes longer than judging them, and only scripted guests can ask for random numbers.
    let seed = if plugin.wants_random() { inputs(plugin, question, frames) } else { *plugin.digest() };
    World { now: question.as_of, random: Random::new(&seed), assets: Arc::clone(plugin.assets()) }
}

/// Digest of everything a call is a function of.
fn inputs(plugin: &Plugin, question: &Question, frames: &[(String, Arc<Frame>)]) -> Digest {
    let mut inputs = plugin.digest().as_bytes().to_vec();
    inputs.extend(Digest::of(&serde_json::to_vec(question).unwrap_or_default()).as_bytes());
    for (key, frame) in frames {
        inputs.extend(Digest::of(key.as_bytes()).as_bytes());
        inputs.extend(frame.digest().as_bytes());
    }
    Digest::of(&inputs)
}

fn failure(flaw: &Flaw) -> Failure {
    Failure::new(flaw.code, format!("The plugin's answer cannot be used: {}.", flaw.message))
}

fn refused(code: &'static str, words: &str) -> Failure {
    let words = if words.trim().is_empty() { "(it gave no reason)" } else { words };
    Failure::new(code, text::excerpt(words, limits::SENTENCE))
}

/// Runs one export in a fresh store.
fn run<T>(
    guest: &Guest,
    export: &Export,
    world: World,
    body: impl FnOnce(&mut Store<State>, &V1, &Instance) -> Result<std::result::Result<T, Failure>>,
) -> Run<T> {
    #[expect(clippy::disallowed_methods, reason = "how long a call took is shown and never decides")]
    let start = Instant::now();
    let mut store = Store::new(guest.contract.engine(), State::new(guest.limits, world));
    let outcome = {
        let _time_passes = guest.ticker.run();
        enter(&mut store, guest, export, body)
    };
    let mut usage = usage(&store, guest.limits, export);
    let result =
        outcome.unwrap_or_else(|error| Err(classify(&error, export.name, &usage, guest.limits.deadline_ms)));
    // Ends the instance, which belongs to what the call took: its memory is wiped for the next one.
    let state = store.into_data();
    usage.wall = start.elapsed();
    Run { result, usage, log: state.log.finish() }
}

/// Sets the limits, starts the instance and calls into it.
fn enter<T>(
    store: &mut Store<State>,
    guest: &Guest,
    export: &Export,
    body: impl FnOnce(&mut Store<State>, &V1, &Instance) -> Result<std::result::Result<T, Failure>>,
) -> Result<std::result::Result<T, Failure>> {
    store.limiter(|state| &mut state.meter);
    store.set_hostcall_fuel(limits::GUEST_TO_HOST_BYTES);
    store.set_max_component_handles(limits::HANDLES);
    store.set_epoch_deadline(guest.limits.deadline_ms + limits::DEADLINE_SLACK_TICKS);
    store.set_fuel(guest.limits.start_fuel)?;
    let Contract::V1(plugin) = &guest.contract;
    let instance = plugin.instantiate(store)?;
    // Only now: what starting costs depends on the engine's version, the call's own fuel must not.
    store.set_fuel(export.fuel)?;
    body(store, plugin, &instance)
}

/// What a call used, but for the time, which has not ended.
fn usage(store: &Store<State>, limits: &Limits, export: &Export) -> Usage {
    let meter = &store.data().meter;
    // Fuel is switched on, so asking for it cannot fail.
    let left = store.get_fuel().unwrap_or(0);
    Usage {
        fuel: export.fuel.saturating_sub(left),
        fuel_limit: export.fuel,
        memory_peak: meter.memory_peak() as u64,
        memory_limit: limits.memory as u64,
        host_calls: meter.host_calls(),
        host_call_limit: limits.host_calls,
        wall: Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use jiff::Timestamp;
    use wasmtime::component::Component;
    use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
    use wit_parser::Resolve;
    use yardstick_domain::digest::Digest;
    use yardstick_domain::manifest::Profile;

    use super::{World, describe};
    use crate::assets::Assets;
    use crate::limits::{LEAN, Limits};
    use crate::random::Random;
    use crate::sandbox::{Guest, Sandbox};
    use crate::ticker::Ticker;

    /// A component whose exports all loop for ever.
    fn endless() -> Vec<u8> {
        let mut resolve = Resolve::default();
        let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit/v1.0");
        let (package, _) = resolve.push_path(wit).unwrap();
        let world = resolve.select_world(&[package], Some("plugin")).unwrap();
        let guest = "yardstick:judge/guest@1.0.0";
        let text = format!(
            r#"(module (memory (export "memory") 1)
                (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8))
                (func (export "{guest}#describe") (result i32) (loop (br 0)) unreachable)
                (func (export "{guest}#plan") (param i32) (result i32) unreachable)
                (func (export "{guest}#evaluate") (param i32) (result i32) unreachable))"#
        );
        let mut module = wat::parse_str(text).unwrap();
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
        ComponentEncoder::default().module(&module).unwrap().encode().unwrap()
    }

    fn world() -> World {
        let random = Random::new(&Digest::of(b""));
        World { now: Timestamp::UNIX_EPOCH, random, assets: Arc::new(Assets::default()) }
    }

    /// With the real limits fuel ends a loop long before the clock does, so the clock gets no fuel here.
    #[test]
    fn the_clock_stops_what_fuel_does_not() {
        let limits: &'static Limits =
            Box::leak(Box::new(Limits { describe_fuel: u64::MAX, deadline_ms: 20, ..LEAN }));
        let sandbox = Sandbox::new(Profile::Lean, 1).unwrap();
        let component = Component::new(&sandbox.engine, endless()).unwrap();
        let ticker = Arc::new(Ticker::start(&[&sandbox.engine]).unwrap());
        let contract = sandbox.link(&component).unwrap();
        let guest = Guest { contract, limits, ticker };
        for _ in 0..2 {
            let failure = describe(&guest, world()).result.unwrap_err();
            assert_eq!((failure.code, failure.replayable), ("plugin-deadline", false));
            assert!(failure.message.starts_with("It ran for more than 20 ms in describe"), "{failure}");
        }
    }
}
