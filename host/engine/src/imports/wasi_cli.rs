//! `wasi:cli`, pinned: no environment, no arguments, no terminal, and no way out but to return.

use wasmtime::Result;
use wasmtime::component::{Linker, Resource};

use super::wasi_io::{Input, Output};
use super::{function, procedure, resource};
use crate::log::Stream;
use crate::state::State;
use crate::stop::Stop;

struct TerminalInput;
struct TerminalOutput;

/// Defines the ten interfaces of `wasi:cli` that a standard library imports.
pub(super) fn define(linker: &mut Linker<State>) -> Result<()> {
    let environment = &mut linker.instance("wasi:cli/environment@0.2.0")?;
    function(environment, "get-environment", |_, ()| Ok(Vec::<(String, String)>::new()))?;
    function(environment, "get-arguments", |_, ()| Ok(Vec::<String>::new()))?;
    function(environment, "initial-cwd", |_, ()| Ok(None::<String>))?;

    let exit = &mut linker.instance("wasi:cli/exit@0.2.0")?;
    procedure(exit, "exit", |_, _: (std::result::Result<(), ()>,)| {
        Err(Stop::Misuse("it called exit, and a plugin returns instead".into()).into())
    })?;

    let stdin = &mut linker.instance("wasi:cli/stdin@0.2.0")?;
    function(stdin, "get-stdin", |call, ()| call.state().handles.push(Input))?;
    let stdout = &mut linker.instance("wasi:cli/stdout@0.2.0")?;
    function(stdout, "get-stdout", |call, ()| call.state().handles.push(Output(Stream::Out)))?;
    let stderr = &mut linker.instance("wasi:cli/stderr@0.2.0")?;
    function(stderr, "get-stderr", |call, ()| call.state().handles.push(Output(Stream::Err)))?;

    resource::<TerminalInput>(&mut linker.instance("wasi:cli/terminal-input@0.2.0")?, "terminal-input")?;
    resource::<TerminalOutput>(&mut linker.instance("wasi:cli/terminal-output@0.2.0")?, "terminal-output")?;
    let stdin = &mut linker.instance("wasi:cli/terminal-stdin@0.2.0")?;
    function(stdin, "get-terminal-stdin", |_, ()| Ok(None::<Resource<TerminalInput>>))?;
    let stdout = &mut linker.instance("wasi:cli/terminal-stdout@0.2.0")?;
    function(stdout, "get-terminal-stdout", |_, ()| Ok(None::<Resource<TerminalOutput>>))?;
    let stderr = &mut linker.instance("wasi:cli/terminal-stderr@0.2.0")?;
    function(stderr, "get-terminal-stderr", |_, ()| Ok(None::<Resource<TerminalOutput>>))
}
