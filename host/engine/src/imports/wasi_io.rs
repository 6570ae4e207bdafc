//! `wasi:io`, pinned: standard input is at its end, output goes to the log, and nothing ever waits.

use wasmtime::Result;
use wasmtime::component::{ComponentType, Lift, Linker, LinkerInstance, Lower, Resource};

use super::{Call, function, procedure, resource};
use crate::limits;
use crate::log::Stream;
use crate::state::State;
use crate::stop::Stop;

/// Standard input, which is empty.
pub(super) struct Input;
/// Standard output or standard error.
pub(super) struct Output(pub(super) Stream);
/// Something to wait for that has always happened already.
pub(super) struct Pollable;
/// An error with a text; none is ever given to a guest.
pub(super) struct Failure;

#[derive(ComponentType, Lift, Lower)]
#[component(variant)]
enum StreamError {
    #[component(name = "last-operation-failed")]
    Failed(Resource<Failure>),
    #[component(name = "closed")]
    Closed,
}

type Answer<T> = std::result::Result<T, StreamError>;

/// Defines `wasi:io/{error,poll,streams}`.
pub(super) fn define(linker: &mut Linker<State>) -> Result<()> {
    let errors = &mut linker.instance("wasi:io/error@0.2.0")?;
    resource::<Failure>(errors, "error")?;
    function(errors, "[method]error.to-debug-string", |_, _: (Resource<Failure>,)| Ok(String::new()))?;

    let poll = &mut linker.instance("wasi:io/poll@0.2.0")?;
    resource::<Pollable>(poll, "pollable")?;
    function(poll, "[method]pollable.ready", |_, _: (Resource<Pollable>,)| Ok(true))?;
    procedure(poll, "[method]pollable.block", |_, _: (Resource<Pollable>,)| Ok(()))?;
    function(poll, "poll", |call, (list,): (Vec<Resource<Pollable>>,)| {
        if list.is_empty() {
            return Err(Stop::Misuse("it polled nothing, which would wait for ever".into()).into());
        }
        call.charge_values(list.len())?;
        Ok((0..list.len() as u32).collect::<Vec<u32>>())
    })?;

    let streams = &mut linker.instance("wasi:io/streams@0.2.0")?;
    resource::<Input>(streams, "input-stream")?;
    resource::<Output>(streams, "output-stream")?;
    define_input(streams)?;
    define_output(streams)
}

fn define_input(streams: &mut LinkerInstance<'_, State>) -> Result<()> {
    for name in ["[method]input-stream.read", "[method]input-stream.blocking-read"] {
        function(streams, name, |_, _: (Resource<Input>, u64)| {
            Ok(Answer::<Vec<u8>>::Err(StreamError::Closed))
        })?;
    }
    for name in ["[method]input-stream.skip", "[method]input-stream.blocking-skip"] {
        function(streams, name, |_, _: (Resource<Input>, u64)| Ok(Answer::<u64>::Err(StreamError::Closed)))?;
    }
    function(streams, "[method]input-stream.subscribe", |call, _: (Resource<Input>,)| {
        call.state().handles.push(Pollable)
    })
}

fn define_output(streams: &mut LinkerInstance<'_, State>) -> Result<()> {
    function(streams, "[method]output-stream.check-write", |_, _: (Resource<Output>,)| {
        Ok(Answer::Ok(limits::STREAM_BYTES))
    })?;
    for name in ["[method]output-stream.write", "[method]output-stream.blocking-write-and-flush"] {
        function(streams, name, |call, (stream, bytes): (Resource<Output>, Vec<u8>)| {
            print(call, &stream, &bytes).map(Answer::Ok)
        })?;
    }
    for name in ["[method]output-stream.flush", "[method]output-stream.blocking-flush"] {
        function(streams, name, |_, _: (Resource<Output>,)| Ok(Answer::Ok(())))?;
    }
    for name in
        ["[method]output-stream.write-zeroes", "[method]output-stream.blocking-write-zeroes-and-flush"]
    {
        function(streams, name, |call, (stream, len): (Resource<Output>, u64)| {
            if len > limits::STREAM_BYTES {
                return Err(Stop::Misuse(format!(
                    "it wrote {len} zeroes at once, {} bytes are allowed",
                    limits::STREAM_BYTES
                ))
                .into());
            }
            print(call, &stream, &vec![0; len as usize]).map(Answer::Ok)
        })?;
    }
    for name in ["[method]output-stream.splice", "[method]output-stream.blocking-splice"] {
        function(streams, name, |_, _: (Resource<Output>, Resource<Input>, u64)| {
            Ok(Answer::<u64>::Err(StreamError::Closed))
        })?;
    }
    function(streams, "[method]output-stream.subscribe", |call, _: (Resource<Output>,)| {
        call.state().handles.push(Pollable)
    })
}

fn print(call: &mut Call<'_>, stream: &Resource<Output>, bytes: &[u8]) -> Result<()> {
    call.charge_bytes(bytes.len())?;
    let Output(stream) = *call.state().handles.get(stream)?;
    call.state().log.print(stream, bytes);
    Ok(())
}
