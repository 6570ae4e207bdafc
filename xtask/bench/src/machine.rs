//! What the figures were taken on.

use std::fs;
use std::thread;

use anyhow::Context as _;

/// Names and values for the document's table. `rustc` and `date` come from outside.
pub(crate) fn describe(rustc: &str, date: &str) -> Vec<(&'static str, String)> {
    let cores = thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory = field("/proc/meminfo", "MemTotal");
    let kib = memory.split(' ').next().and_then(|kib| kib.parse::<f64>().ok());
    let load = read("/proc/loadavg");
    vec![
        ("date", date.to_owned()),
        ("processor", format!("{}, {cores} cores", field("/proc/cpuinfo", "model name"))),
        ("memory", kib.map_or("unknown".to_owned(), |kib| format!("{:.0} GiB", kib / f64::from(1 << 20)))),
        ("kernel", read("/proc/sys/kernel/osrelease")),
        ("load before the run", load.split(' ').next().unwrap_or_default().to_owned()),
        ("compiler", rustc.to_owned()),
        ("wasmtime", yardstick_engine::WASMTIME_VERSION.to_owned()),
    ]
}

fn read(path: &str) -> String {
    fs::read_to_string(path).map_or("unknown".to_owned(), |text| text.trim().to_owned())
}

/// The first value of this name in a file of lines `name : value`.
fn field(path: &str, name: &str) -> String {
    let text = read(path);
    let found = text.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.trim() == name);
    found.map_or("unknown".to_owned(), |(_, value)| value.trim().to_owned())
}

/// Resident memory of a process in bytes, by its id or `self`.
pub(crate) fn resident(process: &str) -> anyhow::Result<u64> {
    let found = field(&format!("/proc/{process}/status"), "VmRSS");
    let kib = found.split(' ').next().and_then(|kib| kib.parse::<u64>().ok());
    kib.map(|kib| kib << 10).with_context(|| format!("the memory of process {process} is {found:?}"))
}
