//! Compiling in a process of its own: a component from outside may make a compiler slow, hungry or wrong,
//! and then only that process ends.
//!
//! The parent writes `HEADER`, a byte for the profile, a byte for the address space and the component, and
//! closes. The child answers with a status byte (0: code follows, 1: a message follows), the length as
//! eight little-endian bytes, and the bytes.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use rustix::process::{Resource, Rlimit, setrlimit};
use wasmtime::Engine;
use yardstick_domain::manifest::Profile;

use crate::compile::does_not_compile;
use crate::limits::{self, Limits};
use crate::refusal::{Refusal, Step};
use crate::sandbox::Sandbox;
use crate::settings::{self, Allocation, Space};

/// The only argument of a compiling process.
pub const CHILD_ARGUMENT: &str = "compile-plugin";

const HEADER: &[u8; 4] = b"YSC1";
const CODE: u8 = 0;
const MESSAGE: u8 = 1;

/// Compiles a component in a child process.
///
/// # Errors
/// When the component does not compile, or not within the limits, or the process cannot be started.
pub(crate) fn compile(program: &Path, sandbox: &Sandbox, wasm: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut child = Command::new(program)
        .arg(CHILD_ARGUMENT)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| host_fault(&format!("the compiling process did not start: {error}")))?;
    let answer = exchange(&mut child, sandbox, wasm);
    // Killed whatever happened: it has answered or it never will.
    if let Err(error) = child.kill().and_then(|()| child.wait()) {
        tracing::error!(%error, "a compiling process could not be ended");
    }
    match answer {
        Ok((CODE, code)) => Ok(code),
        Ok((_, message)) => Err(does_not_compile(&String::from_utf8_lossy(&message))),
        Err(Silence::Late) => Err(Refusal::new(
            Step::Compile,
            format!("compiling took longer than {} s", sandbox.limits.compile_time.as_secs()),
            "Make the component smaller, or its functions.",
        )),
        Err(Silence::Ended(error)) => Err(Refusal::new(
            Step::Compile,
            format!(
                "the compiling process ended without an answer ({error}); it may use {} s and {} MiB",
                sandbox.limits.compile_time.as_secs(),
                sandbox.limits.compile_memory >> 20
            ),
            "Make the component smaller, or its functions.",
        )),
    }
}

/// Why there is no answer.
enum Silence {
    Late,
    Ended(io::Error),
}

/// Talks to the child from a second thread, so that a child which neither reads nor writes cannot hold us.
fn exchange(child: &mut Child, sandbox: &Sandbox, wasm: &[u8]) -> Result<(u8, Vec<u8>), Silence> {
    let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Silence::Ended(io::Error::other("it has no pipes")));
    };
    thread::scope(|scope| {
        let (answer, answered) = mpsc::sync_channel(1);
        scope.spawn(move || {
            let result = ask(stdin, sandbox, wasm).and_then(|()| listen(stdout, sandbox.limits));
            // The receiver lives until this scope ends.
            let _ = answer.send(result);
        });
        match answered.recv_timeout(sandbox.limits.compile_time) {
            Ok(result) => result.map_err(Silence::Ended),
            Err(RecvTimeoutError::Timeout) => {
                // Closes the pipes, which ends the thread that the scope waits for.
                if let Err(error) = child.kill() {
                    tracing::error!(%error, "a compiling process could not be killed");
                }
                Err(Silence::Late)
            }
            Err(RecvTimeoutError::Disconnected) => Err(Silence::Ended(io::Error::other("no answer"))),
        }
    })
}

fn ask(mut stdin: impl Write, sandbox: &Sandbox, wasm: &[u8]) -> io::Result<()> {
    stdin.write_all(HEADER)?;
    stdin.write_all(&[profile_byte(sandbox.profile), space_byte(sandbox.space)])?;
    stdin.write_all(wasm)
}

fn listen(mut stdout: impl Read, limits: &Limits) -> io::Result<(u8, Vec<u8>)> {
    let mut status = [0];
    stdout.read_exact(&mut status)?;
    let mut len = [0; 8];
    stdout.read_exact(&mut len)?;
    let len = u64::from_le_bytes(len);
    if len > limits.compiled_bytes as u64 {
        let most = limits.compiled_bytes;
        return Err(io::Error::other(format!("it answered {len} bytes of code, {most} are allowed")));
    }
    let mut bytes = Vec::new();
    stdout.take(len).read_to_end(&mut bytes)?;
    if bytes.len() as u64 != len {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok((status[0], bytes))
}

/// The whole life of a compiling process: limits itself, reads a component from standard input, writes
/// its code to standard output. The exit code says nothing that the answer does not.
#[must_use]
pub fn compile_child() -> ExitCode {
    match answer(io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn answer(mut stdin: impl Read, mut stdout: impl Write) -> io::Result<()> {
    let mut header = [0; HEADER.len() + 2];
    stdin.read_exact(&mut header)?;
    let [a, b, c, d, profile, space] = header;
    let (Some(profile), Some(space)) = (profile_of(profile), space_of(space)) else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    if [a, b, c, d] != *HEADER {
        return Err(io::ErrorKind::InvalidData.into());
    }
    // Nothing of the component has been read yet.
    let limits = limits::of(profile);
    limit_this_process(limits)?;
    let mut wasm = Vec::new();
    stdin.take(limits.component_bytes as u64 + 1).read_to_end(&mut wasm)?;
    let compiled = Engine::new(&settings::config(profile, Allocation::OnDemand, space))
        .and_then(|engine| engine.precompile_component(&wasm));
    let (status, bytes) = match compiled {
        Ok(code) => (CODE, code),
        Err(error) => (MESSAGE, format!("{error:#}").into_bytes()),
    };
    stdout.write_all(&[status])?;
    stdout.write_all(&(bytes.len() as u64).to_le_bytes())?;
    stdout.write_all(&bytes)?;
    stdout.flush()
}

/// Takes from this process what a compiler does not need: memory and time beyond the limits, files.
fn limit_this_process(limits: &Limits) -> io::Result<()> {
    let at_most = |value: u64| Rlimit { current: Some(value), maximum: Some(value) };
    setrlimit(Resource::As, at_most(limits.compile_memory))?;
    setrlimit(Resource::Cpu, at_most(limits.compile_time.as_secs()))?;
    setrlimit(Resource::Fsize, at_most(0))?;
    setrlimit(Resource::Core, at_most(0))?;
    Ok(())
}

fn host_fault(found: &str) -> Refusal {
    Refusal::new(Step::Host, found, "This is a fault of the host, not of the plugin.")
}

fn profile_byte(profile: Profile) -> u8 {
    match profile {
        Profile::Lean => 0,
        Profile::Scripted => 1,
    }
}

fn profile_of(byte: u8) -> Option<Profile> {
    [Profile::Lean, Profile::Scripted].into_iter().find(|profile| profile_byte(*profile) == byte)
}

fn space_byte(space: Space) -> u8 {
    match space {
        Space::Narrow => 0,
        Space::Wide => 1,
    }
}

fn space_of(byte: u8) -> Option<Space> {
    [Space::Narrow, Space::Wide].into_iter().find(|space| space_byte(*space) == byte)
}
