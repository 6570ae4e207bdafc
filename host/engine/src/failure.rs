//! From an error of wasmtime to a sentence that a plugin's author can act on.

use wasmtime::{FrameInfo, Trap, WasmBacktrace};

use crate::limits;
use crate::run::{Failure, Usage};
use crate::stop::Stop;
use crate::text;

/// Messages of wasmtime that have no type of their own. Tests with real guests hold them in place.
const TOO_MUCH_DATA: &str = "fuel allocated for hostcalls has been exhausted";
const HANDLE_LIMIT: &str = "store handle limit exceeded";

/// What stopped a call, in words.
pub(crate) fn classify(error: &wasmtime::Error, export: &str, usage: &Usage, deadline_ms: u64) -> Failure {
    let place = error.downcast_ref::<WasmBacktrace>().map(place).unwrap_or_default();
    let (code, what, replayable) = if let Some(stop) = error.downcast_ref::<Stop>() {
        (stop.code(), format!("it was stopped in {export}: {stop}"), !matches!(stop, Stop::Host(_)))
    } else if let Some(trap) = error.downcast_ref::<Trap>() {
        let ran_off = error.downcast_ref::<WasmBacktrace>().is_some_and(runs_off_its_stack);
        let trap = if *trap == Trap::MemoryOutOfBounds && ran_off { Trap::StackOverflow } else { *trap };
        trapped(trap, export, usage, deadline_ms)
    } else {
        let (code, what) = untyped(error, export);
        (code, what, true)
    };
    let mut message = capitalised(&what);
    message.push_str(&place);
    message.push('.');
    Failure { code, message, replayable }
}

fn trapped(trap: Trap, export: &str, usage: &Usage, deadline_ms: u64) -> (&'static str, String, bool) {
    match trap {
        Trap::OutOfFuel => {
            let limit = usage.fuel_limit;
            ("plugin-fuel", format!("it used up its {limit} units of fuel in {export}"), true)
        }
        Trap::Interrupt => (
            "plugin-deadline",
            format!(
                "it ran for more than {deadline_ms} ms in {export}, having used {} of {} units of fuel",
                usage.fuel, usage.fuel_limit
            ),
            false,
        ),
        Trap::StackOverflow => ("plugin-stack", format!("it called itself too deeply in {export}"), true),
        Trap::UnreachableCodeReached => {
            ("plugin-trap", format!("it panicked, aborted or reached `unreachable` in {export}"), true)
        }
        Trap::InvalidDiscriminant | Trap::InvalidChar | Trap::StringOutOfBounds | Trap::ListOutOfBounds => {
            ("plugin-answer", format!("its answer in {export} breaks the contract: {trap}"), true)
        }
        other => ("plugin-trap", format!("it crashed in {export}: {other}"), true),
    }
}

/// Errors of the canonical ABI: the guest handed over something that is not what its type says.
fn untyped(error: &wasmtime::Error, export: &str) -> (&'static str, String) {
    let cause = error.root_cause().to_string();
    if cause.contains(TOO_MUCH_DATA) {
        let most = limits::GUEST_TO_HOST_BYTES;
        return ("plugin-output", format!("it handed over more than {most} bytes at once in {export}"));
    }
    if cause.contains(HANDLE_LIMIT) {
        return ("plugin-handles", format!("it holds more than {} handles in {export}", limits::HANDLES));
    }
    let cause = text::excerpt(&cause, limits::TITLE);
    if cause.contains("handle") || cause.contains("resource") {
        return ("plugin-trap", format!("it used a handle that it does not hold in {export}: {cause}"));
    }
    ("plugin-answer", format!("what it handed over in {export} breaks the contract: {cause}"))
}

/// Whether the innermost function is one of few that fill the backtrace. A compiled guest keeps a stack of
/// its own at the start of its memory; recursion runs off that one, out of bounds, before the other is full.
fn runs_off_its_stack(backtrace: &WasmBacktrace) -> bool {
    let frames = backtrace.frames();
    let Some(innermost) = frames.first() else { return false };
    let again = frames.iter().filter(|frame| frame.func_index() == innermost.func_index()).count();
    frames.len() >= limits::BACKTRACE_FRAMES && again >= limits::BACKTRACE_FRAMES / 4
}

/// ` (at inner < outer < …)`, innermost first.
fn place(backtrace: &WasmBacktrace) -> String {
    let frames = backtrace.frames();
    let mut named: Vec<String> = frames.iter().filter_map(function).take(limits::BACKTRACE_SHOWN).collect();
    if named.is_empty() {
        // No name tells anything: their numbers still tell one place from another.
        let numbered = frames.iter().take(limits::BACKTRACE_SHOWN);
        named = numbered.map(|frame| format!("function {}", frame.func_index())).collect();
    }
    if named.is_empty() {
        return String::new();
    }
    let more = frames.len().saturating_sub(named.len());
    let tail = if more > 0 { format!(" < {more} more") } else { String::new() };
    format!(" (at {}{tail})", named.join(" < "))
}

/// Name of the function, if it has one that tells something, with file and line where the guest carries them.
fn function(frame: &FrameInfo) -> Option<String> {
    let symbol = frame.symbols().first();
    let raw = symbol.and_then(|symbol| symbol.name()).or_else(|| frame.func_name());
    let name = text::excerpt(&format!("{:#}", rustc_demangle::demangle(raw?)), limits::NAME);
    if is_panic_machinery(&name) {
        return None;
    }
    let line = symbol.and_then(|symbol| Some((symbol.file()?, symbol.line()?)));
    Some(match line {
        Some((file, line)) => format!("{name}, {}:{line}", text::excerpt(file, limits::TITLE)),
        None => name,
    })
}

/// Whether a function only carries a panic outwards; an author looks for the one that started it.
fn is_panic_machinery(name: &str) -> bool {
    ["std::panicking", "core::panicking", "std::sys::", "std::process::abort", "__rustc", "rust_panic"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
        || matches!(name, "abort" | "__rust_start_panic" | "panic_abort" | "rust_begin_unwind")
}

fn capitalised(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
