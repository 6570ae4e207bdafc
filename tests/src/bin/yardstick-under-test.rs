//! The binary `yardstick` again, so that tests of this crate can run it and never find a stale one.

fn main() -> std::process::ExitCode {
    let code = yardstick_server::main();
    #[expect(clippy::disallowed_methods, reason = "tests ask by it how much memory a command took")]
    if let (Some(file), Some(peak)) = (std::env::var_os("YARDSTICK_PEAK_TO"), peak()) {
        std::fs::write(file, peak).expect("the test reads it");
    }
    code
}

/// The most memory this process had at a time, in KiB, where the system tells.
fn peak() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(peak.trim().trim_end_matches("kB").trim().to_owned())
}
