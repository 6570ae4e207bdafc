//! Every limit on a plugin, with its unit and the reason for its size. Nothing else in this crate decides
//! how much a guest may have.
//!
//! Fuel is the budget that decides, because it is deterministic: a wasm operator costs about 1 unit, a
//! bulk operation in proportion to its size. The wall clock is the backstop against what fuel fails to see.

use std::time::Duration;

use yardstick_domain::manifest::Profile;

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

/// The limits of one profile.
#[derive(Debug)]
pub(crate) struct Limits {
    /// Bytes of a component. A Rust judge has 60–200 KiB; an embedded interpreter 12–18 MiB.
    pub(crate) component_bytes: usize,
    /// Wall clock of one compilation: 60 ms for a Rust judge, 7 s for an interpreter.
    pub(crate) compile_time: Duration,
    /// Address space of the compiling process, in bytes.
    pub(crate) compile_memory: u64,
    /// Bytes of compiled code, 3–4 times the component's: what the parent reads before it gives up.
    pub(crate) compiled_bytes: usize,
    /// Fuel of one `plan` or `evaluate`. A Rust judge of 1,000 points uses 35 k, Python 2.9 M.
    pub(crate) fuel: u64,
    /// Fuel of `describe`, which has nothing to compute.
    pub(crate) describe_fuel: u64,
    /// Fuel of starting an instance, which is not counted as the call's own.
    pub(crate) start_fuel: u64,
    /// Wall clock of one call in milliseconds: several times what the fuel takes on a slow machine.
    pub(crate) deadline_ms: u64,
    /// Bytes of linear memory, summed over all memories of an instance.
    pub(crate) memory: usize,
    /// Linear memories of an instance.
    pub(crate) memories: usize,
    /// Elements of all tables of an instance together.
    pub(crate) table_elements: usize,
    /// Tables of an instance.
    pub(crate) tables: usize,
    /// Core instances inside one component instance.
    pub(crate) instances: usize,
    /// Bytes of wasm stack.
    pub(crate) stack: usize,
    /// Calls of host functions per `plan` or `evaluate`.
    pub(crate) host_calls: u64,
}

/// Compiled languages: Rust, C.
pub(crate) const LEAN: Limits = Limits {
    component_bytes: 4 * MIB,
    compile_time: Duration::from_secs(10),
    compile_memory: 1 << 30,
    compiled_bytes: 64 * MIB,
    fuel: 50_000_000,
    describe_fuel: 10_000_000,
    start_fuel: 10_000_000,
    deadline_ms: 250,
    memory: 32 * MIB,
    memories: 2,
    table_elements: 20_000,
    tables: 4,
    instances: 8,
    stack: 512 * KIB,
    host_calls: 10_000,
};

/// Languages that bring an interpreter: JavaScript, Python.
pub(crate) const SCRIPTED: Limits = Limits {
    component_bytes: 32 * MIB,
    compile_time: Duration::from_secs(90),
    compile_memory: 4 << 30,
    compiled_bytes: 256 * MIB,
    fuel: 2_000_000_000,
    describe_fuel: 500_000_000,
    start_fuel: 500_000_000,
    deadline_ms: 5_000,
    memory: 256 * MIB,
    memories: 4,
    table_elements: 100_000,
    tables: 16,
    instances: 64,
    stack: MIB,
    host_calls: 100_000,
};

/// The limits of this profile.
pub(crate) const fn of(profile: Profile) -> &'static Limits {
    match profile {
        Profile::Lean => &LEAN,
        Profile::Scripted => &SCRIPTED,
    }
}

/// Bytes of a file of compiled code: the larger profile's code and its seal.
pub(crate) const CACHED_BYTES: usize = SCRIPTED.compiled_bytes + KIB;
/// Length of the epoch's tick.
pub(crate) const TICK: Duration = Duration::from_millis(1);
/// Ticks added to a deadline: a call may start just before a tick.
pub(crate) const DEADLINE_SLACK_TICKS: u64 = 1;
/// Frames of a guest's backtrace that are kept: enough to leave a panic's machinery.
pub(crate) const BACKTRACE_FRAMES: usize = 32;
/// Functions of a backtrace that a message names; the rest is counted.
pub(crate) const BACKTRACE_SHOWN: usize = 6;

/// Fuel of each call of a host function. Its real cost is 50–100 ns, a few hundred operators.
pub(crate) const HOST_CALL_FUEL: u64 = 100;
/// Fuel of each value, and of each 8 bytes of text, that the host copies or reads for the guest (0.7 ns).
pub(crate) const VALUE_FUEL: u64 = 1;
/// Bytes that one call may hand from guest to host: a finding has 64 KiB, so 16 times that means a
/// fault, and the host allocates no more on a guest's word.
pub(crate) const GUEST_TO_HOST_BYTES: usize = MIB;
/// Live handles of an instance; judges hold one per frame.
pub(crate) const HANDLES: usize = 1_024;
/// Bytes of native stack of a worker: the wasm stack and the host functions' own.
pub(crate) const WORKER_STACK: usize = 4 * MIB;
/// Most worker threads; more than cores brings nothing.
pub(crate) const THREADS: usize = 64;

/// Files that a plugin may carry: segment lists, tables of targets.
pub const ASSETS: usize = 200;
/// Bytes of all of them together.
pub const ASSET_BYTES: usize = 2 * MIB;

/// Rows of all frames of one `evaluate` together.
pub(crate) const FRAME_ROWS: usize = 1_000_000;
/// Bytes of all frames of one `evaluate` together.
pub(crate) const FRAME_BYTES: usize = 64 * MIB;
/// Values that one read of a column returns (512 KiB of guest memory).
pub(crate) const CHUNK: u32 = 65_536;
/// Quantiles asked for in one call.
pub(crate) const QUANTILES: usize = 64;

/// Lines of a run's log.
pub(crate) const LOG_LINES: usize = 200;
/// Bytes of one line, its fields included.
pub(crate) const LOG_LINE_BYTES: usize = KIB;
/// Bytes of a run's log.
pub(crate) const LOG_BYTES: usize = 64 * KIB;

/// Queries of one plan: a metric or two, a few windows, a few splits.
pub(crate) const QUERIES: usize = 64;
/// Dimensions that one query splits by; each multiplies the rows.
pub(crate) const SPLITS: usize = 8;
/// Conditions of one query.
pub(crate) const FILTERS: usize = 32;
/// Longest window of a query, in days: twenty years.
pub(crate) const WINDOW_DAYS: i64 = 7_305;

/// Characters of a sentence a person reads: headline, flip, warning, a guest's `err`.
pub(crate) const SENTENCE: usize = 500;
/// Characters of a title, method or summary.
pub(crate) const TITLE: usize = 200;
/// Characters of a name, key, unit or column.
pub(crate) const NAME: usize = 80;
/// Named facts in one `more`, and estimates beside the primary one.
pub(crate) const EVIDENCE: usize = 64;
/// Warnings of a finding.
pub(crate) const WARNINGS: usize = 32;
/// Tables of a finding.
pub(crate) const TABLES: usize = 16;
/// Columns of a table.
pub(crate) const COLUMNS: usize = 32;
/// Rows of a table: a page of evidence, not a data dump.
pub(crate) const ROWS: usize = 1_000;
/// Bytes of an answer: its texts, and 8 for each number.
pub(crate) const ANSWER_BYTES: usize = 64 * KIB;
/// Characters of what a finding asks the host to remember for the next look.
pub(crate) const STATE: usize = 4_096;
/// Characters of an outcome's code.
pub(crate) const CODE: usize = 40;

/// Bytes of a parameters schema.
pub(crate) const SCHEMA_BYTES: usize = 64 * KIB;
/// Schemas visited to validate one value, references followed: what a hostile schema may cost the host.
pub(crate) const SCHEMA_COST: u64 = 10_000;
/// Levels of a schema, references followed; validation recurses on the native stack.
pub(crate) const SCHEMA_DEPTH: usize = 64;
/// Problems reported of one set of parameters.
pub(crate) const PARAM_PROBLEMS: usize = 50;
/// Metrics that a plugin may expect, and kinds of each.
pub(crate) const METRIC_NAMES: usize = 32;

/// Bytes of random numbers in one call.
pub(crate) const RANDOM_BYTES: u64 = 64 * KIB as u64;
/// Bytes that an output stream takes at once.
pub(crate) const STREAM_BYTES: u64 = 4 * KIB as u64;
/// Import names that a refusal lists.
pub(crate) const NAMED_IMPORTS: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of docs/limits.md that differ between the profiles.
    fn rows() -> Vec<String> {
        let mib = |bytes: usize| format!("{} MiB", bytes / MIB);
        let pairs = [
            ("component", mib(LEAN.component_bytes), mib(SCRIPTED.component_bytes)),
            (
                "compiling: time",
                format!("{} s", LEAN.compile_time.as_secs()),
                format!("{} s", SCRIPTED.compile_time.as_secs()),
            ),
            ("compiling: memory", mib(LEAN.compile_memory as usize), mib(SCRIPTED.compile_memory as usize)),
            ("fuel of `plan`, `evaluate`", LEAN.fuel.to_string(), SCRIPTED.fuel.to_string()),
            ("fuel of `describe`", LEAN.describe_fuel.to_string(), SCRIPTED.describe_fuel.to_string()),
            ("wall clock", format!("{} ms", LEAN.deadline_ms), format!("{} ms", SCRIPTED.deadline_ms)),
            ("linear memory, all together", mib(LEAN.memory), mib(SCRIPTED.memory)),
            ("linear memories", LEAN.memories.to_string(), SCRIPTED.memories.to_string()),
            ("tables", LEAN.tables.to_string(), SCRIPTED.tables.to_string()),
            (
                "table elements, all together",
                LEAN.table_elements.to_string(),
                SCRIPTED.table_elements.to_string(),
            ),
            ("core instances", LEAN.instances.to_string(), SCRIPTED.instances.to_string()),
            ("wasm stack", format!("{} KiB", LEAN.stack / KIB), format!("{} KiB", SCRIPTED.stack / KIB)),
            ("host calls", LEAN.host_calls.to_string(), SCRIPTED.host_calls.to_string()),
        ];
        pairs.into_iter().map(|(what, lean, scripted)| format!("| {what} | {lean} | {scripted} |")).collect()
    }

    /// Rows that hold for both profiles.
    fn shared_rows() -> Vec<String> {
        let kib = |bytes: usize| format!("{} KiB", bytes / KIB);
        let pairs = [
            ("bytes handed to the host in one call", kib(GUEST_TO_HOST_BYTES)),
            ("live handles", HANDLES.to_string()),
            ("files it carries: number, bytes together", format!("{ASSETS}, {} MiB", ASSET_BYTES / MIB)),
            ("rows of all frames", FRAME_ROWS.to_string()),
            ("bytes of all frames", format!("{} MiB", FRAME_BYTES / MIB)),
            ("values in one read", CHUNK.to_string()),
            ("quantiles in one call", QUANTILES.to_string()),
            ("queries of a plan", QUERIES.to_string()),
            ("splits, filters of a query", format!("{SPLITS}, {FILTERS}")),
            ("window of a query", format!("{WINDOW_DAYS} days")),
            ("answer in all", kib(ANSWER_BYTES)),
            ("headline, flip, each warning, `err`", format!("{SENTENCE} characters")),
            ("method, summary, title", format!("{TITLE} characters")),
            ("name, key, unit, column", format!("{NAME} characters")),
            ("state for the next look", format!("{STATE} characters")),
            ("outcome's code", format!("{CODE} of `a-z 0-9 -`")),
            ("pairs in `more`, other estimates", EVIDENCE.to_string()),
            ("warnings", WARNINGS.to_string()),
            ("tables; columns, rows of each", format!("{TABLES}; {COLUMNS}, {ROWS}")),
            ("log: lines, each, all", format!("{LOG_LINES}, {}, {}", kib(LOG_LINE_BYTES), kib(LOG_BYTES))),
            ("parameters schema", kib(SCHEMA_BYTES)),
            ("parts of the schema, references followed", SCHEMA_COST.to_string()),
        ];
        pairs.into_iter().map(|(what, limit)| format!("| {what} | {limit} |")).collect()
    }

    #[test]
    fn the_documentation_says_the_same() {
        let page = include_str!("../../../docs/limits.md");
        for row in rows().into_iter().chain(shared_rows()) {
            assert!(page.lines().any(|line| line == row), "docs/limits.md lacks the row\n{row}");
        }
    }
}
